package auth_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

func TestVerdictIsRemembered(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	query, body := w.form(w.portal, 7)
	for range 3 {
		_, err := w.launch(p, query, body)
		must(t, err)
	}
	if n := w.tokens.count("/rest/app.info", ""); n != 1 {
		t.Errorf("%d questions about one token", n)
	}
	w.clock.forward(time.Hour)
	_, err := w.launch(p, query, body)
	w.wantError(err, meet.Forbidden, "error.launch_refused")
}

// TestUnverifiedIsNotRefused: a launch that could not be checked has another error than one
// that was refused.
func TestUnverifiedIsNotRefused(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	for _, c := range []struct {
		name  string
		fault portalsim.Fault
		kind  meet.Kind
		key   string
	}{
		{"page", portalsim.HTML502(), meet.Unavailable, "error.auth_server_down"},
		{"cut", portalsim.Cut(), meet.Unavailable, "error.auth_server_down"},
		{"truncated", portalsim.Truncated(), meet.Unavailable, "error.auth_server_down"},
		{"redirect", portalsim.Redirect("http://evil.example/"), meet.Unavailable, "error.auth_server_down"},
		{"overload", portalsim.FailureStatus("QUERY_LIMIT_EXCEEDED", "canary", 503), meet.Unavailable, "error.auth_server_down"},
		{"malformed", portalsim.FailureStatus("INVALID_REQUEST", "canary", 400), meet.Unavailable, "error.auth_server_down"},
		{"unheard of", portalsim.FailureStatus("canary", "canary", 200), meet.Unavailable, "error.auth_server_down"},
		{"overload as 401", portalsim.FailureStatus("OVERLOAD_LIMIT", "canary", 401), meet.Unavailable, "error.auth_server_down"},
		{"unheard of and refused", portalsim.FailureStatus("canary", "canary", 401), meet.Forbidden, "error.launch_refused"},
		{"trial over", portalsim.FailureStatus("PAYMENT_REQUIRED", "canary", 403), meet.Unsupported, "error.payment_required"},
		{"closed for the user", portalsim.FailureStatus("user_access_error", "canary", 401), meet.Forbidden, "error.launch_refused"},
		{"other client", portalsim.FailureStatus("wrong_client", "canary", 200), meet.Forbidden, "error.launch_refused"},
	} {
		t.Run(c.name, func(t *testing.T) {
			query, body := w.form(w.portal, 7)
			w.sim.FailAuth("/rest/app.info", c.fault)
			_, err := w.launch(p, query, body)
			w.sim.HealAuth()
			w.wantError(err, c.kind, c.key)
		})
	}
}

// TestTokenOfAnotherAppProvesNothing: a person who gave a token to somebody
// else's app has not given it to us.
func TestTokenOfAnotherAppProvesNothing(t *testing.T) {
	w := onSQLite(t)
	w.sim.AddApp(portalsim.App{ClientID: "app.other", ClientSecret: "canary", Scopes: []string{"user"}})
	w.portal.Install("app.other")
	p := w.process()
	token := w.portal.IssueToken("app.other", 7).Access
	for range 2 { // the second time from memory
		_, err := p.Verify(t.Context(), token, member, "", time.Hour)
		w.wantError(err, meet.Forbidden, "error.launch_refused")
	}
}

// TestVerifyAsksAllServersOfTheList: when nothing says which one it is.
func TestVerifyAsksAllServersOfTheList(t *testing.T) {
	w := onSQLite(t)
	strange := answers(t, `{"error":"invalid_token","error_description":"canary"}`)
	down := newRecordingServer(t, http.NotFoundHandler())
	p := w.process(func(c *auth.Config) { c.AuthServers = []string{strange.URL, down.URL, w.tokens.URL} })
	token := w.portal.IssueToken(clientID, 7).Access
	portal, err := p.Verify(t.Context(), token, member, "", 0)
	must(t, err)
	if portal.AuthServer != w.tokens.URL {
		t.Errorf("%s vouches", portal.AuthServer)
	}
	_, err = p.Verify(t.Context(), tokenCanary, member, "", 0)
	w.wantError(err, meet.Unavailable, "error.auth_server_down")
	_, err = p.Verify(t.Context(), tokenCanary, member, w.tokens.URL+"/rest/", 0)
	w.wantError(err, meet.Forbidden, "error.launch_refused")
}

// TestAnswersOfAppInfo: fields may be absent, because they are not documented (FACTS.md fact
// 95).
func TestAnswersOfAppInfo(t *testing.T) {
	t.Parallel()
	const format = `{"result":{"client_id":"` + clientID + `",%s"install":{"member_id":"` + member + `"%s}}}`
	for _, c := range []struct {
		name, body string
		ok         bool
	}{
		{"endpoint", fmt.Sprintf(format, `"scope":"user",`, `,"client_endpoint":"https://firma.bitrix24.de/rest/","domain":"x"`), true},
		{"address", fmt.Sprintf(format, ``, `,"uri":"https://firma.bitrix24.de"`), true},
		{"domain", fmt.Sprintf(format, `"scope":["user"],"status":5,`, `,"domain":"firma.bitrix24.de"`), true},
		{"nowhere", fmt.Sprintf(format, ``, ``), false},
		{"http", fmt.Sprintf(format, ``, `,"uri":"http://firma.bitrix24.de"`), false},
		{"private", fmt.Sprintf(format, ``, `,"domain":"192.168.1.1"`), false},
		{"no app", `{"result":{"install":{"member_id":"` + member + `","domain":"firma.bitrix24.de"}}}`, false},
		{"no portal", `{"result":{"client_id":"` + clientID + `","install":{"domain":"firma.bitrix24.de"}}}`, false},
		{"empty result", `{"result":[]}`, false},
		{"list", `[]`, false},
		{"nothing", ``, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := onSQLite(t)
			server := answers(t, c.body)
			p := w.process(func(config *auth.Config) { config.Insecure, config.AuthServers = false, []string{server.URL} })
			portal, err := p.Verify(t.Context(), "canary", member, "", 0)
			if !c.ok {
				w.wantError(err, meet.Unavailable, "error.auth_server_down")
				return
			}
			must(t, err)
			if portal.Endpoint != "https://firma.bitrix24.de/rest/" || portal.Host != "firma.bitrix24.de" {
				t.Errorf("%+v", portal)
			}
		})
	}
}

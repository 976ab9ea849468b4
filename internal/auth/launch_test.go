package auth_test

import (
	"bytes"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// form is what the portal's page posts when a user opens the app.
func (w *world) form(portal *portalsim.Portal, user int) (query, body url.Values) {
	w.t.Helper()
	frame, ok := portal.Launch(clientID, user, "DEFAULT", `{"x":"y"}`)
	if !ok {
		w.t.Fatal("the app is not installed")
	}
	action, err := url.Parse(frame.Action)
	must(w.t, err)
	return action.Query(), frame.Fields
}

// launch posts a form to a process.
func (w *world) launch(p process, query, body url.Values) (auth.SignIn, error) {
	l, err := p.ParseLaunch(query, body)
	if err != nil {
		return auth.SignIn{}, err
	}
	return p.Launch(w.t.Context(), l)
}

func TestLaunch(t *testing.T) {
	each(t, func(w *world) {
		p := w.process()
		query, body := w.form(w.portal, 7)
		got, err := w.launch(p, query, body)
		must(w.t, err)
		want := auth.SignIn{
			Member:  anna,
			Profile: meet.Profile{User: 7, Name: "Anna Becker", Zone: "Europe/Berlin"},
			Portal: auth.Portal{
				PortalID: member, Host: w.portal.Host, Endpoint: "http://" + w.portal.Host + "/rest/",
				AuthServer: w.tokens.URL, ClientID: clientID, Scope: "calendar,user",
			},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Error(diff)
		}
		first := w.token(p, anna)
		if first == body.Get("AUTH_ID") || w.tokenUser(got.Portal.Endpoint, first) != 7 {
			w.t.Error("the stored pair is not the redeemed one")
		}

		// The second time the stored pair stays.
		query, body = w.form(w.portal, 7)
		again, err := w.launch(w.process(), query, body)
		must(w.t, err)
		if diff := cmp.Diff(want, again); diff != "" {
			w.t.Error(diff)
		}
		if w.token(p, anna) != first || w.tokens.refreshes() != 1 {
			w.t.Errorf("%d refreshes for two launches", w.tokens.refreshes())
		}
	})
}

func TestLaunchAfterTheGrantWasLost(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	w.sim.RevokeRefresh(member, 7)
	_, _, err := p.Renew(t.Context(), anna, w.token(p, anna))
	w.wantError(err, meet.SignedOut, "error.signed_out")
	query, body := w.form(w.portal, 7)
	_, err = w.launch(p, query, body)
	must(t, err)
	w.token(p, anna)
}

// TestLaunchAfterTheAppWasRegisteredAgain: grants belong to a registration, so the
// old ones are of no use to the new one.
func TestLaunchAfterTheAppWasRegisteredAgain(t *testing.T) {
	w := onSQLite(t)
	w.signIn(w.process(), w.portal, 7)
	w.sim.AddApp(portalsim.App{ClientID: "app.new", ClientSecret: "canary-new", RedirectURL: "http://app.example/", Scopes: []string{"user"}})
	w.portal.Install("app.new")
	p := w.process(func(c *auth.Config) {
		c.Apps = append(c.Apps, auth.App{ClientID: "app.new", ClientSecret: "canary-new"})
	})
	frame, _ := w.portal.Launch("app.new", 7, "DEFAULT", "")
	action, err := url.Parse(frame.Action)
	must(t, err)
	in, err := w.launch(p, action.Query(), frame.Fields)
	must(t, err)
	if in.Portal.ClientID != "app.new" {
		t.Errorf("the app is still %s", in.Portal.ClientID)
	}
	_, _, err = p.Renew(t.Context(), anna, w.token(p, anna))
	must(t, err)
}

func TestLaunchAfterAMove(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	name := strings.Replace(w.portal.Host, "127.0.0.1", "localhost", 1)
	w.portal.Move(name)
	query, body := w.form(w.portal, 7)
	in, err := w.launch(p, query, body)
	must(t, err)
	endpoint, _, err := p.Token(t.Context(), anna)
	must(t, err)
	if in.Portal.Host != name || endpoint != "http://"+name+"/rest/" {
		t.Errorf("%s, %s", in.Portal.Host, endpoint)
	}
}

// attack is a form with good tokens that somebody has tampered with.
type attack struct {
	name   string
	change func(w *world, query, body url.Values)
}

// attacks are the forms that attackers with a host of their own could post (FACTS.md fact
// 98).
func attacks(evilHost string) []attack {
	return []attack{
		{"another company's key", func(_ *world, _, body url.Values) { body.Set("member_id", rival) }},
		{"foreign DOMAIN, another company's key", func(_ *world, query, body url.Values) {
			query.Set("DOMAIN", evilHost)
			body.Set("member_id", rival)
		}},
		{"invented token", func(_ *world, query, body url.Values) {
			query.Set("DOMAIN", evilHost)
			body.Set("AUTH_ID", "canary")
		}},
		{"invented token, own authorization server", func(_ *world, _, body url.Values) {
			body.Set("AUTH_ID", "canary")
			body.Set("SERVER_ENDPOINT", "http://"+evilHost+"/rest/")
		}},
		{"another app's token", func(w *world, _, body url.Values) {
			w.sim.AddApp(portalsim.App{ClientID: "app.other", ClientSecret: "canary", Scopes: []string{"user"}})
			w.portal.Install("app.other")
			token := w.portal.IssueToken("app.other", 7)
			body.Set("AUTH_ID", token.Access)
			body.Set("REFRESH_ID", token.Refresh)
		}},
		{"another app's refresh token", func(w *world, _, body url.Values) {
			w.sim.AddApp(portalsim.App{ClientID: "app.other", ClientSecret: "canary", Scopes: []string{"user"}})
			w.portal.Install("app.other")
			body.Set("REFRESH_ID", w.portal.IssueToken("app.other", 7).Refresh)
		}},
		{"a colleague's refresh token", func(w *world, _, body url.Values) {
			body.Set("REFRESH_ID", w.portal.IssueToken(clientID, 8).Refresh)
		}},
		{"another company's refresh token", func(w *world, _, body url.Values) {
			body.Set("REFRESH_ID", w.rival.IssueToken(clientID, 7).Refresh)
		}},
		{"invented refresh token", func(_ *world, _, body url.Values) { body.Set("REFRESH_ID", "canary") }},
		{"no refresh token", func(_ *world, _, body url.Values) { body.Del("REFRESH_ID") }},
		{"no token", func(_ *world, _, body url.Values) { body.Del("AUTH_ID") }},
		{"no key", func(_ *world, _, body url.Values) { body.Del("member_id") }},
		{"odd key", func(_ *world, _, body url.Values) { body.Set("member_id", "../"+member[3:]) }},
		{"two keys", func(_ *world, _, body url.Values) { body.Add("member_id", rival) }},
		{"two tokens", func(_ *world, _, body url.Values) { body.Add("AUTH_ID", "canary") }},
		{"huge token", func(_ *world, _, body url.Values) { body.Set("AUTH_ID", strings.Repeat("x", 5000)) }},
		{"huge options", func(_ *world, _, body url.Values) { body.Set("PLACEMENT_OPTIONS", strings.Repeat("x", 1<<20)) }},
		{"expired token", func(w *world, _, _ url.Values) { w.portal.ExpireTokens() }},
		{"uninstalled app", func(w *world, _, _ url.Values) { w.portal.Uninstall(clientID) }},
		{"DOMAIN with user info", func(_ *world, query, _ url.Values) { query.Set("DOMAIN", "x@"+evilHost) }},
	}
}

// TestForgedLaunchFormsAreRefused: nothing is stored, and no host from the form is asked.
func TestForgedLaunchFormsAreRefused(t *testing.T) {
	evil := newRecordingServer(t, http.NotFoundHandler())
	for _, c := range attacks(strings.TrimPrefix(evil.URL, "http://")) {
		t.Run(c.name, func(t *testing.T) {
			w := onSQLite(t)
			p := w.process()
			query, body := w.form(w.portal, 7)
			c.change(w, query, body)
			_, err := w.launch(p, query, body)
			w.wantError(err, meet.Forbidden, "error.launch_refused")
			for _, portal := range []string{member, rival} {
				if _, err := p.vault.Portal(t.Context(), portal); meet.KindOf(err) != meet.NotFound {
					t.Error("a portal was stored")
				}
			}
			for _, endpoint := range *p.asked {
				if endpoint != "http://"+w.portal.Host+"/rest/" {
					t.Errorf("%s was asked for a profile", endpoint)
				}
			}
		})
	}
	t.Cleanup(func() {
		if n := evil.total(); n != 0 {
			t.Errorf("%d requests to the attacker's host", n)
		}
	})
}

// TestTwoPeoplesTokens: nobody gets a colleague's pair under their own name, even if the
// authorization server does not name the user of a pair.
func TestTwoPeoplesTokens(t *testing.T) {
	w := onSQLite(t)
	server := httptest.NewServer(http.HandlerFunc(func(out http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		w.sim.AuthServer().ServeHTTP(answer, r)
		out.Header().Set("Content-Type", "application/json")
		_, _ = out.Write(bytes.Replace(answer.Body.Bytes(), []byte(`"user_id"`), []byte(`"other"`), 1))
	}))
	t.Cleanup(server.Close)
	p := w.process(func(c *auth.Config) { c.AuthServers = []string{server.URL} })
	query, body := w.form(w.portal, 7)
	good := body.Get("REFRESH_ID")
	body.Set("REFRESH_ID", w.portal.IssueToken(clientID, 8).Refresh)
	_, err := w.launch(p, query, body)
	w.wantError(err, meet.Forbidden, "error.launch_refused")
	body.Set("REFRESH_ID", good)
	_, err = w.launch(p, query, body)
	must(t, err)
}

// TestOnlyTheTokensOfALaunchFormCount: everything else in a form with good tokens may be
// false, and changes nothing.
func TestOnlyTheTokensOfALaunchFormCount(t *testing.T) {
	for _, c := range []struct {
		name   string
		change func(query, body url.Values)
	}{
		{"foreign DOMAIN", func(query, _ url.Values) { query.Set("DOMAIN", "evil.example") }},
		{"private DOMAIN", func(query, _ url.Values) { query.Set("DOMAIN", "169.254.169.254") }},
		{"foreign SERVER_ENDPOINT", func(_, body url.Values) { body.Set("SERVER_ENDPOINT", "https://evil.example/rest/") }},
		{"an older portal", func(query, body url.Values) {
			query.Del("DOMAIN")
			for _, name := range []string{"SERVER_ENDPOINT", "APPLICATION_TOKEN", "APPLICATION_SCOPE", "PLACEMENT_OPTIONS"} {
				body.Del(name)
			}
		}},
		{"user and rights", func(_, body url.Values) {
			body.Set("user_id", "8")
			body.Set("ADMIN", "1")
			body.Set("APPLICATION_TOKEN", "canary")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := onSQLite(t)
			p := w.process()
			query, body := w.form(w.portal, 7)
			c.change(query, body)
			in, err := w.launch(p, query, body)
			must(t, err)
			if in.Member != anna || in.Profile.Admin || in.Portal.Host != w.portal.Host || in.Portal.AppToken != "" {
				t.Errorf("%+v", in)
			}
		})
	}
}

// TestEveryProvingPartOfALaunchFormIsNeeded: without any one of them nobody gets in.
func TestEveryProvingPartOfALaunchFormIsNeeded(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	parts := []string{"AUTH_ID", "REFRESH_ID", "member_id"}
	for missing := 1; missing < 1<<len(parts); missing++ {
		query, body := w.form(w.portal, 7)
		for i, name := range parts {
			if missing&(1<<i) != 0 {
				body.Del(name)
			}
		}
		_, err := w.launch(p, query, body)
		w.wantError(err, meet.Forbidden, "error.launch_refused")
	}
	if n := w.tokens.refreshes(); n != 0 {
		t.Errorf("%d refreshes", n)
	}
}

// TestALaunchLeavesOtherCompaniesAlone: launching from one company leaves the other's
// tokens alone, even of the same user id.
func TestALaunchLeavesOtherCompaniesAlone(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	mine := w.token(p, anna)
	query, body := w.form(w.rival, 7)
	in, err := w.launch(p, query, body)
	must(t, err)
	body.Set("member_id", member)
	_, err = w.launch(p, query, body)
	w.wantError(err, meet.Forbidden, "error.launch_refused")
	if in.Member.Portal != rival || w.token(p, anna) != mine || w.token(p, in.Member) == mine {
		t.Error("the companies are mixed up")
	}
}

func TestProductionLaunchNeedsHTTPS(t *testing.T) {
	w := onSQLite(t)
	p := w.process(func(c *auth.Config) { c.Insecure = false })
	_, good := w.form(w.portal, 7)
	for _, c := range []struct {
		domain, protocol string
		ok               bool
	}{
		{"firma.bitrix24.de", "1", true},
		{"firma.bitrix24.de", "0", false},
		{"firma.bitrix24.de", "", false},
		{"169.254.169.254", "1", false},
		{"localhost", "1", false},
		{"firma.bitrix24.de/../x y", "1", false},
	} {
		_, err := p.ParseLaunch(url.Values{"DOMAIN": {c.domain}, "PROTOCOL": {c.protocol}}, good)
		if c.ok {
			must(t, err)
			continue
		}
		w.wantError(err, meet.Forbidden, "error.launch_refused")
	}
}

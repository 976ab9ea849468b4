package auth_test

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

func asError(err error, target **meet.Error) bool { return errors.As(err, target) }

func TestSignIn(t *testing.T) {
	each(t, func(w *world) {
		p := w.process()
		got := w.signIn(p, w.portal, 7)
		want := auth.SignIn{
			Member:  meet.Member{Portal: member, User: 7},
			Profile: meet.Profile{User: 7, Name: "Anna Becker", Zone: "Europe/Berlin"},
			Portal: auth.Portal{
				PortalID: member, Host: w.portal.Host, Endpoint: "http://" + w.portal.Host + "/rest/",
				AuthServer: w.tokens.URL, ClientID: clientID, Scope: "calendar,user",
			},
		}
		if diff := cmp.Diff(want, got); diff != "" {
			w.t.Error(diff)
		}
		stored, err := p.vault.Portal(w.t.Context(), member)
		must(w.t, err)
		if diff := cmp.Diff(want.Portal, stored); diff != "" {
			w.t.Error(diff)
		}
		endpoint, token, err := w.process().Token(w.t.Context(), want.Member)
		must(w.t, err)
		if user := w.tokenUser(endpoint, token); user != 7 {
			w.t.Errorf("the stored token is that of %d", user)
		}
		// The same id in another company is another person.
		_, _, err = p.Token(w.t.Context(), meet.Member{Portal: rival, User: 7})
		w.wantError(err, meet.SignedOut, "error.signed_out")
	})
}

// TestRequestsAreAsBitrix24WantsThem: nothing but client_id and state for the
// portal, one POST with the credentials in its body for the server.
func TestRequestsAreAsBitrix24WantsThem(t *testing.T) {
	w := onSQLite(t)
	w.sim.SetAuth(portalsim.AuthSwitches{BasicBurnsCode: true})
	p := w.process()
	address, err := p.Begin(w.portal.Host, "the state")
	must(t, err)
	want := "http://" + w.portal.Host + "/oauth/authorize/?client_id=app.slotfinder&response_type=code&state=the+state"
	if diff := cmp.Diff(want, address); diff != "" {
		t.Error(diff)
	}
	w.signIn(p, w.portal, 7)
	if n := w.tokens.total(); n != 1 {
		t.Fatalf("%d requests", n)
	}
	r := w.tokens.requests[0]
	if _, _, basic := r.BasicAuth(); basic || r.Method != http.MethodPost || r.URL.Path != "/oauth/token/" || r.URL.RawQuery != "" {
		t.Errorf("%s %s, basic %v", r.Method, r.URL, basic)
	}
	for _, name := range []string{"redirect_uri", "scope"} {
		if r.PostForm.Has(name) {
			t.Errorf("%s was sent", name)
		}
	}
}

// TestACallbackMustBelongToTheSignIn: a callback that does not belong to the browser's own
// sign-in is refused.
func TestACallbackMustBelongToTheSignIn(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	pending := p.NewPending(t.Context(), w.portal.Host)
	attacker := p.NewPending(t.Context(), w.portal.Host)
	if pending.State == attacker.State || len(pending.State) < 26 {
		t.Fatalf("states %q and %q", pending.State, attacker.State)
	}
	callback := w.callback(p, w.portal, 7, pending)
	for _, c := range []struct {
		name   string
		change func(*auth.Pending, *auth.Callback)
		kind   meet.Kind
		key    string
	}{
		{"the attacker's state", func(_ *auth.Pending, c *auth.Callback) { c.State = attacker.State }, meet.Forbidden, "error.state_mismatch"},
		{"no state", func(_ *auth.Pending, c *auth.Callback) { c.State = "" }, meet.Forbidden, "error.state_mismatch"},
		{"nothing pending", func(p *auth.Pending, c *auth.Callback) { *p = auth.Pending{}; c.State = "" }, meet.Forbidden, "error.state_mismatch"},
		{"a longer state", func(_ *auth.Pending, c *auth.Callback) { c.State += "x" }, meet.Forbidden, "error.state_mismatch"},
		{"no code", func(_ *auth.Pending, c *auth.Callback) { c.Code = "" }, meet.Gone, "error.code_used"},
		{"a huge code", func(_ *auth.Pending, c *auth.Callback) { c.Code = strings.Repeat("x", 2000) }, meet.Gone, "error.code_used"},
		{"too late", func(p *auth.Pending, _ *auth.Callback) { p.Started = p.Started.Add(-16 * time.Minute) }, meet.Gone, "error.state_expired"},
		{"no start", func(p *auth.Pending, _ *auth.Callback) { p.Started = time.Time{} }, meet.Gone, "error.state_expired"},
	} {
		t.Run(c.name, func(t *testing.T) {
			pending, callback := pending, callback
			c.change(&pending, &callback)
			_, err := p.Finish(t.Context(), pending, callback)
			w.wantError(err, c.kind, c.key)
		})
	}
	if n := w.tokens.total(); n != 0 {
		t.Errorf("%d requests reached the authorization server", n)
	}
	_, err := p.Finish(t.Context(), pending, callback)
	must(t, err) // the code is still good
}

func TestCodeIsGoodOnceAndBriefly(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	pending := p.NewPending(t.Context(), w.portal.Host)
	used := w.callback(p, w.portal, 7, pending)
	_, err := p.Finish(t.Context(), pending, used)
	must(t, err)
	_, err = p.Finish(t.Context(), pending, used)
	w.wantError(err, meet.Gone, "error.code_used")

	late := w.callback(p, w.portal, 7, pending)
	w.clock.forward(31 * time.Second)
	_, err = p.Finish(t.Context(), pending, late)
	w.wantError(err, meet.Gone, "error.code_used")
}

// TestThePortalIsWhatTheAuthorizationServerSays: whatever the callback claims.
func TestThePortalIsWhatTheAuthorizationServerSays(t *testing.T) {
	w := onSQLite(t)
	evil := newRecordingServer(t, http.NotFoundHandler())
	p := w.process()
	pending := p.NewPending(t.Context(), w.portal.Host)

	callback := w.callback(p, w.portal, 7, pending)
	callback.Domain, callback.ServerDomain = strings.TrimPrefix(evil.URL, "http://"), strings.TrimPrefix(evil.URL, "http://")
	_, err := p.Finish(t.Context(), pending, callback)
	w.wantError(err, meet.Forbidden, "error.state_mismatch")

	callback.ServerDomain = ""
	in, err := p.Finish(t.Context(), pending, callback)
	must(t, err)
	if in.Portal.Host != w.portal.Host || in.Member.Portal != member {
		t.Errorf("%+v", in)
	}

	callback = w.callback(p, w.portal, 7, pending)
	callback.MemberID = rival
	_, err = p.Finish(t.Context(), pending, callback)
	w.wantError(err, meet.Forbidden, "error.state_mismatch")

	// The code of another portal, brought to the sign-in of this one: the person is
	// signed in where the code comes from, and sees it.
	other := p.NewPending(t.Context(), w.rival.Host)
	other.State = pending.State
	in, err = p.Finish(t.Context(), pending, w.callback(p, w.rival, 8, other))
	must(t, err)
	if in.Portal.Host != w.rival.Host || in.Member != (meet.Member{Portal: rival, User: 8}) {
		t.Errorf("%+v", in)
	}
	if n := evil.total(); n != 0 {
		t.Errorf("%d requests to a host that came from outside", n)
	}
}

// TestSecondAuthorizationServer: a hint chooses within the list, and what was
// chosen stays with the portal.
func TestSecondAuthorizationServer(t *testing.T) {
	w := onSQLite(t)
	first := newRecordingServer(t, http.NotFoundHandler())
	p := w.process(func(c *auth.Config) { c.AuthServers = []string{first.URL, w.tokens.URL} })
	in := w.signIn(p, w.portal, 7)
	if in.Portal.AuthServer != w.tokens.URL {
		t.Errorf("%s vouches", in.Portal.AuthServer)
	}
	w.portal.ExpireTokens()
	_, _, err := p.Renew(t.Context(), in.Member, w.token(p, in.Member))
	must(t, err)

	pending := p.NewPending(t.Context(), w.portal.Host) // no hint: the portal's own server is known
	callback := w.callback(p, w.portal, 7, pending)
	callback.ServerDomain = ""
	_, err = p.Finish(t.Context(), pending, callback)
	must(t, err)

	pending = p.NewPending(t.Context(), w.portal.Host)
	callback = w.callback(p, w.portal, 7, pending)
	callback.ServerDomain = strings.TrimPrefix(first.URL, "http://")
	_, err = p.Finish(t.Context(), pending, callback)
	w.wantError(err, meet.Forbidden, "error.state_mismatch")
	if n := first.total(); n != 0 {
		t.Errorf("%d requests to the wrong server", n)
	}
}

// TestStateIsBoundToItsServer: a sign-in that was begun for one authorization server
// ends at no other one of the list, and not with tokens that are another one's.
func TestStateIsBoundToItsServer(t *testing.T) {
	w := onSQLite(t)
	other := newRecordingServer(t, http.HandlerFunc(func(rw http.ResponseWriter, _ *http.Request) {
		rw.Header().Set("Content-Type", "application/json")
		fmt.Fprintf(rw, `{"access_token":"canary","refresh_token":"canary","expires_in":3600,"member_id":%q,"user_id":7,
			"client_endpoint":"http://%s/rest/","server_endpoint":"%s/rest/"}`, member, w.portal.Host, w.tokens.URL)
	}))
	p := w.process(func(c *auth.Config) { c.AuthServers = []string{other.URL, w.tokens.URL} })
	pending := p.NewPending(t.Context(), w.portal.Host)
	if pending.Server != "" {
		t.Errorf("%s vouches for a portal nobody knows", pending.Server)
	}
	_, err := p.Finish(t.Context(), pending, auth.Callback{Code: tokenCanary, State: pending.State, ServerDomain: other.URL})
	w.wantError(err, meet.Forbidden, "error.state_mismatch")
	if _, err := p.vault.Portal(t.Context(), member); err == nil {
		t.Error("the portal was stored")
	}
	w.signIn(p, w.portal, 7)
	if pending := p.NewPending(t.Context(), w.portal.Host); pending.Server != w.tokens.URL {
		t.Errorf("a sign-in at a portal that is known is for %q", pending.Server)
	}
}

// refusals are the error codes of an authorization server (FACTS.md fact 96), and what they
// mean to somebody who signs in.
var refusals = []struct {
	code string
	kind meet.Kind
	key  string
}{
	{"invalid_request", meet.Unavailable, "error.auth_server_down"},
	{"invalid_client", meet.Unsupported, "error.app_not_installed"},
	{"wrong_client", meet.Unsupported, "error.app_not_installed"},
	{"insufficient_scope", meet.Unsupported, "error.scope_missing"},
	{"invalid_scope", meet.Unsupported, "error.scope_missing"},
	{"invalid_grant", meet.Gone, "error.code_used"},
	{"bad_verification_code", meet.Gone, "error.code_used"},
	{"PAYMENT_REQUIRED", meet.Unsupported, "error.payment_required"},
	{"canary-unheard-of", meet.Unavailable, "error.auth_server_down"},
}

func TestRefusalsOfTheAuthorizationServer(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	for _, c := range refusals {
		for _, status := range []int{200, 400, 401, 403, 500} {
			t.Run(fmt.Sprint(c.code, " ", status), func(t *testing.T) {
				w.sim.FailAuth("/oauth/token/", portalsim.FailureStatus(c.code, "canary "+tokenCanary, status).Times(1))
				pending := p.NewPending(t.Context(), w.portal.Host)
				_, err := p.Finish(t.Context(), pending, auth.Callback{Code: tokenCanary, State: pending.State})
				w.wantError(err, c.kind, c.key)
			})
		}
	}
}

func TestBrokenAuthorizationServer(t *testing.T) {
	w := onSQLite(t)
	evil := newRecordingServer(t, http.NotFoundHandler())
	p := w.process()
	for _, c := range []struct {
		name  string
		fault portalsim.Fault
	}{
		{"page", portalsim.HTML502()},
		{"truncated", portalsim.Truncated()},
		{"cut", portalsim.Cut()},
		{"redirect", portalsim.Redirect(evil.URL + "/?" + secretCanary)},
	} {
		t.Run(c.name, func(t *testing.T) {
			w.sim.FailAuth("/oauth/token/", c.fault.Times(1))
			pending := p.NewPending(t.Context(), w.portal.Host)
			_, err := p.Finish(t.Context(), pending, w.callback(p, w.portal, 7, pending))
			w.sim.HealAuth()
			w.wantError(err, meet.Unavailable, "error.auth_server_down")
		})
	}
	if n := evil.total(); n != 0 {
		t.Error("the secret followed a redirect")
	}
	w.tokens.Close()
	pending := p.NewPending(t.Context(), w.portal.Host)
	_, err := p.Finish(t.Context(), pending, auth.Callback{Code: tokenCanary, State: pending.State})
	w.wantError(err, meet.Unavailable, "error.auth_server_down")
}

func TestCallersPatienceEnds(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	ctx, cancel := context.WithCancel(t.Context())
	w.tokens.hook(func(*http.Request) { cancel() }, nil)
	pending := p.NewPending(t.Context(), w.portal.Host)
	_, err := p.Finish(ctx, pending, w.callback(p, w.portal, 7, pending))
	w.wantError(err, meet.Unavailable, "error.auth_server_down")
}

func TestPortalWithoutTheApp(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	pending := p.NewPending(t.Context(), w.portal.Host)
	callback := w.callback(p, w.portal, 7, pending)
	w.portal.Uninstall(clientID)
	_, err := p.Finish(t.Context(), pending, callback)
	w.wantError(err, meet.Unsupported, "error.app_not_installed")
}

func TestLocalApps(t *testing.T) {
	w := onSQLite(t)
	w.sim.AddApp(portalsim.App{
		ClientID: "local.1", ClientSecret: "canary-local", Portal: rival,
		RedirectURL: "http://app.example/bitrix24", Scopes: []string{"calendar"},
	})
	w.rival.Install("local.1")
	local := auth.App{Portal: "HTTP://" + w.rival.Host + "/", ClientID: "local.1", ClientSecret: "canary-local"}
	p := w.process(func(c *auth.Config) { c.Apps = append(c.Apps, local) })
	if in := w.signIn(p, w.portal, 7); in.Portal.ClientID != clientID {
		t.Errorf("the common app is %s", in.Portal.ClientID)
	}
	in := w.signIn(p, w.rival, 7)
	if in.Portal.ClientID != "local.1" {
		t.Errorf("the local app is %s", in.Portal.ClientID)
	}
	_, _, err := p.Renew(t.Context(), in.Member, w.token(p, in.Member))
	must(t, err)

	_, err = w.process(func(c *auth.Config) { c.Apps = []auth.App{local} }).Begin(w.portal.Host, "state")
	w.wantError(err, meet.Unsupported, "error.portal_not_served")
	w.wantNoSecret(fmt.Sprintf("%v %+v %#v %s", local, local, []auth.App{local}, auth.Config{Apps: []auth.App{local}}.Apps))
}

// answers is an authorization server that says what a test wants.
func answers(t *testing.T, body string) *httptest.Server {
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.Write([]byte(body))
	}))
	t.Cleanup(s.Close)
	return s
}

// someone answers every question for a profile.
type someone struct{ profile meet.Profile }

func (s someone) Profile(context.Context, string, string) (meet.Profile, error) {
	return s.profile, nil
}

// TestAnswersOfTheAuthorizationServer is about the fields around the tokens, as
// they come, might come, and must not come. It runs as in production: https only.
func TestAnswersOfTheAuthorizationServer(t *testing.T) {
	t.Parallel()
	const good = `{"access_token":"canary","refresh_token":"canary","expires_in":3600,` +
		`"client_endpoint":"https://Firma.bitrix24.de/rest/","domain":"oauth.bitrix.info","member_id":"` + member + `","user_id":7}`
	for _, c := range []struct{ name, old, new, host, key string }{
		{name: "as it comes", host: "firma.bitrix24.de"},
		{"user as text", `"user_id":7`, `"user_id":"7"`, "firma.bitrix24.de", ""},
		{"user missing", `,"user_id":7`, ``, "firma.bitrix24.de", ""},
		{"user null", `"user_id":7`, `"user_id":null`, "firma.bitrix24.de", ""},
		{"expiry as text", `3600`, `"3600"`, "firma.bitrix24.de", ""},
		{"no slash", `/rest/"`, `/rest"`, "firma.bitrix24.de", ""},
		{"port", `Firma.bitrix24.de`, `crm.firma.example:8443`, "crm.firma.example:8443", ""},
		{"foreign server_endpoint", `"domain"`, `"server_endpoint":"https://evil.example/rest/","domain"`, "firma.bitrix24.de", ""},

		{"another user", `"user_id":7`, `"user_id":8`, "", "error.portal_nonsense"},
		{"negative user", `"user_id":7`, `"user_id":-7`, "", "error.auth_server_down"},
		{"fractional user", `"user_id":7`, `"user_id":7.5`, "", "error.auth_server_down"},
		{"user as object", `"user_id":7`, `"user_id":{"canary":1}`, "", "error.auth_server_down"},
		{"user as word", `"user_id":7`, `"user_id":"canary"`, "", "error.auth_server_down"},
		{"no portal", member, ``, "", "error.auth_server_down"},
		{"odd portal", member, `canary/../x`, "", "error.auth_server_down"},
		{"no endpoint", `https://Firma.bitrix24.de/rest/`, ``, "", "error.auth_server_down"},
		{"http", `https://Firma`, `http://Firma`, "", "error.auth_server_down"},
		{"private address", `Firma.bitrix24.de`, `10.0.0.1`, "", "error.auth_server_down"},
		{"loopback", `Firma.bitrix24.de`, `localhost`, "", "error.auth_server_down"},
		{"user info", `Firma`, `canary@firma`, "", "error.auth_server_down"},
		{"query", `/rest/"`, `/rest/?canary=1"`, "", "error.auth_server_down"},
		{"no access token", `"access_token":"canary"`, `"access_token":""`, "", "error.auth_server_down"},
		{"no refresh token", `"refresh_token":"canary",`, ``, "", "error.auth_server_down"},
		{"list", good, `[]`, "", "error.auth_server_down"},
		{"odd error", good, `{"error":["canary"]}`, "", "error.auth_server_down"},
		{"empty", good, ``, "", "error.auth_server_down"},
	} {
		t.Run(c.name, func(t *testing.T) {
			w := onSQLite(t)
			body := good
			if c.old != "" {
				body = strings.Replace(good, c.old, c.new, 1)
			}
			server := answers(t, body)
			p := w.process(func(config *auth.Config) {
				config.Insecure, config.AuthServers = false, []string{server.URL}
				config.Profiles = someone{meet.Profile{User: 7}}
			})
			pending := p.NewPending(t.Context(), "typed.example")
			in, err := p.Finish(t.Context(), pending, auth.Callback{Code: "canary", State: pending.State})
			if c.key != "" {
				w.wantError(err, meet.Unavailable, c.key)
				return
			}
			must(t, err)
			if in.Member != (meet.Member{Portal: member, User: 7}) || in.Portal.Host != c.host ||
				in.Portal.Endpoint != "https://"+c.host+"/rest/" || in.Portal.AuthServer != server.URL {
				t.Errorf("%+v", in)
			}
			grant, err := p.vault.Grant(t.Context(), in.Member)
			must(t, err)
			if life := grant.Expires.Sub(w.clock.Now()); life != time.Hour {
				t.Errorf("it lives for %s", life)
			}
		})
	}
}

func TestProductionAsksOverHTTPS(t *testing.T) {
	w := onSQLite(t)
	p := w.process(func(c *auth.Config) { c.Insecure = false })
	address, err := p.Begin("firma.bitrix24.de", "s")
	must(t, err)
	u, err := url.Parse(address)
	must(t, err)
	if u.Scheme != "https" || u.Host != "firma.bitrix24.de" {
		t.Error(address)
	}
}

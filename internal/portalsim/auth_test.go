package portalsim

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

// signIn goes through /oauth/authorize/ as a signed-in user and returns the
// address that the browser is sent back to.
func (w *world) signIn(t *testing.T, user int) *url.URL {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://"+worldHost+"/oauth/authorize/?client_id="+worldApp+"&state=s-1", nil)
	r.AddCookie(w.portal.SignIn(user))
	rec := w.send(r)
	back, err := url.Parse(rec.Header().Get("Location"))
	if rec.Code != http.StatusFound || err != nil {
		t.Fatalf("authorize: status %d, location error %v", rec.Code, err)
	}
	return back
}

func (w *world) code(t *testing.T, user int) string {
	t.Helper()
	return w.signIn(t, user).Query().Get("code")
}

func exchange(code string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code},
		"client_id": {worldApp}, "client_secret": {worldSecret},
	}
}

func refresh(token string) url.Values {
	return url.Values{
		"grant_type": {"refresh_token"}, "refresh_token": {token},
		"client_id": {worldApp}, "client_secret": {worldSecret},
	}
}

const tokenURL = "http://" + worldAuth + "/oauth/token/"

type tokenAnswer struct {
	Access     string `json:"access_token"`
	Refresh    string `json:"refresh_token"`
	Expires    int64  `json:"expires"`
	ExpiresIn  int    `json:"expires_in"`
	Scope      string `json:"scope"`
	Domain     string `json:"domain"`
	Server     string `json:"server_endpoint"`
	Client     string `json:"client_endpoint"`
	Status     string `json:"status"`
	MemberID   string `json:"member_id"`
	UserID     any    `json:"user_id"`
	NotGranted string `json:"error"`
}

func (w *world) tokens(t *testing.T, form url.Values) tokenAnswer {
	t.Helper()
	var got tokenAnswer
	rec := w.postForm(tokenURL, form)
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil || got.NotGranted != "" {
		t.Fatalf("token: status %d, error %q, %v", rec.Code, got.NotGranted, err)
	}
	return got
}

func TestCallback(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	back := w.signIn(t, 7)
	same(t, "http://app.localhost/bitrix24", back.Scheme+"://"+back.Host+back.Path)
	q := back.Query()
	same(t, 40, len(q.Get("code")))
	q.Del("code")
	same(t, url.Values{
		"state": {"s-1"}, "domain": {worldHost}, "member_id": {worldMember}, "server_domain": {worldAuth},
		"scope": {"calendar,user_brief,department,im,sonet_group,placement"},
	}, q)
}

func TestAuthorizeStaysOnThePortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.AddApp(App{ClientID: "elsewhere", Portal: "ffffffffffffffffffffffffffffffff", RedirectURL: "http://app.localhost/"})
	w.portal.Install("elsewhere")
	w.sim.AddApp(App{ClientID: "idle", RedirectURL: "http://app.localhost/"})
	w.sim.AddApp(App{ClientID: "paper"})
	w.portal.Install("paper")
	for _, tc := range []struct {
		name, client string
		signedIn     bool
		status       int
		text         string
	}{
		{"unknown client", "nobody", true, 404, "not installed"},
		{"not installed", "idle", true, 404, "not installed"},
		{"local app of another portal", "elsewhere", true, 404, "not installed"},
		{"no client", "", true, 404, "not installed"},
		{"nobody signed in", worldApp, false, 200, "Who are you?"},
		{"app without address", "paper", true, 200, "Authorization code"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "http://"+worldHost+"/oauth/authorize/?state=x&client_id="+tc.client, nil)
			if tc.signedIn {
				r.AddCookie(w.portal.SignIn(7))
			}
			rec := w.send(r)
			same(t, tc.status, rec.Code)
			same(t, "", rec.Header().Get("Location"))
			same(t, true, strings.Contains(rec.Body.String(), tc.text))
		})
	}
}

func TestTokenAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.tokens(t, exchange(w.code(t, 7)))
	same(t, 70, len(got.Access))
	same(t, 70, len(got.Refresh))
	got.Access, got.Refresh = "", ""
	same(t, tokenAnswer{
		Expires: w.clock().Add(time.Hour).Unix(), ExpiresIn: 3600,
		Scope:  "calendar,user_brief,department,im,sonet_group,placement",
		Domain: worldAuth, Server: "http://oauth.localhost/rest/", Client: "http://alpha.localhost/rest/",
		Status: "S", MemberID: worldMember, UserID: 7.0,
	}, got)
}

func TestTokenByQuery(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rec := w.get(tokenURL + "?" + exchange(w.code(t, 7)).Encode())
	same(t, 200, rec.Code)
	same(t, true, strings.HasPrefix(rec.Body.String(), `{"access_token":"`))
}

func TestUserIDText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.SetAuth(AuthSwitches{UserIDText: true})
	same(t, any("7"), w.tokens(t, exchange(w.code(t, 7))).UserID)
}

func TestLocalAppHasStatusL(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app := *w.sim.app(worldApp)
	app.Portal = worldMember
	w.sim.AddApp(app)
	same(t, "L", w.tokens(t, exchange(w.code(t, 7))).Status)
}

func TestCodeIsForOneUse(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code := w.code(t, 7)
	w.tokens(t, exchange(code))
	same(t, "400 invalid_grant", failure(t, w.postForm(tokenURL, exchange(code))))
}

func TestCodeLivesThirtySeconds(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	early, late := w.code(t, 7), w.code(t, 7)
	w.pass(30*time.Second - 1)
	w.tokens(t, exchange(early))
	w.pass(1)
	same(t, "400 invalid_grant", failure(t, w.postForm(tokenURL, exchange(late))))
}

func TestTokenRefusals(t *testing.T) {
	t.Parallel()
	with := func(form url.Values, key, value string) url.Values {
		form.Set(key, value)
		return form
	}
	for _, tc := range []struct {
		name string
		form func(code, refreshToken string) url.Values
		want string
	}{
		{"nothing sent", func(_, _ string) url.Values { return nil }, "400 invalid_request"},
		{"no grant type", func(c, _ string) url.Values { return with(exchange(c), "grant_type", "") }, "400 invalid_request"},
		{"unknown grant type", func(c, _ string) url.Values { return with(exchange(c), "grant_type", "password") }, "400 invalid_request"},
		{"unknown client", func(c, _ string) url.Values { return with(exchange(c), "client_id", "x") }, "401 invalid_client"},
		{"wrong secret", func(c, _ string) url.Values { return with(exchange(c), "client_secret", "x") }, "401 invalid_client"},
		{"unknown code", func(_, _ string) url.Values { return exchange("x") }, "400 invalid_grant"},
		{"code of another client", func(c, _ string) url.Values {
			return with(with(exchange(c), "client_id", "other"), "client_secret", "other")
		}, "400 invalid_grant"},
		{"too much scope", func(c, _ string) url.Values { return with(exchange(c), "scope", "calendar crm") }, "400 invalid_scope"},
		{"unknown refresh token", func(_, _ string) url.Values { return refresh("x") }, "400 invalid_grant"},
		{"refresh token of another client", func(_, r string) url.Values {
			return with(with(refresh(r), "client_id", "other"), "client_secret", "other")
		}, "400 invalid_grant"},
		{"refresh token as code", func(_, r string) url.Values { return exchange(r) }, "400 invalid_grant"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.sim.AddApp(App{ClientID: "other", ClientSecret: "other"})
			code, pair := w.code(t, 7), w.portal.IssueToken(worldApp, 7)
			form := tc.form(code, pair.Refresh)
			same(t, tc.want, failure(t, w.postForm(tokenURL, form)))
			w.sim.SetAuth(AuthSwitches{ErrorsAs200: true})
			same(t, "200"+tc.want[3:], failure(t, w.postForm(tokenURL, form)))
			w.sim.SetAuth(AuthSwitches{})
			w.tokens(t, exchange(code)) // nothing of this uses the code up
			w.tokens(t, refresh(pair.Refresh))
		})
	}
}

func TestBasicWithoutBody(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name  string
		burns bool
		want  string
	}{{"code survives", false, ""}, {"code is burnt", true, "400 invalid_grant"}} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.sim.SetAuth(AuthSwitches{BasicBurnsCode: tc.burns})
			code := w.code(t, 7)
			form := url.Values{"grant_type": {"authorization_code"}, "code": {code}}
			r := httptest.NewRequest(http.MethodPost, tokenURL, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.SetBasicAuth(worldApp, worldSecret)
			same(t, "400 invalid_request", failure(t, w.send(r)))
			rec := w.postForm(tokenURL, exchange(code))
			if tc.want == "" {
				same(t, 200, rec.Code)
				return
			}
			same(t, tc.want, failure(t, rec))
		})
	}
}

func TestPaymentRequired(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.SetAuth(AuthSwitches{PaymentRequired: true})
	pair := w.portal.IssueToken(worldApp, 7)
	same(t, "400 PAYMENT_REQUIRED", failure(t, w.postForm(tokenURL, refresh(pair.Refresh))))
	w.sim.SetAuth(AuthSwitches{})
	w.tokens(t, refresh(pair.Refresh))
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	first := w.tokens(t, exchange(w.code(t, 7)))
	second := w.tokens(t, refresh(first.Refresh))
	if second.Refresh == first.Refresh || second.Access == first.Access {
		t.Fatal("the tokens did not change")
	}
	same(t, "400 invalid_grant", failure(t, w.postForm(tokenURL, refresh(first.Refresh))))
	same(t, any(7.0), w.tokens(t, refresh(second.Refresh)).UserID)
}

func TestOldRefreshTokenBySwitch(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.sim.SetAuth(AuthSwitches{KeepOldRefresh: true})
	pair := w.portal.IssueToken(worldApp, 7)
	w.tokens(t, refresh(pair.Refresh))
	w.tokens(t, refresh(pair.Refresh))
}

func TestRefreshTokenLivesHalfAYear(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	early, late := w.portal.IssueToken(worldApp, 7), w.portal.IssueToken(worldApp, 7)
	w.pass(180*24*time.Hour - 1)
	w.tokens(t, refresh(early.Refresh))
	w.pass(1)
	same(t, "400 invalid_grant", failure(t, w.postForm(tokenURL, refresh(late.Refresh))))
}

func TestRevokeRefresh(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	anna, boris := w.portal.IssueToken(worldApp, 1), w.portal.IssueToken(worldApp, 7)
	w.sim.RevokeRefresh(worldMember, 7)
	same(t, "400 invalid_grant", failure(t, w.postForm(tokenURL, refresh(boris.Refresh))))
	renewed := w.tokens(t, refresh(anna.Refresh))
	w.sim.RevokeRefresh(worldMember, 0)
	same(t, "400 invalid_grant", failure(t, w.postForm(tokenURL, refresh(renewed.Refresh))))
	same(t, 200, w.rest(renewed.Access, "profile", "").Code)
}

func TestUninstallEndsEverything(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	code, pair := w.code(t, 7), w.portal.IssueToken(worldApp, 7)
	w.portal.Uninstall(worldApp)
	same(t, "401 invalid_client", failure(t, w.postForm(tokenURL, exchange(code))))
	same(t, "401 invalid_client", failure(t, w.postForm(tokenURL, refresh(pair.Refresh))))
	same(t, "401 APPLICATION_NOT_FOUND", failure(t, w.rest(pair.Access, "profile", "")))
	same(t, "401 APPLICATION_NOT_FOUND", failure(t, w.get("http://"+worldAuth+"/rest/app.info?auth="+pair.Access)))
	same(t, "", w.portal.ApplicationToken(worldApp))
	w.portal.Install(worldApp)
	same(t, 200, w.rest(pair.Access, "profile", "").Code)
}

func TestAppInfoOfTheAuthorizationServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token(7)
	const address = "http://" + worldAuth + "/rest/app.info"
	want := `{"result":{"client_id":"` + worldApp + `","scope":"calendar,user_brief,department,im,sonet_group,placement","status":"S",` +
		`"install":{"domain":"alpha.localhost","member_id":"` + worldMember + `","uri":"http:\/\/alpha.localhost",` +
		`"client_endpoint":"http:\/\/alpha.localhost\/rest\/"}}}`
	same(t, want, w.get(address+"?auth="+token).Body.String())
	same(t, want, w.postForm(address+".json", url.Values{"auth": {token}}).Body.String())
	same(t, "401 NO_AUTH_FOUND", failure(t, w.get(address)))
	same(t, "401 invalid_token", failure(t, w.get(address+"?auth=x")))
	w.portal.ExpireTokens()
	same(t, "401 expired_token", failure(t, w.get(address+"?auth="+token)))
}

func TestAppInfoTellsTokensApart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	other := &Portal{MemberID: "ffffffffffffffffffffffffffffffff", Host: "beta.localhost", Users: []*User{{ID: 7, Active: true}}}
	w.sim.AddPortal(other)
	w.sim.AddApp(App{ClientID: "spy", Scopes: []string{"calendar"}})
	other.Install("spy")
	var got struct {
		Result struct {
			ClientID string `json:"client_id"`
			Install  struct {
				MemberID string `json:"member_id"`
			}
		}
	}
	token := other.IssueToken("spy", 7).Access
	rec := w.get("http://" + worldAuth + "/rest/app.info?auth=" + token)
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	same(t, []string{"spy", other.MemberID}, []string{got.Result.ClientID, got.Result.Install.MemberID})
	same(t, "401 invalid_token", failure(t, w.rest(token, "profile", "")))
}

func TestAuthFaults(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pair := w.portal.IssueToken(worldApp, 7)
	w.sim.FailAuth("/oauth/token/", HTML502().Times(1))
	w.sim.FailAuth("/oauth/token/", FailureStatus("wrong_client", "no", 400).Times(1))
	w.sim.FailAuth("/rest/app.info", Truncated())
	same(t, 502, w.postForm(tokenURL, refresh(pair.Refresh)).Code)
	same(t, "400 wrong_client", failure(t, w.postForm(tokenURL, refresh(pair.Refresh))))
	renewed := w.tokens(t, refresh(pair.Refresh))
	info := "http://" + worldAuth + "/rest/app.info?auth=" + renewed.Access
	same(t, false, json.Valid(w.get(info).Body.Bytes()))
	w.sim.HealAuth()
	same(t, true, json.Valid(w.get(info).Body.Bytes()))
}

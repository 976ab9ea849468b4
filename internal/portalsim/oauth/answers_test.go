package oauth_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/portalsim"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/simtest"
)

func TestCallback(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	back := w.SignIn(t, 7)
	simtest.Equal(t, "http://app.localhost/bitrix24", back.Scheme+"://"+back.Host+back.Path)
	q := back.Query()
	simtest.Equal(t, 40, len(q.Get("code")))
	q.Del("code")
	simtest.Equal(t, url.Values{
		"state": {"s-1"}, "domain": {simtest.Host}, "member_id": {simtest.MemberID}, "server_domain": {simtest.AuthHost},
		"scope": {"calendar,user_brief,department,im,sonet_group,placement"},
	}, q)
}

func TestAuthorizeStaysOnThePortal(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Sim.AddApp(oauth.App{ClientID: "elsewhere", Portal: "ffffffffffffffffffffffffffffffff", RedirectURL: "http://app.localhost/"})
	w.Portal.Install("elsewhere")
	w.Sim.AddApp(oauth.App{ClientID: "idle", RedirectURL: "http://app.localhost/"})
	w.Sim.AddApp(oauth.App{ClientID: "paper"})
	w.Portal.Install("paper")
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
		{"nobody signed in", simtest.ClientID, false, 200, "Who are you?"},
		{"app without address", "paper", true, 200, "Authorization code"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			r := httptest.NewRequest(http.MethodGet, "http://"+simtest.Host+"/oauth/authorize/?state=x&client_id="+tc.client, nil)
			if tc.signedIn {
				r.AddCookie(w.Portal.SignIn(7))
			}
			rec := w.Send(r)
			simtest.Equal(t, tc.status, rec.Code)
			simtest.Equal(t, "", rec.Header().Get("Location"))
			simtest.Equal(t, true, strings.Contains(rec.Body.String(), tc.text))
		})
	}
}

func TestTokenAnswer(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	got := w.Tokens(t, simtest.Exchange(w.Code(t, 7)))
	simtest.Equal(t, 70, len(got.Access))
	simtest.Equal(t, 70, len(got.Refresh))
	got.Access, got.Refresh = "", ""
	simtest.Equal(t, simtest.TokenAnswer{
		Expires: w.Clock().Add(time.Hour).Unix(), ExpiresIn: 3600,
		Scope:  "calendar,user_brief,department,im,sonet_group,placement",
		Domain: simtest.AuthHost, Server: "http://oauth.localhost/rest/", Client: "http://alpha.localhost/rest/",
		Status: "S", MemberID: simtest.MemberID, UserID: 7.0,
	}, got)
}

func TestTokenByQuery(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	rec := w.Get(simtest.TokenURL + "?" + simtest.Exchange(w.Code(t, 7)).Encode())
	simtest.Equal(t, 200, rec.Code)
	simtest.Equal(t, true, strings.HasPrefix(rec.Body.String(), `{"access_token":"`))
}

func TestUserIDText(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Sim.SetAuth(oauth.Switches{UserIDText: true})
	simtest.Equal(t, any("7"), w.Tokens(t, simtest.Exchange(w.Code(t, 7))).UserID)
}

func TestLocalAppHasStatusL(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	app := w.App
	app.Portal = simtest.MemberID
	w.Register(app)
	simtest.Equal(t, "L", w.Tokens(t, simtest.Exchange(w.Code(t, 7))).Status)
}

func TestCodeIsForOneUse(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	code := w.Code(t, 7)
	w.Tokens(t, simtest.Exchange(code))
	simtest.Equal(t, "400 invalid_grant", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Exchange(code))))
}

func TestCodeLivesThirtySeconds(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	early, late := w.Code(t, 7), w.Code(t, 7)
	w.Advance(30*time.Second - 1)
	w.Tokens(t, simtest.Exchange(early))
	w.Advance(1)
	simtest.Equal(t, "400 invalid_grant", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Exchange(late))))
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
		{"no grant type", func(c, _ string) url.Values { return with(simtest.Exchange(c), "grant_type", "") }, "400 invalid_request"},
		{"unknown grant type", func(c, _ string) url.Values { return with(simtest.Exchange(c), "grant_type", "password") }, "400 invalid_request"},
		{"unknown client", func(c, _ string) url.Values { return with(simtest.Exchange(c), "client_id", "x") }, "401 invalid_client"},
		{"wrong secret", func(c, _ string) url.Values { return with(simtest.Exchange(c), "client_secret", "x") }, "401 invalid_client"},
		{"unknown code", func(_, _ string) url.Values { return simtest.Exchange("x") }, "400 invalid_grant"},
		{"code of another client", func(c, _ string) url.Values {
			return with(with(simtest.Exchange(c), "client_id", "other"), "client_secret", "other")
		}, "400 invalid_grant"},
		{"too much scope", func(c, _ string) url.Values { return with(simtest.Exchange(c), "scope", "calendar crm") }, "400 invalid_scope"},
		{"unknown refresh token", func(_, _ string) url.Values { return simtest.Refresh("x") }, "400 invalid_grant"},
		{"refresh token of another client", func(_, r string) url.Values {
			return with(with(simtest.Refresh(r), "client_id", "other"), "client_secret", "other")
		}, "400 invalid_grant"},
		{"refresh token as code", func(_, r string) url.Values { return simtest.Exchange(r) }, "400 invalid_grant"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			w.Sim.AddApp(oauth.App{ClientID: "other", ClientSecret: "other"})
			code, pair := w.Code(t, 7), w.Portal.IssueToken(simtest.ClientID, 7)
			form := tc.form(code, pair.Refresh)
			simtest.Equal(t, tc.want, simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, form)))
			w.Sim.SetAuth(oauth.Switches{ErrorsAs200: true})
			simtest.Equal(t, "200"+tc.want[3:], simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, form)))
			w.Sim.SetAuth(oauth.Switches{})
			w.Tokens(t, simtest.Exchange(code)) // nothing of this uses the code up
			w.Tokens(t, simtest.Refresh(pair.Refresh))
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
			w := simtest.New(t)
			w.Sim.SetAuth(oauth.Switches{BasicBurnsCode: tc.burns})
			code := w.Code(t, 7)
			form := url.Values{"grant_type": {"authorization_code"}, "code": {code}}
			r := httptest.NewRequest(http.MethodPost, simtest.TokenURL, strings.NewReader(form.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			r.SetBasicAuth(simtest.ClientID, simtest.ClientSecret)
			simtest.Equal(t, "400 invalid_request", simtest.ErrorOf(t, w.Send(r)))
			rec := w.PostForm(simtest.TokenURL, simtest.Exchange(code))
			if tc.want == "" {
				simtest.Equal(t, 200, rec.Code)
				return
			}
			simtest.Equal(t, tc.want, simtest.ErrorOf(t, rec))
		})
	}
}

func TestPaymentRequired(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Sim.SetAuth(oauth.Switches{PaymentRequired: true})
	pair := w.Portal.IssueToken(simtest.ClientID, 7)
	simtest.Equal(t, "400 PAYMENT_REQUIRED", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Refresh(pair.Refresh))))
	w.Sim.SetAuth(oauth.Switches{})
	w.Tokens(t, simtest.Refresh(pair.Refresh))
}

func TestRefreshRotates(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	first := w.Tokens(t, simtest.Exchange(w.Code(t, 7)))
	second := w.Tokens(t, simtest.Refresh(first.Refresh))
	if second.Refresh == first.Refresh || second.Access == first.Access {
		t.Fatal("the tokens did not change")
	}
	simtest.Equal(t, "400 invalid_grant", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Refresh(first.Refresh))))
	simtest.Equal(t, any(7.0), w.Tokens(t, simtest.Refresh(second.Refresh)).UserID)
}

func TestOldRefreshTokenBySwitch(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Sim.SetAuth(oauth.Switches{KeepOldRefresh: true})
	pair := w.Portal.IssueToken(simtest.ClientID, 7)
	w.Tokens(t, simtest.Refresh(pair.Refresh))
	w.Tokens(t, simtest.Refresh(pair.Refresh))
}

func TestRefreshTokenLivesHalfAYear(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	early, late := w.Portal.IssueToken(simtest.ClientID, 7), w.Portal.IssueToken(simtest.ClientID, 7)
	w.Advance(180*24*time.Hour - 1)
	w.Tokens(t, simtest.Refresh(early.Refresh))
	w.Advance(1)
	simtest.Equal(t, "400 invalid_grant", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Refresh(late.Refresh))))
}

func TestRevokeRefresh(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	anna, boris := w.Portal.IssueToken(simtest.ClientID, 1), w.Portal.IssueToken(simtest.ClientID, 7)
	w.Sim.RevokeRefresh(simtest.MemberID, 7)
	simtest.Equal(t, "400 invalid_grant", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Refresh(boris.Refresh))))
	renewed := w.Tokens(t, simtest.Refresh(anna.Refresh))
	w.Sim.RevokeRefresh(simtest.MemberID, 0)
	simtest.Equal(t, "400 invalid_grant", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Refresh(renewed.Refresh))))
	simtest.Equal(t, 200, w.Call(renewed.Access, "profile", "").Code)
}

func TestUninstallEndsEverything(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	code, pair := w.Code(t, 7), w.Portal.IssueToken(simtest.ClientID, 7)
	w.Portal.Uninstall(simtest.ClientID)
	simtest.Equal(t, "401 invalid_client", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Exchange(code))))
	simtest.Equal(t, "401 invalid_client", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Refresh(pair.Refresh))))
	simtest.Equal(t, "401 APPLICATION_NOT_FOUND", simtest.ErrorOf(t, w.Call(pair.Access, "profile", "")))
	simtest.Equal(t, "401 APPLICATION_NOT_FOUND", simtest.ErrorOf(t, w.Get("http://"+simtest.AuthHost+"/rest/app.info?auth="+pair.Access)))
	simtest.Equal(t, "", w.Portal.ApplicationToken(simtest.ClientID))
	w.Portal.Install(simtest.ClientID)
	simtest.Equal(t, 200, w.Call(pair.Access, "profile", "").Code)
}

func TestAppInfoOfTheAuthorizationServer(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	token := w.Token(7)
	const address = "http://" + simtest.AuthHost + "/rest/app.info"
	want := `{"result":{"client_id":"` + simtest.ClientID + `","scope":"calendar,user_brief,department,im,sonet_group,placement","status":"S",` +
		`"install":{"domain":"alpha.localhost","member_id":"` + simtest.MemberID + `","uri":"http:\/\/alpha.localhost",` +
		`"client_endpoint":"http:\/\/alpha.localhost\/rest\/"}}}`
	simtest.Equal(t, want, w.Get(address+"?auth="+token).Body.String())
	simtest.Equal(t, want, w.PostForm(address+".json", url.Values{"auth": {token}}).Body.String())
	simtest.Equal(t, "401 NO_AUTH_FOUND", simtest.ErrorOf(t, w.Get(address)))
	simtest.Equal(t, "401 invalid_token", simtest.ErrorOf(t, w.Get(address+"?auth=x")))
	w.Portal.ExpireTokens()
	simtest.Equal(t, "401 expired_token", simtest.ErrorOf(t, w.Get(address+"?auth="+token)))
}

func TestAppInfoTellsTokensApart(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	other := portalsim.NewPortal(portal.Data{MemberID: "ffffffffffffffffffffffffffffffff", Host: "beta.localhost", Users: []*portal.User{{ID: 7, Active: true}}})
	w.Sim.AddPortal(other)
	w.Sim.AddApp(oauth.App{ClientID: "spy", Scopes: []string{"calendar"}})
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
	rec := w.Get("http://" + simtest.AuthHost + "/rest/app.info?auth=" + token)
	if err := json.Unmarshal(rec.Body.Bytes(), &got); err != nil {
		t.Fatal(err)
	}
	simtest.Equal(t, []string{"spy", other.MemberID}, []string{got.Result.ClientID, got.Result.Install.MemberID})
	simtest.Equal(t, "401 invalid_token", simtest.ErrorOf(t, w.Call(token, "profile", "")))
}

func TestAuthFaults(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	pair := w.Portal.IssueToken(simtest.ClientID, 7)
	w.Sim.FailAuth("/oauth/token/", fault.HTML502().Times(1))
	w.Sim.FailAuth("/oauth/token/", fault.FailureStatus("wrong_client", "no", 400).Times(1))
	w.Sim.FailAuth("/rest/app.info", fault.Truncated())
	simtest.Equal(t, 502, w.PostForm(simtest.TokenURL, simtest.Refresh(pair.Refresh)).Code)
	simtest.Equal(t, "400 wrong_client", simtest.ErrorOf(t, w.PostForm(simtest.TokenURL, simtest.Refresh(pair.Refresh))))
	renewed := w.Tokens(t, simtest.Refresh(pair.Refresh))
	info := "http://" + simtest.AuthHost + "/rest/app.info?auth=" + renewed.Access
	simtest.Equal(t, false, json.Valid(w.Get(info).Body.Bytes()))
	w.Sim.HealAuth()
	simtest.Equal(t, true, json.Valid(w.Get(info).Body.Bytes()))
}

package site_test

import (
	"context"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/portalsim"
	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/simtest"
)

func TestLoginListsThoseWhoMaySignIn(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	body := w.Page(0, "/oauth/authorize/?client_id="+simtest.ClientID+"&state=a%26b").Body.String()
	for text, want := range map[string]bool{
		"Anna Becker (administrator)": true, "Boris O&#39;Neil": true, "R&amp;D engineer": true, "Clara": false,
		`name="back" value="/oauth/authorize/?client_id=` + simtest.ClientID + `&amp;state=a%26b"`: true,
	} {
		simtest.Equal(t, want, strings.Contains(body, text))
	}
}

func TestLoginLeadsBack(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, user, back string
		status           int
		location         string
	}{
		{"home", "7", "", 303, "/"},
		{"authorize", "7", "/oauth/authorize/?client_id=x", 303, "/oauth/authorize/?client_id=x"},
		{"another site", "7", "https://evil.test/", 303, "/"},
		{"another host", "7", "//evil.test/", 303, "/"},
		{"another host by backslash", "7", "/\\evil.test/", 303, "/"},
		{"another host by tab", "7", "/\t/evil.test/", 303, "/"},
		{"dismissed", "8", "/", 422, ""},
		{"nobody", "99", "/", 422, ""},
		{"no number", "x", "/", 422, ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			rec := w.PostForm("http://"+simtest.Host+"/login", url.Values{"user": {tc.user}, "back": {tc.back}})
			simtest.Equal(t, tc.status, rec.Code)
			simtest.Equal(t, tc.location, rec.Header().Get("Location"))
			simtest.Equal(t, tc.status == 303, rec.Header().Get("Set-Cookie") != "")
		})
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	r := httptest.NewRequest(http.MethodPost, "http://"+simtest.Host+"/login", strings.NewReader("user=7"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	simtest.Equal(t, http.StatusForbidden, w.Send(r).Code)
}

func TestHome(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	app := w.App
	app.SignInURL = "http://app.localhost/login?portal=alpha.localhost"
	w.Register(app)
	w.Portal.AddEvent(portal.Event{
		Type: "user", Owner: 7, Name: "Talk <b>", From: clock.On(2026, 3, 12).At(14, 0), To: clock.On(2026, 3, 12).At(15, 30),
		ZoneFrom: "Europe/Moscow", ZoneTo: "Europe/Moscow",
	})
	w.Portal.AddEvent(portal.Event{
		Type: "user", Owner: 1, Name: "Anna's own", From: clock.On(2026, 3, 12).At(14, 0), To: clock.On(2026, 3, 12).At(15, 0),
		ZoneFrom: "Europe/Moscow", ZoneTo: "Europe/Moscow",
	})
	body := w.Page(7, "/").Body.String()
	for _, text := range []string{
		"Thu 12 Mar, 14:00–15:30: Talk &lt;b&gt;", "http://app.localhost/login?portal=alpha.localhost", "/marketplace/app/" + simtest.ClientID + "/", "Boris O&#39;Neil",
	} {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	simtest.Equal(t, true, strings.Contains(body, "Open in the portal"))
	simtest.Equal(t, false, strings.Contains(body, "Anna"))
	simtest.Equal(t, true, strings.Contains(w.Page(0, "/").Body.String(), "Who are you?"))
	simtest.Equal(t, 404, w.Page(7, "/nothing").Code)
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	cookie := w.Portal.SignIn(7)
	visit := func(method, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://"+simtest.Host+path, nil)
		r.AddCookie(cookie)
		return w.Send(r)
	}
	simtest.Equal(t, true, strings.Contains(visit("GET", "/").Body.String(), "My week"))
	simtest.Equal(t, "/login", visit("POST", "/logout").Header().Get("Location"))
	simtest.Equal(t, false, strings.Contains(visit("GET", "/").Body.String(), "My week"))

	cookie = w.Portal.SignIn(7)
	w.Portal.Change(func(p *portalsim.Portal) { simtest.UserOf(p, 7).Active = false })
	simtest.Equal(t, false, strings.Contains(visit("GET", "/").Body.String(), "My week"))
}

func TestFrameLaunchesTheApp(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	body := w.Page(7, "/marketplace/app/"+simtest.ClientID+"/").Body.String()
	simtest.Equal(t, true, strings.Contains(body, `<iframe name="alpha.localhost|0|`))
	simtest.Equal(t, true, strings.Contains(body, `name="AUTH_EXPIRES" value="3600"`))
	simtest.Equal(t, 404, w.Page(7, "/marketplace/app/nobody/").Code)

	launch, ok := w.Portal.Launch(simtest.ClientID, 7, "CALENDAR_GRIDVIEW", `{"viewRangeFrom":"2026-03-01"}`)
	simtest.Equal(t, true, ok)
	simtest.Equal(t, 200, w.Call(launch.Fields.Get("AUTH_ID"), "profile", "").Code)
	w.Tokens(t, simtest.Refresh(launch.Fields.Get("REFRESH_ID")))
	action, err := url.Parse(launch.Action)
	if err != nil {
		t.Fatal(err)
	}
	q := action.Query()
	simtest.Equal(t, []string{"alpha.localhost", "0", "en"}, []string{q.Get("DOMAIN"), q.Get("PROTOCOL"), q.Get("LANG")})
	simtest.Equal(t, "alpha.localhost|0|"+q.Get("APP_SID"), launch.Name)
	launch.Fields.Del("AUTH_ID")
	launch.Fields.Del("REFRESH_ID")
	simtest.Equal(t, url.Values{
		"AUTH_EXPIRES": {"3600"}, "SERVER_ENDPOINT": {"http://oauth.localhost/rest/"},
		"APPLICATION_TOKEN": {w.Portal.ApplicationToken(simtest.ClientID)},
		"APPLICATION_SCOPE": {"calendar,user_brief,department,im,sonet_group,placement"},
		"member_id":         {simtest.MemberID}, "status": {"S"}, "PLACEMENT": {"CALENDAR_GRIDVIEW"},
		"PLACEMENT_OPTIONS": {`{"viewRangeFrom":"2026-03-01"}`},
	}, launch.Fields)
	w.Portal.Uninstall(simtest.ClientID)
	_, ok = w.Portal.Launch(simtest.ClientID, 7, "DEFAULT", "")
	simtest.Equal(t, false, ok)
}

func TestPhotos(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	rec := w.Page(0, "/photo/1.png")
	simtest.Equal(t, []string{"png", "image/png"}, []string{rec.Body.String(), rec.Header().Get("Content-Type")})
	for _, path := range []string{"/photo/7.png", "/photo/99.png", "/photo/1.jpg", "/photo/x.png"} {
		simtest.Equal(t, 404, w.Page(0, path).Code)
	}
}

// TestSignInOverRealPorts goes through the sign-in as a browser does, over real ports.
func TestSignInOverRealPorts(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	stop, err := w.Sim.Start(ctx)
	if err != nil {
		t.Fatal(err)
	}
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := &http.Transport{}
	browser := &http.Client{Jar: jar, Transport: transport, CheckRedirect: func(r *http.Request, _ []*http.Request) error {
		if r.URL.Host == "app.localhost" {
			return http.ErrUseLastResponse
		}
		return nil
	}}
	portal := "http://" + w.Portal.Host
	authorize := "/oauth/authorize/?client_id=" + simtest.ClientID + "&state=s"
	resp, err := browser.PostForm(portal+"/login", url.Values{"user": {"7"}, "back": {authorize}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("status %d: %v", resp.StatusCode, err)
	}
	simtest.Equal(t, w.Portal.Host, back.Query().Get("domain"))
	resp, err = browser.PostForm(w.Sim.AuthURL()+"/oauth/token/", simtest.Exchange(back.Query().Get("code")))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	simtest.Equal(t, true, strings.Contains(string(body), strings.ReplaceAll(`"client_endpoint":"`+portal+`/rest/"`, "/", `\/`)))

	transport.CloseIdleConnections()
	stop()
	if resp, err := browser.Get(portal + "/login"); err == nil {
		_ = resp.Body.Close()
		t.Error("the portal is still served")
	}
}

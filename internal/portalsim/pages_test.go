package portalsim

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
)

func (w *world) page(user int, path string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(http.MethodGet, "http://"+worldHost+path, nil)
	if user != 0 {
		r.AddCookie(w.portal.SignIn(user))
	}
	return w.send(r)
}

func TestLoginListsThoseWhoMaySignIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := w.page(0, "/oauth/authorize/?client_id="+worldApp+"&state=a%26b").Body.String()
	for text, want := range map[string]bool{
		"Anna Becker (administrator)": true, "Boris O&#39;Neil": true, "R&amp;D engineer": true, "Clara": false,
		`name="back" value="/oauth/authorize/?client_id=` + worldApp + `&amp;state=a%26b"`: true,
	} {
		same(t, want, strings.Contains(body, text))
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
			w := newWorld(t)
			rec := w.postForm("http://"+worldHost+"/login", url.Values{"user": {tc.user}, "back": {tc.back}})
			same(t, tc.status, rec.Code)
			same(t, tc.location, rec.Header().Get("Location"))
			same(t, tc.status == 303, rec.Header().Get("Set-Cookie") != "")
		})
	}
}

func TestFormsOfOtherSitesAreRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "http://"+worldHost+"/login", strings.NewReader("user=7"))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "cross-site")
	same(t, http.StatusForbidden, w.send(r).Code)
}

func TestHome(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	app := *w.sim.app(worldApp)
	app.SignInURL = "http://app.localhost/login?portal=alpha.localhost"
	w.sim.AddApp(app)
	w.portal.AddEvent(Event{
		Type: "user", Owner: 7, Name: "Talk <b>", From: On(2026, 3, 12).At(14, 0), To: On(2026, 3, 12).At(15, 30),
		ZoneFrom: "Europe/Moscow", ZoneTo: "Europe/Moscow",
	})
	w.portal.AddEvent(Event{
		Type: "user", Owner: 1, Name: "Anna's own", From: On(2026, 3, 12).At(14, 0), To: On(2026, 3, 12).At(15, 0),
		ZoneFrom: "Europe/Moscow", ZoneTo: "Europe/Moscow",
	})
	body := w.page(7, "/").Body.String()
	for _, text := range []string{
		"Thu 12 Mar, 14:00–15:30: Talk &lt;b&gt;", "http://app.localhost/login?portal=alpha.localhost", "/marketplace/app/" + worldApp + "/", "Boris O&#39;Neil",
	} {
		if !strings.Contains(body, text) {
			t.Errorf("the page lacks %q", text)
		}
	}
	same(t, true, strings.Contains(body, "Open in the portal"))
	same(t, false, strings.Contains(body, "Anna"))
	same(t, true, strings.Contains(w.page(0, "/").Body.String(), "Who are you?"))
	same(t, 404, w.page(7, "/nothing").Code)
}

func TestSessionsEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	cookie := w.portal.SignIn(7)
	visit := func(method, path string) *httptest.ResponseRecorder {
		r := httptest.NewRequest(method, "http://"+worldHost+path, nil)
		r.AddCookie(cookie)
		return w.send(r)
	}
	same(t, true, strings.Contains(visit("GET", "/").Body.String(), "My week"))
	same(t, "/login", visit("POST", "/logout").Header().Get("Location"))
	same(t, false, strings.Contains(visit("GET", "/").Body.String(), "My week"))

	cookie = w.portal.SignIn(7)
	w.portal.Change(func(p *Portal) { p.user(7).Active = false })
	same(t, false, strings.Contains(visit("GET", "/").Body.String(), "My week"))
}

func TestFrameLaunchesTheApp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	body := w.page(7, "/marketplace/app/"+worldApp+"/").Body.String()
	same(t, true, strings.Contains(body, `<iframe name="alpha.localhost|0|`))
	same(t, true, strings.Contains(body, `name="AUTH_EXPIRES" value="3600"`))
	same(t, 404, w.page(7, "/marketplace/app/nobody/").Code)

	launch, ok := w.portal.Launch(worldApp, 7, "CALENDAR_GRIDVIEW", `{"viewRangeFrom":"2026-03-01"}`)
	same(t, true, ok)
	same(t, 200, w.rest(launch.Fields.Get("AUTH_ID"), "profile", "").Code)
	w.tokens(t, refresh(launch.Fields.Get("REFRESH_ID")))
	action, err := url.Parse(launch.Action)
	if err != nil {
		t.Fatal(err)
	}
	q := action.Query()
	same(t, []string{"alpha.localhost", "0", "en"}, []string{q.Get("DOMAIN"), q.Get("PROTOCOL"), q.Get("LANG")})
	same(t, "alpha.localhost|0|"+q.Get("APP_SID"), launch.Name)
	launch.Fields.Del("AUTH_ID")
	launch.Fields.Del("REFRESH_ID")
	same(t, url.Values{
		"AUTH_EXPIRES": {"3600"}, "SERVER_ENDPOINT": {"http://oauth.localhost/rest/"},
		"APPLICATION_TOKEN": {w.portal.ApplicationToken(worldApp)},
		"APPLICATION_SCOPE": {"calendar,user_brief,department,im,sonet_group,placement"},
		"member_id":         {worldMember}, "status": {"S"}, "PLACEMENT": {"CALENDAR_GRIDVIEW"},
		"PLACEMENT_OPTIONS": {`{"viewRangeFrom":"2026-03-01"}`},
	}, launch.Fields)
	w.portal.Uninstall(worldApp)
	_, ok = w.portal.Launch(worldApp, 7, "DEFAULT", "")
	same(t, false, ok)
}

func TestPhotos(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	rec := w.page(0, "/photo/1.png")
	same(t, []string{"png", "image/png"}, []string{rec.Body.String(), rec.Header().Get("Content-Type")})
	for _, path := range []string{"/photo/7.png", "/photo/99.png", "/photo/1.jpg", "/photo/x.png"} {
		same(t, 404, w.page(0, path).Code)
	}
}

// TestStart goes through the sign-in as a browser does, over real ports.
func TestStart(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	stop, err := w.sim.Start(ctx)
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
	portal := "http://" + w.portal.host()
	authorize := "/oauth/authorize/?client_id=" + worldApp + "&state=s"
	resp, err := browser.PostForm(portal+"/login", url.Values{"user": {"7"}, "back": {authorize}})
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	back, err := resp.Location()
	if err != nil {
		t.Fatalf("status %d: %v", resp.StatusCode, err)
	}
	same(t, w.portal.host(), back.Query().Get("domain"))
	resp, err = browser.PostForm(w.sim.authOrigin()+"/oauth/token/", exchange(back.Query().Get("code")))
	if err != nil {
		t.Fatal(err)
	}
	body, err := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	if err != nil {
		t.Fatal(err)
	}
	same(t, true, strings.Contains(string(body), strings.ReplaceAll(`"client_endpoint":"`+portal+`/rest/"`, "/", `\/`)))

	transport.CloseIdleConnections()
	stop()
	if resp, err := browser.Get(portal + "/login"); err == nil {
		_ = resp.Body.Close()
		t.Error("the portal is still served")
	}
}

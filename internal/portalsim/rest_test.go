package portalsim

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"
)

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, method string
		token        func(*world) string
		want         string // of the source
		documented   string
	}{
		{"no token", "profile", func(*world) string { return "" }, "401 NO_AUTH_FOUND", "401 NO_AUTH_FOUND"},
		{"unknown token", "profile", func(*world) string { return "x" }, "401 invalid_token", "401 invalid_token"},
		{"expired", "profile", func(w *world) string {
			token := w.token(7)
			w.pass(time.Hour)
			return token
		}, "401 expired_token", "401 expired_token"},
		{"expired at once", "profile", func(w *world) string {
			token := w.token(7)
			w.portal.ExpireTokens()
			return token
		}, "401 expired_token", "401 expired_token"},
		{"dismissed", "profile", func(w *world) string { return w.token(8) }, "401 authorization_error", "401 authorization_error"},
		{"no such user", "profile", func(w *world) string { return w.token(99) }, "401 authorization_error", "401 authorization_error"},
		{"scope missing", "department.get", func(w *world) string {
			w.sim.AddApp(App{ClientID: "small", Scopes: []string{"calendar"}})
			w.portal.Install("small")
			return w.portal.IssueToken("small", 7).Access
		}, "401 insufficient_scope", "403 insufficient_scope"},
		{"unknown method before auth", "no.such.method", func(*world) string { return "" }, "404 ERROR_METHOD_NOT_FOUND", "404 ERROR_METHOD_NOT_FOUND"},
		{"webhook", "7/abc/profile", func(*world) string { return "" }, "401 INVALID_CREDENTIALS", "403 INVALID_CREDENTIALS"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			token := tc.token(w)
			same(t, tc.want, failure(t, w.rest(token, tc.method, "")))
			w.portal.DocStatuses = true
			same(t, tc.documented, failure(t, w.rest(token, tc.method, "")))
		})
	}
}

func TestTokenIsGoodForAnHour(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token(7)
	w.pass(time.Hour - 1)
	same(t, 200, w.rest(token, "profile", "").Code)
}

func TestWhereTheTokenIsTakenFrom(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token(7)
	address := "http://" + worldHost + "/rest/profile"
	header := httptest.NewRequest(http.MethodGet, address, nil)
	header.Header.Set("Authorization", "Bearer "+token)
	same(t, 200, w.send(header).Code)
	same(t, 200, w.get(address+"?auth="+token).Code)
	same(t, 200, w.get(address+"?access_token="+token).Code)
	same(t, 200, w.postForm(address, url.Values{"auth": {token}}).Code)
	body := httptest.NewRequest(http.MethodPost, address, strings.NewReader(`{"auth":"`+token+`"}`))
	body.Header.Set("Content-Type", "application/json")
	same(t, 200, w.send(body).Code)
}

func TestMethodNames(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, name := range []string{"profile", "PROFILE", "Profile.json", "profile.json", "profile/"} {
		same(t, 200, w.rest(w.token(7), name, "").Code)
	}
}

func TestMalformedJSONLosesTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := httptest.NewRequest(http.MethodPost, "http://"+worldHost+"/rest/profile", strings.NewReader(`{"auth":"`+w.token(7)+`"`))
	r.Header.Set("Content-Type", "application/json")
	same(t, "401 NO_AUTH_FOUND", failure(t, w.send(r)))
}

func TestTimeBlock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, got, _ := strings.Cut(w.rest(w.token(7), "user.admin", "").Body.String(), `,"time":`)
	same(t, `{"start":1773133200,"finish":1773133200,"duration":0,"processing":0,`+
		`"date_start":"2026-03-10T12:00:00+03:00","date_finish":"2026-03-10T12:00:00+03:00",`+
		`"operating_reset_at":1773133800,"operating":0}}`, got)
}

func TestErrorsCarryNoTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	same(t, `{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}`, w.rest("", "nothing", "").Body.String())
	same(t, `{"error":"ERROR_ARGUMENT","error_description":"Argument \u0027EVENT\u0027 is null or empty","argument":"EVENT"}`,
		w.rest(w.token(1), "event.bind", "").Body.String())
}

func TestOtherOriginsMayCall(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodOptions, "http://"+worldHost+"/rest/profile", nil),
		httptest.NewRequest(http.MethodGet, "http://"+worldHost+"/rest/profile", nil),
	} {
		h := w.send(r).Header()
		same(t, "*", h.Get("Access-Control-Allow-Origin"))
		same(t, "origin, content-type, accept", h.Get("Access-Control-Allow-Headers"))
		same(t, "nosniff", h.Get("X-Content-Type-Options"))
	}
	same(t, 1, len(w.portal.Requests())) // a preflight is no call
}

func TestBurstThenTwoASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token(7)
	burst := func() (answered int) {
		for range 100 {
			if w.rest(token, "profile", "").Code == 200 {
				answered++
			}
		}
		return answered
	}
	same(t, 50, burst())
	same(t, "503 QUERY_LIMIT_EXCEEDED", failure(t, w.rest(token, "profile", "")))
	w.pass(3 * time.Second)
	same(t, 6, burst())
	w.pass(time.Hour)
	token = w.token(7)
	same(t, 50, burst())
	w.portal.Reset()
	same(t, 50, burst())
}

func TestOperatingLimit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.portal.SetCost("user.get", 200*time.Second)
	w.portal.SetCost("profile", 99*time.Millisecond)
	call := func(method string) int { return w.rest(w.token(7), method, "").Code }
	same(t, []int{200, 200, 200}, []int{call("user.get"), call("user.get"), call("user.get")})
	same(t, "429 OPERATION_TIME_LIMIT", failure(t, w.rest(w.token(7), "user.get", "")))
	same(t, 200, call("user.current")) // counted per method
	batch := w.ask(t, 7, "batch", `{"cmd":{"a":"user.get"}}`)
	same(t, true, strings.Contains(batch, `"result_error":{"a":{"error":"OPERATION_TIME_LIMIT"`))
	w.pass(10*time.Minute - time.Second)
	same(t, 429, call("user.get"))
	w.pass(time.Second)
	same(t, 200, call("user.get"))
	body := w.rest(w.token(7), "profile", "").Body.String()
	same(t, true, strings.HasSuffix(body, `"operating":0}}`)) // short calls do not count
	body = w.rest(w.token(7), "user.get", "").Body.String()
	same(t, true, strings.HasSuffix(body, `"operating_reset_at":1773134400,"operating":400}}`))
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.rest(w.token(7), "Profile.json", "")
	w.rest("", "profile", "")
	w.rest(w.token(7), "batch", `{"cmd":{"a":"user.admin","b":"x.y"}}`)
	at := w.clock()
	same(t, []Request{
		{Method: "profile", Status: 200, At: at},
		{Method: "profile", Status: 401, At: at},
		{Method: "user.admin", Status: 200, Batch: true, At: at},
		{Method: "x.y", Status: 404, Batch: true, At: at},
		{Method: "batch", Status: 200, At: at},
	}, w.portal.Requests())
	w.portal.Reset()
	same(t, 0, len(w.portal.Requests()))
}

func TestMove(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	token := w.token(7)
	w.portal.Move("gamma.localhost:4081")
	old := w.rest(token, "profile", "")
	same(t, 302, old.Code)
	same(t, "http://gamma.localhost:4081/rest/profile?auth="+token, old.Header().Get("Location"))
	same(t, 200, w.get(old.Header().Get("Location")).Code)
	same(t, "http://gamma.localhost:4081/", w.get("http://"+worldHost+"/").Header().Get("Location"))
	renewed := w.tokens(t, refresh(w.portal.IssueToken(worldApp, 7).Refresh))
	same(t, "http://gamma.localhost:4081/rest/", renewed.Client)
	same(t, 404, w.get("http://nobody.localhost/").Code)
}

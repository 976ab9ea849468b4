package rest_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/rest"
	"slotfinder/internal/portalsim/simtest"
)

func TestWhoMayCall(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name, method string
		token        func(*simtest.World) string
		want         string // of the source
		documented   string
	}{
		{"no token", "profile", func(*simtest.World) string { return "" }, "401 NO_AUTH_FOUND", "401 NO_AUTH_FOUND"},
		{"unknown token", "profile", func(*simtest.World) string { return "x" }, "401 invalid_token", "401 invalid_token"},
		{"expired", "profile", func(w *simtest.World) string {
			token := w.Token(7)
			w.Advance(time.Hour)
			return token
		}, "401 expired_token", "401 expired_token"},
		{"expired at once", "profile", func(w *simtest.World) string {
			token := w.Token(7)
			w.Portal.ExpireTokens()
			return token
		}, "401 expired_token", "401 expired_token"},
		{"dismissed", "profile", func(w *simtest.World) string { return w.Token(8) }, "401 authorization_error", "401 authorization_error"},
		{"no such user", "profile", func(w *simtest.World) string { return w.Token(99) }, "401 authorization_error", "401 authorization_error"},
		{"scope missing", "department.get", func(w *simtest.World) string {
			w.Sim.AddApp(oauth.App{ClientID: "small", Scopes: []string{"calendar"}})
			w.Portal.Install("small")
			return w.Portal.IssueToken("small", 7).Access
		}, "401 insufficient_scope", "403 insufficient_scope"},
		{"unknown method before auth", "no.such.method", func(*simtest.World) string { return "" }, "404 ERROR_METHOD_NOT_FOUND", "404 ERROR_METHOD_NOT_FOUND"},
		{"webhook", "7/abc/profile", func(*simtest.World) string { return "" }, "401 INVALID_CREDENTIALS", "403 INVALID_CREDENTIALS"},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			w := simtest.New(t)
			token := tc.token(w)
			simtest.Equal(t, tc.want, simtest.ErrorOf(t, w.Call(token, tc.method, "")))
			w.Portal.DocStatuses = true
			simtest.Equal(t, tc.documented, simtest.ErrorOf(t, w.Call(token, tc.method, "")))
		})
	}
}

func TestTokenIsGoodForAnHour(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	token := w.Token(7)
	w.Advance(time.Hour - 1)
	simtest.Equal(t, 200, w.Call(token, "profile", "").Code)
}

func TestWhereTheTokenIsTakenFrom(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	token := w.Token(7)
	address := "http://" + simtest.Host + "/rest/profile"
	header := httptest.NewRequest(http.MethodGet, address, nil)
	header.Header.Set("Authorization", "Bearer "+token)
	simtest.Equal(t, 200, w.Send(header).Code)
	simtest.Equal(t, 200, w.Get(address+"?auth="+token).Code)
	simtest.Equal(t, 200, w.Get(address+"?access_token="+token).Code)
	simtest.Equal(t, 200, w.PostForm(address, url.Values{"auth": {token}}).Code)
	body := httptest.NewRequest(http.MethodPost, address, strings.NewReader(`{"auth":"`+token+`"}`))
	body.Header.Set("Content-Type", "application/json")
	simtest.Equal(t, 200, w.Send(body).Code)
}

func TestMethodNames(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	for _, name := range []string{"profile", "PROFILE", "Profile.json", "profile.json", "profile/"} {
		simtest.Equal(t, 200, w.Call(w.Token(7), name, "").Code)
	}
}

func TestMalformedJSONLosesTheToken(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	r := httptest.NewRequest(http.MethodPost, "http://"+simtest.Host+"/rest/profile", strings.NewReader(`{"auth":"`+w.Token(7)+`"`))
	r.Header.Set("Content-Type", "application/json")
	simtest.Equal(t, "401 NO_AUTH_FOUND", simtest.ErrorOf(t, w.Send(r)))
}

func TestTimeBlock(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	_, got, _ := strings.Cut(w.Call(w.Token(7), "user.admin", "").Body.String(), `,"time":`)
	simtest.Equal(t, `{"start":1773133200,"finish":1773133200,"duration":0,"processing":0,`+
		`"date_start":"2026-03-10T12:00:00+03:00","date_finish":"2026-03-10T12:00:00+03:00",`+
		`"operating_reset_at":1773133800,"operating":0}}`, got)
}

func TestErrorsCarryNoTime(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	simtest.Equal(t, `{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}`, w.Call("", "nothing", "").Body.String())
	simtest.Equal(t, `{"error":"ERROR_ARGUMENT","error_description":"Argument \u0027EVENT\u0027 is null or empty","argument":"EVENT"}`,
		w.Call(w.Token(1), "event.bind", "").Body.String())
}

func TestOtherOriginsMayCall(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	for _, r := range []*http.Request{
		httptest.NewRequest(http.MethodOptions, "http://"+simtest.Host+"/rest/profile", nil),
		httptest.NewRequest(http.MethodGet, "http://"+simtest.Host+"/rest/profile", nil),
	} {
		h := w.Send(r).Header()
		simtest.Equal(t, "*", h.Get("Access-Control-Allow-Origin"))
		simtest.Equal(t, "origin, content-type, accept", h.Get("Access-Control-Allow-Headers"))
		simtest.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
	}
	simtest.Equal(t, 1, len(w.Portal.Requests())) // a preflight is no call
}

func TestBurstThenTwoASecond(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	token := w.Token(7)
	burst := func() (answered int) {
		for range 100 {
			if w.Call(token, "profile", "").Code == 200 {
				answered++
			}
		}
		return answered
	}
	simtest.Equal(t, 50, burst())
	simtest.Equal(t, "503 QUERY_LIMIT_EXCEEDED", simtest.ErrorOf(t, w.Call(token, "profile", "")))
	w.Advance(3 * time.Second)
	simtest.Equal(t, 6, burst())
	w.Advance(time.Hour)
	token = w.Token(7)
	simtest.Equal(t, 50, burst())
	w.Portal.Reset()
	simtest.Equal(t, 50, burst())
}

func TestOperatingLimit(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Portal.SetCost("user.get", 200*time.Second)
	w.Portal.SetCost("profile", 99*time.Millisecond)
	call := func(method string) int { return w.Call(w.Token(7), method, "").Code }
	simtest.Equal(t, []int{200, 200, 200}, []int{call("user.get"), call("user.get"), call("user.get")})
	simtest.Equal(t, "429 OPERATION_TIME_LIMIT", simtest.ErrorOf(t, w.Call(w.Token(7), "user.get", "")))
	simtest.Equal(t, 200, call("user.current")) // counted per method
	batch := w.Ask(t, 7, "batch", `{"cmd":{"a":"user.get"}}`)
	simtest.Equal(t, true, strings.Contains(batch, `"result_error":{"a":{"error":"OPERATION_TIME_LIMIT"`))
	w.Advance(10*time.Minute - time.Second)
	simtest.Equal(t, 429, call("user.get"))
	w.Advance(time.Second)
	simtest.Equal(t, 200, call("user.get"))
	body := w.Call(w.Token(7), "profile", "").Body.String()
	simtest.Equal(t, true, strings.HasSuffix(body, `"operating":0}}`)) // short calls do not count
	body = w.Call(w.Token(7), "user.get", "").Body.String()
	simtest.Equal(t, true, strings.HasSuffix(body, `"operating_reset_at":1773134400,"operating":400}}`))
}

func TestRequestsAreLogged(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	w.Call(w.Token(7), "Profile.json", "")
	w.Call("", "profile", "")
	w.Call(w.Token(7), "batch", `{"cmd":{"a":"user.admin","b":"x.y"}}`)
	at := w.Clock()
	simtest.Equal(t, []rest.Request{
		{Method: "profile", Status: 200, At: at},
		{Method: "profile", Status: 401, At: at},
		{Method: "user.admin", Status: 200, Batch: true, At: at},
		{Method: "x.y", Status: 404, Batch: true, At: at},
		{Method: "batch", Status: 200, At: at},
	}, w.Portal.Requests())
	w.Portal.Reset()
	simtest.Equal(t, 0, len(w.Portal.Requests()))
}

func TestAMovedPortalRedirects(t *testing.T) {
	t.Parallel()
	w := simtest.New(t)
	token := w.Token(7)
	w.Portal.Move("gamma.localhost:4081")
	old := w.Call(token, "profile", "")
	simtest.Equal(t, 302, old.Code)
	simtest.Equal(t, "http://gamma.localhost:4081/rest/profile?auth="+token, old.Header().Get("Location"))
	simtest.Equal(t, 200, w.Get(old.Header().Get("Location")).Code)
	simtest.Equal(t, "http://gamma.localhost:4081/", w.Get("http://"+simtest.Host+"/").Header().Get("Location"))
	renewed := w.Tokens(t, simtest.Refresh(w.Portal.IssueToken(simtest.ClientID, 7).Refresh))
	simtest.Equal(t, "http://gamma.localhost:4081/rest/", renewed.Client)
	simtest.Equal(t, 404, w.Get("http://nobody.localhost/").Code)
}

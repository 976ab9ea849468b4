package bitrix24

import (
	"errors"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/meet"
)

// settingsOnly asks for something that needs one request.
func settingsOnly(t testing.TB, f *fake) error {
	t.Helper()
	_, err := f.client(t).Office(t.Context(), anna)
	return err
}

func TestMeaningOfErrors(t *testing.T) {
	t.Parallel()
	code := func(code string) string {
		return `{"error":"` + code + `","error_description":"<b>Geheimnis</b> on portal.example"}`
	}
	tests := []struct {
		name     string
		answer   func(request) answer
		kind     meet.Kind
		key      string
		requests int
	}{
		{"too fast", status(503, code("QUERY_LIMIT_EXCEEDED")), meet.Busy, "error.portal_busy", maxTries},
		{"too fast, at status 200", ok(code("QUERY_LIMIT_EXCEEDED")), meet.Busy, "error.portal_busy", maxTries},
		{"too much work", status(429, code("OPERATION_TIME_LIMIT")), meet.Busy, "error.portal_busy", 1},
		{"blocked by hand", status(503, code("OVERLOAD_LIMIT")), meet.Busy, "error.portal_busy", 1},
		{"no token", status(401, code("NO_AUTH_FOUND")), meet.SignedOut, "error.signed_out", 1},
		{"bad credentials", status(403, code("INVALID_CREDENTIALS")), meet.SignedOut, "error.signed_out", 1},
		{"user dismissed", status(401, code("authorization_error")), meet.SignedOut, "error.signed_out", 1},
		{"app removed", status(401, code("APPLICATION_NOT_FOUND")), meet.SignedOut, "error.signed_out", 1},
		{"expired and not renewable", status(401, code("expired_token")), meet.SignedOut, "error.signed_out", 1},
		{"plan without REST", status(401, code("ACCESS_DENIED")), meet.Unsupported, "error.portal_plan", 1},
		{"not paid", status(400, code("PAYMENT_REQUIRED")), meet.Unsupported, "error.portal_plan", 1},
		{"scope, as in the source", status(401, code("insufficient_scope")), meet.Unsupported, "error.portal_scope", 1},
		{"scope, as documented", status(403, code("insufficient_scope")), meet.Unsupported, "error.portal_scope", 1},
		{"no access to the app", status(401, code("user_access_error")), meet.Unsupported, "error.portal_scope", 1},
		{"no such method", status(404, code("ERROR_METHOD_NOT_FOUND")), meet.Unsupported, "error.portal_scope", 1},
		{"empty code", status(400, code("")), meet.Unsupported, "error.portal_scope", 1},
		{"portal deleted, as in the source", status(403, code("PORTAL_DELETED")), meet.Unavailable, "error.portal_deleted", 1},
		{"portal deleted, as documented", status(500, code("PORTAL_DELETED")), meet.Unavailable, "error.portal_deleted", 1},
		{"internal error", status(500, code("INTERNAL_SERVER_ERROR")), meet.Unavailable, "error.portal_down", maxTries},
		{"authorization server down", status(401, code("CONNECTION_ERROR")), meet.Unavailable, "error.portal_down", maxTries},
		{"unexpected answer", status(500, code("ERROR_UNEXPECTED_ANSWER")), meet.Unavailable, "error.portal_down", maxTries},
		{"core error", status(400, code("ERROR_CORE")), meet.Unavailable, "error.portal_answer", 1},
		{"unheard-of code at 500", status(500, code("WHAT")), meet.Unavailable, "error.portal_down", maxTries},
		{"nested code of the new API", status(403, `{"error":{"code":"insufficient_scope","message":"Geheimnis"}}`), meet.Unsupported, "error.portal_scope", 1},
		{"code is a number", status(400, `{"error":17,"error_description":"Geheimnis"}`), meet.Unavailable, "error.portal_answer", 1},
		{"HTML from the front end", status(502, `<html>Geheimnis</html>`), meet.Unavailable, "error.portal_down", maxTries},
		{"HTML of a closed portal", ok(`<html>Geheimnis</html>`), meet.Unavailable, "error.portal_answer", maxTries},
		{"HTML at 403", status(403, `<html>Geheimnis</html>`), meet.Unavailable, "error.portal_answer", 1},
		{"cut JSON", ok(`{"result":{"result":{"c0":{"work_time_start":"9"`), meet.Unavailable, "error.portal_answer", maxTries},
		{"no body", ok(``), meet.Unavailable, "error.portal_answer", maxTries},
		{"neither result nor error", ok(`{"time":{}}`), meet.Unavailable, "error.portal_answer", maxTries},
		{"connection lost", status(-2, ""), meet.Unavailable, "error.portal_down", maxTries},
		{"never answers", status(-1, ""), meet.Unavailable, "error.portal_slow", 1},
		{"redirect without a renewal", func(request) answer {
			return answer{status: 302, header: map[string]string{"Location": "https://evil.example/rest/batch"}}
		}, meet.SignedOut, "error.signed_out", 1},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake(map[string]func(request) answer{"batch": test.answer})
				began := time.Now()
				err := settingsOnly(t, f)
				var e *meet.Error
				if !errors.As(err, &e) || e.Kind != test.kind || e.Key != test.key {
					t.Errorf("got %v, want %d %s", err, test.kind, test.key)
				}
				if f.count() != test.requests {
					t.Errorf("%d requests, want %d", f.count(), test.requests)
				}
				if took := time.Since(began); took > readTimeout {
					t.Errorf("took %v, more than the time for a read", took)
				}
				if text := fmt.Sprint(err); strings.Contains(text, "Geheimnis") || strings.Contains(text, "fresh") || strings.Contains(text, "http") {
					t.Errorf("the error tells too much: %s", text)
				}
			})
		})
	}
}

func TestCodesAreNames(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		`"QUERY_LIMIT_EXCEEDED"`:   "QUERY_LIMIT_EXCEEDED",
		`"<script>"`:               "?",
		`"LEAK of a secret"`:       "?",
		`""`:                       "",
		`null`:                     "",
		`0`:                        "0",
		`{"code":"A_B","x":1}`:     "A_B",
		`{}`:                       "",
		`["x"]`:                    "",
		`"` + long("A", 100) + `"`: "?",
		`"line\nbreak"`:            "?",
	} {
		if got := errorCode([]byte(raw)); got != want {
			t.Errorf("%s: got %q, want %q", raw, got, want)
		}
	}
}

func long(s string, n int) string { return strings.Repeat(s, n) }

func TestRetriesWaitAndThenSucceed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		first answer
		waits time.Duration // with a random number of 0.5
	}{
		{"lost connection: half of 500 ms", answer{status: -2}, 250 * time.Millisecond},
		{"too fast: three quarters of a second", answer{status: 503, body: `{"error":"QUERY_LIMIT_EXCEEDED"}`}, 750 * time.Millisecond},
		{"the portal says how long", answer{status: 503, body: `{"error":"QUERY_LIMIT_EXCEEDED"}`, header: map[string]string{"Retry-After": "3"}}, 3 * time.Second},
		{
			"the portal says until when", // the bubble's clock starts at 2000-01-01T00:00:00Z
			answer{status: 429, body: `{"error":"OPERATION_TIME_LIMIT","time":{"operating_reset_at":946684805}}`},
			5 * time.Second,
		},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				f := newFake(map[string]func(request) answer{"batch": inTurn(func(request) answer { return test.first }, ok(berlinSettings))})
				if err := settingsOnly(t, f); err != nil {
					t.Fatal(err)
				}
				if got := f.requests[1].at.Sub(f.requests[0].at); got != test.waits {
					t.Errorf("waited %v, want %v", got, test.waits)
				}
			})
		})
	}
}

// No wait begins that would outlast the caller's deadline.
func TestNoWaitBeyondTheDeadline(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{
			"batch": func(request) answer {
				return answer{status: 503, body: `{"error":"QUERY_LIMIT_EXCEEDED"}`, header: map[string]string{"Retry-After": "60"}}
			},
		})
		began := time.Now()
		if err := settingsOnly(t, f); meet.KindOf(err) != meet.Busy {
			t.Errorf("got %v, want Busy", err)
		}
		if took := time.Since(began); took != 0 || f.count() != 1 {
			t.Errorf("took %v and %d requests, want none of the first and one", took, f.count())
		}
	})
}

// 60 requests at once: 45 go out immediately, the others at the portal's pace.
// Other portals aren't held up.
func TestPace(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{"profile": ok(`{"result":{"ID":"7"}}`)})
		c := f.client(t)
		began := time.Now()
		var wait sync.WaitGroup
		for n := range 60 {
			wait.Go(func() {
				m := meet.Member{Portal: anna.Portal, User: int64(n)}
				if err := c.call(t.Context(), m, restCall{"profile", nil, func([]byte) error { return nil }}); err != nil {
					t.Error(err)
				}
			})
		}
		wait.Wait()
		other := meet.Member{Portal: "other"}
		if err := c.call(t.Context(), other, restCall{"profile", nil, func([]byte) error { return nil }}); err != nil {
			t.Error(err)
		}
		level, last := 0.0, began
		atOnce := 0
		slices.SortFunc(f.requests, func(a, b request) int { return a.at.Compare(b.at) })
		for _, r := range f.requests[:60] {
			level = max(0, level-2*r.at.Sub(last).Seconds()) + 1
			last = r.at
			if level > 50 {
				t.Fatalf("the portal's bucket of 50 ran over after %v", r.at.Sub(began))
			}
			if r.at.Equal(began) {
				atOnce++
			}
		}
		if atOnce != requestBurst {
			t.Errorf("%d at once, want %d", atOnce, requestBurst)
		}
		if took := last.Sub(began); took < 7*time.Second || took > 9*time.Second {
			t.Errorf("60 requests took %v", took)
		}
		if got := f.requests[60].at; !got.Equal(last) {
			t.Errorf("the other portal waited %v", got.Sub(last))
		}
	})
}

func TestPaceFailsAtOnceWhenTheWaitIsTooLong(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		f := newFake(map[string]func(request) answer{"batch": ok(berlinSettings)})
		c := f.client(t)
		portal := c.portals.get(anna.Portal)
		portal.bucket.ReserveN(time.Now(), requestBurst)
		for range 30 {
			portal.bucket.Reserve()
		}
		began := time.Now()
		_, err := c.Office(t.Context(), anna)
		if meet.KindOf(err) != meet.Busy || f.count() != 0 || time.Since(began) > readTimeout {
			t.Errorf("got %v after %v and %d requests, want Busy", err, time.Since(began), f.count())
		}
	})
}

func TestBreaker(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		broken := true
		f := newFake(map[string]func(request) answer{"batch": func(request) answer {
			if broken {
				return answer{status: 403, body: "<html>"}
			}
			return answer{body: berlinSettings}
		}})
		c := f.client(t)
		for range maxFailures + 5 {
			if _, err := c.Office(t.Context(), anna); meet.KindOf(err) != meet.Unavailable {
				t.Fatal(err)
			}
		}
		if f.count() != maxFailures {
			t.Errorf("%d requests, want %d: the rest must not be sent", f.count(), maxFailures)
		}
		time.Sleep(breakerPause)
		for range 3 {
			_, _ = c.Office(t.Context(), anna)
		}
		if f.count() != maxFailures+1 {
			t.Errorf("%d requests, want one more: only one may try", f.count())
		}
		time.Sleep(breakerPause)
		broken = false
		if _, err := c.Office(t.Context(), anna); err != nil {
			t.Errorf("the portal is back, but: %v", err)
		}
	})
}

func TestRenewal(t *testing.T) {
	t.Parallel()
	expired := func(r request) answer {
		if r.params["auth"] == "fresh" {
			return answer{status: 401, body: `{"error":"expired_token"}`}
		}
		return answer{body: berlinSettings}
	}
	tests := []struct {
		name      string
		answer    func(request) answer
		renewed   string
		kind      meet.Kind
		requests  int
		renewals  int
		succeeded bool
	}{
		{"expired", expired, "newer", 0, 2, 1, true},
		{"invalid", func(r request) answer {
			a := expired(r)
			a.body = strings.Replace(a.body, "expired", "invalid", 1)
			return a
		}, "newer", 0, 2, 1, true},
		{"still expired: once is enough", status(401, `{"error":"expired_token"}`), "newer", meet.SignedOut, 2, 1, false},
		{"other 401s are no reason to renew", status(401, `{"error":"user_access_error"}`), "newer", meet.Unsupported, 1, 0, false},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{"batch": test.answer})
			f.renew = func(stale string) (string, string, error) {
				if stale != "fresh" {
					t.Errorf("stale token %q", stale)
				}
				return f.endpoint, test.renewed, nil
			}
			err := settingsOnly(t, f)
			if (err == nil) != test.succeeded || err != nil && meet.KindOf(err) != test.kind {
				t.Errorf("got %v", err)
			}
			if f.count() != test.requests || f.renewals != test.renewals {
				t.Errorf("%d requests and %d renewals, want %d and %d", f.count(), f.renewals, test.requests, test.renewals)
			}
		})
	}
}

// No redirect is followed unless the authorization server says that the portal lives
// there.
func TestRedirectsAreConfirmed(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, location, endpoint string
		reached                  string // host of the second request, "" = none
	}{
		{"confirmed move", "https://new.example/rest/batch", "https://new.example/rest/", "new.example"},
		{"confirmed, letters and port", "https://NEW.example:443/", "https://new.example/rest/", "new.example"},
		{"somewhere else", "https://evil.example/rest/batch", "https://portal.example/rest/", ""},
		{"a host that begins the same", "https://portal.example.evil.example/", "https://portal.example/rest/", ""},
		{"relative", "/login/", "https://portal.example/rest/", ""},
		{"no address", "", "https://portal.example/rest/", ""},
		{"another scheme", "file:///etc/passwd", "https://portal.example/rest/", ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			moved := func(request) answer { return answer{status: 302, header: map[string]string{"Location": test.location}} }
			f := newFake(map[string]func(request) answer{"batch": inTurn(moved, ok(berlinSettings))})
			f.renew = func(string) (string, string, error) { return test.endpoint, "newer", nil }
			err := settingsOnly(t, f)
			switch {
			case test.reached == "" && (meet.KindOf(err) != meet.Unavailable || f.count() != 1):
				t.Errorf("got %v and %d requests, want Unavailable and one", err, f.count())
			case test.reached != "" && (err != nil || f.requests[1].host != test.reached):
				t.Errorf("got %v; requests %v", err, f.requests)
			case test.reached != "" && f.requests[1].params["cmd"] == nil:
				t.Error("the body was lost on the way")
			}
		})
	}
}

func TestProfile(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"profile": ok(
		`{"result":{"ID":"1","ADMIN":true,"NAME":" Anna ","LAST_NAME":"Becker","PERSONAL_GENDER":"","TIME_ZONE":"Europe\/Berlin"},"time":{"start":1.5}}`)})
	got, err := f.client(t).Profile(t.Context(), "https://portal.example/rest", "one-time")
	if want := (meet.Profile{User: 1, Name: "Anna Becker", Admin: true, Zone: "Europe/Berlin"}); err != nil || got != want {
		t.Errorf("got %+v, %v; want %+v", got, err, want)
	}
	if f.requests[0].params["auth"] != "one-time" {
		t.Errorf("token %v", f.requests[0].params["auth"])
	}
	f.answers["profile"] = ok(`{"result":[]}`)
	if _, err := f.client(t).Profile(t.Context(), f.endpoint, "x"); meet.KindOf(err) != meet.Unavailable {
		t.Errorf("no user: got %v", err)
	}
}

// An answer without end is cut off, over a real connection.
func TestAnswerLimit(t *testing.T) {
	t.Parallel()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		piece := []byte(long(" ", 1<<20))
		for range 70 {
			if _, err := w.Write(piece); err != nil {
				return
			}
		}
	}))
	defer server.Close()
	c := New(Config{HTTP: NewHTTPClient(true)})
	_, err := c.Profile(t.Context(), server.URL+"/rest/", "t")
	if !errors.Is(err, errTooLarge) || meet.KindOf(err) != meet.Unavailable {
		t.Errorf("got %v", err)
	}
}

func TestBatchOutcomes(t *testing.T) {
	t.Parallel()
	body := `{"result":{"result":{"c0":[1]},"result_error":{"c1":{"error":"","error_description":"x"}},"result_total":[],"result_next":[],"result_time":[]},"time":[]}`
	outcomes, _, err := readBatch([]byte(body), make([]command, 3))
	if err != nil {
		t.Fatal(err)
	}
	if outcomes[0].err != nil || string(outcomes[0].result) != "[1]" {
		t.Errorf("c0: %+v", outcomes[0])
	}
	if e := outcomes[1].err; e == nil || e.Code != "" || e.Err != nil {
		t.Errorf("c1: %+v", outcomes[1])
	}
	if e := outcomes[2].err; e == nil || !errors.Is(e, errMissing) {
		t.Errorf("c2: %+v", outcomes[2])
	}
}

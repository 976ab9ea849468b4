package bitrix24

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/meet"
)

// writes are the calls that change something.
var writes = map[string]func(context.Context, *Events) error{
	"calendar.event.add": func(ctx context.Context, s *Events) error {
		_, err := s.CreateEvent(ctx, anna, planned())
		return err
	},
	"calendar.event.update": func(ctx context.Context, s *Events) error {
		e := planned()
		return s.MoveEvent(ctx, anna, e, e.Start, e.End)
	},
	"calendar.event.delete": func(ctx context.Context, s *Events) error { return s.DeleteEvent(ctx, anna, 12) },
	"calendar.meeting.status.set": func(ctx context.Context, s *Events) error {
		return s.AnswerEvent(ctx, anna, 12, meet.AnswerAccepted)
	},
}

// An event is written again only if the portal certainly did nothing. Where nobody can tell, it
// is Uncertain, after one request.
func TestFailuresOfEventWrites(t *testing.T) {
	t.Parallel()
	code := func(code string) string {
		return `{"error":"` + code + `","error_description":"Geheimnis on portal.example"}`
	}
	const done = `{"result":12,"time":{}}`
	redirect := func(request) answer {
		return answer{status: 302, header: map[string]string{"Location": "https://moved.example/rest/x"}}
	}
	renewTo := func(endpoint string) func(string) (string, string, error) {
		return func(string) (string, string, error) { return endpoint, "renewed", nil }
	}
	same, moved := renewTo("https://portal.example/rest/"), renewTo("https://moved.example/rest/")
	const fine, uncertain = meet.Kind(255), "error.uncertain"
	type renewal = func(string) (string, string, error)
	tests := []struct {
		name     string
		answer   func() func(request) answer
		renew    renewal
		kind     meet.Kind
		key      string
		requests int
	}{
		{"done", fixed(ok(done)), nil, fine, "", 1},
		{"token expired", turns(status(401, code("expired_token")), ok(done)), same, fine, "", 2},
		{"token invalid", turns(status(401, code("invalid_token")), ok(done)), same, fine, "", 2},
		{"token expired for ever", fixed(status(401, code("expired_token"))), same, meet.SignedOut, "error.signed_out", 2},
		{"no other token", fixed(status(401, code("expired_token"))), nil, meet.SignedOut, "error.signed_out", 1},
		{"lost after a renewal", turns(status(401, code("expired_token")), status(502, "<html>")), same, meet.Uncertain, uncertain, 2},
		{"too fast", turns(status(503, code("QUERY_LIMIT_EXCEEDED")), ok(done)), nil, fine, "", 2},
		{"too fast, at status 200", turns(ok(code("QUERY_LIMIT_EXCEEDED")), ok(done)), nil, fine, "", 2},
		{"too fast for ever", fixed(status(503, code("QUERY_LIMIT_EXCEEDED"))), nil, meet.Busy, "error.portal_busy", maxTries},
		{"lost after a pause", turns(status(503, code("QUERY_LIMIT_EXCEEDED")), status(502, "<html>")), nil, meet.Uncertain, uncertain, 2},
		{"too much work", fixed(status(429, code("OPERATION_TIME_LIMIT"))), nil, meet.Busy, "error.portal_busy", 1},
		{"too much work until", fixed(status(429, `{"error":"OPERATION_TIME_LIMIT","time":{"operating_reset_at":946684810}}`)), nil, meet.Busy, "error.portal_busy", 1},
		{"blocked by hand", fixed(status(503, code("OVERLOAD_LIMIT"))), nil, meet.Busy, "error.portal_busy", 1},
		{"the calendar's no", fixed(status(400, code(""))), nil, meet.Forbidden, "error.meeting_refused", 1},
		{"the calendar's no, at status 200", fixed(ok(code(""))), nil, meet.Forbidden, "error.meeting_refused", 1},
		{"no token", fixed(status(401, code("NO_AUTH_FOUND"))), nil, meet.SignedOut, "error.signed_out", 1},
		{"scope", fixed(status(403, code("insufficient_scope"))), nil, meet.Unsupported, "error.portal_scope", 1},
		{"plan", fixed(status(401, code("ACCESS_DENIED"))), nil, meet.Unsupported, "error.portal_plan", 1},
		{"no such method", fixed(status(404, code("ERROR_METHOD_NOT_FOUND"))), nil, meet.Unsupported, "error.portal_scope", 1},
		{"bad argument", fixed(status(400, code("ERROR_ARGUMENT"))), nil, meet.Unavailable, "error.portal_answer", 1},
		{"authorization server down", fixed(status(401, code("CONNECTION_ERROR"))), nil, meet.Unavailable, "error.portal_down", 1},
		{"internal error", fixed(status(500, code("INTERNAL_SERVER_ERROR"))), nil, meet.Uncertain, uncertain, 1},
		{"internal error, at status 200", fixed(ok(code("INTERNAL_SERVER_ERROR"))), nil, meet.Uncertain, uncertain, 1},
		{"unexpected answer", fixed(status(400, code("ERROR_UNEXPECTED_ANSWER"))), nil, meet.Uncertain, uncertain, 1},
		{"exception on the way", fixed(status(400, code("ERROR_CORE"))), nil, meet.Uncertain, uncertain, 1},
		{"database", fixed(status(500, code("ERROR_CORE"))), nil, meet.Uncertain, uncertain, 1},
		{"unheard-of code at 500", fixed(status(500, code("WHAT"))), nil, meet.Uncertain, uncertain, 1},
		{"no code at 500", fixed(status(500, code(""))), nil, meet.Uncertain, uncertain, 1},
		{"HTML of a gateway", fixed(status(502, "<html>Geheimnis</html>")), nil, meet.Uncertain, uncertain, 1},
		{"HTML of a slow gateway", fixed(status(504, "<html>Geheimnis</html>")), nil, meet.Uncertain, uncertain, 1},
		{"HTML at 200", fixed(ok("<html>Geheimnis</html>")), nil, meet.Uncertain, uncertain, 1},
		{"HTML at 403", fixed(status(403, "<html>Geheimnis</html>")), nil, meet.Uncertain, uncertain, 1},
		{"cut at the start", fixed(ok(`{"resu`)), nil, meet.Uncertain, uncertain, 1},
		{"no body", fixed(ok("")), nil, meet.Uncertain, uncertain, 1},
		{"neither result nor error", fixed(ok(`{"time":{}}`)), nil, meet.Uncertain, uncertain, 1},
		{"connection lost", fixed(status(-2, "")), nil, meet.Uncertain, uncertain, 1},
		{"never answers", fixed(status(-1, "")), nil, meet.Uncertain, uncertain, 1},
		{"redirected to strangers", fixed(redirect), same, meet.Unavailable, "error.portal_answer", 1},
		{"redirected and signed out", fixed(redirect), nil, meet.SignedOut, "error.signed_out", 1},
		{"moved", turns(redirect, ok(done)), moved, fine, "", 2},
		{"moved for ever", fixed(redirect), moved, meet.Unavailable, "error.portal_answer", 2},
	}
	for _, test := range tests {
		for method, call := range writes {
			t.Run(test.name+"/"+method, func(t *testing.T) {
				t.Parallel()
				synctest.Test(t, func(t *testing.T) {
					ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
					defer cancel()
					f := newFake(map[string]func(request) answer{method: test.answer()})
					f.renew = test.renew
					checkWrite(t, call(ctx, NewEvents(f.client(t))), test.kind, test.key)
					if f.count() != test.requests {
						t.Errorf("requests %v, want %d", f.methods(), test.requests)
					}
				})
			})
		}
	}
}

func fixed(a func(request) answer) func() func(request) answer {
	return func() func(request) answer { return a }
}

func turns(all ...func(request) answer) func() func(request) answer {
	return func() func(request) answer { return inTurn(all...) }
}

// checkWrite checks an error of a write; kind 255 is none.
func checkWrite(t *testing.T, err error, kind meet.Kind, key string) {
	t.Helper()
	if kind == 255 {
		if err != nil {
			t.Errorf("got %v", err)
		}
		return
	}
	var e *meet.Error
	if !errors.As(err, &e) || e.Kind != kind || e.Key != key {
		t.Errorf("got %v, want %d %s", err, kind, key)
	}
	if text := fmt.Sprint(err); strings.Contains(text, "Geheimnis") || strings.Contains(text, "fresh") || strings.Contains(text, "Plän") || strings.Contains(text, "http") {
		t.Errorf("the error tells too much: %s", text)
	}
}

// An event that was added or changed has a number. Anything else in its place, or half an answer,
// tells nothing.
func TestEventWithoutANumberIsUncertain(t *testing.T) {
	t.Parallel()
	for _, body := range []string{
		`{"result":"Access denied"}`, `{"result":true}`, `{"result":null}`, `{"result":0}`, `{"result":-3}`, `{"result":false}`, `{"result":[]}`, `{"result":""}`,
		`{"result":12`, `{"result":1246,"time":{"start":17`,
	} {
		for _, method := range []string{"calendar.event.add", "calendar.event.update"} {
			f := newFake(map[string]func(request) answer{method: ok(body)})
			err := writes[method](t.Context(), NewEvents(f.client(t)))
			if meet.KindOf(err) != meet.Uncertain || f.count() != 1 {
				t.Errorf("%s %s: %v, %d requests", method, body, err, f.count())
			}
		}
	}
}

// Whoever gives up while the portal works can't know what it did.
func TestGivingUpOnAWriteIsUncertain(t *testing.T) {
	t.Parallel()
	for method, call := range writes {
		synctest.Test(t, func(t *testing.T) {
			ctx, cancel := context.WithCancel(t.Context())
			time.AfterFunc(time.Second, cancel)
			f := newFake(map[string]func(request) answer{method: status(-1, "")})
			if err := call(ctx, NewEvents(f.client(t))); meet.KindOf(err) != meet.Uncertain || f.count() != 1 {
				t.Errorf("%s: %v, %d requests", method, err, f.count())
			}
		})
	}
}

// brokenTransport fails every request.
type brokenTransport struct {
	err   error
	count int
}

func (b *brokenTransport) RoundTrip(*http.Request) (*http.Response, error) {
	b.count++
	return nil, b.err
}

// Where no connection was made nothing was done. A connection that broke may have carried it.
func TestWritesThatNeverLeftAreNotUncertain(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name string
		err  error
		kind meet.Kind
	}{
		{"nobody listens", &net.OpError{Op: "dial", Net: "tcp", Err: errors.New("connection refused")}, meet.Unavailable},
		{"no such name", &net.OpError{Op: "dial", Net: "tcp", Err: &net.DNSError{Err: "no such host", IsNotFound: true}}, meet.Unavailable},
		{"refused address", &net.OpError{Op: "dial", Net: "tcp", Err: fmt.Errorf("%w: not public", errAddressRefused)}, meet.Unavailable},
		{"not https", fmt.Errorf("%w: not https", errAddressRefused), meet.Unavailable},
		{"reading", &net.OpError{Op: "read", Net: "tcp", Err: errors.New("connection reset")}, meet.Uncertain},
		{"writing", &net.OpError{Op: "write", Net: "tcp", Err: errors.New("broken pipe")}, meet.Uncertain},
		{"closed", io.EOF, meet.Uncertain},
	} {
		for method, call := range writes {
			transport := &brokenTransport{err: c.err}
			client := New(Config{Tokens: newFake(nil), HTTP: &http.Client{Transport: transport}})
			if err := call(t.Context(), NewEvents(client)); meet.KindOf(err) != c.kind || transport.count != 1 {
				t.Errorf("%s, %s: %v after %d requests", c.name, method, err, transport.count)
			}
		}
	}
}

// The real HTTP client's refusals are among those.
func TestGuardedWritesAreNotUncertain(t *testing.T) {
	t.Parallel()
	for _, endpoint := range []string{"https://127.0.0.1:1/rest/", "http://portal.example/rest/", "::"} {
		f := newFake(nil)
		f.endpoint = endpoint
		client := New(Config{Tokens: f, HTTP: NewHTTPClient(false)})
		_, err := NewEvents(client).CreateEvent(t.Context(), anna, planned())
		if meet.KindOf(err) != meet.Unavailable || !errors.Is(err, errAddressRefused) {
			t.Errorf("%s: %v", endpoint, err)
		}
	}
}

// An open breaker sends nothing.
func TestOpenBreakerIsNotUncertain(t *testing.T) {
	t.Parallel()
	f := newFake(nil)
	c := f.client(t)
	for range maxFailures {
		c.portals.get(anna.Portal).recordOutcome(time.Now().Add(time.Hour), true)
	}
	for method, call := range writes {
		if err := call(t.Context(), NewEvents(c)); meet.KindOf(err) != meet.Unavailable || f.count() != 0 {
			t.Errorf("%s: %v, %d requests", method, err, f.count())
		}
	}
}

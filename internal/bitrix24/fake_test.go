package bitrix24

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

var anna = meet.Member{Portal: "0123456789abcdef0123456789abcdef", User: 7}

// fake is a portal with hand-written answers. It is the client's transport, so that tests with a
// fake clock can use it, and gives the tokens, too.
type fake struct {
	mu       sync.Mutex
	requests []request
	answers  map[string]func(request) answer // by method
	endpoint string
	token    string
	renewals int
	renew    func(stale string) (endpoint, token string, err error)
}

type request struct {
	host, method string
	at           time.Time
	params       map[string]any
	header       http.Header
}

type answer struct {
	status int
	body   string
	header map[string]string
	after  time.Duration
}

func ok(body string) func(request) answer {
	return func(request) answer { return answer{body: body} }
}

func status(code int, body string) func(request) answer {
	return func(request) answer { return answer{status: code, body: body} }
}

// inTurn gives one answer after the other, the last one for ever.
func inTurn(all ...func(request) answer) func(request) answer {
	n := 0
	return func(r request) answer {
		n++
		return all[min(n, len(all))-1](r)
	}
}

func newFake(answers map[string]func(request) answer) *fake {
	return &fake{answers: answers, endpoint: "https://portal.example/rest/", token: "fresh"}
}

func (f *fake) client(t testing.TB) *Client {
	return New(Config{
		Tokens: f,
		HTTP: &http.Client{
			Transport:     f,
			CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		},
		Rand: func() float64 { return 0.5 },
	})
}

func (f *fake) Token(context.Context, meet.Member) (string, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.endpoint, f.token, nil
}

func (f *fake) Renew(_ context.Context, _ meet.Member, stale string) (string, string, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.renewals++
	if f.renew == nil {
		return "", "", meet.Errorf(meet.SignedOut, "error.signed_out", "no renewal expected")
	}
	return f.renew(stale)
}

// RoundTrip implements http.RoundTripper.
func (f *fake) RoundTrip(r *http.Request) (*http.Response, error) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		return nil, err
	}
	got := request{host: r.URL.Host, method: r.URL.Path[strings.LastIndex(r.URL.Path, "/")+1:], at: time.Now(), header: r.Header}
	if err := json.Unmarshal(body, &got.params); err != nil {
		return nil, fmt.Errorf("request body: %w", err)
	}
	f.mu.Lock()
	f.requests = append(f.requests, got)
	respond := f.answers[got.method]
	var a answer
	if respond == nil {
		a = answer{status: 404, body: `{"error":"ERROR_METHOD_NOT_FOUND","error_description":"Method not found!"}`}
	} else {
		a = respond(got)
	}
	f.mu.Unlock()
	time.Sleep(a.after) // only in tests with a fake clock
	if a.status == -1 { // never answers
		<-r.Context().Done()
		return nil, r.Context().Err()
	}
	if a.status == -2 {
		return nil, io.ErrUnexpectedEOF
	}
	w := httptest.NewRecorder()
	for name, value := range a.header {
		w.Header().Set(name, value)
	}
	if a.status == 0 {
		a.status = http.StatusOK
	}
	w.WriteHeader(a.status)
	_, _ = io.WriteString(w, a.body)
	return w.Result(), nil
}

// count returns how many requests arrived.
func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.requests)
}

func (f *fake) methods() []string {
	f.mu.Lock()
	defer f.mu.Unlock()
	var names []string
	for _, r := range f.requests {
		names = append(names, r.method)
	}
	return names
}

func zoneNamed(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := zone.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// the settings of a portal whose token user lives in Berlin.
const berlinSettings = `{"result":{"result":{
 "c0":{"work_time_start":"9","work_time_end":"18.30","year_holidays":"1.01,2.01,7.01,23.02","year_workdays":"31.12","week_holidays":["SA","SU"],"week_start":"MO"},
 "c1":{"timezoneName":"Europe\/Berlin","timezoneOffsetUTC":3600,"lastUsedSection":false,"work_time_start":"8.00"}},
 "result_error":[],"result_total":[],"result_next":[],"result_time":{"c0":{},"c1":{}}},
 "time":{"start":1773100000,"finish":1773100000.5,"duration":0.5,"processing":0,"date_start":"2026-03-10T02:46:40+03:00","date_finish":"2026-03-10T02:46:40+03:00"}}`

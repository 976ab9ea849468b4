package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// noSessions is a store without sessions: everybody is a stranger.
type noSessions struct{}

var errNoSession = &meet.Error{Kind: meet.NotFound, Key: "error.not_found"}

func (noSessions) LoadSession(context.Context, string, time.Time) (auth.Session, error) {
	return auth.Session{}, errNoSession
}
func (noSessions) SaveSession(context.Context, auth.Session) error { return nil }
func (noSessions) UseSession(context.Context, string, time.Time, time.Time) error {
	return nil
}

func (noSessions) SessionsOf(context.Context, meet.Member, time.Time) ([]auth.Session, error) {
	return nil, nil
}

func (noSessions) UseState(context.Context, string, string, time.Time) (bool, error) {
	return true, nil
}

func (noSessions) SaveFrameCode(context.Context, string, string, string, time.Duration) error {
	return nil
}

func (noSessions) TakeFrameCode(context.Context, string) (idHash string, err error) {
	return "", errNoSession
}
func (noSessions) DeleteSession(context.Context, string) error         { return nil }
func (noSessions) DeleteSessionsOf(context.Context, meet.Member) error { return nil }

func strangersServer(t *testing.T) *Server {
	t.Helper()
	s, err := New(Config{
		PublicURL: &url.URL{Scheme: "https", Host: "slots.example"}, Sessions: noSessions{},
		SessionKeys: [][]byte{[]byte(strings.Repeat("k", 64))}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
		Ready: func(context.Context) error { return nil },
	})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// routes are all routes of the product with who may call each. A route that is
// not here fails the test: whoever adds one decides who may call it.
var routes = map[string]string{
	"GET /":                  "anyone",
	"GET /healthz":           "anyone",
	"GET /readyz":            "anyone",
	"GET /static/*":          "anyone",
	"GET /login":             "signing in",
	"POST /login":            "signing in",
	"GET /login/person":      "signing in", // by a cookie that we have sealed, and the session it was sealed for
	"POST /login/person":     "signing in", // likewise
	"GET /bitrix24":          "signing in",
	"POST /bitrix24":         "frame", // by the tokens in the form
	"POST /bitrix24/install": "frame", // likewise, of an administrator
	"POST /frame":            "frame", // likewise
	"POST /frame/out":        "signed in",
	"POST /open":             "frame", // by its code
	"HEAD /bitrix24":         "portal",
	"HEAD /bitrix24/install": "portal",
	"POST /bitrix24/events":  "portal", // by its application token
	"GET /find":              "signed in",
	"GET /people":            "signed in",
	"GET /groups":            "signed in",
	"POST /groups":           "signed in",
	"POST /groups/delete":    "signed in",
	"GET /live":              "signed in",
	"GET /photo/:id":         "signed in",
	"GET /faces/:ids":        "signed in",
	"GET /hours":             "signed in",
	"POST /hours":            "signed in",
	"GET /settings":          "signed in", // administrators, as Bitrix24 says now
	"POST /settings":         "signed in",
	"GET /sessions":          "signed in",
	"POST /sessions/:id/end": "signed in", // its owner
	"GET /links":             "signed in",
	"POST /links":            "signed in",
	"GET /links/new":         "signed in",
	"GET /links/:id":         "signed in", // this and the next are for the link's owner
	"POST /links/:id":        "signed in",
	"POST /links/:id/pause":  "signed in",
	"POST /links/:id/resume": "signed in",
	"POST /links/:id/revoke": "signed in",
	"POST /links/:id/delete": "signed in",
	"GET /s/:token":          "anyone", // who has the token
	"POST /logout":           "anyone", // ending a session that is not there is no fault
}

func TestAdvisory04Routes(t *testing.T) {
	t.Parallel()
	s := strangersServer(t)
	var got, want []string
	for _, r := range s.echo.Routes() {
		if !strings.HasPrefix(r.Method, "echo_") {
			got = append(got, r.Method+" "+r.Path)
		}
	}
	for name := range routes {
		want = append(want, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-listed +mounted): %s", diff)
	}
}

// TestAdvisory04StrangersGetNothing: every route for signed-in people refuses a stranger.
func TestAdvisory04StrangersGetNothing(t *testing.T) {
	t.Parallel()
	s := strangersServer(t)
	for name, who := range routes {
		if who != "signed in" {
			continue
		}
		method, path, _ := strings.Cut(name, " ")
		request := httptest.NewRequest(method, strings.NewReplacer("*", "x", ":id", "1").Replace(path), nil)
		request.Header.Set("Accept", "application/json")
		answer := httptest.NewRecorder()
		s.ServeHTTP(answer, request)
		if answer.Code != http.StatusUnauthorized {
			t.Errorf("%s: %d", name, answer.Code)
		}
	}
}

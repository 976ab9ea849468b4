package app

import (
	"encoding/base64"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/config"
	"slotfinder/internal/store"
	"slotfinder/web"
)

// newSite is the whole product, of which only its routes are asked for.
func newSite(t *testing.T) *web.Server {
	t.Helper()
	env := map[string]string{
		"SLOTFINDER_PUBLIC_URL": "https://slots.example", "SLOTFINDER_DATABASE": "sqlite:" + filepath.Join(t.TempDir(), "test.db"),
		"SLOTFINDER_SECRET":  base64.StdEncoding.EncodeToString([]byte("0123456789abcdef0123456789ABCDEF")),
		"BITRIX24_CLIENT_ID": "local.test", "BITRIX24_CLIENT_SECRET": "secret",
	}
	cfg, err := config.Load(func(name string) string { return env[name] }, "serve")
	if err != nil {
		t.Fatal(err)
	}
	db, err := store.Open(t.Context(), cfg.Database.DSN())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	p, err := wire(cfg, db, "", slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	return p.site
}

// routes are all routes of the product with who may call each. A route that is
// not here fails the test: whoever adds one decides who may call it.
var routes = map[string]string{
	"GET /":                     "anyone",
	"GET /healthz":              "anyone",
	"GET /readyz":               "anyone",
	"GET /static/*":             "anyone",
	"GET /login":                "signing in",
	"POST /login":               "signing in",
	"GET /login/person":         "signing in", // by a cookie that we have sealed, and the session it was sealed for
	"POST /login/person":        "signing in", // likewise
	"GET /bitrix24":             "signing in",
	"POST /bitrix24":            "frame", // by the tokens in the form
	"POST /bitrix24/install":    "frame", // likewise, of an administrator
	"POST /frame":               "frame", // likewise
	"POST /frame/out":           "signed in",
	"POST /open":                "frame", // by its code
	"HEAD /bitrix24":            "portal",
	"HEAD /bitrix24/install":    "portal",
	"POST /bitrix24/events":     "portal", // by its application token
	"GET /find":                 "signed in",
	"GET /find/text":            "signed in",
	"GET /people":               "signed in",
	"GET /groups":               "signed in",
	"POST /groups":              "signed in",
	"POST /groups/delete":       "signed in",
	"GET /live":                 "signed in",
	"GET /photo/:id":            "signed in",
	"GET /faces/:ids":           "signed in",
	"GET /hours":                "signed in",
	"POST /hours":               "signed in",
	"GET /settings":             "signed in", // administrators, as Bitrix24 says now
	"POST /settings":            "signed in",
	"POST /look":                "signed in",
	"GET /sessions":             "signed in",
	"POST /sessions/:id/end":    "signed in", // its owner
	"GET /meetings":             "signed in",
	"POST /meetings":            "signed in",
	"GET /meetings/new":         "signed in",
	"POST /meetings/new":        "signed in",
	"GET /meetings/:id":         "signed in", // this and the next are for the host and the invited
	"GET /meetings/:id/move":    "signed in",
	"POST /meetings/:id/move":   "signed in",
	"POST /meetings/:id/cancel": "signed in",
	"POST /meetings/:id/answer": "signed in",
	"GET /links":                "signed in",
	"POST /links":               "signed in",
	"GET /links/new":            "signed in",
	"POST /links/new":           "signed in",
	"GET /links/:id":            "signed in", // this and the next are for the link's owner
	"POST /links/:id":           "signed in",
	"GET /links/:id/edit":       "signed in",
	"POST /links/:id/edit":      "signed in",
	"POST /links/:id/pause":     "signed in",
	"POST /links/:id/resume":    "signed in",
	"POST /links/:id/revoke":    "signed in",
	"POST /links/:id/delete":    "signed in",
	"GET /s/:token":             "anyone", // who has the token
	"POST /logout":              "anyone", // ending a session that is not there is no fault
}

func TestEveryRouteIsDecidedOn(t *testing.T) {
	t.Parallel()
	s := newSite(t)
	got := s.Routes()
	var want []string
	for name := range routes {
		want = append(want, name)
	}
	slices.Sort(got)
	slices.Sort(want)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("routes (-listed +mounted): %s", diff)
	}
}

// TestStrangersGetNothing: every route for signed-in people refuses a stranger.
func TestStrangersGetNothing(t *testing.T) {
	t.Parallel()
	s := newSite(t)
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

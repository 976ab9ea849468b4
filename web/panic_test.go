package web

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/gorilla/securecookie"

	"slotfinder/internal/meet"
)

// brokenPortal is a client of portals with a mistake in a decoder.
type brokenPortal struct {
	meet.Directory
	meet.Calendar
	meet.Hours
}

func (brokenPortal) Office(context.Context, meet.Member) (meet.Office, error) {
	var answer []byte
	return meet.Office{}, meet.Errorf(meet.Internal, "canary", "%c", answer[1])
}

func (brokenPortal) People(context.Context, meet.Member, []int64) (map[int64]meet.Person, error) {
	return nil, nil
}

func (brokenPortal) Schedules(context.Context, string, []int64) (map[int64]meet.Schedule, error) {
	return nil, nil
}

// lines is a log that may be read while it is written.
type lines struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.Write(p)
}

func (l *lines) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.b.String()
}

// TestPanicInTheBackground: a decoder that panics below a search, in a goroutine that
// no handler waits for, is an error page for whoever searches. The others see nothing
// of it, and the log says where it was.
func TestPanicInTheBackground(t *testing.T) {
	t.Parallel()
	var log lines
	portal := brokenPortal{}
	site, err := New(Config{
		PublicURL: &url.URL{Scheme: "http", Host: "slots.example"}, SessionKeys: [][]byte{[]byte(strings.Repeat("k", 64))},
		Sessions: &openSessions{ids: map[string]meet.Member{"anna": anna}}, Now: time.Now, Log: slog.New(slog.NewTextHandler(&log, nil)),
		Finder: &meet.Finder{Directory: portal, Calendar: portal, Hours: portal, Now: time.Now},
		Picker: &meet.Picker{Directory: portal},
	})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	for accept, path := range map[string]string{"application/json": "/find?who=7,8", "text/html": "/find?who=7,8", "*/*": "/healthz"} {
		request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL+path, nil)
		if err != nil {
			t.Fatal(err)
		}
		value, err := securecookie.EncodeMulti(site.sessions.tabName(), ticket{ID: "anna"}, site.sessions.codecs...)
		if err != nil {
			t.Fatal(err)
		}
		request.AddCookie(&http.Cookie{Name: site.sessions.tabName(), Value: value})
		request.Header.Set("Accept", accept)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		want := http.StatusInternalServerError
		if path == "/healthz" {
			want = http.StatusOK
		}
		if err != nil || response.StatusCode != want {
			t.Errorf("%s as %s: %s, %v", path, accept, response.Status, err)
		}
		for _, inside := range []string{"goroutine", "panic", "index out of range", ".go:"} {
			if strings.Contains(string(body), inside) {
				t.Errorf("%s as %s shows %q", path, accept, inside)
			}
		}
	}
	if !strings.Contains(log.String(), "index out of range") || !strings.Contains(log.String(), "brokenPortal.Office") {
		t.Errorf("the log does not say what happened: %s", log.String())
	}
}

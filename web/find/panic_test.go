package find

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	"slotfinder/web"
	"slotfinder/web/webtest"
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

func (brokenPortal) Everybody(context.Context, meet.Member) ([]meet.Person, error) { return nil, nil }

func (brokenPortal) Departments(context.Context, meet.Member) ([]meet.Department, error) {
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

// onPortal is a real server whose searches ask the portal; Anna is signed in.
func onPortal(t *testing.T, portal interface {
	meet.Directory
	meet.Calendar
	meet.Hours
}, log io.Writer,
) (site *web.Server, address string) {
	t.Helper()
	site = webtest.New(t, "http", &webtest.Sessions{}, slog.New(slog.NewTextHandler(log, nil)))
	search := &Handlers{
		Site: site, Finder: &finder.Finder{Directory: portal, Calendar: portal, Hours: portal, Now: time.Now},
		Picker: &picker.Picker{Directory: portal},
	}
	search.Mount()
	t.Cleanup(search.Close)
	server := httptest.NewServer(site)
	t.Cleanup(server.Close)
	return site, server.URL
}

// annaAsks is a request of Anna's.
func annaAsks(ctx context.Context, t *testing.T, site *web.Server, address, accept string) *http.Request {
	t.Helper()
	request, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		t.Fatal(err)
	}
	request.AddCookie(webtest.SignIn(t, site, anna))
	request.Header.Set("Accept", accept)
	return request
}

// TestPanicInTheBackground: a decoder that panics below a search, in a goroutine that
// no handler waits for, is an error page for whoever searches. The others see nothing
// of it, and the log says where it was.
func TestPanicInTheBackground(t *testing.T) {
	t.Parallel()
	var log lines
	site, address := onPortal(t, brokenPortal{}, &log)
	for _, c := range []struct {
		accept, path string
		want         int
	}{{"application/json", "/find?who=7,8", 500}, {"text/html", "/find?who=7,8", 500}, {"*/*", "/healthz", 200}} {
		response, err := http.DefaultClient.Do(annaAsks(t.Context(), t, site, address+c.path, c.accept))
		if err != nil {
			t.Fatal(err)
		}
		body, err := io.ReadAll(response.Body)
		_ = response.Body.Close()
		if err != nil || response.StatusCode != c.want {
			t.Errorf("%s as %s: %s, %v", c.path, c.accept, response.Status, err)
		}
		for _, inside := range []string{"goroutine", "panic", "index out of range", ".go:"} {
			if strings.Contains(string(body), inside) {
				t.Errorf("%s as %s shows %q", c.path, c.accept, inside)
			}
		}
	}
	if !strings.Contains(log.String(), "index out of range") || !strings.Contains(log.String(), "brokenPortal.Office") {
		t.Errorf("the log does not say what happened: %s", log.String())
	}
	t.Logf("figure: 2 searches that panic: 2 answers with 500, the program lives")
}

// slowPortal answers when nobody waits any more.
type slowPortal struct {
	brokenPortal
	asked chan bool
}

func (p slowPortal) Office(ctx context.Context, _ meet.Member) (meet.Office, error) {
	p.asked <- true
	<-ctx.Done()
	return meet.Office{}, fmt.Errorf("asking the portal: %w", ctx.Err())
}

// TestCallerWhoLeftIsNoError: somebody who closes the page while it is made has not met
// a fault. The log has one line of the request, and metrics count it apart.
func TestCallerWhoLeftIsNoError(t *testing.T) {
	t.Parallel()
	for _, accept := range []string{"application/json", "text/html"} {
		t.Run(accept, func(t *testing.T) {
			t.Parallel()
			var log lines
			portal := slowPortal{asked: make(chan bool, 1)}
			site, address := onPortal(t, portal, &log)
			ctx, leave := context.WithCancel(t.Context())
			gone := make(chan error)
			go func() {
				_, err := http.DefaultClient.Do(annaAsks(ctx, t, site, address+"/find?who=7,8", accept))
				gone <- err
			}()
			<-portal.asked
			leave()
			if err := <-gone; err == nil {
				t.Fatal("the caller did not leave")
			}
			for !strings.Contains(log.String(), "msg=request ") {
				time.Sleep(time.Millisecond) // until the handler has ended
			}
			if got := log.String(); strings.Contains(got, "level=ERROR") || strings.Contains(got, "level=WARN") {
				t.Errorf("the log says %s", got)
			}
			if accept == "application/json" && !strings.Contains(log.String(), "status=499") {
				t.Errorf("the log says %s", log.String())
			}
		})
	}
}

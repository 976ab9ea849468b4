package find

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net"
	"net/http"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/changefeed"
	"slotfinder/internal/meet"
	"slotfinder/web"
	"slotfinder/web/webtest"
)

var (
	anna    = meet.Member{Portal: "p1", User: 7}
	boris   = meet.Member{Portal: "p1", User: 8}
	foreign = meet.Member{Portal: "p2", User: 7}

	members = map[string]meet.Member{"anna": anna, "boris": boris, "foreign": foreign}
)

// memoryLog is a changefeed.Log in memory.
type memoryLog struct {
	mu      sync.Mutex
	changes map[string]int64
}

func (p *memoryLog) RecordChange(_ context.Context, portal string, now time.Time) (int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.changes[portal] = max(p.changes[portal]+1, now.UnixMilli())
	return p.changes[portal], nil
}

func (p *memoryLog) Changes(context.Context, int64) (map[string]int64, error) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return maps.Clone(p.changes), nil
}

// site is a server with the time limits of production, on pipes.
type site struct {
	*web.Server
	*Handlers
	t        *testing.T
	sessions *webtest.Sessions
	feed     *changefeed.Feed
	pipes    pipes
	http     *http.Server
	stop     func() // ends the feed
}

func newSite(t *testing.T) *site {
	s := &site{t: t, sessions: &webtest.Sessions{}, pipes: pipes{make(chan net.Conn)}}
	s.feed = changefeed.New(changefeed.Config{
		ChangeLog: &memoryLog{changes: map[string]int64{}}, Forget: func(string) {}, Now: time.Now, Log: slog.New(slog.DiscardHandler),
	})
	s.Server = webtest.New(t, "https", s.sessions, slog.New(slog.DiscardHandler))
	s.Handlers = &Handlers{Site: s.Server, Changes: s.feed}
	s.Mount()
	s.http = &http.Server{Handler: s, ReadTimeout: 15 * time.Second, WriteTimeout: 30 * time.Second}
	ctx, cancel := context.WithCancel(t.Context())
	var running sync.WaitGroup
	running.Go(func() { s.feed.Run(ctx) })
	running.Go(func() { _ = s.http.Serve(s.pipes) })
	s.stop = cancel
	t.Cleanup(func() {
		cancel()
		_ = s.http.Close()
		running.Wait()
	})
	return s
}

// pipes is a network of one machine.
type pipes struct{ accept chan net.Conn }

func (p pipes) Accept() (net.Conn, error) {
	conn, open := <-p.accept
	if !open {
		return nil, net.ErrClosed
	}
	return conn, nil
}

func (p pipes) Close() error {
	close(p.accept)
	return nil
}

func (p pipes) Addr() net.Addr { return &net.TCPAddr{} }

// tab is a browser's tab with an open stream.
type tab struct {
	status int
	header http.Header
	mu     sync.Mutex
	text   string
	ended  bool
	conn   net.Conn
}

// open asks for the stream with a session's cookie and more header lines.
func (s *site) open(session string, lines ...string) *tab {
	s.t.Helper()
	ours, theirs := net.Pipe()
	s.pipes.accept <- theirs
	cookie := "Cookie: none=1"
	if m, known := members[session]; known {
		cookie = "Cookie: " + webtest.SignIn(s.t, s.Server, m).String()
	}
	head := append([]string{"GET /live HTTP/1.1", "Host: slots.example", "Accept: text/html, text/event-stream", "Accept-Encoding: gzip", cookie}, lines...)
	if _, err := io.WriteString(ours, strings.Join(head, "\r\n")+"\r\n\r\n"); err != nil {
		s.t.Fatal(err)
	}
	response, err := http.ReadResponse(bufio.NewReader(ours), nil)
	if err != nil {
		s.t.Fatal(err)
	}
	w := &tab{status: response.StatusCode, header: response.Header, conn: ours}
	s.t.Cleanup(func() { _ = ours.Close() })
	go w.read(response.Body)
	return w
}

func (w *tab) read(body io.Reader) {
	for buffer := make([]byte, 512); ; {
		n, err := body.Read(buffer)
		w.mu.Lock()
		w.text += string(buffer[:n])
		w.ended = err != nil
		w.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// got returns what came since the last call, once everybody is idle: * is a change,
// : a heartbeat, # a number alone and . the end.
func (w *tab) got() string {
	synctest.Wait()
	w.mu.Lock()
	defer w.mu.Unlock()
	var out strings.Builder
	for message := range strings.SplitSeq(strings.TrimSuffix(w.text, "\n\n"), "\n\n") {
		switch lines := strings.Split(message, "\n"); {
		case message == "":
		case message == ":":
			out.WriteString(":")
		case len(lines) == 1 && strings.HasPrefix(message, "id: "):
			out.WriteString("#")
		case len(lines) == 3 && strings.HasPrefix(lines[0], "id: ") && lines[1] == "event: calendars-changed" && strings.HasPrefix(lines[2], "data: "):
			out.WriteString("*")
		default:
			fmt.Fprintf(&out, "%q", message)
		}
	}
	w.text = ""
	if w.ended {
		out.WriteString(".")
	}
	return out.String()
}

func (w *tab) want(t *testing.T, what, want string) {
	t.Helper()
	if diff := cmp.Diff(want, w.got()); diff != "" {
		t.Errorf("%s (-want +got): %s", what, diff)
	}
}

func TestLiveTellsOfChanges(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		mine, theirs := s.open("anna"), s.open("foreign")
		mine.want(t, "the beginning", "#")
		theirs.want(t, "the beginning", "#")
		s.feed.Publish("p1")
		mine.want(t, "at once", "*")
		theirs.want(t, "another portal", "")
		time.Sleep(5*time.Minute + 5*time.Second) // far beyond the time limits of requests
		mine.want(t, "five minutes", strings.Repeat(":", 30))
		s.feed.Publish("p1")
		mine.want(t, "still there", "*")
	})
}

func TestLiveHeaders(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		got := newSite(t).open("anna").header
		for name, want := range map[string]string{
			"Content-Type": "text/event-stream", "Content-Encoding": "", "Cache-Control": "no-store", "X-Accel-Buffering": "no",
		} {
			if got.Get(name) != want {
				t.Errorf("%s: %q", name, got.Get(name))
			}
		}
	})
}

func TestLiveHoldsBack(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		w := s.open("anna")
		w.want(t, "the beginning", "#")
		for range 20 { // a change each 100 ms
			s.feed.Publish("p1")
			time.Sleep(100 * time.Millisecond)
		}
		w.want(t, "the first", "*")
		time.Sleep(liveHold / 2)
		w.want(t, "the last, three seconds later", "*")
		time.Sleep(5 * time.Second)
		w.want(t, "no more", "")
	})
}

func TestLiveEnds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name string
		end  func(*site)
		wait time.Duration
		want string
	}{
		{"the session ends", func(s *site) { s.sessions.Reassign(anna, meet.Member{}) }, heartbeat, "."},
		{"the session becomes somebody else's", func(s *site) { s.sessions.Reassign(anna, boris) }, heartbeat, "."},
		{"the session ends, then something changes", func(s *site) { s.sessions.Reassign(anna, meet.Member{}); s.feed.Publish("p1") }, 0, "."},
		{"another session ends", func(s *site) { s.sessions.Reassign(boris, meet.Member{}) }, heartbeat, ":"},
		{"the program ends", func(s *site) { s.stop() }, 0, "."},
		{"the program ends just after a change", func(s *site) { s.feed.Publish("p1"); synctest.Wait(); s.stop() }, 0, "*."},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				s := newSite(t)
				w := s.open("anna")
				w.want(t, "the beginning", "#")
				test.end(s)
				time.Sleep(test.wait)
				w.want(t, test.name, test.want)
			})
		})
	}
}

// TestLiveDoesNotDelayTheEnd: a server that is shut down does not wait for streams.
func TestLiveDoesNotDelayTheEnd(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		var tabs []*tab
		for range 5 {
			tabs = append(tabs, s.open("anna"), s.open("boris"))
		}
		s.stop()
		synctest.Wait()
		begin := time.Now()
		ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
		defer cancel()
		if err := s.http.Shutdown(ctx); err != nil {
			t.Error(err)
		}
		if waited := time.Since(begin); waited > time.Second {
			t.Errorf("it took %v", waited)
		}
		for _, w := range tabs {
			w.want(t, "the end", "#.")
		}
	})
}

func TestLiveIsForMembers(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		if w := s.open("nobody", "Accept: application/json"); w.status == http.StatusOK {
			t.Error("a stranger gets a stream")
		}
	})
}

func TestLiveIsBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		var tabs []*tab
		for range memberStreams {
			tabs = append(tabs, s.open("anna"))
		}
		if w := s.open("anna"); w.status != http.StatusTooManyRequests {
			t.Errorf("one more: %d", w.status)
		}
		if w := s.open("boris"); w.status != http.StatusOK {
			t.Errorf("somebody else: %d", w.status)
		}
		_ = tabs[0].conn.Close()
		synctest.Wait()
		if w := s.open("anna"); w.status != http.StatusOK {
			t.Errorf("after one has gone: %d", w.status)
		}
	})
}

// TestLiveGoesOn: a browser that comes back says what it has seen.
func TestLiveGoesOn(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		s := newSite(t)
		seen := time.Now().UnixMilli()
		s.feed.Publish("p1")
		s.open("anna", fmt.Sprintf("Last-Event-ID: %d", seen-1)).want(t, "missed one", "#*")
		s.open("anna", fmt.Sprintf("Last-Event-ID: %d", seen)).want(t, "missed nothing", "#")
		s.open("anna", "Last-Event-ID: nonsense").want(t, "a page just made", "#*")
	})
}

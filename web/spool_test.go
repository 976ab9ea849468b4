package web

import (
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"slotfinder/internal/meet"
)

// spooling is a server whose answers are kept until they are whole.
func spooling(t *testing.T, handler echo.HandlerFunc) (*Server, *httptest.Server) {
	t.Helper()
	s := &Server{
		Config:  Config{Log: slog.New(slog.DiscardHandler)},
		answers: NewQuota(memberAnswers, allAnswers, allAnswers),
	}
	e := echo.New()
	e.HTTPErrorHandler = func(err error, c echo.Context) {
		if c.Response().Committed && !rewind(c) {
			return
		}
		_ = c.String(FaultOf(err).Status, "sorry")
	}
	report := func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := next(c); err != nil {
				c.Error(err)
			}
			return nil
		}
	}
	e.Use(s.spooled, report, recovered, middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 1024}))
	e.GET("/", handler)
	server := httptest.NewServer(e)
	t.Cleanup(server.Close)
	return s, server
}

// TestHalfAnAnswerIsNeverSent: what fails on the way, however much of it was written, is
// an error page.
func TestHalfAnAnswerIsNeverSent(t *testing.T) {
	t.Parallel()
	for name, fail := range map[string]func() error{
		"an error": func() error { return errors.New("halfway") },
		"a panic":  func() error { panic("halfway") },
		"refused":  func() error { return meet.Errorf(meet.Unavailable, "error.crowded", "halfway") },
	} {
		for _, coding := range []string{"gzip", "identity"} {
			s, server := spooling(t, func(c echo.Context) error {
				c.Response().Header().Set(echo.HeaderContentType, echo.MIMETextHTML)
				_, _ = io.WriteString(c.Response(), strings.Repeat("half a page ", 20_000))
				return fail()
			})
			request, _ := http.NewRequestWithContext(t.Context(), http.MethodGet, server.URL, nil)
			request.Header.Set("Accept-Encoding", coding)
			response, err := http.DefaultClient.Do(request)
			if err != nil {
				t.Fatal(err)
			}
			body, err := io.ReadAll(response.Body)
			response.Body.Close()
			if err != nil || string(body) != "sorry" || response.StatusCode < 500 || response.Header.Get("Content-Encoding") != "" {
				t.Errorf("%s, %s: %s %q %v", name, coding, response.Status, body, err)
			}
			if n := s.spool.Load(); n != 0 {
				t.Errorf("%s: %d bytes are kept", name, n)
			}
		}
	}
}

// TestSpoolsAreBounded: one answer, and all together.
func TestSpoolsAreBounded(t *testing.T) {
	t.Parallel()
	s := &Server{}
	var kept []*spool
	fill := func(size int) error {
		answer := &spool{out: httptest.NewRecorder(), all: &s.spool}
		kept = append(kept, answer)
		for size > 0 {
			n, err := answer.Write(make([]byte, min(size, 10_000)))
			if err != nil {
				return err
			}
			size -= n
		}
		return nil
	}
	if err := fill(mostAnswer + 1); meet.KindOf(err) != meet.Internal {
		t.Errorf("too large: %v", err)
	}
	var err error
	for err == nil && len(kept) < 100 {
		err = fill(mostAnswer)
	}
	if meet.KindOf(err) != meet.Unavailable || s.spool.Load() > mostSpool {
		t.Errorf("%v with %d bytes", err, s.spool.Load())
	}
	t.Logf("figure: all unfinished answers together: %d MB of at most %d MB, then 503", s.spool.Load()>>20, mostSpool>>20)
	for _, answer := range kept {
		answer.reset()
	}
	if n := s.spool.Load(); n != 0 {
		t.Errorf("%d bytes remain", n)
	}
}

// TestSlowReadersHoldOnlyBytes: a handler is done, and has dropped all that it knew, when
// its answer is whole; what nobody reads is given back when they leave.
func TestSlowReadersHoldOnlyBytes(t *testing.T) {
	t.Parallel()
	var made sync.WaitGroup
	const readers, size = memberAnswers, 6 << 20 // more than what the network keeps for a connection
	made.Add(readers)
	var s *Server
	s, server := spooling(t, func(c echo.Context) error {
		if err := s.Begin(c, meet.Member{Portal: "p1", User: 7}); err != nil {
			return err
		}
		defer made.Done()
		_, err := c.Response().Write(make([]byte, size))
		return err
	})
	var slow []net.Conn
	for range readers {
		conn, err := net.Dial("tcp", server.Listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		slow = append(slow, conn)
		_, _ = io.WriteString(conn, "GET / HTTP/1.1\r\nHost: x\r\nAccept-Encoding: identity\r\n\r\n")
	}
	made.Wait()
	if n := s.spool.Load(); n > readers*(size+blockSize) {
		t.Errorf("%d bytes are kept", n)
	}
	t.Logf("figure: %d answers of %d MB that nobody reads: %d MB are kept for them, one more answer is refused", readers, size>>20, s.spool.Load()>>20)
	response, err := http.Get(server.URL)
	if err != nil || response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("one more answer: %v %v", response, err)
	}
	for _, conn := range slow {
		conn.Close()
	}
	for limit := time.Now().Add(20 * time.Second); s.spool.Load() > 0 || opened(&s.answers) > 0; time.Sleep(time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatalf("%d bytes are kept, %d answers counted", s.spool.Load(), opened(&s.answers))
		}
	}
}

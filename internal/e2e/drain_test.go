package e2e

import (
	"bufio"
	"context"
	"io"
	"net"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/app"
	"slotfinder/internal/e2e/harness"
)

// loop sends requests over connections of its own until none can be made any more, and
// counts those that were sent and got no answer. Unlike http.Client it never tries one
// again. With again it uses a connection as long as the server allows it.
type loop struct {
	address  string
	again    bool
	answered *atomic.Int64
	unready  *atomic.Int64 // answers that say that the server stops
	t        *testing.T
}

func (l loop) run() {
	for {
		conn, err := net.DialTimeout("tcp", l.address, 3*time.Second)
		if err != nil {
			return // refused: nothing was sent
		}
		l.talk(conn)
		_ = conn.Close()
	}
}

func (l loop) talk(conn net.Conn) {
	in := bufio.NewReader(conn)
	for {
		if _, err := io.WriteString(conn, "GET /readyz HTTP/1.1\r\nHost: slots.example\r\n\r\n"); err != nil {
			l.t.Errorf("a request can't be sent: %v", err)
			return
		}
		response, err := http.ReadResponse(in, nil)
		if err != nil {
			l.t.Errorf("a request was sent and not answered: %v", err)
			return
		}
		body, err := io.ReadAll(response.Body)
		switch {
		case err != nil:
			l.t.Errorf("half an answer: %v", err)
			return
		case string(body) == "stopping\n":
			l.unready.Add(1)
		}
		l.answered.Add(1)
		if !l.again || response.Close {
			return
		}
	}
}

// TestTerminatedUnderLoad: at SIGTERM the server says that it stops, and no request that
// was sent is left without an answer, over old connections or new ones.
func TestTerminatedUnderLoad(t *testing.T) {
	t.Parallel()
	ctx, end := context.WithCancelCause(context.Background())
	env := harness.Settings(t, "http://127.0.0.1:1", "SLOTFINDER_DRAIN", "300ms", "SLOTFINDER_LOG", "info")
	log := harness.NewLog()
	code := make(chan int, 1)
	go func() {
		code <- app.Run(ctx, []string{"serve"}, func(name string) string { return env[name] }, nil, io.Discard, log)
		log.Close()
	}()
	t.Cleanup(func() { end(nil) })
	address, ok := <-log.Listening
	if !ok {
		t.Fatalf("the program ended: %s", log.Text())
	}
	var answered, unready atomic.Int64
	var running sync.WaitGroup
	for i := range 16 {
		running.Go(loop{address, i%2 == 0, &answered, &unready, t}.run)
	}
	for answered.Load() < 500 {
		time.Sleep(time.Millisecond)
	}
	end(app.ErrTerminated)
	running.Wait()
	if got := <-code; got != 0 {
		t.Errorf("the program ended with %d: %s", got, log.Text())
	}
	if unready.Load() == 0 {
		t.Error("it never said that it stops")
	}
	t.Logf("figure: SIGTERM under load: %d requests, all answered, %d of them while it stopped", answered.Load(), unready.Load())
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"log/slog"
	"net"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
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
	env := settings(t, "http://127.0.0.1:1", "SLOTFINDER_DRAIN", "300ms", "SLOTFINDER_LOG", "info")
	log := newTestLog()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, []string{"serve"}, func(name string) string { return env[name] }, io.Discard, log)
		log.close()
	}()
	t.Cleanup(func() { end(nil) })
	address, ok := <-log.listening
	if !ok {
		t.Fatalf("the program ended: %s", log.text())
	}
	var answered, unready atomic.Int64
	var running sync.WaitGroup
	for i := range 16 {
		running.Go(loop{address, i%2 == 0, &answered, &unready, t}.run)
	}
	for answered.Load() < 500 {
		time.Sleep(time.Millisecond)
	}
	end(errTerminated)
	running.Wait()
	if got := <-code; got != 0 {
		t.Errorf("the program ended with %d: %s", got, log.text())
	}
	if unready.Load() == 0 {
		t.Error("it never said that it stops")
	}
	t.Logf("figure: SIGTERM under load: %d requests, all answered, %d of them while it stopped", answered.Load(), unready.Load())
}

// TestInterruptedAtOnce: SIGINT doesn't drain.
func TestInterruptedAtOnce(t *testing.T) {
	t.Parallel()
	told := false
	e := ending{drain: time.Hour, leave: func() { told = true }}
	e.wait(context.Canceled)
	if told {
		t.Error("it waits")
	}
	ending{leave: func() { told = true }}.wait(errTerminated)
	if told {
		t.Error("it says that it stops without time for anybody to hear it")
	}
}

// TestLogFieldsAreShortened: what somebody sent can't fill the log.
func TestLogFieldsAreShortened(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	long := strings.Repeat("x", 1<<20)
	newLog(&out, slog.LevelInfo).Info("message", "text", long, "error", errors.New(long), "n", 7)
	if out.Len() > 3*mostField || !strings.Contains(out.String(), `"n":7`) {
		t.Errorf("the line has %d bytes", out.Len())
	}
}

// TestLockedDoorLetsIn those who stood before it.
func TestLockedDoorLetsIn(t *testing.T) {
	t.Parallel()
	listener, err := listenOn("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := newDoor(listener)
	const early = 5
	for range early {
		conn, err := net.Dial("tcp", listener.Addr().String())
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
	}
	accepted := make(chan int, 1)
	go func() {
		time.Sleep(50 * time.Millisecond) // a program that is busy
		n := 0
		for {
			conn, err := d.Accept()
			if err != nil {
				if !errors.Is(err, net.ErrClosed) {
					t.Errorf("the end is %v", err)
				}
				accepted <- n
				return
			}
			n++
			defer conn.Close()
		}
	}()
	d.lock()
	if err := d.Close(); err != nil {
		t.Error(err)
	}
	if n := <-accepted; n != early {
		t.Errorf("%d of %d were let in", n, early)
	}
	if conn, err := net.Dial("tcp", listener.Addr().String()); err == nil || !strings.Contains(err.Error(), "refused") {
		t.Errorf("a closed door: %v, %v", conn, err)
	}
}

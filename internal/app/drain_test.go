package app

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net"
	"strings"
	"testing"
	"time"
)

// TestInterruptedAtOnce: SIGINT doesn't drain.
func TestInterruptedAtOnce(t *testing.T) {
	t.Parallel()
	told := false
	e := shutdown{drain: time.Hour, announce: func() { told = true }}
	e.wait(context.Canceled)
	if told {
		t.Error("it waits")
	}
	shutdown{announce: func() { told = true }}.wait(ErrTerminated)
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

// TestDrainingListenerAcceptsWhoWaits those who stood before it.
func TestDrainingListenerAcceptsWhoWaits(t *testing.T) {
	t.Parallel()
	listener, err := listenOn("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	d := newDrainingListener(listener)
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
	d.drain()
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

package rescue

import (
	"bytes"
	"errors"
	"log/slog"
	"strings"
	"testing"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
)

// decode is a piece of work with a mistake.
func decode(answer []int) int { return answer[0] }

func wantPanic(t *testing.T, err error) {
	t.Helper()
	var p *Panic
	if !errors.As(err, &p) {
		t.Fatalf("got %v", err)
	}
	if !strings.Contains(p.Error(), "index out of range") || !strings.Contains(p.Stack, "rescue.decode") {
		t.Errorf("the log would not say what went wrong, and where:\n%v", err)
	}
}

func TestPanicIsAnError(t *testing.T) {
	t.Parallel()
	wantPanic(t, Err(func() error { decode(nil); return nil })())
	_, err := Value(func() (int, error) { return decode(nil), nil })()
	wantPanic(t, err)
	Func(func(e error) { err = e }, func() { decode(nil) })()
	wantPanic(t, err)
}

func TestPanicOfAGoroutineIsReported(t *testing.T) {
	t.Parallel()
	reported := make(chan error)
	Go(func(err error) { reported <- err }, func() { decode(nil) })
	wantPanic(t, <-reported)
}

// TestPanicUnderLibraries: these call the work in goroutines of their own, and end the
// program when it panics. All who wait for the work get the error.
func TestPanicUnderLibraries(t *testing.T) {
	t.Parallel()
	var group errgroup.Group
	group.Go(Err(func() error { decode(nil); return nil }))
	wantPanic(t, group.Wait())

	var flights singleflight.Group
	begun, on := make(chan bool), make(chan bool)
	work := Value(func() (any, error) { close(begun); <-on; return decode(nil), nil })
	first := flights.DoChan("key", work)
	<-begun
	second := flights.DoChan("key", work)
	close(on)
	wantPanic(t, (<-first).Err)
	wantPanic(t, (<-second).Err)
}

func TestWorkThatGoesWellIsLeftAlone(t *testing.T) {
	t.Parallel()
	fault := errors.New("fault")
	if err := Err(func() error { return fault })(); !errors.Is(err, fault) {
		t.Errorf("got %v", err)
	}
	if value, err := Value(func() (int, error) { return 7, fault })(); value != 7 || !errors.Is(err, fault) {
		t.Errorf("got %v, %v", value, err)
	}
	done := false
	Func(func(err error) { t.Error(err) }, func() { done = true })()
	if !done {
		t.Error("the work was not done")
	}
}

func TestLongReasonsAreShortened(t *testing.T) {
	t.Parallel()
	err := Err(func() error { panic(strings.Repeat("x", 1<<20)) })()
	if n := len(err.Error()); n > mostValue+mostStack+100 {
		t.Errorf("the log's line has %d bytes", n)
	}
	var log bytes.Buffer
	Log(slog.New(slog.NewTextHandler(&log, nil)), "counting")(err)
	if !strings.Contains(log.String(), "work=counting") || !strings.Contains(log.String(), "panic: xxx") {
		t.Errorf("the log says %.300s", &log)
	}
}

package job_test

import (
	"context"
	"errors"
	"log/slog"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/job"
	"slotfinder/internal/store"
)

// clock is the time of a test.
type clock struct {
	mu  sync.Mutex
	now time.Time
}

func (c *clock) Now() time.Time {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.now
}

func (c *clock) pass(d time.Duration) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.now = c.now.Add(d)
}

func newRunner(t *testing.T) (*job.Runner, *store.Store, *clock) {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	must(t, err)
	t.Cleanup(func() { must(t, db.Close()) })
	at := &clock{now: time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)}
	db.UseClock(at.Now)
	return job.New(job.Config{Queue: db, Log: slog.New(slog.DiscardHandler)}), db, at
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// TestJobIsDoneOnce: adding it again, before or after, adds nothing.
func TestJobIsDoneOnce(t *testing.T) {
	t.Parallel()
	r, _, _ := newRunner(t)
	done := 0
	r.Handle("greet", func(_ context.Context, j job.Job) error {
		if j.Payload != "hello" || j.Tries != 1 {
			t.Errorf("%+v", j)
		}
		done++
		return nil
	})
	for range 3 {
		must(t, r.Add(t.Context(), job.Job{ID: "1", Kind: "greet", Payload: "hello"}))
		must(t, r.Add(t.Context(), job.Job{ID: "1", Kind: "greet", Payload: "hello again"}))
		for r.Step(t.Context()) {
		}
	}
	if done != 1 {
		t.Errorf("done %d times", done)
	}
}

// TestFailedJobIsTriedLater: with growing pauses, and not for ever. A panic is a failure.
func TestFailedJobIsTriedLater(t *testing.T) {
	t.Parallel()
	r, _, at := newRunner(t)
	tries := 0
	r.Handle("fail", func(context.Context, job.Job) error {
		if tries++; tries%2 == 0 {
			panic("no")
		}
		return errors.New("no")
	})
	must(t, r.Add(t.Context(), job.Job{ID: "1", Kind: "fail"}))
	began, pauses := at.Now(), []time.Duration{}
	last := began
	for range 72 * 60 {
		if before := tries; r.Step(t.Context()) && tries != before {
			pauses = append(pauses, at.Now().Sub(last))
			last = at.Now()
		}
		at.pass(time.Minute)
	}
	if tries != 20 || last.Sub(began) < 12*time.Hour || last.Sub(began) > 30*time.Hour {
		t.Errorf("%d tries within %s", tries, last.Sub(began))
	}
	for i := 2; i < len(pauses); i++ {
		if pauses[i] < pauses[i-1] {
			t.Errorf("the pauses shrink: %v", pauses)
		}
	}
}

// TestPeriodicJob: it is done at the start and then once in each period, by one of all
// processes, even if it fails.
func TestPeriodicJob(t *testing.T) {
	t.Parallel()
	r, db, at := newRunner(t)
	beside := job.New(job.Config{Queue: db, Log: slog.New(slog.DiscardHandler)})
	done := 0
	for _, runner := range []*job.Runner{r, beside} {
		runner.Every("look", 10*time.Minute, func(context.Context) error {
			done++
			return errors.New("no")
		})
		ended, stop := context.WithCancel(t.Context())
		stop()
		runner.Run(ended) // only adds
		must(t, runner.Add(t.Context(), job.Job{ID: "every look", Kind: "look"}))
	}
	for range 60 {
		r.Step(t.Context())
		beside.Step(t.Context())
		at.pass(time.Minute)
	}
	if done != 6 {
		t.Errorf("done %d times in an hour", done)
	}
}

// TestJobOutlivesItsProcess: a job whose process died is done again when its lease has
// expired, and one that was cancelled is done again at once.
func TestJobOutlivesItsProcess(t *testing.T) {
	t.Parallel()
	r, db, at := newRunner(t)
	must(t, r.Add(t.Context(), job.Job{ID: "1", Kind: "greet", Payload: "hello"}))
	_, err := db.TakeJob(t.Context(), 3*time.Minute) // and the process dies
	must(t, err)
	ctx, stop := context.WithCancel(t.Context())
	done := 0
	r.Handle("greet", func(ctx context.Context, _ job.Job) error {
		if done++; done == 1 {
			stop()
		}
		return ctx.Err()
	})
	if r.Step(ctx) {
		t.Error("a leased job was taken")
	}
	at.pass(3 * time.Minute)
	r.Step(ctx)
	if !r.Step(t.Context()) || done != 2 {
		t.Errorf("begun %d times", done)
	}
}

// TestJobsGoWithTheirPortal: nothing is done for a portal that has gone.
func TestJobsGoWithTheirPortal(t *testing.T) {
	t.Parallel()
	r, db, _ := newRunner(t)
	r.Handle("greet", func(context.Context, job.Job) error { return errors.New("done for nobody") })
	must(t, db.SavePortal(t.Context(), auth.Portal{PortalID: "m1"}))
	must(t, r.Add(t.Context(), job.Job{ID: "1", Kind: "greet", Portal: "m1"}))
	must(t, db.DeletePortal(t.Context(), "m1"))
	if r.Step(t.Context()) {
		t.Error("it was done")
	}
}

// TestRunStops: Run does what is added while it runs, and ends with its context.
func TestRunStops(t *testing.T) {
	t.Parallel()
	r, _, _ := newRunner(t)
	ctx, stop := context.WithCancel(t.Context())
	ended, done := make(chan struct{}), make(chan string, 10)
	r.Handle("greet", func(_ context.Context, j job.Job) error {
		done <- j.Payload
		return nil
	})
	go func() {
		r.Run(ctx)
		close(ended)
	}()
	for _, name := range []string{"a", "b"} {
		must(t, r.Add(t.Context(), job.Job{ID: name, Kind: "greet", Payload: name}))
		if got := <-done; got != name {
			t.Errorf("done: %s", got)
		}
	}
	stop()
	<-ended
}

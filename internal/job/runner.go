package job

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"slotfinder/internal/rescue"
)

const (
	// pollEvery is how often a process looks for jobs that other processes have added, or
	// that have become due.
	pollEvery = 2 * time.Second

	// runTimeout bounds one try. The lease lasts longer, so that it never expires while its
	// holder works.
	runTimeout = 2 * time.Minute
	leaseTime  = 3 * time.Minute

	// The pauses between tries double from the first to the last; about a day in all.
	firstPause = 5 * time.Second
	lastPause  = 2 * time.Hour
	maxTries   = 20

	// workers is how many jobs a process does at the same time. Mostly they wait for a
	// portal.
	workers = 8
)

// Config is what a Runner needs; all of it is required.
type Config struct {
	Queue Queue
	Log   *slog.Logger
}

// Runner does the jobs of this process. Handle and Every come before Run.
type Runner struct {
	config Config
	kinds  map[string]kind
	wake   chan struct{}
}

// kind says how jobs of a kind are done.
type kind struct {
	do    func(context.Context, Job) error
	every time.Duration // 0: once
}

// New returns a Runner that knows no kind of job yet.
func New(config Config) *Runner {
	return &Runner{config: config, kinds: map[string]kind{}, wake: make(chan struct{}, workers)}
}

// Handle says how jobs of a kind are done. An error means that it is to be tried
// again.
func (r *Runner) Handle(name string, do func(context.Context, Job) error) {
	r.kinds[name] = kind{do: do}
}

// Every has something done periodically: at the start, and then at every pause, by one of
// all processes.
func (r *Runner) Every(name string, pause time.Duration, do func(context.Context) error) {
	r.kinds[name] = kind{do: func(ctx context.Context, _ Job) error { return do(ctx) }, every: pause}
}

// Add stores a job, to be done soon. ErrFull: it was not stored.
func (r *Runner) Add(ctx context.Context, j Job) error {
	if err := r.config.Queue.AddJob(ctx, j, 0); err != nil {
		return fmt.Errorf("job: %w", err)
	}
	select {
	case r.wake <- struct{}{}:
	default:
	}
	return nil
}

// Run does jobs until ctx ends. Then it cancels those that are running, and they are done
// again after the next start.
func (r *Runner) Run(ctx context.Context) {
	for name, k := range r.kinds {
		if k.every == 0 {
			continue
		}
		if err := r.Add(ctx, Job{ID: "every " + name, Kind: name}); err != nil {
			r.config.Log.ErrorContext(ctx, "a periodic job is missing", "kind", name, "error", err)
		}
	}
	var running sync.WaitGroup
	defer running.Wait()
	for range workers {
		running.Go(rescue.Func(rescue.Log(r.config.Log, "doing jobs"), func() { r.work(ctx) }))
	}
}

// work does one job after the other, and looks for new ones when it has none.
func (r *Runner) work(ctx context.Context) {
	tick := time.NewTicker(pollEvery)
	defer tick.Stop()
	step := rescue.Value(func() (bool, error) { return r.step(ctx), nil })
	for ctx.Err() == nil {
		worked, err := step()
		if err != nil {
			r.config.Log.ErrorContext(ctx, "a job panicked", "error", err)
		}
		if worked {
			continue
		}
		select {
		case <-ctx.Done():
		case <-r.wake:
		case <-tick.C:
		}
	}
}

// step does one job that is due, and reports whether there was one.
func (r *Runner) step(ctx context.Context) bool {
	j, err := r.config.Queue.TakeJob(ctx, leaseTime)
	if err != nil {
		if !errors.Is(err, ErrNoneDue) && ctx.Err() == nil {
			r.config.Log.ErrorContext(ctx, "jobs cannot be read", "error", err)
		}
		return false
	}
	if err := r.finish(ctx, j, r.do(ctx, j)); err != nil {
		r.config.Log.ErrorContext(ctx, "a job cannot be ended", "kind", j.Kind, "error", err)
	}
	return true
}

// do does a job. A panic is a failure.
func (r *Runner) do(ctx context.Context, j Job) error {
	k, known := r.kinds[j.Kind]
	if !known {
		return fmt.Errorf("job: no handler for %q", j.Kind)
	}
	ctx, cancel := context.WithTimeout(ctx, runTimeout)
	defer cancel()
	return rescue.Err(func() error { return k.do(ctx, j) })()
}

// finish stores the result of a job, also when the process is about to end.
func (r *Runner) finish(ctx context.Context, j Job, failed error) error {
	stopped := ctx.Err() != nil
	ctx = context.WithoutCancel(ctx)
	queue := r.config.Queue
	every := r.kinds[j.Kind].every
	switch {
	case failed == nil && every == 0:
		return queue.EndJob(ctx, j.ID)
	case failed != nil && stopped:
		return queue.DelayJob(ctx, j.ID, 0, true)
	case every > 0:
		if failed != nil {
			r.config.Log.WarnContext(ctx, "a periodic job failed", "kind", j.Kind, "error", failed)
		}
		return queue.DelayJob(ctx, j.ID, every, true)
	case j.Tries >= maxTries:
		r.config.Log.ErrorContext(ctx, "a job failed for the last time", "kind", j.Kind, "tries", j.Tries, "error", failed)
		return queue.EndJob(ctx, j.ID)
	}
	r.config.Log.WarnContext(ctx, "a job failed and is tried again", "kind", j.Kind, "tries", j.Tries, "error", failed)
	return queue.DelayJob(ctx, j.ID, pause(j.Tries), false)
}

// pause is how long to wait after so many tries.
func pause(tries int64) time.Duration {
	return min(firstPause<<min(tries-1, 20), lastPause)
}

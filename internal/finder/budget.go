package finder

import (
	"context"
	"time"

	"slotfinder/internal/meet"
)

// How long the engine may take for a part. Then the answer has what was found until
// then, and says that it was cut.
const (
	seriesTime = 1500 * time.Millisecond
	relaxTime  = 1500 * time.Millisecond
	splitTime  = 500 * time.Millisecond
)

// budget returns a stop function for the engine. The time begins when it is asked first.
func (f *Finder) budget(limit time.Duration) func() bool {
	var end time.Time
	return func() bool {
		now := f.Now()
		if end.IsZero() {
			end = now.Add(limit)
		}
		return !now.Before(end)
	}
}

// stopWhenDone returns a stop function for the engine: nobody waits any more. It is asked very
// often, so it is cheaper than ctx.Err.
func stopWhenDone(ctx context.Context) func() bool {
	done := ctx.Done()
	return func() bool {
		select {
		case <-done:
			return true
		default:
			return false
		}
	}
}

// errIfEnded is the error of a search whose context has ended; nil while it has not. What was
// found until then is no answer: nobody could tell what is missing in it.
func errIfEnded(ctx context.Context) error {
	if ctx.Err() == nil {
		return nil
	}
	return meet.Errorf(meet.Unavailable, "error.search_slow", "searching: %w", ctx.Err())
}

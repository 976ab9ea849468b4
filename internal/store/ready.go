package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	// probeEvery is the least time between two probes: anybody can ask for readiness.
	probeEvery = 10 * time.Second

	// probeTimeout is how long a probe may take.
	probeTimeout = 2 * time.Second

	// probeSize is more than a page of SQLite, so that a probe fails if the file can't grow.
	probeSize = 8 << 10
)

// writeHealth is how the last writes went.
type writeHealth struct {
	checking sync.Mutex // one Ready at a time

	mu    sync.Mutex
	last  error     // of the last write, if the database was not available; else nil
	fresh bool      // there has been a write since the last check
	known time.Time // of the last successful write or probe that Ready knows; under checking
}

// record notes the result of a write.
func (w *writeHealth) record(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.fresh = err, true
}

// check returns the result of the last write, and whether it is new since the last check.
func (w *writeHealth) check() (fresh bool, last error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh, w.fresh = w.fresh, false
	return fresh, w.last
}

// Ready reports whether the database can be read and written: it answers, and the last
// write worked. If there was no write lately, or it failed, a probe is written, at most
// every ten seconds.
func (s *Store) Ready(ctx context.Context, now time.Time) error {
	if err := s.Ping(ctx); err != nil {
		return err
	}
	s.health.checking.Lock()
	defer s.health.checking.Unlock()
	fresh, last := s.health.check()
	switch {
	case fresh && last == nil:
		s.health.known = now
	case now.Sub(s.health.known) >= probeEvery:
		s.health.known = now
		last = s.probe(ctx, now)
		s.health.record(last)
		_, _ = s.health.check() // a probe is no news for the next call
	}
	if last != nil {
		return fmt.Errorf("store: the last write failed: %w", last)
	}
	return nil
}

// probe writes a row that nobody reads. It goes on when the caller has left, so that
// callers can't make it look as if it had failed.
func (s *Store) probe(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeTimeout)
	defer cancel()
	_, err := s.exec(ctx, "probe", `
		INSERT INTO probes (at, filler) VALUES ($1, $2) ON CONFLICT (at) DO UPDATE SET filler = excluded.filler`,
		millis(now), strings.Repeat(".", probeSize))
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, "end probe", `DELETE FROM probes WHERE at <> $1`, millis(now))
	return err
}

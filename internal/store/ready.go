package store

import (
	"context"
	"fmt"
	"strings"
	"sync"
	"time"
)

const (
	// probeEvery is the least time between two writes that only try whether one can be
	// written. Who asks for readiness may be anybody.
	probeEvery = 10 * time.Second

	// probeLimit is how long such a write may take.
	probeLimit = 2 * time.Second

	// probeSize is more than a page of SQLite: the file must be able to grow.
	probeSize = 8 << 10
)

// writeHealth is how the last writes went.
type writeHealth struct {
	turn sync.Mutex // of one who looks at a time

	mu    sync.Mutex
	last  error     // of the last write: why the database can't be written to, nil when it can
	fresh bool      // there has been a write since somebody looked
	known time.Time // when a write was last known to be well, or tried; under turn
}

// note takes down how a write went.
func (w *writeHealth) note(err error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.last, w.fresh = err, true
}

// look returns what is known, and whether it is new.
func (w *writeHealth) look() (fresh bool, last error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	fresh, w.fresh = w.fresh, false
	return fresh, w.last
}

// Ready reports whether the database can be read and written: it answers, and the last
// write worked. When there was none lately, or it failed, one is tried, at most once in
// ten seconds.
func (s *Store) Ready(ctx context.Context, now time.Time) error {
	if err := s.Ping(ctx); err != nil {
		return err
	}
	s.health.turn.Lock()
	defer s.health.turn.Unlock()
	fresh, last := s.health.look()
	switch {
	case fresh && last == nil:
		s.health.known = now
	case now.Sub(s.health.known) >= probeEvery:
		s.health.known = now
		last = s.probe(ctx, now)
		s.health.note(last)
		s.health.look()
	}
	if last != nil {
		return fmt.Errorf("store: the last write failed: %w", last)
	}
	return nil
}

// probe writes what nobody reads. It goes on when whoever asked has left, so that they
// can't make it look as if it had failed.
func (s *Store) probe(ctx context.Context, now time.Time) error {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), probeLimit)
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

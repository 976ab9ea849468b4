package inflight

import (
	"context"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// Limits bound the searches of a Group.
type Limits struct {
	Time   time.Duration // of one search
	Idle   time.Duration // how long a search goes on, or its answer is kept, while nobody waits for it
	Member int           // searches of one member that are under way or not fetched
	All    int           // the same of all members
}

// Key is who asks what. What one member reads is never shown to another.
type Key struct {
	Member   meet.Member
	Question string
}

// Searches holds the searches under way, and those that are done and about to be fetched.
type Searches[V any] struct {
	limits  Limits
	log     *slog.Logger
	mu      sync.Mutex
	of      map[Key]*Search[V]
	closed  bool // none begins any more
	running sync.WaitGroup
}

// New returns a group without searches.
func New[V any](limits Limits, log *slog.Logger) *Searches[V] {
	return &Searches[V]{limits: limits, log: log, of: map[Key]*Search[V]{}}
}

// Close cancels all searches and returns when they have ended.
func (g *Searches[V]) Close() {
	g.mu.Lock()
	g.closed = true
	for _, one := range g.of {
		one.cancel()
	}
	g.mu.Unlock()
	g.running.Wait()
}

// Len returns how many searches are under way or not fetched.
func (g *Searches[V]) Len() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.of)
}

// Join begins a search, or joins the one under way; then Leave must follow. run gets a
// context that ends with the time for a search, when nobody waits for it any more, or with
// the group; what it tells meet.Watch is the search's Progress. When there are too many
// searches the one returned is done, and its error says so.
func (g *Searches[V]) Join(ctx context.Context, key Key, run func(context.Context) (V, error)) *Search[V] {
	g.mu.Lock()
	defer g.mu.Unlock()
	one := g.of[key]
	if one == nil {
		one = &Search[V]{done: make(chan struct{}), moved: make(chan struct{})}
		ctx, one.cancel = context.WithTimeout(context.WithoutCancel(ctx), g.limits.Time)
		if err := g.full(key.Member); err != nil {
			one.refuse(err)
		} else {
			g.of[key] = one
			g.begin(one, func() { one.run(meet.Watch(ctx, one.step), run) })
		}
	}
	if one.waiting++; one.idle != nil {
		one.idle.Stop()
	}
	return one
}

// begin runs a search, unless the group is closed.
func (g *Searches[V]) begin(one *Search[V], run func()) {
	if g.closed {
		one.refuse(meet.Errorf(meet.Unavailable, "error.portal_slow", "searching: %w", context.Canceled))
		return
	}
	g.running.Go(rescue.Func(rescue.Log(g.log, "a search"), run))
}

// full is the error of who has, or who finds, too many searches.
func (g *Searches[V]) full(m meet.Member) error {
	theirs := 0
	for key := range g.of {
		if key.Member == m {
			theirs++
		}
	}
	switch {
	case theirs >= g.limits.Member:
		return meet.Errorf(meet.Busy, "error.too_many_searches", "%d searches in the background", theirs)
	case len(g.of) >= g.limits.All:
		return meet.Errorf(meet.Unavailable, "error.crowded", "%d searches in the background", len(g.of))
	}
	return nil
}

// Leave ends what Join began. gone says that the caller waits no longer for any answer,
// fetched that they have it. An answer that has been fetched is not kept; nor is the
// search of somebody who went away.
func (g *Searches[V]) Leave(key Key, one *Search[V], gone, fetched bool) {
	g.mu.Lock()
	defer g.mu.Unlock()
	one.waiting--
	switch {
	case fetched:
		g.forget(key, one)
	case one.waiting > 0:
	case gone:
		g.forget(key, one)
	default:
		one.idle = time.AfterFunc(g.limits.Idle, rescue.Func(rescue.Log(g.log, "ending a search"), func() {
			g.mu.Lock()
			defer g.mu.Unlock()
			if one.waiting == 0 {
				g.forget(key, one)
			}
		}))
	}
}

// forget ends a search. Others who wait for its answer still get it.
func (g *Searches[V]) forget(key Key, one *Search[V]) {
	if one.waiting == 0 {
		one.cancel()
	}
	if g.of[key] == one {
		delete(g.of, key)
	}
}

// Search is one search in the background.
type Search[V any] struct {
	done    chan struct{} // closed at the end; then found and err are set
	found   V
	err     error
	cancel  context.CancelFunc
	waiting int         // requests; under the lock of the group
	idle    *time.Timer // runs while nobody waits

	mu    sync.Mutex
	at    meet.Progress
	moved chan struct{} // closed at the next change of at
}

// Done is closed when the search has ended.
func (s *Search[V]) Done() <-chan struct{} { return s.done }

// Result is what the search found; only after Done.
func (s *Search[V]) Result() (V, error) { return s.found, s.err }

// Progress returns how far the search is, and a channel that is closed when that
// changes.
func (s *Search[V]) Progress() (meet.Progress, <-chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.at, s.moved
}

// refuse ends a search that has not begun.
func (s *Search[V]) refuse(err error) {
	s.cancel()
	s.err = err
	close(s.done)
}

// run is the whole life of a search.
func (s *Search[V]) run(ctx context.Context, run func(context.Context) (V, error)) {
	defer s.cancel()
	defer close(s.done)
	var err error
	s.found, err = rescue.Value(func() (V, error) {
		found, failed := run(ctx)
		s.err = failed
		return found, nil
	})()
	if err != nil {
		s.err = fmt.Errorf("search: %w", err)
	}
}

// step takes down how far the search is.
func (s *Search[V]) step(at meet.Progress) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.at = at
	close(s.moved)
	s.moved = make(chan struct{})
}

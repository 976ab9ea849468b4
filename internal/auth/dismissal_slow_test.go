package auth_test

import (
	"context"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// manyPortals have one member each, who has left; those that are named never answer.
type manyPortals struct {
	keys   []string
	stuck  map[string]bool
	broken string        // a panic
	takes  time.Duration // the answer of the others

	mu     sync.Mutex
	closed map[string]bool
	asked  []string
	when   map[string]time.Time // they were asked last
}

func (p *manyPortals) PortalKeys(context.Context) ([]string, error) { return p.keys, nil }

func (p *manyPortals) Members(context.Context, string) ([]int64, error) { return []int64{7}, nil }

func (p *manyPortals) ClosePortal(context.Context, string) error { return nil }

func (p *manyPortals) CloseMember(_ context.Context, m meet.Member) error {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.closed[m.Portal] = true
	return nil
}

func (p *manyPortals) People(ctx context.Context, m meet.Member, _ []int64) (map[int64]meet.Person, error) {
	p.mu.Lock()
	p.asked, p.when[m.Portal] = append(p.asked, m.Portal), time.Now()
	p.mu.Unlock()
	if p.broken == m.Portal {
		panic("an answer that nobody foresaw")
	}
	if p.stuck[m.Portal] {
		<-ctx.Done()
		return nil, meet.Errorf(meet.Unavailable, "error.portal_slow", "no answer: %w", ctx.Err())
	}
	select {
	case <-time.After(p.takes):
	case <-ctx.Done():
		return nil, ctx.Err()
	}
	return map[int64]meet.Person{7: {ID: 7}}, nil
}

// portals makes so many, of which the first are stuck.
func portals(stuck, good int) *manyPortals {
	p := &manyPortals{stuck: map[string]bool{}, closed: map[string]bool{}, when: map[string]time.Time{}}
	for i := range stuck + good {
		key := fmt.Sprintf("%032d", i)
		p.keys, p.stuck[key] = append(p.keys, key), i < stuck
	}
	return p
}

// check does what jobs do: a run has two minutes.
func check(t *testing.T, dismissals *auth.Dismissals) error {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	return dismissals.Check(ctx)
}

// TestSilentPortalsDoNotDelayDismissals: somebody who owns portals that never answer can't
// keep people who have left other companies signed in, not even until the second run.
func TestSilentPortalsDoNotDelayDismissals(t *testing.T) {
	for _, c := range []struct{ stuck, good int }{{1, 3}, {40, 3}, {900, 100}} {
		t.Run(fmt.Sprint(c.stuck), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := portals(c.stuck, c.good)
				dismissals := &auth.Dismissals{Accounts: p, People: p, Log: slog.New(slog.DiscardHandler)}
				err := check(t, dismissals)
				if err == nil || len(err.Error()) > 1000 {
					t.Errorf("how the failure is told: %.2000v", err)
				}
				if got := slices.Sorted(maps.Keys(p.closed)); !slices.Equal(got, p.keys[c.stuck:]) {
					t.Errorf("left were found in %d of %d portals", len(got), c.good)
				}
				t.Logf("figure: %d portals hang, %d answer: the first run looks at %d of the latter", c.stuck, c.good, len(p.closed))
			})
		})
	}
}

// TestSilentPortalsAreAskedLast: those that answered the last time come first, and those
// for which there was no time before the ones that were asked.
func TestSilentPortalsAreAskedLast(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := portals(100, 10)
		dismissals := &auth.Dismissals{Accounts: p, People: p, Log: slog.New(slog.DiscardHandler)}
		_ = check(t, dismissals)
		began, waited := time.Now(), time.Duration(0)
		_ = check(t, dismissals)
		for _, good := range p.keys[100:] {
			waited = max(waited, p.when[good].Sub(began))
		}
		if waited > 0 {
			t.Errorf("one that answers waited %s for silent ones", waited)
		}
		t.Logf("figure: 100 portals hang, 10 answer: in the second run the latter wait %s", waited)
	})
}

// TestARunThatWasCutGoesOn: those come first for which the last run had no time.
func TestARunThatWasCutGoesOn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		p := portals(0, 200)
		p.takes = time.Second
		dismissals := &auth.Dismissals{Accounts: p, People: p, Log: slog.New(slog.DiscardHandler)}
		ctx, cancel := context.WithTimeout(t.Context(), 1500*time.Millisecond)
		_ = dismissals.Check(ctx)
		cancel()
		done := maps.Clone(p.closed)
		p.asked = nil
		must(t, check(t, dismissals))
		for _, portal := range p.asked[:64] {
			if done[portal] {
				t.Errorf("%s was asked again before the others", portal)
			}
		}
		if len(done) != 64 || len(p.closed) != 200 {
			t.Errorf("%d, then %d were asked", len(done), len(p.closed))
		}
	})
}

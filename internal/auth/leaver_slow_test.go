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
	keys  []string
	stuck map[string]bool

	mu     sync.Mutex
	closed map[string]bool
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
	if p.stuck[m.Portal] {
		<-ctx.Done()
		return nil, meet.Errorf(meet.Unavailable, "error.portal_slow", "no answer: %w", ctx.Err())
	}
	return map[int64]meet.Person{7: {ID: 7}}, nil
}

// TestAdvisory06LeaversBesideStuckPortals: whoever owns portals that never answer does
// not keep those who have left other companies signed in.
func TestAdvisory06LeaversBesideStuckPortals(t *testing.T) {
	for _, stuck := range []int{1, 40} {
		t.Run(fmt.Sprint(stuck), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				p := &manyPortals{stuck: map[string]bool{}, closed: map[string]bool{}}
				for i := range stuck + 3 {
					key := fmt.Sprintf("%032d", i)
					p.keys, p.stuck[key] = append(p.keys, key), i < stuck
				}
				leavers := auth.Leavers{Register: p, People: p, Log: slog.New(slog.DiscardHandler)}
				for range 1 + stuck/8 { // what jobs do: each has two minutes
					ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
					if err := leavers.Check(ctx); err == nil {
						t.Error("the failure is not told")
					}
					cancel()
				}
				if got := slices.Sorted(maps.Keys(p.closed)); !slices.Equal(got, p.keys[stuck:]) {
					t.Errorf("left were found in %d of %d portals", len(got), 3)
				}
			})
		})
	}
}

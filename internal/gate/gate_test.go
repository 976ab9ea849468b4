package gate

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/meet"
)

func of(portal string, user int64) meet.Member { return meet.Member{Portal: portal, User: user} }

// computes takes a place for a while and records that it had one.
func computes(g *Gate, m meet.Member, long time.Duration, got *log) {
	leave, err := g.Enter(context.Background(), m)
	if err != nil {
		got.add(fmt.Sprint(m.Portal, m.User, " ", meet.KindOf(err)))
		return
	}
	got.add(fmt.Sprint(m.Portal, m.User))
	time.Sleep(long)
	leave()
}

type log struct {
	mu    sync.Mutex
	lines []string
}

func (l *log) add(line string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.lines = append(l.lines, line)
}

func (l *log) has() []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Clone(l.lines)
}

// empty fails the test if the gate still counts somebody.
func empty(t *testing.T, g *Gate) {
	t.Helper()
	g.mu.Lock()
	defer g.mu.Unlock()
	if n := g.inside.all + g.waiting.all + len(g.queue) + len(g.inside.members) + len(g.waiting.members) + len(g.inside.portals) + len(g.waiting.portals) + len(g.lastAdmission.portals) + len(g.lastAdmission.members); n != 0 {
		t.Errorf("the gate still counts somebody: %+v %+v", g.inside, g.waiting)
	}
}

// TestPlacesAreBounded: in all, of a portal, and of a member.
func TestPlacesAreBounded(t *testing.T) {
	for name, c := range map[string]struct {
		members []meet.Member
		want    int
	}{
		"one member":        {slices.Repeat([]meet.Member{of("a", 1)}, 6), 3},
		"one portal":        {[]meet.Member{of("a", 1), of("a", 2), of("a", 3), of("a", 4), of("a", 5)}, 4},
		"two portals":       {append(slices.Repeat([]meet.Member{of("a", 1), of("a", 2)}, 3), slices.Repeat([]meet.Member{of("b", 1), of("b", 2)}, 3)...), 8},
		"more portals":      {[]meet.Member{of("a", 1), of("b", 1), of("c", 1), of("d", 1), of("e", 1), of("f", 1), of("g", 1), of("h", 1), of("i", 1)}, 8},
		"the same in other": {[]meet.Member{of("a", 1), of("b", 1)}, 2},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, got := New(8, 3), &log{}
				for _, m := range c.members {
					go computes(g, m, time.Second, got)
				}
				synctest.Wait()
				if n := len(got.has()); n != c.want {
					t.Errorf("%d at once, want %d: %v", n, c.want, got.has())
				}
				time.Sleep(10 * time.Second)
				if n := len(got.has()); n != len(c.members) {
					t.Errorf("%d of %d came in", n, len(c.members))
				}
				empty(t, g)
			})
		})
	}
}

// TestLinesAreBounded: a caller who meets a long queue is refused at once, with an error that
// says whose queue it is.
func TestLinesAreBounded(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, got := New(2, 4), &log{}
		for range 1 + maxWaitingOfMember + 1 { // a portal has one place
			go computes(g, of("a", 1), time.Minute, got)
		}
		synctest.Wait()
		if lines := got.has(); len(lines) != 2 || lines[1] != fmt.Sprint("a1 ", meet.Busy) && lines[0] != fmt.Sprint("a1 ", meet.Busy) {
			t.Errorf("%v", lines)
		}
		for user := range maxWaitingOfPortal - maxWaitingOfMember + 1 {
			go computes(g, of("a", int64(user+2)), time.Minute, got)
		}
		synctest.Wait()
		if lines := got.has(); len(lines) != 3 {
			t.Errorf("of a portal: %v", lines)
		}
		time.Sleep(2 * time.Minute)
	})
}

// TestWhoWaitsTooLongIsRefused: the error says whether the member's own searches or others'
// took the places.
func TestWhoWaitsTooLongIsRefused(t *testing.T) {
	for name, c := range map[string]struct {
		first meet.Member
		want  meet.Kind
	}{
		"behind oneself":     {of("a", 1), meet.Busy},
		"behind a colleague": {of("a", 2), meet.Unavailable},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := New(2, 1)
				leave, err := g.Enter(t.Context(), c.first)
				if err != nil {
					t.Fatal(err)
				}
				began := time.Now()
				_, err = g.Enter(t.Context(), of("a", 1))
				if meet.KindOf(err) != c.want || time.Since(began) != MaxWait {
					t.Errorf("%v after %s", err, time.Since(began))
				}
				leave()
				leave() // once more is no harm
				empty(t, g)
			})
		})
	}
}

// TestWhoLeavesTheLineIsForgotten: also when they are admitted at that very moment.
func TestWhoLeavesTheLineIsForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(1, 1)
		for range 50 {
			leave, err := g.Enter(t.Context(), of("a", 1))
			if err != nil {
				t.Fatal(err)
			}
			ctx, gone := context.WithCancel(t.Context())
			done := make(chan error)
			go func() {
				leave, err := g.Enter(ctx, of("a", 2))
				if err == nil {
					leave()
				}
				done <- err
			}()
			synctest.Wait()
			go leave()
			gone()
			if err := <-done; err != nil && (!errors.Is(err, context.Canceled) || meet.KindOf(err) != meet.Unavailable) {
				t.Fatal(err) // it is nobody's fault, and no fault of ours
			}
			synctest.Wait()
			empty(t, g)
		}
	})
}

// TestNobodyWaitsForAPortalThatAsksVeryMuch: the next place goes to the portal with the
// fewest places, not to the first in the queue.
func TestNobodyWaitsForAPortalThatAsksVeryMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, got := New(2, 2), &log{}
		for user := range 20 {
			go computes(g, of("flood", int64(user)), time.Second, got)
		}
		time.Sleep(time.Millisecond)
		for user := range 3 {
			go computes(g, of("calm", int64(user)), 100*time.Millisecond, got)
		}
		time.Sleep(500 * time.Millisecond)
		if lines := got.has(); len(lines) != 4 || lines[1][:4] != "calm" || lines[3][:4] != "calm" {
			t.Errorf("%v", lines)
		}
		time.Sleep(time.Minute)
	})
}

// TestNobodyWaitsForAColleagueWhoAsksVeryMuch: within a portal it is the same.
func TestNobodyWaitsForAColleagueWhoAsksVeryMuch(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g, got := New(4, 2), &log{}
		for range 8 {
			go computes(g, of("a", 1), time.Second, got)
		}
		time.Sleep(time.Millisecond)
		go computes(g, of("a", 2), time.Second, got)
		time.Sleep(time.Second)
		synctest.Wait()
		if lines := got.has(); len(lines) != 4 || !slices.Contains(lines, "a2") {
			t.Errorf("%v", lines)
		}
		time.Sleep(time.Minute)
	})
}

// TestNobodyWaitsForManyWhoAskVeryMuch: however many portals, or members of one portal, have
// a long queue, somebody else waits for at most one search of each.
func TestNobodyWaitsForManyWhoAskVeryMuch(t *testing.T) {
	for name, many := range map[string]func(n int) meet.Member{
		"portals": func(n int) meet.Member { return of(fmt.Sprint("flood", n), 1) },
		"members": func(n int) meet.Member { return of("flood", int64(n)) },
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g, got := New(4, 2), &log{}
				for n := range 5 {
					for range 8 {
						go computes(g, many(n), 400*time.Millisecond, got)
					}
				}
				synctest.Wait()
				go computes(g, many(9), 100*time.Millisecond, got)
				time.Sleep(MaxWait - time.Millisecond)
				if calm := many(9); !slices.Contains(got.has(), fmt.Sprint(calm.Portal, calm.User)) {
					t.Errorf("%v", got.has())
				}
				time.Sleep(time.Minute)
				empty(t, g)
			})
		})
	}
}

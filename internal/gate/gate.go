package gate

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"slotfinder/internal/meet"
)

// How long, and how many, may wait.
const (
	MaxWait            = 3 * time.Second // for a place
	maxWaiting         = 256             // in all
	maxWaitingOfPortal = 64              // of one portal
	maxWaitingOfMember = 8               // of one member
)

// Gate gives out places to compute. It implements finder.Gate.
type Gate struct {
	places, portalPlaces, memberPlaces int // in all, for one portal, for one member

	mu            sync.Mutex
	inside        counts
	waiting       counts
	queue         []*waiter // in the order of arrival
	admissions    int       // number of admissions so far
	lastAdmission counts    // number of the last admission of everybody who waits or is inside
}

// counts has a number for all, for each portal and for each member.
type counts struct {
	all     int
	portals map[string]int
	members map[meet.Member]int
}

type waiter struct {
	member   meet.Member
	admitted chan struct{} // closed when the place is theirs
}

// New returns a gate with so many places, at least one. A portal gets at most half of them,
// a member at most perMember.
func New(places, perMember int) *Gate {
	places = max(1, places)
	return &Gate{places: places, portalPlaces: max(1, places/2), memberPlaces: perMember, inside: newCounts(), waiting: newCounts(), lastAdmission: newCounts()}
}

// Enter waits for a place. leave gives it back and must be called.
//
// Errors: Busy when the member has too many searches at once; Unavailable, which says to
// come back later, when their portal or everybody has, or the context ends.
func (g *Gate) Enter(ctx context.Context, m meet.Member) (leave func(), err error) {
	w, err := g.enqueue(m)
	if err != nil {
		return nil, err
	}
	patience := time.NewTimer(MaxWait)
	defer patience.Stop()
	select {
	case <-w.admitted:
		return sync.OnceFunc(func() { g.leave(m) }), nil
	case <-ctx.Done():
		err = meet.Errorf(meet.Unavailable, "error.crowded", "gate: %w", context.Cause(ctx))
	case <-patience.C:
		err = g.refusal(m)
	}
	g.withdraw(w)
	return nil, err
}

// enqueue puts the member into the queue, and admits them at once if there is a place.
func (g *Gate) enqueue(m meet.Member) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := &waiter{member: m, admitted: make(chan struct{})}
	switch {
	case g.waiting.members[m] >= maxWaitingOfMember:
		return nil, tooMany("of a member")
	case g.waiting.portals[m.Portal] >= maxWaitingOfPortal:
		return nil, crowded("of a portal")
	case g.waiting.all >= maxWaiting:
		return nil, crowded("of all")
	}
	g.waiting.add(m, 1)
	g.queue = append(g.queue, w)
	g.admit()
	return w, nil
}

func (g *Gate) leave(m meet.Member) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.inside.add(m, -1)
	g.forget(m)
	g.admit()
}

// admit gives the free places to those who wait.
func (g *Gate) admit() {
	for {
		next := g.next()
		if next < 0 {
			return
		}
		w := g.queue[next]
		g.queue = slices.Delete(g.queue, next, next+1)
		g.waiting.add(w.member, -1)
		g.inside.add(w.member, 1)
		g.admissions++
		g.lastAdmission.portals[w.member.Portal], g.lastAdmission.members[w.member] = g.admissions, g.admissions
		close(w.admitted)
	}
}

// next returns the position in the queue of who is to be admitted, -1 for nobody. Having
// many in the queue gives no portal or member more admissions.
func (g *Gate) next() int {
	best := -1
	for i, w := range g.queue {
		if g.hasRoom(w.member) && (best < 0 || g.hasPriority(w.member, g.queue[best].member)) {
			best = i
		}
	}
	return best
}

func (g *Gate) hasRoom(m meet.Member) bool {
	return g.inside.all < g.places && g.inside.portals[m.Portal] < g.portalPlaces && g.inside.members[m] < g.memberPlaces
}

func (g *Gate) hasPriority(a, b meet.Member) bool {
	return cmp.Or(
		cmp.Compare(g.inside.portals[a.Portal], g.inside.portals[b.Portal]),
		cmp.Compare(g.lastAdmission.portals[a.Portal], g.lastAdmission.portals[b.Portal]),
		cmp.Compare(g.inside.members[a], g.inside.members[b]),
		cmp.Compare(g.lastAdmission.members[a], g.lastAdmission.members[b]),
	) < 0
}

// withdraw takes a waiter out of the queue. If they have been admitted just then, it gives
// their place back.
func (g *Gate) withdraw(w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.queue, w); i >= 0 {
		g.queue = slices.Delete(g.queue, i, i+1)
		g.waiting.add(w.member, -1)
		g.forget(w.member)
		return
	}
	g.inside.add(w.member, -1)
	g.forget(w.member)
	g.admit()
}

// forget drops the last admissions of those who neither wait nor are inside.
func (g *Gate) forget(m meet.Member) {
	if g.waiting.members[m]+g.inside.members[m] == 0 {
		delete(g.lastAdmission.members, m)
	}
	if g.waiting.portals[m.Portal]+g.inside.portals[m.Portal] == 0 {
		delete(g.lastAdmission.portals, m.Portal)
	}
}

// refusal is the error for a member who waited in vain: their own searches took the places,
// or others' did.
func (g *Gate) refusal(m meet.Member) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.inside.members[m] >= g.memberPlaces {
		return tooMany("at once")
	}
	return crowded("at once")
}

func tooMany(whose string) error {
	return meet.Errorf(meet.Busy, "error.too_many_searches", "gate: too many %s", whose)
}

func crowded(whose string) error {
	return meet.Errorf(meet.Unavailable, "error.crowded", "gate: too many %s", whose)
}

func newCounts() counts { return counts{portals: map[string]int{}, members: map[meet.Member]int{}} }

// add adds to a member's and their portal's numbers. Zeros are removed, so that the maps
// don't grow.
func (c *counts) add(m meet.Member, n int) {
	c.all += n
	if c.portals[m.Portal] += n; c.portals[m.Portal] == 0 {
		delete(c.portals, m.Portal)
	}
	if c.members[m] += n; c.members[m] == 0 {
		delete(c.members, m)
	}
}

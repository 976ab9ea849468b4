package gate

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"slotfinder/internal/meet"
)

// The bounds of who waits.
const (
	Patience   = 3 * time.Second // for a place
	mostInLine = 256             // in all
	ofPortal   = 64              // of one portal
	ofMember   = 8               // of one member
)

// Gate has places for what computes. It implements meet.Gate.
type Gate struct {
	all, each, own int // places: in all, of one portal, of one member

	mu      sync.Mutex
	taken   crowd
	waiting crowd
	line    []*waiter // in the order in which they came
	turn    int       // how many have been let in
	last    crowd     // the turn of those who wait or have a place, when they came in last
}

// crowd counts people, by portal and by member too.
type crowd struct {
	all     int
	portals map[string]int
	members map[meet.Member]int
}

type waiter struct {
	member meet.Member
	let    chan struct{} // closed when the place is theirs
}

// New returns a gate with places in all, at most half of them for one portal and at
// most own for one member. There is at least one.
func New(all, own int) *Gate {
	all = max(1, all)
	return &Gate{all: all, each: max(1, all/2), own: own, taken: newCrowd(), waiting: newCrowd(), last: newCrowd()}
}

// Enter waits for a place and returns how to give it back, which must be done once.
//
// Errors: Busy when the member has too many questions at once; Unavailable, which says to
// come back later, when their portal or everybody has, or the context ends.
func (g *Gate) Enter(ctx context.Context, m meet.Member) (leave func(), err error) {
	w, err := g.queue(m)
	if err != nil {
		return nil, err
	}
	patience := time.NewTimer(Patience)
	defer patience.Stop()
	select {
	case <-w.let:
		return sync.OnceFunc(func() { g.leave(m) }), nil
	case <-ctx.Done():
		err = meet.Errorf(meet.Unavailable, "error.crowded", "gate: %w", context.Cause(ctx))
	case <-patience.C:
		err = g.refusal(m)
	}
	g.giveUp(w)
	return nil, err
}

// queue gives out a place at once or puts the member into the line.
func (g *Gate) queue(m meet.Member) (*waiter, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	w := &waiter{member: m, let: make(chan struct{})}
	switch {
	case g.waiting.members[m] >= ofMember:
		return nil, tooMany("of a member")
	case g.waiting.portals[m.Portal] >= ofPortal:
		return nil, crowded("of a portal")
	case g.waiting.all >= mostInLine:
		return nil, crowded("of all")
	}
	g.waiting.add(m, 1)
	g.line = append(g.line, w)
	g.letIn()
	return w, nil
}

func (g *Gate) leave(m meet.Member) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.taken.add(m, -1)
	g.forget(m)
	g.letIn()
}

// letIn gives free places to those who wait.
func (g *Gate) letIn() {
	for {
		next := g.next()
		if next < 0 {
			return
		}
		w := g.line[next]
		g.line = slices.Delete(g.line, next, next+1)
		g.waiting.add(w.member, -1)
		g.taken.add(w.member, 1)
		g.turn++
		g.last.portals[w.member.Portal], g.last.members[w.member] = g.turn, g.turn
		close(w.let)
	}
}

// next is who in the line may come in now and has the least, -1 for nobody. Of those who
// have as much, who came in longest ago is next: many in the line get nobody more turns.
func (g *Gate) next() int {
	best := -1
	for i, w := range g.line {
		if g.room(w.member) && (best < 0 || g.less(w.member, g.line[best].member)) {
			best = i
		}
	}
	return best
}

func (g *Gate) room(m meet.Member) bool {
	return g.taken.all < g.all && g.taken.portals[m.Portal] < g.each && g.taken.members[m] < g.own
}

func (g *Gate) less(a, b meet.Member) bool {
	return cmp.Or(
		cmp.Compare(g.taken.portals[a.Portal], g.taken.portals[b.Portal]),
		cmp.Compare(g.last.portals[a.Portal], g.last.portals[b.Portal]),
		cmp.Compare(g.taken.members[a], g.taken.members[b]),
		cmp.Compare(g.last.members[a], g.last.members[b]),
	) < 0
}

// giveUp takes somebody out of the line, or gives back the place that they got just
// when they had enough.
func (g *Gate) giveUp(w *waiter) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if i := slices.Index(g.line, w); i >= 0 {
		g.line = slices.Delete(g.line, i, i+1)
		g.waiting.add(w.member, -1)
		g.forget(w.member)
		return
	}
	g.taken.add(w.member, -1)
	g.forget(w.member)
	g.letIn()
}

// forget drops the turns of those who neither wait nor have a place.
func (g *Gate) forget(m meet.Member) {
	if g.waiting.members[m]+g.taken.members[m] == 0 {
		delete(g.last.members, m)
	}
	if g.waiting.portals[m.Portal]+g.taken.portals[m.Portal] == 0 {
		delete(g.last.portals, m.Portal)
	}
}

// refusal says whose doing it is that somebody waited in vain.
func (g *Gate) refusal(m meet.Member) error {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.taken.members[m] >= g.own {
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

func newCrowd() crowd { return crowd{portals: map[string]int{}, members: map[meet.Member]int{}} }

// add counts some more of a member; nobody is remembered at none.
func (c *crowd) add(m meet.Member, n int) {
	c.all += n
	if c.portals[m.Portal] += n; c.portals[m.Portal] == 0 {
		delete(c.portals, m.Portal)
	}
	if c.members[m] += n; c.members[m] == 0 {
		delete(c.members, m)
	}
}

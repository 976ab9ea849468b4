package auth

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// People asks a portal about its people, as meet.Directory does.
type People interface {
	People(ctx context.Context, m meet.Member, ids []int64) (map[int64]meet.Person, error)
}

// Leavers finds out who has left a company. No event tells of it, so the portals are
// asked from time to time.
type Leavers struct {
	Register Register
	People   People
	// Left are told of each member who has left, before the tokens go: what somebody
	// set up for others must end with them.
	Left  []func(ctx context.Context, m meet.Member) error
	Log   *slog.Logger
	Audit *audit.Log // nil: none

	mu   sync.Mutex
	runs int
	past map[string]look // of the portals that there are
}

// look is how a portal fared when it was asked last.
type look struct {
	run    int // 0: it never was
	failed bool
}

const (
	// askedAtOnce is how many people a portal is asked about in one go.
	askedAtOnce = 50

	// Portals that never answer, be it with intent, must not keep us from the others:
	// many are asked at once, each has to begin to answer within answerBegins and to
	// have done within portalTime. In a run of two minutes that leaves room for 1,500
	// that are silent. Who failed is asked last the next time, and may then be slow.
	portalsAtOnce = 64
	answerBegins  = 5 * time.Second
	portalTime    = time.Minute
)

// Check asks every portal about its people who have tokens or sessions here. Those
// who were dismissed lose both, and whatever Left takes. Those portals come first
// that answered the last time, and of these the ones that were not asked for longest;
// what ctx leaves no time for is left for the next time. Left may be told by several
// goroutines. Check must not run twice at the same time.
func (l *Leavers) Check(ctx context.Context) error {
	portals, err := l.Register.PortalKeys(ctx)
	if err != nil {
		return fmt.Errorf("auth: leavers: %w", err)
	}
	var failed tally
	var asking errgroup.Group
	asking.SetLimit(portalsAtOnce)
	for _, portal := range l.line(portals) {
		if ctx.Err() != nil {
			break
		}
		check := rescue.Err(func() error { return l.checkPortal(ctx, portal) })
		asking.Go(rescue.Err(func() error {
			err := check()
			if ctx.Err() == nil {
				l.note(portal, err)
				failed.add(err)
			}
			return nil
		}))
	}
	return errors.Join(asking.Wait(), failed.err(), ctx.Err())
}

// line returns the portals in the order in which they are asked, and forgets those that
// have gone.
func (l *Leavers) line(portals []string) []string {
	l.mu.Lock()
	defer l.mu.Unlock()
	past := make(map[string]look, len(portals))
	for _, portal := range portals {
		past[portal] = l.past[portal]
	}
	l.past, l.runs = past, l.runs+1
	return slices.SortedStableFunc(slices.Values(portals), func(a, b string) int {
		switch a, b := past[a], past[b]; {
		case a.failed == b.failed:
			return cmp.Compare(a.run, b.run)
		case a.failed:
			return 1
		}
		return -1
	})
}

func (l *Leavers) note(portal string, failed error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.past[portal] = look{l.runs, failed != nil}
}

func (l *Leavers) failedBefore(portal string) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.past[portal].failed
}

// tally counts failures and keeps the first.
type tally struct {
	mu    sync.Mutex
	n     int
	first error
}

func (t *tally) add(err error) {
	if err == nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.n++
	if t.first == nil {
		t.first = err
	}
}

func (t *tally) err() error {
	if t.n == 0 {
		return nil
	}
	return fmt.Errorf("auth: leavers: %d portals could not be asked, the first: %w", t.n, t.first)
}

func (l *Leavers) checkPortal(ctx context.Context, portal string) error {
	ctx, cancel := context.WithTimeout(ctx, portalTime)
	defer cancel()
	users, err := l.Register.Members(ctx, portal)
	if err != nil {
		return err
	}
	begins := answerBegins
	if l.failedBefore(portal) {
		begins = portalTime
	}
	for some := range slices.Chunk(users, askedAtOnce) {
		known, err := l.ask(ctx, begins, portal, users, some)
		if err != nil {
			return err
		}
		begins = portalTime
		for _, user := range some {
			// Whom the portal does not name may be hidden from who asks.
			if person, there := known[user]; there && !person.Active {
				if err := l.close(ctx, meet.Member{Portal: portal, User: user}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// ask asks with the first tokens that the portal accepts; those of somebody who has
// left are none. Nobody is known where none are.
func (l *Leavers) ask(ctx context.Context, limit time.Duration, portal string, askers, about []int64) (map[int64]meet.Person, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	for _, user := range askers[:min(len(askers), askedAtMost)] {
		known, err := l.People.People(ctx, meet.Member{Portal: portal, User: user}, about)
		switch meet.KindOf(err) {
		case meet.SignedOut, meet.Unsupported:
			continue
		}
		return known, err
	}
	return nil, nil
}

func (l *Leavers) close(ctx context.Context, m meet.Member) error {
	for _, told := range l.Left {
		if err := told(ctx, m); err != nil {
			return err
		}
	}
	if err := l.Register.CloseMember(ctx, m); err != nil {
		return err
	}
	l.Audit.Record(audit.Entry{Event: audit.Revoked, Portal: m.Portal, User: m.User, Reason: "dismissed"})
	return nil
}

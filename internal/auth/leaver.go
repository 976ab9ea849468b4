package auth

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"slotfinder/internal/meet"
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
	Left []func(ctx context.Context, m meet.Member) error
	Log  *slog.Logger

	next string // the portal to begin with, because the last Check did not come to it
}

const (
	// askedAtOnce is how many people a portal is asked about in one go.
	askedAtOnce = 50

	// Portals that never answer, be it with intent, must not keep us from the others:
	// several are asked at once, none for longer than portalTime, and what there was no
	// time for comes first when Check is called again.
	portalsAtOnce = 8
	portalTime    = time.Minute
)

// Check asks every portal about its people who have tokens or sessions here. Those
// who were dismissed lose both, and whatever Left takes. A portal that can't be asked
// is left for the next time. Left may be told by several goroutines.
func (l *Leavers) Check(ctx context.Context) error {
	portals, err := l.Register.PortalKeys(ctx)
	if err != nil {
		return fmt.Errorf("auth: leavers: %w", err)
	}
	var mu sync.Mutex
	var failed error
	var asking errgroup.Group
	asking.SetLimit(portalsAtOnce)
	first := max(0, slices.Index(portals, l.next))
	l.next = ""
	for _, portal := range slices.Concat(portals[first:], portals[:first]) {
		if ctx.Err() != nil {
			l.next = portal
			break
		}
		asking.Go(func() error {
			if err := l.checkPortal(ctx, portal); err != nil {
				mu.Lock()
				defer mu.Unlock()
				failed = errors.Join(failed, fmt.Errorf("auth: leavers: %w", err))
			}
			return nil
		})
	}
	_ = asking.Wait()
	return errors.Join(failed, ctx.Err())
}

func (l *Leavers) checkPortal(ctx context.Context, portal string) error {
	ctx, cancel := context.WithTimeout(ctx, portalTime)
	defer cancel()
	users, err := l.Register.Members(ctx, portal)
	if err != nil {
		return err
	}
	for some := range slices.Chunk(users, askedAtOnce) {
		known, err := l.ask(ctx, portal, users, some)
		if err != nil {
			return err
		}
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
func (l *Leavers) ask(ctx context.Context, portal string, askers, about []int64) (map[int64]meet.Person, error) {
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
	l.Log.InfoContext(ctx, "somebody has left", "portal", m.Portal, "user", m.User)
	return l.Register.CloseMember(ctx, m)
}

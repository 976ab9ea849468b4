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

// Dismissals finds out who has left a company. No event of Bitrix24 says so, so the portals
// are asked periodically.
type Dismissals struct {
	Accounts Accounts
	People   People
	// OnDismissed are called for each member who has left, before their tokens go: what they
	// set up for others, such as links, must end with them. They may be called concurrently.
	OnDismissed []func(ctx context.Context, m meet.Member) error
	Log         *slog.Logger
	Audit       *audit.Log // nil: none

	mu      sync.Mutex
	runs    int
	results map[string]lastCheck // by portal
}

// lastCheck is how the last check of a portal went.
type lastCheck struct {
	run    int // 0: it was never checked
	failed bool
}

const (
	// peopleAtOnce is how many people a portal is asked about in one request.
	peopleAtOnce = 50

	// Portals that never answer, on purpose or not, must not hold up the others: many are
	// asked at once, and each has to give its first answer within firstAnswerTimeout and
	// all of them within portalTimeout. A run of two minutes then copes with 1,500 silent
	// portals. Portals that failed are asked last the next time, and may then be slow.
	portalsAtOnce      = 64
	firstAnswerTimeout = 5 * time.Second
	portalTimeout      = time.Minute
)

// Check asks every portal about its people who have tokens or sessions here. Whoever was
// dismissed loses both, after OnDismissed. Portals that answered the last time come first,
// and of these the ones whose last check is longest ago. What ctx leaves no time for is
// done in the next run. Check must not run twice at the same time.
func (d *Dismissals) Check(ctx context.Context) error {
	portals, err := d.Accounts.PortalKeys(ctx)
	if err != nil {
		return fmt.Errorf("auth: dismissals: %w", err)
	}
	var failed failures
	var asking errgroup.Group
	asking.SetLimit(portalsAtOnce)
	for _, portal := range d.order(portals) {
		if ctx.Err() != nil {
			break
		}
		check := rescue.Err(func() error { return d.checkPortal(ctx, portal) })
		asking.Go(rescue.Err(func() error {
			err := check()
			if ctx.Err() == nil {
				d.recordResult(portal, err)
				failed.add(err)
			}
			return nil
		}))
	}
	return errors.Join(asking.Wait(), failed.err(), ctx.Err())
}

// order returns the portals in the order in which they are asked, and forgets the results of
// portals that have gone.
func (d *Dismissals) order(portals []string) []string {
	d.mu.Lock()
	defer d.mu.Unlock()
	results := make(map[string]lastCheck, len(portals))
	for _, portal := range portals {
		results[portal] = d.results[portal]
	}
	d.results, d.runs = results, d.runs+1
	return slices.SortedStableFunc(slices.Values(portals), func(a, b string) int {
		switch a, b := results[a], results[b]; {
		case a.failed == b.failed:
			return cmp.Compare(a.run, b.run)
		case a.failed:
			return 1
		}
		return -1
	})
}

func (d *Dismissals) recordResult(portal string, failed error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.results[portal] = lastCheck{d.runs, failed != nil}
}

func (d *Dismissals) failedBefore(portal string) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.results[portal].failed
}

// failures counts errors and keeps the first.
type failures struct {
	mu    sync.Mutex
	n     int
	first error
}

func (t *failures) add(err error) {
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

func (t *failures) err() error {
	if t.n == 0 {
		return nil
	}
	return fmt.Errorf("auth: dismissals: %d portals could not be asked, the first: %w", t.n, t.first)
}

func (d *Dismissals) checkPortal(ctx context.Context, portal string) error {
	ctx, cancel := context.WithTimeout(ctx, portalTimeout)
	defer cancel()
	users, err := d.Accounts.Members(ctx, portal)
	if err != nil {
		return err
	}
	timeout := firstAnswerTimeout
	if d.failedBefore(portal) {
		timeout = portalTimeout
	}
	for some := range slices.Chunk(users, peopleAtOnce) {
		known, err := d.knownPeople(ctx, timeout, portal, users, some)
		if err != nil {
			return err
		}
		timeout = portalTimeout
		for _, user := range some {
			// A person who is missing from the answer may only be hidden from the asker.
			if person, there := known[user]; there && !person.Active {
				if err := d.closeAccount(ctx, meet.Member{Portal: portal, User: user}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

// knownPeople asks the portal about people, with the first of the askers' tokens that it
// accepts: it refuses those of somebody who has left. If it accepts none, nobody is known.
func (d *Dismissals) knownPeople(ctx context.Context, timeout time.Duration, portal string, askers, ids []int64) (map[int64]meet.Person, error) {
	ctx, cancel := context.WithTimeout(ctx, timeout)
	defer cancel()
	for _, user := range askers[:min(len(askers), maxAskers)] {
		known, err := d.People.People(ctx, meet.Member{Portal: portal, User: user}, ids)
		switch meet.KindOf(err) {
		case meet.SignedOut, meet.Unsupported:
			continue
		default:
			return known, err
		}
	}
	return nil, nil
}

func (d *Dismissals) closeAccount(ctx context.Context, m meet.Member) error {
	for _, call := range d.OnDismissed {
		if err := call(ctx, m); err != nil {
			return err
		}
	}
	if err := d.Accounts.CloseMember(ctx, m); err != nil {
		return err
	}
	d.Audit.Record(audit.Entry{Event: audit.Revoked, Portal: m.Portal, User: m.User, Reason: "dismissed"})
	return nil
}

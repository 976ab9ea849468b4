package auth

import (
	"context"
	"log/slog"
	"maps"
	"sync"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// How many pairs may be on their way from an authorization server to the database, unsaved
// ones included. A refresh token is only sent off while there is room for the new pair.
// Sign-ins leave room for renewals.
const (
	maxRenewals = 4096
	maxSignIns  = 1024
)

// The pauses between retries double from the first to the longest.
const (
	firstRetryPause   = 100 * time.Millisecond
	longestRetryPause = 2 * time.Second
)

// unsavedPairs holds the pairs that the database could not take, at most one per member. It
// serves them meanwhile and stores them as soon as it can. A refresh token works only once,
// so its successor must not be lost because the database is down.
type unsavedPairs struct {
	log *slog.Logger

	mu       sync.Mutex
	pairs    map[meet.Member]*unsavedPair
	reserved int           // pairs that an authorization server has been asked for
	retrying bool          // a goroutine is retrying
	changed  chan struct{} // closed and made anew when pairs or reserved shrink
	ended    bool          // wait has returned
}

// unsavedPair is a pair that waits for the database.
type unsavedPair struct {
	pair  openGrant
	store func(context.Context) error // safe to call twice
	inUse sync.Mutex                  // held while the pair is being stored or renewed
}

func newUnsavedPairs(log *slog.Logger) *unsavedPairs {
	return &unsavedPairs{log: log, pairs: map[meet.Member]*unsavedPair{}, changed: make(chan struct{})}
}

// reserve takes a place for a pair that is about to be asked for. done gives it back, once
// the pair has been stored or added here.
func (u *unsavedPairs) reserve(limit int) (done func(), err error) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.pairs)+u.reserved >= limit {
		return nil, meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: no room to keep another pair of tokens")
	}
	u.reserved++
	return func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		u.reserved--
		u.notify()
	}, nil
}

// notify wakes wait. mu is held.
func (u *unsavedPairs) notify() {
	close(u.changed)
	u.changed = make(chan struct{})
}

// get returns a member's unsaved pair.
func (u *unsavedPairs) get(m meet.Member) (openGrant, bool) {
	u.mu.Lock()
	defer u.mu.Unlock()
	waiting, there := u.pairs[m]
	if !there {
		return openGrant{}, false
	}
	return waiting.pair, true
}

// lock keeps a member's pair from being stored until unlock is called: once it is stored,
// other processes can renew it, too. locked is false when there is no pair any more.
func (u *unsavedPairs) lock(m meet.Member) (unlock func(), locked bool) {
	u.mu.Lock()
	waiting := u.pairs[m]
	u.mu.Unlock()
	if waiting == nil {
		return nil, false
	}
	waiting.inUse.Lock()
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.pairs[m] != waiting {
		waiting.inUse.Unlock()
		return nil, false
	}
	return waiting.inUse.Unlock, true
}

// save stores a pair with now, even when ctx ends. If that fails it keeps the pair and
// retries with later. meet.NotFound: the pair is not needed any more, and not kept.
func (u *unsavedPairs) save(ctx context.Context, pair openGrant, now, later func(context.Context) error) error {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTimeout)
	defer cancel()
	err := rescue.Err(func() error { return now(limit) })()
	m := pair.grant.Member
	if err == nil || meet.KindOf(err) == meet.NotFound {
		u.remove(m)
		return err
	}
	u.log.ErrorContext(ctx, "a pair of tokens can't be stored yet and is kept in memory", "portal", m.Portal, "error", err)
	pair.unsaved = true
	u.mu.Lock()
	defer u.mu.Unlock()
	u.pairs[m] = &unsavedPair{pair: pair, store: later}
	if !u.retrying && !u.ended {
		u.retrying = true
		rescue.Go(rescue.Log(u.log, "storing tokens"), u.retryUntilEmpty)
	}
	return err
}

// remove forgets a member's pair.
func (u *unsavedPairs) remove(m meet.Member) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if _, there := u.pairs[m]; there {
		delete(u.pairs, m)
		u.notify()
	}
}

// removePortal forgets the pairs of all members of a portal.
func (u *unsavedPairs) removePortal(memberID string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	for m := range u.pairs {
		if m.Portal == memberID {
			delete(u.pairs, m)
		}
	}
	u.notify()
}

// retryUntilEmpty retries until all pairs are stored.
func (u *unsavedPairs) retryUntilEmpty() {
	for pause := firstRetryPause; u.keepRetrying(); pause = min(2*pause, longestRetryPause) {
		time.Sleep(pause)
		u.retryAll()
	}
}

// keepRetrying reports whether there is still something to store. If not, the goroutine
// that asks must end.
func (u *unsavedPairs) keepRetrying() bool {
	u.mu.Lock()
	defer u.mu.Unlock()
	u.retrying = len(u.pairs) > 0 && !u.ended
	return u.retrying
}

// retryAll stores the pairs, in any order, until the database fails again.
func (u *unsavedPairs) retryAll() {
	for m, waiting := range u.snapshot() {
		if !waiting.inUse.TryLock() {
			continue // it is being renewed
		}
		err := u.retryOne(m, waiting)
		waiting.inUse.Unlock()
		if err != nil {
			return
		}
	}
}

func (u *unsavedPairs) retryOne(m meet.Member, waiting *unsavedPair) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTimeout)
	defer cancel()
	err := rescue.Err(func() error { return waiting.store(ctx) })()
	switch {
	case err == nil:
		u.log.Info("a pair of tokens that was kept in memory has been stored", "portal", m.Portal)
	case meet.KindOf(err) == meet.NotFound:
		u.log.Info("a pair of tokens that was kept in memory is no longer needed", "portal", m.Portal)
	default:
		return err
	}
	u.removeStored(m, waiting)
	return nil
}

func (u *unsavedPairs) snapshot() map[meet.Member]*unsavedPair {
	u.mu.Lock()
	defer u.mu.Unlock()
	return maps.Clone(u.pairs)
}

// removeStored forgets a pair that has been stored, unless a newer one has replaced it.
func (u *unsavedPairs) removeStored(m meet.Member, pair *unsavedPair) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if u.pairs[m] == pair {
		delete(u.pairs, m)
		u.notify()
	}
}

// wait waits until no pair is on its way or unsaved, or ctx ends. It reports how many are
// left.
func (u *unsavedPairs) wait(ctx context.Context) (left int) {
	for {
		u.mu.Lock()
		left, changed := len(u.pairs)+u.reserved, u.changed
		u.ended = left == 0 || ctx.Err() != nil
		ended := u.ended
		u.mu.Unlock()
		if ended {
			return left
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// Flush waits until every pair of tokens that is on its way or unsaved has been stored, or
// ctx ends. It belongs at the end of the process, before the database is closed; later
// pairs are not retried.
func (p *Portals) Flush(ctx context.Context) {
	if left := p.unsaved.wait(ctx); left > 0 {
		p.log.ErrorContext(ctx, "pairs of tokens are lost: these people have to sign in again", "pairs", left)
	}
}

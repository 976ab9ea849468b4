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

// How many pairs may be under way between an authorization server and the database,
// those included that the database could not take. A refresh token is not traded in
// when there is no room for what comes back. Sign-ins leave room for renewals.
const (
	renewalsAtMost = 4096
	signInsAtMost  = 1024
)

// The pauses between two tries to store what is kept double from the first to the last.
const (
	firstSavePause = 100 * time.Millisecond
	lastSavePause  = 2 * time.Second
)

// keeper holds the pairs that could not be stored, one of a member, serves them
// meanwhile, and stores them as soon as it can: a refresh token works once, and so what
// it was traded in for must not be lost only because the database is away.
type keeper struct {
	log *slog.Logger

	mu       sync.Mutex
	pairs    map[meet.Member]*keptPair
	underWay int           // trades that have begun and not ended
	storing  bool          // a goroutine is at it
	changed  chan struct{} // closed and made anew when pairs or underWay shrink
	ended    bool          // nobody waits for pairs any more
}

// keptPair is a pair that waits for the database.
type keptPair struct {
	pair  current
	store func(context.Context) error // may be done twice
	busy  sync.Mutex                  // it is being stored, or traded in
}

func newKeeper(log *slog.Logger) *keeper {
	return &keeper{log: log, pairs: map[meet.Member]*keptPair{}, changed: make(chan struct{})}
}

// begin takes a place for a pair that will come; done gives it back once the pair has
// been stored or kept.
func (k *keeper) begin(atMost int) (done func(), err error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if len(k.pairs)+k.underWay >= atMost {
		return nil, meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: no room to keep another pair of tokens")
	}
	k.underWay++
	return func() {
		k.mu.Lock()
		defer k.mu.Unlock()
		k.underWay--
		k.tell()
	}, nil
}

// tell wakes those who wait for an end. mu is held.
func (k *keeper) tell() {
	close(k.changed)
	k.changed = make(chan struct{})
}

// get returns the pair that is kept of a member.
func (k *keeper) get(m meet.Member) (current, bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	kept, there := k.pairs[m]
	if !there {
		return current{}, false
	}
	return kept.pair, true
}

// hold keeps the pair of a member from being stored until release is called: once it
// is, other processes can trade it in, too. held is false when there is none any more.
func (k *keeper) hold(m meet.Member) (release func(), held bool) {
	k.mu.Lock()
	kept := k.pairs[m]
	k.mu.Unlock()
	if kept == nil {
		return nil, false
	}
	kept.busy.Lock()
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pairs[m] != kept {
		kept.busy.Unlock()
		return nil, false
	}
	return kept.busy.Unlock, true
}

// save stores a pair, also when ctx ends, and keeps it when that fails, to be stored
// later. meet.NotFound: there is no place for it any more, and it is not kept.
func (k *keeper) save(ctx context.Context, pair current, now, later func(context.Context) error) error {
	limit, cancel := context.WithTimeout(context.WithoutCancel(ctx), saveTime)
	defer cancel()
	err := rescue.Err(func() error { return now(limit) })()
	m := pair.grant.Member
	if err == nil || meet.KindOf(err) == meet.NotFound {
		k.drop(m)
		return err
	}
	k.log.ErrorContext(ctx, "a pair of tokens can't be stored yet and is kept in memory", "portal", m.Portal, "error", err)
	pair.kept = true
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pairs[m] = &keptPair{pair: pair, store: later}
	if !k.storing && !k.ended {
		k.storing = true
		rescue.Go(rescue.Log(k.log, "storing tokens"), k.storeAll)
	}
	return err
}

// drop forgets the pair that is kept of a member.
func (k *keeper) drop(m meet.Member) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if _, there := k.pairs[m]; there {
		delete(k.pairs, m)
		k.tell()
	}
}

// dropPortal forgets all pairs of a portal.
func (k *keeper) dropPortal(memberID string) {
	k.mu.Lock()
	defer k.mu.Unlock()
	for m := range k.pairs {
		if m.Portal == memberID {
			delete(k.pairs, m)
		}
	}
	k.tell()
}

// storeAll tries to store what is kept until nothing is left.
func (k *keeper) storeAll() {
	for pause := firstSavePause; k.more(); pause = min(2*pause, lastSavePause) {
		time.Sleep(pause)
		k.storeSome()
	}
}

// more reports whether there is something to store for somebody; if not, the goroutine
// that asks must end.
func (k *keeper) more() bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.storing = len(k.pairs) > 0 && !k.ended
	return k.storing
}

// storeSome stores what is kept, in any order, until the database fails again.
func (k *keeper) storeSome() {
	for m, kept := range k.snapshot() {
		if !kept.busy.TryLock() {
			continue // it is being traded in
		}
		err := k.storeOne(m, kept)
		kept.busy.Unlock()
		if err != nil {
			return
		}
	}
}

func (k *keeper) storeOne(m meet.Member, kept *keptPair) error {
	ctx, cancel := context.WithTimeout(context.Background(), saveTime)
	defer cancel()
	err := rescue.Err(func() error { return kept.store(ctx) })()
	switch {
	case err == nil:
		k.log.Info("a pair of tokens that was kept in memory has been stored", "portal", m.Portal)
	case meet.KindOf(err) == meet.NotFound:
		k.log.Info("a pair of tokens that was kept in memory is needed no more", "portal", m.Portal)
	default:
		return err
	}
	k.stored(m, kept)
	return nil
}

func (k *keeper) snapshot() map[meet.Member]*keptPair {
	k.mu.Lock()
	defer k.mu.Unlock()
	return maps.Clone(k.pairs)
}

// stored forgets a pair, unless a newer one has taken its place.
func (k *keeper) stored(m meet.Member, pair *keptPair) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.pairs[m] == pair {
		delete(k.pairs, m)
		k.tell()
	}
}

// settle waits until every pair that is under way or kept has been stored, or ctx ends.
// It reports how many were not.
func (k *keeper) settle(ctx context.Context) (left int) {
	for {
		k.mu.Lock()
		left, changed := len(k.pairs)+k.underWay, k.changed
		k.ended = left == 0 || ctx.Err() != nil
		ended := k.ended
		k.mu.Unlock()
		if ended {
			return left
		}
		select {
		case <-changed:
		case <-ctx.Done():
		}
	}
}

// Settle waits until every pair of tokens that is being traded in or could not be stored
// yet has been stored, or ctx ends. It belongs at the end of the process, before the
// database is closed; no pair is kept afterwards.
func (p *Portals) Settle(ctx context.Context) {
	if left := p.keeper.settle(ctx); left > 0 {
		p.log.ErrorContext(ctx, "pairs of tokens are lost: these people have to sign in again", "pairs", left)
	}
}

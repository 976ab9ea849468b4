package sharer

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/sync/singleflight"
)

// The bounds of what links show.
const (
	timesKept      = 1 << 20 // times that are remembered
	timesKeptOfOne = 1 << 18 // of these, a single portal's

	linksAtOnce      = 64 // links that are computed at the same time
	linksAtOnceOfOne = 8  // of these, a single portal's
)

// cache remembers findings, and bounds how many are made at once. The zero value is
// empty.
type cache struct {
	flights singleflight.Group
	found   atomic.Int64 // how many findings there were

	once   sync.Once
	places *semaphore.Weighted // of all portals

	mu      sync.Mutex
	kept    map[string]entry
	weight  int
	weights map[string]int         // by portal
	work    map[string]*portalWork // by portal, while something is found for it
}

type entry struct {
	freeTimes
	portal string
	until  time.Time
}

// portalWork is what is being found for a portal's links.
type portalWork struct {
	users  int
	places *semaphore.Weighted
	turn   int // how often the portal was forgotten meanwhile
}

func (o *cache) all() *semaphore.Weighted {
	o.once.Do(func() { o.places = semaphore.NewWeighted(linksAtOnce) })
	return o.places
}

// join begins to find something for a portal; part ends it.
func (o *cache) join(portal string) *portalWork {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.work == nil {
		o.work = map[string]*portalWork{}
	}
	f := o.work[portal]
	if f == nil {
		f = &portalWork{places: semaphore.NewWeighted(linksAtOnceOfOne)}
		o.work[portal] = f
	}
	f.users++
	return f
}

func (o *cache) part(portal string, f *portalWork) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f.users--; f.users == 0 {
		delete(o.work, portal)
	}
}

// enter waits for a place among those of the portal, and then of all.
func (f *portalWork) enter(ctx context.Context, all *semaphore.Weighted) error {
	if err := f.places.Acquire(ctx, 1); err != nil {
		return err
	}
	if err := all.Acquire(ctx, 1); err != nil {
		f.places.Release(1)
		return err
	}
	return nil
}

func (f *portalWork) leave(all *semaphore.Weighted) {
	all.Release(1)
	f.places.Release(1)
}

func (o *cache) get(key string, now time.Time) (freeTimes, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept, found := o.kept[key]
	return kept.freeTimes, found && now.Before(kept.until)
}

// turn is to be asked before reading, so that put knows whether the portal was
// forgotten meanwhile.
func (o *cache) turn(f *portalWork) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return f.turn
}

// put remembers a finding. Where there is no more room, all of the portal is forgotten,
// or all of everybody: what is looked at is soon back.
func (o *cache) put(key, portal string, found freeTimes, begun time.Time, f *portalWork, turn int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f.turn != turn {
		return
	}
	o.drop(key)
	weight := weightOf(found)
	if o.weights[portal]+weight > timesKeptOfOne {
		o.dropAll(portal)
	}
	if o.kept == nil || o.weight+weight > timesKept {
		o.kept, o.weight, o.weights = map[string]entry{}, 0, map[string]int{}
	}
	o.kept[key] = entry{found, portal, begun.Add(found.life)}
	o.weight += weight
	o.weights[portal] += weight
}

func weightOf(f freeTimes) int { return 1 + len(f.slots) + len(f.names) }

func (o *cache) forget(portal string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f := o.work[portal]; f != nil {
		f.turn++
	}
	o.dropAll(portal)
}

func (o *cache) drop(key string) {
	old, there := o.kept[key]
	if !there {
		return
	}
	delete(o.kept, key)
	o.weight -= weightOf(old.freeTimes)
	if o.weights[old.portal] -= weightOf(old.freeTimes); o.weights[old.portal] == 0 {
		delete(o.weights, old.portal)
	}
}

func (o *cache) dropAll(portal string) {
	o.weight -= o.weights[portal]
	delete(o.weights, portal)
	maps.DeleteFunc(o.kept, func(_ string, kept entry) bool { return kept.portal == portal })
}

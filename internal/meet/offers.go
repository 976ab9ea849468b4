package meet

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
	offersKept  = 1 << 20 // times that are remembered
	offersOfOne = 1 << 18 // of these, a single portal's

	offersAtOnce = 64 // links that are computed at the same time
	offersAtOne  = 8  // of these, a single portal's
)

// offers remembers findings, and bounds how many are made at once. The zero value is
// empty.
type offers struct {
	flights singleflight.Group
	found   atomic.Int64 // how many findings there were

	once   sync.Once
	places *semaphore.Weighted // of all portals

	mu      sync.Mutex
	kept    map[string]keptOffer
	weight  int
	weights map[string]int         // by portal
	finding map[string]*findingFor // by portal, while something is found for it
}

type keptOffer struct {
	finding
	portal string
	until  time.Time
}

// findingFor is what is being found for a portal's links.
type findingFor struct {
	users  int
	places *semaphore.Weighted
	turn   int // how often the portal was forgotten meanwhile
}

func (o *offers) all() *semaphore.Weighted {
	o.once.Do(func() { o.places = semaphore.NewWeighted(offersAtOnce) })
	return o.places
}

// join begins to find something for a portal; part ends it.
func (o *offers) join(portal string) *findingFor {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.finding == nil {
		o.finding = map[string]*findingFor{}
	}
	f := o.finding[portal]
	if f == nil {
		f = &findingFor{places: semaphore.NewWeighted(offersAtOne)}
		o.finding[portal] = f
	}
	f.users++
	return f
}

func (o *offers) part(portal string, f *findingFor) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f.users--; f.users == 0 {
		delete(o.finding, portal)
	}
}

// enter waits for a place among those of the portal, and then of all.
func (f *findingFor) enter(ctx context.Context, all *semaphore.Weighted) error {
	if err := f.places.Acquire(ctx, 1); err != nil {
		return err
	}
	if err := all.Acquire(ctx, 1); err != nil {
		f.places.Release(1)
		return err
	}
	return nil
}

func (f *findingFor) leave(all *semaphore.Weighted) {
	all.Release(1)
	f.places.Release(1)
}

func (o *offers) get(key string, now time.Time) (finding, bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	kept, found := o.kept[key]
	return kept.finding, found && now.Before(kept.until)
}

// turn is to be asked before reading, so that put knows whether the portal was
// forgotten meanwhile.
func (o *offers) turn(f *findingFor) int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return f.turn
}

// put remembers a finding. Where there is no more room, all of the portal is forgotten,
// or all of everybody: what is looked at is soon back.
func (o *offers) put(key, portal string, found finding, begun time.Time, f *findingFor, turn int) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f.turn != turn {
		return
	}
	o.drop(key)
	weight := weightOf(found)
	if o.weights[portal]+weight > offersOfOne {
		o.dropAll(portal)
	}
	if o.kept == nil || o.weight+weight > offersKept {
		o.kept, o.weight, o.weights = map[string]keptOffer{}, 0, map[string]int{}
	}
	o.kept[key] = keptOffer{found, portal, begun.Add(found.life)}
	o.weight += weight
	o.weights[portal] += weight
}

func weightOf(f finding) int { return 1 + len(f.slots) + len(f.names) }

func (o *offers) forget(portal string) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if f := o.finding[portal]; f != nil {
		f.turn++
	}
	o.dropAll(portal)
}

func (o *offers) drop(key string) {
	old, there := o.kept[key]
	if !there {
		return
	}
	delete(o.kept, key)
	o.weight -= weightOf(old.finding)
	if o.weights[old.portal] -= weightOf(old.finding); o.weights[old.portal] == 0 {
		delete(o.weights, old.portal)
	}
}

func (o *offers) dropAll(portal string) {
	o.weight -= o.weights[portal]
	delete(o.weights, portal)
	maps.DeleteFunc(o.kept, func(_ string, kept keptOffer) bool { return kept.portal == portal })
}

package sharer

import (
	"context"
	"maps"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/singleflight"

	"slotfinder/internal/gate"
)

// The bounds of what links show.
const (
	timesKept      = 1 << 20 // times that are remembered
	timesKeptOfOne = 1 << 18 // of these, a single portal's

	linksAtOnce      = 64 // links that are computed at the same time
	linksAtOnceOfOne = 8  // of these, a single portal's
)

// cache remembers what links show, and bounds how much is computed at once. The zero value
// is empty.
type cache struct {
	flights singleflight.Group
	found   atomic.Int64 // how many findings there were

	once  sync.Once
	limit *gate.Semaphore // of what is computed at once

	mu      sync.Mutex
	kept    map[string]entry
	weight  int
	weights map[string]int         // by portal
	work    map[string]*portalWork // by portal, while something is computed for it
}

type entry struct {
	freeTimes
	portal string
	until  time.Time
}

// portalWork is what is being computed for a portal's links.
type portalWork struct {
	users      int
	generation int // how often the portal was forgotten meanwhile
}

// acquire waits until something may be computed for a portal; release must be called.
func (c *cache) acquire(ctx context.Context, portal string) (release func(), err error) {
	c.once.Do(func() { c.limit = gate.NewSemaphore(linksAtOnce, linksAtOnceOfOne) })
	return c.limit.Acquire(ctx, portal)
}

// join begins to compute something for a portal; leave ends it.
func (c *cache) join(portal string) *portalWork {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.work == nil {
		c.work = map[string]*portalWork{}
	}
	w := c.work[portal]
	if w == nil {
		w = &portalWork{}
		c.work[portal] = w
	}
	w.users++
	return w
}

func (c *cache) leave(portal string, w *portalWork) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.users--; w.users == 0 {
		delete(c.work, portal)
	}
}

func (c *cache) get(key string, now time.Time) (freeTimes, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	kept, found := c.kept[key]
	return kept.freeTimes, found && now.Before(kept.until)
}

// generation is to be asked before reading, so that put knows whether the portal was
// forgotten meanwhile.
func (c *cache) generation(w *portalWork) int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return w.generation
}

// put remembers what a link shows. Where there is no more room, all of the portal is forgotten,
// or all of everybody: what is looked at is soon back.
func (c *cache) put(key, portal string, found freeTimes, begun time.Time, w *portalWork, generation int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w.generation != generation {
		return
	}
	c.drop(key)
	weight := weightOf(found)
	if c.weights[portal]+weight > timesKeptOfOne {
		c.dropAll(portal)
	}
	if c.kept == nil || c.weight+weight > timesKept {
		c.kept, c.weight, c.weights = map[string]entry{}, 0, map[string]int{}
	}
	c.kept[key] = entry{found, portal, begun.Add(found.life)}
	c.weight += weight
	c.weights[portal] += weight
}

func weightOf(f freeTimes) int { return 1 + len(f.slots) + len(f.best) + len(f.names) }

func (c *cache) forget(portal string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if w := c.work[portal]; w != nil {
		w.generation++
	}
	c.dropAll(portal)
}

func (c *cache) drop(key string) {
	old, there := c.kept[key]
	if !there {
		return
	}
	delete(c.kept, key)
	c.weight -= weightOf(old.freeTimes)
	if c.weights[old.portal] -= weightOf(old.freeTimes); c.weights[old.portal] == 0 {
		delete(c.weights, old.portal)
	}
}

func (c *cache) dropAll(portal string) {
	c.weight -= c.weights[portal]
	delete(c.weights, portal)
	maps.DeleteFunc(c.kept, func(_ string, kept entry) bool { return kept.portal == portal })
}

package bitrix24

import (
	"container/list"
	"context"
	"sync"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// cache keeps values for a fixed time, and only so many that their weights don't exceed a
// limit: the oldest go first. All of them live equally long, so the oldest is in front.
type cache[K comparable, V any] struct {
	now   func() time.Time
	ttl   time.Duration
	limit int

	ownerLimit int            // what the values of one owner may weigh
	ownerOf    func(K) string // nil: there is no limit per owner

	mu      sync.Mutex
	weight  int
	weights map[string]int // by owner
	items   map[K]*list.Element
	byAge   list.List // of *cacheEntry[K, V], oldest first
}

type cacheEntry[K comparable, V any] struct {
	key    K
	value  V
	weight int
	readAt time.Time
}

func newCache[K comparable, V any](now func() time.Time, ttl time.Duration, limit int) *cache[K, V] {
	return &cache[K, V]{now: now, ttl: ttl, limit: limit, items: map[K]*list.Element{}}
}

// limitPerOwner bounds the weight of each owner's values, so that an owner of many drops
// their own and not those of others.
func (c *cache[K, V]) limitPerOwner(limit int, ownerOf func(K) string) {
	c.ownerLimit, c.ownerOf, c.weights = limit, ownerOf, map[string]int{}
}

// get returns a value that is not older than the cache keeps them.
func (c *cache[K, V]) get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.items[key]
	if e == nil {
		return value, false
	}
	r := e.Value.(*cacheEntry[K, V])
	if c.now().Sub(r.readAt) >= c.ttl {
		return value, false
	}
	return r.value, true
}

// put keeps a value that was read from the given time on, unless a newer one is there.
func (c *cache[K, V]) put(key K, value V, weight int, read time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.items[key]; old != nil {
		if old.Value.(*cacheEntry[K, V]).readAt.After(read) {
			return
		}
		c.remove(old)
	}
	c.items[key] = c.byAge.PushBack(&cacheEntry[K, V]{key, value, weight, read})
	c.addWeight(key, weight)
	c.trimOwner(key)
	for e := c.byAge.Front(); e != nil; e = c.byAge.Front() {
		if c.weight <= c.limit && c.now().Sub(e.Value.(*cacheEntry[K, V]).readAt) < c.ttl {
			break
		}
		c.remove(e)
	}
}

// trimOwner drops the oldest values of the key's owner until they weigh no more than allowed.
func (c *cache[K, V]) trimOwner(key K) {
	if c.ownerOf == nil {
		return
	}
	owner := c.ownerOf(key)
	for e := c.byAge.Front(); e != nil && c.weights[owner] > c.ownerLimit; {
		next := e.Next()
		if c.ownerOf(e.Value.(*cacheEntry[K, V]).key) == owner {
			c.remove(e)
		}
		e = next
	}
}

// addWeight adds to the weight of all and of the key's owner.
func (c *cache[K, V]) addWeight(key K, weight int) {
	c.weight += weight
	if c.ownerOf == nil {
		return
	}
	owner := c.ownerOf(key)
	if c.weights[owner] += weight; c.weights[owner] == 0 {
		delete(c.weights, owner)
	}
}

// removeIf drops the values whose keys match.
func (c *cache[K, V]) removeIf(match func(K) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range c.items {
		if match(key) {
			c.remove(e)
		}
	}
}

func (c *cache[K, V]) remove(e *list.Element) {
	r := c.byAge.Remove(e).(*cacheEntry[K, V])
	delete(c.items, r.key)
	c.addWeight(r.key, -r.weight)
}

// coalesce lets callers that ask for the same at the same time share one read. The read goes
// on when a caller leaves, until the first caller's time is up.
func coalesce[V any](ctx context.Context, c *Client, key string, read func(context.Context) (V, error)) (V, error) {
	var none V
	if meet.OnlyMemory(ctx) {
		return none, errNotCached // before others could share this failure
	}
	answer := c.reads.DoChan(key, rescue.Value(func() (any, error) {
		ctx, cancel := withReadTimeout(ctx)
		defer cancel()
		return read(ctx)
	}))
	select {
	case r := <-answer:
		if r.Err != nil {
			return none, r.Err
		}
		return r.Val.(V), nil
	case <-ctx.Done():
		return none, meet.Errorf(portalSlow.kind, portalSlow.key, "bitrix24: %w", context.Cause(ctx))
	}
}

// withReadTimeout returns a context that isn't cancelled with ctx, but ends after
// readTimeout, or a little before the deadline of ctx: what was read until then must still
// reach the caller.
func withReadTimeout(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := readTimeout
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(end)*19/20)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), limit)
}

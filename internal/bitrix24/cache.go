package bitrix24

import (
	"container/list"
	"context"
	"sync"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// cache remembers values for a fixed time. All live equally long, so the oldest
// is always at the front, and is dropped when the weights exceed the limit.
type cache[K comparable, V any] struct {
	now   func() time.Time
	ttl   time.Duration
	limit int

	share   int            // what one owner's values may weigh, see divide
	ownerOf func(K) string // nil: all are of one

	mu      sync.Mutex
	weight  int
	weights map[string]int // by owner
	items   map[K]*list.Element
	age     list.List // of *remembered[K, V], oldest first
}

type remembered[K comparable, V any] struct {
	key    K
	value  V
	weight int
	read   time.Time
}

func newCache[K comparable, V any](now func() time.Time, ttl time.Duration, limit int) *cache[K, V] {
	return &cache[K, V]{now: now, ttl: ttl, limit: limit, items: map[K]*list.Element{}}
}

// divide keeps each owner's values to a share of the room, so that one who has many
// drops their own.
func (c *cache[K, V]) divide(share int, ownerOf func(K) string) {
	c.share, c.ownerOf, c.weights = share, ownerOf, map[string]int{}
}

// get returns the value unless it is too old.
func (c *cache[K, V]) get(key K) (value V, ok bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	e := c.items[key]
	if e == nil {
		return value, false
	}
	r := e.Value.(*remembered[K, V])
	if c.now().Sub(r.read) >= c.ttl {
		return value, false
	}
	return r.value, true
}

// put remembers a value whose reading began at the given time, unless a younger
// one is there.
func (c *cache[K, V]) put(key K, value V, weight int, read time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if old := c.items[key]; old != nil {
		if old.Value.(*remembered[K, V]).read.After(read) {
			return
		}
		c.remove(old)
	}
	c.items[key] = c.age.PushBack(&remembered[K, V]{key, value, weight, read})
	c.weigh(key, weight)
	c.trim(key)
	for e := c.age.Front(); e != nil; e = c.age.Front() {
		if c.weight <= c.limit && c.now().Sub(e.Value.(*remembered[K, V]).read) < c.ttl {
			break
		}
		c.remove(e)
	}
}

// trim drops the oldest values of the key's owner while they weigh more than a share.
func (c *cache[K, V]) trim(key K) {
	if c.ownerOf == nil {
		return
	}
	owner := c.ownerOf(key)
	for e := c.age.Front(); e != nil && c.weights[owner] > c.share; {
		next := e.Next()
		if c.ownerOf(e.Value.(*remembered[K, V]).key) == owner {
			c.remove(e)
		}
		e = next
	}
}

// weigh adds to the weight of all and of the key's owner.
func (c *cache[K, V]) weigh(key K, weight int) {
	c.weight += weight
	if c.ownerOf == nil {
		return
	}
	owner := c.ownerOf(key)
	if c.weights[owner] += weight; c.weights[owner] == 0 {
		delete(c.weights, owner)
	}
}

// drop forgets the values whose keys match.
func (c *cache[K, V]) drop(match func(K) bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for key, e := range c.items {
		if match(key) {
			c.remove(e)
		}
	}
}

func (c *cache[K, V]) remove(e *list.Element) {
	r := c.age.Remove(e).(*remembered[K, V])
	delete(c.items, r.key)
	c.weigh(r.key, -r.weight)
}

// together lets callers that ask the same at the same time share one reading. It
// outlives a caller that goes away, but not the patience of the first.
func together[V any](ctx context.Context, c *Client, key string, read func(context.Context) (V, error)) (V, error) {
	var none V
	if meet.OnlyMemory(ctx) {
		return none, errForgotten // and nobody else must share that
	}
	answer := c.flights.DoChan(key, rescue.Value(func() (any, error) {
		ctx, cancel := hurried(ctx)
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
		return none, meet.Errorf(slow.kind, slow.key, "bitrix24: %w", context.Cause(ctx))
	}
}

// hurried returns a context that isn't cancelled with ctx, but ends with the
// patience for a portal: a little before ctx would, so that what was read until
// then still reaches the caller.
func hurried(ctx context.Context) (context.Context, context.CancelFunc) {
	limit := patience
	if end, ok := ctx.Deadline(); ok {
		limit = min(limit, time.Until(end)*19/20)
	}
	return context.WithTimeout(context.WithoutCancel(ctx), limit)
}

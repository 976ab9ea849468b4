package bitrix24

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"
)

// A portal admits a burst of 50 requests that refills with 2 a second, per portal and
// source address (FACTS.md fact 9). We stay below that: clocks differ, and other apps may
// live on our address.
const (
	burst = 45
	pace  = rate.Limit(1.9)
)

// The breaker: after so many failures in a row a portal is left alone for a
// moment, then one request tries whether it is back.
const (
	breakAfter = 8
	restFor    = 2 * time.Second
)

// idleAfter is when a portal's state may go: its bucket is full again long before.
const idleAfter = 10 * time.Minute

// portals holds the state of the portals that were asked lately.
type portals struct {
	now func() time.Time

	mu    sync.Mutex
	known map[string]*portal
	swept time.Time
}

// portal is what all members of a portal share.
type portal struct {
	bucket *rate.Limiter
	room   *semaphore.Weighted // bytes of its answers in memory

	mu       sync.Mutex
	used     time.Time
	failures int
	restTill time.Time
	order    order
	orderAt  time.Time
	turns    int       // how often its calendars were forgotten
	turnedAt time.Time // when last
}

func newPortal() *portal {
	return &portal{bucket: rate.NewLimiter(pace, burst), room: semaphore.NewWeighted(roomOfOne)}
}

// get returns the state of a portal, and forgets that of idle ones now and then.
func (p *portals) get(memberID string) *portal {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.swept) > idleAfter/10 {
		p.sweep(now)
	}
	one := p.known[memberID]
	if one == nil {
		one = newPortal()
		p.known[memberID] = one
	}
	one.mu.Lock()
	one.used = now
	one.mu.Unlock()
	return one
}

func (p *portals) sweep(now time.Time) {
	p.swept = now
	for id, one := range p.known {
		one.mu.Lock()
		idle := now.Sub(one.used) > idleAfter
		one.mu.Unlock()
		if idle {
			delete(p.known, id)
		}
	}
}

// admit waits for the portal's pace. It fails at once when the wait would outlast
// ctx, or while the portal rests.
func (p *portal) admit(ctx context.Context, now time.Time, method string) error {
	if !p.awake(now) {
		return &Error{Method: method, Err: errResting}
	}
	if err := p.bucket.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return &Error{Method: method, Err: errNoAnswer}
		}
		return &Error{Method: method, Code: codeTooFast}
	}
	return nil
}

// awake reports whether a request may go out. When a rest is over one request may,
// and the next only after it succeeded or another rest.
func (p *portal) awake(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failures < breakAfter {
		return true
	}
	if now.Before(p.restTill) {
		return false
	}
	p.restTill = now.Add(restFor)
	return true
}

// note tells the breaker how a request ended.
func (p *portal) note(now time.Time, failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !failed {
		p.failures = 0
		return
	}
	p.failures++
	p.restTill = now.Add(restFor)
}

// turn begins a new leaf: calendars read before are out of date.
func (p *portal) turn(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.turns++
	p.turnedAt = now
}

// leaf returns how often turn was called, and when last.
func (p *portal) leaf() (turns int, at time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.turns, p.turnedAt
}

// dateOrder returns the order if it was found no earlier than since, or unknownOrder.
func (p *portal) dateOrder(since time.Time) order {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.orderAt.Before(since) {
		return unknownOrder
	}
	return p.order
}

func (p *portal) learnOrder(o order, now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.order, p.orderAt = o, now
}

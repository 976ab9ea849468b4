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
	requestBurst = 45
	requestRate  = rate.Limit(1.9)
)

// The circuit breaker: after so many failures in a row a portal is not asked for a moment.
// Then one request finds out whether it is back.
const (
	maxFailures  = 8
	breakerPause = 2 * time.Second
)

// portalIdle is how long a portal's state is kept after its last request. Its bucket is full
// again long before.
const portalIdle = 10 * time.Minute

// portals holds the state of the portals that were asked recently.
type portals struct {
	now func() time.Time

	mu        sync.Mutex
	known     map[string]*portal
	cleanedAt time.Time
}

// portal is the state that all members of a portal share.
type portal struct {
	bucket *rate.Limiter
	memory *semaphore.Weighted // bytes of its answers in memory

	mu            sync.Mutex
	used          time.Time
	failures      int
	pausedUntil   time.Time
	order         order
	orderAt       time.Time
	invalidations int       // how often its calendars changed
	invalidatedAt time.Time // when they last did
}

func newPortal() *portal {
	return &portal{bucket: rate.NewLimiter(requestRate, requestBurst), memory: semaphore.NewWeighted(maxPortalMemory)}
}

// get returns the state of a portal. Now and then it drops that of idle ones.
func (p *portals) get(memberID string) *portal {
	p.mu.Lock()
	defer p.mu.Unlock()
	now := p.now()
	if now.Sub(p.cleanedAt) > portalIdle/10 {
		p.dropIdle(now)
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

func (p *portals) dropIdle(now time.Time) {
	p.cleanedAt = now
	for id, one := range p.known {
		one.mu.Lock()
		idle := now.Sub(one.used) > portalIdle
		one.mu.Unlock()
		if idle {
			delete(p.known, id)
		}
	}
}

// admit waits until the portal admits another request. It fails at once when the wait would
// outlast ctx, and while the breaker is open.
func (p *portal) admit(ctx context.Context, now time.Time, method string) error {
	if !p.breakerAllows(now) {
		return &Error{Method: method, Err: errBreakerOpen}
	}
	if err := p.bucket.Wait(ctx); err != nil {
		if ctx.Err() != nil {
			return &Error{Method: method, Err: errNoAnswer}
		}
		return &Error{Method: method, Code: codeTooFast}
	}
	return nil
}

// breakerAllows reports whether a request may be sent. When a pause is over one request may
// be, and the next one only after it has succeeded, or after another pause.
func (p *portal) breakerAllows(now time.Time) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.failures < maxFailures {
		return true
	}
	if now.Before(p.pausedUntil) {
		return false
	}
	p.pausedUntil = now.Add(breakerPause)
	return true
}

// recordOutcome tells the breaker whether a request failed.
func (p *portal) recordOutcome(now time.Time, failed bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !failed {
		p.failures = 0
		return
	}
	p.failures++
	p.pausedUntil = now.Add(breakerPause)
}

// invalidate begins a new generation: calendars that were read before are out of date.
func (p *portal) invalidate(now time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.invalidations++
	p.invalidatedAt = now
}

// generation returns how often the calendars changed, and when they last did.
func (p *portal) generation() (n int, since time.Time) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.invalidations, p.invalidatedAt
}

// dateOrder returns the order of day and month if it was found no earlier than since, and
// unknownOrder otherwise.
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

package web

import (
	"maps"
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Allowance says whether a network may do something once more: so often in a row, and so
// often in a second. It needs no database.
type Allowance struct {
	perSecond rate.Limit
	burst     int
	now       func() time.Time

	mu    sync.Mutex
	of    map[string]*rate.Limiter
	rest  *rate.Limiter // shared by those for whom there is no place
	swept time.Time
}

// mostNetworks are told apart at a time, some 2 MB; further ones share what is allowed to
// one.
const mostNetworks = 10_000

// NewAllowance lets each key do something perSecond, and burst times at once.
func NewAllowance(perSecond float64, burst int, now func() time.Time) *Allowance {
	limit := rate.Limit(perSecond)
	return &Allowance{perSecond: limit, burst: burst, now: now, of: map[string]*rate.Limiter{}, rest: rate.NewLimiter(limit, burst)}
}

// Take uses up one, if there is one left.
func (a *Allowance) Take(network string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	now := a.now()
	return a.limiter(network, now).AllowN(now, 1)
}

// Permits reports whether there is one left, as far as is known: it keeps nobody out who
// has not used up their own.
func (a *Allowance) Permits(network string) bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	one, known := a.of[network]
	return !known || one.TokensAt(a.now()) >= 1
}

// limiter returns a network's own one, or the common one. Those who have all of their
// allowance back are forgotten when places get scarce. mu is held.
func (a *Allowance) limiter(network string, now time.Time) *rate.Limiter {
	if one, known := a.of[network]; known {
		return one
	}
	if len(a.of) >= mostNetworks && now.Sub(a.swept) >= time.Second {
		a.swept = now
		maps.DeleteFunc(a.of, func(_ string, one *rate.Limiter) bool { return one.TokensAt(now) >= float64(a.burst) })
	}
	if len(a.of) >= mostNetworks {
		return a.rest
	}
	one := rate.NewLimiter(a.perSecond, a.burst)
	a.of[network] = one
	return one
}

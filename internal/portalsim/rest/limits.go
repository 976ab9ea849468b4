package rest

import (
	"time"

	"slotfinder/internal/portalsim/oauth"
)

// The documented limits of the cloud.
const (
	bucketSize      = 50               // requests in a burst
	bucketDrain     = 2.0              // requests per second afterwards
	operatingLimit  = 480.0            // seconds of work per app and method…
	operatingWindow = 10 * time.Minute // …within this time
	operatingStep   = time.Minute
	operatingFloor  = 100 * time.Millisecond // shorter calls are not counted
)

// bucket is a leaky bucket; the zero value is empty.
type bucket struct {
	level float64
	at    time.Time
}

// take adds a request; it is false when the bucket is full.
func (b *bucket) take(now time.Time) bool {
	if passed := now.Sub(b.at).Seconds(); passed > 0 {
		b.level = max(0, b.level-passed*bucketDrain)
		b.at = now
	}
	if b.level > bucketSize-1 {
		return false
	}
	b.level++
	return true
}

// operatingKey names a counter of operating time.
type operatingKey struct{ clientID, method string }

// operating is the operating time of an app's method, by minute.
type operating struct {
	minutes map[int64]time.Duration // by Unix minute
}

// add adds work at now and drops the minutes that have left the window.
func (o *operating) add(now time.Time, work time.Duration) {
	for minute := range o.minutes {
		if minute <= oldest(now) {
			delete(o.minutes, minute)
		}
	}
	o.minutes[now.Unix()/60] += work
}

// oldest is the last minute outside the window.
func oldest(now time.Time) int64 {
	return now.Add(-operatingWindow).Unix() / 60
}

// sum is the work within the window.
func (o *operating) sum(now time.Time) time.Duration {
	var total time.Duration
	for minute, work := range o.minutes {
		if minute > oldest(now) {
			total += work
		}
	}
	return total
}

// resetAt is when the oldest minute with work leaves the window; without any work
// it is one window from now.
func (o *operating) resetAt(now time.Time) time.Time {
	first := now.Unix() / 60
	for minute := range o.minutes {
		if minute > oldest(now) && minute < first {
			first = minute
		}
	}
	return time.Unix(first*60, 0).Add(operatingWindow)
}

// SetCost makes every call of a method ("batch" excepted) count as so much
// operating time. Nothing is slowed down; see Slow for that.
func (s *Server) SetCost(method string, perCall time.Duration) {
	s.Lock()
	defer s.Unlock()
	s.costs[methodName(method)] = perCall
}

// charge adds the operating time of a call. It is false, and nothing is added, if
// the app has used up the time for the method. The portal is locked.
func (s *Server) charge(app *oauth.App, name string, now time.Time) bool {
	if name == "batch" {
		return true
	}
	key := operatingKey{app.ClientID, name}
	used := s.operating[key]
	if used == nil {
		used = &operating{minutes: map[int64]time.Duration{}}
		s.operating[key] = used
	}
	if used.sum(now).Seconds() >= operatingLimit {
		return false
	}
	if cost := s.costs[name]; cost > operatingFloor {
		used.add(now, cost)
	}
	return true
}

// operatingOf is the counter of the caller's app and method, nil for batch. The
// portal is locked.
func (s *Server) operatingOf(c *Call, name string) *operating {
	return s.operating[operatingKey{c.App.ClientID, name}]
}

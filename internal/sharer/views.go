package sharer

import (
	"cmp"
	"context"
	"errors"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"slotfinder/internal/meet"
)

// The bounds of counting looks at links.
const (
	viewsCounted  = 20_000 // addresses, and links, that are counted one by one; all others share a counter
	opensWaiting  = 10_000 // links whose looks are not written down yet; looks at more are not counted for their owners
	settledAtOnce = 500    // counters, and links, in one statement

	settlePause = 25 * time.Millisecond // between two statements
	settleRetry = 5 * time.Second       // after one that failed
	settleLast  = 2 * time.Second       // for what is left when the program ends

	toldFor = 10 * time.Second // how long it counts what other processes have told
)

// viewCounter counts who looks at links: for the limits, and for the owners. It counts in
// memory, so that nobody who looks waits for somebody who writes, and what is refused
// costs next to nothing. Settle writes it down, for all that happened meanwhile at
// once. The zero value has counted nothing.
type viewCounter struct {
	settling sync.Mutex // held while writing

	mu       sync.Mutex
	visitors counts // addresses
	shown    counts // links and portals
	opens    map[linkKey]int64
	due      chan struct{} // tells Run of something to be written; has room for one
}

// linkKey is a link that was opened.
type linkKey struct {
	owner meet.Member
	id    string
}

// counts are counters by key.
type counts struct {
	of    map[string]*count
	told  []*count // that are to be written
	swept time.Time
}

// count is how often something was admitted here within the minute before now: all of
// this minute, and a part of the one before, as Meter does it.
type count struct {
	key, portal   string
	minute        int64 // that is being counted, since 1970
	hits, earlier int64 // in it, and in the one before
	unsent        int64 // of these, not written yet
	queued        bool  // is among told

	total int64     // of all processes, when it was written last
	at    time.Time // when that was
}

// quota is a counter with its limit.
type quota struct {
	meet.Counter
	limit int64
}

// admit counts a look in all counters, or in none when one of them is full.
func (l *viewCounter) admit(now time.Time, visitor, shown []quota) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, q := range visitor {
		if l.visitors.full(q, now) {
			return false
		}
	}
	for _, q := range shown {
		if l.shown.full(q, now) {
			return false
		}
	}
	for _, q := range visitor {
		l.visitors.add(q, now)
	}
	for _, q := range shown {
		l.shown.add(q, now)
	}
	if len(l.visitors.told)+len(l.shown.told) > 0 {
		l.wake()
	}
	return true
}

// full reports whether a visitor has no look left, without counting one.
func (l *viewCounter) full(q quota, now time.Time) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.visitors.full(q, now)
}

// open counts a look for the link's owner.
func (l *viewCounter) open(owner meet.Member, id string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.addOpens(linkKey{owner, id}, 1)
	l.wake()
}

func (l *viewCounter) addOpens(o linkKey, n int64) {
	if l.opens == nil {
		l.opens = map[linkKey]int64{}
	}
	if _, known := l.opens[o]; known || len(l.opens) < opensWaiting {
		l.opens[o] += n
	}
}

// wake lets Run write. The caller holds mu.
func (l *viewCounter) wake() {
	select {
	case l.bell() <- struct{}{}:
	default:
	}
}

func (l *viewCounter) bell() chan struct{} {
	if l.due == nil {
		l.due = make(chan struct{}, 1)
	}
	return l.due
}

// find returns a counter, making it where there is room for one more.
func (c *counts) find(q quota, now time.Time) *count {
	if c.of == nil {
		c.of = map[string]*count{}
	}
	if known := c.of[q.Key]; known != nil {
		known.roll(now)
		return known
	}
	if len(c.of) >= viewsCounted {
		c.sweep(now)
	}
	key, portal := q.Key, q.Portal
	if len(c.of) >= viewsCounted {
		kind, _, _ := strings.Cut(q.Key, " ")
		key, portal = kind+" others", ""
	}
	if c.of[key] == nil {
		c.of[key] = &count{key: key, portal: portal, minute: now.Unix() / 60}
	}
	c.of[key].roll(now)
	return c.of[key]
}

// sweep forgets, at most once in a second, what says nothing about the last minute.
func (c *counts) sweep(now time.Time) {
	if now.Sub(c.swept) < time.Second {
		return
	}
	c.swept = now
	maps.DeleteFunc(c.of, func(_ string, one *count) bool {
		return !one.queued && now.Unix()/60-one.minute > 1
	})
}

func (c *counts) full(q quota, now time.Time) bool { return c.find(q, now).within(now) >= q.limit }

// add counts one. Other processes are told when a tenth of the limit is used up: those
// who look a few times are no matter for the database.
func (c *counts) add(q quota, now time.Time) {
	one := c.find(q, now)
	one.hits++
	one.unsent++
	if !one.queued && one.within(now) >= q.limit/10 {
		one.queued, c.told = true, append(c.told, one)
	}
}

// take removes some of what is to be written.
func (c *counts) take(most int) []*count {
	some := c.told[:min(len(c.told), most)]
	c.told = slices.Clone(c.told[len(some):])
	return some
}

// roll makes the counter one of the present minute.
func (c *count) roll(now time.Time) {
	switch minute := now.Unix() / 60; {
	case minute == c.minute+1:
		c.minute, c.earlier, c.hits = minute, c.hits, 0
	case minute > c.minute:
		c.minute, c.earlier, c.hits = minute, 0, 0
	}
}

// within is how often it was counted within the minute before now: here, or by all
// processes as far as they have told lately.
func (c *count) within(now time.Time) int64 {
	left := 60 - min(max(now.Unix()-60*c.minute, 0), 60)
	here := c.hits + c.earlier*left/60
	if now.Sub(c.at) < toldFor {
		return max(here, c.total+c.unsent)
	}
	return here
}

// Run writes down what is counted until ctx ends, and then the rest. What can't be
// written is told to failed; the limits of this process hold all the same.
func (s *Sharer) Run(ctx context.Context, failed func(error)) {
	s.views.mu.Lock()
	due := s.views.bell()
	s.views.mu.Unlock()
	for {
		pause := settlePause
		select {
		case <-due:
			if err := s.Settle(ctx); err != nil && ctx.Err() == nil {
				failed(err)
				pause = settleRetry
			}
		case <-ctx.Done():
			last, cancel := context.WithTimeout(context.WithoutCancel(ctx), settleLast)
			defer cancel()
			if err := s.Settle(last); err != nil {
				failed(err)
			}
			return
		}
		waiting, cancel := context.WithTimeout(ctx, pause)
		<-waiting.Done()
		cancel()
	}
}

// Settle writes down what was counted since the last time, and learns what other
// processes have counted.
func (s *Sharer) Settle(ctx context.Context) error {
	s.views.settling.Lock()
	defer s.views.settling.Unlock()
	return errors.Join(s.settleCounts(ctx), s.settleOpens(ctx))
}

// settleCounts writes counters. What can't be written is dropped: it is of a minute.
func (s *Sharer) settleCounts(ctx context.Context) error {
	now := s.Now()
	taken, counters := s.views.takeCounts()
	if len(taken) == 0 {
		return nil
	}
	totals, err := s.Meter.Tally(ctx, counters, now)
	if err != nil {
		return err
	}
	s.views.mu.Lock()
	defer s.views.mu.Unlock()
	for i, one := range taken {
		one.total, one.at = totals[i], now
	}
	return nil
}

// takeCounts returns the counters to be written, sorted: a database locks one after
// the other, and all processes must do so in the same order.
func (l *viewCounter) takeCounts() (taken []*count, counters []meet.Counter) {
	l.mu.Lock()
	defer l.mu.Unlock()
	taken = append(l.visitors.take(settledAtOnce), l.shown.take(settledAtOnce)...)
	slices.SortFunc(taken, func(a, b *count) int { return cmp.Compare(a.key, b.key) })
	for _, one := range taken {
		counters = append(counters, meet.Counter{Key: one.key, Portal: one.portal, N: one.unsent})
		one.unsent, one.queued = 0, false
	}
	if len(l.visitors.told)+len(l.shown.told) > 0 {
		l.wake()
	}
	return taken, counters
}

// settleOpens writes how often links were opened. What can't be written waits.
func (s *Sharer) settleOpens(ctx context.Context) error {
	some := s.views.takeOpens()
	if len(some) == 0 {
		return nil
	}
	err := s.Links.CountOpens(ctx, some)
	if err != nil {
		s.views.mu.Lock()
		defer s.views.mu.Unlock()
		for _, o := range some {
			s.views.addOpens(linkKey{o.Owner, o.ID}, o.N)
		}
		s.views.wake()
	}
	return err
}

func (l *viewCounter) takeOpens() (some []meet.Opens) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for o, n := range l.opens {
		if len(some) == settledAtOnce {
			l.wake()
			break
		}
		some = append(some, meet.Opens{Owner: o.owner, ID: o.id, N: n})
		delete(l.opens, o)
	}
	slices.SortFunc(some, func(a, b meet.Opens) int { return cmp.Compare(a.ID, b.ID) })
	return some
}

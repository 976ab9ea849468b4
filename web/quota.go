package web

import (
	"sync"

	"slotfinder/internal/meet"
)

// Quota counts what members have open: event streams, or answers that they have not
// read.
type Quota struct {
	each, portal, most int // of one member, of all of a portal, and in all

	mu     sync.Mutex
	all    int
	of     map[meet.Member]int
	within map[string]int // portals
}

// NewQuota bounds what one member has open, all of a portal, and all together.
func NewQuota(each, portal, most int) Quota {
	return Quota{each: each, portal: portal, most: most, of: map[meet.Member]int{}, within: map[string]int{}}
}

// Enter reports whether the member may open one more; then leave must follow.
func (q *Quota) Enter(m meet.Member) bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.all >= q.most || q.within[m.Portal] >= q.portal || q.of[m] >= q.each {
		return false
	}
	q.all++
	q.of[m]++
	q.within[m.Portal]++
	return true
}

// Leave ends what Enter began.
func (q *Quota) Leave(m meet.Member) {
	q.mu.Lock()
	defer q.mu.Unlock()
	q.all--
	if q.of[m]--; q.of[m] == 0 {
		delete(q.of, m)
	}
	if q.within[m.Portal]--; q.within[m.Portal] == 0 {
		delete(q.within, m.Portal)
	}
}

package web

import (
	"fmt"
	"testing"

	"slotfinder/internal/meet"
)

// TestQuota: what has been left may be entered again, and leaves nothing behind.
func TestQuota(t *testing.T) {
	t.Parallel()
	const member, portal, all = 8, 2048, 4096
	q := NewQuota(member, portal, all)
	who := func(i int) meet.Member {
		return meet.Member{Portal: fmt.Sprint("p", i%2), User: int64(i / 8)}
	}
	for i := range all {
		if i == 2*portal-1 && q.Enter(who(0)) {
			t.Error("one too many of a portal")
		}
		if !q.Enter(who(i)) {
			t.Fatalf("number %d is refused", i)
		}
	}
	if q.Enter(meet.Member{Portal: "p9", User: 7}) {
		t.Error("one too many")
	}
	for i := range all {
		q.Leave(who(i))
	}
	if q.all != 0 || len(q.of) != 0 || len(q.within) != 0 {
		t.Errorf("%d are left, of %d members", q.all, len(q.of))
	}
}

// opened returns how many are open in all.
func opened(q *Quota) int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return q.all
}

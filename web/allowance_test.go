package web

import (
	"fmt"
	"testing"
	"time"
)

// TestAllowance: each network has its own, and gets it back in time.
func TestAllowance(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	a := NewAllowance(1, 3, func() time.Time { return now })
	takes := func(network string) (n int) {
		for a.Permits(network) && a.Take(network) {
			n++
		}
		return n
	}
	for _, want := range []struct {
		network string
		n       int
	}{{"a", 3}, {"a", 0}, {"b", 3}} {
		if got := takes(want.network); got != want.n {
			t.Errorf("%s takes %d, not %d", want.network, got, want.n)
		}
	}
	now = now.Add(2 * time.Second)
	if got := takes("a"); got != 2 {
		t.Errorf("after two seconds it takes %d", got)
	}
}

// TestAllowanceIsBounded: a flood from ever other networks takes no memory, and nothing
// from those that are known. Once it is over everybody has a place again.
func TestAllowanceIsBounded(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	a := NewAllowance(1, 3, func() time.Time { return now })
	a.Take("known")
	allowed := 0
	for i := range 3 * mostNetworks {
		if a.Take(fmt.Sprint(i)) {
			allowed++
		}
	}
	if len(a.of) != mostNetworks || allowed != mostNetworks-1+3 {
		t.Errorf("%d networks are kept, %d were allowed", len(a.of), allowed)
	}
	if !a.Take("known") || a.Take("new") || !a.Permits("new") {
		t.Error("the flood takes from others")
	}
	now = now.Add(time.Minute)
	if !a.Take("new") || len(a.of) > mostNetworks {
		t.Error("nobody gets a place after the flood")
	}
}

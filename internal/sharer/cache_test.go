package sharer

import (
	"context"
	"fmt"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/civil"
)

// What a portal's links show takes a share of the room at most, and no more than all.
func TestCacheIsBounded(t *testing.T) {
	t.Parallel()
	var o cache
	now := time.Unix(0, 0)
	put := func(portal string, n int) {
		f := o.join(portal)
		defer o.leave(portal, f)
		found := freeTimes{slots: make([]civil.Span, MostTimes), life: time.Minute}
		o.put(fmt.Sprint(portal, n), portal, found, now, f, o.generation(f))
		if o.weight > timesKept || o.weights[portal] > timesKeptOfOne {
			t.Fatalf("%d times of all, %d of %s", o.weight, o.weights[portal], portal)
		}
	}
	put("other", 0)
	for n := range 500 {
		put("hostile", n)
	}
	if _, kept := o.get("other0", now); !kept {
		t.Error("one portal's links have driven out another's")
	}
	for n := range 500 {
		put(fmt.Sprint("portal ", n), 0)
	}
	for portal := range o.weights {
		o.forget(portal)
	}
	if o.weight != 0 || len(o.kept)+len(o.weights)+len(o.work) != 0 {
		t.Errorf("weight %d, %d kept, %d portals: something is counted that is gone", o.weight, len(o.kept), len(o.weights))
	}
}

// What was read before something changed is not remembered, and nothing is left of the
// portals that were forgotten.
func TestForgottenPortalsAreNotRemembered(t *testing.T) {
	t.Parallel()
	var o cache
	f := o.join("p")
	turn := o.generation(f)
	o.forget("q")
	o.put("a", "p", freeTimes{life: time.Minute}, time.Unix(0, 0), f, turn)
	o.forget("p")
	o.put("b", "p", freeTimes{life: time.Minute}, time.Unix(0, 0), f, turn)
	o.leave("p", f)
	if len(o.kept) != 0 || len(o.work) != 0 {
		t.Errorf("kept %v, portals %v", o.kept, o.work)
	}
	for n := range 1000 {
		o.forget(fmt.Sprint(n))
	}
	if len(o.work)+len(o.weights)+len(o.kept) != 0 {
		t.Error("forgotten portals are remembered")
	}
}

// A portal whose links are many waits for itself; others don't.
func TestLinksComputedAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var o cache
		ctx, stop := context.WithCancel(t.Context())
		inside := map[string]int{}
		enter := func(portal string, n int) {
			for range n {
				go func() {
					f := o.join(portal)
					defer o.leave(portal, f)
					release, err := o.acquire(ctx, portal)
					if err != nil {
						return
					}
					defer release()
					o.mu.Lock()
					inside[portal]++
					o.mu.Unlock()
					<-ctx.Done()
				}()
			}
			synctest.Wait()
		}
		enter("hostile", 1000)
		enter("other", 1)
		if inside["hostile"] != linksAtOnceOfOne || inside["other"] != 1 {
			t.Errorf("computed at once: %v", inside)
		}
		for n := range 20 {
			enter(fmt.Sprint(n), 20)
		}
		all := 0
		for _, n := range inside {
			all += n
		}
		if all != linksAtOnce {
			t.Errorf("%d are computed at once", all)
		}
		stop()
		synctest.Wait()
		if len(o.work) != 0 {
			t.Errorf("left over: %v", o.work)
		}
	})
}

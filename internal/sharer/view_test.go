package sharer_test

import (
	"errors"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
	"slotfinder/internal/sharer"
)

// TestManyLooksAreOneReading: whoever looks at the same time, or within 45 seconds of
// a reading that may be 15 seconds old itself, shares it.
func TestManyLooksAreOneReading(t *testing.T) {
	t.Parallel()
	s, d, _ := newSharer(t)
	link, _ := made(t, s, twoDays)
	synctest.Test(t, func(t *testing.T) {
		d.set(func() { d.slow, d.reads = 3*time.Second, 0 })
		begun := time.Now()
		s.Now = func() time.Time { return tuesday.Add(time.Since(begun)) }
		done := make(chan error, 1000)
		for range cap(done) {
			go func() {
				_, err := s.Preview(t.Context(), link)
				done <- err
			}()
		}
		for range cap(done) {
			if err := <-done; err != nil {
				t.Error(err)
			}
		}
		if n := d.read(); n != 1 {
			t.Errorf("1000 looks are %d readings", n)
		}
		for _, step := range []struct {
			at    time.Duration
			reads int
		}{{44 * time.Second, 0}, {46 * time.Second, 1}, {89 * time.Second, 0}} {
			time.Sleep(step.at - time.Since(begun))
			if _, err := s.Preview(t.Context(), link); err != nil || d.read() != step.reads {
				t.Errorf("after %s: not %d readings, %v", step.at, step.reads, err)
			}
		}
	})
}

// TestPortalDownShowsNothingOld: what was free a minute ago is not shown when the
// portal does not answer, nor "nothing is free", and after ten seconds it is asked again.
func TestPortalDownShowsNothingOld(t *testing.T) {
	t.Parallel()
	s, d, c := newSharer(t)
	_, token := made(t, s, twoDays)
	look(t, s, token)
	c.pass(time.Minute)
	for name, trouble := range map[string]func(){
		"down":                 func() { d.err = meet.Errorf(meet.Unavailable, "error.portal_down", "down") },
		"busy":                 func() { d.err = meet.Errorf(meet.Busy, "error.portal_busy", "busy") },
		"one person left out":  func() { d.unknown[12] = meet.UnknownMissing },
		"a part of the answer": func() { d.unknown[12] = meet.UnknownPortal },
	} {
		d.set(trouble)
		d.read()
		refused(t, s, token, meet.Unavailable, "share.closed.down")
		refused(t, s, token, meet.Unavailable, "share.closed.down")
		if n := d.read(); n != 1 {
			t.Errorf("%s: %d readings", name, n)
		}
		d.set(func() { d.err = nil; clear(d.unknown) })
		c.pass(10 * time.Second)
		if o := look(t, s, token); len(o.Slots) == 0 {
			t.Errorf("%s: nothing is offered when the portal answers again", name)
		}
		c.pass(time.Minute)
	}
	d.set(func() { d.unknown[12] = meet.UnknownUnreadable })
	if o := look(t, s, token); len(o.Slots) != 0 {
		t.Error("somebody whose calendar can't be understood is free")
	}
}

// TestOwnerGone: without the owner's right there is nothing to see, and nothing about
// him; when he is back, so is the link.
func TestOwnerGone(t *testing.T) {
	t.Parallel()
	s, d, c := newSharer(t)
	_, token := made(t, s, twoDays)
	for _, gone := range []func(){
		func() { d.dismissed[7] = true },
		func() { d.err = meet.Errorf(meet.SignedOut, "error.signed_out", "lost") },
		func() { d.err = meet.Errorf(meet.Unsupported, "error.portal_scope", "no scope") },
	} {
		d.set(gone)
		c.pass(time.Minute)
		refused(t, s, token, meet.Gone, "share.closed.gone")
		d.set(func() { d.err = nil; clear(d.dismissed) })
		c.pass(10 * time.Second)
		look(t, s, token)
	}
}

func TestForgottenPortalIsReadAgain(t *testing.T) {
	t.Parallel()
	s, d, _ := newSharer(t)
	_, token := made(t, s, twoDays)
	look(t, s, token)
	d.read()
	for _, step := range []struct {
		forget string
		reads  int
	}{{"q", 0}, {"p", 1}} {
		s.Forget(step.forget)
		look(t, s, token)
		if n := d.read(); n != step.reads {
			t.Errorf("after forgetting %s: %d readings", step.forget, n)
		}
	}
}

// TestLooksAtLinksAreThrottled: one address, one link and one portal are looked at so often
// and no more, by all processes together; guesses have a limit of their own.
func TestLooksAtLinksAreThrottled(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]struct {
		limits      sharer.Limits
		froms       []string // who looks, in turn
		tokens      int      // links looked at in turn; 0: guesses
		before, key string   // how it goes until the limit of 10, and then
	}{
		"an address":  {sharer.Limits{Address: 10, Misses: 99, Link: 99, Portal: 99}, []string{"a"}, 3, "", "share.closed.busy"},
		"guesses":     {sharer.Limits{Address: 99, Misses: 10, Link: 99, Portal: 99}, []string{"a"}, 0, "share.closed.unknown", "share.closed.busy"},
		"a link":      {sharer.Limits{Address: 99, Misses: 99, Link: 10, Portal: 99}, []string{"a", "b", "c"}, 1, "", "share.closed.busy"},
		"all links":   {sharer.Limits{Address: 99, Misses: 99, Link: 99, Portal: 10}, []string{"a", "b", "c"}, 2, "", "share.closed.busy"},
		"all are few": {sharer.Limits{Address: 11, Misses: 11, Link: 11, Portal: 11}, []string{"a"}, 1, "", ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s, _, c := newSharer(t)
			s.Limits = test.limits
			tokens := []string{"guess"}
			for i := range test.tokens {
				_, token := made(t, s, twoDays)
				tokens = append(tokens[:i], token)
			}
			try := func(n int) string {
				_, err := s.View(t.Context(), tokens[n%len(tokens)], test.froms[n%len(test.froms)])
				var e *meet.Error
				errors.As(err, &e)
				if e == nil {
					return ""
				}
				return e.Key
			}
			for n := range 10 {
				if got := try(n); got != test.before {
					t.Fatalf("look %d: %q", n+1, got)
				}
			}
			if got := try(10); got != test.key {
				t.Errorf("look 11: %q", got)
			}
			c.pass(2 * time.Minute)
			if got := try(11); got != test.before {
				t.Errorf("two minutes later: %q", got)
			}
		})
	}
}

// TestUnknownAndClosedLinksTakeOnePath: a wrong token and one whose link is closed,
// for whatever reason, take the same steps, and none of them asks the portal.
func TestUnknownAndClosedLinksTakeOnePath(t *testing.T) {
	t.Parallel()
	s, d, c := newSharer(t)
	tokens := map[string]string{"unknown": strings.Repeat("A", 24), "another shape": "x", "a whole page": strings.Repeat("long", 10_000)}
	for name, close := range map[string]func(string) error{
		"revoked": func(id string) error { return s.Revoke(t.Context(), owner, id) },
		"paused":  func(id string) error { return s.Pause(t.Context(), owner, id) },
		"deleted": func(id string) error { return s.Delete(t.Context(), owner, id) },
		"expired": func(string) error { return nil },
	} {
		link, token := made(t, s, twoDays)
		if err := close(link.ID); err != nil {
			t.Fatal(err)
		}
		tokens[name] = token
	}
	c.pass(72 * time.Hour)
	d.read()
	noted := noting(s)
	s.Limits = sharer.Limits{Address: 99, Misses: 9, Link: 99, Portal: 99}
	want := []string{"find", "tally miss a"}
	for name, token := range tokens {
		noted.taken = nil
		if _, err := s.View(t.Context(), token, "a"); meet.KindOf(err) != meet.NotFound && meet.KindOf(err) != meet.Gone {
			t.Errorf("%s: %v", name, err)
		}
		if err := s.Settle(t.Context()); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, noted.taken); diff != "" {
			t.Errorf("%s takes another path: %s", name, diff)
		}
	}
	if n := d.read(); n != 0 {
		t.Errorf("%d readings", n)
	}
}

// TestFullSearchIsForColleagues: the people asked are named only to members of the
// same portal.
func TestFullSearchIsForColleagues(t *testing.T) {
	t.Parallel()
	s, _, _ := newSharer(t)
	_, token := made(t, s, twoDays)
	o := look(t, s, token)
	for m, want := range map[meet.Member]bool{
		owner: true, {Portal: "p", User: 12}: true, {Portal: "q", User: 7}: false, {}: false,
	} {
		q, ok := o.Full(m)
		if ok != want || ok != (len(q.Required) == 2) {
			t.Errorf("%+v: %v, %v", m, ok, q.Required)
		}
	}
	if !o.Owns(owner) || o.Owns(meet.Member{Portal: "q", User: 7}) {
		t.Error("whose it is")
	}
}

// TestBestTimes: a link that can't name all of its times names some good ones over several
// days that don't overlap, or those that its owner picked.
func TestBestTimes(t *testing.T) {
	t.Parallel()
	s, _, c := newSharer(t)
	const quarters = "who=7,12&me=0&from=2026-11-24&to=2026-11-27&dur=60&step=15&tz=Europe/Berlin"
	_, token := made(t, s, quarters)
	best := look(t, s, token).Best
	days := map[string]int{}
	for i, slot := range best {
		if i > 0 && slot.Start < best[i-1].End {
			t.Errorf("%s overlaps the time before it", slot.Start.Time())
		}
		days[slot.Start.Time().Format(time.DateOnly)]++
	}
	want := map[string]int{"2026-11-24": 2, "2026-11-25": 2, "2026-11-26": 2, "2026-11-27": 2}
	if diff := cmp.Diff(want, days); diff != "" {
		t.Error(diff)
	}
	c.set(best[0].Start.Time().Add(time.Minute))
	if left := look(t, s, token).Best; len(left) > 0 && left[0].Start <= best[0].Start {
		t.Error("a time that has begun is named")
	}
	c.set(tuesday)
	const picked = "&slot=2026-11-24T09:00:00Z&slot=2026-11-24T09:15:00Z&slot=2026-11-24T09:30:00Z"
	_, token = made(t, s, quarters+picked)
	if offer := look(t, s, token); len(offer.Best) != 3 {
		t.Errorf("%d of 3 picked times are named", len(offer.Best))
	}
}

package store

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

var anna = meet.Member{Portal: "m1", User: 7}

// grant is a pair of tokens that can be told from others by its name.
func grant(m meet.Member, name string) auth.Grant {
	return auth.Grant{
		Member: m, AccessToken: "access " + name, RefreshToken: "refresh " + name,
		Expires: now.Add(time.Hour + 123*time.Millisecond),
	}
}

// wantGrant checks which pair is there, in which version.
func wantGrant(t *testing.T, s *Store, m meet.Member, name string, version int64) {
	t.Helper()
	got, err := s.Grant(t.Context(), m)
	must(t, err)
	want := grant(m, name)
	want.Version = version
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// lease takes a lease of a minute at an instant and reports whether it got it.
func lease(t *testing.T, s *Store, m meet.Member, at time.Time) bool {
	t.Helper()
	s.UseClock(func() time.Time { return at })
	ok, err := s.LeaseGrant(t.Context(), m, time.Minute)
	must(t, err)
	return ok
}

func TestGrant(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		_, err := s.Grant(ctx, anna)
		wantKind(t, err, meet.NotFound)
		wantKind(t, s.SaveGrant(ctx, grant(anna, "a")), meet.NotFound) // no such portal
		savePortal(t, s, "m1")
		must(t, s.SaveGrant(ctx, grant(anna, "a")))
		wantGrant(t, s, anna, "a", 1)
		must(t, s.SaveGrant(ctx, grant(anna, "b")))
		wantGrant(t, s, anna, "b", 2)

		must(t, s.LoseGrant(ctx, grant(anna, "a"))) // an older one
		wantGrant(t, s, anna, "b", 2)
		must(t, s.LoseGrant(ctx, grant(anna, "b")))
		must(t, s.LoseGrant(ctx, grant(anna, "b")))
		_, err = s.Grant(ctx, anna)
		wantKind(t, err, meet.NotFound)
		if users, err := s.Members(ctx, "m1"); err != nil || len(users) != 0 {
			t.Errorf("members %v %v", users, err)
		}
		_, err = s.LeaseGrant(ctx, anna, time.Minute)
		wantKind(t, err, meet.NotFound)
	})
}

func TestLease(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		_, err := s.LeaseGrant(ctx, anna, time.Minute)
		wantKind(t, err, meet.NotFound)
		savePortal(t, s, "m1")
		must(t, s.SaveGrant(ctx, grant(anna, "a")))

		for _, step := range []struct {
			name string
			do   func() error
			at   time.Time
			want bool
		}{
			{name: "free", at: now, want: true},
			{name: "taken", at: now, want: false},
			{name: "taken to the end", at: now.Add(time.Minute - time.Millisecond), want: false},
			{name: "ended by itself", at: now.Add(time.Minute), want: true},
			{name: "released", do: func() error { return s.ReleaseGrant(ctx, anna) }, at: now, want: true},
			{name: "saved", do: func() error { return s.SaveGrant(ctx, grant(anna, "b")) }, at: now, want: true},
			{name: "renewed", do: func() error {
				return s.RenewGrant(ctx, grant(anna, "b"), grant(anna, "c"))
			}, at: now, want: true},
		} {
			if step.do != nil {
				must(t, step.do())
			}
			if got := lease(t, s, anna, step.at); got != step.want {
				t.Errorf("%s: %v", step.name, got)
			}
		}
		wantGrant(t, s, anna, "c", 3)
	})
}

// TestRenewGrantReplacesWhatWasRead: and no newer pair, whether the lease has expired or not.
func TestRenewGrantReplacesWhatWasRead(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		read, renewed := grant(anna, "a"), grant(anna, "renewed")
		wantKind(t, s.RenewGrant(ctx, read, renewed), meet.NotFound) // nothing there
		must(t, s.SaveGrant(ctx, read))
		must(t, s.SaveGrant(ctx, grant(anna, "b"))) // signed in anew meanwhile
		wantKind(t, s.RenewGrant(ctx, read, renewed), meet.NotFound)
		wantGrant(t, s, anna, "b", 2)

		must(t, s.CloseMember(ctx, anna))
		wantKind(t, s.RenewGrant(ctx, grant(anna, "b"), renewed), meet.NotFound)
		must(t, s.SaveGrant(ctx, grant(anna, "c")))
		wantKind(t, s.RenewGrant(ctx, read, renewed), meet.NotFound)
		must(t, s.RenewGrant(ctx, grant(anna, "c"), renewed))
		wantGrant(t, s, anna, "renewed", 2)
		wantKind(t, s.RenewGrant(ctx, grant(anna, "c"), renewed), meet.NotFound) // a second time changes nothing
	})
}

// TestALostGrantCanStillBeRenewed: one process has the new pair but no database, another one
// tries the old pair and marks it as lost. For a day the new pair is still taken.
func TestALostGrantCanStillBeRenewed(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		must(t, s.SaveGrant(ctx, grant(anna, "a")))
		lease(t, s, anna, now)
		must(t, s.LoseGrant(ctx, grant(anna, "a")))
		s.UseClock(func() time.Time { return now.Add(lostGrantsKept - time.Millisecond) })
		must(t, s.Purge(ctx, now))
		must(t, s.RenewGrant(ctx, grant(anna, "a"), grant(anna, "b")))
		wantGrant(t, s, anna, "b", 2)

		must(t, s.LoseGrant(ctx, grant(anna, "b")))
		s.UseClock(func() time.Time { return now.Add(3 * lostGrantsKept) })
		must(t, s.Purge(ctx, now))
		wantKind(t, s.RenewGrant(ctx, grant(anna, "b"), grant(anna, "c")), meet.NotFound)
		if left := column(t, s, `SELECT access_token FROM grants`); len(left) != 0 {
			t.Errorf("left are %v", left)
		}
	})
}

// TestALateGrantYieldsToANewerOne: a pair that could not be stored at once does not replace
// that of a later sign-in.
func TestALateGrantYieldsToANewerOne(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		must(t, s.SaveGrantLate(ctx, grant(anna, "a")))
		wantGrant(t, s, anna, "a", 1)
		must(t, s.SaveGrantLate(ctx, grant(anna, "b"))) // of the same moment
		wantGrant(t, s, anna, "a", 1)
		must(t, s.LoseGrant(ctx, grant(anna, "a")))
		must(t, s.SaveGrantLate(ctx, grant(anna, "c")))
		wantGrant(t, s, anna, "c", 2)
		newer := grant(anna, "d")
		newer.Expires = newer.Expires.Add(time.Minute)
		must(t, s.SaveGrantLate(ctx, newer))
		if got, err := s.Grant(ctx, anna); err != nil || got.AccessToken != newer.AccessToken {
			t.Errorf("%+v %v", got, err)
		}
		wantKind(t, s.SaveGrantLate(ctx, grant(meet.Member{Portal: "m2", User: 7}, "a")), meet.NotFound)
	})
}

// TestPortalsAreApart: two companies with the same user ids see nothing of each
// other, whatever one of them does.
func TestPortalsAreApart(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		other := meet.Member{Portal: "m2", User: anna.User}
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		must(t, s.SaveGrant(ctx, grant(anna, "one")))
		_, err := s.Grant(ctx, other)
		wantKind(t, err, meet.NotFound)
		must(t, s.SaveGrant(ctx, grant(other, "two")))
		wantGrant(t, s, anna, "one", 1)

		lease(t, s, anna, now)
		if !lease(t, s, other, now) {
			t.Error("a lease of one portal keeps out the other")
		}
		must(t, s.ReleaseGrant(ctx, anna))
		if lease(t, s, other, now) {
			t.Error("a release of one portal ends the other's lease")
		}
		must(t, s.LoseGrant(ctx, grant(anna, "one")))
		wantGrant(t, s, other, "two", 1)

		must(t, s.SaveSession(ctx, session("s1", "m1", 7, now.Add(time.Hour))))
		must(t, s.SaveSession(ctx, session("s2", "m2", 7, now.Add(time.Hour))))
		must(t, s.DeleteSessionsOf(ctx, anna))
		if sessionFound(t, s, "s1") || !sessionFound(t, s, "s2") {
			t.Error("logging out everywhere reached the wrong portal")
		}
	})
}

// TestLeaseHasOneHolder: of many processes that want to renew the same grant at
// the same instant exactly one may.
func TestLeaseHasOneHolder(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		must(t, stores[0].SaveGrant(t.Context(), grant(anna, "a")))
		for round := range 10 {
			for _, s := range stores {
				s.UseClock(func() time.Time { return now.Add(time.Duration(round) * time.Hour) })
			}
			var holders atomic.Int64
			parallel(t, 16, func(i int) error {
				ok, err := stores[i%2].LeaseGrant(t.Context(), anna, time.Minute)
				if ok {
					holders.Add(1)
				}
				return err
			})
			if n := holders.Load(); n != 1 {
				t.Errorf("round %d: %d holders", round, n)
			}
		}
	})
}

// TestSavesAreNotLost: every one of many concurrent saves counts.
func TestSavesAreNotLost(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		parallel(t, 24, func(i int) error {
			return stores[i%2].SaveGrant(t.Context(), grant(anna, fmt.Sprint(i)))
		})
		got, err := stores[0].Grant(t.Context(), anna)
		must(t, err)
		if got.Version != 24 {
			t.Errorf("version %d", got.Version)
		}
		if name := got.AccessToken[len("access "):]; got.RefreshToken != "refresh "+name {
			t.Errorf("the pair is mixed: %s, %s", got.AccessToken, got.RefreshToken)
		}
	})
}

// parallel runs n bodies at the same time and reports their errors.
func parallel(t *testing.T, n int, body func(i int) error) {
	t.Helper()
	var group sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		group.Go(func() {
			<-start
			if err := body(i); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	group.Wait()
}

package store

import (
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/job"
	"slotfinder/internal/meet"
)

// TestALeaseThatNeverEndsIsNone: a lease written while a clock was wrong locks nothing for
// longer than leases last.
func TestALeaseThatNeverEndsIsNone(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		must(t, s.SaveGrant(ctx, grant(anna, "a")))
		must(t, s.AddJob(ctx, job.Job{ID: "leased", Kind: "k"}, 0))
		ahead := now.Add(365 * 24 * time.Hour)
		s.UseClock(func() time.Time { return ahead })
		must(t, s.AddJob(ctx, job.Job{ID: "late", Kind: "l"}, 0))
		for _, lease := range []func() (bool, error){
			func() (bool, error) { return s.LeaseGrant(ctx, anna, time.Minute) },
			func() (bool, error) { return s.LeaseRedemption(ctx, "m1", "token", time.Minute) },
			func() (bool, error) { _, err := s.TakeJob(ctx, time.Minute); return err == nil, err },
		} {
			for _, at := range []time.Time{ahead, now} {
				s.UseClock(func() time.Time { return at })
				if got, err := lease(); !got || err != nil {
					t.Errorf("at %v: %v %v", at, got, err)
				}
			}
		}
		if _, err := s.TakeJob(ctx, time.Minute); err != nil { // due in a year
			t.Errorf("a job that is due too late is never done: %v", err)
		}
		s.UseClock(func() time.Time { return now.Add(-45 * time.Second) }) // a clock that was set back
		if got, err := s.LeaseGrant(ctx, anna, time.Minute); got || err != nil {
			t.Errorf("a lease ends when the clock is set back: %v", err)
		}
	})
}

// TestLeasesGoByTheDatabasesClock: processes whose clocks differ see the same lease.
func TestLeasesGoByTheDatabasesClock(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		must(t, s.SaveGrant(t.Context(), grant(anna, "a")))
		var at int64
		must(t, s.read.QueryRowContext(t.Context(), `SELECT `+s.now()).Scan(&at))
		if apart := time.Since(instant(at)); apart < -time.Minute || apart > time.Minute {
			t.Errorf("the database's clock is off by %v", apart)
		}
		for i, want := range []bool{true, false} {
			if got, err := s.LeaseGrant(t.Context(), anna, time.Minute); got != want || err != nil {
				t.Errorf("%d: %v %v", i, got, err)
			}
		}
	})
}

func TestRedemptionsAreLeased(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		for round := range 5 {
			var holders atomic.Int64
			parallel(t, 12, func(i int) error {
				ok, err := stores[i%2].LeaseRedemption(t.Context(), "m1", "token", time.Minute)
				if ok {
					holders.Add(1)
				}
				return err
			})
			if n := holders.Load(); n != 1 {
				t.Errorf("round %d: %d holders", round, n)
			}
			must(t, stores[1].EndRedemption(t.Context(), "m1", "token"))
		}
		s := stores[0]
		_, err := s.LeaseRedemption(t.Context(), "m1", "left behind", time.Minute)
		must(t, err)
		must(t, s.Purge(t.Context(), now))
		if left := column(t, s, `SELECT token_hash FROM redemptions`); len(left) != 1 {
			t.Errorf("left are %v", left)
		}
		s.UseClock(func() time.Time { return time.Now().Add(time.Hour) })
		must(t, s.Purge(t.Context(), now))
		if left := column(t, s, `SELECT token_hash FROM redemptions`); len(left) != 0 {
			t.Errorf("left are %v", left)
		}
	})
}

// TestACounterOfTheFutureIsNone: hits counted while a clock was wrong don't lead to refusals
// for as long as the clock was off.
func TestACounterOfTheFutureIsNone(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		tally := func(at time.Time, n int64) int64 {
			counts, err := s.Tally(t.Context(), []meet.Counter{{Key: "c", N: n}}, at)
			must(t, err)
			return counts[0]
		}
		tally(now.Add(365*24*time.Hour), 1000)
		if got := tally(now, 1); got != 1 {
			t.Errorf("it counts %d", got)
		}
		if got := tally(now.Add(45*time.Second), 1) + tally(now, 1); got != 2+3 {
			t.Errorf("clocks that differ a little count to %d", got)
		}
		tally(now.Add(365*24*time.Hour), 1000)
		must(t, s.Purge(t.Context(), now))
		if left := column(t, s, `SELECT counter FROM counters`); len(left) != 0 {
			t.Errorf("left are %v", left)
		}
	})
}

// TestFrameCodesGoByTheDatabasesClock: whatever the clocks of processes say.
func TestFrameCodesGoByTheDatabasesClock(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		for after, want := range map[time.Duration]bool{-time.Second: true, 59 * time.Second: true, time.Minute: false, -time.Hour: false} {
			s.at(now)
			must(t, s.SaveFrameCode(t.Context(), after.String(), "m1", "h", time.Minute))
			s.at(now.Add(after))
			if _, err := s.TakeFrameCode(t.Context(), after.String()); (err == nil) != want || err != nil && meet.KindOf(err) != meet.NotFound {
				t.Errorf("after %v: %v", after, err)
			}
		}
	})
}

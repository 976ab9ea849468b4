package store

import (
	"errors"
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/job"
	"slotfinder/internal/meet"
)

// at sets the clock by which leases and jobs go.
func (s *Store) at(now time.Time) { s.UseClock(func() time.Time { return now }) }

// take takes a job at an instant, for a minute; the zero Job if none is due.
func take(t *testing.T, s *Store, at time.Time) job.Job {
	t.Helper()
	s.at(at)
	j, err := s.TakeJob(t.Context(), time.Minute)
	if !errors.Is(err, job.ErrNoneDue) {
		must(t, err)
	}
	return j
}

func TestJobs(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		s.at(now)
		must(t, s.AddJob(ctx, job.Job{ID: "later", Kind: "k"}, time.Hour))
		second := job.Job{ID: "second", Kind: "k", Portal: "m1", Payload: "p", Source: "s", About: "m1"}
		must(t, s.AddJob(ctx, second, 0))
		must(t, s.AddJob(ctx, job.Job{ID: "first", Kind: "k", Payload: "p", Source: "s", About: "a"}, -time.Minute))
		wantKind(t, s.AddJob(ctx, job.Job{ID: "nobody's", Kind: "k", Portal: "m2"}, 0), meet.NotFound)
		if j := take(t, s, now); j.ID != "first" || j.Tries != 1 {
			t.Errorf("%+v", j)
		}
		second.Tries = 1
		if j := take(t, s, now); j != second {
			t.Errorf("%+v", j)
		}
		if j := take(t, s, now); j.ID != "" {
			t.Errorf("%+v", j)
		}
		must(t, s.EndJob(ctx, "first"))
		must(t, s.DelayJob(ctx, "second", 2*time.Minute, false))
		if j := take(t, s, now.Add(time.Minute)); j.ID != "" {
			t.Errorf("%+v", j)
		}
		if j := take(t, s, now.Add(2*time.Minute)); j.ID != "second" || j.Tries != 2 {
			t.Errorf("%+v", j)
		}
		s.at(now)
		must(t, s.DelayJob(ctx, "second", 0, true))
		if j := take(t, s, now); j.Tries != 1 {
			t.Errorf("%+v", j)
		}
		if left := column(t, s, `SELECT source || about || payload FROM jobs WHERE id = 'first'`); len(left) != 1 || left[0] != "" {
			t.Errorf("of a job that was done there is left %q", left)
		}
		s.at(now.Add(59 * time.Minute))
		must(t, s.Purge(ctx, now))
		must(t, s.AddJob(ctx, job.Job{ID: "first", Kind: "again"}, 0)) // still known
		s.at(now.Add(61 * time.Minute))
		must(t, s.Purge(ctx, now))
		left := column(t, s, `SELECT id FROM jobs ORDER BY id`)
		if fmt.Sprint(left) != "[later second]" {
			t.Errorf("left are %v", left)
		}
	})
}

// fill adds jobs until one is refused, and returns how many were added.
func fill(t *testing.T, s *Store, one func(i int) job.Job) int {
	t.Helper()
	for i := range 2 * maxWaiting {
		j := one(i)
		switch err := s.AddJob(t.Context(), j, 0); {
		case errors.Is(err, job.ErrFull):
			return i
		case err != nil:
			t.Fatal(err)
		}
	}
	t.Fatal("there is no bound")
	return 0
}

// TestJobsAreBounded: jobs of strangers, from one network or many, about one portal or many,
// can't fill the database, and don't keep out other networks, other portals or other kinds.
// A job that is refused is refused with an error.
func TestJobsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		s.at(now)
		id := 0
		made := func(source, about string) job.Job {
			id++
			return job.Job{ID: fmt.Sprint(id), Kind: "k", Source: source, About: about}
		}
		if n := fill(t, s, func(int) job.Job { return made("a", "m1") }); n != maxOfSourceAboutPortal {
			t.Errorf("%d of one network about one portal", n)
		}
		if n := fill(t, s, func(i int) job.Job { return made("a", fmt.Sprint(i)) }); n != maxOfSource-maxOfSourceAboutPortal {
			t.Errorf("%d more of one network", n)
		}
		if n := fill(t, s, func(i int) job.Job { return made(fmt.Sprint(i), "m1") }); n != maxAboutPortal-maxOfSourceAboutPortal {
			t.Errorf("%d more about one portal", n)
		}
		if n := fill(t, s, func(i int) job.Job { return made(fmt.Sprint(i), fmt.Sprint(i)) }); n != maxWaiting-maxOfSource-maxAboutPortal+maxOfSourceAboutPortal {
			t.Errorf("%d more of anybody", n)
		}
		must(t, s.AddJob(t.Context(), job.Job{ID: "1", Kind: "k", Source: "a", About: "m1"}, 0)) // it is there
		for i := range maxWaiting / 10 {
			must(t, s.AddJob(t.Context(), job.Job{ID: fmt.Sprint("ours", i), Kind: "p"}, 0))
		}
	})
}

// TestSourcesTakeTurns: of a network's many jobs one is due at once and one more each second;
// jobs of other networks come in between.
func TestSourcesTakeTurns(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		s.at(now)
		for i := range maxOfSource {
			must(t, s.AddJob(t.Context(), job.Job{ID: fmt.Sprintf("flood%03d", i), Kind: "k", Source: "a"}, 0))
		}
		s.at(now.Add(time.Millisecond))
		must(t, s.AddJob(t.Context(), job.Job{ID: "true", Kind: "k", Source: "b"}, 0))
		for _, want := range []string{"flood000", "true", ""} {
			if j := take(t, s, now.Add(time.Millisecond)); j.ID != want {
				t.Errorf("%q is taken, not %q", j.ID, want)
			}
		}
		must(t, s.EndJob(t.Context(), "flood000"))
		if j := take(t, s, now.Add(time.Millisecond)); j.ID != "" {
			t.Errorf("%q is due at once", j.ID)
		}
		if j := take(t, s, now.Add(sourceSpacing)); j.ID != "flood001" {
			t.Errorf("%q", j.ID)
		}
	})
}

// TestOneJobOfAPortalAtATime: a slow portal occupies one worker, and so does each network
// whose jobs are about portals that are not stored.
func TestOneJobOfAPortalAtATime(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		s.at(now)
		for i, j := range []job.Job{
			{ID: "1", Kind: "k", Portal: "m1"},
			{ID: "2", Kind: "k", Portal: "m1"},
			{ID: "3", Kind: "b", Portal: "m1"},
			{ID: "4", Kind: "k", Portal: "m2"},
			{ID: "5", Kind: "k", Source: "a"},
			{ID: "6", Kind: "k", Source: "a"},
			{ID: "7", Kind: "k", Source: "b"},
			{ID: "8", Kind: "p"},
			{ID: "9", Kind: "p"},
		} {
			must(t, s.AddJob(t.Context(), j, time.Duration(i)*time.Millisecond))
		}
		at := now.Add(2 * time.Second)
		all := func() (taken string) {
			for j := take(t, s, at); j.ID != ""; j = take(t, s, at) {
				taken += j.ID
			}
			return taken
		}
		if got := all(); got != "134578" {
			t.Errorf("taken at once: %s", got)
		}
		must(t, s.EndJob(t.Context(), "1"))
		must(t, s.DelayJob(t.Context(), "5", time.Hour, false))
		if got := all(); got != "26" {
			t.Errorf("then: %s", got)
		}
	})
}

// TestAKindLeavesWorkersToOthers: however many slow portals and networks it has.
func TestAKindLeavesWorkersToOthers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		s.at(now)
		for i := range 3 * maxRunningOfKind {
			must(t, s.AddJob(t.Context(), job.Job{ID: fmt.Sprintf("%02d", i), Kind: "k", Source: fmt.Sprint(i)}, 0))
		}
		must(t, s.AddJob(t.Context(), job.Job{ID: "other", Kind: "o", Source: "0"}, time.Second))
		at := now.Add(time.Minute)
		var taken []string
		for j := take(t, s, at); j.ID != ""; j = take(t, s, at) {
			taken = append(taken, j.ID)
		}
		if fmt.Sprint(taken) != "[00 01 02 03 other]" {
			t.Errorf("taken are %v", taken)
		}
	})
}

// TestJobHasOneHolder: only one of many processes gets it.
func TestJobHasOneHolder(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		for round := range 5 {
			must(t, stores[0].AddJob(t.Context(), job.Job{ID: fmt.Sprint(round), Kind: fmt.Sprint(round)}, 0))
			var holders atomic.Int64
			parallel(t, 12, func(i int) error {
				_, err := stores[i%2].TakeJob(t.Context(), time.Minute)
				if errors.Is(err, job.ErrNoneDue) {
					return nil
				}
				holders.Add(1)
				return err
			})
			if n := holders.Load(); n != 1 {
				t.Errorf("round %d: %d holders", round, n)
			}
		}
	})
}

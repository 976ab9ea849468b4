package store

import (
	"fmt"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/job"
	"slotfinder/internal/meet"
)

func TestJobs(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		must(t, s.AddJob(ctx, job.Job{ID: "later", Kind: "k"}, now.Add(time.Hour)))
		must(t, s.AddJob(ctx, job.Job{ID: "second", Kind: "k", Portal: "m1", Payload: "p"}, now))
		must(t, s.AddJob(ctx, job.Job{ID: "first", Kind: "k"}, now.Add(-time.Minute)))
		wantKind(t, s.AddJob(ctx, job.Job{ID: "nobody's", Kind: "k", Portal: "m2"}, now), meet.NotFound)
		take := func(at time.Time) job.Job {
			j, _, err := s.TakeJob(ctx, at, at.Add(time.Minute))
			must(t, err)
			return j
		}
		if j := take(now); j.ID != "first" || j.Tries != 1 {
			t.Errorf("%+v", j)
		}
		if j := take(now); j != (job.Job{ID: "second", Kind: "k", Portal: "m1", Payload: "p", Tries: 1}) {
			t.Errorf("%+v", j)
		}
		if j := take(now); j.ID != "" {
			t.Errorf("%+v", j)
		}
		must(t, s.EndJob(ctx, "first", now))
		must(t, s.DelayJob(ctx, "second", now.Add(2*time.Minute), false))
		if j := take(now.Add(time.Minute)); j.ID != "" {
			t.Errorf("%+v", j)
		}
		if j := take(now.Add(2 * time.Minute)); j.ID != "second" || j.Tries != 2 {
			t.Errorf("%+v", j)
		}
		must(t, s.DelayJob(ctx, "second", now, true))
		if j := take(now); j.Tries != 1 {
			t.Errorf("%+v", j)
		}
		must(t, s.Clean(ctx, now.Add(59*time.Minute)))
		must(t, s.AddJob(ctx, job.Job{ID: "first", Kind: "again"}, now)) // still known
		must(t, s.Clean(ctx, now.Add(61*time.Minute)))
		left := column(t, s, `SELECT id FROM jobs ORDER BY id`)
		if fmt.Sprint(left) != "[later second]" {
			t.Errorf("left are %v", left)
		}
	})
}

// TestJobsAreBounded: jobs that anybody can have added, in the name of no portal or of
// one, can't fill the database, and keep out neither other portals' nor other kinds.
func TestJobsAreBounded(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		for i := range strayJobs + 10 {
			must(t, s.AddJob(t.Context(), job.Job{ID: fmt.Sprint("stray", i), Kind: "k"}, now))
			must(t, s.AddJob(t.Context(), job.Job{ID: fmt.Sprint("m1 ", i), Kind: "k", Portal: "m1"}, now))
		}
		for _, j := range []job.Job{{ID: "periodic", Kind: "p"}, {ID: "ours", Kind: "k", Portal: "m2"}, {ID: "believed", Kind: "b", Portal: "m1"}} {
			must(t, s.AddJob(t.Context(), j, now))
			if n := len(column(t, s, `SELECT id FROM jobs WHERE id = '`+j.ID+`'`)); n != 1 {
				t.Errorf("%s is kept out", j.ID)
			}
		}
		if n := len(column(t, s, `SELECT id FROM jobs`)); n != strayJobs+portalJobs+3 {
			t.Errorf("%d jobs", n)
		}
	})
}

// TestOneJobOfAPortalAtATime: a portal that takes its time has one worker, and so have
// all together that are not stored.
func TestOneJobOfAPortalAtATime(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		for i, j := range []job.Job{
			{ID: "1", Kind: "k", Portal: "m1"},
			{ID: "2", Kind: "k", Portal: "m1"},
			{ID: "3", Kind: "b", Portal: "m1"},
			{ID: "4", Kind: "k", Portal: "m2"},
			{ID: "5", Kind: "k"},
			{ID: "6", Kind: "k"},
			{ID: "7", Kind: "p"},
		} {
			must(t, s.AddJob(t.Context(), j, now.Add(time.Duration(i)*time.Millisecond)))
		}
		at := now.Add(time.Second)
		all := func() (taken string) {
			for {
				j, found, err := s.TakeJob(t.Context(), at, at.Add(time.Minute))
				must(t, err)
				if !found {
					return taken
				}
				taken += j.ID
			}
		}
		if got := all(); got != "13457" {
			t.Errorf("taken at once: %s", got)
		}
		must(t, s.EndJob(t.Context(), "1", at))
		must(t, s.DelayJob(t.Context(), "5", at.Add(time.Hour), false))
		if got := all(); got != "26" {
			t.Errorf("then: %s", got)
		}
	})
}

// TestJobHasOneHolder: of many processes one gets it.
func TestJobHasOneHolder(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		for round := range 5 {
			must(t, stores[0].AddJob(t.Context(), job.Job{ID: fmt.Sprint(round), Kind: fmt.Sprint(round)}, now))
			var holders atomic.Int64
			parallel(t, 12, func(i int) error {
				_, found, err := stores[i%2].TakeJob(t.Context(), now, now.Add(time.Hour))
				if found {
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

// TestFrameCodeWorksOnce: of many who use it at the same moment one gets through.
func TestFrameCodeWorksOnce(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		must(t, stores[0].SaveFrameCode(t.Context(), "c", "m1", "h", now.Add(time.Minute)))
		wantKind(t, stores[0].SaveFrameCode(t.Context(), "d", "m2", "h", now.Add(time.Minute)), meet.NotFound)
		var got atomic.Int64
		parallel(t, 12, func(i int) error {
			idHash, found, err := stores[i%2].TakeFrameCode(t.Context(), "c", now)
			if found && idHash == "h" {
				got.Add(1)
			}
			return err
		})
		if n := got.Load(); n != 1 {
			t.Errorf("%d got through", n)
		}
		must(t, stores[0].SaveFrameCode(t.Context(), "late", "m1", "h", now))
		if _, found, err := stores[0].TakeFrameCode(t.Context(), "late", now); found || err != nil {
			t.Errorf("a code at the moment it expires: %v %v", found, err)
		}
		must(t, stores[0].Clean(t.Context(), now))
		if left := column(t, stores[0], `SELECT code_hash FROM frame_codes`); len(left) != 0 {
			t.Errorf("left are %v", left)
		}
	})
}

func TestCloseAndMembers(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		for _, portal := range []string{"m1", "m2"} {
			savePortal(t, s, portal)
			must(t, s.SaveAppToken(ctx, portal, "sealed"))
			for i, user := range []int64{7, 8} {
				g := grant(meet.Member{Portal: portal, User: user}, "a")
				g.Expires = now.Add(time.Duration(i) * time.Hour)
				must(t, s.SaveGrant(ctx, g))
				must(t, s.SaveSession(ctx, fmt.Sprint(portal, user), "", portal, user, now.Add(time.Hour)))
			}
			must(t, s.SaveSession(ctx, portal+"9", "", portal, 9, now.Add(time.Hour)))
			must(t, s.SaveFrameCode(ctx, portal, portal, "h", now.Add(time.Minute)))
		}
		users, err := s.Members(ctx, "m1")
		must(t, err)
		if fmt.Sprint(users) != "[8 7 9]" {
			t.Errorf("members %v", users)
		}
		must(t, s.CloseMember(ctx, meet.Member{Portal: "m1", User: 7}))
		if users, _ := s.Members(ctx, "m1"); fmt.Sprint(users) != "[8 9]" {
			t.Errorf("members after one has left: %v", users)
		}
		must(t, s.ClosePortal(ctx, "m1"))
		if users, _ := s.Members(ctx, "m1"); len(users) != 0 {
			t.Errorf("members after the portal was closed: %v", users)
		}
		p, err := s.Portal(ctx, "m1")
		must(t, err)
		if p.AppToken != "" {
			t.Error("the token of the events is still there")
		}
		if users, _ := s.Members(ctx, "m2"); fmt.Sprint(users) != "[8 7 9]" {
			t.Errorf("members of the other portal: %v", users)
		}
		other, err := s.Portal(ctx, "m2")
		must(t, err)
		if _, found, _ := s.TakeFrameCode(ctx, "m2", now); other.AppToken == "" || !found {
			t.Error("the other portal has lost something")
		}
		keys, err := s.PortalKeys(ctx)
		must(t, err)
		if fmt.Sprint(keys) != "[m1 m2]" {
			t.Errorf("portals %v", keys)
		}
	})
}

package store

import (
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

// record notes a change that must succeed.
func record(t *testing.T, s *Store, portal string, at time.Time) int64 {
	t.Helper()
	seq, err := s.RecordChange(t.Context(), portal, at)
	must(t, err)
	return seq
}

func TestChanges(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		first := record(t, s, "m1", now)
		if first != now.UnixMilli() {
			t.Errorf("the first number is %d", first)
		}
		other := record(t, s, "m2", now.Add(time.Second))
		for _, step := range []struct {
			name  string
			at    time.Time
			above int64
		}{
			{"in the same millisecond", now, first},
			{"by a clock that is late", now.Add(-time.Hour), first + 1},
			{"later", now.Add(time.Minute), now.Add(time.Minute).UnixMilli() - 1},
		} {
			if seq := record(t, s, "m1", step.at); seq != step.above+1 {
				t.Errorf("%s: %d instead of %d", step.name, seq, step.above+1)
			}
		}
		for _, ask := range []struct {
			above int64
			want  map[string]int64
		}{
			{0, map[string]int64{"m1": now.Add(time.Minute).UnixMilli(), "m2": other}},
			{other, map[string]int64{"m1": now.Add(time.Minute).UnixMilli()}},
			{now.Add(time.Minute).UnixMilli(), map[string]int64{}},
		} {
			got, err := s.Changes(t.Context(), ask.above)
			must(t, err)
			if diff := cmp.Diff(ask.want, got); diff != "" {
				t.Error(diff)
			}
		}
	})
}

func TestChangeOfAnUnknownPortal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		_, err := s.RecordChange(t.Context(), "nobody", now)
		wantKind(t, err, meet.NotFound)
	})
}

// TestChangesOfManyProcesses: every one gets a number of its own.
func TestChangesOfManyProcesses(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		stores := []*Store{open(t, address), open(t, address)}
		savePortal(t, stores[0], "m1")
		var mu sync.Mutex
		numbers := map[int64]bool{}
		var writers sync.WaitGroup
		for i := range 20 {
			writers.Go(func() {
				seq, err := stores[i%2].RecordChange(t.Context(), "m1", now)
				if err != nil {
					t.Error(err)
				}
				mu.Lock()
				defer mu.Unlock()
				numbers[seq] = true
			})
		}
		writers.Wait()
		if len(numbers) != 20 {
			t.Errorf("%d numbers for 20 changes", len(numbers))
		}
	})
}

func TestPurgeRemovesOldChanges(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		for i, at := range []time.Time{now.Add(-changesKept), now.Add(-changesKept + time.Millisecond)} {
			savePortal(t, s, "m"+strconv.Itoa(i))
			record(t, s, "m"+strconv.Itoa(i), at)
		}
		must(t, s.Purge(t.Context(), now))
		got, err := s.Changes(t.Context(), 0)
		must(t, err)
		if diff := cmp.Diff(map[string]int64{"m1": now.Add(-changesKept + time.Millisecond).UnixMilli()}, got); diff != "" {
			t.Error(diff)
		}
		must(t, s.DeletePortal(t.Context(), "m1"))
		if got, err := s.Changes(t.Context(), 0); err != nil || len(got) > 0 {
			t.Errorf("changes outlive their portal: %v, %v", got, err)
		}
	})
}

func TestSaveAppToken(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		wantKind(t, s.SaveAppToken(t.Context(), "m1", "sealed"), meet.NotFound)
		want := savePortal(t, s, "m1")
		must(t, s.SaveAppToken(t.Context(), "m1", "sealed"))
		want.AppToken = "sealed"
		got, err := s.Portal(t.Context(), "m1")
		must(t, err)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	})
}

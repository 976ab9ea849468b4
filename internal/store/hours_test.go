package store

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// nights is a schedule that uses everything there is.
func nights() meet.Schedule {
	s := meet.Schedule{
		Lunch: civil.Range{Start: 60, End: 90}, Zone: "Asia/Tokyo", Prefer: civil.Range{Start: 600, End: 720},
		Off: []civil.Period{{First: civil.Date{Year: 2026, Month: 12, Day: 24}, Last: civil.Date{Year: 2027, Month: 1, Day: 2}}},
	}
	s.Week[1] = []civil.Range{{Start: 0, End: 120}, {Start: 1350, End: 1530}}
	s.Week[6] = []civil.Range{{Start: 0, End: 1440}}
	return s
}

func plain() meet.Schedule {
	return meet.Schedule{Week: [7][]civil.Range{1: {{Start: 540, End: 1020}}}}
}

func TestSchedules(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		read := func(portal string, people ...int64) map[int64]meet.Schedule {
			t.Helper()
			found, err := s.Schedules(ctx, portal, people)
			must(t, err)
			return found
		}
		check := func(got, want map[int64]meet.Schedule) {
			t.Helper()
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		}
		check(read("m1", 7, 8), map[int64]meet.Schedule{})
		must(t, s.SaveSchedule(ctx, meet.Member{Portal: "m1", User: 7}, plain()))
		must(t, s.SaveSchedule(ctx, meet.Member{Portal: "m1", User: 7}, nights())) // the later one holds
		must(t, s.SaveSchedule(ctx, meet.Member{Portal: "m1", User: 9}, plain()))
		must(t, s.SaveSchedule(ctx, meet.Member{Portal: "m2", User: 8}, plain()))
		check(read("m1", 7, 8), map[int64]meet.Schedule{7: nights()})
		check(read("m2", 7, 9), map[int64]meet.Schedule{}) // the same ids in another company
		must(t, s.SaveSchedule(ctx, meet.Member{Portal: "m1", User: meet.Everyone}, plain()))
		check(read("m1"), map[int64]meet.Schedule{meet.Everyone: plain()})
		check(read("m1", 9, 7), map[int64]meet.Schedule{meet.Everyone: plain(), 7: nights(), 9: plain()})

		must(t, s.DeleteSchedule(ctx, meet.Member{Portal: "m1", User: 7}))
		must(t, s.DeleteSchedule(ctx, meet.Member{Portal: "m1", User: 7}))
		must(t, s.DeleteSchedule(ctx, meet.Member{Portal: "m2", User: 9}))
		check(read("m1", 9, 7), map[int64]meet.Schedule{meet.Everyone: plain(), 9: plain()})
	})
}

func TestSchedulesOfManyPeople(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		var people []int64
		for id := range int64(meet.MaxPeople + 1) {
			people = append(people, id+1)
		}
		must(t, s.SaveSchedule(t.Context(), meet.Member{Portal: "m1", User: meet.MaxPeople + 1}, plain()))
		found, err := s.Schedules(t.Context(), "m1", people)
		must(t, err)
		if diff := cmp.Diff(map[int64]meet.Schedule{meet.MaxPeople + 1: plain()}, found); diff != "" {
			t.Error(diff)
		}
	})
}

func TestSchedulesGoWithTheirPortal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		wantKind(t, s.SaveSchedule(ctx, meet.Member{Portal: "m1", User: 7}, plain()), meet.NotFound)
		for _, portal := range []string{"m1", "m2"} {
			savePortal(t, s, portal)
			must(t, s.SaveSchedule(ctx, meet.Member{Portal: portal, User: 7}, plain()))
		}
		must(t, s.DeletePortal(ctx, "m1"))
		savePortal(t, s, "m1")
		for portal, want := range map[string]int{"m1": 0, "m2": 1} {
			found, err := s.Schedules(ctx, portal, []int64{7})
			must(t, err)
			if len(found) != want {
				t.Errorf("%s has %d schedules left instead of %d", portal, len(found), want)
			}
		}
	})
}

// TestUnreadableScheduleIsAnError: to overlook one would show somebody as free
// who is not.
func TestUnreadableScheduleIsAnError(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		for _, data := range []string{"", "[]", `{"mo":["9 to 5"]}`, `{"tu":["09:00-10:00"],"zone":["Mars/Base"]}`} {
			_, err := s.exec(t.Context(), "test", `
				INSERT INTO hours (portal, user_id, data) VALUES ('m1', 7, $1)
				ON CONFLICT (portal, user_id) DO UPDATE SET data = excluded.data`, data)
			must(t, err)
			_, err = s.Schedules(t.Context(), "m1", []int64{7})
			wantKind(t, err, meet.Internal)
		}
	})
}

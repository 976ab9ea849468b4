package finder

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
)

func TestHolidaysAndWorkdaysReachTheEngine(t *testing.T) {
	t.Parallel()
	h := officeHours(meet.Office{
		WorkStart: 540, WorkEnd: 570, Weekend: [7]bool{0: true, 6: true},
		Holidays: []civil.YearDay{{Month: time.January, Day: 1}}, Workdays: []civil.YearDay{{Month: time.December, Day: 31}},
	})
	day := []civil.Range{{Start: 540, End: 570}}
	want := &sweep.Hours{
		Week:     [7][]civil.Range{1: day, 2: day, 3: day, 4: day, 5: day},
		Holidays: []civil.YearDay{{Month: time.January, Day: 1}}, Workdays: []civil.YearDay{{Month: time.December, Day: 31}}, Extra: day,
	}
	if diff := cmp.Diff(want, h); diff != "" {
		t.Error(diff)
	}
}

func TestCompanysExtraDays(t *testing.T) {
	t.Parallel()
	office := meet.Office{WorkStart: 540, WorkEnd: 570, Holidays: []civil.YearDay{{Month: time.January, Day: 1}}, Workdays: []civil.YearDay{{Month: time.December, Day: 31}}}
	s := scheduled(t, "tu=8-9&su=7-8&lunch=12-13")
	own, all := ownHours(s, office), companyHours(s, office)
	if len(own.Holidays) != 1 || len(own.Workdays) != 0 {
		t.Errorf("own hours: holidays %v, workdays %v", own.Holidays, own.Workdays)
	}
	if diff := cmp.Diff([]civil.Range{{Start: 480, End: 540}}, all.Extra); len(all.Workdays) != 1 || diff != "" {
		t.Errorf("default: workdays %v, hours %s", all.Workdays, diff)
	}
}

// TestLunchIsAHole compares carve with a reading minute by minute: at work is who
// has a range and no lunch, whatever day the clock is in.
func TestLunchIsAHole(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		start := rapid.IntRange(0, day-1).Draw(t, "start")
		r := civil.Range{Start: start, End: start + rapid.IntRange(1, day).Draw(t, "length")}
		from := rapid.IntRange(0, day-1).Draw(t, "lunch")
		hole := civil.Range{Start: from, End: from + rapid.IntRange(0, meet.MaxLunch).Draw(t, "of")}
		at := make([]bool, 2*day)
		for _, left := range carve([]civil.Range{r}, hole) {
			for m := left.Start; m < left.End; m++ {
				at[m] = true
			}
		}
		for m := range at {
			since := ((m-hole.Start)%day + day) % day
			want := r.Start <= m && m < r.End && since >= hole.End-hole.Start
			if at[m] != want {
				t.Fatalf("minute %d: %v", m, at[m])
			}
		}
	})
}

func TestPreferIsOnThePersonsClock(t *testing.T) {
	t.Parallel()
	berlin, tokyo, york := mustZone(t, "Europe/Berlin"), mustZone(t, "Asia/Tokyo"), mustZone(t, "America/New_York")
	for _, c := range []struct {
		name         string
		home, viewer *time.Location
		wish, want   civil.Range
	}{
		{"at home", berlin, berlin, civil.Range{Start: 600, End: 720}, civil.Range{Start: 600, End: 720}},
		{"further east", berlin, tokyo, civil.Range{Start: 600, End: 720}, civil.Range{Start: 1080, End: 1200}},
		{"further west", berlin, york, civil.Range{Start: 600, End: 720}, civil.Range{Start: 240, End: 360}},
		{"the day before", berlin, york, civil.Range{Start: 60, End: 180}, civil.Range{Start: 1140, End: 1260}},
		{"both sides of midnight", berlin, tokyo, civil.Range{Start: 900, End: 1020}, civil.Range{}},
		{"none", berlin, tokyo, civil.Range{}, civil.Range{}},
	} {
		if got := preferred(meet.Schedule{Prefer: c.wish}, c.home, c.viewer, minute("2026-11-27T08:00")); got != c.want {
			t.Errorf("%s: %v instead of %v", c.name, got, c.want)
		}
	}
}

func mustZone(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := zone.Load(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

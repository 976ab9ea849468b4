package meet_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// quarters are slots of an hour every quarter of an hour from 09:00 to 12:00 on some days, of
// which the earlier ones of a day are better, and those of earlier days.
func quarters(days int) (slots []meet.Slot) {
	monday := time.Date(2026, 12, 7, 9, 0, 0, 0, time.UTC)
	for day := range days {
		for i := range 9 {
			start := civil.Floor(monday.AddDate(0, 0, day)) + civil.Minute(15*i)
			slots = append(slots, meet.Slot{Span: civil.Span{Start: start, End: start + 60}, Rank: len(slots) + 1})
		}
	}
	return slots
}

func TestSpread(t *testing.T) {
	t.Parallel()
	ranked := quarters(2)
	ranked[2].Rank, ranked[0].Rank = 1, 3 // 09:30 is the best of the first day
	for _, c := range []struct {
		name        string
		slots       []meet.Slot
		ofDay, most int
		want        []string
	}{
		{"none", nil, 2, 8, nil},
		{"no two overlap", quarters(1), 9, 9, []string{"Mon 09:00", "Mon 10:00", "Mon 11:00"}},
		{"two of a day", quarters(3), 2, 8, []string{"Mon 09:00", "Mon 10:00", "Tue 09:00", "Tue 10:00", "Wed 09:00", "Wed 10:00"}},
		{"every day before a second of one", quarters(4), 2, 5, []string{"Mon 09:00", "Mon 10:00", "Tue 09:00", "Wed 09:00", "Thu 09:00"}},
		{"the best, in the order of time", ranked, 2, 9, []string{"Mon 09:30", "Mon 10:30", "Tue 09:00", "Tue 10:00"}},
		{"no more than asked for", quarters(9), 2, 3, []string{"Mon 09:00", "Tue 09:00", "Wed 09:00"}},
	} {
		var got []string
		for _, slot := range meet.Spread(c.slots, time.UTC, c.ofDay, c.most) {
			got = append(got, slot.Start.Time().Format("Mon 15:04"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// The day is that of the zone, not that of UTC.
func TestSpreadOverDaysOfTheZone(t *testing.T) {
	t.Parallel()
	west := time.FixedZone("west", -10*3600)
	var slots []meet.Slot
	for i, hour := range []int{20, 34} { // 10:00 and, a day of UTC later, 00:00 of the next day there
		start := civil.Floor(time.Date(2026, 12, 7, hour, 0, 0, 0, time.UTC))
		slots = append(slots, meet.Slot{Span: civil.Span{Start: start, End: start + 30}, Rank: i + 1})
	}
	if got := meet.Spread(slots, west, 1, 8); len(got) != 2 {
		t.Errorf("%d slots", len(got))
	}
}

package civil

import (
	"testing"
	"time"

	tz "slotfinder/internal/civil/zone"
)

// TestLastDayOfLeapYears: package time does not get beyond the last day of leap
// years after 2037; a clock must.
func TestLastDayOfLeapYears(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"} {
		zone, err := tz.Load(name)
		if err != nil {
			t.Fatal(err)
		}
		for _, year := range []int{2036, 2040, 2044, 2060, 2096} {
			from := Floor(time.Date(year, time.December, 28, 0, 0, 0, 0, time.UTC))
			clock := NewClock(zone, Span{Start: from, End: from + 8*Day})
			for at := from; at < from+8*Day; at += 60 {
				local := at.Time().In(zone)
				want := Floor(time.Date(local.Year(), local.Month(), local.Day(), local.Hour(), local.Minute(), 0, 0, time.UTC))
				if got := clock.Wall(at); got != want {
					t.Fatalf("%s %s: the clock shows %s", name, local, got.Time())
				}
			}
		}
	}
}

// TestMidnightIsTheFirst: in a night in which the clock shows 00:00 twice a day
// begins at the first, or calendars would be read an hour too late.
func TestMidnightIsTheFirst(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ zone, day, want string }{
		{"Asia/Amman", "2021-10-29", "2021-10-28T21:00"},          // 01:00 becomes 00:00
		{"America/Havana", "2026-11-01", "2026-11-01T04:00"},      // 01:00 becomes 00:00
		{"America/Sao_Paulo", "2018-11-04", "2018-11-04T03:00"},   // 00:00 becomes 01:00
		{"Australia/Lord_Howe", "2026-04-05", "2026-04-04T13:00"}, // an ordinary midnight
	} {
		zone, err := tz.Load(c.zone)
		if err != nil {
			t.Fatal(err)
		}
		day, err := ParseDate(c.day)
		if err != nil {
			t.Fatal(err)
		}
		if got := day.Midnight(zone); got.Time().Format("2006-01-02T15:04") != c.want {
			t.Errorf("%s %s begins at %s, want %sZ", c.zone, c.day, got.Time(), c.want)
		}
	}
}

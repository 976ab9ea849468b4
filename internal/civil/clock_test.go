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

package sweep

import (
	"time"

	"slotfinder/internal/span"
)

// DateOf returns the day that t's own clock shows.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// DateIn returns the day that a clock in the zone shows at the instant m.
func DateIn(zone *time.Location, m span.Minute) Date { return DateOf(m.Time().In(zone)) }

// Add returns the day so many calendar days later (earlier, if negative).
func (d Date) Add(days int) Date { return dateOfWall(d.wall(days * int(span.Day))) }

// Sub returns the number of calendar days from e to d.
func (d Date) Sub(e Date) int { return int((d.wall(0) - e.wall(0)) / span.Day) }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Sub(e) < 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	const first = time.Thursday // 1970-01-01
	days := int(d.wall(0)/span.Day+span.Minute(first)) % 7
	return time.Weekday((days + 7) % 7)
}

// String returns the day as YYYY-MM-DD.
func (d Date) String() string {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// wall returns the reading of a clock, so many minutes after the day's
// midnight, as minutes of wall time (see Clock).
func (d Date) wall(clock int) span.Minute {
	return span.Floor(time.Date(d.Year, d.Month, d.Day, 0, clock, 0, 0, time.UTC))
}

// dateOfWall returns the day of a wall time.
func dateOfWall(wall span.Minute) Date { return DateOf(wall.Time()) }

// clockOf returns the reading of a wall time as minutes after midnight.
func clockOf(wall span.Minute) int { return int((wall%span.Day + span.Day) % span.Day) }

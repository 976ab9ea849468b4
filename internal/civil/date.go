package civil

import "time"

// Date is a calendar day without zone.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// DateOf returns the day that t's own clock shows.
func DateOf(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// ParseDate reads YYYY-MM-DD.
func ParseDate(text string) (Date, error) {
	t, err := time.Parse(time.DateOnly, text)
	if err != nil {
		return Date{}, err
	}
	return DateOf(t), nil
}

// Countable reports whether the instants of the day are Minutes, so that the day can be
// computed with.
func (d Date) Countable() bool { return 1970 <= d.Year && d.Year <= 5999 }

// DateIn returns the day that a clock in the zone shows at the instant m.
func DateIn(zone *time.Location, m Minute) Date { return DateOf(m.Time().In(zone)) }

// Add returns the day so many calendar days later (earlier, if negative).
func (d Date) Add(days int) Date { return WallDate(d.Wall(days * int(Day))) }

// Sub returns the number of calendar days from e to d.
func (d Date) Sub(e Date) int { return int((d.Wall(0) - e.Wall(0)) / Day) }

// Before reports whether d is an earlier day than e.
func (d Date) Before(e Date) bool { return d.Sub(e) < 0 }

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday {
	const first = time.Thursday // 1970-01-01
	days := int(d.Wall(0)/Day+Minute(first)) % 7
	return time.Weekday((days + 7) % 7)
}

// String returns the day as YYYY-MM-DD.
func (d Date) String() string {
	return time.Date(d.Year, d.Month, d.Day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

// Noon returns 12:00 of the day on a clock in the zone: an instant that stands for the
// day, since clocks change at night.
func (d Date) Noon(zone *time.Location) time.Time {
	return time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, zone)
}

// NoonOf returns noon of the day that a clock in the zone shows at t.
func NoonOf(t time.Time, zone *time.Location) time.Time { return DateOf(t.In(zone)).Noon(zone) }

// Midnight returns the first instant of the day in the zone. A clock may show 00:00
// twice, or not at all; then the day begins with the change of the clock.
func (d Date) Midnight(zone *time.Location) Minute {
	at, _ := Instant(zone, d, 0)
	return at
}

// Wall returns the reading of a clock, so many minutes after the day's
// midnight, as minutes of wall time (see Clock).
func (d Date) Wall(clock int) Minute {
	return Floor(time.Date(d.Year, d.Month, d.Day, 0, clock, 0, 0, time.UTC))
}

// WallDate returns the day of a wall time.
func WallDate(wall Minute) Date { return DateOf(wall.Time()) }

// WallClock returns the reading of a wall time as minutes after midnight.
func WallClock(wall Minute) int { return int((wall%Day + Day) % Day) }

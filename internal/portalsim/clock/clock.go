package clock

import (
	"cmp"
	"time"
)

// DaySeconds are the seconds of a day in which no clock is changed.
const DaySeconds = 24 * 60 * 60

// Wall is a clock reading without a zone: Y-M-D h:m:s.
type Wall struct {
	Date
	Hour, Minute, Second int
}

// Date is a calendar day.
type Date struct {
	Year  int
	Month time.Month
	Day   int
}

// On is the calendar day y-m-d; days and months beyond their range carry over
// as in time.Date.
func On(year int, month time.Month, day int) Date {
	y, m, d := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Date()
	return Date{Year: y, Month: m, Day: d}
}

// At is the clock reading hour:minute:00 on d, in no zone yet.
func (d Date) At(hour, minute int) Wall {
	return Wall{Date: d, Hour: hour, Minute: minute}
}

// Plus is the day so many days after d; negative goes back.
func (d Date) Plus(days int) Date { return On(d.Year, d.Month, d.Day+days) }

// IsZero reports whether d was never set.
func (d Date) IsZero() bool { return d == Date{} }

// Weekday is the day of the week of d.
func (d Date) Weekday() time.Weekday { return d.At(0, 0).UTC().Weekday() }

// Compare is negative when d is before other, positive when it is after.
func (d Date) Compare(other Date) int {
	return cmp.Or(cmp.Compare(d.Year, other.Year), cmp.Compare(d.Month, other.Month), cmp.Compare(d.Day, other.Day))
}

// Since counts the days from other to d.
func (d Date) Since(other Date) int {
	return int(d.At(0, 0).UTC().Sub(other.At(0, 0).UTC()) / (24 * time.Hour))
}

// UTC is the instant at which a clock in Greenwich shows w. Arithmetic with
// readings is done there, because that clock never changes.
func (w Wall) UTC() time.Time {
	return time.Date(w.Year, w.Month, w.Day, w.Hour, w.Minute, w.Second, 0, time.UTC)
}

// AddSeconds moves the hands of the clock, whatever the clocks of any zone do
// meanwhile.
func (w Wall) AddSeconds(seconds int64) Wall {
	return WallOf(w.UTC().Add(time.Duration(seconds) * time.Second))
}

// IsMidnight reports whether w is the beginning of a day.
func (w Wall) IsMidnight() bool { return w.Hour == 0 && w.Minute == 0 && w.Second == 0 }

// NearestMinute is how Bitrix24 saves a reading. The stored numbers keep the
// seconds.
func (w Wall) NearestMinute() Wall {
	moved := w.AddSeconds(30)
	moved.Second = 0
	return moved
}

// WallOf is what a clock in t's own zone shows at t.
func WallOf(t time.Time) Wall {
	y, m, d := t.Date()
	return Wall{Date: Date{Year: y, Month: m, Day: d}, Hour: t.Hour(), Minute: t.Minute(), Second: t.Second()}
}

// Mktime is the instant at which a clock in zone shows w, by PHP's choice: a
// reading that is skipped in spring moves on by the gap, and of a reading that
// comes twice in autumn it takes the first. time.Date promises neither.
func Mktime(w Wall, zone *time.Location) time.Time {
	naive := w.UTC()
	before := naive.Add(-time.Duration(OffsetAt(naive.Add(-24*time.Hour), zone)) * time.Second)
	after := naive.Add(-time.Duration(OffsetAt(naive.Add(24*time.Hour), zone)) * time.Second)
	if WallOf(before.In(zone)) != w && WallOf(after.In(zone)) == w {
		return after.In(zone)
	}
	return before.In(zone)
}

// OffsetAt is how many seconds the clocks of a zone are ahead of UTC at t.
func OffsetAt(t time.Time, zone *time.Location) int {
	_, offset := t.In(zone).Zone()
	return offset
}

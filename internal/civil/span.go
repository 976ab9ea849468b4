package civil

import "time"

// Minute is an instant in whole minutes since 1970-01-01T00:00Z. An int32 holds
// more than four thousand years, in half the memory of a second count.
type Minute int32

// Day is the number of minutes in a day without a clock change.
const Day Minute = 24 * 60

// Span is the half-open interval [Start, End): Start belongs to it, End does not.
// A span with End <= Start is empty.
type Span struct {
	Start, End Minute
}

// Floor returns the minute that t lies in.
func Floor(t time.Time) Minute {
	return Minute(floorDiv(t.Unix(), 60))
}

// Ceil returns the first minute that does not start before t.
func Ceil(t time.Time) Minute {
	m := Floor(t)
	if m.Time().Before(t) {
		m++
	}
	return m
}

// Outward returns the smallest span of whole minutes that contains [start, end).
func Outward(start, end time.Time) Span {
	return Span{Floor(start), Ceil(end)}
}

// Time returns the instant in UTC.
func (m Minute) Time() time.Time { return time.Unix(int64(m)*60, 0).UTC() }

// In returns both ends as a clock in the zone shows them.
func (s Span) In(zone *time.Location) (start, end time.Time) {
	return s.Start.Time().In(zone), s.End.Time().In(zone)
}

// Empty reports whether no instant lies in s.
func (s Span) Empty() bool { return s.End <= s.Start }

// Len returns the length in minutes; 0 for an empty span.
func (s Span) Len() Minute { return max(0, s.End-s.Start) }

// Overlaps reports whether s and t share an instant. Touching is not overlapping.
func (s Span) Overlaps(t Span) bool {
	return s.Start < t.End && t.Start < s.End && !s.Empty() && !t.Empty()
}

// Contains reports whether every instant of t lies in s.
func (s Span) Contains(t Span) bool { return s.Start <= t.Start && t.End <= s.End }

// Clip returns the part of s that lies in t; it may be empty.
func (s Span) Clip(t Span) Span { return Span{max(s.Start, t.Start), min(s.End, t.End)} }

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

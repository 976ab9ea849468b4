package sweep

import (
	"time"

	"slotfinder/internal/span"
)

// Clock translates between instants and the readings of a clock in one zone,
// over the stretch of time it was made for.
//
// A reading is kept as wall time: the minutes from 1970-01-01 00:00 to what the
// clock shows, as if it were UTC. Between two changes of the zone the two
// differ by a constant, so a set of readings becomes a set of instants piece by
// piece. A reading that a change skips becomes nothing, and one that a change
// repeats becomes both instants: an instant belongs to a range of the clock if,
// and only if, the clock shows a time in that range at that instant. This one
// rule holds for days of 23, 23.5, 24 and 25 hours, for zones that skip
// midnight and for one that skipped a whole day.
type Clock struct {
	zone   *time.Location
	pieces []piece
}

// piece is a stretch without a change: wall time = instant + offset.
type piece struct {
	span.Span
	offset span.Minute
}

// NewClock makes a clock of the zone that can be used for instants in over.
func NewClock(zone *time.Location, over span.Span) Clock {
	c := Clock{zone: zone}
	for at := over.Start; at < over.End; {
		t := at.Time().In(zone)
		_, seconds := t.Zone()
		p := piece{span.Span{Start: at, End: over.End}, span.Floor(time.Unix(int64(seconds), 0))}
		switch _, end := t.ZoneBounds(); {
		case end.IsZero():
		case end.After(t):
			p.End = min(p.End, span.Ceil(end))
		default:
			// From 2038 on package time ends a leap year a day early, and that day
			// at its own beginning.
			p.End = min(p.End, at+span.Day)
		}
		c.pieces = append(c.pieces, p)
		at = p.End
	}
	return c
}

// Instants returns the instants at which the clock shows a time in walls.
func (c Clock) Instants(walls span.Set) span.Set {
	var set span.Set
	for _, p := range c.pieces {
		shown := span.Span{Start: p.Start + p.offset, End: p.End + p.offset}
		for _, w := range walls.Clip(shown) {
			set = set.Append(span.Span{Start: w.Start - p.offset, End: w.End - p.offset})
		}
	}
	return set
}

// Instant returns the first instant at which the clock shows so many minutes
// after the day's midnight; false if it never does.
func (c Clock) Instant(d Date, clock int) (span.Minute, bool) {
	wall := d.wall(clock)
	for _, p := range c.pieces {
		if at := wall - p.offset; p.Start <= at && at < p.End {
			return at, true
		}
	}
	return 0, false
}

// Wall returns the reading at the instant m, as wall time.
func (c Clock) Wall(m span.Minute) span.Minute {
	for _, p := range c.pieces {
		if m < p.End {
			return m + p.offset
		}
	}
	return m // later than the clock was made for
}

// Instant returns the first instant at which a clock in the zone shows so many
// minutes after the day's midnight. Where a change of the clock skips that
// reading it returns the instant of the change and false.
func Instant(zone *time.Location, d Date, clock int) (span.Minute, bool) {
	c := NewClock(zone, around(d, d))
	if at, ok := c.Instant(d, clock); ok {
		return at, true
	}
	for _, p := range c.pieces {
		if p.Start+p.offset > d.wall(clock) {
			return p.Start, false
		}
	}
	return d.wall(clock), false // cannot be: around leaves more than a day on either side
}

// around returns instants that contain, in any zone, the days from first to
// last: no zone is farther than 14 hours from UTC, and the longest skip was 24.
func around(first, last Date) span.Span {
	return span.Span{Start: first.Add(-2).wall(0), End: last.Add(3).wall(0)}
}

package civil

import "time"

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
	Pieces []Piece // in order of time, without a gap
}

// Piece is a stretch without a change: wall time = instant + Offset.
type Piece struct {
	Span
	Offset Minute
}

// NewClock makes a clock of the zone that can be used for instants in over.
func NewClock(zone *time.Location, over Span) Clock {
	var c Clock
	for at := over.Start; at < over.End; {
		t := at.Time().In(zone)
		_, seconds := t.Zone()
		p := Piece{Span{Start: at, End: over.End}, Floor(time.Unix(int64(seconds), 0))}
		switch _, end := t.ZoneBounds(); {
		case end.IsZero():
		case end.After(t):
			p.End = min(p.End, Ceil(end))
		default:
			// From 2038 on package time ends a leap year a day early, and that day
			// at its own beginning.
			p.End = min(p.End, at+Day)
		}
		c.Pieces = append(c.Pieces, p)
		at = p.End
	}
	return c
}

// Instants returns the instants at which the clock shows a time in walls.
func (c Clock) Instants(walls Set) Set {
	var set Set
	for _, p := range c.Pieces {
		shown := Span{Start: p.Start + p.Offset, End: p.End + p.Offset}
		for _, w := range walls.Clip(shown) {
			set = set.Append(Span{Start: w.Start - p.Offset, End: w.End - p.Offset})
		}
	}
	return set
}

// Instant returns the first instant at which the clock shows so many minutes
// after the day's midnight; false if it never does.
func (c Clock) Instant(d Date, clock int) (Minute, bool) {
	wall := d.Wall(clock)
	for _, p := range c.Pieces {
		if at := wall - p.Offset; p.Start <= at && at < p.End {
			return at, true
		}
	}
	return 0, false
}

// Wall returns the reading at the instant m, as wall time.
func (c Clock) Wall(m Minute) Minute {
	for _, p := range c.Pieces {
		if m < p.End {
			return m + p.Offset
		}
	}
	return m // later than the clock was made for
}

// Instant returns the first instant at which a clock in the zone shows so many
// minutes after the day's midnight. Where a change of the clock skips that
// reading it returns the instant of the change and false.
func Instant(zone *time.Location, d Date, clock int) (Minute, bool) {
	c := NewClock(zone, Around(d, d))
	if at, ok := c.Instant(d, clock); ok {
		return at, true
	}
	for _, p := range c.Pieces {
		if p.Start+p.Offset > d.Wall(clock) {
			return p.Start, false
		}
	}
	return d.Wall(clock), false // cannot be: Around leaves more than a day on either side
}

// Around returns instants that contain, in any zone, the days from first to
// last: no zone is farther than 14 hours from UTC, and the longest skip was 24.
func Around(first, last Date) Span {
	return Span{Start: first.Add(-2).Wall(0), End: last.Add(3).Wall(0)}
}

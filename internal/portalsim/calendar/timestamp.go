package calendar

import (
	"math"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// endOfTime is when a series without an end of its own ends.
var endOfTime = clock.On(2038, time.January, 1)

// setTimestamps completes a row as Bitrix24 does on saving. It rounds the readings
// to the minute, moves an end before the start to the start, and computes the two
// stored numbers; those of a series tell its last end.
func (c *Calendar) setTimestamps(e *portal.Event) {
	if e.AllDay {
		e.From, e.To = e.From.Date.At(0, 0), e.To.Date.At(0, 0)
	}
	first := c.firstTimes(e)
	if first.fromTS() > first.toTS() {
		e.To, e.ZoneTo = e.From, e.ZoneFrom
		first = c.firstTimes(e)
	}
	e.FromTS, e.ToTS = first.fromTS(), first.toTS()
	if e.Rule != nil {
		e.ToTS = c.seriesEnd(e, first)
	}
	e.From, e.To = e.From.NearestMinute(), e.To.NearestMinute()
}

// ensureTimestamps completes a row that was put into the data directly.
func (c *Calendar) ensureTimestamps(e *portal.Event) {
	if e.FromTS == 0 && e.ToTS == 0 {
		c.setTimestamps(e)
	}
}

// serverTimes is how the server sees an event, or the first instance of a series.
// It takes the readings for times of its own zone and then looks up the offsets of
// the event's zones at these wrong instants. That is why the stored numbers differ
// from Unix time.
type serverTimes struct {
	from, to             int64 // Unix seconds of the readings in the server's zone
	offsetFrom, offsetTo int64 // seconds; 0 for all-day rows
	allDay               bool
}

func (c *Calendar) firstTimes(e *portal.Event) serverTimes {
	from, to := clock.Mktime(e.From, c.Zone()), clock.Mktime(e.To, c.Zone())
	r := serverTimes{from: from.Unix(), to: to.Unix(), allDay: e.AllDay}
	if !e.AllDay {
		r.offsetFrom, r.offsetTo = c.zones.Offset(e.ZoneFrom, from), c.zones.Offset(e.ZoneTo, to)
	}
	return r
}

func (r serverTimes) fromTS() int64 { return r.from - r.offsetFrom }
func (r serverTimes) toTS() int64   { return r.to - r.offsetTo }

// length is DT_LENGTH in seconds; of an all-day row it includes the last day.
func (r serverTimes) length() int64 {
	length := r.toTS() - r.fromTS()
	switch {
	case r.allDay && r.from == r.to:
		return clock.DaySeconds
	case r.allDay:
		length += clock.DaySeconds
	}
	if length < 0 {
		return clock.DaySeconds
	}
	return length
}

// seriesEnd is the stored end of a series.
func (c *Calendar) seriesEnd(e *portal.Event, first serverTimes) int64 {
	if e.Rule.Count > 0 {
		return c.countEnd(e, 0)
	}
	until := e.Rule.Until
	if until.IsZero() {
		until = endOfTime
	}
	end := clock.Mktime(until.At(0, 0), c.Zone()).Unix()
	if end+clock.DaySeconds < first.to {
		end = first.to
	}
	return end + clock.DaySeconds
}

// countEnd is Bitrix24's estimate of when a series with COUNT is over: the first
// end, moved by that many steps on the server's clock and without the event's
// zone. The series is taken to begin shift seconds later than it does.
func (c *Calendar) countEnd(e *portal.Event, shift int64) int64 {
	from := clock.Mktime(e.From, c.Zone()).Unix() + shift
	to := clock.Mktime(e.To, c.Zone()).Unix() + shift
	end := clock.WallOf(time.Unix(to, 0).In(c.Zone()))
	end.Second = 0
	steps := e.Rule.Count * e.Rule.Every()
	switch e.Rule.Freq {
	case "DAILY":
		end.Date = end.Plus(steps)
	case "MONTHLY":
		end.Date = clock.On(end.Year, end.Month+time.Month(steps), end.Day)
	case "YEARLY":
		end.Date = clock.On(end.Year+steps, end.Month, end.Day)
	case "WEEKLY":
		weeks := float64(e.Rule.Count-1) / float64(len(e.Rule.Days()))
		end.Date = end.Plus(int(math.Round(weeks * 7 * float64(e.Rule.Every()))))
		end = end.AddSeconds(to - from)
	}
	return clock.Mktime(end, c.Zone()).Unix()
}

package calendar

import (
	"math"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// endOfTime ends every series without an end of its own.
var endOfTime = clock.On(2038, time.January, 1)

// stamp completes a row as saving it does: the clock readings are rounded to the
// minute, an end before the start becomes the start, and the two stored numbers
// are computed, for a series with the end of the whole series.
func (p *Calendar) stamp(e *portal.Event) {
	if e.AllDay {
		e.From, e.To = e.From.Date.At(0, 0), e.To.Date.At(0, 0)
	}
	first := p.first(e)
	if first.fromTS() > first.toTS() {
		e.To, e.ZoneTo = e.From, e.ZoneFrom
		first = p.first(e)
	}
	e.FromTS, e.ToTS = first.fromTS(), first.toTS()
	if e.Rule != nil {
		e.ToTS = p.seriesEnd(e, first)
	}
	e.From, e.To = e.From.NearestMinute(), e.To.NearestMinute()
}

// ensureStamped completes rows that a seed put into the portal as they are.
func (p *Calendar) ensureStamped(e *portal.Event) {
	if e.FromTS == 0 && e.ToTS == 0 {
		p.stamp(e)
	}
}

// reckoning is how the server sees the one occurrence of an event, or the first
// of a series: clock readings taken for the server's own, and the zones' offsets
// at these (wrong) instants. That is the flaw which makes the stored numbers
// differ from Unix time (calendar fact sheet, section 4.2).
type reckoning struct {
	from, to             int64 // Unix seconds of the readings in the server's zone
	offsetFrom, offsetTo int64 // seconds; 0 for all-day rows
	allDay               bool
}

func (p *Calendar) first(e *portal.Event) reckoning {
	from, to := clock.Mktime(e.From, p.Zone()), clock.Mktime(e.To, p.Zone())
	r := reckoning{from: from.Unix(), to: to.Unix(), allDay: e.AllDay}
	if !e.AllDay {
		r.offsetFrom, r.offsetTo = p.zones.Offset(e.ZoneFrom, from), p.zones.Offset(e.ZoneTo, to)
	}
	return r
}

func (r reckoning) fromTS() int64 { return r.from - r.offsetFrom }
func (r reckoning) toTS() int64   { return r.to - r.offsetTo }

// length is DT_LENGTH in seconds: of an all-day row with its last day.
func (r reckoning) length() int64 {
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

// seriesEnd is the stored end of a series (calendar fact sheet, section 3.1).
func (p *Calendar) seriesEnd(e *portal.Event, first reckoning) int64 {
	if e.Rule.Count > 0 {
		return p.countEnd(e, 0)
	}
	until := e.Rule.Until
	if until.IsZero() {
		until = endOfTime
	}
	end := clock.Mktime(until.At(0, 0), p.Zone()).Unix()
	if end+clock.DaySeconds < first.to {
		end = first.to
	}
	return end + clock.DaySeconds
}

// countEnd is the server's rough idea of when a series with COUNT is over: the
// first end so many steps later, in server time and without the event's zone.
// The series is imagined to begin shift seconds later than it does.
func (p *Calendar) countEnd(e *portal.Event, shift int64) int64 {
	from := clock.Mktime(e.From, p.Zone()).Unix() + shift
	to := clock.Mktime(e.To, p.Zone()).Unix() + shift
	end := clock.WallOf(time.Unix(to, 0).In(p.Zone()))
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
	return clock.Mktime(end, p.Zone()).Unix()
}

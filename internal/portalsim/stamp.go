package portalsim

import (
	"math"
	"time"
)

const daySeconds = 24 * 60 * 60

// endOfTime ends every series without an end of its own.
var endOfTime = On(2038, time.January, 1)

// stamp completes a row as saving it does: the clock readings are rounded to the
// minute, an end before the start becomes the start, and the two stored numbers
// are computed, for a series with the end of the whole series.
func (p *Portal) stamp(e *Event) {
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
	e.From, e.To = e.From.nearestMinute(), e.To.nearestMinute()
}

// ensureStamped completes rows that a seed put into the portal as they are.
func (p *Portal) ensureStamped(e *Event) {
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

func (p *Portal) first(e *Event) reckoning {
	from, to := mktime(e.From, p.zone()), mktime(e.To, p.zone())
	r := reckoning{from: from.Unix(), to: to.Unix(), allDay: e.AllDay}
	if !e.AllDay {
		r.offsetFrom, r.offsetTo = p.zones().offset(e.ZoneFrom, from), p.zones().offset(e.ZoneTo, to)
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
		return daySeconds
	case r.allDay:
		length += daySeconds
	}
	if length < 0 {
		return daySeconds
	}
	return length
}

// seriesEnd is the stored end of a series (calendar fact sheet, section 3.1).
func (p *Portal) seriesEnd(e *Event, first reckoning) int64 {
	if e.Rule.Count > 0 {
		return p.countEnd(e, 0)
	}
	until := e.Rule.Until
	if until.IsZero() {
		until = endOfTime
	}
	end := mktime(until.At(0, 0), p.zone()).Unix()
	if end+daySeconds < first.to {
		end = first.to
	}
	return end + daySeconds
}

// countEnd is the server's rough idea of when a series with COUNT is over: the
// first end so many steps later, in server time and without the event's zone.
// The series is imagined to begin shift seconds later than it does.
func (p *Portal) countEnd(e *Event, shift int64) int64 {
	from := mktime(e.From, p.zone()).Unix() + shift
	to := mktime(e.To, p.zone()).Unix() + shift
	end := wallOf(time.Unix(to, 0).In(p.zone()))
	end.Second = 0
	steps := e.Rule.Count * e.Rule.interval()
	switch e.Rule.Freq {
	case "DAILY":
		end.Date = end.Plus(steps)
	case "MONTHLY":
		end.Date = On(end.Year, end.Month+time.Month(steps), end.Day)
	case "YEARLY":
		end.Date = On(end.Year+steps, end.Month, end.Day)
	case "WEEKLY":
		weeks := float64(e.Rule.Count-1) / float64(len(e.Rule.days()))
		end.Date = end.Plus(int(math.Round(weeks * 7 * float64(e.Rule.interval()))))
		end = end.plus(to - from)
	}
	return mktime(end, p.zone()).Unix()
}

func (r *Rule) interval() int { return max(1, r.Interval) }

// days are the weekdays of a weekly rule; without any it is Monday.
func (r *Rule) days() []time.Weekday {
	if len(r.ByDay) == 0 {
		return []time.Weekday{time.Monday}
	}
	return r.ByDay
}

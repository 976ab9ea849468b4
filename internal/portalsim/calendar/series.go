package calendar

import (
	"math"
	"slices"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// window is the period asked for: Unix seconds of two midnights (or instants)
// in the server's zone, the last day still to be added. Zero leaves that side
// open, which is what an unreadable date does (calendar fact sheet, 1.2).
type window struct{ from, to int64 }

// selects is the SQL condition on the stored numbers. Because they are shifted
// by the server's offset as the window is, the effect is a window of UTC days.
func (w window) selects(fromTS, toTS int64) bool {
	return (w.from == 0 || toTS >= w.from) && (w.to == 0 || fromTS <= w.to+clock.DaySeconds-1)
}

// occurrence is one time an event takes place: clock readings, From in the
// event's ZoneFrom and To in its ZoneTo; of an all-day one To is the last day.
type occurrence struct{ From, To clock.Wall }

// occurrences lists what of e the server finds in w. Changed instances are events
// of their own, so they need no care here.
func (p *Calendar) occurrences(e *portal.Event, w window) []occurrence {
	p.ensureStamped(e)
	if !w.selects(e.FromTS, p.lastTS(e)) {
		return nil
	}
	if e.Rule == nil {
		return []occurrence{{e.From, e.To}}
	}
	return p.expand(e, w)
}

// lastTS is up to when the server looks for instances. The stored end of a
// weekly series with COUNT can be before its last instance; like the other
// estimates this mistake is made on request only.
func (p *Calendar) lastTS(e *portal.Event) int64 {
	if e.Rule != nil && e.Rule.Count > 0 && !p.EstimateBugs {
		return math.MaxInt64
	}
	return e.ToTS
}

// expansion is the state of walking through a series in the server's clock.
type expansion struct {
	event       *portal.Event
	first       reckoning
	from, until int64      // loose bounds on the instances, in server seconds
	start       clock.Wall // where the walk begins; its time of day is kept throughout
	counted     int        // instances before start, towards COUNT
	lastDay     clock.Date // no instance after it; zero = none
	estimated   bool       // with the server's mistakes
}

func (p *Calendar) expand(e *portal.Event, w window) []occurrence {
	x := p.expansion(e, w)
	var found []occurrence
	day := x.start.Date
	for n := 1; ; n++ {
		at := clock.Wall{Date: day, Hour: x.start.Hour, Minute: x.start.Minute, Second: x.start.Second}
		from := clock.Mktime(at, p.Zone())
		if x.over(from.Unix(), day) {
			return found
		}
		if e.Rule.Freq != "WEEKLY" || slices.Contains(e.Rule.Days(), day.Weekday()) {
			x.counted++
			if o, ok := x.occurrence(at, p.Zone()); ok {
				found = append(found, o)
			}
		}
		day = step(e.Rule, x.start.Date, day, n)
	}
}

func (p *Calendar) expansion(e *portal.Event, w window) *expansion {
	first := p.first(e)
	if w.to == 0 {
		w.to = clock.Mktime(endOfTime.At(0, 0), p.Zone()).Unix()
	}
	x := &expansion{
		event: e, first: first,
		from:  max(w.from+first.offsetFrom, e.FromTS),
		until: min(w.to+first.offsetTo+clock.DaySeconds, p.lastTS(e)),
		start: clock.WallOf(time.Unix(first.from, 0).In(p.Zone())),
	}
	if p.EstimateBugs {
		x.estimated = true
		p.estimate(x)
	} else if e.Rule.Count == 0 {
		x.lastDay = e.Rule.Until
	}
	return x
}

// over tells that the walk has left the window, the rule or all reason.
func (x *expansion) over(from int64, day clock.Date) bool {
	rule := x.event.Rule
	return rule.Count > 0 && x.counted >= rule.Count ||
		from > x.until || from < x.first.from-clock.DaySeconds ||
		!x.lastDay.IsZero() && day.Compare(x.lastDay) > 0
}

// occurrence is the instance that begins at that reading, unless it is excluded
// or over a day before the window. A weekly all-day instance is compared with
// the midnight after it, the others with the one before.
func (x *expansion) occurrence(at clock.Wall, server *time.Location) (occurrence, bool) {
	end := at.AddSeconds(x.first.length())
	to := clock.Mktime(end, server)
	if x.first.allDay && x.event.Rule.Freq != "WEEKLY" {
		to = to.Add(-clock.DaySeconds * time.Second)
	}
	if to.Unix() <= x.from-clock.DaySeconds || slices.Contains(x.event.ExDates, at.Date) {
		return occurrence{}, false
	}
	from := clock.WallOf(clock.Mktime(at, server))
	if x.first.allDay {
		return occurrence{from, x.lastDayOf(end, server)}, true
	}
	shift := time.Duration(x.first.offsetFrom-x.first.offsetTo) * time.Second
	return occurrence{from, clock.WallOf(to.Add(-shift))}, true
}

// lastDayOf is the last day of an all-day instance before the midnight end. The
// server goes back 24 hours from it, and on a server with summer time lands a day
// too early when that last day is the spring day of 23 hours.
func (x *expansion) lastDayOf(end clock.Wall, server *time.Location) clock.Wall {
	last := end.Plus(-1)
	if x.estimated {
		last = clock.WallOf(clock.Mktime(end, server).Add(-clock.DaySeconds * time.Second)).Date
	}
	return last.At(0, 0)
}

// step is the day after day on which to look next; n steps were done from start.
// Weeks begin on Monday. A month without the day has it on the 1st of the next.
func step(r *portal.Rule, start, day clock.Date, n int) clock.Date {
	switch r.Freq {
	case "WEEKLY":
		if day.Weekday() == time.Sunday {
			return day.Plus((r.Every()-1)*7 + 1)
		}
		return day.Plus(1)
	case "MONTHLY":
		month := clock.On(start.Year, start.Month+time.Month(n*r.Every()), 1)
		if start.Day > clock.On(month.Year, month.Month+1, 0).Day {
			return clock.On(month.Year, month.Month+1, 1)
		}
		return clock.On(month.Year, month.Month, start.Day)
	case "YEARLY":
		return clock.On(start.Year+n*r.Every(), start.Month, start.Day)
	default:
		return day.Plus(r.Every())
	}
}

// estimate begins the walk where the server believes the first instance of the
// window to be, reckoned with months of 30 and years of 365 days. What goes wrong
// by that is in the calendar fact sheet, section 3.5.
func (p *Calendar) estimate(x *expansion) {
	rule, start := x.event.Rule, x.start
	ahead := func(unit int64) int {
		return int(math.Round(float64(x.from-x.first.from) / float64(unit)))
	}
	whole := func(n int) int { return n - n%rule.Every() }
	switch rule.Freq {
	case "DAILY":
		x.start.Date = start.Plus(whole(ahead(clock.DaySeconds)))
	case "MONTHLY":
		x.start.Date = clock.On(start.Year, start.Month+time.Month(whole(ahead(30*clock.DaySeconds))), start.Day)
	case "YEARLY":
		x.start.Date = clock.On(start.Year+whole(ahead(365*clock.DaySeconds)), start.Month, start.Day)
	case "WEEKLY":
		week := float64(7 * rule.Every())
		days := float64(len(rule.Days()))
		count := math.Round(float64(ahead(clock.DaySeconds))/(days*week) + 1)
		x.start.Date = start.Plus(int(math.Round((count - 1) / days * week)))
	}
	x.counted = p.countedBefore(x)
}

// countedBefore is the server's idea of how many instances lie before the start
// of the walk. It has none for weekly series and starts counting anew.
func (p *Calendar) countedBefore(x *expansion) int {
	units := map[string]int64{"DAILY": clock.DaySeconds, "MONTHLY": 30 * clock.DaySeconds, "YEARLY": 365 * clock.DaySeconds}
	rule := x.event.Rule
	unit, known := units[rule.Freq]
	if rule.Count == 0 || !known {
		return 0
	}
	last := p.countEnd(x.event, 0)
	if !x.event.AllDay {
		last -= x.first.length()
	}
	shift := clock.Mktime(x.start, p.Zone()).Unix() - x.first.from
	return int((p.countEnd(x.event, shift) - last) / (unit * int64(rule.Every())))
}

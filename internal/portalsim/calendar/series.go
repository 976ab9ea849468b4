package calendar

import (
	"math"
	"slices"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// window is the period asked for: Unix seconds of two midnights (or instants) in
// the server's zone; the last day is yet to be added. Zero is no limit on that
// side: Bitrix24 takes a date that it cannot read for none.
type window struct{ from, to int64 }

// selects is the SQL condition on the stored numbers. They are shifted by the
// server's offset like the window itself, so that in effect the window has days in
// UTC.
func (w window) selects(fromTS, toTS int64) bool {
	return (w.from == 0 || toTS >= w.from) && (w.to == 0 || fromTS <= w.to+clock.DaySeconds-1)
}

// occurrence is one time at which an event takes place: From is a reading in the
// event's ZoneFrom, To in its ZoneTo. Of an all-day event To is the last day.
type occurrence struct{ From, To clock.Wall }

// occurrences are those of e that the server finds in w. A changed instance is an
// event of its own and needs no care here.
func (c *Calendar) occurrences(e *portal.Event, w window) []occurrence {
	c.ensureTimestamps(e)
	if !w.selects(e.FromTS, c.lastTimestamp(e)) {
		return nil
	}
	if e.Rule == nil {
		return []occurrence{{e.From, e.To}}
	}
	return c.expand(e, w)
}

// lastTimestamp is how far the server looks for instances. Bitrix24's stored end
// of a weekly series with COUNT may lie before its last instance; that mistake is
// made only with EstimateBugs.
func (c *Calendar) lastTimestamp(e *portal.Event) int64 {
	if e.Rule != nil && e.Rule.Count > 0 && !c.EstimateBugs {
		return math.MaxInt64
	}
	return e.ToTS
}

// expansion is the state of a walk through a series by the server's clock.
type expansion struct {
	event       *portal.Event
	first       serverTimes
	from, until int64      // loose bounds on the instances, in server seconds
	start       clock.Wall // where the walk begins; its time of day is kept throughout
	counted     int        // instances before start, towards COUNT
	lastDay     clock.Date // no instance after it; zero = none
	estimated   bool       // with the server's mistakes
}

func (c *Calendar) expand(e *portal.Event, w window) []occurrence {
	x := c.expansion(e, w)
	var found []occurrence
	day := x.start.Date
	for n := 1; ; n++ {
		at := clock.Wall{Date: day, Hour: x.start.Hour, Minute: x.start.Minute, Second: x.start.Second}
		from := clock.Mktime(at, c.Zone())
		if x.over(from.Unix(), day) {
			return found
		}
		if e.Rule.Freq != "WEEKLY" || slices.Contains(e.Rule.Days(), day.Weekday()) {
			x.counted++
			if o, ok := x.occurrence(at, c.Zone()); ok {
				found = append(found, o)
			}
		}
		day = step(e.Rule, x.start.Date, day, n)
	}
}

func (c *Calendar) expansion(e *portal.Event, w window) *expansion {
	first := c.firstTimes(e)
	if w.to == 0 {
		w.to = clock.Mktime(endOfTime.At(0, 0), c.Zone()).Unix()
	}
	x := &expansion{
		event: e, first: first,
		from:  max(w.from+first.offsetFrom, e.FromTS),
		until: min(w.to+first.offsetTo+clock.DaySeconds, c.lastTimestamp(e)),
		start: clock.WallOf(time.Unix(first.from, 0).In(c.Zone())),
	}
	if c.EstimateBugs {
		x.estimated = true
		c.estimate(x)
	} else if e.Rule.Count == 0 {
		x.lastDay = e.Rule.Until
	}
	return x
}

// over reports that the walk has passed the end of the window or of the series.
// The last condition stops a walk that would begin before the series.
func (x *expansion) over(from int64, day clock.Date) bool {
	rule := x.event.Rule
	return rule.Count > 0 && x.counted >= rule.Count ||
		from > x.until || from < x.first.from-clock.DaySeconds ||
		!x.lastDay.IsZero() && day.Compare(x.lastDay) > 0
}

// occurrence is the instance that begins at that reading, unless it is excluded or
// ends more than a day before the window. A weekly all-day instance is compared by
// the midnight after it, the others by the one before.
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

// lastDayOf is the last day of an all-day instance that ends at the midnight end.
// Bitrix24 goes back 24 hours from there, which is a day too much if that last day
// has 23 hours on the server's clock.
func (x *expansion) lastDayOf(end clock.Wall, server *time.Location) clock.Wall {
	last := end.Plus(-1)
	if x.estimated {
		last = clock.WallOf(clock.Mktime(end, server).Add(-clock.DaySeconds * time.Second)).Date
	}
	return last.At(0, 0)
}

// step is the day to look at after day; n steps were made since start. Weeks begin
// on Monday. A month without the day has the instance on the 1st of the next
// month.
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

// estimate begins the walk where Bitrix24 believes the first instance of the
// window to be. It reckons with months of 30 and years of 365 days, so a monthly
// series may lose an instance, and one of every other week may be off by a week.
func (c *Calendar) estimate(x *expansion) {
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
	x.counted = c.countedBefore(x)
}

// countedBefore is how many instances Bitrix24 believes to lie before the start of
// the walk. For weekly series it starts to count anew.
func (c *Calendar) countedBefore(x *expansion) int {
	units := map[string]int64{"DAILY": clock.DaySeconds, "MONTHLY": 30 * clock.DaySeconds, "YEARLY": 365 * clock.DaySeconds}
	rule := x.event.Rule
	unit, known := units[rule.Freq]
	if rule.Count == 0 || !known {
		return 0
	}
	last := c.countEnd(x.event, 0)
	if !x.event.AllDay {
		last -= x.first.length()
	}
	shift := clock.Mktime(x.start, c.Zone()).Unix() - x.first.from
	return int((c.countEnd(x.event, shift) - last) / (unit * int64(rule.Every())))
}

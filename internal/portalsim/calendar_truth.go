package portalsim

import (
	"slices"
	"time"
)

// TrueSpan is a time somebody is really busy, half-open.
type TrueSpan struct {
	From, To  time.Time // UTC
	Tentative bool      // the event's availability is "quest"
	AllDay    bool      // of whole days in the person's zone
	Absent    bool      // the event says "absent", or it is of the absence chart
	ID        int       // of the user's own row, or of the absence chart's record
}

// TrueBusy tells when the user is really busy between from and to: what a correct
// reader of this portal must find out from its answers. It is computed from the
// model alone, by calendar days, with no part of what renders or expands for
// REST. Spans are cut to the period, sorted by start and may overlap; empty ones
// are left out, as are free, declined and deleted events and those of Google's
// holiday calendars.
//
// Whole days are days in the user's zone; without one in fallback's first, else
// in the server's. Clock readings that a zone skips or repeats are read as PHP
// does; an event whose clock skips all of it begins then and keeps its length. A timed absence is read with the server's clock on its own day.
func (p *Portal) TrueBusy(user int, from, to time.Time, fallback ...*time.Location) []TrueSpan {
	p.mu.Lock()
	defer p.mu.Unlock()
	t := truth{server: p.zone(), home: p.homeOf(user, fallback), from: from, to: to, zones: newZones(p.Zones)}
	for _, e := range p.Events {
		if e.Type == "user" && e.Owner == user && e.blocks() {
			t.event(e)
		}
	}
	if p.AbsenceBlock {
		for _, a := range p.Absences {
			if a.User == user {
				t.absence(a)
			}
		}
	}
	slices.SortStableFunc(t.spans, func(a, b TrueSpan) int { return a.From.Compare(b.From) })
	return t.spans
}

// blocks tells whether the row makes its owner busy.
func (e *Event) blocks() bool {
	return !e.Deleted && !e.Virtual && e.Access != "free" && !(e.Meeting && e.Status == "N")
}

func (p *Portal) homeOf(user int, fallback []*time.Location) *time.Location {
	if u := p.user(user); u != nil && u.Zone != "" {
		return p.zones().get(u.Zone)
	}
	if len(fallback) > 0 {
		return fallback[0]
	}
	return p.zone()
}

// truth collects the true spans of one person.
type truth struct {
	server, home *time.Location
	from, to     time.Time
	zones        *zones
	spans        []TrueSpan
}

func (t *truth) event(e *Event) {
	if e.Rule == nil {
		t.occurrence(e, 0)
		return
	}
	// Two days cover every zone; the event's own length is looked back too.
	before := 2 + e.To.since(e.From.Date)
	first, last := wallOf(t.from.UTC()).Plus(-before), wallOf(t.to.UTC()).Plus(2)
	seen := 0
	for day := e.From.Date; day.compare(last) <= 0; day = day.Plus(1) {
		if e.Rule.Count > 0 && seen >= e.Rule.Count || e.Rule.Count == 0 && e.Rule.endedBefore(day) {
			return
		}
		if !e.Rule.holds(e.From.Date, day) {
			continue
		}
		seen++
		if day.compare(first) >= 0 && !slices.Contains(e.ExDates, day) {
			t.occurrence(e, day.since(e.From.Date))
		}
	}
}

func (r *Rule) endedBefore(day Date) bool {
	return !r.Until.IsZero() && day.compare(r.Until) > 0
}

// holds tells whether a series that began on first takes place on day.
func (r *Rule) holds(first, day Date) bool {
	every := max(1, r.Interval)
	switch r.Freq {
	case "WEEKLY":
		monday := func(d Date) Date { return d.Plus(-(int(d.Weekday()) + 6) % 7) }
		weeks := monday(day).since(monday(first)) / 7
		weekdays := r.ByDay
		if len(weekdays) == 0 {
			weekdays = []time.Weekday{time.Monday}
		}
		return weeks%every == 0 && slices.Contains(weekdays, day.Weekday())
	case "MONTHLY":
		months := (day.Year-first.Year)*12 + int(day.Month-first.Month)
		return months%every == 0 && day.Day == first.Day ||
			(months-1)%every == 0 && day.Day == 1 && first.Day > day.Plus(-1).Day
	case "YEARLY":
		return (day.Year-first.Year)%every == 0 && On(day.Year, first.Month, first.Day) == day
	default:
		return day.since(first)%every == 0
	}
}

// occurrence adds the event as it is so many days after its first time.
func (t *truth) occurrence(e *Event, days int) {
	span := TrueSpan{Tentative: e.Access == "quest", Absent: e.Access == "absent", AllDay: e.AllDay, ID: e.ID}
	if e.AllDay {
		span.From = mktime(e.From.Plus(days).At(0, 0), t.home)
		span.To = mktime(e.To.Plus(days+1).At(0, 0), t.home)
	} else {
		from, to := e.From, e.To
		from.Date, to.Date = from.Plus(days), to.Plus(days)
		span.From, span.To = t.stretch(from, t.zones.get(e.ZoneFrom), to, t.zones.get(e.ZoneTo))
	}
	t.add(span)
}

// stretch is the time of an event from one clock reading to another. One that begins
// or ends in an hour that its clock skips has the length of its readings all the same,
// where the instants would leave it none.
func (t *truth) stretch(from Wall, fromZone *time.Location, to Wall, toZone *time.Location) (start, end time.Time) {
	start, end = mktime(from, fromZone), mktime(to, toZone)
	skipped := wallOf(start.In(fromZone)) != from || wallOf(end.In(toZone)) != to
	if end.After(start) || !skipped {
		return start, end
	}
	dayBefore := func(w Wall, zone *time.Location) int64 {
		return w.utc().Unix() - int64(offsetAt(w.utc().Add(-24*time.Hour), zone))
	}
	length := dayBefore(to, toZone) - dayBefore(from, fromZone)
	return start, start.Add(time.Duration(max(length, 0)) * time.Second)
}

func (t *truth) absence(a *Absence) {
	span := TrueSpan{Absent: true, AllDay: !a.Timed, ID: a.ID}
	if a.Timed {
		span.From, span.To = mktime(a.From, t.server), mktime(a.To, t.server)
	} else {
		span.From = mktime(a.From.Date.At(0, 0), t.home)
		span.To = mktime(a.To.Date.Plus(1).At(0, 0), t.home)
	}
	t.add(span)
}

func (t *truth) add(span TrueSpan) {
	if span.From.Before(t.from) {
		span.From = t.from
	}
	if span.To.After(t.to) {
		span.To = t.to
	}
	if span.From.Before(span.To) {
		span.From, span.To = span.From.UTC(), span.To.UTC()
		t.spans = append(t.spans, span)
	}
}

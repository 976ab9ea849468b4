package truth

import (
	"slices"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// Span is a time at which somebody is really busy, half-open.
type Span struct {
	From, To  time.Time // UTC
	Tentative bool      // the event's availability is "quest"
	AllDay    bool      // of whole days in the person's zone
	Absent    bool      // the event says "absent", or it is of the absence chart
	ID        int       // of the user's own row, or of the absence chart's record
}

// Busy tells when the user is really busy between from and to: what a correct
// reader of this portal must find out from its answers. It is computed from the
// model alone, by calendar days, with no part of what renders or expands for
// REST. Spans are cut to the period, sorted by start and may overlap; empty ones
// are left out, as are free, declined and deleted events and those of Google's
// holiday calendars.
//
// Whole days are days in the user's zone; without one in fallback's first, else
// in the server's. Clock readings that a zone skips or repeats are read as PHP
// does; an event whose clock skips all of it begins then and keeps its length. A timed absence is read with the server's clock on its own day.
func Busy(p *portal.Portal, user int, from, to time.Time, fallback ...*time.Location) []Span {
	p.Lock()
	defer p.Unlock()
	t := truth{server: p.Zone(), from: from, to: to, zones: clock.NewZoneCache(p.Zones)}
	t.home = t.homeOf(p, user, fallback)
	for _, e := range p.Events {
		if e.Type == "user" && e.Owner == user && blocks(e) {
			t.addEvent(e)
		}
	}
	if p.AbsenceBlock {
		for _, a := range p.Absences {
			if a.User == user {
				t.addAbsence(a)
			}
		}
	}
	slices.SortStableFunc(t.spans, func(a, b Span) int { return a.From.Compare(b.From) })
	return t.spans
}

// blocks reports whether the row makes its owner busy.
func blocks(e *portal.Event) bool {
	return !e.Deleted && !e.Virtual && e.Access != "free" && !(e.Meeting && e.Status == "N")
}

func (t *truth) homeOf(p *portal.Portal, user int, fallback []*time.Location) *time.Location {
	if u := p.User(user); u != nil && u.Zone != "" {
		return t.zones.Get(u.Zone)
	}
	if len(fallback) > 0 {
		return fallback[0]
	}
	return p.Zone()
}

// truth collects the spans of one person.
type truth struct {
	server, home *time.Location
	from, to     time.Time
	zones        *clock.ZoneCache
	spans        []Span
}

func (t *truth) addEvent(e *portal.Event) {
	if e.Rule == nil {
		t.addOccurrence(e, 0)
		return
	}
	// Two days cover every zone; the event's own length is looked back too.
	before := 2 + e.To.Since(e.From.Date)
	first, last := clock.WallOf(t.from.UTC()).Plus(-before), clock.WallOf(t.to.UTC()).Plus(2)
	seen := 0
	for day := e.From.Date; day.Compare(last) <= 0; day = day.Plus(1) {
		if e.Rule.Count > 0 && seen >= e.Rule.Count || e.Rule.Count == 0 && endedBefore(e.Rule, day) {
			return
		}
		if !occursOn(e.Rule, e.From.Date, day) {
			continue
		}
		seen++
		if day.Compare(first) >= 0 && !slices.Contains(e.ExDates, day) {
			t.addOccurrence(e, day.Since(e.From.Date))
		}
	}
}

func endedBefore(r *portal.Rule, day clock.Date) bool {
	return !r.Until.IsZero() && day.Compare(r.Until) > 0
}

// occursOn reports whether a series that began on first takes place on day.
func occursOn(r *portal.Rule, first, day clock.Date) bool {
	every := max(1, r.Interval)
	switch r.Freq {
	case "WEEKLY":
		monday := func(d clock.Date) clock.Date { return d.Plus(-(int(d.Weekday()) + 6) % 7) }
		weeks := monday(day).Since(monday(first)) / 7
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
		return (day.Year-first.Year)%every == 0 && clock.On(day.Year, first.Month, first.Day) == day
	default:
		return day.Since(first)%every == 0
	}
}

// addOccurrence adds the event as it is that many days after its first time.
func (t *truth) addOccurrence(e *portal.Event, days int) {
	span := Span{Tentative: e.Access == "quest", Absent: e.Access == "absent", AllDay: e.AllDay, ID: e.ID}
	if e.AllDay {
		span.From = clock.Mktime(e.From.Plus(days).At(0, 0), t.home)
		span.To = clock.Mktime(e.To.Plus(days+1).At(0, 0), t.home)
	} else {
		from, to := e.From, e.To
		from.Date, to.Date = from.Plus(days), to.Plus(days)
		span.From, span.To = t.instants(from, t.zones.Get(e.ZoneFrom), to, t.zones.Get(e.ZoneTo))
	}
	t.add(span)
}

// instants are the start and the end of an event by its readings. If an event
// begins or ends in an hour that its clock skips, the instants may leave it no
// length; then it gets the length between its readings.
func (t *truth) instants(from clock.Wall, fromZone *time.Location, to clock.Wall, toZone *time.Location) (start, end time.Time) {
	start, end = clock.Mktime(from, fromZone), clock.Mktime(to, toZone)
	skipped := clock.WallOf(start.In(fromZone)) != from || clock.WallOf(end.In(toZone)) != to
	if end.After(start) || !skipped {
		return start, end
	}
	dayBefore := func(w clock.Wall, zone *time.Location) int64 {
		return w.UTC().Unix() - int64(clock.OffsetAt(w.UTC().Add(-24*time.Hour), zone))
	}
	length := dayBefore(to, toZone) - dayBefore(from, fromZone)
	return start, start.Add(time.Duration(max(length, 0)) * time.Second)
}

func (t *truth) addAbsence(a *portal.Absence) {
	span := Span{Absent: true, AllDay: !a.Timed, ID: a.ID}
	if a.Timed {
		span.From, span.To = clock.Mktime(a.From, t.server), clock.Mktime(a.To, t.server)
	} else {
		span.From = clock.Mktime(a.From.Date.At(0, 0), t.home)
		span.To = clock.Mktime(a.To.Date.Plus(1).At(0, 0), t.home)
	}
	t.add(span)
}

func (t *truth) add(span Span) {
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

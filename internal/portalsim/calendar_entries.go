package portalsim

import (
	"cmp"
	"slices"
	"strconv"
	"time"
)

// entries are what calendar.accessibility.get says of one person: the calendar
// rows in no order anybody asked for, then the records of the absence chart.
func (p *Portal) entries(viewer *User, owner int, w window, now time.Time) []obj {
	r := &renderer{p: p, viewer: viewer}
	list := []obj{}
	for _, e := range p.busyRows(viewer, owner) {
		for _, o := range p.occurrences(e, w) {
			list = append(list, r.entry(e, o, p.sightOfRow(viewer, e)))
		}
	}
	if !p.AbsenceBlock {
		return list
	}
	for _, a := range p.Absences {
		if a.User == owner && p.absenceIn(a, w) {
			list = append(list, r.absence(a, now))
		}
	}
	return list
}

// busyRows are the owner's rows that calendar.accessibility.get counts and viewer
// may know of, in an order as a database gives them that was not asked for one:
// always the same, and not that of IDs or dates.
func (p *Portal) busyRows(viewer *User, owner int) []*Event {
	var rows []*Event
	for _, e := range p.Events {
		declined := e.Meeting && e.Status == "N"
		busy := !e.Deleted && !e.Virtual && !declined && e.Access != "free"
		if busy && e.Type == "user" && e.Owner == owner && p.sightOfRow(viewer, e) != seesNothing {
			rows = append(rows, e)
		}
	}
	place := func(e *Event) uint32 { return uint32(e.ID) * 2654435761 }
	slices.SortStableFunc(rows, func(a, b *Event) int { return cmp.Compare(place(a), place(b)) })
	return rows
}

// renderer writes rows for one token.
type renderer struct {
	p      *Portal
	viewer *User
}

// entry is one time of an event in the shape of the calendar fact sheet, section
// 2.1. The stored numbers are those of the row, which for a series is the whole
// of it.
func (r *renderer) entry(e *Event, o occurrence, s sight) obj {
	offsetFrom, offsetTo := r.userOffsets(e, o)
	culture, dateOnly := r.p.Culture, e.AllDay && e.Rule != nil
	return obj{
		{"ID", strconv.Itoa(e.ID)},
		{"NAME", r.p.visibleName(e, s)},
		{"DATE_FROM", culture.writeEither(o.From, dateOnly)},
		{"DATE_TO", culture.writeEither(o.To, dateOnly)},
		{"DATE_FROM_TS_UTC", strconv.FormatInt(e.FromTS, 10)},
		{"DATE_TO_TS_UTC", strconv.FormatInt(e.ToTS, 10)},
		{"~USER_OFFSET_FROM", offsetFrom},
		{"~USER_OFFSET_TO", offsetTo},
		{"DT_SKIP_TIME", yesNo(e.AllDay)},
		{"TZ_FROM", orNull(e.ZoneFrom)},
		{"TZ_TO", orNull(e.ZoneTo)},
		{"ACCESSIBILITY", e.Access},
		{"IMPORTANCE", e.Importance},
		{"EVENT_TYPE", orNull(e.Kind)},
	}
}

// userOffsets are the differences between the event's zones and that of the
// token's user in seconds, taken at the clock reading as if it were the server's.
func (r *renderer) userOffsets(e *Event, o occurrence) (from, to int64) {
	if e.AllDay {
		return 0, 0
	}
	start := mktime(o.From, r.p.zone())
	end := start.Add(time.Duration(r.p.first(e).length()) * time.Second)
	mine := r.p.zoneName(r.viewer)
	from = r.p.zones().offset(e.ZoneFrom, start) - r.p.zones().offset(mine, start)
	to = r.p.zones().offset(e.ZoneTo, end) - r.p.zones().offset(mine, end)
	return from, to
}

// zoneName is the user's effective calendar zone: his own or the server's.
func (p *Portal) zoneName(u *User) string {
	if u.Zone != "" {
		return u.Zone
	}
	return p.zone().String()
}

// absenceIn is the period filter of the absence chart, on the server's clock.
func (p *Portal) absenceIn(a *Absence, w window) bool {
	from, to := mktime(a.From, p.zone()).Unix(), mktime(a.To, p.zone()).Unix()
	if !a.Timed {
		from = mktime(a.From.Date.At(0, 0), p.zone()).Unix()
		to = mktime(a.To.Date.At(0, 0), p.zone()).Unix()
	}
	return (w.from == 0 || to >= w.from) && (w.to == 0 || from < w.to+daySeconds-1)
}

// absence is a record of the absence chart, a shape of its own (calendar fact
// sheet, section 2.7). FROM and TO are the written readings taken for server
// time, and true only if the token's user lives by it.
func (r *renderer) absence(a *Absence, now time.Time) obj {
	from, fromDateOnly := r.absenceReading(a, a.From, now)
	to, toDateOnly := r.absenceReading(a, a.To, now)
	return obj{
		{"FROM_HR", true},
		{"ID", strconv.Itoa(a.ID)},
		{"DT_FROM", r.p.Culture.writeEither(from, fromDateOnly)},
		{"DT_TO", r.p.Culture.writeEither(to, toDateOnly)},
		{"ACCESSIBILITY", "absent"},
		{"IMPORTANCE", "normal"},
		{"FROM", mktime(from, r.p.zone()).Unix()},
		{"TO", mktime(to, r.p.zone()).Unix()},
	}
}

// absenceReading is a stored reading as shown to the token's user: a bare date at
// midnight, otherwise moved by what his clock is ahead of the server's today.
func (r *renderer) absenceReading(a *Absence, stored Wall, now time.Time) (shown Wall, dateOnly bool) {
	if !a.Timed || stored.midnight() {
		return stored.Date.At(0, 0), true
	}
	ahead := r.p.zones().offset(r.p.zoneName(r.viewer), now) - int64(offsetAt(now, r.p.zone()))
	return stored.plus(ahead), false
}

func yesNo(yes bool) string {
	if yes {
		return "Y"
	}
	return "N"
}

// orNull is nil for "": a column without a value.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

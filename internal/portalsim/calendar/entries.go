package calendar

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// entries are what calendar.accessibility.get tells of one person: the calendar
// rows, unsorted, then the records of the absence chart.
func (c *Calendar) entries(viewer *portal.User, owner int, w window, now time.Time) []php.Array {
	r := &renderer{calendar: c, viewer: viewer}
	list := []php.Array{}
	for _, e := range c.busyRows(viewer, owner) {
		for _, o := range c.occurrences(e, w) {
			list = append(list, r.entry(e, o, c.accessToRow(viewer, e)))
		}
	}
	if !c.AbsenceBlock {
		return list
	}
	for _, a := range c.Absences {
		if a.User == owner && c.absenceIn(a, w) {
			list = append(list, r.absence(a, now))
		}
	}
	return list
}

// busyRows are the owner's rows that make them busy and that viewer may know of.
// Their order is always the same, but neither that of IDs nor that of dates, as it
// may be in a database that was not asked to sort.
func (c *Calendar) busyRows(viewer *portal.User, owner int) []*portal.Event {
	var rows []*portal.Event
	for _, e := range c.Events {
		declined := e.Meeting && e.Status == "N"
		busy := !e.Deleted && !e.Virtual && !declined && e.Access != "free"
		if busy && e.Type == "user" && e.Owner == owner && c.accessToRow(viewer, e) != seesNothing {
			rows = append(rows, e)
		}
	}
	place := func(e *portal.Event) uint32 { return uint32(e.ID) * 2654435761 }
	slices.SortStableFunc(rows, func(a, b *portal.Event) int { return cmp.Compare(place(a), place(b)) })
	return rows
}

// renderer writes rows as the user of one token sees them.
type renderer struct {
	calendar *Calendar
	viewer   *portal.User
}

// entry is one occurrence of an event. The stored numbers are those of the row; in
// a series they belong to the whole series.
func (r *renderer) entry(e *portal.Event, o occurrence, s accessLevel) php.Array {
	offsetFrom, offsetTo := r.userOffsets(e, o)
	culture, dateOnly := r.calendar.Culture, e.AllDay && e.Rule != nil
	return php.Array{
		{"ID", strconv.Itoa(e.ID)},
		{"NAME", r.calendar.visibleName(e, s)},
		{"DATE_FROM", culture.WriteEither(o.From, dateOnly)},
		{"DATE_TO", culture.WriteEither(o.To, dateOnly)},
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

// userOffsets are the differences in seconds between the event's zones and the
// zone of the token's user. As in Bitrix24 they are taken at the instant at which
// the server's clock, not the event's, shows the reading.
func (r *renderer) userOffsets(e *portal.Event, o occurrence) (from, to int64) {
	if e.AllDay {
		return 0, 0
	}
	start := clock.Mktime(o.From, r.calendar.Zone())
	end := start.Add(time.Duration(r.calendar.firstTimes(e).length()) * time.Second)
	mine := r.calendar.zoneName(r.viewer)
	from = r.calendar.zones.Offset(e.ZoneFrom, start) - r.calendar.zones.Offset(mine, start)
	to = r.calendar.zones.Offset(e.ZoneTo, end) - r.calendar.zones.Offset(mine, end)
	return from, to
}

// zoneName is the zone of a user's calendar: their own, or else the server's.
func (c *Calendar) zoneName(u *portal.User) string {
	if u.Zone != "" {
		return u.Zone
	}
	return c.Zone().String()
}

// absenceIn is the period filter of the absence chart, on the server's clock.
func (c *Calendar) absenceIn(a *portal.Absence, w window) bool {
	from, to := clock.Mktime(a.From, c.Zone()).Unix(), clock.Mktime(a.To, c.Zone()).Unix()
	if !a.Timed {
		from = clock.Mktime(a.From.Date.At(0, 0), c.Zone()).Unix()
		to = clock.Mktime(a.To.Date.At(0, 0), c.Zone()).Unix()
	}
	return (w.from == 0 || to >= w.from) && (w.to == 0 || from < w.to+clock.DaySeconds-1)
}

// absence is a record of the absence chart, which has other keys than an event.
// FROM and TO are the written readings taken for server time: they are right only
// if the token's user lives in the server's zone.
func (r *renderer) absence(a *portal.Absence, now time.Time) php.Array {
	from, fromDateOnly := r.absenceReading(a, a.From, now)
	to, toDateOnly := r.absenceReading(a, a.To, now)
	return php.Array{
		{"FROM_HR", true},
		{"ID", strconv.Itoa(a.ID)},
		{"DT_FROM", r.calendar.Culture.WriteEither(from, fromDateOnly)},
		{"DT_TO", r.calendar.Culture.WriteEither(to, toDateOnly)},
		{"ACCESSIBILITY", "absent"},
		{"IMPORTANCE", "normal"},
		{"FROM", clock.Mktime(from, r.calendar.Zone()).Unix()},
		{"TO", clock.Mktime(to, r.calendar.Zone()).Unix()},
	}
}

// absenceReading is a stored reading as the token's user sees it: a bare date at
// midnight, otherwise shifted by the difference that their clock and the server's
// have today.
func (r *renderer) absenceReading(a *portal.Absence, stored clock.Wall, now time.Time) (shown clock.Wall, dateOnly bool) {
	if !a.Timed || stored.IsMidnight() {
		return stored.Date.At(0, 0), true
	}
	ahead := r.calendar.zones.Offset(r.calendar.zoneName(r.viewer), now) - int64(clock.OffsetAt(now, r.calendar.Zone()))
	return stored.AddSeconds(ahead), false
}

func yesNo(yes bool) string {
	if yes {
		return "Y"
	}
	return "N"
}

// orNull is nil for "", which stands for a column without a value.
func orNull(s string) any {
	if s == "" {
		return nil
	}
	return s
}

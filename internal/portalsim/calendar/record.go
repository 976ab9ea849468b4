package calendar

import (
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// record is an event as calendar.event.get and getbyid tell it. The simulator does
// not keep when a row was made or changed; those fields are null.
func (r *renderer) record(e *portal.Event, o occurrence) php.Array {
	first := r.calendar.firstTimes(e)
	dateOnly := e.AllDay && e.Rule != nil && o != (occurrence{e.From, e.To})
	notes := r.calendar.details[e.ID]
	rec := php.Array{
		{"ID", strconv.Itoa(e.ID)},
		{"PARENT_ID", strconv.Itoa(e.Parent)},
		{"DELETED", yesNo(e.Deleted)},
		{"CAL_TYPE", e.Type},
		{"OWNER_ID", ownerID(e)},
		{"NAME", e.Name},
		{"DATE_FROM", r.calendar.Culture.WriteEither(o.From, dateOnly)},
		{"DATE_TO", r.calendar.Culture.WriteEither(o.To, dateOnly)},
		{"ORIGINAL_DATE_FROM", nil},
		{"TZ_FROM", orNull(e.ZoneFrom)},
		{"TZ_TO", orNull(e.ZoneTo)},
		{"TZ_OFFSET_FROM", strconv.FormatInt(first.offsetFrom, 10)},
		{"TZ_OFFSET_TO", strconv.FormatInt(first.offsetTo, 10)},
		{"DATE_FROM_TS_UTC", strconv.FormatInt(e.FromTS, 10)},
		{"DATE_TO_TS_UTC", strconv.FormatInt(e.ToTS, 10)},
		{"DT_SKIP_TIME", yesNo(e.AllDay)},
		{"DT_LENGTH", first.length()},
		{"EVENT_TYPE", orNull(e.Kind)},
		{"CREATED_BY", strconv.Itoa(e.Creator)},
		{"DATE_CREATE", nil},
		{"TIMESTAMP_X", nil},
		{"DESCRIPTION", notes.description},
		{"PRIVATE_EVENT", oneOrEmpty(e.Private)},
		{"ACCESSIBILITY", e.Access},
		{"IMPORTANCE", e.Importance},
		{"IS_MEETING", e.Meeting},
		{"MEETING_STATUS", statusOf(e)},
		{"MEETING_HOST", strconv.Itoa(r.calendar.hostOf(e))},
		{"MEETING", r.calendar.meetingOf(e)},
		{"LOCATION", e.Location},
		{"REMIND", notes.reminders()},
		{"COLOR", notes.color},
		{"RRULE", r.calendar.ruleOf(e)},
		{"EXDATE", r.calendar.exDates(e)},
	}
	return append(rec, r.recordEnd(e, o)...)
}

// recordEnd is the part of the record after its dates and rules.
func (r *renderer) recordEnd(e *portal.Event, o occurrence) php.Array {
	list, codes, entities := r.calendar.attendeeList(e)
	offsetFrom, offsetTo := r.userOffsets(e, o)
	section := strconv.Itoa(e.Section)
	notes := r.calendar.details[e.ID]
	return php.Array{
		{"VERSION", "1"},
		{"ATTENDEES_CODES", codes},
		{"RECURRENCE_ID", nil},
		{"RELATIONS", ""},
		{"SECTION_ID", section},
		{"SYNC_STATUS", nil},
		{"UF_CRM_CAL_EVENT", notes.links()},
		{"UF_WEBDAV_CAL_EVENT", false},
		{"SECTION_DAV_XML_ID", nil},
		{"DATE_FROM_FORMATTED", clock.WriteEnglish(o.From, e.AllDay)},
		{"DATE_TO_FORMATTED", clock.WriteEnglish(o.To, e.AllDay)},
		{"SECT_ID", section},
		{"ATTENDEE_LIST", list},
		{"COLLAB_ID", nil},
		{"attendeesEntityList", entities},
		{"~DESCRIPTION", notes.description},
		{"~USER_OFFSET_FROM", offsetFrom},
		{"~USER_OFFSET_TO", offsetTo},
	}
}

// masked removes from a record what the viewer may not read. Other than in answers
// about availability, owners see their own private events.
func (r *renderer) masked(rec php.Array, e *portal.Event) php.Array {
	s := r.calendar.accessToRow(r.viewer, e)
	mine := e.Type == "user" && e.Owner == r.viewer.ID || e.Creator == r.viewer.ID
	if e.Private && !mine {
		s = seesTime
	}
	if s == seesAll {
		return rec
	}
	name := r.calendar.mask(e.Access)
	if s == seesTitle {
		name = e.Name + " " + name
	}
	hidden := []string{"DESCRIPTION", "~DESCRIPTION", "LOCATION", "REMIND", "ATTENDEE_LIST", "ATTENDEES_CODES", "attendeesEntityList", "UF_CRM_CAL_EVENT", "UF_WEBDAV_CAL_EVENT"}
	rec = slices.DeleteFunc(rec, func(f php.Field) bool { return slices.Contains(hidden, f.Key) })
	return rec.With("NAME", name).With("IS_ACCESSIBLE_TO_USER", false)
}

func ownerID(e *portal.Event) string {
	if e.Type == "location" || e.Type == "company_calendar" {
		return "0"
	}
	return strconv.Itoa(e.Owner)
}

func statusOf(e *portal.Event) string {
	if e.Status == "" {
		return "H"
	}
	return e.Status
}

// hostOf is the organiser: as given, else the owner of the parent row.
func (c *Calendar) hostOf(e *portal.Event) int {
	parent := c.Parent(e)
	if host := c.details[parent.ID].host; host != 0 {
		return host
	}
	if parent.Type == "user" {
		return parent.Owner
	}
	return parent.Creator
}

// meetingOf are the flags of a meeting; a plain event has none of them set.
func (c *Calendar) meetingOf(e *portal.Event) php.Array {
	host := c.hostOf(e)
	flags := c.details[c.Parent(e).ID].meeting
	return php.Array{
		{"HOST_NAME", c.nameOf(host)},
		{"NOTIFY", flags.Filled("notify")},
		{"REINVITE", false},
		{"ALLOW_INVITE", flags.Filled("allow_invite")},
		{"HIDE_GUESTS", flags.Filled("hide_guests")},
		{"MEETING_CREATOR", c.Parent(e).Creator},
		{"LANGUAGE_ID", c.Lang},
		{"MAIL_FROM", ""},
	}
}

// attendeeList names everybody in the meeting with the ID of their own row, which
// is the ID that calendar.accessibility.get tells.
func (c *Calendar) attendeeList(e *portal.Event) (list []php.Array, codes []string, entities []php.Array) {
	list, codes, entities = []php.Array{}, []string{}, []php.Array{}
	if !e.Meeting {
		return list, codes, entities
	}
	parent := c.Parent(e)
	rows := c.children(parent)
	if parent.Type == "user" {
		rows = append([]*portal.Event{parent}, rows...)
	}
	for _, row := range rows {
		list = append(list, php.Array{{"id", row.Owner}, {"entryId", strconv.Itoa(row.ID)}, {"status", statusOf(row)}})
		codes = append(codes, "U"+strconv.Itoa(row.Owner))
		entities = append(entities, php.Array{{"entityId", "user"}, {"id", row.Owner}})
	}
	return list, codes, entities
}

// ruleOf is the recurrence, "" for an event that does not recur.
func (c *Calendar) ruleOf(e *portal.Event) any {
	if e.Rule == nil {
		return ""
	}
	rule := php.Array{{"FREQ", e.Rule.Freq}, {"INTERVAL", e.Rule.Every()}}
	if e.Rule.Freq == "WEEKLY" {
		var days php.Array
		for _, d := range e.Rule.Days() {
			name := dayCodes[d]
			days = days.With(name, name)
		}
		rule = rule.With("BYDAY", days)
	}
	if e.Rule.Count > 0 {
		rule = rule.With("COUNT", e.Rule.Count)
	}
	until, shown := e.Rule.Until, any(c.Culture.WriteDay(e.Rule.Until))
	if until.IsZero() {
		until, shown = endOfTime, ""
	}
	return append(rule,
		php.Field{"UNTIL", c.Culture.WriteDay(until)},
		php.Field{"~UNTIL", shown},
		php.Field{"UNTIL_TS", until.At(0, 0).UTC().Unix()})
}

// dayCodes are the days of the week from Sunday on.
var dayCodes = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func weekdayOf(code string) (time.Weekday, bool) {
	i := slices.Index(dayCodes[:], strings.ToUpper(strings.TrimSpace(code)))
	return time.Weekday(max(i, 0)), i >= 0
}

func (c *Calendar) exDates(e *portal.Event) string {
	dates := make([]string, len(e.ExDates))
	for i, d := range e.ExDates {
		dates[i] = c.Culture.WriteDay(d)
	}
	return strings.Join(dates, ";")
}

func oneOrEmpty(set bool) string {
	if set {
		return "1"
	}
	return ""
}

package portalsim

import (
	"slices"
	"strconv"
	"strings"
	"time"
)

// record is an event as calendar.event.get and getbyid tell it (calendar fact
// sheet, section 6.6). When it was made and changed is not part of the model;
// those fields are null.
func (r *renderer) record(e *Event, o occurrence) obj {
	first := r.p.first(e)
	dateOnly := e.AllDay && e.Rule != nil && o != (occurrence{e.From, e.To})
	notes := r.p.state.calendar.notes[e.ID]
	rec := obj{
		{"ID", strconv.Itoa(e.ID)},
		{"PARENT_ID", strconv.Itoa(e.Parent)},
		{"DELETED", yesNo(e.Deleted)},
		{"CAL_TYPE", e.Type},
		{"OWNER_ID", e.ownerID()},
		{"NAME", e.Name},
		{"DATE_FROM", r.p.Culture.writeEither(o.From, dateOnly)},
		{"DATE_TO", r.p.Culture.writeEither(o.To, dateOnly)},
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
		{"MEETING_STATUS", e.statusOr("H")},
		{"MEETING_HOST", strconv.Itoa(r.p.hostOf(e))},
		{"MEETING", r.p.meetingOf(e)},
		{"LOCATION", e.Location},
		{"REMIND", notes.reminders()},
		{"COLOR", notes.color},
		{"RRULE", r.p.ruleOf(e)},
		{"EXDATE", r.p.exDates(e)},
	}
	return append(rec, r.recordEnd(e, o)...)
}

// recordEnd is the part of the record after its dates and rules.
func (r *renderer) recordEnd(e *Event, o occurrence) obj {
	list, codes, entities := r.p.attendeeList(e)
	offsetFrom, offsetTo := r.userOffsets(e, o)
	section := strconv.Itoa(e.Section)
	notes := r.p.state.calendar.notes[e.ID]
	return obj{
		{"VERSION", "1"},
		{"ATTENDEES_CODES", codes},
		{"RECURRENCE_ID", nil},
		{"RELATIONS", ""},
		{"SECTION_ID", section},
		{"SYNC_STATUS", nil},
		{"UF_CRM_CAL_EVENT", notes.links()},
		{"UF_WEBDAV_CAL_EVENT", false},
		{"SECTION_DAV_XML_ID", nil},
		{"DATE_FROM_FORMATTED", writeEnglish(o.From, e.AllDay)},
		{"DATE_TO_FORMATTED", writeEnglish(o.To, e.AllDay)},
		{"SECT_ID", section},
		{"ATTENDEE_LIST", list},
		{"COLLAB_ID", nil},
		{"attendeesEntityList", entities},
		{"~DESCRIPTION", notes.description},
		{"~USER_OFFSET_FROM", offsetFrom},
		{"~USER_OFFSET_TO", offsetTo},
	}
}

// masked takes out of a record what somebody without full sight must not read.
// Unlike in accessibility answers the owner sees his own private events.
func (r *renderer) masked(rec obj, e *Event) obj {
	s := r.p.sightOfRow(r.viewer, e)
	mine := e.Type == "user" && e.Owner == r.viewer.ID || e.Creator == r.viewer.ID
	if e.Private && !mine {
		s = seesTime
	}
	if s == seesAll {
		return rec
	}
	name := r.p.mask(e.Access)
	if s == seesTitle {
		name = e.Name + " " + name
	}
	hidden := []string{"DESCRIPTION", "~DESCRIPTION", "LOCATION", "REMIND", "ATTENDEE_LIST", "ATTENDEES_CODES", "attendeesEntityList", "UF_CRM_CAL_EVENT", "UF_WEBDAV_CAL_EVENT"}
	rec = slices.DeleteFunc(rec, func(f field) bool { return slices.Contains(hidden, f.key) })
	return rec.with("NAME", name).with("IS_ACCESSIBLE_TO_USER", false)
}

func (e *Event) ownerID() string {
	if e.Type == "location" || e.Type == "company_calendar" {
		return "0"
	}
	return strconv.Itoa(e.Owner)
}

func (e *Event) statusOr(otherwise string) string {
	if e.Status == "" {
		return otherwise
	}
	return e.Status
}

// hostOf is the organiser: as given, else the owner of the parent row.
func (p *Portal) hostOf(e *Event) int {
	parent := p.parent(e)
	if host := p.state.calendar.notes[parent.ID].host; host != 0 {
		return host
	}
	if parent.Type == "user" {
		return parent.Owner
	}
	return parent.Creator
}

// meetingOf are the flags of a meeting; a plain event has them all unset.
func (p *Portal) meetingOf(e *Event) obj {
	host := p.hostOf(e)
	flags := p.state.calendar.notes[p.parent(e).ID].meeting
	return obj{
		{"HOST_NAME", p.nameOf(host)},
		{"NOTIFY", flags.filled("notify")},
		{"REINVITE", false},
		{"ALLOW_INVITE", flags.filled("allow_invite")},
		{"HIDE_GUESTS", flags.filled("hide_guests")},
		{"MEETING_CREATOR", p.parent(e).Creator},
		{"LANGUAGE_ID", p.Lang},
		{"MAIL_FROM", ""},
	}
}

// attendeeList names everybody in the meeting with his own row: the way to know
// which accessibility entries are this meeting (calendar fact sheet, 4.7).
func (p *Portal) attendeeList(e *Event) (list []obj, codes []string, entities []obj) {
	list, codes, entities = []obj{}, []string{}, []obj{}
	if !e.Meeting {
		return list, codes, entities
	}
	parent := p.parent(e)
	rows := p.children(parent)
	if parent.Type == "user" {
		rows = append([]*Event{parent}, rows...)
	}
	for _, row := range rows {
		list = append(list, obj{{"id", row.Owner}, {"entryId", strconv.Itoa(row.ID)}, {"status", row.statusOr("H")}})
		codes = append(codes, "U"+strconv.Itoa(row.Owner))
		entities = append(entities, obj{{"entityId", "user"}, {"id", row.Owner}})
	}
	return list, codes, entities
}

// ruleOf is the recurrence, or "" of a one-off event.
func (p *Portal) ruleOf(e *Event) any {
	if e.Rule == nil {
		return ""
	}
	rule := obj{{"FREQ", e.Rule.Freq}, {"INTERVAL", e.Rule.interval()}}
	if e.Rule.Freq == "WEEKLY" {
		var days obj
		for _, d := range e.Rule.days() {
			name := dayCodes[d]
			days = days.with(name, name)
		}
		rule = rule.with("BYDAY", days)
	}
	if e.Rule.Count > 0 {
		rule = rule.with("COUNT", e.Rule.Count)
	}
	until, shown := e.Rule.Until, any(p.Culture.WriteDay(e.Rule.Until))
	if until.IsZero() {
		until, shown = endOfTime, ""
	}
	return append(rule,
		field{"UNTIL", p.Culture.WriteDay(until)},
		field{"~UNTIL", shown},
		field{"UNTIL_TS", until.At(0, 0).utc().Unix()})
}

// dayCodes are the days of the week from Sunday on.
var dayCodes = [7]string{"SU", "MO", "TU", "WE", "TH", "FR", "SA"}

func weekdayOf(code string) (time.Weekday, bool) {
	i := slices.Index(dayCodes[:], strings.ToUpper(strings.TrimSpace(code)))
	return time.Weekday(max(i, 0)), i >= 0
}

func (p *Portal) exDates(e *Event) string {
	dates := make([]string, len(e.ExDates))
	for i, d := range e.ExDates {
		dates[i] = p.Culture.WriteDay(d)
	}
	return strings.Join(dates, ";")
}

func oneOrEmpty(set bool) string {
	if set {
		return "1"
	}
	return ""
}

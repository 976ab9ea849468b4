package portalsim

import (
	"regexp"
	"slices"
	"strings"
	"time"
)

// eventAdd is calendar.event.add (calendar fact sheet, section 6.1). Nobody's
// conflicts are checked, and the answer is the parent row's ID as a bare number.
func eventAdd(c *call) (result, error) {
	const name = "calendar.event.add"
	from, fromOK := c.reading("from")
	to, toOK := c.reading("to")
	if !fromOK {
		return result{}, missing("from", name)
	}
	if !toOK {
		return result{}, missing("to", name)
	}
	if err := c.checkEvent(name); err != nil {
		return result{}, err
	}
	e := &Event{Type: c.params.str("type"), Owner: c.params.num("ownerId"), Creator: c.user.ID}
	if err := c.checkSection(e); err != nil {
		return result{}, err
	}
	e.From, e.To = from.wall, to.wall
	c.setZones(e, from, to)
	c.fill(e)
	done := c.portal.add(e, c.attendees())
	c.note(e)
	c.portal.announceBy(c.user.ID, done)
	return result{value: e.ID}, nil
}

// checkEvent are the checks of the parameters beside the times.
func (c *call) checkEvent(method string) error {
	if err := required(c, method, "name"); err != nil {
		return err
	}
	if !c.params.has("ownerId") {
		return missing("ownerId", method)
	}
	if err := required(c, method, "type"); err != nil {
		return err
	}
	if c.params.has("auto_detect_section") && c.params.str("auto_detect_section") != "Y" {
		if err := required(c, method, "section"); err != nil {
			return err
		}
	}
	return c.checkTexts()
}

func (c *call) checkTexts() error {
	for _, param := range []string{"name", "description"} {
		if v, _ := c.params.get(param); v != nil {
			if _, text := v.(string); !text {
				return badRequest(`Invalid value for parameter "` + param + `"`)
			}
		}
	}
	return nil
}

// checkSection applies the section's rights. Without a section nothing is asked,
// as in Bitrix24.
func (c *call) checkSection(e *Event) error {
	section := c.params.num("section")
	if section == 0 {
		return nil
	}
	if section != sectionOf(e.Type, e.Owner) {
		return badRequest("CAL_REST_SECTION_ERROR")
	}
	if !c.portal.mayEdit(c.user, e.Type, e.Owner) {
		return badRequest(c.portal.words().denied)
	}
	e.Section = section
	return nil
}

// reading is a time parameter as it will be stored. A zoned one carried an offset
// or a zone of its own, which makes Bitrix24 forget the zone parameters.
type reading struct {
	wall  Wall
	zoned bool
}

// ownZone is how Bitrix24 recognises that a time has a zone, by its end only. A
// date such as 14-06-2026 is taken for one with an offset.
var ownZone = regexp.MustCompile(`(?:[+-]\d{2}:?\d{2}|Z|[A-Z][A-Za-z]+/[A-Za-z_/]+)$`)

// reading reads a time in one of the three forms of the calendar fact sheet,
// section 6.1: a clock reading as it is; an instant, moved to the user's clock by
// what it is ahead of the server's today; or a Unix timestamp in server time.
func (c *call) reading(name string) (reading, bool) {
	if c.params.has(name) {
		t, ok := c.instant(name)
		r := reading{wall: wallOf(t)}
		if ownZone.MatchString(c.params.str(name)) {
			user := c.portal.zones().offset(c.portal.zoneName(c.user), c.now)
			r.zoned = true
			r.wall = r.wall.plus(user - int64(offsetAt(c.now, c.portal.zone())))
		}
		return r, ok
	}
	stamp := name + "_ts"
	if !c.params.filled(stamp) {
		return reading{}, false
	}
	t := time.Unix(int64(c.params.num(stamp)), 0).In(c.portal.zone())
	return reading{wall: wallOf(t).nearestMinute()}, true
}

// setZones labels a timed event; an all-day one keeps whatever it had.
func (c *call) setZones(e *Event, from, to reading) {
	e.AllDay = c.params.str("skip_time") == "Y"
	if e.AllDay {
		return
	}
	e.ZoneFrom = c.portal.zoneName(c.user)
	e.ZoneTo = e.ZoneFrom
	if zone := c.params.str("timezone_from"); zone != "" && !from.zoned {
		e.ZoneFrom = c.zoneOr(zone)
		e.ZoneTo = e.ZoneFrom
		if zone := c.params.str("timezone_to"); zone != "" && !to.zoned {
			e.ZoneTo = c.zoneOr(zone)
		}
	}
}

// zoneOr is the zone, or silently the server's when PHP does not list it.
func (c *call) zoneOr(name string) string {
	if c.portal.zones().listed(name) {
		return name
	}
	return c.portal.zone().String()
}

// fill takes over the parameters that add and update share.
func (c *call) fill(e *Event) {
	set := func(param string, to *string) {
		if c.params.has(param) {
			*to = strings.TrimSpace(c.params.str(param))
		}
	}
	set("name", &e.Name)
	set("location", &e.Location)
	set("accessibility", &e.Access)
	set("importance", &e.Importance)
	e.Access, e.Importance = strings.ToLower(e.Access), strings.ToLower(e.Importance)
	if c.params.has("private_event") {
		e.Private = c.params.str("private_event") == "Y"
	}
	if c.params.has("is_meeting") {
		e.Meeting = c.params.str("is_meeting") == "Y"
	}
	if c.params.has("rrule") {
		e.Rule = c.rule(c.params.sub("rrule"))
	}
}

// attendees are the plain ints of the list; "U12" is 0 and invites nobody. nil
// means: not asked for. A meeting without a list is one with an empty list.
func (c *call) attendees() []int {
	if c.params.str("is_meeting") != "Y" {
		return nil
	}
	items, _ := c.params.items("attendees")
	users := []int{}
	for _, v := range items {
		if id := phpInt(v); id != 0 && !slices.Contains(users, id) {
			users = append(users, id)
		}
	}
	return users
}

// rule reads a recurrence; nil without a frequency Bitrix24 knows.
func (c *call) rule(sent params) *Rule {
	r := &Rule{Freq: sent.str("FREQ"), Interval: max(1, sent.num("INTERVAL")), Count: max(0, sent.num("COUNT"))}
	if !slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, r.Freq) {
		return nil
	}
	if r.Freq == "WEEKLY" {
		r.ByDay = weekdays(sent)
	}
	if t, ok := strtotime(sent.str("UNTIL"), c.now, c.portal.zone(), c.portal.zones()); ok && sent.filled("UNTIL") {
		r.Until = wallOf(t.In(c.portal.zone())).Date
	}
	return r
}

func weekdays(sent params) []time.Weekday {
	codes, isArray := sent.items("BYDAY")
	if !isArray {
		for code := range strings.SplitSeq(sent.str("BYDAY"), ",") {
			codes = append(codes, code)
		}
	}
	var days []time.Weekday
	for _, code := range codes {
		if day, ok := weekdayOf(phpString(code)); ok {
			days = append(days, day)
		}
	}
	return days
}

// note keeps the parts of the event that its row has no place for.
func (c *call) note(e *Event) {
	state := &c.portal.state.calendar
	if state.notes == nil {
		state.notes = map[int]notes{}
	}
	n := state.notes[e.ID]
	if c.params.has("description") {
		n.description = strings.TrimSpace(c.params.str("description"))
	}
	if c.params.has("color") {
		n.color = c.params.str("color")
	}
	if c.params.has("meeting") {
		n.meeting = c.params.sub("meeting")
	}
	if v, sent := c.params.get("remind"); sent {
		n.remind = v
	}
	if v, sent := c.params.get("crm_fields"); sent {
		n.crm = v
	}
	if e.Meeting && n.host == 0 {
		n.host = c.host(e)
	}
	state.notes[e.ID] = n
}

// host is the organiser: as sent, else the calendar's owner, else the caller.
func (c *call) host(e *Event) int {
	switch {
	case c.params.num("host") != 0:
		return c.params.num("host")
	case e.Type == "user" && e.Owner != 0:
		return e.Owner
	}
	return c.user.ID
}

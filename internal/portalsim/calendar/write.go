package calendar

import (
	"regexp"
	"slices"
	"strings"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// eventAdd is calendar.event.add. Like Bitrix24 it checks nobody's conflicts. The
// answer is the ID of the parent row as a bare number.
func eventAdd(c *call) (rest.Result, error) {
	const name = "calendar.event.add"
	from, fromOK := c.timeParam("from")
	to, toOK := c.timeParam("to")
	if !fromOK {
		return rest.Result{}, missing("from", name)
	}
	if !toOK {
		return rest.Result{}, missing("to", name)
	}
	if err := c.checkEvent(name); err != nil {
		return rest.Result{}, err
	}
	e := &portal.Event{Type: c.Params.Text("type"), Owner: c.Params.Int("ownerId"), Creator: c.User.ID}
	if err := c.checkSection(e); err != nil {
		return rest.Result{}, err
	}
	e.From, e.To = from.wall, to.wall
	c.setZones(e, from, to)
	c.fill(e)
	done := c.calendar.add(e, c.attendees())
	c.noteDetails(e)
	c.calendar.notifyAs(c.User.ID, done)
	return rest.Result{Value: e.ID}, nil
}

// checkEvent are the checks of the parameters beside the times.
func (c *call) checkEvent(method string) error {
	if err := required(c, method, "name"); err != nil {
		return err
	}
	if !c.Params.Has("ownerId") {
		return missing("ownerId", method)
	}
	if err := required(c, method, "type"); err != nil {
		return err
	}
	if c.Params.Has("auto_detect_section") && c.Params.Text("auto_detect_section") != "Y" {
		if err := required(c, method, "section"); err != nil {
			return err
		}
	}
	return c.checkTexts()
}

func (c *call) checkTexts() error {
	for _, param := range []string{"name", "description"} {
		if v, _ := c.Params.Get(param); v != nil {
			if _, text := v.(string); !text {
				return fault.BadRequest(`Invalid value for parameter "` + param + `"`)
			}
		}
	}
	return nil
}

// checkSection checks the rights on a section. Without a section Bitrix24 checks
// nothing.
func (c *call) checkSection(e *portal.Event) error {
	section := c.Params.Int("section")
	if section == 0 {
		return nil
	}
	if section != portal.SectionOf(e.Type, e.Owner) {
		return fault.BadRequest("CAL_REST_SECTION_ERROR")
	}
	if !c.calendar.mayEdit(c.User, e.Type, e.Owner) {
		return fault.BadRequest(c.calendar.texts().denied)
	}
	e.Section = section
	return nil
}

// timeParam is a time parameter as it will be stored. zoned says that the text
// itself has an offset or a zone; then Bitrix24 ignores the parameters for zones.
type timeParam struct {
	wall  clock.Wall
	zoned bool
}

// ownZone is how Bitrix24 recognises a time with a zone: by its end alone. It
// takes the year of 14-06-2026 for an offset.
var ownZone = regexp.MustCompile(`(?:[+-]\d{2}:?\d{2}|Z|[A-Z][A-Za-z]+/[A-Za-z_/]+)$`)

// timeParam reads a time in one of its three forms. A reading stays as it is; an
// instant is moved to the user's clock by the offset that they have today; a Unix
// timestamp becomes server time.
func (c *call) timeParam(name string) (timeParam, bool) {
	if c.Params.Has(name) {
		t, ok := c.instant(name)
		r := timeParam{wall: clock.WallOf(t)}
		if ownZone.MatchString(c.Params.Text(name)) {
			user := c.calendar.zones.Offset(c.calendar.zoneName(c.User), c.Now)
			r.zoned = true
			r.wall = r.wall.AddSeconds(user - int64(clock.OffsetAt(c.Now, c.calendar.Zone())))
		}
		return r, ok
	}
	stamp := name + "_ts"
	if !c.Params.Filled(stamp) {
		return timeParam{}, false
	}
	t := time.Unix(int64(c.Params.Int(stamp)), 0).In(c.calendar.Zone())
	return timeParam{wall: clock.WallOf(t).NearestMinute()}, true
}

// setZones sets the zones of a timed event; an all-day event keeps those it has.
func (c *call) setZones(e *portal.Event, from, to timeParam) {
	e.AllDay = c.Params.Text("skip_time") == "Y"
	if e.AllDay {
		return
	}
	e.ZoneFrom = c.calendar.zoneName(c.User)
	e.ZoneTo = e.ZoneFrom
	if zone := c.Params.Text("timezone_from"); zone != "" && !from.zoned {
		e.ZoneFrom = c.zoneOr(zone)
		e.ZoneTo = e.ZoneFrom
		if zone := c.Params.Text("timezone_to"); zone != "" && !to.zoned {
			e.ZoneTo = c.zoneOr(zone)
		}
	}
}

// zoneOr is the zone with that name, or silently the server's if PHP does not list
// it.
func (c *call) zoneOr(name string) string {
	if c.calendar.zones.Listed(name) {
		return name
	}
	return c.calendar.Zone().String()
}

// fill takes over the parameters that add and update have in common.
func (c *call) fill(e *portal.Event) {
	set := func(param string, to *string) {
		if c.Params.Has(param) {
			*to = strings.TrimSpace(c.Params.Text(param))
		}
	}
	set("name", &e.Name)
	set("location", &e.Location)
	set("accessibility", &e.Access)
	set("importance", &e.Importance)
	e.Access, e.Importance = strings.ToLower(e.Access), strings.ToLower(e.Importance)
	if c.Params.Has("private_event") {
		e.Private = c.Params.Text("private_event") == "Y"
	}
	if c.Params.Has("is_meeting") {
		e.Meeting = c.Params.Text("is_meeting") == "Y"
	}
	if c.Params.Has("rrule") {
		e.Rule = c.rule(c.Params.Sub("rrule"))
	}
}

// attendees are the numbers in the list; "U12" counts as 0 and invites nobody. nil
// means that the call is not about attendees. A meeting without a list has an
// empty one.
func (c *call) attendees() []int {
	if c.Params.Text("is_meeting") != "Y" {
		return nil
	}
	items, _ := c.Params.Items("attendees")
	users := []int{}
	for _, v := range items {
		if id := php.Int(v); id != 0 && !slices.Contains(users, id) {
			users = append(users, id)
		}
	}
	return users
}

// rule reads a recurrence, nil without a frequency that Bitrix24 knows.
func (c *call) rule(sent php.Params) *portal.Rule {
	r := &portal.Rule{Freq: sent.Text("FREQ"), Interval: max(1, sent.Int("INTERVAL")), Count: max(0, sent.Int("COUNT"))}
	if !slices.Contains([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}, r.Freq) {
		return nil
	}
	if r.Freq == "WEEKLY" {
		r.ByDay = weekdays(sent)
	}
	if t, ok := clock.Strtotime(sent.Text("UNTIL"), c.Now, c.calendar.Zone(), c.calendar.zones); ok && sent.Filled("UNTIL") {
		r.Until = clock.WallOf(t.In(c.calendar.Zone())).Date
	}
	return r
}

func weekdays(sent php.Params) []time.Weekday {
	codes, isArray := sent.Items("BYDAY")
	if !isArray {
		for code := range strings.SplitSeq(sent.Text("BYDAY"), ",") {
			codes = append(codes, code)
		}
	}
	var days []time.Weekday
	for _, code := range codes {
		if day, ok := weekdayOf(php.Text(code)); ok {
			days = append(days, day)
		}
	}
	return days
}

// noteDetails keeps the parts of the event for which its row has no place.
func (c *call) noteDetails(e *portal.Event) {
	n := c.calendar.details[e.ID]
	if c.Params.Has("description") {
		n.description = strings.TrimSpace(c.Params.Text("description"))
	}
	if c.Params.Has("color") {
		n.color = c.Params.Text("color")
	}
	if c.Params.Has("meeting") {
		n.meeting = c.Params.Sub("meeting")
	}
	if v, sent := c.Params.Get("remind"); sent {
		n.remind = v
	}
	if v, sent := c.Params.Get("crm_fields"); sent {
		n.crm = v
	}
	if e.Meeting && n.host == 0 {
		n.host = c.host(e)
	}
	c.calendar.details[e.ID] = n
}

// host is the organiser: the one sent, else the owner of the calendar, else the
// caller.
func (c *call) host(e *portal.Event) int {
	switch {
	case c.Params.Int("host") != 0:
		return c.Params.Int("host")
	case e.Type == "user" && e.Owner != 0:
		return e.Owner
	}
	return c.User.ID
}

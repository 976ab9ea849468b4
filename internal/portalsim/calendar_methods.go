package portalsim

import (
	"fmt"
	"strconv"
	"time"
)

// calendarState is what the calendar remembers while a portal is served, beyond
// the portal's rows. Guarded by the portal's mu.
type calendarState struct {
	notes   map[int]notes // by ID of the parent row
	zones   *zones
	changed func(kind string, ids []int)
}

// notes are the parts of an event that no free/busy reckoning needs.
type notes struct {
	description string
	color       string
	host        int    // the organiser given by the caller; 0 = the owner
	meeting     params // flags as sent
	remind      any
	crm         any
}

func (n notes) reminders() any {
	if n.remind == nil {
		return []string{}
	}
	return n.remind
}

func (n notes) links() any {
	if n.crm == nil {
		return false
	}
	return n.crm
}

// calendarMethods are the REST methods of the calendar, by lower-case name.
func calendarMethods() map[string]method {
	table := map[string]method{}
	for name, run := range map[string]func(*call) (result, error){
		"calendar.accessibility.get":     accessibilityGet,
		"calendar.event.add":             eventAdd,
		"calendar.event.update":          eventUpdate,
		"calendar.event.delete":          eventDelete,
		"calendar.event.get":             eventGet,
		"calendar.event.getbyid":         eventGetByID,
		"calendar.section.get":           sectionGet,
		"calendar.settings.get":          settingsGet,
		"calendar.user.settings.get":     userSettingsGet,
		"calendar.meeting.status.set":    statusSet,
		"calendar.meeting.status.get":    statusGet,
		"calendar.meeting.params.set":    paramsSet,
		"calendar.resource.list":         resourceList,
		"calendar.resource.booking.list": bookingList,
	} {
		table[name] = method{scope: "calendar", run: run}
	}
	return table
}

// OnCalendarChange has f called after every change of calendar rows with the name
// of the REST event and the rows' IDs, a meeting's parent last. Answers to
// invitations are no change. f runs while the portal is locked and must not call
// its methods. It replaces an earlier f; call it after Sim.AddPortal.
func (p *Portal) OnCalendarChange(f func(kind string, ids []int)) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.calendar.changed = f
}

// announce tells of a change that nobody in particular made.
func (p *Portal) announce(done change) { p.announceBy(0, done) }

// announceBy tells the portal's event handlers and the hook. mu is held.
func (p *Portal) announceBy(user int, done change) {
	if f := p.state.calendar.changed; f != nil {
		f(done.kind, done.ids)
	}
	if p.sim == nil {
		return
	}
	for _, id := range done.ids {
		p.emit(done.kind, obj{{"id", strconv.Itoa(id)}}, user)
	}
}

// missing is the calendar's complaint about a required parameter.
func missing(param, method string) *restError {
	return badRequest(fmt.Sprintf("The required parameter %q for the method %q is not set", param, method))
}

// required complains about the first of the parameters that PHP finds empty: 0,
// "0" and an empty list count as not set.
func required(c *call, method string, names ...string) error {
	for _, name := range names {
		if !c.params.filled(name) {
			return missing(name, method)
		}
	}
	return nil
}

// employeesOnly turns guests away.
func employeesOnly(c *call) error {
	if !c.user.employee() {
		return badRequest(c.portal.words().denied)
	}
	return nil
}

// accessibilityGet is calendar.accessibility.get (calendar fact sheet, section 1).
func accessibilityGet(c *call) (result, error) {
	if err := employeesOnly(c); err != nil {
		return result{}, err
	}
	if err := required(c, "calendar.accessibility.get", "from", "to", "users"); err != nil {
		return result{}, err
	}
	w := window{c.day("from"), c.day("to")}
	var answer obj
	users, _ := c.params.items("users") // of a scalar there are none: nobody is busy
	for _, v := range users {
		id := phpInt(v)
		if id == 0 {
			continue
		}
		answer = answer.with(strconv.Itoa(id), c.portal.entries(c.user, id, w, c.now))
	}
	return result{value: answer}, nil
}

// day is the midnight in the server's zone of a date parameter as Unix seconds.
// Its time of day is thrown away. What is no date is 0: no limit on that side.
func (c *call) day(name string) int64 {
	t, ok := c.instant(name)
	if !ok {
		return 0
	}
	return mktime(wallOf(t).Date.At(0, 0), c.portal.zone()).Unix()
}

// instant reads a date parameter, in the server's zone.
func (c *call) instant(name string) (time.Time, bool) {
	v, _ := c.params.get(name)
	if _, array := phpItems(v); array || v == nil {
		return time.Time{}, false
	}
	t, ok := strtotime(phpString(v), c.now, c.portal.zone(), c.portal.zones())
	return t.In(c.portal.zone()), ok
}

// resourceList is calendar.resource.list. The model has no resources.
func resourceList(c *call) (result, error) {
	return result{value: []obj{}}, employeesOnly(c)
}

// bookingList is calendar.resource.booking.list. With no resources there are no
// bookings, but the filter is checked.
func bookingList(c *call) (result, error) {
	if err := employeesOnly(c); err != nil {
		return result{}, err
	}
	filter := c.params.sub("filter")
	if !filter.filled("resourceTypeIdList") && !filter.filled("resourceIdList") {
		return result{}, missing("filter['resourceTypeIdList']", "calendar.resource.booking.list")
	}
	return result{value: []obj{}}, nil
}

// statusSet is calendar.meeting.status.set: it acts for the token's user and is
// always content, whatever the event.
func statusSet(c *call) (result, error) {
	if err := required(c, "calendar.meeting.status.set", "eventId", "status"); err != nil {
		return result{}, err
	}
	status := c.params.str("status")
	if status != "Y" && status != "N" && status != "Q" {
		return result{}, badRequest(`Invalid value for parameter "status"`)
	}
	c.portal.answer(c.user.ID, c.params.num("eventId"), status)
	return result{value: true}, nil
}

// statusGet is calendar.meeting.status.get: the answer of the token's user, null
// when he is not invited.
func statusGet(c *call) (result, error) {
	if err := required(c, "calendar.meeting.status.get", "eventId"); err != nil {
		return result{}, err
	}
	e := c.portal.row(c.params.num("eventId"))
	if e == nil || !e.Meeting {
		return result{}, badRequest("Event not found")
	}
	parent := c.portal.parent(e)
	for _, row := range append(c.portal.children(parent), parent) {
		if row.Type == "user" && row.Owner == c.user.ID {
			return result{value: row.statusOr("H")}, nil
		}
	}
	return result{}, nil
}

// paramsSet is calendar.meeting.params.set, which never works.
func paramsSet(c *call) (result, error) {
	return result{}, badRequest(c.portal.words().denied)
}

package calendar

import (
	"fmt"
	"strconv"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// Calendar is the calendar of a portal: what Bitrix24 does with its rows, and what
// it remembers beyond them.
type Calendar struct {
	*portal.Portal
	notes   map[int]notes // by ID of the parent row
	zones   *clock.ZoneCache
	changed func(kind string, ids []int)
}

// New keeps the calendar of a portal.
func New(p *portal.Portal) *Calendar {
	return &Calendar{Portal: p, notes: map[int]notes{}, zones: clock.NewZoneCache(p.Zones)}
}

// notes are the parts of an event that no free/busy reckoning needs.
type notes struct {
	description string
	color       string
	host        int        // the organiser given by the caller; 0 = the owner
	meeting     php.Params // flags as sent
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

// call is a call of one of the methods below.
type call struct {
	*rest.Call
	portal *Calendar
}

// Methods are the REST methods of the calendar, by lower-case name.
func (p *Calendar) Methods() map[string]rest.Method {
	table := map[string]rest.Method{}
	for name, run := range map[string]func(*call) (rest.Result, error){
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
		table[name] = rest.Method{Scope: "calendar", Run: func(c *rest.Call) (rest.Result, error) { return run(&call{c, p}) }}
	}
	return table
}

// OnChange has f called after every change of calendar rows with the name of the
// REST event and the rows' IDs, a meeting's parent last. Answers to invitations are
// no change. f runs while the portal is locked and must not call its methods. It
// replaces an earlier f.
func (p *Calendar) OnChange(f func(kind string, ids []int)) {
	p.Lock()
	defer p.Unlock()
	p.changed = f
}

// announce tells of a change that nobody in particular made.
func (p *Calendar) announce(done change) { p.announceBy(0, done) }

// announceBy tells the portal's event handlers and the hook. The portal is locked.
func (p *Calendar) announceBy(user int, done change) {
	if f := p.changed; f != nil {
		f(done.kind, done.ids)
	}
	if p.Notify == nil {
		return
	}
	for _, id := range done.ids {
		p.Notify(done.kind, php.Array{{"id", strconv.Itoa(id)}}, user)
	}
}

// missing is the calendar's complaint about a required parameter.
func missing(param, method string) *fault.Error {
	return fault.BadRequest(fmt.Sprintf("The required parameter %q for the method %q is not set", param, method))
}

// required complains about the first of the parameters that PHP finds empty: 0,
// "0" and an empty list count as not set.
func required(c *call, method string, names ...string) error {
	for _, name := range names {
		if !c.Params.Filled(name) {
			return missing(name, method)
		}
	}
	return nil
}

// employeesOnly turns guests away.
func employeesOnly(c *call) error {
	if !c.User.Employee() {
		return fault.BadRequest(c.portal.words().denied)
	}
	return nil
}

// accessibilityGet is calendar.accessibility.get (calendar fact sheet, section 1).
func accessibilityGet(c *call) (rest.Result, error) {
	if err := employeesOnly(c); err != nil {
		return rest.Result{}, err
	}
	if err := required(c, "calendar.accessibility.get", "from", "to", "users"); err != nil {
		return rest.Result{}, err
	}
	w := window{c.day("from"), c.day("to")}
	var answer php.Array
	users, _ := c.Params.Items("users") // of a scalar there are none: nobody is busy
	for _, v := range users {
		id := php.Int(v)
		if id == 0 {
			continue
		}
		answer = answer.With(strconv.Itoa(id), c.portal.entries(c.User, id, w, c.Now))
	}
	return rest.Result{Value: answer}, nil
}

// day is the midnight in the server's zone of a date parameter as Unix seconds.
// Its time of day is thrown away. What is no date is 0: no limit on that side.
func (c *call) day(name string) int64 {
	t, ok := c.instant(name)
	if !ok {
		return 0
	}
	return clock.Mktime(clock.WallOf(t).Date.At(0, 0), c.portal.Zone()).Unix()
}

// instant reads a date parameter, in the server's zone.
func (c *call) instant(name string) (time.Time, bool) {
	v, _ := c.Params.Get(name)
	if _, array := php.Items(v); array || v == nil {
		return time.Time{}, false
	}
	t, ok := clock.Strtotime(php.Text(v), c.Now, c.portal.Zone(), c.portal.zones)
	return t.In(c.portal.Zone()), ok
}

// resourceList is calendar.resource.list. The model has no resources.
func resourceList(c *call) (rest.Result, error) {
	return rest.Result{Value: []php.Array{}}, employeesOnly(c)
}

// bookingList is calendar.resource.booking.list. With no resources there are no
// bookings, but the filter is checked.
func bookingList(c *call) (rest.Result, error) {
	if err := employeesOnly(c); err != nil {
		return rest.Result{}, err
	}
	filter := c.Params.Sub("filter")
	if !filter.Filled("resourceTypeIdList") && !filter.Filled("resourceIdList") {
		return rest.Result{}, missing("filter['resourceTypeIdList']", "calendar.resource.booking.list")
	}
	return rest.Result{Value: []php.Array{}}, nil
}

// statusSet is calendar.meeting.status.set: it acts for the token's user and is
// always content, whatever the event.
func statusSet(c *call) (rest.Result, error) {
	if err := required(c, "calendar.meeting.status.set", "eventId", "status"); err != nil {
		return rest.Result{}, err
	}
	status := c.Params.Text("status")
	if status != "Y" && status != "N" && status != "Q" {
		return rest.Result{}, fault.BadRequest(`Invalid value for parameter "status"`)
	}
	c.portal.answer(c.User.ID, c.Params.Int("eventId"), status)
	return rest.Result{Value: true}, nil
}

// statusGet is calendar.meeting.status.get: the answer of the token's user, null
// when he is not invited.
func statusGet(c *call) (rest.Result, error) {
	if err := required(c, "calendar.meeting.status.get", "eventId"); err != nil {
		return rest.Result{}, err
	}
	e := c.portal.Row(c.Params.Int("eventId"))
	if e == nil || !e.Meeting {
		return rest.Result{}, fault.BadRequest("Event not found")
	}
	parent := c.portal.Parent(e)
	for _, row := range append(c.portal.children(parent), parent) {
		if row.Type == "user" && row.Owner == c.User.ID {
			return rest.Result{Value: statusOf(row)}, nil
		}
	}
	return rest.Result{}, nil
}

// paramsSet is calendar.meeting.params.set, which never works.
func paramsSet(c *call) (rest.Result, error) {
	return rest.Result{}, fault.BadRequest(c.portal.words().denied)
}

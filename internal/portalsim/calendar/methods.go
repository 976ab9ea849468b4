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

// Calendar is the calendar of a portal: its rows, and what Bitrix24 remembers of
// them beyond the rows.
type Calendar struct {
	*portal.Portal
	details map[int]details // by ID of the parent row
	zones   *clock.ZoneCache
	changed func(kind string, ids []int)
}

// New keeps the calendar of a portal.
func New(p *portal.Portal) *Calendar {
	return &Calendar{Portal: p, details: map[int]details{}, zones: clock.NewZoneCache(p.LoadZone)}
}

// details are the parts of an event that do not matter for who is busy when.
type details struct {
	description string
	color       string
	host        int        // the organiser given by the caller; 0 = the owner
	meeting     php.Params // flags as sent
	remind      any
	crm         any
}

func (n details) reminders() any {
	if n.remind == nil {
		return []string{}
	}
	return n.remind
}

func (n details) links() any {
	if n.crm == nil {
		return false
	}
	return n.crm
}

// call is a call of one of the methods below.
type call struct {
	*rest.Call
	calendar *Calendar
}

// Methods are the REST methods of the calendar, by lower-case name.
func (c *Calendar) Methods() map[string]rest.Method {
	table := map[string]rest.Method{}
	wrap := func(called *rest.Call) *call { return &call{called, c} }
	rest.Add(table, "calendar", wrap, map[string]func(*call) (rest.Result, error){
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
	})
	return table
}

// OnChange has f called after every change of calendar rows with the name of the
// REST event and the rows' IDs, a meeting's parent last. Answers to invitations are
// no change. f runs while the portal is locked and must not call its methods. It
// replaces an earlier f.
func (c *Calendar) OnChange(f func(kind string, ids []int)) {
	c.Lock()
	defer c.Unlock()
	c.changed = f
}

// notify tells of a change that no user caused.
func (c *Calendar) notify(done change) { c.notifyAs(0, done) }

// notifyAs tells the apps and the hook of OnChange about a change by a user. The
// portal is locked.
func (c *Calendar) notifyAs(user int, done change) {
	if f := c.changed; f != nil {
		f(done.kind, done.ids)
	}
	if c.Notify == nil {
		return
	}
	for _, id := range done.ids {
		c.Notify(done.kind, php.Array{{"id", strconv.Itoa(id)}}, user)
	}
}

// missing is the calendar's error about a parameter that is required.
func missing(param, method string) *fault.Error {
	return fault.BadRequest(fmt.Sprintf("The required parameter %q for the method %q is not set", param, method))
}

// required is the error about the first parameter that PHP finds empty: 0, "0" and
// an empty list count as missing.
func required(c *call, method string, names ...string) error {
	for _, name := range names {
		if !c.Params.Filled(name) {
			return missing(name, method)
		}
	}
	return nil
}

// employeesOnly refuses guests.
func employeesOnly(c *call) error {
	if !c.User.Employee() {
		return fault.BadRequest(c.calendar.texts().denied)
	}
	return nil
}

// accessibilityGet is calendar.accessibility.get: when several people are busy.
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
		answer = answer.With(strconv.Itoa(id), c.calendar.entries(c.User, id, w, c.Now))
	}
	return rest.Result{Value: answer}, nil
}

// day is a date parameter as midnight in the server's zone, in Unix seconds. A
// time of day is ignored. A text that is no date gives 0, which means no limit on
// that side.
func (c *call) day(name string) int64 {
	t, ok := c.instant(name)
	if !ok {
		return 0
	}
	return clock.Mktime(clock.WallOf(t).Date.At(0, 0), c.calendar.Zone()).Unix()
}

// instant reads a date parameter, in the server's zone.
func (c *call) instant(name string) (time.Time, bool) {
	v, _ := c.Params.Get(name)
	if _, array := php.Items(v); array || v == nil {
		return time.Time{}, false
	}
	t, ok := clock.Strtotime(php.Text(v), c.Now, c.calendar.Zone(), c.calendar.zones)
	return t.In(c.calendar.Zone()), ok
}

// resourceList is calendar.resource.list. The simulated portals have no resources.
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

// statusSet is calendar.meeting.status.set. It acts for the token's user and
// succeeds even if the event does not exist.
func statusSet(c *call) (rest.Result, error) {
	if err := required(c, "calendar.meeting.status.set", "eventId", "status"); err != nil {
		return rest.Result{}, err
	}
	status := c.Params.Text("status")
	if status != "Y" && status != "N" && status != "Q" {
		return rest.Result{}, fault.BadRequest(`Invalid value for parameter "status"`)
	}
	c.calendar.answer(c.User.ID, c.Params.Int("eventId"), status)
	return rest.Result{Value: true}, nil
}

// statusGet is calendar.meeting.status.get: the answer of the token's user, null
// if they are not invited.
func statusGet(c *call) (rest.Result, error) {
	if err := required(c, "calendar.meeting.status.get", "eventId"); err != nil {
		return rest.Result{}, err
	}
	e := c.calendar.Row(c.Params.Int("eventId"))
	if e == nil || !e.Meeting {
		return rest.Result{}, fault.BadRequest("Event not found")
	}
	parent := c.calendar.Parent(e)
	for _, row := range append(c.calendar.children(parent), parent) {
		if row.Type == "user" && row.Owner == c.User.ID {
			return rest.Result{Value: statusOf(row)}, nil
		}
	}
	return rest.Result{}, nil
}

// paramsSet is calendar.meeting.params.set, which Bitrix24 always refuses.
func paramsSet(c *call) (rest.Result, error) {
	return rest.Result{}, fault.BadRequest(c.calendar.texts().denied)
}

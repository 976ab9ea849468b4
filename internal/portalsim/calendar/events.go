package calendar

import (
	"slices"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// eventGetByID is calendar.event.getbyid. An event that does not exist or is
// hidden is null; a series is told once, with its first occurrence.
func eventGetByID(c *call) (rest.Result, error) {
	if err := required(c, "calendar.event.getbyid", "id"); err != nil {
		return rest.Result{}, err
	}
	if err := employeesOnly(c); err != nil {
		return rest.Result{}, err
	}
	e := c.calendar.Row(c.Params.Int("id"))
	if e == nil || c.calendar.accessToRow(c.User, e) == seesNothing {
		return rest.Result{}, nil
	}
	c.calendar.ensureTimestamps(e)
	r := c.renderer()
	return rest.Result{Value: r.masked(r.record(e, occurrence{e.From, e.To}), e)}, nil
}

func (c *call) renderer() *renderer {
	return &renderer{calendar: c.calendar, viewer: c.User}
}

// eventGet is calendar.event.get: the rows of one owner, with every occurrence of
// a series.
func eventGet(c *call) (rest.Result, error) {
	if err := required(c, "calendar.event.get", "type"); err != nil {
		return rest.Result{}, err
	}
	if err := employeesOnly(c); err != nil {
		return rest.Result{}, err
	}
	wanted := c.wantedSections()
	r, w := c.renderer(), c.period()
	list := []php.Array{}
	for _, e := range c.calendar.Events {
		if e.Deleted || e.Type != c.Params.Text("type") || !slices.Contains(wanted, c.sectionOfRow(e)) {
			continue
		}
		for _, o := range c.calendar.occurrences(e, w) {
			list = append(list, r.masked(r.record(e, o), e))
		}
	}
	return rest.Result{Value: list}, nil
}

// wantedSections are the owner's calendars that the token's user may see, narrowed
// by the parameter section.
func (c *call) wantedSections() []int {
	var ids []int
	for _, s := range c.calendar.sections(c.Params.Text("type"), c.Params.Int("ownerId")) {
		if s.sees(c) > seesNothing {
			ids = append(ids, s.id)
		}
	}
	if !c.Params.Has("section") {
		return ids
	}
	asked, isArray := c.Params.Items("section")
	if !isArray {
		if c.Params.Int("section") <= 0 {
			return ids
		}
		asked = []any{c.Params.Int("section")}
	}
	return slices.DeleteFunc(ids, func(id int) bool {
		return !slices.ContainsFunc(asked, func(v any) bool { return php.Int(v) == id })
	})
}

// sectionOfRow is the calendar of a row; each owner has only one.
func (c *call) sectionOfRow(e *portal.Event) int { return portal.SectionOf(e.Type, e.Owner) }

// period is the window of calendar.event.get, with times of day. Without a
// readable date it reaches from 30 days back to 90 ahead.
func (c *call) period() window {
	var w window
	from, hasFrom := c.instant("from")
	to, hasTo := c.instant("to")
	if hasFrom {
		w.from = from.Unix()
	}
	if hasTo {
		w.to = to.Unix()
	}
	if !hasFrom && !hasTo {
		today := clock.WallOf(c.Now.In(c.calendar.Zone())).Date
		w.from = clock.Mktime(today.Plus(-30).At(0, 0), c.calendar.Zone()).Unix()
		w.to = clock.Mktime(today.Plus(90).At(0, 0), c.calendar.Zone()).Unix()
	}
	return w
}

// eventDelete is calendar.event.delete. Attendees who may not edit the meeting
// decline it instead; the answer is true either way.
func eventDelete(c *call) (rest.Result, error) {
	id := c.Params.Int("id")
	if id <= 0 {
		return rest.Result{}, fault.BadRequest("Event ID is not specified")
	}
	p := c.calendar
	e := p.Row(id)
	if e == nil {
		return rest.Result{}, fault.BadRequest("Error deleting the event")
	}
	parent := p.Parent(e)
	switch {
	case c.mayEditRow(parent):
		p.notifyAs(c.User.ID, p.remove(parent))
	case e != parent && e.Owner == c.User.ID:
		e.Status = "N"
	default:
		return rest.Result{}, fault.BadRequest(p.texts().denied)
	}
	return rest.Result{Value: true}, nil
}

func (c *call) mayEditRow(e *portal.Event) bool {
	return e.Creator == c.User.ID || c.calendar.hostOf(e) == c.User.ID || c.calendar.mayEdit(c.User, e.Type, e.Owner)
}

package portalsim

import "slices"

// eventGetByID is calendar.event.getbyid: null for what is not there or not to be
// seen; a series comes once, at its first time.
func eventGetByID(c *call) (result, error) {
	if err := required(c, "calendar.event.getbyid", "id"); err != nil {
		return result{}, err
	}
	if err := employeesOnly(c); err != nil {
		return result{}, err
	}
	e := c.portal.row(c.params.num("id"))
	if e == nil || c.portal.sightOfRow(c.user, e) == seesNothing {
		return result{}, nil
	}
	c.portal.ensureStamped(e)
	r := c.renderer()
	return result{value: r.masked(r.record(e, occurrence{e.From, e.To}), e)}, nil
}

func (c *call) renderer() *renderer {
	return &renderer{p: c.portal, viewer: c.user}
}

// eventGet is calendar.event.get: the rows of one owner, series expanded.
func eventGet(c *call) (result, error) {
	if err := required(c, "calendar.event.get", "type"); err != nil {
		return result{}, err
	}
	if err := employeesOnly(c); err != nil {
		return result{}, err
	}
	wanted := c.wantedSections()
	r, w := c.renderer(), c.period()
	list := []obj{}
	for _, e := range c.portal.Events {
		if e.Deleted || e.Type != c.params.str("type") || !slices.Contains(wanted, c.sectionOfRow(e)) {
			continue
		}
		for _, o := range c.portal.occurrences(e, w) {
			list = append(list, r.masked(r.record(e, o), e))
		}
	}
	return result{value: list}, nil
}

// wantedSections are the owner's calendars that the token's user may see at all,
// narrowed by the parameter section.
func (c *call) wantedSections() []int {
	var ids []int
	for _, s := range c.portal.sections(c.params.str("type"), c.params.num("ownerId")) {
		if s.sees(c) > seesNothing {
			ids = append(ids, s.id)
		}
	}
	if !c.params.has("section") {
		return ids
	}
	asked, isArray := c.params.items("section")
	if !isArray {
		if c.params.num("section") <= 0 {
			return ids
		}
		asked = []any{c.params.num("section")}
	}
	return slices.DeleteFunc(ids, func(id int) bool {
		return !slices.ContainsFunc(asked, func(v any) bool { return phpInt(v) == id })
	})
}

// sectionOfRow is the calendar a row lies in; everybody has one only.
func (c *call) sectionOfRow(e *Event) int { return sectionOf(e.Type, e.Owner) }

// period is the window of calendar.event.get: read with its time of day, from 30
// days back to 90 ahead when nothing readable is given.
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
		today := wallOf(c.now.In(c.portal.zone())).Date
		w.from = mktime(today.Plus(-30).At(0, 0), c.portal.zone()).Unix()
		w.to = mktime(today.Plus(90).At(0, 0), c.portal.zone()).Unix()
	}
	return w
}

// eventDelete is calendar.event.delete. An attendee who may not edit the meeting
// declines it instead; the answer is true all the same.
func eventDelete(c *call) (result, error) {
	id := c.params.num("id")
	if id <= 0 {
		return result{}, badRequest("Event ID is not specified")
	}
	p := c.portal
	e := p.row(id)
	if e == nil {
		return result{}, badRequest("Error deleting the event")
	}
	parent := p.parent(e)
	switch {
	case c.mayEditRow(parent):
		p.announceBy(c.user.ID, p.remove(parent))
	case e != parent && e.Owner == c.user.ID:
		e.Status = "N"
	default:
		return result{}, badRequest(p.words().denied)
	}
	return result{value: true}, nil
}

func (c *call) mayEditRow(e *Event) bool {
	return e.Creator == c.user.ID || c.portal.hostOf(e) == c.user.ID || c.portal.mayEdit(c.user, e.Type, e.Owner)
}

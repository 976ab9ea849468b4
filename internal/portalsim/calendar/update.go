package calendar

import (
	"strconv"
	"strings"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// eventUpdate is calendar.event.update. It resets what is not named. A forbidden
// change, or one of an unknown event, is answered by a text with HTTP 200.
func eventUpdate(c *call) (rest.Result, error) {
	const name = "calendar.event.update"
	if err := required(c, name, "id"); err != nil {
		return rest.Result{}, err
	}
	if !c.Params.Has("ownerId") {
		return rest.Result{}, missing("ownerId", name)
	}
	if err := required(c, name, "type"); err != nil {
		return rest.Result{}, err
	}
	if err := c.checkTexts(); err != nil {
		return rest.Result{}, err
	}
	p := c.calendar
	e := p.Row(c.Params.Int("id"))
	if e == nil || !c.mayEditRow(p.Parent(e)) {
		return rest.Result{Value: p.texts().denied}, nil
	}
	e = p.Parent(e)
	if err := c.checkSection(e); err != nil {
		return rest.Result{}, err
	}
	if day, mode, ok := c.oneInstance(e); ok {
		return c.split(e, day, mode)
	}
	c.change(e)
	done := p.resave(e, c.attendees())
	c.noteDetails(e)
	p.notifyAs(c.User.ID, done)
	return rest.Result{Value: e.ID}, nil
}

// change applies the parameters to e. Times and zones are reset as in Bitrix24,
// except for events that were booked through its own slots.
func (c *call) change(e *portal.Event) {
	before := *e
	from, hasFrom := c.timeParam("from")
	to, hasTo := c.timeParam("to")
	if hasFrom {
		e.From = from.wall
	}
	if hasTo {
		e.To = to.wall
	}
	c.setZones(e, from, to)
	if room, _ := portal.RoomOf(before.Location); c.Params.Has("location") && room != 0 {
		if other, _ := portal.RoomOf(c.Params.Text("location")); other != room {
			c.calendar.release(&before)
		}
	}
	c.fill(e)
	if before.Meeting && !e.Meeting {
		c.calendar.uninvite(e, nil)
	}
	if strings.HasPrefix(before.Kind, "#shared") {
		e.From, e.To, e.ZoneFrom, e.ZoneTo = before.From, before.To, before.ZoneFrom, before.ZoneTo
		e.AllDay, e.Rule = before.AllDay, before.Rule
	}
}

// oneInstance reports whether the call means only a part of a series: the day from
// which on, and "this" or "next".
func (c *call) oneInstance(e *portal.Event) (day clock.Date, mode string, ok bool) {
	mode = c.Params.Text("recurrence_mode")
	t, dated := c.instant("current_date_from")
	return clock.WallOf(t).Date, mode, e.Rule != nil && dated && (mode == "this" || mode == "next")
}

// split makes an event of its own out of one instance, or of all instances from a
// day on, and takes them out of the series.
func (c *call) split(e *portal.Event, day clock.Date, mode string) (rest.Result, error) {
	p := c.calendar
	days := day.Since(e.From.Date)
	part := *e
	part.ID, part.Parent = 0, 0
	part.From.Date, part.To.Date = part.From.Plus(days), part.To.Plus(days)
	part.ExDates = nil
	if mode == "this" {
		part.Rule = nil
		e.ExDates = append(e.ExDates, day)
	} else {
		rule := *e.Rule
		part.Rule = &rule
		cut := rule
		cut.Count, cut.Until = 0, day.Plus(-1)
		e.Rule = &cut
	}
	c.change(&part)
	invited := c.attendees()
	if invited == nil {
		invited = p.attendees(e)
	}
	done := p.resave(e, nil)
	p.notifyAs(c.User.ID, done)
	if room, _ := portal.RoomOf(part.Location); room != 0 {
		part.Location = portal.RoomPrefix + strconv.Itoa(room)
	}
	p.notifyAs(c.User.ID, p.add(&part, invited))
	c.noteDetails(&part)
	return rest.Result{Value: php.Array{
		{"originalDate", p.Culture.Write(part.From)},
		{"originalDavXmlId", ""},
		{"instanceTz", orNull(e.ZoneFrom)},
		{"recEventId", e.ID},
		{"id", part.ID},
	}}, nil
}

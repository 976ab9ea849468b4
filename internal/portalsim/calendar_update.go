package portalsim

import (
	"strconv"
	"strings"
)

// eventUpdate is calendar.event.update (calendar fact sheet, section 6.4), with
// its dangerous defaults. What is forbidden or unknown is answered by a text,
// with HTTP 200.
func eventUpdate(c *call) (result, error) {
	const name = "calendar.event.update"
	if err := required(c, name, "id"); err != nil {
		return result{}, err
	}
	if !c.params.has("ownerId") {
		return result{}, missing("ownerId", name)
	}
	if err := required(c, name, "type"); err != nil {
		return result{}, err
	}
	if err := c.checkTexts(); err != nil {
		return result{}, err
	}
	p := c.portal
	e := p.row(c.params.num("id"))
	if e == nil || !c.mayEditRow(p.parent(e)) {
		return result{value: p.words().denied}, nil
	}
	e = p.parent(e)
	if err := c.checkSection(e); err != nil {
		return result{}, err
	}
	if day, mode, ok := c.oneInstance(e); ok {
		return c.split(e, day, mode)
	}
	c.change(e)
	done := p.resave(e, c.attendees())
	c.note(e)
	p.announceBy(c.user.ID, done)
	return result{value: e.ID}, nil
}

// change applies the parameters to e. Times and zones are reset as Bitrix24 does,
// but never those of an event booked by its own slots.
func (c *call) change(e *Event) {
	before := *e
	from, hasFrom := c.reading("from")
	to, hasTo := c.reading("to")
	if hasFrom {
		e.From = from.wall
	}
	if hasTo {
		e.To = to.wall
	}
	c.setZones(e, from, to)
	if room, _ := roomOf(before.Location); c.params.has("location") && room != 0 {
		if other, _ := roomOf(c.params.str("location")); other != room {
			c.portal.release(&before)
		}
	}
	c.fill(e)
	if before.Meeting && !e.Meeting {
		c.portal.dismiss(e, nil)
	}
	if strings.HasPrefix(before.Kind, "#shared") {
		e.From, e.To, e.ZoneFrom, e.ZoneTo = before.From, before.To, before.ZoneFrom, before.ZoneTo
		e.AllDay, e.Rule = before.AllDay, before.Rule
	}
}

// oneInstance tells whether only a part of a series is meant: from which day, and
// "this" or "next".
func (c *call) oneInstance(e *Event) (day Date, mode string, ok bool) {
	mode = c.params.str("recurrence_mode")
	t, dated := c.instant("current_date_from")
	return wallOf(t).Date, mode, e.Rule != nil && dated && (mode == "this" || mode == "next")
}

// split makes one instance, or all from one day on, an event of its own and takes
// them out of the series.
func (c *call) split(e *Event, day Date, mode string) (result, error) {
	p := c.portal
	days := day.since(e.From.Date)
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
	p.announceBy(c.user.ID, done)
	if room, _ := roomOf(part.Location); room != 0 {
		part.Location = roomPrefix + strconv.Itoa(room)
	}
	p.announceBy(c.user.ID, p.add(&part, invited))
	c.note(&part)
	return result{value: obj{
		{"originalDate", p.Culture.Write(part.From)},
		{"originalDavXmlId", ""},
		{"instanceTz", orNull(e.ZoneFrom)},
		{"recEventId", e.ID},
		{"id", part.ID},
	}}, nil
}

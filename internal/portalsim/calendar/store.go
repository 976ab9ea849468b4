package calendar

import (
	"slices"

	"slotfinder/internal/portalsim/portal"
)

// Kinds of calendar changes, named as the REST events that tell of them.
const (
	EntryAdded   = "ONCALENDARENTRYADD"
	EntryUpdated = "ONCALENDARENTRYUPDATE"
	EntryDeleted = "ONCALENDARENTRYDELETE"
)

// change is what one action did: the saved rows in the order in which Bitrix24
// tells of them, the parent last.
type change struct {
	kind string
	ids  []int
}

// AddEvent puts an event into the calendar of e.Owner, as its owner would, and
// returns its ID. Missing fields get what Bitrix24 gives them: type "user", the
// owner as creator, "busy", "normal". Attendees come with AddMeeting. A row that
// Bitrix24 could not have saved so goes into Events before the portal is served.
func (c *Calendar) AddEvent(e portal.Event) int {
	c.Lock()
	defer c.Unlock()
	c.notify(c.add(&e, nil))
	return e.ID
}

// AddMeeting puts a meeting into the calendar of e.Owner and a row of its own into
// that of every attendee, unanswered except for the creator's. It returns the ID
// of the parent row.
func (c *Calendar) AddMeeting(e portal.Event, attendees []int) int {
	e.Meeting = true
	c.Lock()
	defer c.Unlock()
	c.notify(c.add(&e, attendees))
	return e.ID
}

// DeleteEvent deletes an event with its series, the rows of its attendees and the
// booking of its room. id may be any of its rows. It reports whether there was
// such an event.
func (c *Calendar) DeleteEvent(id int) bool {
	c.Lock()
	defer c.Unlock()
	e := c.Row(id)
	if e == nil {
		return false
	}
	c.notify(c.remove(c.Parent(e)))
	return true
}

// Answer sets a user's answer to a meeting: Y, N or Q. id may be any of the
// meeting's rows. No event is sent, because Bitrix24 sends none. It reports
// whether the user was invited.
func (c *Calendar) Answer(user, id int, status string) bool {
	c.Lock()
	defer c.Unlock()
	return c.answer(user, id, status)
}

// AddAbsence puts a record into the absence chart and returns its ID. Events and
// absences are numbered apart.
func (c *Calendar) AddAbsence(a portal.Absence) int {
	c.Lock()
	defer c.Unlock()
	if a.ID == 0 {
		a.ID = 345
		for _, other := range c.Absences {
			a.ID = max(a.ID, other.ID+1)
		}
	}
	c.Absences = append(c.Absences, &a)
	return a.ID
}

// EventsOf copies the rows in the user's own calendar that are not deleted, in
// the order they were made, declined and free ones among them.
func (c *Calendar) EventsOf(user int) []portal.Event {
	c.Lock()
	defer c.Unlock()
	var rows []portal.Event
	for _, e := range c.Events {
		if e.Type == "user" && e.Owner == user && !e.Deleted {
			c.ensureTimestamps(e)
			copied := *e
			copied.ExDates = slices.Clone(e.ExDates)
			rows = append(rows, copied)
		}
	}
	return rows
}

// In the rest of this file the portal is locked.

// Row is the row with that ID, nil if there is none or it was deleted.
func (c *Calendar) Row(id int) *portal.Event {
	for _, e := range c.Events {
		if e.ID == id && !e.Deleted {
			return e
		}
	}
	return nil
}

// Parent is the organiser's row of a meeting, of which e is an attendee's row;
// otherwise it is e itself.
func (c *Calendar) Parent(e *portal.Event) *portal.Event {
	if e.Parent == 0 || e.Parent == e.ID {
		return e
	}
	if parent := c.Row(e.Parent); parent != nil {
		return parent
	}
	return e
}

// children are the attendees' rows of a meeting, without the parent row.
func (c *Calendar) children(parent *portal.Event) []*portal.Event {
	var rows []*portal.Event
	for _, e := range c.Events {
		if e.Parent == parent.ID && e.ID != parent.ID && !e.Deleted {
			rows = append(rows, e)
		}
	}
	return rows
}

// insert adds a row, with a new ID if it has none.
func (c *Calendar) insert(e *portal.Event) {
	if e.ID == 0 {
		e.ID = 1000
		for _, other := range c.Events {
			e.ID = max(e.ID, other.ID+1)
		}
	}
	if e.Parent == 0 {
		e.Parent = e.ID
	}
	c.Events = append(c.Events, e)
}

func (c *Calendar) add(e *portal.Event, attendees []int) change {
	complete(e)
	c.setTimestamps(e)
	c.insert(e)
	ids := append(c.book(e), c.invite(e, attendees)...)
	return change{EntryAdded, append(ids, e.ID)}
}

// complete sets what Bitrix24 sets on saving.
func complete(e *portal.Event) {
	if e.Type == "" {
		e.Type = "user"
	}
	if e.Creator == 0 && e.Type == "user" {
		e.Creator = e.Owner
	}
	if e.Section == 0 {
		e.Section = portal.SectionOf(e.Type, e.Owner)
	}
	if !slices.Contains([]string{"busy", "quest", "absent", "free"}, e.Access) {
		e.Access = "busy"
	}
	if !slices.Contains([]string{"high", "normal", "low"}, e.Importance) {
		e.Importance = "normal"
	}
	if e.Meeting && e.Status == "" {
		e.Status = "H"
	}
}

// resave saves the changed parent row e, its booking of a room and, unless
// attendees is nil, a new list of attendees.
func (c *Calendar) resave(e *portal.Event, attendees []int) change {
	complete(e)
	c.setTimestamps(e)
	ids := c.book(e)
	if e.Meeting {
		if attendees == nil {
			attendees = c.attendees(e)
		}
		c.uninvite(e, attendees)
		ids = append(ids, c.invite(e, attendees)...)
	}
	return change{EntryUpdated, append(ids, e.ID)}
}

// attendees are the users who have a row of the meeting.
func (c *Calendar) attendees(parent *portal.Event) []int {
	var users []int
	for _, child := range c.children(parent) {
		users = append(users, child.Owner)
	}
	return users
}

// uninvite deletes the rows of those who are no longer invited. No event is sent.
func (c *Calendar) uninvite(parent *portal.Event, stay []int) {
	for _, child := range c.children(parent) {
		if !slices.Contains(stay, child.Owner) {
			child.Deleted = true
		}
	}
}

// invite makes or renews the rows of attendees and returns their IDs. Answers that
// were given are kept. The owner of the parent row needs no other row. A group's
// meeting with nobody invited belongs to its creator.
func (c *Calendar) invite(parent *portal.Event, attendees []int) []int {
	if !parent.Meeting {
		return nil
	}
	if len(attendees) == 0 && parent.Type != "user" {
		attendees = []int{parent.Creator}
	}
	rows := map[int]*portal.Event{}
	for _, child := range c.children(parent) {
		rows[child.Owner] = child
	}
	var ids []int
	for _, user := range attendees {
		if user == 0 || parent.Type == "user" && user == parent.Owner {
			continue
		}
		child := c.invitation(parent, user, rows[user])
		rows[user] = child
		ids = append(ids, child.ID)
	}
	return ids
}

// invitation is the row of an attendee; old is the one they had, if any.
func (c *Calendar) invitation(parent *portal.Event, user int, old *portal.Event) *portal.Event {
	child := *parent
	child.ID, child.Parent, child.Type = 0, parent.ID, "user"
	child.Owner, child.Creator, child.Section = user, user, portal.SectionOf("user", user)
	child.Status = "Q"
	if user == parent.Creator {
		child.Status = "Y"
	}
	if old != nil {
		child.ID, child.Status, child.Section = old.ID, old.Status, old.Section
		*old = child
		return old
	}
	c.insert(&child)
	return &child
}

// remove deletes an event or a whole meeting. Only the parent row is told of.
func (c *Calendar) remove(parent *portal.Event) change {
	for _, child := range c.children(parent) {
		child.Deleted = true
	}
	c.release(parent)
	parent.Deleted = true
	return change{EntryDeleted, []int{parent.ID}}
}

func (c *Calendar) answer(user, id int, status string) bool {
	e := c.Row(id)
	if e == nil || !e.Meeting {
		return false
	}
	for _, row := range append(c.children(c.Parent(e)), c.Parent(e)) {
		if row.Type == "user" && row.Owner == user {
			row.Status = status
			return true
		}
	}
	return false
}

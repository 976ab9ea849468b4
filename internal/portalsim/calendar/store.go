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
func (p *Calendar) AddEvent(e portal.Event) int {
	p.Lock()
	defer p.Unlock()
	p.notify(p.add(&e, nil))
	return e.ID
}

// AddMeeting puts a meeting into the calendar of e.Owner and a row of its own into
// that of every attendee, unanswered except for the creator's. It returns the ID
// of the parent row.
func (p *Calendar) AddMeeting(e portal.Event, attendees []int) int {
	e.Meeting = true
	p.Lock()
	defer p.Unlock()
	p.notify(p.add(&e, attendees))
	return e.ID
}

// DeleteEvent deletes an event with its series, the rows of its attendees and the
// booking of its room. id may be any of its rows. It reports whether there was
// such an event.
func (p *Calendar) DeleteEvent(id int) bool {
	p.Lock()
	defer p.Unlock()
	e := p.Row(id)
	if e == nil {
		return false
	}
	p.notify(p.remove(p.Parent(e)))
	return true
}

// Answer sets a user's answer to a meeting: Y, N or Q. id may be any of the
// meeting's rows. No event is sent, because Bitrix24 sends none. It reports
// whether the user was invited.
func (p *Calendar) Answer(user, id int, status string) bool {
	p.Lock()
	defer p.Unlock()
	return p.answer(user, id, status)
}

// AddAbsence puts a record into the absence chart and returns its ID. Events and
// absences are numbered apart.
func (p *Calendar) AddAbsence(a portal.Absence) int {
	p.Lock()
	defer p.Unlock()
	if a.ID == 0 {
		a.ID = 345
		for _, other := range p.Absences {
			a.ID = max(a.ID, other.ID+1)
		}
	}
	p.Absences = append(p.Absences, &a)
	return a.ID
}

// EventsOf copies the rows in the user's own calendar that are not deleted, in
// the order they were made, declined and free ones among them.
func (p *Calendar) EventsOf(user int) []portal.Event {
	p.Lock()
	defer p.Unlock()
	var rows []portal.Event
	for _, e := range p.Events {
		if e.Type == "user" && e.Owner == user && !e.Deleted {
			p.ensureTimestamps(e)
			copied := *e
			copied.ExDates = slices.Clone(e.ExDates)
			rows = append(rows, copied)
		}
	}
	return rows
}

// The rest of this file works while the portal's lock is held.

// Row is the row with that ID, nil if there is none or it was deleted.
func (p *Calendar) Row(id int) *portal.Event {
	for _, e := range p.Events {
		if e.ID == id && !e.Deleted {
			return e
		}
	}
	return nil
}

// Parent is the organiser's row of a meeting, of which e is an attendee's row;
// otherwise it is e itself.
func (p *Calendar) Parent(e *portal.Event) *portal.Event {
	if e.Parent == 0 || e.Parent == e.ID {
		return e
	}
	if parent := p.Row(e.Parent); parent != nil {
		return parent
	}
	return e
}

// children are the attendees' rows of a meeting, without the parent row.
func (p *Calendar) children(parent *portal.Event) []*portal.Event {
	var rows []*portal.Event
	for _, e := range p.Events {
		if e.Parent == parent.ID && e.ID != parent.ID && !e.Deleted {
			rows = append(rows, e)
		}
	}
	return rows
}

// insert adds a row, with a new ID if it has none.
func (p *Calendar) insert(e *portal.Event) {
	if e.ID == 0 {
		e.ID = 1000
		for _, other := range p.Events {
			e.ID = max(e.ID, other.ID+1)
		}
	}
	if e.Parent == 0 {
		e.Parent = e.ID
	}
	p.Events = append(p.Events, e)
}

func (p *Calendar) add(e *portal.Event, attendees []int) change {
	complete(e)
	p.setTimestamps(e)
	p.insert(e)
	ids := append(p.book(e), p.invite(e, attendees)...)
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
func (p *Calendar) resave(e *portal.Event, attendees []int) change {
	complete(e)
	p.setTimestamps(e)
	ids := p.book(e)
	if e.Meeting {
		if attendees == nil {
			attendees = p.attendees(e)
		}
		p.uninvite(e, attendees)
		ids = append(ids, p.invite(e, attendees)...)
	}
	return change{EntryUpdated, append(ids, e.ID)}
}

// attendees are the users who have a row of the meeting.
func (p *Calendar) attendees(parent *portal.Event) []int {
	var users []int
	for _, child := range p.children(parent) {
		users = append(users, child.Owner)
	}
	return users
}

// uninvite deletes the rows of those who are no longer invited. No event is sent.
func (p *Calendar) uninvite(parent *portal.Event, stay []int) {
	for _, child := range p.children(parent) {
		if !slices.Contains(stay, child.Owner) {
			child.Deleted = true
		}
	}
}

// invite makes or renews the rows of attendees and returns their IDs. Answers that
// were given are kept. The owner of the parent row needs no other row. A group's
// meeting with nobody invited belongs to its creator.
func (p *Calendar) invite(parent *portal.Event, attendees []int) []int {
	if !parent.Meeting {
		return nil
	}
	if len(attendees) == 0 && parent.Type != "user" {
		attendees = []int{parent.Creator}
	}
	rows := map[int]*portal.Event{}
	for _, child := range p.children(parent) {
		rows[child.Owner] = child
	}
	var ids []int
	for _, user := range attendees {
		if user == 0 || parent.Type == "user" && user == parent.Owner {
			continue
		}
		child := p.invitation(parent, user, rows[user])
		rows[user] = child
		ids = append(ids, child.ID)
	}
	return ids
}

// invitation is the row of an attendee; old is the one they had, if any.
func (p *Calendar) invitation(parent *portal.Event, user int, old *portal.Event) *portal.Event {
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
	p.insert(&child)
	return &child
}

// remove deletes an event or a whole meeting. Only the parent row is told of.
func (p *Calendar) remove(parent *portal.Event) change {
	for _, child := range p.children(parent) {
		child.Deleted = true
	}
	p.release(parent)
	parent.Deleted = true
	return change{EntryDeleted, []int{parent.ID}}
}

func (p *Calendar) answer(user, id int, status string) bool {
	e := p.Row(id)
	if e == nil || !e.Meeting {
		return false
	}
	for _, row := range append(p.children(p.Parent(e)), p.Parent(e)) {
		if row.Type == "user" && row.Owner == user {
			row.Status = status
			return true
		}
	}
	return false
}

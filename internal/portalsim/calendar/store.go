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

// change is what one action did: the saved rows in the order Bitrix24 tells of
// them, the parent last (calendar fact sheet, section 8).
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
	p.announce(p.add(&e, nil))
	return e.ID
}

// AddMeeting puts a meeting into the calendar of e.Owner and a row of its own into
// that of every attendee, unanswered except for the creator's. It returns the ID
// of the parent row.
func (p *Calendar) AddMeeting(e portal.Event, attendees []int) int {
	e.Meeting = true
	p.Lock()
	defer p.Unlock()
	p.announce(p.add(&e, attendees))
	return e.ID
}

// DeleteEvent deletes the event with its series, its attendees' rows and its room
// booking, whichever of its rows id names. It tells whether there was one.
func (p *Calendar) DeleteEvent(id int) bool {
	p.Lock()
	defer p.Unlock()
	e := p.Row(id)
	if e == nil {
		return false
	}
	p.announce(p.remove(p.Parent(e)))
	return true
}

// Answer sets the user's answer to the meeting, named by any of its rows: Y, N or
// Q. Nobody is told: Bitrix24 sends no event for an answer. It tells whether the
// user was invited.
func (p *Calendar) Answer(user, id int, status string) bool {
	p.Lock()
	defer p.Unlock()
	return p.answer(user, id, status)
}

// AddAbsence puts a record into the absence chart and returns its ID, which is of
// another number space than those of events.
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
			p.ensureStamped(e)
			copied := *e
			copied.ExDates = slices.Clone(e.ExDates)
			rows = append(rows, copied)
		}
	}
	return rows
}

// The rest of this file works while the portal's lock is held.

// Row is the event row of that ID, or nil if there is none or it was deleted.
func (p *Calendar) Row(id int) *portal.Event {
	for _, e := range p.Events {
		if e.ID == id && !e.Deleted {
			return e
		}
	}
	return nil
}

// Parent is the row the attendee's row e was made for, or e itself.
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

// insert gives e an ID and a place.
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
	p.stamp(e)
	p.insert(e)
	ids := append(p.book(e), p.invite(e, attendees)...)
	return change{EntryAdded, append(ids, e.ID)}
}

// complete fills in what saving fills in.
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

// resave stores the changed parent row e again, together with its room booking
// and, unless attendees is nil, a new list of attendees.
func (p *Calendar) resave(e *portal.Event, attendees []int) change {
	complete(e)
	p.stamp(e)
	ids := p.book(e)
	if e.Meeting {
		if attendees == nil {
			attendees = p.attendees(e)
		}
		p.dismiss(e, attendees)
		ids = append(ids, p.invite(e, attendees)...)
	}
	return change{EntryUpdated, append(ids, e.ID)}
}

// attendees are the users with an own row of the meeting.
func (p *Calendar) attendees(parent *portal.Event) []int {
	var users []int
	for _, child := range p.children(parent) {
		users = append(users, child.Owner)
	}
	return users
}

// dismiss takes away the rows of those no longer invited; nobody is told.
func (p *Calendar) dismiss(parent *portal.Event, stay []int) {
	for _, child := range p.children(parent) {
		if !slices.Contains(stay, child.Owner) {
			child.Deleted = true
		}
	}
}

// invite makes or renews the attendees' rows and returns their IDs. Who already
// answered keeps the answer. The owner of the parent row needs no other. A
// meeting of a group with nobody invited is its creator's.
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

// invitation is the attendee's row; old is the one he had, if any.
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

// remove deletes a meeting or event whole. Only the parent row is told of.
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

package booker

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

const (
	// PortalPrefix begins the id of a meeting that was made in the portal. For its host the
	// event's id follows, for the invited that of the row in their own calendar.
	PortalPrefix = "b24-"

	daysListed = 60  // how far ahead coming meetings are listed
	mostListed = 300 // how many
)

// View is a meeting as its host, or somebody who is invited, sees it now.
type View struct {
	ID     string
	Booked meet.Meeting // the zero Meeting = it was made in the portal
	Event  meet.Event   // as the portal tells; of an open or failed booking what was asked for
	Mine   bool         // the viewer is the host, and may move and cancel it
	People []meet.Person
	Form   meet.MeetingForm // what the host has typed; of Booked only
	Moved  bool             // the portal has another time than was known here until now
}

// State is how the meeting stands. One that was made in the portal is confirmed.
func (v View) State() meet.MeetingState {
	if v.Booked.ID == "" {
		return meet.MeetingConfirmed
	}
	return v.Booked.State
}

// One returns a meeting of somebody. It reads the event, so that what was changed in the
// portal meanwhile is seen; one that is gone there is cancelled here.
//
// NotFound: there is none with the id that is theirs.
func (b *Booker) One(ctx context.Context, me meet.Member, id string) (View, error) {
	v, err := b.one(ctx, me, id)
	if err != nil {
		return View{}, err
	}
	views := []View{v}
	err = b.name(ctx, me, views)
	return views[0], err
}

func (b *Booker) one(ctx context.Context, me meet.Member, id string) (View, error) {
	if number, found := strings.CutPrefix(id, PortalPrefix); found {
		return b.fromPortal(ctx, me, id, number)
	}
	m, err := b.Meetings.MeetingOf(ctx, me, id)
	if err != nil {
		return View{}, fmt.Errorf("finding a meeting: %w", err)
	}
	v := View{ID: m.ID, Booked: m, Mine: true}
	v.Form, _ = b.form(m) // without it the portal's texts are shown
	if m.State != meet.MeetingConfirmed {
		v.Event = asked(m, v.Form)
		return v, nil
	}
	v.Event, err = b.Events.EventByID(ctx, me, m.Event)
	if meet.KindOf(err) == meet.NotFound {
		v.Event, v.Booked.State = asked(m, v.Form), meet.MeetingCancelled
		return v, b.Meetings.CancelMeeting(ctx, m)
	}
	if err != nil {
		return View{}, fmt.Errorf("reading a meeting: %w", err)
	}
	return v, b.follow(ctx, &v)
}

// follow notes that the event has moved in the portal.
func (b *Booker) follow(ctx context.Context, v *View) error {
	if v.Event.Start.Equal(v.Booked.Start) && v.Event.End.Equal(v.Booked.End) || v.Event.Series {
		return nil
	}
	v.Booked.Start, v.Booked.End, v.Moved = v.Event.Start, v.Event.End, true
	return b.Meetings.MoveMeeting(ctx, v.Booked, v.Event.Start, v.Event.End)
}

// asked is the event that the portal was asked for.
func asked(m meet.Meeting, form meet.MeetingForm) meet.Event {
	e := meet.Event{
		Host: m.Host.User, Title: form.Title, Description: form.Description, Place: form.Place, Meeting: true,
		Start: m.Start, End: m.End, Zone: m.Zone, Importance: form.Importance,
	}
	invite := form.Invite
	if len(invite) == 0 {
		invite = append(slices.Clone(form.Query.Required), form.Query.Optional...)
	}
	for _, id := range meet.Distinct(append([]int64{m.Host.User}, invite...)) {
		e.Invited = append(e.Invited, meet.Invited{User: id, Answer: meet.AnswerNone})
	}
	return e
}

// fromPortal is a meeting that was made in the portal, to its host by the event's id and to
// the invited by that of their own row.
func (b *Booker) fromPortal(ctx context.Context, me meet.Member, id, number string) (View, error) {
	gone := meet.Errorf(meet.NotFound, "error.not_found", "no meeting of theirs")
	row, err := strconv.ParseInt(number, 10, 64)
	if err != nil || row <= 0 || strconv.FormatInt(row, 10) != number {
		return View{}, gone
	}
	e, err := b.Events.EventByID(ctx, me, row)
	if err != nil {
		return View{}, fmt.Errorf("reading a meeting: %w", err)
	}
	v := View{ID: id, Event: e, Mine: e.Host == me.User && e.ID == row}
	invited := slices.ContainsFunc(e.Invited, func(i meet.Invited) bool { return i.User == me.User && i.Row == row })
	if !e.Meeting || !v.Mine && !invited {
		return View{}, gone
	}
	return v, nil
}

// mostNamed is how many people the meetings of one answer name. Others have their number.
const mostNamed = 500

// name finds out who the people of meetings are.
func (b *Booker) name(ctx context.Context, me meet.Member, views []View) error {
	var ids []int64
	for _, v := range views {
		for _, one := range v.Event.Invited {
			ids = append(ids, one.User)
		}
	}
	ids = meet.Distinct(ids)
	known, err := b.Finder.Directory.People(ctx, me, ids[:min(len(ids), mostNamed)])
	if err != nil {
		return fmt.Errorf("the people of meetings: %w", err)
	}
	for i, v := range views {
		for _, one := range v.Event.Invited {
			p, found := known[one.User]
			if !found {
				p = meet.Person{ID: one.User}
			}
			views[i].People = append(views[i].People, p)
		}
	}
	return nil
}

// Differences are what is otherwise in the portal than it was booked, as text keys. A meeting
// that was made in the portal can't differ.
func Differences(v View) []string {
	if v.Booked.ID == "" {
		return nil
	}
	var keys []string
	if v.Form.Title != "" && v.Form.Title != v.Event.Title {
		keys = append(keys, "meetings.differs.title")
	}
	if v.Moved {
		keys = append(keys, "meetings.differs.time")
	}
	for _, id := range v.Form.Query.Required {
		if !v.Event.Invites(id) && (len(v.Form.Invite) == 0 || slices.Contains(v.Form.Invite, id)) {
			return append(keys, "meetings.differs.people")
		}
	}
	return keys
}

// Coming lists the coming meetings of somebody, the next one first: those booked here, those
// that they host in the portal, and those to which they are invited.
func (b *Booker) Coming(ctx context.Context, me meet.Member) ([]View, error) {
	now := b.Now()
	booked, err := b.Meetings.MeetingsOf(ctx, me, now, mostListed)
	if err != nil {
		return nil, fmt.Errorf("listing meetings: %w", err)
	}
	during := civil.Span{Start: civil.Floor(now), End: civil.Floor(now.AddDate(0, 0, daysListed))}
	events, err := b.Events.OwnEvents(ctx, me, during)
	if err != nil {
		return nil, fmt.Errorf("listing meetings: %w", err)
	}
	views := b.merged(me, booked, events, during)
	views = views[:min(len(views), mostListed)]
	return views, b.name(ctx, me, views)
}

// merged are stored meetings with their events, and the events that were made in the portal.
// A confirmed one beyond the time that was read is shown as it was booked; one within it whose
// event is not there has been removed.
func (b *Booker) merged(me meet.Member, booked []meet.Meeting, events []meet.Event, during civil.Span) []View {
	var views []View
	here := map[int64]meet.Meeting{}
	for _, m := range booked {
		form, _ := b.form(m)
		if m.Event != 0 {
			here[m.Event] = m
		}
		if m.State.Open() || !during.Overlaps(m.Span()) {
			views = append(views, View{ID: m.ID, Booked: m, Mine: true, Form: form, Event: asked(m, form)})
		}
	}
	for _, e := range events {
		v := View{ID: PortalPrefix + strconv.FormatInt(e.Row, 10), Event: e, Mine: e.Host == me.User}
		if m, found := here[e.ID]; found {
			v.ID, v.Booked = m.ID, m
			v.Form, _ = b.form(m)
		}
		if e.Meeting && (v.Mine || e.Invites(me.User)) {
			views = append(views, v)
		}
	}
	slices.SortStableFunc(views, func(a, b View) int { return a.Event.Start.Compare(b.Event.Start) })
	return views
}

// ofHost is a meeting that its host wants to change. Conflict: the outcome of its booking is
// not known yet.
func (b *Booker) ofHost(ctx context.Context, host meet.Member, id string) (View, error) {
	v, err := b.one(ctx, host, id)
	switch {
	case err != nil:
		return View{}, err
	case !v.Mine:
		return View{}, meet.Errorf(meet.NotFound, "error.not_found", "no meeting of theirs")
	case v.State().Open():
		return View{}, &meet.Error{Kind: meet.Conflict, Key: "error.meeting_open"}
	}
	return v, nil
}

// Cancel removes a meeting of the host for everybody. One that is cancelled already stays so.
//
// Errors: NotFound, Conflict while the outcome of the booking is not known, and those of
// Events.
func (b *Booker) Cancel(ctx context.Context, host meet.Member, id string) error {
	v, err := b.ofHost(ctx, host, id)
	if err != nil || v.State() != meet.MeetingConfirmed {
		return err
	}
	err = b.Events.DeleteEvent(ctx, host, v.Event.ID)
	if err != nil && b.isGone(ctx, host, v.Event.ID) {
		err = nil
	}
	if err == nil && v.Booked.ID != "" {
		err = b.Meetings.CancelMeeting(ctx, v.Booked)
	}
	if err != nil {
		return fmt.Errorf("cancelling a meeting: %w", err)
	}
	return nil
}

// isGone reports whether the portal says that an event is not there.
func (b *Booker) isGone(ctx context.Context, host meet.Member, event int64) bool {
	_, err := b.Events.EventByID(ctx, host, event)
	return meet.KindOf(err) == meet.NotFound
}

// Answer accepts or declines a meeting to which somebody is invited. What they have answered
// then is read back: the portal says yes to whatever it is asked.
func (b *Booker) Answer(ctx context.Context, me meet.Member, id string, answer meet.EventAnswer) error {
	v, err := b.one(ctx, me, id)
	if err != nil {
		return err
	}
	if !v.Event.Invites(me.User) || v.Event.Host == me.User {
		return &meet.Error{Kind: meet.Conflict, Key: "error.meeting_own"}
	}
	if err := b.Events.AnswerEvent(ctx, me, v.Event.Row, answer); err != nil {
		return fmt.Errorf("answering a meeting: %w", err)
	}
	now, err := b.one(ctx, me, id)
	if err != nil {
		return err
	}
	if now.Event.AnswerOf(me.User) != answer {
		return &meet.Error{Kind: meet.Unavailable, Key: "error.meeting_answer"}
	}
	return nil
}

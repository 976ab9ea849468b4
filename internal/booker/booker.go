package booker

import (
	"context"
	"encoding/base32"
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net/url"
	"slices"
	"strconv"
	"sync"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
)

// Booker books meetings. It is safe for concurrent use; processes share what Meetings
// keeps, and nothing else.
type Booker struct {
	Meetings meet.Meetings
	Events   meet.Events
	Finder   *finder.Finder
	Seal     Sealer
	Random   io.Reader // cryptographically random
	Now      func() time.Time
	Log      *slog.Logger

	sends sync.WaitGroup
}

// Sealer encrypts for one purpose and owner; package seal has it.
type Sealer interface {
	Seal(purpose, owner, plain string) string
	Open(purpose, owner, sealed string) (string, error)
}

const (
	idBytes     = 12
	markerBytes = 10 // 16 characters of base32
	idPrefix    = "m_"

	formPurpose = "meeting" // what forms are sealed for
)

// limits bound what one person and one portal have open, and keep.
var limits = meet.MeetingLimits{Open: 20, OpenPortal: 500, All: 5000}

// Taken says that a time is not free any more, and which are.
type Taken struct{ Next []civil.Span }

// Error returns text for logs.
func (t *Taken) Error() string {
	return fmt.Sprintf("the time is taken; %d others are free", len(t.Next))
}

// Unwrap makes it a meet.Error of kind Conflict.
func (t *Taken) Unwrap() error { return &meet.Error{Kind: meet.Conflict, Key: "error.slot_taken"} }

// Book makes a meeting of a form, and returns it confirmed; or open, when the outcome is not
// known yet. A form that is sent again makes no second meeting: the first is returned.
//
// Errors: Invalid, Taken, Busy when the host has too many, those of Finder, and those with
// which the portal refuses. After an error no event is there.
func (b *Booker) Book(ctx context.Context, host meet.Member, form meet.MeetingForm) (meet.Meeting, error) {
	if form.Key != "" {
		known, err := b.Meetings.MeetingByKey(ctx, host, form.Key)
		switch {
		case err == nil && known.State != meet.MeetingFailed:
			return b.sentAgain(ctx, known)
		case err != nil && meet.KindOf(err) != meet.NotFound:
			return meet.Meeting{}, fmt.Errorf("looking for a booking: %w", err)
		}
	}
	answer, err := b.Finder.FindOnly(ctx, host, form.Query)
	if err != nil {
		return meet.Meeting{}, err
	}
	form.Query = answer.Query
	m, err := b.newMeeting(host, form, eventZone(answer, host))
	if err != nil {
		return meet.Meeting{}, err
	}
	m, added, err := b.Meetings.AddMeeting(ctx, m, claimed(form.Query, host), limits)
	switch {
	case meet.KindOf(err) == meet.Conflict:
		return meet.Meeting{}, &Taken{NextTimes(answer, form.Start)}
	case err != nil:
		return meet.Meeting{}, fmt.Errorf("keeping a booking: %w", err)
	case !added:
		return b.sentAgain(ctx, m)
	}
	return b.book(ctx, m, form)
}

// newMeeting is the meeting of a form, not stored yet.
func (b *Booker) newMeeting(host meet.Member, form meet.MeetingForm, zone string) (meet.Meeting, error) {
	id, err := b.random(idBytes)
	if err != nil {
		return meet.Meeting{}, err
	}
	marker, err := b.random(markerBytes)
	if err != nil {
		return meet.Meeting{}, err
	}
	now := b.Now()
	return meet.Meeting{
		ID: idPrefix + base64.RawURLEncoding.EncodeToString(id), Host: host, Key: form.Key, Marker: base32.StdEncoding.EncodeToString(marker),
		SealedForm: b.Seal.Seal(formPurpose, sealOwner(host), form.Values().Encode()),
		Start:      form.Start, End: form.End(), Zone: zone, State: meet.MeetingIntended, Created: now, Look: now.Add(sendLife),
	}, nil
}

func (b *Booker) random(bytes int) ([]byte, error) {
	raw := make([]byte, bytes)
	if _, err := io.ReadFull(b.Random, raw); err != nil {
		return nil, fmt.Errorf("booking: %w", err)
	}
	return raw, nil
}

// sealOwner is what a meeting's form is sealed to.
func sealOwner(host meet.Member) string { return host.Portal + "/" + strconv.FormatInt(host.User, 10) }

// form is the form of a stored meeting. It can't be read any more when a secret was dropped.
func (b *Booker) form(m meet.Meeting) (meet.MeetingForm, error) {
	text, err := b.Seal.Open(formPurpose, sealOwner(m.Host), m.SealedForm)
	if err != nil {
		return meet.MeetingForm{}, fmt.Errorf("a meeting's form: %w", err)
	}
	values, err := url.ParseQuery(text)
	if err != nil {
		return meet.MeetingForm{}, fmt.Errorf("a meeting's form: %w", err)
	}
	return meet.ParseMeeting(values)
}

// claimed are the people without whom the meeting can't be: their time must not be booked
// twice at the same moment. Where it is not said who, it may be anybody who is asked.
func claimed(q meet.Query, host meet.Member) []int64 {
	people := append(slices.Clone(q.Required), host.User)
	if q.Quorum > 0 || len(q.Any) > 0 {
		people = append(q.People(), host.User)
	}
	return meet.Distinct(people)
}

// eventZone is the zone in which the event's times are written: the host's.
func eventZone(answer meet.Answer, host meet.Member) string {
	for _, p := range answer.People {
		if p.ID == host.User && p.Zone != nil {
			return p.Zone.String()
		}
	}
	if answer.Searcher.Zone != "" {
		return answer.Searcher.Zone
	}
	return answer.Query.Zone.String()
}

// book decides with what is read now, and asks the portal for the event.
func (b *Booker) book(ctx context.Context, m meet.Meeting, form meet.MeetingForm) (meet.Meeting, error) {
	answer, free, err := b.Finder.Check(ctx, m.Host, form.Query, form.Start)
	if err == nil && !free {
		err = &Taken{NextTimes(answer, form.Start)}
	}
	if err != nil {
		return meet.Meeting{}, b.giveUp(ctx, m, err)
	}
	m.Look = b.Now().Add(pageWait + time.Second)
	mine, err := b.Meetings.MarkSent(ctx, m, b.Now())
	if err != nil {
		return meet.Meeting{}, fmt.Errorf("keeping a booking: %w", err)
	}
	if !mine { // somebody thought that this process had died
		return meet.Meeting{}, &meet.Error{Kind: meet.Unavailable, Key: "error.meeting_not_made"}
	}
	m.State = meet.MeetingSent
	return b.send(ctx, m, newEvent(m, form, answer))
}

// giveUp ends a booking for which the portal was not asked, and returns why.
func (b *Booker) giveUp(ctx context.Context, m meet.Meeting, why error) error {
	ctx = context.WithoutCancel(ctx)
	err := b.Meetings.DropMeeting(ctx, m)
	if err == nil {
		// One that was begun anew was sent before, so it is still there.
		err = b.Meetings.FailMeeting(ctx, m, "error.meeting_not_made")
	}
	if err != nil {
		b.Log.ErrorContext(ctx, "a booking can't be ended", "meeting", m.ID, "error", err)
	}
	return why
}

// newEvent is the event that the portal is asked for.
func newEvent(m meet.Meeting, form meet.MeetingForm, answer meet.Answer) meet.Event {
	e := meet.Event{
		Host: m.Host.User, Title: form.Title, Description: form.Description, Marker: m.Marker, Place: form.Place,
		Start: m.Start, End: m.End, Zone: m.Zone, Meeting: true,
		Importance: form.Importance, Color: form.Color, Remind: form.Remind, CRM: form.CRM,
	}
	invite := form.Invite
	if len(invite) == 0 {
		invite = Invitees(answer, m.Span())
	}
	for _, id := range meet.Distinct(append([]int64{m.Host.User}, invite...)) {
		e.Invited = append(e.Invited, meet.Invited{User: id})
	}
	return e
}

// Invitees are the people who are invited to a meeting unless its host says otherwise:
// everybody required and optional, and of groups of whom some are needed those who are free.
// Who is unknown to the portal, or has left, is not among them.
func Invitees(answer meet.Answer, during civil.Span) []int64 {
	free := map[int64]bool{}
	for _, id := range answer.Attendance(during).Free {
		free[id] = true
	}
	asked := map[int64]bool{}
	for _, id := range append(slices.Clone(answer.Query.Required), answer.Query.Optional...) {
		asked[id] = true
	}
	var invited []int64
	for _, p := range answer.People {
		gone := p.Unknown == meet.UnknownPerson || p.Unknown == meet.UnknownDismissed
		if !gone && (asked[p.ID] || free[p.ID]) {
			invited = append(invited, p.ID)
		}
	}
	return invited
}

// timesOffered is how many other times are named when one is taken.
const timesOffered = 3

// NextTimes are free times that don't overlap: those after the time that was asked for, where
// there are too few those before it, and last those that overlap it.
func NextTimes(answer meet.Answer, start time.Time) []civil.Span {
	asked := civil.Span{Start: civil.Floor(start), End: civil.Floor(start) + civil.Minute(answer.Query.Duration)}
	var next []civil.Span
	for _, suits := range []func(civil.Span) bool{
		func(s civil.Span) bool { return s.Start >= asked.End },
		func(s civil.Span) bool { return s.End <= asked.Start },
		func(s civil.Span) bool { return s.Start != asked.Start },
	} {
		for _, s := range answer.Found.Slots {
			overlaps := slices.ContainsFunc(next, func(other civil.Span) bool { return other.Overlaps(s.Span) })
			if len(next) < timesOffered && suits(s.Span) && !overlaps {
				next = append(next, s.Span)
			}
		}
	}
	slices.SortFunc(next, func(a, b civil.Span) int { return int(a.Start - b.Start) })
	return next
}

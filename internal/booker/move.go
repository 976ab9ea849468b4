package booker

import (
	"context"
	"fmt"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
)

// moveStep is the step of the times to which a meeting moves, in minutes.
const moveStep = 5

// MoveQuery is the question which times suit a meeting that moves: those of the people who
// have not declined it, as long as it is, from its day on. The meeting itself keeps nobody
// from coming.
func MoveQuery(v View, from civil.Date) meet.Query {
	q := meet.NewQuery()
	if v.Booked.ID != "" && v.Form.Query.Zone != nil {
		q = v.Form.Query
	}
	q.Selection = meet.Selection{}
	q.Me = true
	optional := map[int64]bool{}
	for _, id := range v.Form.Query.Optional {
		optional[id] = true
	}
	for _, i := range v.Event.Invited {
		switch {
		case i.Answer == meet.AnswerDeclined:
		case optional[i.User]:
			q.Optional = append(q.Optional, i.User)
		default:
			q.Required = append(q.Required, i.User)
		}
	}
	if loc, err := zone.Load(v.Event.Zone); err == nil {
		q.Zone = loc
	}
	q.Duration = int(v.Event.Span().Len())
	q.Hours, q.Days, q.Notice, q.Weeks = meet.NewQuery().Hours, meet.NewQuery().Days, 0, 1
	q.From, q.To, q.Step = from, from.Add(6), moveStep
	q.Ignore = []int64{v.Event.ID}
	return q
}

// Move gives a meeting of the host another time, if it is free. Everything else of the event
// stays as it is, also what was changed in the portal meanwhile.
//
// Errors: NotFound, Taken, Invalid when the meeting can't move, Conflict while the outcome of
// the booking is not known, and those of Events. A move whose outcome is not known is read
// back; Uncertain when that fails, too.
func (b *Booker) Move(ctx context.Context, host meet.Member, id string, start time.Time) error {
	v, err := b.ofHost(ctx, host, id)
	switch {
	case err != nil:
		return err
	case v.State() != meet.MeetingConfirmed:
		return &meet.Error{Kind: meet.Gone, Key: "error.meeting_gone"}
	case v.Event.AllDay || v.Event.Series:
		return &meet.Error{Kind: meet.Unsupported, Key: "error.meeting_fixed"}
	case v.Event.Start.Equal(start):
		return nil
	}
	loc, err := zone.Load(v.Event.Zone)
	if err != nil {
		loc = time.UTC
	}
	answer, free, err := b.Finder.Check(ctx, host, MoveQuery(v, civil.DateOf(start.In(loc))), start)
	if err != nil {
		return err
	}
	if !free {
		return &Taken{NextTimes(answer, start)}
	}
	return b.move(ctx, host, v, start)
}

func (b *Booker) move(ctx context.Context, host meet.Member, v View, start time.Time) error {
	end := start.Add(v.Event.End.Sub(v.Event.Start))
	err := b.Events.MoveEvent(ctx, host, v.Event, start, end)
	if meet.KindOf(err) == meet.Uncertain {
		now, readErr := b.Events.EventByID(ctx, host, v.Event.ID)
		switch {
		case readErr == nil && now.Start.Equal(start):
			err = nil
		case readErr == nil:
			err = &meet.Error{Kind: meet.Unavailable, Key: "error.meeting_not_moved"}
		}
	}
	if err == nil && v.Booked.ID != "" {
		err = b.Meetings.MoveMeeting(ctx, v.Booked, start, end)
	}
	if err != nil {
		return fmt.Errorf("moving a meeting: %w", err)
	}
	return nil
}

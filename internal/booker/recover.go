package booker

import (
	"context"
	"errors"
	"time"

	"golang.org/x/sync/errgroup"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

const (
	recoverPause = 2 * time.Second  // between rounds
	lookLife     = 12 * time.Second // longer than looking after one booking takes
	lookPause    = 2 * time.Second  // between looks at a portal that answers
	longestPause = 10 * time.Second
	mostAtOnce   = 16  // bookings that are looked after at the same time
	mostInRound  = 200 // bookings that are read for one round
	mostOfPortal = 2   // of one portal in a round: one that hangs must not delay the others

	// forgetAfter is how long an outcome is looked for. After it the portal, or the host's
	// access to it, has been away for good.
	forgetAfter = 30 * 24 * time.Hour
)

// Run looks after bookings without an outcome until ctx ends. Every process does: whose
// turn a booking is the database says, for seconds, so that one that dies delays nothing.
// That is why this is no job: a job's lease lasts for minutes, and people wait for this.
func (b *Booker) Run(ctx context.Context) {
	for ; ctx.Err() == nil; pause(ctx, recoverPause) {
		if err := rescue.Err(func() error { return b.Recover(ctx) })(); err != nil && ctx.Err() == nil {
			b.Log.ErrorContext(ctx, "bookings can't be looked after", "error", err)
		}
	}
}

// Recover finds out what became of bookings without an outcome, and completes those that
// their hosts have asked for again.
func (b *Booker) Recover(ctx context.Context) error {
	open, err := b.Meetings.OpenMeetings(ctx, b.Now(), mostInRound)
	if err != nil {
		return err
	}
	var group errgroup.Group
	group.SetLimit(mostAtOnce)
	taken := map[string]int{}
	for _, m := range open {
		if taken[m.Host.Portal]++; taken[m.Host.Portal] > mostOfPortal || ctx.Err() != nil {
			continue
		}
		group.Go(rescue.Err(func() error {
			mine, err := b.Meetings.TakeOpen(ctx, m, b.Now().Add(lookLife))
			if err != nil || !mine {
				return err
			}
			if m.State == meet.MeetingIntended {
				b.begun(ctx, m)
			} else {
				b.look(ctx, m)
			}
			return nil
		}))
	}
	return group.Wait()
}

// begun ends a booking whose process died before it asked the portal.
func (b *Booker) begun(ctx context.Context, m meet.Meeting) {
	if m.Again {
		b.rebook(ctx, m)
		return
	}
	b.fail(ctx, m, "error.meeting_not_made")
}

// look looks for the event of a booking that was sent, once, and stores what it finds.
func (b *Booker) look(ctx context.Context, m meet.Meeting) meet.Meeting {
	during := civil.Outward(m.Start.AddDate(0, 0, -1), m.End.AddDate(0, 0, 1)) // somebody may have moved it already
	id, err := b.Events.MarkedEvent(ctx, m.Host, m.Marker, during)
	now := b.Now()
	switch {
	case err == nil:
		return b.confirm(ctx, m, id)
	case meet.KindOf(err) != meet.NotFound && now.Sub(m.Sent) < forgetAfter:
		b.Log.DebugContext(ctx, "a booking's outcome can't be found out now", "meeting", m.ID, "error", err)
		b.lookLater(ctx, m, now.Add(min(lookPause<<min(m.Looks, 8), longestPause)))
	case !b.settled(m, now):
		b.lookLater(ctx, m, now.Add(lookPause))
	case m.Again:
		if mine, err := b.Meetings.BeginAgain(ctx, m, now.Add(sendLife)); err == nil && mine {
			return b.rebook(ctx, m)
		}
	default:
		return b.fail(ctx, m, "error.meeting_not_made")
	}
	return m
}

// settled reports whether an event that is not there will not turn up any more.
func (b *Booker) settled(m meet.Meeting, now time.Time) bool {
	if m.Ended.IsZero() {
		return now.Sub(m.Sent) >= sendLife
	}
	return now.Sub(m.Ended) >= settleTime
}

func (b *Booker) lookLater(ctx context.Context, m meet.Meeting, at time.Time) {
	if err := b.Meetings.LookLater(ctx, m, at); err != nil {
		b.Log.ErrorContext(ctx, "a booking can't be kept", "meeting", m.ID, "error", err)
	}
}

func (b *Booker) fail(ctx context.Context, m meet.Meeting, key string) meet.Meeting {
	if err := b.Meetings.FailMeeting(ctx, m, key); err != nil {
		b.Log.ErrorContext(ctx, "a booking can't be kept", "meeting", m.ID, "error", err)
		return m
	}
	m.State, m.Fault = meet.MeetingFailed, key
	return m
}

// rebook books a meeting that is intended once more.
func (b *Booker) rebook(ctx context.Context, m meet.Meeting) meet.Meeting {
	form, err := b.form(m)
	if err != nil {
		return b.fail(ctx, m, "error.meeting_not_made")
	}
	booked, err := b.book(ctx, m, form)
	if err == nil {
		return booked
	}
	key := faultKey(err)
	if taken := (*Taken)(nil); errors.As(err, &taken) {
		key = "error.slot_taken"
	}
	return b.fail(ctx, m, key)
}

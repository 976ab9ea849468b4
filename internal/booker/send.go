package booker

import (
	"context"
	"errors"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

const (
	// pageWait is how long a page waits for the portal. What takes longer goes on without it.
	pageWait = 7 * time.Second

	// sendLife is longer than a request for an event may be on its way.
	sendLife = 18 * time.Second

	// askPause is how often a form that was sent again asks what became of the first.
	askPause = 200 * time.Millisecond

	// settleTime is how long after the end of a request without an outcome its event may
	// still turn up.
	settleTime = 9 * time.Second
)

// pause waits for a time, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	waiting, cancel := context.WithTimeout(ctx, d)
	defer cancel()
	<-waiting.Done()
}

// outcome is what became of a request.
type outcome struct {
	meeting meet.Meeting
	err     error
}

// send asks the portal for the event, once. The request goes on when the page that waits for
// it gives up: whether it is answered late must be known.
func (b *Booker) send(ctx context.Context, m meet.Meeting, e meet.Event) (meet.Meeting, error) {
	done := make(chan outcome, 1)
	b.sends.Go(rescue.Func(rescue.Log(b.Log, "booking"), func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendLife)
		defer cancel()
		m, err := b.create(ctx, m, e)
		done <- outcome{m, err}
	}))
	waiting, cancel := context.WithTimeout(ctx, pageWait)
	defer cancel()
	select {
	case o := <-done:
		return o.meeting, o.err
	case <-waiting.Done():
		return m, nil
	}
}

// Wait waits until no request for an event is under way, or ctx ends. What is under way
// then is found out by the next process.
func (b *Booker) Wait(ctx context.Context) {
	done := make(chan struct{})
	rescue.Go(rescue.Log(b.Log, "waiting for bookings"), func() { b.sends.Wait(); close(done) })
	select {
	case <-done:
	case <-ctx.Done():
	}
}

// create asks for the event and stores the outcome.
func (b *Booker) create(ctx context.Context, m meet.Meeting, e meet.Event) (meet.Meeting, error) {
	id, err := b.Events.CreateEvent(ctx, m.Host, e)
	ctx = context.WithoutCancel(ctx) // what happened must be stored
	switch {
	case err == nil:
		return b.confirm(ctx, m, id), nil
	case meet.KindOf(err) == meet.Uncertain:
		now := b.Now()
		m.Ended = now
		b.Log.WarnContext(ctx, "a booking has no outcome yet", "meeting", m.ID, "error", err)
		if err := b.Meetings.MarkEnded(ctx, m, now, now.Add(lookPause)); err != nil {
			b.Log.ErrorContext(ctx, "a booking can't be kept", "meeting", m.ID, "error", err)
		}
		return b.look(ctx, m), nil
	}
	if failed := b.Meetings.FailMeeting(ctx, m, faultKey(err)); failed != nil {
		b.Log.ErrorContext(ctx, "a booking can't be kept", "meeting", m.ID, "error", failed)
	}
	return meet.Meeting{}, err
}

// confirm stores that the event is there. If that fails, the event is found by its marker
// later.
func (b *Booker) confirm(ctx context.Context, m meet.Meeting, event int64) meet.Meeting {
	if err := b.Meetings.ConfirmMeeting(ctx, m, event); err != nil {
		b.Log.ErrorContext(ctx, "a booking can't be kept", "meeting", m.ID, "error", err)
		return m
	}
	m.State, m.Event, m.Fault = meet.MeetingConfirmed, event, ""
	return m
}

// faultKey is the text of an error.
func faultKey(err error) string {
	var known *meet.Error
	if errors.As(err, &known) {
		return known.Key
	}
	return "error.internal"
}

// sentAgain answers a form that was sent before: when its outcome isn't known, it waits for
// it a while, and notes that the host still wants the meeting.
func (b *Booker) sentAgain(ctx context.Context, m meet.Meeting) (meet.Meeting, error) {
	if !m.State.Open() {
		return m, nil
	}
	if err := b.Meetings.WantAgain(ctx, m); err != nil {
		return meet.Meeting{}, err
	}
	ctx, cancel := context.WithTimeout(ctx, pageWait)
	defer cancel()
	for m.State.Open() {
		if pause(ctx, askPause); ctx.Err() != nil {
			return m, nil
		}
		now, err := b.Meetings.MeetingOf(ctx, m.Host, m.ID)
		switch {
		case meet.KindOf(err) == meet.NotFound: // the other one found the time taken
			return meet.Meeting{}, &Taken{}
		case ctx.Err() != nil:
			return m, nil
		case err != nil:
			return meet.Meeting{}, err
		}
		m = now
	}
	if m.State == meet.MeetingFailed {
		return meet.Meeting{}, &meet.Error{Kind: meet.Unavailable, Key: m.Fault}
	}
	return m, nil
}

package meet

import (
	"context"
	"time"

	"slotfinder/internal/civil"
)

// Meeting is a meeting that was booked through the app, or is being booked.
//
// From the moment that the portal may have been asked to create the event, the stored
// meeting is the only thing that keeps it from being created twice.
type Meeting struct {
	ID     string // random; pages name the meeting by it
	Host   Member
	Key    string // what the host's form calls the booking: sent twice, it books once
	Marker string // the last line of the event's description: by it the event is found again

	SealedForm string // MeetingForm.Values, sealed
	Start, End time.Time
	Zone       string // IANA name of the event's zone

	State MeetingState
	Event int64 // id at the portal, 0 = not known

	Created time.Time
	Sent    time.Time // when the portal was asked last; zero = never
	Ended   time.Time // when that request ended without an outcome; zero = it may still be on its way
	Look    time.Time // when to find out next, while the state isn't known
	Looks   int64     // how often that was tried
	Again   bool      // the host has sent the form again while the outcome was not known
	Fault   string    // text key of why it failed
}

// MeetingState is how a booking stands.
type MeetingState string

// How a booking stands. From MeetingIntended to MeetingSent the portal has not been asked;
// after it, what is not confirmed is not known.
const (
	MeetingIntended  MeetingState = "intended"
	MeetingSent      MeetingState = "sent"
	MeetingConfirmed MeetingState = "confirmed"
	MeetingFailed    MeetingState = "failed"
	MeetingCancelled MeetingState = "cancelled"
)

// Open reports whether the outcome is not known yet.
func (s MeetingState) Open() bool { return s == MeetingIntended || s == MeetingSent }

// Span is the time of the meeting.
func (m Meeting) Span() civil.Span { return civil.Outward(m.Start, m.End) }

// MeetingLimits bound what one person, and one portal, may have.
type MeetingLimits struct {
	Open       int // whose outcome is not known, of one host
	OpenPortal int // the same, of all of a portal
	All        int // of one host
}

// Meetings keeps meetings. Whatever is not the host's is NotFound.
type Meetings interface {
	// AddMeeting keeps a new meeting as intended, and claims its time for the people, until
	// the outcome is known. Where the host has one of the same key that didn't fail, that one
	// is returned and nothing is added; one that failed is begun anew, with its id and
	// marker. Taken: one of the people is claimed for another meeting at that time.
	// Conflict: the limits are reached.
	AddMeeting(ctx context.Context, m Meeting, people []int64, limits MeetingLimits) (kept Meeting, added bool, err error)
	// MeetingOf returns a meeting of the host, MeetingByKey the one that a form has made.
	MeetingOf(ctx context.Context, host Member, id string) (Meeting, error)
	MeetingByKey(ctx context.Context, host Member, key string) (Meeting, error)
	// MeetingsOf returns those of the host that end after an instant and have neither failed
	// nor been cancelled, the next one first, at most so many.
	MeetingsOf(ctx context.Context, host Member, after time.Time, most int) ([]Meeting, error)
	// OpenMeetings returns those whose outcome is to be found out now, the longest due first.
	OpenMeetings(ctx context.Context, now time.Time, most int) ([]Meeting, error)
	// TakeOpen keeps an open meeting for whoever looks after it, until the instant. false:
	// another process was faster.
	TakeOpen(ctx context.Context, m Meeting, until time.Time) (bool, error)
	// MarkSent notes that the portal is about to be asked. false: the meeting is not
	// intended any more, so it must not be.
	MarkSent(ctx context.Context, m Meeting, at time.Time) (bool, error)
	// MarkEnded notes that the request ended without an outcome, and when to look.
	MarkEnded(ctx context.Context, m Meeting, at, look time.Time) error
	// LookLater notes when to look next.
	LookLater(ctx context.Context, m Meeting, look time.Time) error
	// WantAgain notes that the host has sent the form again.
	WantAgain(ctx context.Context, m Meeting) error
	// BeginAgain makes a meeting that was sent an intended one. false: it isn't any more.
	BeginAgain(ctx context.Context, m Meeting, look time.Time) (bool, error)
	// ConfirmMeeting, FailMeeting, CancelMeeting and MoveMeeting note outcomes. The first two
	// release the claims.
	ConfirmMeeting(ctx context.Context, m Meeting, event int64) error
	FailMeeting(ctx context.Context, m Meeting, fault string) error
	CancelMeeting(ctx context.Context, m Meeting) error
	MoveMeeting(ctx context.Context, m Meeting, start, end time.Time) error
	// DropMeeting forgets a meeting for which the portal was never asked.
	DropMeeting(ctx context.Context, m Meeting) error
}

package meet

import (
	"context"
	"slices"
	"time"

	"slotfinder/internal/civil"
)

// Event is an entry in the calendar of a portal, as the app writes and reads it. Its texts
// are shown to its own people only, and never logged.
type Event struct {
	ID          int64 // of the organiser's row; 0 = not created yet
	Row         int64 // of the row that was read: that of the calendar's owner, or the organiser's
	Host        int64
	Title       string
	Description string // without the line of the marker
	Marker      string // by which an event of this app is found again; "" = none
	Place       string
	Start, End  time.Time
	Zone        string // IANA name: the event's times are clock readings there
	AllDay      bool
	Series      bool // it recurs; Start and End are those of one entry
	Meeting     bool // people are invited
	Invited     []Invited
	Importance  Importance // "" = as usual
	Color       string     // #rrggbb, "" = the portal's
	Remind      []int      // minutes before the start; nil = as the portal reminds
	CRM         []string   // D_12, CO_3, …: what the CRM has to do with it
	URL         string     // where the portal shows it to the reader; only of EventByID
}

// Invited is somebody who is invited to an event, or its host.
type Invited struct {
	User   int64
	Row    int64 // of the event in their own calendar, 0 = not known
	Answer EventAnswer
}

// EventAnswer is how somebody has answered an invitation. It is public: JSON carries it.
type EventAnswer string

// The answers.
const (
	AnswerAccepted EventAnswer = "accepted" // the host's, too
	AnswerDeclined EventAnswer = "declined"
	AnswerNone     EventAnswer = "none"
)

// Importance is how much an event matters.
type Importance string

// The importances that portals have.
const (
	ImportanceLow    Importance = "low"
	ImportanceNormal Importance = "normal"
	ImportanceHigh   Importance = "high"
)

// Span is the time of the event, rounded outward to whole minutes.
func (e Event) Span() civil.Span { return civil.Outward(e.Start, e.End) }

// Invites reports whether the user is among the invited.
func (e Event) Invites(user int64) bool {
	return slices.ContainsFunc(e.Invited, func(i Invited) bool { return i.User == user })
}

// AnswerOf is how the user has answered.
func (e Event) AnswerOf(user int64) EventAnswer {
	for _, i := range e.Invited {
		if i.User == user {
			return i.Answer
		}
	}
	return AnswerNone
}

// Events reads and writes events with the rights of the member. Package bitrix24 has it.
//
// The errors are those of Directory, and Invalid, Forbidden or NotFound where the portal
// clearly refuses. Methods that write fail with Uncertain when nobody can tell whether the
// portal did what it was asked: to ask again could do it twice.
type Events interface {
	// CreateEvent adds an event to the member's own calendar and returns its id.
	CreateEvent(ctx context.Context, m Member, e Event) (int64, error)
	// MoveEvent gives an event of the member another time and keeps all else. e is as it
	// was read.
	MoveEvent(ctx context.Context, m Member, e Event, start, end time.Time) error
	// DeleteEvent removes an event of the member for everybody.
	DeleteEvent(ctx context.Context, m Member, id int64) error
	// EventByID reads one event. NotFound: there is none, or the member may not see it.
	EventByID(ctx context.Context, m Member, id int64) (Event, error)
	// OwnEvents reads what lies in the member's own calendar during the span: each entry of
	// a series by itself.
	OwnEvents(ctx context.Context, m Member, during civil.Span) ([]Event, error)
	// MarkedEvent finds the event in the member's own calendar that has the marker. NotFound: there is none during the span.
	MarkedEvent(ctx context.Context, m Member, marker string, during civil.Span) (int64, error)
	// AnswerEvent accepts or declines an invitation of the member.
	AnswerEvent(ctx context.Context, m Member, id int64, answer EventAnswer) error
}

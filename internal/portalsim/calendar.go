package portalsim

import (
	"time"

	"slotfinder/internal/portalsim/truth"
)

// AddEvent puts an event into the calendar of e.Owner, as its owner would, and
// returns its ID. Missing fields get what Bitrix24 gives them: type "user", the
// owner as creator, "busy", "normal". Attendees come with AddMeeting. A row that
// Bitrix24 could not have saved so goes into Events before the portal is served.
func (p *Portal) AddEvent(e Event) int { return p.calendar.AddEvent(e) }

// AddMeeting puts a meeting into the calendar of e.Owner and a row of its own into
// that of every attendee, unanswered except for the creator's. It returns the ID
// of the parent row.
func (p *Portal) AddMeeting(e Event, attendees []int) int {
	return p.calendar.AddMeeting(e, attendees)
}

// DeleteEvent deletes the event with its series, its attendees' rows and its room
// booking, whichever of its rows id names. It reports whether there was one.
func (p *Portal) DeleteEvent(id int) bool { return p.calendar.DeleteEvent(id) }

// Decline sets the user's answer to the meeting, named by any of its rows, to N.
// Nobody is told: Bitrix24 sends no event for an answer. It reports whether the
// user was invited.
func (p *Portal) Decline(user, id int) bool { return p.calendar.Answer(user, id, "N") }

// Answer sets the user's answer: Y, N or Q. See Decline.
func (p *Portal) Answer(user, id int, status string) bool {
	return p.calendar.Answer(user, id, status)
}

// AddAbsence puts a record into the absence chart and returns its ID, which is of
// another number space than those of events.
func (p *Portal) AddAbsence(a Absence) int { return p.calendar.AddAbsence(a) }

// EventsOf copies the rows in the user's own calendar that are not deleted, in
// the order they were made, declined and free ones among them.
func (p *Portal) EventsOf(user int) []Event { return p.calendar.EventsOf(user) }

// OnCalendarChange has f called after every change of calendar rows with the name
// of the REST event and the rows' IDs, a meeting's parent last. Answers to
// invitations are no change. f runs while the portal is locked and must not call
// its methods. It replaces an earlier f.
func (p *Portal) OnCalendarChange(f func(kind string, ids []int)) { p.calendar.OnChange(f) }

// TrueBusy tells when the user is really busy between from and to: what a correct
// reader of this portal must find out from its answers. Whole days are days in the
// user's zone; without one in fallback's first, else in the server's.
func (p *Portal) TrueBusy(user int, from, to time.Time, fallback ...*time.Location) []TrueSpan {
	return truth.Busy(p.portal, user, from, to, fallback...)
}

package meet

import (
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep"
)

// Answer is what Finder found out. Several readers may share it.
type Answer struct {
	Query     Query     // resolved: zone, days and people are explicit
	AsOf      time.Time // UTC, the minute that has begun
	People    []Attendee
	View      View     // with whose rights calendars were read
	Disputed  []string // zones whose clocks the portal reads otherwise than we do: its time zone data or ours is old
	Found     sweep.Answer
	WeekStart time.Weekday    // the first day of a week at the portal
	Holidays  []civil.YearDay // of the portal
	Relax     []Relaxation    // only when nothing was found
	Split     []sweep.Part    // meetings that together cover everybody; only when nothing was found
	Cut       []Part          // what was not looked for to the end: there may be more, or better
	Searcher  Person          // who asks, as the portal tells

	Details
}

// Details answers what is asked only of some slots or people of an Answer. It may be
// asked by several readers at once.
type Details interface {
	// Attendance says how everybody stands to a meeting during s.
	Attendance(s civil.Span) Attendance
	// Explain says who is unavailable in the minute that t lies in, and by which rule.
	Explain(t time.Time) sweep.Explanation
	// Timeline returns the stretches of time in which the i-th of People is not
	// available, chronological, for the table of people and time.
	Timeline(i int) []Stretch
	// Remarks says of each of these meetings what distinguishes it from the others.
	Remarks(proposals []civil.Span) []Remark
	// Burdens says whom a meeting costs what, beside an early or late hour.
	Burdens(s civil.Span) []Burden
	// Instead proposes slots of a span for the week in which a series fails: the best of
	// each day, best first.
	Instead(within civil.Span, most int) []Slot
	// Verdicts says who can't come to a meeting from start to end, and by which rule,
	// in the order of People.
	Verdicts(start, end time.Time) []Verdict
}

// Attendee is an asked person with what the answer says of them.
type Attendee struct {
	Person
	Zone     *time.Location
	Required bool
	Unknown  Unknown // why the calendar could not be read; "" = it was
}

// Relaxation is a change of the query, or a pair of changes, that gives at least
// one slot.
type Relaxation struct {
	sweep.Relaxation
	Query Query // the query with the change applied
}

// Part is a part of an answer that goes beyond the free times.
type Part string

// The parts that may be cut.
const (
	PartSeries Part = "series" // series and their rotation
	PartRelax  Part = "relax"
	PartSplit  Part = "split"
)

// View says with whose rights the calendars of an answer were read. It is public:
// JSON carries it.
type View string

// The views. Calendars that are hidden from the searcher look free in all but
// ViewCompany.
const (
	ViewOwn     View = "own"         // with the searcher's rights
	ViewCompany View = "company"     // with those of the account that its administrator designated
	ViewInstead View = "own_instead" // with the searcher's, since the designated account can't be used
)

// The values of the engine that answers are made of. Those who show an answer
// know them by these names and need not know the engine.
type (
	Slot       = sweep.Slot
	Reason     = sweep.Reason
	Attendance = sweep.Attendance
	Stretch    = sweep.Stretch
	State      = sweep.State
	Series     = sweep.Series
	Miss       = sweep.Miss
	Change     = sweep.Change
	AnyOf      = sweep.AnyOf
	SplitPart  = sweep.Part
	Turn       = sweep.Turn
	Verdict    = sweep.Verdict
	Remark     = sweep.Remark
	Burden     = sweep.Burden
)

// The bits of State that matter to those who show it; see package sweep.
const (
	StateBooked   = sweep.Booked
	StateUnsure   = sweep.Unsure
	StateWholeDay = sweep.WholeDay
	StateAway     = sweep.Away
	StateDecided  = sweep.Decided
	StateUnread   = sweep.Unread
	StateMissing  = sweep.Missing
)

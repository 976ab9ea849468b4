package page

import (
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// Facts is an answer as web knows it; NewResult turns it into what is shown.
type Facts struct {
	Query     string // the canonical query, encoded, without Choice: Query.Values().Encode()
	Choice    Choice
	Zone      *time.Location // the viewer's
	From, To  time.Time      // first and last day, both inclusive; any instant of the day in Zone
	Now       time.Time      // as of when the answer was computed
	Duration  int            // minutes
	Step      int            // minutes
	Hours     civil.Range    // the hours that the search allows
	Days      [7]bool        // weekdays allowed, by time.Weekday; none set = all
	WeekStart time.Weekday   // first day of a week
	Weeks     int            // 1 = once
	Quorum    int            // 0 = none
	People    []Person
	View      meet.View // with whose rights calendars were read, "" = not told
	Disputed  []string  // zones for which the portal's time zone data differs from ours
	Windows   []civil.Span
	Slots     []meet.Slot // chronological
	Why       meet.Reason // for which there are no slots
	Near      []meet.Slot // best first
	Series    []meet.Series
	Rotation  []meet.Turn // a fairer plan than the best series, week by week; nil = none
	Relax     []Relaxation
	Split     []Session                                 // meetings that together cover everybody, when one can't
	Cut       []meet.Part                               // what was not looked for to the end: relax, split, series
	Missing   func(start, end time.Time) []meet.Verdict // who can't come to a meeting, in the order of People
}

// Session is one of the meetings that a large one is split into.
type Session struct {
	meet.SplitPart
	URL string // searches for these people
}

// Relaxation is a change of the question, or a pair of changes, that gives slots.
type Relaxation struct {
	Change     meet.Change
	Person     int64       // make_optional: who
	With       meet.Change // the second change of a pair, "" = there is none
	WithPerson int64       // make_optional as the second change: who
	Duration   int         // shorter: minutes
	Hours      civil.Range // wider_hours
	From, To   time.Time   // later_range: first and last day, inclusive
	Slots      int
	URL        string
}

package page

import "time"

// Facts is an answer as web knows it; NewResult turns it into what is shown.
type Facts struct {
	Query     string // the canonical query, encoded, without Choice: Query.Values().Encode()
	Choice    Choice
	Zone      *time.Location // the viewer's
	From, To  time.Time      // first and last day, both inclusive; any instant of the day in Zone
	Now       time.Time      // as of when the answer was computed
	Duration  int            // minutes
	Step      int            // minutes
	Hours     [2]int         // the hours that the search allows, minutes from midnight; [0, 1440] = any time
	Days      [7]bool        // weekdays allowed, by time.Weekday; none set = all
	WeekStart time.Weekday   // first day of a week
	Weeks     int            // 1 = once
	Quorum    int            // 0 = none
	People    []Person
	Eyes      string   // with whose rights calendars were read: a meet.View, "" = not told
	Disputed  []string // zones for which the portal's time zone data differs from ours
	Windows   []Window
	Slots     []Slot // chronological
	Why       string // the engine's reason for which there are no slots, such as no_common_time
	Near      []Slot // best first
	Series    []Series
	Rotation  []Turn // a fairer plan than the best series, week by week; nil = none
	Relax     []Relaxation
	Split     []Session                            // meetings that together cover everybody, when one can't
	Cut       []string                             // what was not looked for to the end: relax, split, series
	Missing   func(start, end time.Time) []Missing // who can't come to a meeting, in the order of People
}

// Window is a stretch of time that suits. Start is inclusive, End exclusive.
type Window struct{ Start, End time.Time }

// Slot is a possible meeting.
type Slot struct {
	Start, End time.Time
	Rank       int      // 1 = best
	Reasons    []string // the engine's reasons, such as all_free
	For        int64    // the person of whom early_for or late_for speaks, 0 = none
}

// Missing is a person who can't come and the engine's rule that says so, such as
// busy or holiday.
type Missing struct {
	ID   int64
	Rule string
}

// Series is a meeting on the same weekday and clock time over some weeks.
type Series struct {
	Start, End time.Time // of the first meeting
	Weeks, OK  int
	Misses     []SeriesMiss
}

// SeriesMiss is a week in which a series fails.
type SeriesMiss struct {
	Date   string // YYYY-MM-DD in the viewer's zone
	People []int64
	Rule   string // why the first of them can't, or what else is in the way
}

// Turn is one week's meeting of a plan in which the hour changes.
type Turn struct {
	Start, End  time.Time
	Early, Late []int64 // for whom it begins early or ends late
}

// Session is one of the meetings that a large one is split into.
type Session struct {
	Start, End time.Time
	People     []int64
	URL        string // searches for these people
}

// Relaxation is a change of the question, or a pair of changes, that gives slots.
type Relaxation struct {
	Change     string    // as the JSON names it, such as make_optional
	Person     int64     // make_optional: who
	With       string    // the second change of a pair, "" = there is none
	WithPerson int64     // make_optional as the second change: who
	Duration   int       // shorter: minutes
	Hours      [2]int    // wider_hours: minutes from midnight
	From, To   time.Time // later_range: first and last day, inclusive
	Slots      int
	URL        string
}

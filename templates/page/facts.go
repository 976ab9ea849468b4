package page

import "time"

// Facts is an answer as web knows it; NewResult turns it into what is shown.
type Facts struct {
	Query      string // the canonical query, encoded, without Choice: Query.Values().Encode()
	Choice     Choice
	Zone       *time.Location // the viewer's
	From, To   time.Time      // first and last day, both inclusive; any instant of the day in Zone
	Now        time.Time      // as of when the answer was computed
	Duration   int            // minutes
	Step       int            // minutes
	Hours      [2]int         // the seeker's clock readings, minutes from midnight; [0, 1440] = any time
	Days       [7]bool        // weekdays allowed, by time.Weekday; none set = all
	WeekStart  time.Weekday   // first day of a week
	Weeks      int            // 1 = once
	Quorum     int            // 0 = none
	People     []Person
	Windows    []Window
	Slots      []Slot // chronological
	Near       []Slot // best first
	Series     []Series
	Relax      []Relaxation
	Attendance func(start, end time.Time) Attendance // how everybody stands to a meeting
}

// Window is a stretch of time that suits. Start is inclusive, End exclusive.
type Window struct{ Start, End time.Time }

// Slot is a possible meeting.
type Slot struct {
	Start, End time.Time
	Rank       int      // 1 = best
	Reasons    []string // sweep's reasons, such as all_free
}

// Attendance says how everybody stands to a meeting.
type Attendance struct {
	Free    []int64
	Missing []Missing // everybody who is not free
}

// Missing is a person who can't come and why.
type Missing struct {
	ID   int64
	Kind Kind
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
	Reason string // busy, tentative, absent, outside, unknown, quorum
}

// Relaxation is a change of the question that gives slots.
type Relaxation struct {
	Change   string    // as the contract names it, such as make_optional
	Person   int64     // make_optional: who
	Duration int       // shorter: minutes
	Hours    [2]int    // wider_hours: minutes from midnight
	From, To time.Time // later_range: first and last day, inclusive
	Slots    int
	URL      string
}

package sweep

import (
	"time"

	"slotfinder/internal/civil"
)

// Input is one question to the engine. The engine only reads it.
//
// The engine asks Stop and Enough again and again while it works, and no more once they
// have said true: see "How it ends". They are asked by the goroutine that searches. Nil
// is never.
type Input struct {
	People []Person // each id once
	Rules  Rules
	Stop   func() bool // ends the search: nobody waits for it any more
	Enough func() bool // ends looking for series and their rotation with what was found
}

// Person is one asked person.
type Person struct {
	ID       int64
	Required bool           // must be there; false = optional or a member of Rules.Any
	Zone     *time.Location // where the person lives; never nil
	Hours    *Hours         // working time in Zone; nil = always at work
	Blocks   []Block        // in any order, may overlap; may reach beyond the range
	Unknown  bool           // the calendar could not be read: never available
}

// Block is a stretch of a person's calendar in absolute time.
type Block struct {
	civil.Span
	Kind Kind
	Row  int32 // row id of the event it comes from, 0 for none (absence records)
}

// Kind says what a block is. The bits combine: a tentative all-day event is
// Tentative|AllDay. Zero is an ordinary busy event.
type Kind uint8

// The bits of Kind.
const (
	Tentative Kind = 1 << iota // let through by Rules.TentativeFree
	AllDay                     // let through by Rules.AllDayFree
	Absent                     // always blocks, whatever the other bits say
)

// Rules is what the seeker asks for. Clock readings are in Zone.
type Rules struct {
	Zone     *time.Location // the viewer's zone; never nil
	From, To civil.Date     // first and last day in Zone, both inclusive
	Now      civil.Minute   // nothing that starts before Now+Notice is offered
	Notice   int            // minutes
	Duration int            // minutes, > 0
	Step     int            // minutes between starts, counted from each midnight in Zone
	Hours    civil.Range    // the seeker's earliest and latest clock reading, 0 ≤ Start < End ≤ 1440
	Days     [7]bool        // weekdays allowed in Zone, by time.Weekday

	Work          bool // only inside each person's working hours
	TentativeFree bool // tentative blocks do not count
	AllDayFree    bool // all-day blocks that are not absences do not count
	Buffer        int  // minutes free before and after; widens blocks only
	Quorum        int  // at least so many of all people, beside every required one; 0 = none
	Any           []AnyOf
	Prefer        civil.Range // clock readings preferred for a start; zero = none
	Weeks         int         // same weekday and clock time in so many consecutive weeks; 0 and 1 = once
	Ignore        []int32     // row ids that do not block: the meeting that is being moved
}

// AnyOf asks for at least N of the people with these ids.
type AnyOf struct {
	N   int
	IDs []int64
}

// Hours is a person's working time, in the person's own zone.
type Hours struct {
	Week     [7][]civil.Range // by time.Weekday of the day a range starts on
	Holidays []civil.YearDay  // days without work, every year; beat Week
	Workdays []civil.YearDay  // working days although the weekday is free; a Holiday beats them
	Extra    []civil.Range    // hours of a Workday whose weekday has none
	Off      []civil.Date     // single days without work; beat everything
}

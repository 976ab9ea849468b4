package sweep

import (
	"time"

	"slotfinder/internal/civil"
)

// Input is one question to the engine, which only reads it.
//
// The engine asks Stop and Enough again and again while it works, on the goroutine that
// searches, and no more once they have said true. Nil means never.
type Input struct {
	People []Person // each id once
	Rules  Rules
	Seeker int64       // id of who asks; 0: nobody of People
	Stop   func() bool // ends the search: nobody waits for it any more
	Enough func() bool // ends the search for series and their rotation; what was found counts
}

// Person is one asked person.
type Person struct {
	ID       int64
	Required bool           // must come; false = optional, or a member of a group of Rules.Any
	Zone     *time.Location // of the person's own clock; never nil
	Hours    *Hours         // working time in Zone; nil = always at work
	Blocks   []Block        // in any order, may overlap; may reach beyond the range
	Unknown  bool           // the calendar could not be read: the person is never available
	Gone     bool           // there is no such person any more; Unknown is true, too
}

// Block is a stretch of a person's calendar: half-open, in absolute minutes.
type Block struct {
	civil.Span
	Kind Kind
	Row  int32 // id of the event's row that it comes from; 0 for none (absence records)
}

// Kind says what a block is. The bits combine: a tentative all-day event is
// Tentative|AllDay. Zero is an ordinary busy event.
type Kind uint8

// The bits of Kind.
const (
	Tentative Kind = 1 << iota // let through by Rules.TentativeFree
	AllDay                     // let through by Rules.AllDayFree
	Absent                     // an absence: always blocks, whatever the other bits say
)

// Rules is what the seeker asks for. Days and clock readings are those of Zone.
type Rules struct {
	Zone     *time.Location // the viewer's zone; never nil
	From, To civil.Date     // first and last day, both inclusive
	Now      civil.Minute   // nothing that starts before Now+Notice is offered
	Notice   int            // minutes
	Duration int            // of a slot, minutes, > 0
	Step     int            // minutes between starts, counted from each midnight, > 0
	Hours    civil.Range    // earliest start and latest end of a slot, 0 ≤ Start < End ≤ 1440
	Days     [7]bool        // weekdays allowed, by time.Weekday

	Work          bool // only within each person's working hours
	TentativeFree bool // tentative blocks do not count
	AllDayFree    bool // all-day blocks that are not absences do not count
	Buffer        int  // minutes that must be free before and after; widens blocks, not off-hours
	Quorum        int  // at least so many of all people, and every required one; 0 = none
	Any           []AnyOf
	Prefer        civil.Range // clock readings preferred for a start, the end included; zero = none
	Weeks         int         // same weekday and clock time in so many consecutive weeks; 0 and 1 = once
	Ignore        []int32     // ids of rows that do not block: the meeting that is being moved
}

// AnyOf asks for at least N of the people with these ids. Ids of people who are not
// asked do not count.
type AnyOf struct {
	N   int
	IDs []int64
}

// Hours is a person's working time on their own clock.
type Hours struct {
	Week     [7][]civil.Range // by time.Weekday of the day a range starts on
	Holidays []civil.YearDay  // days without work, every year; override Week and Workdays
	Workdays []civil.YearDay  // working days although the weekday has no hours
	Extra    []civil.Range    // hours of a day of Workdays
	Off      []civil.Date     // single days without work; override everything
}

package sweep

import (
	"slotfinder/internal/civil"
)

// Answer is what Find found. Same input, same answer.
type Answer struct {
	// Windows are the maximal intervals, each at least Duration long, in which
	// all required people are available, every AnyOf is met and, with a quorum,
	// enough people are there minute by minute. Chronological.
	Windows []civil.Span
	// Slots are the starts on the grid whose whole slot lies in a window (and,
	// with a quorum or AnyOf, has the same people from start to end). Chronological.
	Slots []Slot
	// Near are the best candidates with the fewest people missing, best first, at
	// most 20; only when Slots is empty.
	Near []Slot
	// Series are the candidates of a search with Weeks > 1, best first.
	Series []Series
	// Rotation is a plan with changing hours, week by week, when the hour of the
	// best series is early or late for somebody and taking turns is fairer.
	Rotation []Turn
	// Why is the reason for which Slots is empty; empty if it is not.
	Why Reason

	// Stopped says that Input.Stop ended the search. Nothing else is in the answer.
	Stopped bool
	// CutSeries says that Input.Enough ended the comparison of series: there may be
	// better ones than those listed. What is said of these is exact.
	CutSeries bool
	// CutRotation says that Input.Enough ended looking for a rotation.
	CutRotation bool
}

// Slot is one possible meeting.
type Slot struct {
	civil.Span
	Rank    int // 1 is the best; each rank once
	Reasons []Reason
	For     int64 // the person of whom early_for or late_for speaks, 0 for none
}

// Attendance says how each person stands to a slot. Everybody is in at least
// one list; each list is in the order of Input.People. Somebody whose tentative
// block is let through is in Free and in Tentative; somebody whom only a
// tentative block keeps away is in Tentative and not in Busy.
type Attendance struct {
	Free, Busy, Tentative, Outside, Unknown []int64
}

// Reason is why a slot stands where it stands: a key that the pages translate.
type Reason string

// How many can come: the first reason of every slot.
const (
	AllFree         Reason = "all_free"         // every asked person is available
	RequiredFree    Reason = "required_free"    // all required ones, not all optional ones
	QuorumMet       Reason = "quorum"           // enough people, not everybody
	QuorumMissed    Reason = "quorum_missed"    // all required ones, but too few people
	MissingRequired Reason = "missing_required" // somebody required can't
)

// What a slot costs those who come: further reasons.
const (
	KeepsFocus    Reason = "keeps_focus"  // breaks nobody's focus time
	BreaksFocus   Reason = "breaks_focus" // cuts a free stretch of two hours or more
	EarlyFor      Reason = "early_for"    // early on the clock of Slot.For
	LateFor       Reason = "late_for"     // late on the clock of Slot.For
	OverTentative Reason = "tentative"    // somebody has a tentative event then
)

// Why there is no slot at all, beside QuorumMissed.
const (
	InThePast       Reason = "in_the_past"      // the whole range lies before now and the notice
	NoDay           Reason = "no_day"           // no day of the range is a weekday that is wanted
	TooLong         Reason = "too_long"         // the slot does not fit between earliest and latest
	RequiredUnknown Reason = "required_unknown" // a required person's calendar could not be read
	OffGrid         Reason = "off_grid"         // there is a window, but no start of the grid in it
	NobodyTogether  Reason = "no_common_time"   // the required people are never free together
)

// Series is one weekday and clock time over several weeks.
type Series struct {
	civil.Span     // the first meeting
	Weeks      int // asked for
	OK         int // weeks in which everybody required can
	Misses     []Miss
	Rank       int
}

// Miss is a week in which a series fails.
type Miss struct {
	Date   civil.Date // the day in the viewer's zone
	Busy   []int64    // required people who cannot come
	Reason string     // a Reason of Explain for the first of them, or BySkip, ByQuorum, ByHours
}

// Relaxation is a change of the question that gives at least one slot.
type Relaxation struct {
	Change     Change
	Person     int64  // make_optional: who
	With       Change // the second change of a pair; empty for a single one
	WithPerson int64  // make_optional as the second change: who
	Value      Rules  // the rules with the changes applied (people unchanged)
	Slots      int    // exact number of slots the changed question has

	cost int
}

// Change names a relaxation.
type Change string

// The changes, as the contract names them.
const (
	MakeOptional    Change = "make_optional"
	Shorter         Change = "shorter"
	WiderHours      Change = "wider_hours"
	LaterRange      Change = "later_range"
	IgnoreTentative Change = "ignore_tentative"
	IgnoreAllDay    Change = "ignore_allday"
	IgnoreWorkHours Change = "ignore_work_hours"
)

package sweep

import "slotfinder/internal/civil"

// Answer is what Find found. Same input, same answer.
type Answer struct {
	// Windows are the maximal spans, each at least Duration long, in which all required
	// people are available, every AnyOf is met and, with a quorum, enough people are
	// available in each minute. In order of time.
	Windows []civil.Span
	// Slots are the slots on the grid that lie in a window and, with a quorum or AnyOf,
	// have the same people from start to end. In order of time.
	Slots []Slot
	// Near are the best candidates with the fewest people missing, best first, at most
	// 20; only when Slots is empty.
	Near []Slot
	// Series are the candidates of a search with Weeks > 1, best first, at most 100.
	Series []Series
	// Rotation is a plan with changing hours, week by week. There is one when the hour
	// of the best series is early or late for somebody and taking turns is fairer.
	Rotation []Turn
	// Why is the reason why Slots is empty; empty if it is not.
	Why Reason

	// Stopped says that Input.Stop ended the search. Nothing else is in the answer.
	Stopped bool
	// CutSeries says that Input.Enough ended the comparison of series or the search for a
	// rotation: there may be better ones. What is said of those listed is exact.
	CutSeries bool
}

// Slot is one possible meeting.
type Slot struct {
	civil.Span
	Rank    int // 1 is the best; each rank once
	Reasons []Reason
	For     int64 // id of the person whom EarlyFor or LateFor is about; 0 for none
}

// Attendance says how each person stands to a slot, by ids. Everybody is in at least one
// list; each list is in the order of Input.People. A person whose tentative block is let
// through is in Free and in Tentative; a person whom only a tentative block keeps away is
// in Tentative and not in Busy.
type Attendance struct {
	Free      []int64 // available for the whole slot
	Busy      []int64 // kept away by a block that is not tentative
	Tentative []int64 // have a tentative block
	Outside   []int64 // outside their working hours at some time in the slot
	Unknown   []int64 // their calendar could not be read
}

// Reason says why a slot has its rank, why there is none, or why somebody is unavailable:
// a key that pages translate.
type Reason string

// How many can come: the first reason of every slot.
const (
	AllFree         Reason = "all_free"         // every asked person is available
	RequiredFree    Reason = "required_free"    // all required people are, but not all optional ones
	QuorumMet       Reason = "quorum"           // enough people are, but not everybody
	QuorumMissed    Reason = "quorum_missed"    // all required people are, but too few people
	MissingRequired Reason = "missing_required" // a required person is not
)

// What a slot costs those who come: the further reasons of a slot.
const (
	KeepsFocus    Reason = "keeps_focus"  // breaks nobody's focus time
	BreaksFocus   Reason = "breaks_focus" // cuts a free stretch of two hours or more
	EarlyFor      Reason = "early_for"    // early on the clock of Slot.For
	LateFor       Reason = "late_for"     // late on the clock of Slot.For
	OverTentative Reason = "tentative"    // somebody has a tentative event then
	OverLunch     Reason = "lunch"        // somebody's lunch lies in it
	NoBreak       Reason = "no_break"     // somebody sits more than four hours in a row
	ShortNotice   Reason = "short_notice" // it begins within an hour
)

// Why there is no slot at all, beside QuorumMissed.
const (
	InThePast       Reason = "in_the_past"      // the whole range lies before Now+Notice
	NoDay           Reason = "no_day"           // the range has no allowed weekday
	TooLong         Reason = "too_long"         // the slot does not fit into the seeker's hours
	RequiredUnknown Reason = "required_unknown" // a required person's calendar could not be read
	OffGrid         Reason = "off_grid"         // there is a window, but no slot on the grid fits into it
	NobodyTogether  Reason = "no_common_time"   // the required people are never free together
)

// Series is one weekday and clock time over several weeks.
type Series struct {
	civil.Span        // the first meeting
	Weeks      int    // how many were asked for
	OK         int    // weeks in which the meeting can take place
	Misses     []Miss // the other weeks, in order of time
	Rank       int    // 1 is the best; each rank once
}

// Miss is a week in which a series fails.
type Miss struct {
	Date   civil.Date // the day in the viewer's zone
	Busy   []int64    // ids of the required people who cannot come
	Reason string     // a Reason of Verdict for the first of them, or BySkip, ByQuorum, ByHours
}

// Relaxation is a change of the question, or a pair of changes, that gives at least one
// slot.
type Relaxation struct {
	Change     Change
	Person     int64  // id of the person that MakeOptional or Remove is about; 0 otherwise
	With       Change // the second change of a pair; empty for a single one
	WithPerson int64  // the same for a second change
	Value      Rules  // the rules with the changes applied; people are unchanged
	Slots      int    // exact number of slots of the changed question

	// Windows are those of the changed question that hold a slot. Only the first changes
	// have them, and none after the search was cut.
	Windows []civil.Span

	cost int
}

// Change names one change of a relaxation: a key that pages translate.
type Change string

// The changes that are tried.
const (
	MakeOptional    Change = "make_optional"     // a required person need not come
	Remove          Change = "remove"            // a required person who is gone is asked no longer
	Shorter         Change = "shorter"           // a shorter slot
	WiderHours      Change = "wider_hours"       // an earlier start or a later end of the day
	LaterRange      Change = "later_range"       // the same number of days directly after
	IgnoreTentative Change = "ignore_tentative"  // tentative events do not count
	IgnoreAllDay    Change = "ignore_allday"     // all-day events do not count
	IgnoreWorkHours Change = "ignore_work_hours" // also outside of working hours
)

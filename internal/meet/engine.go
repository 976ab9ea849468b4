package meet

import (
	"sync"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep"
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
	SplitPart  = sweep.Part
	Turn       = sweep.Turn
	Verdict    = sweep.Verdict
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

// Verdicts says who can't come to a meeting from start to end, and by which rule,
// in the order of People.
func (a Answer) Verdicts(start, end time.Time) []Verdict {
	defer a.search.hold()()
	return a.search.Verdicts(civil.Outward(start, end))
}

// inquiry is the engine's search behind an answer. The engine makes some of what it
// tells only when it is asked and serves one at a time, but an answer may be shown to
// several readers at once.
type inquiry struct {
	*sweep.Search
	mu sync.Mutex
}

// hold keeps others waiting until what it returns is called.
func (i *inquiry) hold() (release func()) {
	i.mu.Lock()
	return i.mu.Unlock
}

package find

import (
	"testing"

	"slotfinder/internal/meet"
)

// TestKindOf: what is sure beats what is not, or a busy person would look as if
// one could ask.
func TestKindOf(t *testing.T) {
	t.Parallel()
	const busy = meet.StateBooked | meet.StateDecided
	for state, want := range map[meet.State]Kind{
		busy:                                Busy,
		busy | meet.StateUnsure:             Busy,
		busy | meet.StateWholeDay:           Busy,
		busy | meet.StateAway:               Away,
		meet.StateBooked | meet.StateUnsure: Tentative,
		meet.StateUnsure:                    Tentative, // let through
		meet.StateWholeDay:                  Busy,      // let through
		meet.StateUnread:                    Unread,
		meet.StateMissing &^ meet.StateUnread &^ meet.StateBooked: Outside,
	} {
		if got := kindOf(state); got != want {
			t.Errorf("%b: kind %d, want %d", state, got, want)
		}
	}
}

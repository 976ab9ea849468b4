package find

import (
	"testing"

	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// TestKindOf: what is sure beats what is not, or a busy person would look as if
// one could ask.
func TestKindOf(t *testing.T) {
	t.Parallel()
	const busy = meet.StateBooked | meet.StateDecided
	for state, want := range map[meet.State]page.Kind{
		busy:                                page.Busy,
		busy | meet.StateUnsure:             page.Busy,
		busy | meet.StateWholeDay:           page.Busy,
		busy | meet.StateAway:               page.Away,
		meet.StateBooked | meet.StateUnsure: page.Tentative,
		meet.StateUnsure:                    page.Tentative, // let through
		meet.StateWholeDay:                  page.Busy,      // let through
		meet.StateUnread:                    page.Unread,
		meet.StateMissing &^ meet.StateUnread &^ meet.StateBooked: page.Outside,
	} {
		if got := kindOf(state); got != want {
			t.Errorf("%b: kind %d, want %d", state, got, want)
		}
	}
}

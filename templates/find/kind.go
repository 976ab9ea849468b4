package find

import (
	"context"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// Kind is why somebody is not available.
type Kind uint8

// The kinds, in the order in which they are drawn over one another.
const (
	Outside   Kind = iota // outside working hours, a free day
	Tentative             // an event that is not decided
	Busy                  // an event
	Away                  // absent
	Unread                // the calendar could not be read
)

// kindOf is the strongest thing that can be said of a state.
func kindOf(s meet.State) Kind {
	switch {
	case s&meet.StateUnread != 0:
		return Unread
	case s&meet.StateAway != 0:
		return Away
	case s&meet.StateDecided != 0:
		return Busy
	case s&meet.StateUnsure != 0:
		return Tentative
	case s&(meet.StateBooked|meet.StateWholeDay) != 0:
		return Busy
	}
	return Outside
}

// kindKeys are the text keys of the kinds.
var kindKeys = [...]string{"kind.outside", "kind.tentative", "kind.busy", "kind.away", "kind.unknown"}

func (k Kind) text(ctx context.Context) string { return locale.T(ctx, kindKeys[k]) }

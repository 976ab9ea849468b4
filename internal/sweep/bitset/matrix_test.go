package bitset

import (
	"testing"

	"slotfinder/internal/civil"
)

// A matrix holds at most two bytes per person and five minutes.
func TestMemory(t *testing.T) {
	t.Parallel()
	const people, days = 50, 31
	for _, step := range []civil.Minute{1, 5, 7, 15, 60} { // with 1 and 7, cells are minutes
		axis := civil.Span{Start: 0, End: days * civil.Day}
		var starts []civil.Minute
		for at := axis.Start; at < axis.End; at += step {
			starts = append(starts, at)
		}
		var m Matrix
		m.Reset(NewLayout(axis, starts, 60), people)
		if used, most := len(m.tiles)*Wide*8, 2*people*int(axis.Len())/CellMinutes; used > most {
			t.Errorf("step %d: %d bytes, more than %d", step, used, most)
		}
	}
}

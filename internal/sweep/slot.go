package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/span"
)

// Answer answers the question.
func (s *Search) Answer() Answer {
	return Answer{Windows: s.windows(), Slots: s.slots()}
}

// Check reports whether a slot may start at the instant: whether Answer would
// list it.
func (s *Search) Check(start span.Minute) bool {
	i, ok := s.grid.index(start)
	return ok && s.open.has(s.canvas.offset+i)
}

// slots returns the open starts in order of time, ranked.
func (s *Search) slots() []Slot {
	var slots []Slot
	var missing []int
	for i := range s.open[s.canvas.offset/64:].each {
		n := s.all.at(s.canvas.offset + i)
		start := s.grid.starts[i]
		slots = append(slots, Slot{
			Span:    span.Span{Start: start, End: start + s.canvas.duration},
			Reasons: s.reasons(n),
		})
		missing = append(missing, n)
	}
	rank(slots, missing)
	return slots
}

func (s *Search) reasons(missing int) []Reason {
	switch {
	case missing == 0:
		return []Reason{AllFree}
	case s.in.Rules.Quorum > 0 || len(s.in.Rules.Any) > 0:
		return []Reason{QuorumMet}
	default:
		return []Reason{RequiredFree}
	}
}

// rank numbers the slots: fewer people missing first, then earlier.
func rank(slots []Slot, missing []int) {
	order := make([]int, len(slots))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(missing[a], missing[b]) })
	for place, i := range order {
		slots[i].Rank = place + 1
	}
}

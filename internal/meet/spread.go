package meet

import (
	"cmp"
	"slices"
	"time"
)

// Spread is a choice among slots: the best that don't overlap, of each day in the zone at
// most so many and at most so many in all, chronological. Every day gives its best slot
// before one gives a second.
func Spread(slots []Slot, zone *time.Location, ofDay, most int) []Slot {
	ranked := slices.Clone(slots)
	slices.SortStableFunc(ranked, func(a, b Slot) int { return cmp.Compare(a.Rank, b.Rank) })
	days := make([]string, len(ranked))
	for i, slot := range ranked {
		days[i] = slot.Start.Time().In(zone).Format(time.DateOnly)
	}
	var chosen []Slot
	taken := map[string]int{}
	for round := 1; round <= ofDay; round++ {
		for i, slot := range ranked {
			if len(chosen) >= most {
				return chosen
			}
			if taken[days[i]] >= round {
				continue
			}
			if at, free := roomFor(slot, chosen); free {
				chosen = slices.Insert(chosen, at, slot)
				taken[days[i]]++
			}
		}
	}
	return chosen
}

// roomFor is the place of a slot among others that are chronological and don't overlap;
// free is false when it overlaps one of them.
func roomFor(slot Slot, others []Slot) (at int, free bool) {
	at, _ = slices.BinarySearchFunc(others, slot, func(a, b Slot) int { return cmp.Compare(a.Start, b.Start) })
	before := at == 0 || others[at-1].End <= slot.Start
	after := at == len(others) || slot.End <= others[at].Start
	return at, before && after
}

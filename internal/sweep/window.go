package sweep

import (
	"math/bits"

	"slotfinder/internal/span"
)

// windows returns the maximal stretches in which every demand is met minute by
// minute, clipped to what the seeker allows, each at least a slot long.
func (s *Search) windows() span.Set {
	lacking := s.lacking()
	var free span.Set
	for c := range s.met[:s.canvas.offset/64].each {
		at := s.axis.Start + span.Minute(c*cell)
		if minutes, ok := lacking[int32(c)]; ok {
			free = appendMinutes(free, at, whole&^minutes)
			continue
		}
		free = free.Append(span.Span{Start: at, End: at + cell})
	}
	return free.Intersect(s.allowed).AtLeast(span.Minute(s.in.Rules.Duration))
}

// appendMinutes adds the minutes of one cell, which begins at the instant given.
func appendMinutes(to span.Set, at span.Minute, minutes uint8) span.Set {
	for ; minutes != 0; minutes &= minutes - 1 {
		m := at + span.Minute(bits.TrailingZeros8(minutes))
		to = to.Append(span.Span{Start: m, End: m + 1})
	}
	return to
}

// lacking returns the cells on somebody's fringe that are met as a whole, with the minutes
// in which a demand is not met.
func (s *Search) lacking() map[int32]uint8 {
	lacking := map[int32]uint8{}
	for _, d := range s.demands {
		member := make([]bool, len(s.rows))
		for _, m := range d.members {
			member[m] = true
		}
		missing := map[int32][cell]int{}
		for _, f := range s.fringe {
			if member[f.person] && s.met.has(int(f.cell)) {
				n := missing[f.cell]
				for m := f.minutes; m != 0; m &= m - 1 {
					n[bits.TrailingZeros8(m)]++
				}
				missing[f.cell] = n
			}
		}
		for c, n := range missing {
			spare := len(d.members) - d.need - d.missing.at(int(c))
			for m := range n {
				if n[m] > spare {
					lacking[c] |= 1 << m
				}
			}
		}
	}
	return lacking
}

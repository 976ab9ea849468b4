package sweep

import (
	"math/bits"
	"slices"

	"slotfinder/internal/civil"
)

// windows returns the maximal stretches in which every demand is met minute by minute,
// clipped to what the seeker allows, each at least a slot long.
func (s *Search) windows() civil.Set {
	s.findDoubt()
	cell, whole := s.layout.Cell(), s.layout.WholeCell()
	cells, lacking := s.doubt.cells, s.doubt.lacking
	free := joiner{least: s.layout.Duration(), long: s.memory.free[:0]}
	for w, word := range s.met[:s.layout.CellWords()] {
		if word == 0 {
			continue
		}
		doubtful, begin := cells[w], s.axis.Start+civil.Minute(w)*64*cell
		for word != 0 {
			first := bits.TrailingZeros64(word)
			at := begin + civil.Minute(first)*cell
			if doubtful>>first&1 == 1 {
				free.addMinutes(at, whole&^lacking[w<<6+first])
				word &= word - 1
				continue
			}
			n := bits.TrailingZeros64(^(word &^ doubtful >> first)) // cells in a row without doubt
			free.add(at, at+civil.Minute(n)*cell)
			word = word >> (first + n) << (first + n)
		}
	}
	s.memory.free = free.add(0, 0)
	return slices.DeleteFunc(s.memory.free.Intersect(s.allowed), func(w civil.Span) bool { return w.Len() < s.layout.Duration() })
}

// joiner joins touching stretches, and keeps those that are long enough.
type joiner struct {
	least civil.Minute
	last  civil.Span
	long  civil.Set
}

// add adds a stretch that does not begin before the last one ends, and returns the long
// ones before it.
func (j *joiner) add(start, end civil.Minute) civil.Set {
	if start == j.last.End {
		j.last.End = end
		return j.long
	}
	if j.last.Len() >= j.least {
		j.long = append(j.long, j.last)
	}
	j.last = civil.Span{Start: start, End: end}
	return j.long
}

// addMinutes adds minutes of one cell, which begins at the instant given.
func (j *joiner) addMinutes(at civil.Minute, minutes uint8) {
	for minutes != 0 {
		first := bits.TrailingZeros8(minutes)
		n := bits.TrailingZeros8(^(minutes >> first))
		j.add(at+civil.Minute(first), at+civil.Minute(first+n))
		minutes = minutes >> (first + n) << (first + n)
	}
}

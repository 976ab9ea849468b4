package sweep

import (
	"math/bits"
	"slices"

	"slotfinder/internal/span"
)

// thin is the cells in which a demand is met if one looks at whole cells only,
// but perhaps not in every minute, because of people who lack some minutes.
type thin struct {
	cells   row           // marks them
	missing [][cell]int32 // of one demand: how many people more are missing, by minute
	lacking []uint8       // the minutes that do not meet every demand
}

// windows returns the maximal stretches in which every demand is met minute by
// minute, clipped to what the seeker allows, each at least a slot long.
func (s *Search) windows() span.Set {
	s.thinOut()
	free := s.free[:0]
	for w, word := range s.met[:s.canvas.offset/64] {
		thin := s.thin.cells[w]
		for word != 0 {
			first := bits.TrailingZeros64(word)
			c := w<<6 + first
			at := s.axis.Start + span.Minute(c*cell)
			if thin>>first&1 == 1 {
				free = appendMinutes(free, at, whole&^s.thin.lacking[c])
				word &= word - 1
				continue
			}
			n := bits.TrailingZeros64(^(word &^ thin >> first)) // cells in a row without doubt
			free = free.Append(span.Span{Start: at, End: at + span.Minute(n*cell)})
			word = word >> (first + n) << (first + n)
		}
	}
	s.free = free
	return slices.DeleteFunc(free.Intersect(s.allowed), func(w span.Span) bool { return w.Len() < s.canvas.duration })
}

// appendMinutes adds the minutes of one cell, which begins at the instant given.
func appendMinutes(to span.Set, at span.Minute, minutes uint8) span.Set {
	if minutes == whole {
		return to.Append(span.Span{Start: at, End: at + cell})
	}
	for ; minutes != 0; minutes &= minutes - 1 {
		m := at + span.Minute(bits.TrailingZeros8(minutes))
		to = to.Append(span.Span{Start: m, End: m + 1})
	}
	return to
}

// thinOut finds the thin cells, and which of their minutes do not meet every
// demand. Where a demand has more people to spare than are on the fringe of any
// cell, no minute is in doubt.
func (s *Search) thinOut() {
	t := &s.thin
	t.cells = zeros(t.cells, s.canvas.offset/64)
	t.missing = slices.Grow(t.missing[:0], s.canvas.cells)[:s.canvas.cells]
	t.lacking = slices.Grow(t.lacking[:0], s.canvas.cells)[:s.canvas.cells]
	if len(s.fringe) == 0 {
		return
	}
	for _, d := range s.demands {
		spare := len(d.members) - d.need - s.canvas.deepest
		for w, more := range d.missing.over(spare)[:len(t.cells)] {
			t.cells[w] |= s.canvas.edge[w] & s.met[w] & more
		}
	}
	for c := range t.cells.each {
		t.lacking[c] = 0
	}
	for i := range s.demands {
		s.thinOf(&s.demands[i])
	}
}

// thinOf adds the minutes that do not meet one demand.
func (s *Search) thinOf(d *demand) {
	t := &s.thin
	for c := range t.cells.each {
		t.missing[c] = [cell]int32{}
	}
	member := s.membership(d)
	for _, f := range s.fringe {
		if t.cells.has(int(f.cell)) && (member == nil || member[f.person]) {
			for m := f.minutes; m != 0; m &= m - 1 {
				t.missing[f.cell][bits.TrailingZeros8(m)]++
			}
		}
	}
	for c := range t.cells.each {
		spare := int32(len(d.members) - d.need - d.missing.at(c))
		for m, n := range t.missing[c] {
			if n > spare {
				t.lacking[c] |= 1 << m
			}
		}
	}
}

// membership says who is a member of the demand; nil if everybody is.
func (s *Search) membership(d *demand) []bool {
	if len(d.members) == len(s.rows) {
		return nil
	}
	member := make([]bool, len(s.rows))
	for _, m := range d.members {
		member[m] = true
	}
	return member
}

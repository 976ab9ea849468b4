package sweep

import (
	"math/bits"
	"slices"

	"slotfinder/internal/sweep/bitset"
)

// doubt is the cells in which a demand is met if one looks at whole cells only, but
// perhaps not in every minute, because of people who lack some minutes.
type doubt struct {
	cells   bitset.Row                  // marks them
	lacking []uint8                     // by cell: the minutes in which a demand is not met; none where there is no doubt
	list    []int32                     // lists them
	before  []int32                     // by word with some: how many of them lie in the words before it
	missing [][bitset.CellMinutes]int32 // memory: by place in the list, how many people more are missing, by minute
}

// clear forgets the doubtful cells of an axis of so many.
func (d *doubt) clear(cells int) {
	d.cells = bitset.Zeros(d.cells, bitset.Words(cells))
	if len(d.lacking) != cells {
		d.lacking = make([]uint8, cells)
	}
	for _, c := range d.list {
		d.lacking[c] = 0
	}
	d.list = d.list[:0]
}

// add adds a cell, or more of its minutes.
func (d *doubt) add(cell int32, lacking uint8) {
	d.cells.Set(int(cell))
	d.list = append(d.list, cell)
	d.lacking[cell] |= lacking
}

// place returns the place in the list of a doubtful cell.
func (d *doubt) place(cell int) int {
	return int(d.before[cell>>6]) + bits.OnesCount64(d.cells[cell>>6]&(1<<(cell&63)-1))
}

// findDoubt finds the doubtful cells, and in which of their minutes a demand is not met.
// Where a demand can spare more people than have the cell partial, no minute is in doubt.
func (s *Search) findDoubt() {
	s.doubt.clear(s.layout.Cells())
	switch s.painter.Deepest() {
	case 0:
	case 1:
		s.findSingleDoubt()
	default:
		s.listDoubt()
		for i := range s.demands {
			if s.demands[i].need > 0 && len(s.doubt.list) > 0 && !s.stop.check() {
				s.countDoubt(&s.demands[i])
			}
		}
	}
}

// findSingleDoubt is findDoubt where no cell is partial for two people, as in most small
// groups: it fails the demands that can spare nobody more.
func (s *Search) findSingleDoubt() {
	for i := range s.demands {
		d := &s.demands[i]
		if d.need <= 0 || s.stop.check() {
			continue
		}
		member, met := s.membership(d), s.met
		for _, p := range s.painter.Partials() {
			if met.Has(int(p.Cell)) && (member == nil || member[p.Person]) && d.missing.At(int(p.Cell)) == d.spare() {
				s.doubt.add(p.Cell, p.Minutes)
			}
		}
	}
}

// listDoubt lists the doubtful cells.
func (s *Search) listDoubt() {
	d := &s.doubt
	d.before = slices.Grow(d.before[:0], s.layout.CellWords())[:s.layout.CellWords()]
	for w, edge := range s.painter.Edge() {
		doubtful := edge & s.met[w]
		if doubtful == 0 || s.stop.check() {
			continue
		}
		d.before[w] = int32(len(d.list))
		for doubtful &= s.tight(w); doubtful != 0; doubtful &= doubtful - 1 {
			if c := w<<6 + bits.TrailingZeros64(doubtful); s.isDoubtful(c) {
				d.add(int32(c), 0)
			}
		}
	}
}

// tight marks the cells of a word in which a demand can spare fewer people than any cell
// is partial for.
func (s *Search) tight(word int) (more uint64) {
	for i := range s.demands {
		if d := &s.demands[i]; d.need > 0 {
			more |= d.missing.Over(d.spare()-s.painter.Deepest(), word)
		}
	}
	return more
}

// isDoubtful reports whether a demand may fail because of people who lack a part of the
// cell.
func (s *Search) isDoubtful(cell int) bool {
	for i := range s.demands {
		if d := &s.demands[i]; d.need > 0 && d.missing.At(cell)+s.painter.Depth(cell) > d.spare() {
			return true
		}
	}
	return false
}

// countDoubt counts, minute by minute, who of a demand is missing in the doubtful cells,
// and adds the minutes in which it is not met.
func (s *Search) countDoubt(d *demand) {
	t := &s.doubt
	t.missing = slices.Grow(t.missing[:0], len(t.list))[:len(t.list)]
	clear(t.missing)
	member := s.membership(d)
	for _, p := range s.painter.Partials() {
		if t.cells.Has(int(p.Cell)) && (member == nil || member[p.Person]) {
			missing := &t.missing[t.place(int(p.Cell))]
			for m := range missing {
				missing[m] += int32(p.Minutes >> m & 1)
			}
		}
	}
	for place, c := range t.list {
		spare := int32(d.spare() - d.missing.At(int(c)))
		for m, n := range t.missing[place] {
			if n > spare {
				t.lacking[c] |= 1 << m
			}
		}
	}
}

// membership says who is a member of the demand, by index; nil if everybody is.
func (s *Search) membership(d *demand) []bool {
	if len(d.members) == len(s.in.People) {
		return nil
	}
	member := make([]bool, len(s.in.People))
	for _, m := range d.members {
		member[m] = true
	}
	return member
}

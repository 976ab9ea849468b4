package sweep

import (
	"math/bits"
	"slices"

	"slotfinder/internal/civil"
)

// thin is the cells in which a demand is met if one looks at whole cells only,
// but perhaps not in every minute, because of people who lack some minutes.
type thin struct {
	cells   row            // marks them
	lacking []uint8        // by cell: the minutes that do not meet every demand; none where it is not thin
	list    []int32        // lists them
	before  []int32        // of a word with some: how many of them lie in the words before it
	missing [][usual]int32 // by place in the list, of one demand: how many people more are missing, by minute
}

// clear forgets the thin cells of an axis of so many.
func (t *thin) clear(cells int) {
	t.cells = zeros(t.cells, words(cells))
	if len(t.lacking) != cells {
		t.lacking = make([]uint8, cells)
	}
	for _, c := range t.list {
		t.lacking[c] = 0
	}
	t.list = t.list[:0]
}

// add makes a cell thin, or thinner.
func (t *thin) add(cell int32, lacking uint8) {
	t.cells.set(int(cell))
	t.list = append(t.list, cell)
	t.lacking[cell] |= lacking
}

// place returns the place in the list of a thin cell.
func (t *thin) place(cell int) int {
	return int(t.before[cell>>6]) + bits.OnesCount64(t.cells[cell>>6]&(1<<(cell&63)-1))
}

// windows returns the maximal stretches in which every demand is met minute by
// minute, clipped to what the seeker allows, each at least a slot long.
func (s *Search) windows() civil.Set {
	s.thinOut()
	free, cell := runs{least: s.canvas.duration, long: s.free[:0]}, s.canvas.cell
	for w, word := range s.met[:s.canvas.offset] {
		if word == 0 {
			continue
		}
		thin, begin := s.thin.cells[w], s.axis.Start+civil.Minute(w)*64*cell
		for word != 0 {
			first := bits.TrailingZeros64(word)
			at := begin + civil.Minute(first)*cell
			if thin>>first&1 == 1 {
				free.addMinutes(at, s.canvas.whole&^s.thin.lacking[w<<6+first])
				word &= word - 1
				continue
			}
			n := bits.TrailingZeros64(^(word &^ thin >> first)) // cells in a row without doubt
			free.add(at, at+civil.Minute(n)*cell)
			word = word >> (first + n) << (first + n)
		}
	}
	s.free = free.add(0, 0)
	return slices.DeleteFunc(s.free.Intersect(s.allowed), func(w civil.Span) bool { return w.Len() < s.canvas.duration })
}

// runs puts touching stretches together, and keeps those that are long enough.
type runs struct {
	least civil.Minute
	last  civil.Span
	long  civil.Set
}

// add adds a stretch that does not begin before the last one ends, and returns
// the long ones before it.
func (r *runs) add(start, end civil.Minute) civil.Set {
	if start == r.last.End {
		r.last.End = end
		return r.long
	}
	if r.last.Len() >= r.least {
		r.long = append(r.long, r.last)
	}
	r.last = civil.Span{Start: start, End: end}
	return r.long
}

// addMinutes adds minutes of one cell, which begins at the instant given.
func (r *runs) addMinutes(at civil.Minute, minutes uint8) {
	for minutes != 0 {
		first := bits.TrailingZeros8(minutes)
		n := bits.TrailingZeros8(^(minutes >> first))
		r.add(at+civil.Minute(first), at+civil.Minute(first+n))
		minutes = minutes >> (first + n) << (first + n)
	}
}

// thinOut finds the thin cells, and which of their minutes do not meet every
// demand. Where a demand has more people to spare than are on a cell's fringe,
// none of its minutes is in doubt.
func (s *Search) thinOut() {
	t := &s.thin
	t.clear(s.canvas.cells)
	switch s.canvas.deepest {
	case 0:
		return
	case 1:
		s.thinOfOne()
		return
	}
	t.before = slices.Grow(t.before[:0], s.canvas.offset)[:s.canvas.offset]
	for k, w := range s.canvas.lit[:s.canvas.day] {
		doubt := s.canvas.edge[w] & s.met[w]
		if doubt == 0 || s.brake.pulled() {
			continue
		}
		t.before[w] = int32(len(t.list))
		var more uint64
		for i := range s.demands {
			if d := &s.demands[i]; d.need > 0 {
				more |= d.missing.over(d.spare()-s.canvas.deepest, k)
			}
		}
		for doubt &= more; doubt != 0; doubt &= doubt - 1 {
			c := w<<6 + int32(bits.TrailingZeros64(doubt))
			if s.doubtful(int(c)) {
				t.add(c, 0)
			}
		}
	}
	for i := range s.demands {
		if s.demands[i].need > 0 && len(t.list) > 0 && !s.brake.pulled() {
			s.thinOf(&s.demands[i])
		}
	}
}

// thinOfOne is thinOut where nobody shares a cell of his fringe with another, as in most
// small groups: it fails the demands that can spare nobody more.
func (s *Search) thinOfOne() {
	for i := range s.demands {
		d := &s.demands[i]
		if d.need <= 0 || s.brake.pulled() {
			continue
		}
		member := s.membership(d)
		for _, f := range s.fringe {
			if s.met.has(int(f.cell)) && (member == nil || member[f.person]) && d.missing.at(int(f.cell)) == d.spare() {
				s.thin.add(f.cell, f.minutes)
			}
		}
	}
}

// doubtful reports whether a demand may fail because of a cell's fringe.
func (s *Search) doubtful(c int) bool {
	for i := range s.demands {
		if d := &s.demands[i]; d.need > 0 && d.missing.at(c)+int(s.canvas.depth[c]) > d.spare() {
			return true
		}
	}
	return false
}

// thinOf adds the minutes that do not meet one demand.
func (s *Search) thinOf(d *demand) {
	t := &s.thin
	t.missing = slices.Grow(t.missing[:0], len(t.list))[:len(t.list)]
	clear(t.missing)
	member := s.membership(d)
	for _, f := range s.fringe {
		if t.cells.has(int(f.cell)) && (member == nil || member[f.person]) {
			missing := &t.missing[t.place(int(f.cell))]
			for m := range missing {
				missing[m] += int32(f.minutes >> m & 1)
			}
		}
	}
	for place, c := range t.list {
		spare := int32(d.spare() - d.missing.at(int(c)))
		for m, n := range t.missing[place] {
			t.lacking[c] |= uint8(bit(n > spare) << m)
		}
	}
}

// membership says who is a member of the demand; nil if everybody is.
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

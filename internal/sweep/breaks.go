package sweep

import (
	"slices"

	"slotfinder/internal/sweep/bitset"
)

// breaks tells how long a person would sit without one.
type breaks struct {
	search *Search
	person int
	off    bitset.Row // cells that are no sitting: outside of working hours
	away   bool       // absences are among them, too
}

// sits returns how many minutes a person sits without a break, up to the longest that
// counts, if the slot is added to what their row has right before and after it. Neither
// off-hours nor absences are sitting, and a buffer is a break.
func (b *breaks) sits(c *candidate, r bitset.Row) int {
	minutes := b.run(c, r)
	if minutes > longSitting && !b.away {
		b.addAbsences() // few people sit so long, so absences are painted when it matters
		minutes = b.run(c, r)
	}
	return minutes
}

func (b *breaks) run(c *candidate, r bitset.Row) int {
	l := b.search.layout
	cells := c.last - c.first
	if b.search.in.Rules.Buffer == 0 {
		most := longestSitting / int(l.Cell())
		cells += r.SetBefore(c.first, min(c.first, most), b.off) + r.SetFrom(c.last, min(l.Cells()-c.last, most), b.off)
	}
	return min(longestSitting, cells*int(l.Cell()))
}

// addAbsences adds the person's absences to the cells that are no sitting.
func (b *breaks) addAbsences() {
	b.away = true
	p := &b.search.in.People[b.person]
	absent := func(x Block) bool { return x.Kind&Absent != 0 }
	if !slices.ContainsFunc(p.Blocks, absent) {
		return
	}
	row := b.search.rowOf(p, absent)
	for w := range row {
		row[w] |= b.off[w]
	}
	b.off = row
}

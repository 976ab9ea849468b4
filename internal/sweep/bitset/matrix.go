package bitset

import (
	"math/bits"
	"slices"
)

// Wide is how many people share a tile.
const Wide = 16

// tile holds the rows of some people side by side, without the dead words: what they
// have in the same word lies together, since it is counted together.
type tile [][Wide]uint64

// Matrix holds the rows of all people.
type Matrix struct {
	layout *Layout
	tiles  tile // of all people, Wide in each
	row    Row  // memory of Row
}

// Reset makes room for so many people. Their rows are undefined until they are lifted.
func (m *Matrix) Reset(l *Layout, people int) {
	m.layout = l
	n := (people + Wide - 1) / Wide * len(l.live)
	m.tiles = slices.Grow(m.tiles[:0], n)[:n]
}

// tile returns the tile that a person is in.
func (m *Matrix) tile(person int) tile {
	size := len(m.layout.live)
	return m.tiles[person/Wide*size:][:size]
}

// Word returns a word of a person's row.
func (m *Matrix) Word(person, word int) uint64 {
	k := m.layout.place[word]
	if k < 0 {
		return ^uint64(0)
	}
	return m.tiles[person/Wide*len(m.layout.live)+int(k)][person%Wide]
}

// Has reports whether a bit of a person's row is set.
func (m *Matrix) Has(person, bit int) bool { return m.Word(person, bit>>6)>>(bit&63)&1 == 1 }

// Row returns a person's row, which is valid until the next call.
func (m *Matrix) Row(person int) Row {
	l := m.layout
	m.row = slices.Grow(m.row[:0], l.width)[:l.width]
	t := m.tile(person)
	for k, w := range l.live {
		m.row[w] = t[k][person%Wide]
	}
	for _, w := range l.dead {
		m.row[w] = ^uint64(0)
	}
	return m.row
}

// Lift puts what is painted on the sheet that was put aside into the row of a person
// with an even number, and what is on the other into the row of the next. Two at a time
// cost little more than one: a tile of many days is too large for the nearest cache.
func (p *Painter) Lift(m *Matrix, person int) {
	l, one, two := p.layout, p.beside, p.sheet
	cells, packs, all := l.live[:l.liveCells], l.livePacks, m.tile(person)
	two = two[:len(one)]
	column := person & (Wide - 2)
	words := all[:len(cells)]
	for k, w := range cells {
		to := (*[2]uint64)(words[k][column:])
		to[0], to[1] = one[w][ofCells], two[w][ofCells]
	}
	for len(packs) > 0 {
		to, a, b := packs[0].to, uint64(0), uint64(0)
		for len(packs) > 0 && packs[0].to == to {
			s := &packs[0]
			a |= bits.RotateLeft64(one[s.from][ofStarts]&s.mask, s.turn)
			b |= bits.RotateLeft64(two[s.from][ofStarts]&s.mask, s.turn)
			packs = packs[1:]
		}
		pair := (*[2]uint64)(all[to][column:])
		pair[0], pair[1] = a, b
	}
}

package sweep

import (
	"iter"
	"math/bits"
	"slices"

	"slotfinder/internal/civil"
)

// usual is the length in minutes of the time that one bit of a row stands for.
// Nearly all meetings begin and end on such a multiple; what does not is kept
// minute by minute on the fringe. Where slots themselves need not begin or end
// on one, cells are single minutes.
const usual = 5

// canvas is the time axis in cells, and how what is painted on a sheet is laid
// out in rows: first the cells, then, closely packed, the starts.
type canvas struct {
	axis     civil.Span   // whole cells
	duration civil.Minute // of a slot
	cell     civil.Minute // length of a cell: usual, or 1
	whole    uint8        // the minutes of a cell, one bit each
	cells    int          // number of cells
	reach    int          // cells of a slot beside its first
	seats    []seat       // where the starts are, in order of time
	benches  []int32      // by word with starts: its first seat; and the number of seats
	bits     []int32      // of the starts in a row
	offset   int          // the words that hold cells, so the first with starts
	width    int          // words in a row
	used     row          // the bits that stand for a cell or start
	line     row          // memory of mark

	lit   []int32 // the words of a row that anybody's working hours reach
	dark  []int32 // the others, in which everybody is missing
	place []int32 // of a word among lit; -1 if it is dark
	day   int     // how many of lit hold cells
	taken []seat  // the seats in lit words; to is the place among these

	sheet   sheet   // of the person that is painted
	beside  sheet   // of the person painted before
	partly  []uint8 // minutes lacking, per cell; all zero between two people
	touched []int32 // cells in which partly is not zero
	edge    row     // cells on anybody's fringe
	depth   []int32 // how many people are on the fringe of a cell
	deepest int     // the greatest of them
}

// seat says where the starts of one word of a sheet sit in a row. Starts are some
// cells apart, so a word of them is nearly empty; turned by a few bits, several
// share one.
type seat struct {
	from, to int    // words of the sheet and of a row
	mask     uint64 // the starts in the sheet's word
	turn     int    // bits to the left
	first    int    // the first start of the word
}

func newCanvas(axis civil.Span, g *grid, duration int) canvas {
	c := canvas{axis: axis, duration: civil.Minute(duration), cell: usual}
	odd := func(at civil.Minute) bool { return (at-axis.Start)%usual != 0 }
	if duration%usual != 0 || slices.ContainsFunc(g.starts, odd) {
		c.cell = 1
	}
	c.whole = 1<<c.cell - 1
	c.cells = int(axis.Len() / c.cell)
	c.reach = (duration - 1) / int(c.cell)
	c.offset = words(c.cells)
	long := words(c.cells+c.reach) + 1
	c.sheet, c.beside, c.line = make(sheet, long), make(sheet, long), make(row, long)
	c.seat(g)
	c.used = make(row, c.width)
	c.used.fill(0, c.cells)
	for _, s := range c.seats {
		c.used[s.to] |= bits.RotateLeft64(s.mask, s.turn)
	}
	c.place = make([]int32, c.width)
	c.light(c.used)
	c.partly, c.edge, c.depth = make([]uint8, c.cells), make(row, c.offset), make([]int32, c.cells)
	return c
}

// seat finds a place for every start.
func (c *canvas) seat(g *grid) {
	c.seats, c.bits = make([]seat, 0, len(c.sheet)), make([]int32, 0, len(g.starts))
	for i, at := range g.starts {
		bit := int(at - c.axis.Start)
		if c.cell == usual { // a division by a constant takes a tenth of the time
			bit /= usual
		}
		bit += c.reach
		if n := len(c.seats); n == 0 || c.seats[n-1].from != bit>>6 {
			c.seats = append(c.seats, seat{from: bit >> 6, first: i})
		}
		c.seats[len(c.seats)-1].mask |= 1 << (bit & 63)
	}
	word, full := c.offset, uint64(0)
	c.benches = append(c.benches, 0)
	for i := range c.seats {
		s := &c.seats[i]
		for s.turn < 64 && bits.RotateLeft64(s.mask, s.turn)&full != 0 {
			s.turn++
		}
		if s.turn == 64 {
			word, full, s.turn = word+1, 0, 0
			c.benches = append(c.benches, int32(i))
		}
		s.to = word
		full |= bits.RotateLeft64(s.mask, s.turn)
		for m := s.mask; m != 0; m &= m - 1 {
			c.bits = append(c.bits, int32(word<<6+(bits.TrailingZeros64(m)+s.turn)&63))
		}
	}
	c.width = word + 1
	c.benches = append(c.benches, int32(len(c.seats)))
}

// starts yields the starts that r marks, in order of time.
func (c *canvas) starts(r row) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range r[c.offset:] {
			if word == 0 {
				continue
			}
			bench := c.seats[c.benches[i]:c.benches[i+1]]
			for j := range bench {
				s := &bench[j]
				for m := bits.RotateLeft64(word, -s.turn) & s.mask; m != 0; m &= m - 1 {
					if !yield(s.first + bits.OnesCount64(s.mask&(m&-m-1))) {
						return
					}
				}
			}
		}
	}
}

// mark marks in r the starts whose whole slot lies in one of the spans.
func (c *canvas) mark(in civil.Set, r row) {
	clear(c.line)
	for _, w := range in {
		if w.Len() >= c.duration {
			first, last := w.Start-c.axis.Start+c.cell-1, w.End-c.axis.Start-c.duration
			c.line.fill(int(first/c.cell)+c.reach, int(last/c.cell)+1+c.reach)
		}
	}
	for i := range c.seats {
		s := &c.seats[i]
		r[s.to] |= bits.RotateLeft64(c.line[s.from]&s.mask, s.turn)
	}
}

// light finds the words of a row that are worth keeping, given what everybody's
// working hours leave out.
func (c *canvas) light(out row) {
	c.lit, c.dark = slices.Grow(c.lit[:0], c.width), slices.Grow(c.dark[:0], c.width)
	c.taken = slices.Grow(c.taken[:0], len(c.seats))
	for w := range c.place {
		if w == c.offset {
			c.day = len(c.lit)
		}
		if c.used[w]&^out[w] == 0 {
			c.place[w] = -1
			c.dark = append(c.dark, int32(w))
			continue
		}
		c.place[w] = int32(len(c.lit))
		c.lit = append(c.lit, int32(w))
	}
	for _, s := range c.seats {
		if k := c.place[s.to]; k >= 0 {
			s.to = int(k)
			c.taken = append(c.taken, s)
		}
	}
}

// row returns what is painted on the sheet as a row.
func (c *canvas) row() row {
	r := make(row, c.width)
	for w := range c.offset {
		r[w] = c.sheet[w][ofCells]
	}
	for _, s := range c.seats {
		r[s.to] |= bits.RotateLeft64(c.sheet[s.from][ofStarts]&s.mask, s.turn)
	}
	return r
}

// next puts the sheet aside, to paint the next person.
func (c *canvas) next() { c.sheet, c.beside = c.beside, c.sheet }

// lift puts what is painted on the sheet put aside, and on the other, into two columns
// of a tile. Two at a time it costs little more than one: a tile of many days is too
// large for the nearest cache.
func (c *canvas) lift(t tile, column int) {
	cells, one, two := c.lit[:c.day], c.beside, c.sheet
	two = two[:len(one)]
	column &= wide - 2
	day, taken := t[:len(cells)], c.taken
	for k, w := range cells {
		to := (*[2]uint64)(day[k][column:])
		to[0], to[1] = one[w][ofCells], two[w][ofCells]
	}
	for len(taken) > 0 {
		to, a, b := taken[0].to, uint64(0), uint64(0)
		for len(taken) > 0 && taken[0].to == to {
			s := &taken[0]
			a |= bits.RotateLeft64(one[s.from][ofStarts]&s.mask, s.turn)
			b |= bits.RotateLeft64(two[s.from][ofStarts]&s.mask, s.turn)
			taken = taken[1:]
		}
		column := (*[2]uint64)(t[to][column:])
		column[0], column[1] = a, b
	}
}

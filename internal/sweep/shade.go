package sweep

import "slotfinder/internal/span"

// cell is the length in minutes of the time that one bit of a row stands for.
// Nearly all meetings start and end on such a multiple; what does not is kept
// minute by minute on the fringe.
const cell = 5

// whole is the minutes of a cell, one bit each.
const whole = 1<<cell - 1

// fringe is a cell of which a person lacks some minutes but not all.
type fringe struct {
	person, cell int32
	minutes      uint8 // the minutes lacking, one bit each
}

// canvas is the time axis on which one person's absences are painted: the cells
// [0, cells), then, from the next whole word on, the starts of the grid.
type canvas struct {
	axis     span.Span // whole cells
	grid     *grid
	cells    int         // number of cells
	offset   int         // the bit of the first start
	width    int         // words in a row, two of them for dab
	duration span.Minute // of a slot

	partly  []uint8 // minutes lacking, per cell; all zero between two people
	touched []int32 // cells in which partly is not zero
	edge    row     // cells on anybody's fringe
	depth   []int32 // how many people are on the fringe of a cell
	deepest int     // the greatest of them
}

func newCanvas(axis span.Span, g *grid, duration int) canvas {
	cells := int(axis.Len()) / cell
	offset := words(cells) * 64
	return canvas{
		axis: axis, grid: g, cells: cells, offset: offset,
		width: words(offset+len(g.starts)) + 2, duration: span.Minute(duration),
		partly: make([]uint8, cells), edge: make(row, words(cells)), depth: make([]int32, cells),
	}
}

// wipe forgets the fringe of all people.
func (c *canvas) wipe() {
	clear(c.edge)
	clear(c.depth)
	c.deepest = 0
}

// shade paints that nobody can from s.Start to s.End.
func (c *canvas) shade(r row, s span.Span) { c.paint(r, []Block{{Span: s}}, &Rules{}) }

// paint paints the blocks that count under the rules: all minutes of them, and
// all starts whose slot would share one of these. Most of a search's time is
// spent in this loop.
func (c *canvas) paint(r row, blocks []Block, rules *Rules) {
	special := len(rules.Ignore) > 0
	buffer := span.Minute(rules.Buffer)
	origin, length, ahead, offset := c.axis.Start, c.axis.Len(), c.duration-1, uint(c.offset)
	even := c.grid.even
	for i := range blocks {
		b := &blocks[i]
		if b.Start >= b.End || (special || b.Kind != 0) && !rules.blocks(b) {
			continue
		}
		start, end := max(b.Start-buffer-origin, 0), min(b.End+buffer-origin, length)
		if start >= end {
			continue
		}
		first, last := uint32(start+cell-1)/cell, uint32(end)/cell
		var from, to uint
		if even.factor != 0 {
			from, to = even.rank(max(start-ahead, 0)), even.rank(end)
		} else {
			from, to = c.grid.rankOf(max(start-ahead, 0)), c.grid.rankOf(end)
		}
		if n, m := uint(last)-uint(first), to-from; n < 64 && m < 64 {
			r.dab(uint(first), n)
			r.dab(offset+from, m)
		} else {
			r.fill(int(first), int(last))
			r.fill(int(offset+from), int(offset+to))
		}
		if first*cell != uint32(start) || last*cell != uint32(end) {
			c.blur(int(start), int(end))
		}
	}
}

// blur notes the minutes from start to end that do not fill their cell.
func (c *canvas) blur(start, end int) {
	first, last := start/cell, end/cell
	if start%cell != 0 || first == last {
		c.touch(first, whole<<(start%cell)&^(whole<<min(end-first*cell, cell)))
	}
	if end%cell != 0 && first != last {
		c.touch(last, whole&^(whole<<(end%cell)))
	}
}

func (c *canvas) touch(i, minutes int) {
	if c.partly[i] == 0 {
		c.touched = append(c.touched, int32(i))
	}
	c.partly[i] |= uint8(minutes & whole)
}

// settle ends the painting of one person: cells whose minutes add up become
// whole, the rest is appended to the fringe.
func (c *canvas) settle(r row, person int, to []fringe) []fringe {
	for _, i := range c.touched {
		minutes := c.partly[i]
		c.partly[i] = 0
		switch {
		case r.has(int(i)):
		case minutes == whole:
			r.set(int(i))
		default:
			to = append(to, fringe{int32(person), i, minutes})
			c.edge.set(int(i))
			c.depth[i]++
			c.deepest = max(c.deepest, int(c.depth[i]))
		}
	}
	c.touched = c.touched[:0]
	return to
}

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
	width    int         // words in a row
	duration span.Minute // of a slot

	partly  []uint8 // minutes lacking, per cell; all zero between two people
	touched []int32 // cells in which partly is not zero
}

func newCanvas(axis span.Span, g *grid, duration int) canvas {
	cells := int(axis.Len()) / cell
	offset := words(cells) * 64
	return canvas{
		axis: axis, grid: g, cells: cells, offset: offset,
		width: words(offset + len(g.starts)), duration: span.Minute(duration),
		partly: make([]uint8, cells),
	}
}

// shade paints that nobody can from s.Start to s.End: all minutes of it, and all
// starts whose slot would share one of them.
func (c *canvas) shade(r row, s span.Span) {
	start, end := max(s.Start-c.axis.Start, 0), min(s.End, c.axis.End)-c.axis.Start
	if start >= end {
		return
	}
	first, last := int(uint32(start+cell-1)/cell), int(uint32(end)/cell)
	r.fill(first, last)
	if first*cell != int(start) || last*cell != int(end) {
		c.blur(int(start), int(end))
	}
	r.fill(c.offset+c.grid.rankOf(max(start-c.duration+1, 0)), c.offset+c.grid.rankOf(end))
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
		}
	}
	c.touched = c.touched[:0]
	return to
}

package sweep

import (
	"math/bits"
	"slices"

	"slotfinder/internal/civil"
)

// fringe is a cell of which a person lacks some minutes but not all.
type fringe struct {
	person, cell int32
	minutes      uint8 // the minutes lacking, one bit each
}

// sheet is what one person is painted on: bits that say "cannot", side by side
// for the cells of the axis and for the starts of slots. In the second, a start
// stands as many cells after its own as a slot reaches, so that a block paints
// both from the same bit on.
type sheet [][2]uint64

// The sides of a sheet.
const (
	ofCells = iota
	ofStarts
)

// fill sets the bits a to b-1 on one side; nothing if b <= a.
func (s sheet) fill(side, a, b int) {
	for a < b {
		end := min(b, a&^63+64)
		s[a>>6][side] |= ^uint64(0) << (a & 63) & (^uint64(0) >> (-end & 63))
		a = end
	}
}

// put sets bits from a bit on, on both sides, in its word and in the next. It is short
// enough to be no call.
func (s sheet) put(from uint, cells, starts uint64) {
	here := ^uint64(0) << (from & 63)
	cells, starts = bits.RotateLeft64(cells, int(from)), bits.RotateLeft64(starts, int(from))
	at, next := &s[from>>6], &s[from>>6+1]
	at[ofCells] |= cells & here
	at[ofStarts] |= starts & here
	next[ofCells] |= cells &^ here
	next[ofStarts] |= starts &^ here
}

// shade paints that nobody can from s.Start to s.End.
func (c *canvas) shade(s civil.Span) { c.paint([]Block{{Span: s}}, &Rules{}) }

// paint paints the blocks that count under the rules: all minutes of them, and
// all starts whose slot would share one of these.
func (c *canvas) paint(blocks []Block, rules *Rules) {
	draw := func(b *Block) {
		if rules.blocks(b) {
			s := rules.widened(b.Span)
			c.stroke(int(max(s.Start-c.axis.Start, 0)), int(min(s.End, c.axis.End)-c.axis.Start))
		}
	}
	buffer := rules.Buffer / usual
	plain := len(rules.Ignore) == 0 && c.cell == usual && rules.Buffer%usual == 0 && c.reach+2*buffer < 63
	for len(blocks) > 0 {
		if plain {
			blocks = blocks[c.dab(blocks, uint(buffer)):]
		}
		if len(blocks) > 0 {
			if !plain || !c.smudge(&blocks[0], uint(buffer)) {
				draw(&blocks[0])
			}
			blocks = blocks[1:]
		}
	}
}

// fifth divides by usual: times a multiple of five it is, in 32 bits, that number's
// fifth part, and times any other number it is more than every fifth part.
const fifth = 0xCCCCCCCD

// dab paints the plain blocks, with so many cells more before and after, up to the
// first that is not, and returns how many that are: plain are busy events of some
// hours within the axis that begin and end on cells. Most of a search's time is
// spent here, so the loop calls nothing and needs little, which stays in
// registers; and it writes two words without asking whether a block reaches the
// second, since a branch that nobody can foresee costs more.
func (c *canvas) dab(blocks []Block, buffer uint) int {
	s, before := c.sheet, c.axis.Start+civil.Minute(buffer*usual)
	wider, more := 2*buffer, 2*buffer+uint(c.reach)
	longest := 63 - more
	for i := range blocks {
		b := &blocks[i]
		first, last := uint(uint32(b.Start-before)*fifth), uint(uint32(b.End-before)*fifth) // what lies before becomes very large
		long := last - first
		if first>>6+1 >= uint(len(s)) || long-1 >= longest || b.Kind != 0 { // long-1 is very large if it has no length
			return i
		}
		s.put(first, uint64(1)<<((long+wider)&63)-1, uint64(1)<<((long+more)&63)-1)
	}
	return len(blocks)
}

// smudge paints what would be a plain block if it began and ended on cells, and
// reports whether it did. It asks nothing whose answer differs from block to block.
func (c *canvas) smudge(b *Block, buffer uint) bool {
	start, end := uint(b.Start-c.axis.Start)-buffer*usual, uint(b.End-c.axis.Start)+buffer*usual // before the axis very large
	first, last := start/usual, end/usual
	late, over := start-first*usual, end-last*usual
	long := last - first
	if first>>6+1 >= uint(len(c.sheet)) || long-1 >= 62-uint(c.reach) || last >= uint(len(c.partly)) || b.Kind != 0 || b.Empty() {
		return false
	}
	begun, cut := bit(late > 0), bit(over > 0)
	cells, starts := (uint64(1)<<(long&63)-1)&^begun, uint64(1)<<((long+uint(cut)+uint(c.reach))&63)-1
	c.sheet.put(first, cells, starts)
	c.partly[first] |= c.whole << late & c.whole & -uint8(begun)
	c.partly[last] |= c.whole &^ (c.whole << over)
	n := len(c.touched)
	touched := slices.Grow(c.touched, 2)[:n+2]
	touched[n] = int32(first)
	touched[n+int(begun)] = int32(last)
	c.touched = touched[:n+int(begun+cut)]
	return true
}

// bit is 1 if it is so.
func bit(so bool) (n uint64) {
	if so {
		n = 1
	}
	return n
}

// stroke paints any stretch of the axis, in minutes from its start.
func (c *canvas) stroke(start, end int) {
	if start >= end {
		return
	}
	first, last, late, over := start, end, 0, 0 // the cells that hold them, and the minutes into these
	if c.cell == usual {
		first, last, late, over = start/usual, end/usual, start%usual, end%usual
	}
	c.sheet.fill(ofCells, first+min(late, 1), last)
	c.sheet.fill(ofStarts, first, last+min(over, 1)+c.reach)
	if first == last {
		c.touch(first, c.whole<<late&^(c.whole<<over))
		return
	}
	if late > 0 {
		c.touch(first, c.whole<<late)
	}
	if over > 0 {
		c.touch(last, c.whole&^(c.whole<<over))
	}
}

// touch notes minutes that do not fill their cell.
func (c *canvas) touch(i int, minutes uint8) {
	c.partly[i] |= minutes & c.whole
	c.touched = append(c.touched, int32(i))
}

// settle ends the painting of one person: cells whose minutes add up become
// whole, the rest is appended to the fringe. A cell that was touched twice has no
// minutes left the second time. Which of it all a cell is nobody can foresee, so
// there are no branches.
func (c *canvas) settle(person int, to []fringe) []fringe {
	n := len(to)
	to = slices.Grow(to, len(c.touched))[:n+len(c.touched)]
	for _, i := range c.touched {
		minutes, word, shift := c.partly[i], &c.sheet[i>>6][ofCells], i&63
		c.partly[i] = 0
		*word |= bit(minutes == c.whole) << shift
		left := bit(minutes > 0) &^ (*word >> shift)
		to[n] = fringe{int32(person), i, minutes}
		n += int(left)
		c.edge[i>>6] |= left << shift
		c.depth[i] += int32(left)
		c.deepest = max(c.deepest, int(c.depth[i]))
	}
	c.touched = c.touched[:0]
	return to[:n]
}

// drop ends a painting of which only the starts are wanted.
func (c *canvas) drop() {
	for _, i := range c.touched {
		c.partly[i] = 0
	}
	c.touched = c.touched[:0]
}

// wipe forgets a fringe.
func (c *canvas) wipe(list []fringe) {
	for _, f := range list {
		c.edge[f.cell>>6], c.depth[f.cell] = 0, 0
	}
	c.deepest = 0
}

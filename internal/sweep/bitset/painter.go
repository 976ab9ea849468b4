package bitset

import (
	"math/bits"
	"slices"

	"slotfinder/internal/civil"
)

// Painter paints people on a sheet, one after another. For each: Clear, Use or FillAll,
// then Paint, then Finish.
type Painter struct {
	layout  *Layout
	sheet   Sheet   // of the person who is painted
	beside  Sheet   // of the person painted before
	short   uint    // cells of the longest stretch that Paint paints without branches; 0 for none
	partly  []uint8 // minutes lacking, by cell; all zero between two people
	touched []int32 // cells in which partly is not zero

	partials []Partial
	edge     Row     // the cells that are partial for anybody
	depth    []int32 // by cell: for how many people
	deepest  int     // the greatest of them
}

// Partial is a cell of which a person lacks some minutes, but not all.
type Partial struct {
	Person, Cell int32
	Minutes      uint8 // the minutes lacking, one bit each; the lowest is the first minute
}

// Background is what people with the same working hours are painted over.
type Background struct {
	sheet    Sheet
	partials []Partial
	row      Row
}

// Row returns the background as a row. It must not be changed.
func (b *Background) Row() Row { return b.row }

// NewPainter makes a painter for a layout.
func NewPainter(l *Layout) *Painter {
	long := l.sheetWords()
	p := &Painter{
		layout: l, sheet: make(Sheet, long), beside: make(Sheet, long),
		partly: make([]uint8, l.cells), edge: make(Row, l.cellWords), depth: make([]int32, l.cells),
	}
	if l.cell == CellMinutes {
		p.short = uint(max(0, 62-l.reach))
	}
	return p
}

// Clear empties the sheet.
func (p *Painter) Clear() { clear(p.sheet) }

// FillAll paints the whole sheet: somebody who is never available.
func (p *Painter) FillAll() {
	p.sheet.fill(ofCells, 0, len(p.sheet)*64)
	p.sheet.fill(ofStarts, 0, len(p.sheet)*64)
}

// Use begins with a background.
func (p *Painter) Use(b *Background) {
	copy(p.sheet, b.sheet)
	for _, f := range b.partials {
		p.touch(int(f.Cell), f.Minutes)
	}
}

// Background returns what is painted, and forgets all partial cells.
func (p *Painter) Background() *Background {
	p.ForgetPartials()
	p.Finish(0)
	b := &Background{sheet: slices.Clone(p.sheet), partials: slices.Clone(p.partials), row: p.Row()}
	p.ForgetPartials()
	return b
}

// Sheet returns the sheet of the person who is painted, how many cells a slot reaches
// beyond its first, and whether cells have the usual length. It is for callers that paint
// many blocks of whole cells by Sheet.Put.
func (p *Painter) Sheet() (sheet Sheet, reach uint, usual bool) {
	return p.sheet, uint(p.layout.reach), p.layout.cell == CellMinutes
}

// Paint paints that the person cannot in any minute of s, nor for any slot that would
// share a minute with it. What lies outside of the axis is left out.
//
// Stretches of some hours, which nearly all are, are painted without a branch whose
// outcome differs from one to the next.
func (p *Painter) Paint(s civil.Span) {
	l := p.layout
	start, end := uint(s.Start-l.axis.Start), uint(s.End-l.axis.Start) // what lies before the axis becomes very large
	first, last := start/CellMinutes, end/CellMinutes
	late, over := start-first*CellMinutes, end-last*CellMinutes
	long := last - first
	if first>>6+1 >= uint(len(p.sheet)) || long-1 >= p.short || last >= uint(len(p.partly)) {
		p.paintAny(s)
		return
	}
	const whole = 1<<CellMinutes - 1
	begun, cut := bit(late > 0), bit(over > 0)
	cells, starts := (uint64(1)<<(long&63)-1)&^begun, uint64(1)<<((long+uint(cut)+uint(l.reach))&63)-1
	p.sheet.Put(first, cells, starts)
	p.partly[first] |= uint8(whole<<late) & whole & -uint8(begun)
	p.partly[last] |= whole &^ uint8(whole<<over)
	n := len(p.touched)
	touched := slices.Grow(p.touched, 2)[:n+2]
	touched[n] = int32(first)
	touched[n+int(begun)] = int32(last)
	p.touched = touched[:n+int(begun+cut)]
}

// paintAny is Paint of a stretch of any length, which may lie outside of the axis.
func (p *Painter) paintAny(s civil.Span) {
	l := p.layout
	start, end := int(max(s.Start-l.axis.Start, 0)), int(min(s.End, l.axis.End)-l.axis.Start)
	if start >= end {
		return
	}
	first, last, late, over := start, end, 0, 0 // the cells that hold them, and the minutes into these
	if l.cell == CellMinutes {
		first, last, late, over = start/CellMinutes, end/CellMinutes, start%CellMinutes, end%CellMinutes
	}
	p.sheet.fill(ofCells, first+min(late, 1), last)
	p.sheet.fill(ofStarts, first, last+min(over, 1)+l.reach)
	whole := l.WholeCell()
	if first == last {
		p.touch(first, whole<<late&^(whole<<over))
		return
	}
	if late > 0 {
		p.touch(first, whole<<late)
	}
	if over > 0 {
		p.touch(last, whole&^(whole<<over))
	}
}

// bit is 1 if it is so.
func bit(so bool) (n uint64) {
	if so {
		n = 1
	}
	return n
}

// touch notes minutes that do not fill their cell.
func (p *Painter) touch(cell int, minutes uint8) {
	p.partly[cell] |= minutes & p.layout.WholeCell()
	p.touched = append(p.touched, int32(cell))
}

// Finish ends the painting of one person. Cells whose minutes add up become whole, the
// others are added to the partial cells. A cell that was touched twice has no minutes
// left the second time. Which of these a cell is differs from cell to cell, so there are
// no branches.
func (p *Painter) Finish(person int) {
	sheet, partly, edge, depth, deepest := p.sheet, p.partly, p.edge, p.depth, p.deepest
	n, whole := len(p.partials), p.layout.WholeCell()
	to := slices.Grow(p.partials, len(p.touched))[:n+len(p.touched)]
	for _, i := range p.touched {
		minutes, word, shift := partly[i], &sheet[i>>6][ofCells], i&63
		partly[i] = 0
		*word |= bit(minutes == whole) << shift
		left := bit(minutes > 0) &^ (*word >> shift)
		to[n] = Partial{int32(person), i, minutes}
		n += int(left)
		edge[i>>6] |= left << shift
		depth[i] += int32(left)
		deepest = max(deepest, int(depth[i]))
	}
	p.touched, p.partials, p.deepest = p.touched[:0], to[:n], deepest
}

// Discard ends a painting of which only the starts are wanted.
func (p *Painter) Discard() {
	for _, i := range p.touched {
		p.partly[i] = 0
	}
	p.touched = p.touched[:0]
}

// Partials returns the partial cells of all people painted since they were forgotten.
func (p *Painter) Partials() []Partial { return p.partials }

// Edge marks the cells that are partial for anybody. Its words are those of the cells.
func (p *Painter) Edge() Row { return p.edge }

// Depth returns for how many people a cell is partial.
func (p *Painter) Depth(cell int) int { return int(p.depth[cell]) }

// Deepest returns the greatest Depth of any cell.
func (p *Painter) Deepest() int { return p.deepest }

// ForgetPartials begins a new round of people.
func (p *Painter) ForgetPartials() {
	for _, f := range p.partials {
		p.edge[f.Cell>>6], p.depth[f.Cell] = 0, 0
	}
	p.partials, p.deepest = p.partials[:0], 0
}

// Row returns what is painted on the sheet as a new row.
func (p *Painter) Row() Row {
	l := p.layout
	r := make(Row, l.width)
	for w := range l.cellWords {
		r[w] = p.sheet[w][ofCells]
	}
	for _, k := range l.packs {
		r[k.to] |= bits.RotateLeft64(p.sheet[k.from][ofStarts]&k.mask, k.turn)
	}
	return r
}

// Next puts the sheet aside, to paint the next person on another. The new sheet is not
// empty.
func (p *Painter) Next() { p.sheet, p.beside = p.beside, p.sheet }

package bitset

import (
	"math/bits"
	"slices"

	"slotfinder/internal/civil"
)

// CellMinutes is the usual length of a cell in minutes: nearly all meetings begin and
// end on a multiple of it. Where slots need not, cells are single minutes.
const CellMinutes = 5

// Layout says which bit of a row stands for which cell of the axis or which start of a
// slot: first the cells, in order of time, then the starts, closely packed.
type Layout struct {
	axis      civil.Span
	duration  civil.Minute // of a slot
	cell      civil.Minute // length of a cell
	whole     uint8        // the minutes of a cell, one bit each
	cells     int
	reach     int     // cells of a slot beside its first
	bits      []int32 // of the starts
	cellWords int     // words that hold cells, so also the first word with starts
	width     int     // words in a row
	used      Row     // the bits that stand for anything
	line      Row     // memory of Mark

	packs     []pack  // where the starts are, in order of time
	firstPack []int32 // by word with starts: its first pack; then the number of packs

	live      []int32 // the words in which somebody may be available
	dead      []int32 // the others, in which everybody is missing
	place     []int32 // of a word among live; -1 if it is dead
	liveCells int     // how many of live hold cells
	livePacks []pack  // the packs in live words; to is the place among these
}

// NewLayout makes the layout of an axis for slots of so many minutes that begin at the
// starts. The axis begins and ends on multiples of CellMinutes; the starts are in order
// and in the axis.
func NewLayout(axis civil.Span, starts []civil.Minute, duration civil.Minute) *Layout {
	l := &Layout{axis: axis, duration: duration, cell: CellMinutes}
	odd := func(at civil.Minute) bool { return (at-axis.Start)%CellMinutes != 0 }
	if duration%CellMinutes != 0 || slices.ContainsFunc(starts, odd) {
		l.cell = 1
	}
	l.whole = 1<<l.cell - 1
	l.cells = int(axis.Len() / l.cell)
	l.reach = int((duration - 1) / l.cell)
	l.cellWords = Words(l.cells)
	l.line = make(Row, l.sheetWords())
	l.packStarts(starts)
	l.used = make(Row, l.width)
	l.used.fill(0, l.cells)
	for _, p := range l.packs {
		l.used[p.to] |= bits.RotateLeft64(p.mask, p.turn)
	}
	l.place = make([]int32, l.width)
	l.Compact(l.used)
	return l
}

// sheetWords is the length of a Sheet.
func (l *Layout) sheetWords() int { return Words(l.cells+l.reach) + 1 }

// Duration returns the minutes of a slot.
func (l *Layout) Duration() civil.Minute { return l.duration }

// Cell returns the minutes of a cell: CellMinutes or 1.
func (l *Layout) Cell() civil.Minute { return l.cell }

// WholeCell returns the minutes of a cell as one bit each, all set.
func (l *Layout) WholeCell() uint8 { return l.whole }

// Cells returns the number of cells. Cell i is bit i.
func (l *Layout) Cells() int { return l.cells }

// CellWords returns how many words of a row hold cells; those after them hold starts.
func (l *Layout) CellWords() int { return l.cellWords }

// Width returns how many words a row has.
func (l *Layout) Width() int { return l.width }

// Used returns the bits that stand for a cell or a start. It must not be changed.
func (l *Layout) Used() Row { return l.used }

// Bit returns the bit that stands for the start with that index.
func (l *Layout) Bit(start int) int { return int(l.bits[start]) }

// CellsIn returns the cells that s touches, as the index of the first and of the one
// after the last.
func (l *Layout) CellsIn(s civil.Span) (first, end int) {
	return int((s.Start - l.axis.Start) / l.cell), int((s.End - l.axis.Start + l.cell - 1) / l.cell)
}

// Compact leaves out the words that need no memory: never marks the bits in which
// everybody is missing, and a word with no other used bit is dead. Matrices and
// tallies that were filled before are void.
func (l *Layout) Compact(never Row) {
	l.live, l.dead = slices.Grow(l.live[:0], l.width), slices.Grow(l.dead[:0], l.width)
	for w := range l.place {
		if w == l.cellWords {
			l.liveCells = len(l.live)
		}
		if l.used[w]&^never[w] == 0 {
			l.place[w] = -1
			l.dead = append(l.dead, int32(w))
			continue
		}
		l.place[w] = int32(len(l.live))
		l.live = append(l.live, int32(w))
	}
	l.livePacks = slices.Grow(l.livePacks[:0], len(l.packs))
	for _, p := range l.packs {
		if k := l.place[p.to]; k >= 0 {
			p.to = int(k)
			l.livePacks = append(l.livePacks, p)
		}
	}
}

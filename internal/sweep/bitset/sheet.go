package bitset

import "math/bits"

// Sheet is what one person is painted on: bits that say "cannot", side by side for the
// cells of the axis and for the starts of slots. In the second, a start stands as many
// cells after its own as a slot reaches, so that a block sets both from the same bit on.
type Sheet [][2]uint64

// The sides of a sheet.
const (
	ofCells = iota
	ofStarts
)

// Put sets bits from a bit on, on both sides, in its word and in the next. It is short
// enough for the compiler to inline.
func (s Sheet) Put(from uint, cells, starts uint64) {
	here := ^uint64(0) << (from & 63)
	cells, starts = bits.RotateLeft64(cells, int(from)), bits.RotateLeft64(starts, int(from))
	at, next := &s[from>>6], &s[from>>6+1]
	at[ofCells] |= cells & here
	at[ofStarts] |= starts & here
	next[ofCells] |= cells &^ here
	next[ofStarts] |= starts &^ here
}

// fill sets the bits from a (inclusive) to b (exclusive) on one side; none if b <= a.
func (s Sheet) fill(side, a, b int) {
	for a < b {
		end := min(b, a&^63+64)
		s[a>>6][side] |= ^uint64(0) << (a & 63) & (^uint64(0) >> (-end & 63))
		a = end
	}
}

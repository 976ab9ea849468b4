package bitset

import (
	"iter"
	"math/bits"

	"slotfinder/internal/civil"
)

// pack says where the starts of one word of a sheet lie in a row. Starts are some cells
// apart, so a word of them is nearly empty; rotated by a few bits, several share one.
type pack struct {
	from, to int    // words of the sheet and of a row
	mask     uint64 // the starts in the sheet's word
	turn     int    // bits to the left
	first    int    // the index of the word's first start
}

// packStarts finds a place for every start.
func (l *Layout) packStarts(starts []civil.Minute) {
	l.collect(starts)
	l.bits = make([]int32, 0, len(starts))
	word, full := l.cellWords, uint64(0)
	l.firstPack = append(l.firstPack, 0)
	for i := range l.packs {
		p := &l.packs[i]
		for p.turn < 64 && bits.RotateLeft64(p.mask, p.turn)&full != 0 {
			p.turn++
		}
		if p.turn == 64 {
			word, full, p.turn = word+1, 0, 0
			l.firstPack = append(l.firstPack, int32(i))
		}
		p.to = word
		full |= bits.RotateLeft64(p.mask, p.turn)
		for m := p.mask; m != 0; m &= m - 1 {
			l.bits = append(l.bits, int32(word<<6+(bits.TrailingZeros64(m)+p.turn)&63))
		}
	}
	l.width = word + 1
	l.firstPack = append(l.firstPack, int32(len(l.packs)))
}

// collect makes a pack of each word of a sheet that has starts.
func (l *Layout) collect(starts []civil.Minute) {
	l.packs = make([]pack, 0, l.sheetWords())
	for i, at := range starts {
		bit := int(at - l.axis.Start)
		if l.cell == CellMinutes { // a division by a constant takes a tenth of the time
			bit /= CellMinutes
		}
		bit += l.reach
		if n := len(l.packs); n == 0 || l.packs[n-1].from != bit>>6 {
			l.packs = append(l.packs, pack{from: bit >> 6, first: i})
		}
		l.packs[len(l.packs)-1].mask |= 1 << (bit & 63)
	}
}

// Starts yields the indices of the starts that r marks, in order of time.
func (l *Layout) Starts(r Row) iter.Seq[int] {
	return func(yield func(int) bool) {
		for i, word := range r[l.cellWords:] {
			if word == 0 {
				continue
			}
			packs := l.packs[l.firstPack[i]:l.firstPack[i+1]]
			for j := range packs {
				p := &packs[j]
				for m := bits.RotateLeft64(word, -p.turn) & p.mask; m != 0; m &= m - 1 {
					if !yield(p.first + bits.OnesCount64(p.mask&(m&-m-1))) {
						return
					}
				}
			}
		}
	}
}

// Mark sets in r the starts whose whole slot lies in one of the spans, which lie in the
// axis.
func (l *Layout) Mark(in civil.Set, r Row) {
	clear(l.line)
	for _, s := range in {
		if s.Len() >= l.duration {
			first, last := s.Start-l.axis.Start+l.cell-1, s.End-l.axis.Start-l.duration
			l.line.fill(int(first/l.cell)+l.reach, int(last/l.cell)+1+l.reach)
		}
	}
	for i := range l.packs {
		p := &l.packs[i]
		r[p.to] |= bits.RotateLeft64(l.line[p.from]&p.mask, p.turn)
	}
}

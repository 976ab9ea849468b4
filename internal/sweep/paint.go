package sweep

import (
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// paint fills the matrix with all people, and counts each tile while it is at hand.
func (s *Search) paint() {
	people := len(s.in.People)
	s.painter.ForgetPartials()
	s.everyone, s.lines = s.everyone[:0], nil
	s.findOffHours()
	s.matrix.Reset(s.layout, people)
	s.missing.Reset(s.layout, people)
	for first := 0; first < people && !s.stop.stopped; first += bitset.Wide {
		end := min(first+bitset.Wide, people)
		for i := first; i < end; i++ {
			s.everyone = append(s.everyone, int32(i))
		}
		s.paintTile(first, end)
		s.missing.Add(&s.matrix, first, end)
	}
}

// paintTile paints the people first (inclusive) to end (exclusive), two at a time. If
// the last one is alone, what was on the other sheet before is lifted beside them, into a
// row that nobody reads.
func (s *Search) paintTile(first, end int) {
	for i := first; i < end && !s.stop.check(); i += 2 {
		s.paintPerson(i)
		s.painter.Next()
		if i+1 < end {
			s.paintPerson(i + 1)
		}
		s.painter.Lift(&s.matrix, i)
	}
}

// paintPerson paints one person on the sheet.
func (s *Search) paintPerson(i int) {
	p := &s.in.People[i]
	if p.Unknown {
		s.painter.FillAll()
		return
	}
	s.painter.Use(s.byPerson[i].background)
	paintBlocks(s.painter, s.axis.Start, p.Blocks, &s.in.Rules)
	s.painter.Finish(i)
}

// paintBlocks paints the blocks that count under the rules on an axis that begins at the
// given instant.
func paintBlocks(p *bitset.Painter, axis civil.Minute, blocks []Block, rules *Rules) {
	const cell = bitset.CellMinutes
	sheet, reach, usual := p.Sheet()
	buffer, free := uint(rules.Buffer/cell), rules.free()
	aligned := usual && len(rules.Ignore) == 0 && rules.Buffer%cell == 0 && reach+2*buffer < 63
	for len(blocks) > 0 {
		if aligned {
			n := paintAligned(blocks, sheet, axis+civil.Minute(buffer*cell), 2*buffer, 2*buffer+reach)
			if blocks = blocks[n:]; len(blocks) == 0 {
				return
			}
		}
		if b := &blocks[0]; rules.blocks(b, free) {
			p.Paint(rules.widened(b.Span))
		}
		blocks = blocks[1:]
	}
}

// fifth divides by bitset.CellMinutes: in 32 bits, a multiple of five times this number
// is its fifth part, and any other number times it is more than every fifth part.
const fifth = 0xCCCCCCCD

// paintAligned paints blocks up to the first that is not aligned, and returns how many:
// aligned are busy events of some hours within the axis that begin and end on whole cells,
// as nearly all do. Begin is the start of the axis plus the buffer; wider is the cells of
// both buffers, and more is these and those that a slot reaches beyond its first.
//
// Most of a search's time is spent here. So the loop calls nothing and needs little, which
// stays in registers; and it writes two words without asking whether a block reaches the
// second, since a branch that cannot be predicted costs more.
func paintAligned(blocks []Block, sheet bitset.Sheet, begin civil.Minute, wider, more uint) int {
	longest := 63 - more
	for i := range blocks {
		b := &blocks[i]
		first, last := uint(uint32(b.Start-begin)*fifth), uint(uint32(b.End-begin)*fifth) // what lies before becomes very large
		long := last - first
		if first>>6+1 >= uint(len(sheet)) || long-1 >= longest || b.Kind != 0 { // long-1 is very large if it has no length
			return i
		}
		sheet.Put(first, uint64(1)<<((long+wider)&63)-1, uint64(1)<<((long+more)&63)-1)
	}
	return len(blocks)
}

// blocks reports whether the block counts under the rules, which let the free kinds
// through.
func (r *Rules) blocks(b *Block, free Kind) bool {
	return !b.Empty() && (b.Kind&free == 0 || b.Kind&Absent != 0) && !r.ignores(b)
}

// free returns the kinds of blocks that the rules let through, unless they are absences.
func (r *Rules) free() (free Kind) {
	if r.TentativeFree {
		free |= Tentative
	}
	if r.AllDayFree {
		free |= AllDay
	}
	return free
}

// ignores reports whether the block is part of the meeting that is being moved.
func (r *Rules) ignores(b *Block) bool { return b.Row != 0 && slices.Contains(r.Ignore, b.Row) }

// widened returns the time that a block at s takes, with the buffer.
func (r *Rules) widened(s civil.Span) civil.Span {
	return civil.Span{Start: s.Start - civil.Minute(r.Buffer), End: s.End + civil.Minute(r.Buffer)}
}

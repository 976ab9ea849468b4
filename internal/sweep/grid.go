package sweep

import (
	"math/bits"

	"slotfinder/internal/span"
)

// grid is the starts at which a slot may begin: every instant at which the
// viewer's clock shows a whole number of steps since its midnight. So a reading
// that a change of the clock skips is no start, and of one that it repeats both
// instants are.
type grid struct {
	axis   span.Span
	starts []span.Minute
	marks  row     // one bit per minute of the axis
	before []int32 // starts before each word of marks
}

func newGrid(c Clock, axis span.Span, step int) grid {
	g := grid{axis: axis, marks: make(row, words(int(axis.Len()))+1)}
	if step > 0 {
		for _, p := range c.pieces {
			g.mark(p.Clip(axis), p.offset, span.Minute(step))
		}
	}
	g.before = make([]int32, len(g.marks))
	for w, n := 0, 0; w < len(g.marks); w++ {
		g.before[w] = int32(n)
		n += bits.OnesCount64(g.marks[w])
	}
	return g
}

// mark adds the starts of a stretch in which wall time = instant + offset.
// Midnight is always one, also when the step does not divide the day.
func (g *grid) mark(s span.Span, offset, step span.Minute) {
	for at := s.Start; at < s.End; {
		clock := span.Minute(clockOf(at + offset))
		if clock%step == 0 {
			g.marks.set(int(at - g.axis.Start))
			g.starts = append(g.starts, at)
		}
		at += min(step-clock%step, span.Day-clock)
	}
}

// rank returns the number of starts before m, which is also the index of the
// first start not before m.
func (g *grid) rank(m span.Minute) int {
	i := int(min(max(m, g.axis.Start), g.axis.End) - g.axis.Start)
	w := i >> 6
	return int(g.before[w]) + bits.OnesCount64(g.marks[w]&(1<<(i&63)-1))
}

// index returns the index of the start at m; false if the grid has none there.
func (g *grid) index(m span.Minute) (int, bool) {
	i := g.rank(m)
	return i, i < len(g.starts) && g.starts[i] == m
}

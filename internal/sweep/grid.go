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
	ticks  []tick // one bit per minute of the axis
	even   even
}

// even is a grid whose starts are the same number of minutes apart all the way,
// as they are wherever clocks change by a multiple of the step. Their ranks need
// no table: a division, done as a multiplication by 2³²/step. factor is 0 if the
// grid is not even.
type even struct {
	factor uint64
	ahead  uint64 // what makes the division round up from the first start
}

// rank returns the number of starts before a minute counted from the start of
// the axis. It is exact up to some 2²⁰ minutes.
func (e even) rank(minute span.Minute) uint {
	return uint((uint64(minute) + e.ahead) * e.factor >> 32)
}

// evenly returns how the grid can be divided, if it can.
func (g *grid) evenly(step int) even {
	if len(g.starts) == 0 || g.axis.Len() > 1<<20 {
		return even{}
	}
	for i, at := range g.starts {
		if at != g.starts[0]+span.Minute(i*step) {
			return even{}
		}
	}
	first := int(g.starts[0] - g.axis.Start)
	if first >= step || int(g.axis.End-g.starts[len(g.starts)-1]) > step {
		return even{}
	}
	return even{factor: 1<<32/uint64(step) + 1, ahead: uint64(step - 1 - first)}
}

// tick is 64 minutes: which of them are starts, and how many starts came before.
type tick struct {
	marks  uint64
	before int
}

func newGrid(c Clock, axis span.Span, step int) grid {
	g := grid{axis: axis, ticks: make([]tick, words(int(axis.Len()))+1)}
	if step > 0 {
		for _, p := range c.pieces {
			g.mark(p.Clip(axis), p.offset, span.Minute(step))
		}
	}
	n := 0
	for i := range g.ticks {
		g.ticks[i].before = n
		n += bits.OnesCount64(g.ticks[i].marks)
	}
	g.even = g.evenly(step)
	return g
}

// mark adds the starts of a stretch in which wall time = instant + offset.
// Midnight is always one, also when the step does not divide the day.
func (g *grid) mark(s span.Span, offset, step span.Minute) {
	for at := s.Start; at < s.End; {
		clock := span.Minute(clockOf(at + offset))
		if clock%step == 0 {
			minute := at - g.axis.Start
			g.ticks[minute>>6].marks |= 1 << (minute & 63)
			g.starts = append(g.starts, at)
		}
		at += min(step-clock%step, span.Day-clock)
	}
}

// rank returns the number of starts before m, which is also the index of the
// first start not before m.
func (g *grid) rank(m span.Minute) int {
	return int(g.rankOf(min(max(m, g.axis.Start), g.axis.End) - g.axis.Start))
}

// rankOf is rank of a minute counted from the start of the axis, and within it.
func (g *grid) rankOf(minute span.Minute) uint {
	t := &g.ticks[minute>>6]
	return uint(t.before + bits.OnesCount64(t.marks&(1<<(minute&63)-1)))
}

// index returns the index of the start at m; false if the grid has none there.
func (g *grid) index(m span.Minute) (int, bool) {
	i := g.rank(m)
	return i, i < len(g.starts) && g.starts[i] == m
}

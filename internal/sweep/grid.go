package sweep

import (
	"math/bits"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// grid is the starts: every instant at which the viewer's clock shows a whole number of
// steps since its midnight. So a reading that a change of the clock skips is no start, and
// of one that it repeats both instants are.
type grid struct {
	axis   civil.Span
	starts []civil.Minute
	ticks  []tick // one bit per minute of the axis
}

// tick is 64 minutes: which of them are starts, and how many starts came before.
type tick struct {
	marks  uint64
	before int
}

func newGrid(c civil.Clock, axis civil.Span, step int) grid {
	g := grid{axis: axis, ticks: make([]tick, bitset.Words(int(axis.Len()))+1)}
	if step > 0 {
		g.starts = make([]civil.Minute, 0, int(axis.Len())/step+1)
		for _, p := range c.Pieces {
			g.mark(p.Clip(axis), p.Offset, civil.Minute(step))
		}
	}
	n := 0
	for i := range g.ticks {
		g.ticks[i].before = n
		n += bits.OnesCount64(g.ticks[i].marks)
	}
	return g
}

// mark adds the starts of a stretch in which wall time = instant + offset. Midnight is
// always one, also when the step does not divide the day.
func (g *grid) mark(s civil.Span, offset, step civil.Minute) {
	for at := s.Start; at < s.End; {
		clock := civil.Minute(civil.WallClock(at + offset))
		midnight := at + civil.Day - clock
		for at += (step - clock%step) % step; at < min(midnight, s.End); at += step {
			minute := at - g.axis.Start
			g.ticks[minute>>6].marks |= 1 << (minute & 63)
			g.starts = append(g.starts, at)
		}
		at = midnight
	}
}

// rank returns the number of starts before m, which is also the index of the first start
// that is not before m.
func (g *grid) rank(m civil.Minute) int {
	minute := min(max(m, g.axis.Start), g.axis.End) - g.axis.Start
	t := &g.ticks[minute>>6]
	return t.before + bits.OnesCount64(t.marks&(1<<(minute&63)-1))
}

// index returns the index of the start at m; false if the grid has none there.
func (g *grid) index(m civil.Minute) (int, bool) {
	i := g.rank(m)
	return i, i < len(g.starts) && g.starts[i] == m
}

package sweep

import (
	"testing"

	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// Starts are numbered in order, and found by their numbers.
func TestRank(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		step := rapid.SampledFrom([]int{5, 7, 10, 15, 25, 30, 60, 1440}).Draw(t, "step")
		day := rapid.SampledFrom(oddDays).Draw(t, "day")
		axis := wholeCells(civil.Span{Start: day.Wall(0), End: day.Wall(0) + civil.Minute(rapid.IntRange(0, 20000).Draw(t, "length"))})
		g := newGrid(civil.NewClock(drawZone(t), civil.Around(day, day.Add(15))), axis, step)
		n := 0
		for m := axis.Start; m <= axis.End; m++ {
			if g.rank(m) != n {
				t.Fatalf("%d starts before %v, not %d", n, m.Time(), g.rank(m))
			}
			if i, ok := g.index(m); ok != (n < len(g.starts) && g.starts[n] == m) || i != n {
				t.Fatalf("index of %v is %d, %v", m.Time(), i, ok)
			}
			if n < len(g.starts) && g.starts[n] == m {
				n++
			}
		}
	})
}

// A block after the last start, on a grid that fills its words to the last bit, does no
// harm.
func TestBlockBehindTheLastStart(t *testing.T) {
	t.Parallel()
	in := Input{Rules: rules("2026-05-05"), People: []Person{person(1, busy("2026-05-06 23:50 00:00")...)}}
	in.Rules.To, in.Rules.Duration = in.Rules.To.Add(1), 5
	a := Find(in)
	expect(t, "slots", 2*96, len(a.Slots))
	expect(t, "windows", []civil.Span{{Start: at("2026-05-05 00:00"), End: at("2026-05-06 23:50")}}, a.Windows)
}

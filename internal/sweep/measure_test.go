package sweep

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// contest is the engine at work on the question that is measured.
type contest struct {
	search     *Search
	all, fewer Input // everybody must come; everybody but the first must
	quorum     Input // nobody must come, but there is a quorum
	best       []civil.Minute
	left, few  bitset.Row
}

func newContest(in Input, quorum int) *contest {
	c := &contest{all: in, quorum: in, fewer: in}
	c.quorum.People, c.fewer.People = slices.Clone(in.People), slices.Clone(in.People)
	c.fewer.People[0].Required = false
	for i := range c.quorum.People {
		c.quorum.People[i].Required = false
	}
	c.quorum.Rules.Quorum = quorum
	c.search = Prepare(in)
	return c
}

// cold answers from the spans as they come. Like warm it leaves the counts of people in
// the engine's tally; withCounts reads them.
func (c *contest) cold() outcome {
	c.search.reset(c.all)
	return c.read()
}

// warm answers when the spans are known and only who must come has changed, from all to
// all but the first: the required people are counted again.
func (c *contest) warm() outcome {
	c.search.refine(c.fewer)
	return c.read()
}

func (c *contest) read() outcome {
	o := outcome{all: c.search.windows()}
	c.search.refine(c.quorum)
	o.quorum = c.search.windows()
	o.best = c.fullest(50)
	return o
}

// withCounts adds the counts to what cold or warm found.
func (c *contest) withCounts(o outcome) outcome {
	for i := range c.search.grid.starts {
		o.counts = append(o.counts, len(c.search.in.People)-c.search.missing.At(c.search.layout.Bit(i)))
	}
	return o
}

// fullest returns the starts of the n slots with the most people.
func (c *contest) fullest(n int) []civil.Minute {
	s := c.search
	c.left, c.few = append(c.left[:0], s.offered...), bitset.Zeros(c.few, s.layout.Width())
	c.best = c.best[:0]
	for s.missing.Lowest(c.left, c.few) {
		for i := range s.layout.Starts(c.few) {
			if c.best = append(c.best, s.grid.starts[i]); len(c.best) == n {
				return c.best
			}
		}
	}
	return c.best
}

// top returns the n best slots, best first: those that Answer ranks 1 to n. It weighs only
// what can be among them. Nil when the search was stopped.
func (s *Search) top(n int) []Slot {
	if s.stop.check() {
		return nil
	}
	best := s.first(n, s.candidates(s.fewest(&s.missing, s.open, n))) // open starts differ by this only
	if s.stop.stopped {
		return nil
	}
	return best
}

// bruteForce answers minute by minute.
func bruteForce(in Input, quorum int) (o outcome) {
	all := ask(in)
	o.all = all.windows()
	for _, start := range all.candidates() {
		n := 0
		for p := range in.People {
			if all.there(p, start) {
				n++
			}
		}
		o.counts = append(o.counts, n)
	}
	all.in.People = slices.Clone(in.People)
	for i := range all.in.People {
		all.in.People[i].Required = false
	}
	all.in.Rules.Quorum = quorum
	o.quorum = all.windows()
	return o
}

func TestContestants(t *testing.T) {
	t.Parallel()
	for size := range oracleKnows {
		for _, shuffled := range []bool{false, true} {
			agree(t, newFixture(t, size, shuffled))
		}
	}
}

// oracleKnows is how many of the sizes the oracle can check.
const oracleKnows = 2

// agree checks textbook and engine against the oracle, over a week at most since the
// oracle is slow.
func agree(tb testing.TB, f fixture) {
	in := f.input()
	if f.Name[0] == 'M' {
		in.Rules.From, in.Rules.To = civil.Date{Year: 2026, Month: 3, Day: 26}, civil.Date{Year: 2026, Month: 4, Day: 1}
	}
	want := newTextbook(in, f.Quorum).answer()
	c := newContest(in, f.Quorum)
	brute := bruteForce(in, f.Quorum)
	brute.best = want.best
	compare(tb, f.Name+": oracle and textbook", brute, want)
	compare(tb, f.Name+": textbook and cold engine", want, c.withCounts(c.cold()))
	want.all = bruteForce(c.fewer, f.Quorum).all
	compare(tb, f.Name+": oracle and warm engine", want, c.withCounts(c.warm()))
}

func compare(tb testing.TB, what string, want, got outcome) {
	tb.Helper()
	got.counts = got.counts[:min(len(want.counts), len(got.counts))]
	if diff := cmp.Diff(want, got, cmp.AllowUnexported(outcome{})); diff != "" {
		tb.Fatalf("%s (-want +got):\n%s", what, diff)
	}
}

// A search in the memory of an earlier one allocates nothing, whether people have few
// blocks or four times as many.
func TestNoAllocationPerInterval(t *testing.T) {
	few := newFixture(t, 1, true).input()
	many := few
	many.People = slices.Clone(few.People)
	for i := range many.People {
		b := many.People[i].Blocks
		many.People[i].Blocks = slices.Concat(b, b, b, b)
	}
	allocations := func(in Input) float64 {
		s := Prepare(in)
		return testing.AllocsPerRun(20, func() { s.reset(in) })
	}
	if a, b := allocations(few), allocations(many); a != b || a > 0 {
		t.Errorf("%v allocations, %v with four times the intervals", a, b)
	}
}

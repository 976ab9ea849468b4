package sweep

import (
	"math/bits"
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// whatIf tells what changed questions would give. It asks them one after the other, until
// its stopper says stop; a question that was interrupted gives nothing.
type whatIf struct {
	in    Input
	stop  *stopper
	usual Search // memory of the questions with the days and the length that were asked for
	other Search // memory of the others
}

func newWhatIf(in Input, stop *stopper) *whatIf {
	in.Stop = stop.check
	return &whatIf{in: in, stop: stop}
}

// search asks for slots, not for series, by other rules. What it returns is valid
// until the next call. People are painted again only if the rules make it necessary.
func (w *whatIf) search(r *Rules) *Search {
	in, s := w.in, &w.other
	in.Rules = *r
	in.Rules.Weeks = 0
	if w.stop.check() {
		return &Search{stop: stopper{stopped: true}}
	}
	if r.Duration == w.in.Rules.Duration && r.From == w.in.Rules.From {
		s = &w.usual
	}
	if s.in.Rules.Zone != nil && in.Rules.refines(&s.in.Rules) {
		s.refine(in)
	} else {
		s.reset(in)
	}
	return s
}

// slots returns how many slots the rules give.
func (w *whatIf) slots(r *Rules) int { return w.search(r).number() }

// windows returns the windows of the question with a change applied that hold a slot.
func (w *whatIf) windows(x *Relaxation) []civil.Span {
	people := w.in.People
	defer func() { w.in.People = people }()
	w.in.People = slices.Clone(people)
	for i := range w.in.People {
		p := &w.in.People[i]
		p.Required = p.Required && p.ID != x.Person && p.ID != x.WithPerson
	}
	s := w.search(&x.Value)
	if s.stop.stopped {
		return nil
	}
	return slices.DeleteFunc(s.windows(), func(w civil.Span) bool { return !s.opensIn(w) })
}

// opensIn reports whether a slot lies in the window.
func (s *Search) opensIn(w civil.Span) bool {
	for i, end := s.grid.rank(w.Start), s.grid.rank(w.End); i < end; i++ {
		if s.open.Has(s.layout.Bit(i)) {
			return s.slot(i).End <= w.End
		}
	}
	return false
}

// number returns how many slots there are; 0 if the search was stopped.
func (s *Search) number() int {
	if s.stop.stopped {
		return 0
	}
	return s.open.Count()
}

// shorter returns the longest duration, in steps of five minutes, that is shorter than
// that of the rules and gives slots, and how many; 0 if there is none. Where a slot fits,
// a shorter one does, too, so the duration is found by halving.
func (w *whatIf) shorter(r Rules) (duration, slots int) {
	fits, most := 0, (r.Duration-1)/5
	for fits < most {
		try := (fits + most + 1) / 2
		r.Duration = 5 * try
		n := w.slots(&r)
		switch {
		case w.stop.stopped:
			return 5 * fits, slots
		case n > 0:
			fits, slots = try, n
		default:
			most = try - 1
		}
	}
	return 5 * fits, slots
}

// lacking marks the starts that the seeker allows at which exactly n required people are
// missing, and every other demand is met.
func (s *Search) lacking(n int) bitset.Row {
	exactly := slices.Clone(s.offered)
	for i, d := range s.demands {
		if i > 0 {
			d.missing.KeepAtMost(d.spare(), exactly)
		}
	}
	missing := s.demands[0].missing
	missing.KeepAtMost(n, exactly)
	fewer := slices.Clone(exactly)
	missing.KeepAtMost(n-1, fewer)
	for w := range exactly {
		exactly[w] &^= fewer[w]
	}
	return exactly
}

// without returns, by the index of a person, how many slots there would be more if that
// required one were optional. It leaves out somebody who is the only one asked: a meeting
// of nobody is none.
func (s *Search) without() map[int]int {
	if s.stop.stopped || len(s.in.People) == 1 {
		return nil
	}
	more := map[int]int{}
	if !s.eachMissing(s.lacking(1), func(person, _ int) { more[person]++ }) {
		return nil
	}
	return more
}

// withoutTwo returns, by the indices of a pair, how many slots there would be more if
// both were optional.
func (s *Search) withoutTwo() map[[2]int]int {
	if s.stop.stopped || len(s.in.People) == 2 {
		return nil
	}
	more := map[[2]int]int{}
	lacking := s.lacking(2)
	first := make([]int32, len(lacking)*64) // by bit: the first of the two, plus one
	whole := s.eachMissing(lacking, func(person, bit int) {
		if first[bit] == 0 {
			first[bit] = int32(person) + 1
		} else {
			more[[2]int{int(first[bit]) - 1, person}]++
		}
	})
	if !whole {
		return nil
	}
	return more
}

// eachMissing calls do for every required person and each of the marked starts, given by
// its bit, at which that person is missing. It reports whether nothing stopped it.
func (s *Search) eachMissing(marked bitset.Row, do func(person, bit int)) bool {
	for _, i := range s.demands[0].members {
		if s.stop.check() {
			return false
		}
		for w, word := range marked {
			if word == 0 {
				continue
			}
			for m := word & s.matrix.Word(int(i), w); m != 0; m &= m - 1 {
				do(int(i), w<<6+bits.TrailingZeros64(m))
			}
		}
	}
	return true
}

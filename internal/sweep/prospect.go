package sweep

import (
	"math/bits"
	"slices"
)

// prospect tells what changed questions would give: it asks them one after the other,
// until its brake is pulled. What a question gives that was interrupted is nothing.
type prospect struct {
	in    Input
	brake *brake
	usual Search // memory of the questions with the days and the length that were asked for
	other Search // memory of the others
}

func newProspect(in Input, b *brake) *prospect {
	in.Stop = b.pulled
	return &prospect{in: in, brake: b}
}

// search asks for slots, not for series, by other rules. It is good until the next one.
func (p *prospect) search(r *Rules) *Search {
	in, s := p.in, &p.other
	in.Rules = *r
	in.Rules.Weeks = 0
	if p.brake.pulled() {
		return &Search{brake: brake{on: true}}
	}
	if r.Duration == p.in.Rules.Duration && r.From == p.in.Rules.From {
		s = &p.usual
	}
	s.Reset(in)
	return s
}

// slots returns how many slots the rules give.
func (p *prospect) slots(r *Rules) int { return p.search(r).number() }

// number returns how many slots there are.
func (s *Search) number() int {
	if s.brake.on {
		return 0
	}
	return s.open.count()
}

// shorter returns the longest duration, in steps of five minutes, that is shorter than
// that of the rules and gives slots, and how many; 0 if there is none. Where a slot
// fits, a shorter one does.
func (p *prospect) shorter(r Rules) (duration, slots int) {
	fits, most := 0, (r.Duration-1)/5
	for fits < most {
		try := (fits + most + 1) / 2
		r.Duration = 5 * try
		n := p.slots(&r)
		switch {
		case p.brake.on:
			return 5 * fits, slots
		case n > 0:
			fits, slots = try, n
		default:
			most = try - 1
		}
	}
	return 5 * fits, slots
}

// lacking marks the starts that the seeker allows at which so many required people, no
// more and no fewer, are missing, and every other demand is met.
func (s *Search) lacking(n int) row {
	exactly := slices.Clone(s.offered)
	for i, d := range s.demands {
		if i > 0 {
			d.missing.keepAtMost(d.spare(), exactly)
		}
	}
	missing := s.demands[0].missing
	missing.keepAtMost(n, exactly)
	fewer := slices.Clone(exactly)
	missing.keepAtMost(n-1, fewer)
	for w := range exactly {
		exactly[w] &^= fewer[w]
	}
	return exactly
}

// without returns by person how many slots there would be more if that required one
// were optional. Nobody is who is the only one asked: a meeting of nobody is none.
func (s *Search) without() map[int]int {
	if s.brake.on || len(s.in.People) == 1 {
		return nil
	}
	more := map[int]int{}
	if !s.each(s.lacking(1), func(person, _ int) { more[person]++ }) {
		return nil
	}
	return more
}

// withoutTwo returns by pair how many slots there would be more if both were optional.
func (s *Search) withoutTwo() map[[2]int]int {
	if s.brake.on || len(s.in.People) == 2 {
		return nil
	}
	more := map[[2]int]int{}
	lacking := s.lacking(2)
	first := make([]int32, len(lacking)*64) // by bit: who was met first, and one
	whole := s.each(lacking, func(person, bit int) {
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

// each calls do for every required person and each of the starts, of those that a row
// marks, at which that one is missing. It reports whether nothing stopped it.
func (s *Search) each(marked row, do func(person, bit int)) bool {
	for _, i := range s.demands[0].members {
		if s.brake.pulled() {
			return false
		}
		for w, word := range marked {
			if word == 0 {
				continue
			}
			for m := word & s.lacks(int(i), w); m != 0; m &= m - 1 {
				do(int(i), w<<6+bits.TrailingZeros64(m))
			}
		}
	}
	return true
}

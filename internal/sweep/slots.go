package sweep

import (
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// mostNear is how many of the nearest candidates are named when nothing fits.
const mostNear = 20

// Answer answers the question.
func (s *Search) Answer() Answer {
	var a Answer
	for _, phase := range [...]func(*Answer){
		func(a *Answer) { a.Windows = s.windows() },
		func(a *Answer) { a.Slots = s.slots() },
		s.addSeries,
		s.addNear,
	} {
		if s.stop.check() {
			break
		}
		phase(&a)
	}
	if s.stop.stopped {
		return Answer{Stopped: true}
	}
	return a
}

// addNear says why there are no slots, and what comes near.
func (s *Search) addNear(a *Answer) {
	if len(a.Slots) == 0 {
		a.Near = s.near()
		a.Why = s.why(*a)
	}
}

// Check reports whether a slot may start at the instant: whether Answer lists it. It
// looks up one bit. Whoever is about to book a slot asks it last. False when
// the search was stopped.
func (s *Search) Check(start civil.Minute) bool {
	if s.stop.stopped {
		return false
	}
	i, ok := s.grid.index(start)
	return ok && s.open.Has(s.layout.Bit(i))
}

// slots returns the open starts in order of time, ranked.
func (s *Search) slots() []Slot {
	slots := s.toSlots(s.ordered(s.candidates(s.open)))
	slices.SortFunc(slots, func(a, b Slot) int { return int(a.Start - b.Start) })
	return slots
}

// near returns the candidates with the fewest people missing, best first.
func (s *Search) near() []Slot {
	list := s.candidates(s.fewest(s.demands[0].missing, s.offered, mostNear))
	slices.SortStableFunc(list, func(a, b candidate) int { return slices.Compare(a.tier[:], b.tier[:]) })
	end := min(mostNear, len(list))
	for end > 0 && end < len(list) && list[end].tier == list[end-1].tier {
		end++ // the whole of the last tier
	}
	return s.first(mostNear, list[:end])
}

// first orders the candidates and returns the first n as slots.
func (s *Search) first(n int, list []candidate) []Slot {
	return s.toSlots(s.ordered(list)[:min(n, len(list))])
}

// why names the one reason for which there is no slot at all.
func (s *Search) why(a Answer) Reason {
	switch {
	case len(s.allowed) == 0:
		return s.whyNothingAllowed()
	case len(s.allowed.AtLeast(s.layout.Duration())) == 0:
		return TooLong
	case slices.ContainsFunc(s.in.People, func(p Person) bool { return p.Required && p.Unknown }):
		return RequiredUnknown
	case len(a.Windows) > 0 && !s.startsIn(a.Windows):
		return OffGrid
	case len(a.Near) > 0 && a.Near[0].Reasons[0] == QuorumMissed:
		return QuorumMissed
	default:
		return NobodyTogether
	}
}

// startsIn reports whether a slot that begins on the grid lies in one of the windows. It
// may still have too few people: with a quorum, windows count minute by minute.
func (s *Search) startsIn(windows civil.Set) bool {
	r := make(bitset.Row, s.layout.Width())
	s.layout.Mark(windows, r)
	return r.Count() > 0
}

// whyNothingAllowed tells whether the time asked for is over, or never was.
func (s *Search) whyNothingAllowed() Reason {
	always := s.in.Rules
	always.Now, always.Notice = s.axis.Start, 0
	if len(s.allow(&always)) > 0 {
		return InThePast
	}
	return NoDay
}

package sweep

import (
	"slices"

	"slotfinder/internal/civil"
)

// most is how many of the nearest candidates are named when nothing fits.
const most = 20

// Answer answers the question.
func (s *Search) Answer() Answer {
	var a Answer
	for _, phase := range [...]func(*Answer){
		func(a *Answer) { a.Windows = s.windows() },
		func(a *Answer) { a.Slots = s.slots() },
		s.repeats,
		s.nothing,
	} {
		if s.brake.pulled() {
			break
		}
		phase(&a)
	}
	if s.brake.on {
		return Answer{Stopped: true}
	}
	return a
}

// nothing says why there are no slots, and what comes near.
func (s *Search) nothing(a *Answer) {
	if len(a.Slots) == 0 {
		a.Near = s.near()
		a.Why = s.why(*a)
	}
}

// Check reports whether a slot may start at the instant: whether Answer would
// list it.
func (s *Search) Check(start civil.Minute) bool {
	if s.brake.on {
		return false
	}
	i, ok := s.grid.index(start)
	return ok && s.open.has(int(s.canvas.bits[i]))
}

// slots returns the open starts in order of time, ranked.
func (s *Search) slots() []Slot {
	slots := s.ranked(s.ordered(s.candidates(s.open)))
	slices.SortFunc(slots, func(a, b Slot) int { return int(a.Start - b.Start) })
	return slots
}

// Best returns the n best slots, best first: those that Answer ranks 1 to n. It
// only weighs what can be among them. Nil when the search was stopped.
func (s *Search) Best(n int) []Slot {
	if s.brake.pulled() {
		return nil
	}
	few := make(row, s.canvas.width)
	s.all.fewest(s.open, n, few) // an open start differs by nothing else
	best := s.first(n, s.candidates(few))
	if s.brake.on {
		return nil
	}
	return best
}

// near returns the candidates with the fewest people missing, best first.
func (s *Search) near() []Slot {
	few := make(row, s.canvas.width)
	s.demands[0].missing.fewest(s.offered, most, few)
	list := s.candidates(few)
	slices.SortStableFunc(list, func(a, b candidate) int { return slices.Compare(a.tier[:], b.tier[:]) })
	end := min(most, len(list))
	for end > 0 && end < len(list) && list[end].tier == list[end-1].tier {
		end++ // the whole of the last tier
	}
	return s.first(most, list[:end])
}

// first orders the candidates and returns the first n as slots.
func (s *Search) first(n int, list []candidate) []Slot {
	return s.ranked(s.ordered(list)[:min(n, len(list))])
}

// why names the one reason for which there is no slot at all.
func (s *Search) why(a Answer) Reason {
	switch {
	case len(s.allowed) == 0:
		return s.nothingAllowed()
	case len(s.allowed.AtLeast(s.canvas.duration)) == 0:
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

// startsIn reports whether a slot that begins on the grid lies in one of the
// windows. It may all the same have too few people: with a quorum, windows count
// minute by minute.
func (s *Search) startsIn(windows civil.Set) bool {
	r := make(row, s.canvas.width)
	s.canvas.mark(windows, r)
	return r.count() > 0
}

// nothingAllowed tells whether the time asked for is over, or never was.
func (s *Search) nothingAllowed() Reason {
	always := s.in.Rules
	always.Now, always.Notice = s.axis.Start, 0
	if len(s.allow(&always)) > 0 {
		return InThePast
	}
	return NoDay
}

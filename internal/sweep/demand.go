package sweep

import (
	"slices"

	"slotfinder/internal/sweep/bitset"
)

// demand asks for at least need of some people. The first demand is that all required
// people come; the quorum is one, and so is each AnyOf.
type demand struct {
	members []int32 // indices into Input.People, ascending
	need    int
	missing *bitset.Tally // how many of the members are missing
}

// spare returns how many of the members may be missing.
func (d *demand) spare() int { return len(d.members) - d.need }

// meetDemands finds where every demand is met, and the starts where a slot may begin.
func (s *Search) meetDemands() {
	if s.stop.check() {
		return
	}
	if s.makeDemands(); s.stop.stopped {
		return
	}
	s.met = append(s.met[:0], s.layout.Used()...)
	for _, d := range s.demands {
		d.missing.KeepAtMost(d.spare(), s.met)
	}
	s.open = append(s.open[:0], s.offered...)
	starts := s.layout.CellWords()
	s.open[starts:].And(s.met[starts:])
}

// makeDemands makes the demands, and counts who of their members is missing.
func (s *Search) makeDemands() {
	r, m := &s.in.Rules, &s.memory
	s.demands, m.members = s.demands[:0], m.members[:0]
	m.tallies = slices.Grow(m.tallies[:0], 2+len(r.Any)) // demands keep pointers into it
	required := s.everyone
	if s.hasOptional() {
		required = s.members(s.required)
	}
	s.addDemand(required, len(required))
	if r.Quorum > 0 {
		s.addDemand(s.everyone, r.Quorum)
	}
	if len(r.Any) > 0 {
		s.addGroupDemands()
	}
}

// addGroupDemands adds the demands of the rules' groups. Ids of people who are not asked
// do not count.
func (s *Search) addGroupDemands() {
	index := make(map[int64]int, len(s.in.People))
	for i := range s.in.People {
		index[s.in.People[i].ID] = i
	}
	belongs := make([]bool, len(s.in.People))
	for _, any := range s.in.Rules.Any {
		if s.stop.check() {
			return
		}
		clear(belongs)
		for _, id := range any.IDs {
			if i, asked := index[id]; asked {
				belongs[i] = true
			}
		}
		s.addDemand(s.members(func(i int) bool { return belongs[i] }), any.N)
	}
}

// hasOptional reports whether somebody need not come.
func (s *Search) hasOptional() bool {
	for i := range s.in.People {
		if !s.in.People[i].Required {
			return true
		}
	}
	return false
}

// required reports whether a person must come.
func (s *Search) required(i int) bool { return s.in.People[i].Required }

// members returns the indices of the people who belong, ascending. They are valid until
// the demands are made again.
func (s *Search) members(belongs func(i int) bool) []int32 {
	list := s.memory.members
	first := len(list)
	for i := range s.in.People {
		if belongs(i) {
			list = append(list, int32(i))
		}
	}
	s.memory.members = list
	return list[first:len(list):len(list)]
}

// nonMembers returns the indices of the people who are no members, like members does.
func (s *Search) nonMembers(members []int32) []int32 {
	list := s.memory.members
	first := len(list)
	for i := range s.everyone {
		if len(members) > 0 && members[0] == int32(i) {
			members = members[1:]
		} else {
			list = append(list, int32(i))
		}
	}
	s.memory.members = list
	return list[first:]
}

// addDemand adds a demand and counts who of its members is missing. Of most people it
// counts the few others, and subtracts these from all.
func (s *Search) addDemand(members []int32, need int) {
	d := demand{members: members, need: need, missing: &s.missing}
	if m := &s.memory; len(members) != len(s.in.People) {
		m.tallies = m.tallies[:len(m.tallies)+1] // with the memory it had
		d.missing = &m.tallies[len(m.tallies)-1]
		if len(s.in.People) <= bitset.Wide || 2*len(members) < len(s.in.People) {
			d.missing.Count(&s.matrix, members)
		} else {
			m.others.Count(&s.matrix, s.nonMembers(members))
			d.missing.Subtract(&s.missing, &m.others)
		}
	}
	s.demands = append(s.demands, d)
}

// fewest marks, of the starts that are set in among, those at which fewest are missing:
// all with the lowest count, then all with the next, until at least n are marked or there
// are no more.
func (s *Search) fewest(missing *bitset.Tally, among bitset.Row, n int) bitset.Row {
	m := &s.memory
	m.left, m.level = append(m.left[:0], among...), append(m.level[:0], among...)
	few := make(bitset.Row, s.layout.Width())
	for n > 0 && missing.Lowest(m.left, m.level) {
		for w := s.layout.CellWords(); w < len(few); w++ {
			few[w] |= m.level[w]
		}
		n -= m.level[s.layout.CellWords():].Count()
	}
	return few
}

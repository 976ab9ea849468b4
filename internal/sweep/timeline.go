package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/civil"
)

// State says how a person stands at a time. The bits combine; no bit means free.
type State uint8

// The bits of State. A block that the rules let through is not Booked, but still shows
// what it is: Unsure, WholeDay.
const (
	Booked   State = 1 << iota // a calendar block that counts under the rules
	Event                      // an ordinary event: not tentative, not all-day, no absence
	Unsure                     // a tentative block
	WholeDay                   // an all-day block
	Away                       // an absence
	Outside                    // outside the person's working hours
	Unread                     // the calendar could not be read, or this time was not searched
	Decided                    // a block that counts under the rules and is not tentative
)

// Missing is the bits of which any one makes a person unavailable.
const Missing = Booked | Outside | Unread

// Stretch is a time in which a person's state stays the same.
type Stretch struct {
	civil.Span
	State State
}

// timeline is a person's stretches in order of time, without the free ones. Blocks stand
// in it without buffer.
type timeline []Stretch

// Timeline returns how the person with index i in Input.People stands over the time that
// is searched: stretches in order of time, joined, the free ones left out. Blocks are
// shown without buffer.
func (s *Search) Timeline(i int) []Stretch {
	var clipped []Stretch
	for _, st := range s.timeline(i) {
		if within := st.Clip(s.axis); !within.Empty() {
			clipped = append(clipped, Stretch{within, st.State})
		}
	}
	return clipped
}

// within returns the stretches that share an instant with w.
func (l timeline) within(w civil.Span) timeline {
	past := func(st Stretch, m civil.Minute) int { // never 0: the search ends at the first that is not past
		if st.End <= m {
			return -1
		}
		return 1
	}
	first, _ := slices.BinarySearchFunc(l, w.Start, past)
	last := first
	for last < len(l) && l[last].Overlaps(w) {
		last++
	}
	return l[first:last]
}

// at returns all bits that hold at some time in w.
func (l timeline) at(w civil.Span) (all State) {
	for _, st := range l.within(w) {
		all |= st.State
	}
	return all
}

// timeline returns a person's timeline, making it when first asked for.
func (s *Search) timeline(i int) timeline {
	if s.lines == nil {
		s.lines = make([]timeline, len(s.in.People))
	}
	if s.lines[i] == nil {
		s.lines[i] = s.newTimeline(&s.in.People[i])
	}
	return s.lines[i]
}

// edge is where a state begins (by = 1) or ends (by = -1).
type edge struct {
	at    civil.Minute
	state State
	by    int
}

func (s *Search) newTimeline(p *Person) timeline {
	if p.Unknown {
		return timeline{{s.axis, Unread}}
	}
	var edges []edge
	add := func(w civil.Span, state State) {
		edges = append(edges, edge{w.Start, state, 1}, edge{w.End, state, -1})
	}
	for i := range p.Blocks {
		if b := &p.Blocks[i]; !b.Empty() {
			if state := s.in.Rules.state(b); state != 0 {
				add(b.Span, state)
			}
		}
	}
	if s.in.Rules.Work && p.Hours != nil {
		for _, off := range civil.Union(s.axis).Subtract(s.atWork(schedule{p.Zone, p.Hours})) {
			add(off, Outside)
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	return merge(edges)
}

// state returns the bits of one block under the rules; none if it is ignored.
func (r *Rules) state(b *Block) (state State) {
	if r.ignores(b) {
		return 0
	}
	if r.blocks(b, r.free()) {
		state |= Booked
		if b.Kind&Tentative == 0 || b.Kind&Absent != 0 {
			state |= Decided
		}
	}
	if b.Kind == 0 {
		state |= Event
	}
	if b.Kind&Tentative != 0 {
		state |= Unsure
	}
	if b.Kind&AllDay != 0 {
		state |= WholeDay
	}
	if b.Kind&Absent != 0 {
		state |= Away
	}
	return state
}

// merge turns edges in order of time into stretches.
func merge(edges []edge) timeline {
	l := timeline{}
	var depth [8]int
	for i, e := range edges {
		for bit := range depth {
			if e.state>>bit&1 == 1 {
				depth[bit] += e.by
			}
		}
		if i+1 == len(edges) || edges[i+1].at == e.at {
			continue
		}
		l = l.append(Stretch{civil.Span{Start: e.at, End: edges[i+1].at}, counted(depth)})
	}
	return l
}

// counted returns the bits whose depth is not zero.
func counted(depth [8]int) (state State) {
	for bit, n := range depth {
		if n > 0 {
			state |= 1 << bit
		}
	}
	return state
}

// append adds a stretch that does not begin before the last one ends. Free ones are left
// out; touching ones of the same state are joined.
func (l timeline) append(st Stretch) timeline {
	if st.State == 0 {
		return l
	}
	if last := len(l) - 1; last >= 0 && l[last].End == st.Start && l[last].State == st.State {
		l[last].End = st.End
		return l
	}
	return append(l, st)
}

package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/civil"
)

// State says how a person stands at a time. The bits combine; none is free.
type State uint8

// The bits of State. A block that the rules let through is not Booked but still
// shows what it is: Unsure, WholeDay.
const (
	Booked   State = 1 << iota // a calendar block that counts under the rules
	Event                      // an ordinary event: not tentative, not all-day, no absence
	Unsure                     // a tentative block
	WholeDay                   // an all-day block
	Away                       // an absence
	Outside                    // outside the person's working hours
	Unread                     // the calendar could not be read, or this time was not looked at
	Decided                    // a block that counts under the rules and is not tentative
)

// Missing are the bits of which any one makes a person unavailable.
const Missing = Booked | Outside | Unread

// Stretch is a time in which a person's state stays the same.
type Stretch struct {
	civil.Span
	State State
}

// line is a person's stretches in order of time, without the free ones. Blocks
// stand in it without buffer.
type line []Stretch

// Timeline returns how the person with index i in Input.People stands over the
// time looked at: stretches in order, merged, those without any state left out.
// Blocks are shown without buffer.
func (s *Search) Timeline(i int) []Stretch {
	var clipped []Stretch
	for _, st := range s.line(i) {
		if part := st.Clip(s.axis); !part.Empty() {
			clipped = append(clipped, Stretch{part, st.State})
		}
	}
	return clipped
}

// within returns the stretches that share an instant with w.
func (l line) within(w civil.Span) line {
	past := func(st Stretch, m civil.Minute) int { // never 0: finds the first that is not past
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
func (l line) at(w civil.Span) (all State) {
	for _, st := range l.within(w) {
		all |= st.State
	}
	return all
}

// state returns how a person stands to a slot: calendar blocks count with the
// buffer around the slot, working hours without.
func (s *Search) state(i int, slot civil.Span) State {
	if !s.axis.Contains(slot) {
		return Unread
	}
	const own = Outside | Unread
	return s.line(i).at(slot)&own | s.line(i).at(s.in.Rules.widened(slot))&^own
}

// Attendance says how everybody stands to a slot, with the buffer around it. A
// slot that is not wholly in the time looked at finds everybody unknown.
func (s *Search) Attendance(slot civil.Span) Attendance {
	var a Attendance
	for i := range s.in.People {
		id, state := s.in.People[i].ID, s.state(i, slot)
		for _, list := range []struct {
			ids *[]int64
			in  bool
		}{
			{&a.Free, state&Missing == 0},
			{&a.Busy, state&Decided != 0},
			{&a.Tentative, state&Unsure != 0},
			{&a.Outside, state&Outside != 0},
			{&a.Unknown, state&Unread != 0},
		} {
			if list.in {
				*list.ids = append(*list.ids, id)
			}
		}
	}
	return a
}

// line returns the person's line, making it when first asked for.
func (s *Search) line(i int) line {
	if s.lines == nil {
		s.lines = make([]line, len(s.in.People))
	}
	if s.lines[i] == nil {
		s.lines[i] = s.draw(&s.in.People[i])
	}
	return s.lines[i]
}

// edge is where a state begins (by = 1) or ends (by = -1).
type edge struct {
	at    civil.Minute
	state State
	by    int
}

func (s *Search) draw(p *Person) line {
	if p.Unknown {
		return line{{s.axis, Unread}}
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
		for _, free := range civil.Union(s.axis).Subtract(s.atWork(shift{p.Zone, p.Hours})) {
			add(free, Outside)
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
	if r.blocks(b) {
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
func merge(edges []edge) line {
	l := line{}
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
		l = l.append(Stretch{civil.Span{Start: e.at, End: edges[i+1].at}, above(depth)})
	}
	return l
}

// above returns the bits whose depth is not zero.
func above(depth [8]int) (state State) {
	for bit, n := range depth {
		if n > 0 {
			state |= 1 << bit
		}
	}
	return state
}

func (l line) append(st Stretch) line {
	if st.State == 0 {
		return l
	}
	if last := len(l) - 1; last >= 0 && l[last].End == st.Start && l[last].State == st.State {
		l[last].End = st.End
		return l
	}
	return append(l, st)
}

// Step is a time in which the same number of people is available.
type Step struct {
	civil.Span
	Free int
}

// Counts returns, over the whole time looked at, how many people are available
// minute by minute, blocks without buffer: the steps touch, and two of them in a
// row differ.
func (s *Search) Counts() []Step {
	edges := []edge{{at: s.axis.Start}, {at: s.axis.End}}
	for i := range s.in.People {
		for _, st := range s.Timeline(i) {
			if st.State&Missing != 0 {
				edges = append(edges, edge{at: st.Start, by: -1}, edge{at: st.End, by: 1})
			}
		}
	}
	slices.SortFunc(edges, func(a, b edge) int { return cmp.Compare(a.at, b.at) })
	var steps []Step
	free := len(s.in.People)
	for i, e := range edges[:len(edges)-1] {
		free += e.by
		next := Step{civil.Span{Start: e.at, End: edges[i+1].at}, free}
		if last := len(steps) - 1; last >= 0 && steps[last].Free == free {
			steps[last].End = next.End
		} else if !next.Empty() {
			steps = append(steps, next)
		}
	}
	return steps
}

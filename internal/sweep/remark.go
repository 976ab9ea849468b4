package sweep

import (
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// spare is how many minutes after a slot are worth a remark if all who come have them.
const spare = 60

// What distinguishes one proposal from others, beside the reasons for its rank.
const (
	WorkingDay  Reason = "working_day"  // people work although the weekday is free
	EdgeFor     Reason = "edge_for"     // at the edge of the day of Remark.For, who has another clock
	LastFree    Reason = "last_free"    // Remark.For has no other time that day
	BeforeLunch Reason = "before_lunch" // right before the lunch of Remark.For; 0: of everybody
	CoreHours   Reason = "core_hours"   // neither early nor late in anybody's day
	NobodyEarly Reason = "nobody_early" // before 09:00 for nobody
	Soonest     Reason = "soonest"      // the first of the proposals
	SpareAfter  Reason = "spare_after"  // all who come have an hour more
)

// Remark is what distinguishes a proposal from the others that are shown with it. The zero
// Remark says that nothing does.
type Remark struct {
	Reason Reason
	For    int64 // id of the person it is about; 0 for none
}

// Remarks returns a remark on each of the proposals. What is against a proposal comes
// first, then what fewest others have. What would be said of all is said of none, and what
// is good is only said of at most half of them.
func (s *Search) Remarks(slots []civil.Span) []Remark {
	facts := make([][]Remark, len(slots))
	times := map[Remark]int{}
	for i, slot := range slots {
		facts[i] = s.facts(slot, slots)
		for _, f := range facts[i] {
			times[f]++
		}
	}
	remarks := make([]Remark, len(slots))
	for i := range slots {
		least := len(slots)
		for _, f := range facts[i] {
			if times[f] == len(slots) || times[f] >= least || !f.against() && 2*times[f] > len(slots) {
				continue
			}
			remarks[i], least = f, times[f]
			if f.against() {
				break
			}
		}
	}
	return remarks
}

// against reports whether the remark speaks against a proposal, or is to be known before
// all else.
func (r Remark) against() bool {
	return slices.Contains([]Reason{WorkingDay, OverTentative, OverLunch, EarlyFor, LateFor, NoBreak, ShortNotice, EdgeFor}, r.Reason)
}

// facts lists what can be said of a proposal, what is against it first.
func (s *Search) facts(slot civil.Span, all []civil.Span) []Remark {
	i, ok := s.grid.index(slot.Start)
	if !ok || s.stop.stopped {
		return nil
	}
	w := s.impactOf(s.position(i, s.in.Rules.From.Wall(0)))
	var facts []Remark
	add := func(holds bool, reason Reason, person int) {
		if !holds {
			return
		}
		f := Remark{Reason: reason}
		if person >= 0 {
			f.For = s.in.People[person].ID
		}
		facts = append(facts, f)
	}
	add(w.extra, WorkingDay, -1)
	add(w.tentative.n > 0, OverTentative, w.tentative.toName())
	add(w.lunch.most > 0, OverLunch, w.lunch.toName())
	add(w.early.most > 0, EarlyFor, w.early.who)
	add(w.late.most > 0, LateFor, w.late.who)
	add(w.sitting.n > 0, NoBreak, w.sitting.toName())
	add(int(slot.Start-s.in.Rules.Now) < leastNotice, ShortNotice, -1)
	add(w.edge.most > 0, EdgeFor, w.edge.who)
	if w.people == 0 {
		return facts
	}
	add(w.last.n > 0, LastFree, w.last.who)
	add(w.beforeLunch.n == w.people || w.beforeLunch.n == 1, BeforeLunch, w.beforeLunch.toName())
	add(w.atEase == w.people, CoreHours, -1)
	add(w.early.most == 0, NobodyEarly, -1)
	add(!slices.ContainsFunc(all, func(o civil.Span) bool { return o.Start < slot.Start }), Soonest, -1)
	add(w.spare == w.people, SpareAfter, -1)
	return facts
}

// affected are those of the people to whom something happens.
type affected struct {
	n    int
	most int // minutes of the one who has most
	who  int // the index of that person
	all  int // people who were looked at
}

func (m *affected) add(person, minutes int) {
	m.all++
	if minutes <= 0 {
		return
	}
	m.n++
	if minutes > m.most {
		m.most, m.who = minutes, person
	}
}

// toName returns the index of the person to name: -1 if it happens to all of several.
func (m *affected) toName() int {
	if m.n == m.all && m.all > 1 || m.n == 0 {
		return -1
	}
	return m.who
}

// impact is how a slot is for those who come.
type impact struct {
	people                                         int
	early, late, edge, lunch, sitting, beforeLunch affected
	tentative, last                                affected
	atEase, spare                                  int  // people
	extra                                          bool // an additional working day of somebody
}

func (s *Search) impactOf(at position) (w impact) {
	slot := s.slot(at.start)
	for i := range s.in.People {
		p := &s.in.People[i]
		if p.Unknown || s.cannot(i, at.start) {
			continue
		}
		w.people++
		r := s.matrix.Row(i)
		w.sitting.add(i, s.sitting(i, at, r)-longSitting)
		w.tentative.add(i, int(s.state(i, slot)&Unsure))
		if s.onlyTime(r, at) {
			w.last.add(i, 1)
		}
		cell := int(s.layout.Cell())
		if most := min(s.layout.Cells()-at.last, (spare+cell-1)/cell); r.ClearFrom(at.last, most)*cell >= spare {
			w.spare++
		}
		w.byClock(i, s.habitsOf(p), slot, s.clock)
	}
	return w
}

// byClock adds what the slot is by a person's own clock.
func (w *impact) byClock(i int, h *habits, slot civil.Span, viewer civil.Clock) {
	d := h.discomfort(slot)
	w.extra = w.extra || h.hours != nil && h.hours.extraOn(civil.WallDate(h.clock.Wall(slot.Start)))
	if d.early > d.late {
		w.early.add(i, d.early)
	} else {
		w.late.add(i, d.late)
	}
	w.lunch.add(i, d.lunch)
	wall := h.clock.Wall(slot.Start)
	if d.off() == 0 && wall != viewer.Wall(slot.Start) {
		w.edge.add(i, d.offCore)
	}
	if d.off() == 0 && d.offCore == 0 {
		w.atEase++
	}
	if wait := h.lunch.Start - civil.WallClock(wall) - int(slot.Len()); 0 <= wait && wait <= 15 {
		w.beforeLunch.add(i, 1)
	} else {
		w.beforeLunch.add(i, 0)
	}
}

// sitting returns how many minutes a person sits in a row with the slot.
func (s *Search) sitting(person int, at position, r bitset.Row) int {
	b := breaks{search: s, person: person, off: s.byPerson[person].background.Row()}
	return b.sits(&candidate{position: at}, r)
}

// onlyTime reports whether somebody with this row has no other time on the viewer's day.
func (s *Search) onlyTime(r bitset.Row, at position) bool {
	midnight := at.wall - civil.Minute(civil.WallClock(at.wall))
	day := s.clock.Instants(civil.Union(civil.Span{Start: midnight, End: midnight + civil.Day}))
	for i := s.grid.rank(day[0].Start); i < s.grid.rank(day[len(day)-1].End); i++ {
		apart := s.grid.starts[i] - s.grid.starts[at.start]
		if bit := s.layout.Bit(i); max(apart, -apart) >= s.layout.Duration() && s.offered.Has(bit) && !r.Has(bit) {
			return false
		}
	}
	return true
}

// Burden is what a slot costs somebody who comes.
type Burden struct {
	Person  int64 // id
	Reason  Reason
	Minutes int // of focus time, of lunch, without a break; 0 where there is nothing to count
}

// Burdens says whom a slot costs what, in the order of Input.People: focus time, lunch,
// hours without a break, tentative events. Nil if it is no start.
func (s *Search) Burdens(slot civil.Span) (list []Burden) {
	i, ok := s.grid.index(slot.Start)
	if !ok || s.stop.stopped {
		return nil
	}
	at := s.position(i, s.in.Rules.From.Wall(0))
	for k := range s.in.People {
		p := &s.in.People[k]
		if p.Unknown || s.cannot(k, i) {
			continue
		}
		add := func(holds bool, reason Reason, minutes int) {
			if holds {
				list = append(list, Burden{p.ID, reason, minutes})
			}
		}
		r := s.matrix.Row(k)
		c := candidate{position: at}
		s.addFocus(&c, r, &breaks{search: s, person: k, off: s.byPerson[k].background.Row()})
		add(c.lost > 0, BreaksFocus, c.lost)
		lunch := s.habitsOf(p).discomfort(s.slot(i)).lunch
		add(lunch > 0, OverLunch, lunch)
		sits := s.sitting(k, at, r)
		add(sits > longSitting, NoBreak, sits)
		add(s.in.Rules.TentativeFree && s.state(k, s.slot(i))&Unsure != 0, OverTentative, 0)
	}
	return list
}

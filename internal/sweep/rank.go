package sweep

import (
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// spreadOver is over how many of the first places slots are spread by day and time of day.
const spreadOver = 12

// candidate is a start that is ranked.
type candidate struct {
	position
	tier [3]int // required people missing, people short of other demands, all missing
	cost int    // what it costs those who come; less is better

	there     int  // people who can come
	lost      int  // minutes of focus time, of all together
	slivers   int  // left-over gaps, of all together
	sitting   int  // minutes beyond four hours without a break, of the person who sits longest
	tentative int  // people whose tentative event it runs over
	trouble   int  // minutes outside comfortable hours, of all together
	worst     int  // the same of the person who has most of them
	worstOff  int  // the index of that person; -1 if there is none
	early     bool // the slot is early for that person, not late

	offCore, offCoreWorst int // minutes outside of the core hours, of all together and of who has most
	lunch, lunchWorst     int // minutes of lunch, the same
}

// position is where a candidate lies.
type position struct {
	start       int          // index in the grid
	bit         int          // in a row
	first, last int          // the first cell of the slot, and the first after it
	wall        civil.Minute // reading of the viewer's clock
	day         int          // days since the first of the range
	part        int          // part of the day
}

// candidates makes candidates of the starts that r marks, in order of time. They are valid
// until the next call.
func (s *Search) candidates(r bitset.Row) []candidate {
	list := slices.Grow(s.memory.candidates[:0], r[s.layout.CellWords():].Count())
	midnight := s.in.Rules.From.Wall(0)
	for i := range s.layout.Starts(r) {
		if s.stop.check() {
			break
		}
		list = append(list, s.candidate(s.position(i, midnight)))
	}
	s.memory.candidates = list
	return list
}

// position returns where a start lies, given when the range begins on the viewer's clock.
func (s *Search) position(start int, midnight civil.Minute) position {
	slot := s.slot(start)
	first, last := s.layout.CellsIn(slot)
	wall := s.clock.Wall(slot.Start)
	return position{
		start: start, bit: s.layout.Bit(start), first: first, last: last,
		wall: wall, day: int((wall - midnight) / civil.Day), part: partOfDay(wall),
	}
}

func (s *Search) candidate(at position) candidate {
	c := candidate{position: at, worstOff: -1}
	for d := range s.demands {
		short := s.demands[d].need - len(s.demands[d].members) + s.demands[d].missing.At(c.bit)
		c.tier[min(d, 1)] += max(0, short)
	}
	c.tier[2] = s.missing.At(c.bit)
	c.there = len(s.in.People) - c.tier[2]
	return c
}

// partOfDay returns the part of the day that a clock shows: before 11, from 11, from 14
// and from 17 o'clock on.
func partOfDay(wall civil.Minute) int {
	part := 0
	for _, hour := range [...]int{11, 14, 17} {
		if civil.WallClock(wall) >= hour*60 {
			part++
		}
	}
	return part
}

// ordered returns the candidates best first.
func (s *Search) ordered(list []candidate) []*candidate {
	s.weigh(list, &s.stop)
	order := make([]*candidate, len(list))
	for i := range list {
		order[i] = &list[i]
	}
	slices.SortFunc(order, func(a, b *candidate) int {
		switch {
		case a.tier != b.tier:
			return slices.Compare(a.tier[:], b.tier[:])
		case a.cost != b.cost:
			return a.cost - b.cost
		default:
			return a.start - b.start
		}
	})
	spread(order)
	return order
}

// spread moves slots of days and parts of the day that are not yet among the first places
// up to these, within a tier.
func spread(list []*candidate) {
	days := 0
	for _, c := range list {
		days = max(days, c.day+1)
	}
	byDay, byPart, byBoth := make([]int, days), [4]int{}, make([][4]int, days)
	shown := func(c *candidate) int { // by both, then by day, then by part; no count exceeds the places
		const over = spreadOver + 1
		return (byBoth[c.day][c.part]*over+byDay[c.day])*over + byPart[c.part]
	}
	for place := range list[:min(spreadOver, len(list))] {
		best, least := place, shown(list[place])
		for i := place + 1; i < len(list) && list[i].tier == list[place].tier && least > 0; i++ {
			if n := shown(list[i]); n < least {
				best, least = i, n
			}
		}
		c := list[best]
		copy(list[place+1:best+1], list[place:best])
		list[place] = c
		byBoth[c.day][c.part]++
		byDay[c.day]++
		byPart[c.part]++
	}
}

// toSlots turns candidates, in the order of their ranks, into slots.
func (s *Search) toSlots(order []*candidate) []Slot {
	slots := make([]Slot, len(order))
	reasons := make([]Reason, 0, 4*len(order)) // of all slots
	for i, c := range order {
		known := len(reasons)
		reasons = s.reasons(c, reasons)
		slots[i] = Slot{Span: s.slot(c.start), Rank: i + 1, Reasons: slices.Clip(reasons[known:])}
		if c.worstOff >= 0 {
			slots[i].For = s.in.People[c.worstOff].ID
		}
	}
	return slots
}

// reasons appends why a candidate stands where it stands.
func (s *Search) reasons(c *candidate, list []Reason) []Reason {
	switch {
	case c.tier[0] > 0:
		list = append(list, MissingRequired)
	case c.tier[1] > 0: // also if everybody can: a quorum may ask for more people than there are
		list = append(list, QuorumMissed)
	case c.tier[2] == 0:
		list = append(list, AllFree)
	case len(s.demands) > 1:
		list = append(list, QuorumMet)
	default:
		list = append(list, RequiredFree)
	}
	if c.tentative > 0 {
		list = append(list, OverTentative)
	}
	if c.lunch > 0 {
		list = append(list, OverLunch)
	}
	if c.sitting > 0 {
		list = append(list, NoBreak)
	}
	if s.haste(c) > 0 {
		list = append(list, ShortNotice)
	}
	switch {
	case c.lost > 0:
		list = append(list, BreaksFocus)
	case c.there > 0:
		list = append(list, KeepsFocus)
	}
	switch {
	case c.worst > 0 && c.early:
		list = append(list, EarlyFor)
	case c.worst > 0:
		list = append(list, LateFor)
	}
	return list
}

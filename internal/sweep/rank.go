package sweep

import (
	"cmp"
	"math/bits"
	"slices"
	"time"

	"slotfinder/internal/span"
)

// The weights of the ranking, in minutes of trouble; doc.go says why.
const (
	weightWorst     = 4   // per minute outside comfortable hours of the worst-off person
	weightMean      = 2   // per such minute of the average person
	weightFocus     = 1   // per minute of focus time lost, of the average person
	weightSliver    = 15  // per left-over gap too short to use, of the average person
	weightTentative = 120 // per tentative event that is run over, of the average person
	weightPrefer    = 1   // per minute between the slot and the preferred time of day
	weightLater     = 20  // per day of waiting
)

const (
	focus       = 120     // minutes: a free stretch of this length is worth keeping whole
	sliver      = 30      // minutes: a free stretch shorter than this is lost
	comfortFrom = 9 * 60  // clock reading from which nobody minds
	comfortTo   = 18 * 60 // and until which
	spreadOver  = 12      // places whose slots are spread over days and times of day
)

// candidate is a start that is being ranked.
type candidate struct {
	start int    // index in the grid
	tier  [3]int // required people missing, people short of other demands, all missing
	cost  int
	day   Date
	part  int // part of the day

	there     int // people who can come
	lost      int // minutes of focus time
	slivers   int
	tentative int
	trouble   int // minutes outside comfortable hours, of all together
	worst     int // of the worst-off
	worstOff  int // the index of that person, -1 if nobody
	early     bool
}

// candidates makes candidates of the starts that r marks.
func (s *Search) candidates(r row) []candidate {
	var list []candidate
	for i := range s.canvas.starts(r) {
		list = append(list, s.candidate(i))
	}
	return list
}

func (s *Search) candidate(i int) candidate {
	bit := int(s.canvas.bits[i])
	wall := s.clock.Wall(s.grid.starts[i])
	c := candidate{start: i, day: dateOfWall(wall), part: partOf(wall), worstOff: -1}
	for d := range s.demands {
		short := s.demands[d].need - len(s.demands[d].members) + s.demands[d].missing.at(bit)
		c.tier[min(d, 1)] += max(0, short)
	}
	c.tier[2] = s.all.at(bit)
	c.there = len(s.in.People) - c.tier[2]
	return c
}

// partOf returns the part of the day of a wall time: before 11, noon, from 14
// and from 17 o'clock on.
func partOf(wall span.Minute) int {
	part := 0
	for _, hour := range [...]int{11, 14, 17} {
		if clockOf(wall) >= hour*60 {
			part++
		}
	}
	return part
}

// ordered returns the candidates best first.
func (s *Search) ordered(list []candidate) []candidate {
	s.weigh(list)
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(slices.Compare(a.tier[:], b.tier[:]), cmp.Compare(a.cost, b.cost), cmp.Compare(a.start, b.start))
	})
	spread(list)
	return list
}

// spread moves, within a tier, slots of days and parts of the day that are not
// yet among the first places up to them.
func spread(list []candidate) {
	seen := map[Date]int{}
	parts := map[int]int{}
	type half struct {
		day  Date
		part int
	}
	both := map[half]int{}
	for place := range list[:min(spreadOver, len(list))] {
		best := place
		key := func(i int) [3]int {
			c := &list[i]
			return [3]int{both[half{c.day, c.part}], seen[c.day], parts[c.part]}
		}
		for i := place + 1; i < len(list) && list[i].tier == list[place].tier; i++ {
			a, b := key(i), key(best)
			if slices.Compare(a[:], b[:]) < 0 {
				best = i
			}
		}
		c := list[best]
		copy(list[place+1:best+1], list[place:best])
		list[place] = c
		both[half{c.day, c.part}]++
		seen[c.day]++
		parts[c.part]++
	}
}

// weigh fills in what each candidate costs the people who come.
func (s *Search) weigh(list []candidate) {
	zones := map[*time.Location]Clock{}
	for i := range s.in.People {
		p := &s.in.People[i]
		clock, ok := zones[p.Zone]
		if !ok {
			clock = NewClock(p.Zone, s.axis)
			zones[p.Zone] = clock
		}
		unsure := s.in.Rules.TentativeFree && slices.ContainsFunc(p.Blocks, func(b Block) bool { return b.Kind&Tentative != 0 })
		for k := range list {
			c := &list[k]
			if s.cannot(i, c.start) {
				continue
			}
			s.disturb(c, i)
			s.inconvenience(c, i, clock)
			if unsure && s.state(i, s.slot(c.start))&Unsure != 0 {
				c.tentative++
			}
		}
	}
	for k := range list {
		list[k].cost = s.cost(&list[k])
	}
}

// slot returns the slot of a start.
func (s *Search) slot(start int) span.Span {
	at := s.grid.starts[start]
	return span.Span{Start: at, End: at + s.canvas.duration}
}

// disturb adds what the slot does to a person's free time around it, read from
// the cells of the person's row: focus time that is broken up, slivers left.
func (s *Search) disturb(c *candidate, person int) {
	cell := int(s.canvas.cell)
	slot := cells(s.slot(c.start), s.canvas.cell)
	first, last := int(slot.Start-s.axis.Start)/cell, int(slot.End-s.axis.Start)/cell
	before, after := s.freeBefore(person, first)*cell, s.freeAfter(person, last)*cell
	if before+(last-first)*cell+after >= focus {
		for _, rest := range [2]int{before, after} {
			if rest < focus {
				c.lost += rest
			}
		}
	}
	for _, rest := range [2]int{before, after} {
		if rest > 0 && rest < sliver {
			c.slivers++
		}
	}
}

// freeBefore counts the free cells right before i, up to a focus length.
func (s *Search) freeBefore(person, i int) int {
	most := min(i, focus/int(s.canvas.cell))
	n := 0
	for n < most {
		last := i - n - 1
		run := bits.LeadingZeros64(s.lacks(person, last>>6) << (63 - last&63))
		n += min(run, last&63+1)
		if run <= last&63 {
			break
		}
	}
	return min(n, most)
}

// freeAfter counts the free cells from i on, up to a focus length.
func (s *Search) freeAfter(person, i int) int {
	most := min(s.canvas.cells-i, focus/int(s.canvas.cell))
	n := 0
	for n < most {
		next := i + n
		run := bits.TrailingZeros64(s.lacks(person, next>>6) >> (next & 63))
		n += min(run, 64-next&63)
		if run < 64-next&63 {
			break
		}
	}
	return min(n, most)
}

// inconvenience adds how early or late the slot is on a person's own clock.
func (s *Search) inconvenience(c *candidate, person int, clock Clock) {
	early, late := s.discomfort(clock, c.start)
	off := max(early, late)
	c.trouble += off
	if off > c.worst {
		c.worst, c.worstOff, c.early = off, person, early > late
	}
}

// discomfort returns how many minutes of a slot's start lie before, and of its
// end after, the comfortable hours of a clock.
func (s *Search) discomfort(c Clock, start int) (early, late int) {
	clock := clockOf(c.Wall(s.grid.starts[start]))
	return max(0, comfortFrom-clock), max(0, clock+int(s.canvas.duration)-comfortTo)
}

// cost sums a candidate's trouble up.
func (s *Search) cost(c *candidate) int {
	people := max(1, c.there)
	shared := weightMean*c.trouble + weightFocus*c.lost + weightSliver*c.slivers + weightTentative*c.tentative
	return weightWorst*c.worst + shared/people +
		weightPrefer*s.in.Rules.Prefer.distance(s.clock.Wall(s.grid.starts[c.start])) +
		weightLater*c.day.Sub(s.in.Rules.From)
}

// distance returns how many minutes a wall time's clock reading is away from
// the range; 0 in it, and for the zero range.
func (r Range) distance(wall span.Minute) int {
	if r == (Range{}) {
		return 0
	}
	clock := clockOf(wall)
	return max(0, r.Start-clock, clock-r.End)
}

// ranked turns a candidate into a slot of that rank.
func (s *Search) ranked(c *candidate, rank int) Slot {
	slot := Slot{Span: s.slot(c.start), Rank: rank, Reasons: s.reasons(c)}
	if c.worstOff >= 0 {
		slot.For = s.in.People[c.worstOff].ID
	}
	return slot
}

// reasons says in keys why a candidate stands where it stands.
func (s *Search) reasons(c *candidate) []Reason {
	list := make([]Reason, 0, 4)
	switch {
	case c.tier[0] > 0:
		list = append(list, MissingRequired)
	case c.tier[1] > 0: // even if everybody can: a quorum may ask for more people than there are
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
	switch {
	case c.lost > 0:
		list = append(list, BreaksFocus)
	case c.there > 0:
		list = append(list, KeepsFocus)
	}
	if c.worst > 0 {
		list = append(list, map[bool]Reason{true: EarlyFor, false: LateFor}[c.early])
	}
	return list
}

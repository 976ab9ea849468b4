package sweep

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
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
	spot
	tier [3]int // required people missing, people short of other demands, all missing
	cost int

	there     int // people who can come
	lost      int // minutes of focus time
	slivers   int
	tentative int
	trouble   int // minutes outside comfortable hours, of all together
	worst     int // of the worst-off
	worstOff  int // the index of that person, -1 if nobody
	early     bool
}

// spot is where a candidate lies.
type spot struct {
	start       int          // index in the grid
	bit         int          // in a row
	first, last int          // the cells from the slot's first to the first after it
	wall        civil.Minute // of the viewer's clock
	day         int          // days since the first of the range
	part        int          // part of the day
}

// candidates makes candidates of the starts that r marks. They are good until the
// next call.
func (s *Search) candidates(r row) []candidate {
	list := slices.Grow(s.list[:0], r[s.canvas.offset:].count())
	midnight := s.in.Rules.From.Wall(0)
	for i := range s.canvas.starts(r) {
		if s.brake.pulled() {
			break
		}
		list = append(list, s.candidate(s.spot(i, midnight)))
	}
	s.list = list
	return list
}

// spot returns where a start lies, given when the range begins on the viewer's clock.
func (s *Search) spot(start int, midnight civil.Minute) spot {
	slot, cell := s.slot(start), s.canvas.cell
	around, wall := cells(slot, cell), s.clock.Wall(slot.Start)
	return spot{
		start: start, bit: int(s.canvas.bits[start]),
		first: int((around.Start - s.axis.Start) / cell), last: int((around.End - s.axis.Start) / cell),
		wall: wall, day: int((wall - midnight) / civil.Day), part: partOf(wall),
	}
}

func (s *Search) candidate(at spot) candidate {
	c := candidate{spot: at, worstOff: -1}
	for d := range s.demands {
		short := s.demands[d].need - len(s.demands[d].members) + s.demands[d].missing.at(c.bit)
		c.tier[min(d, 1)] += max(0, short)
	}
	c.tier[2] = s.all.at(c.bit)
	c.there = len(s.in.People) - c.tier[2]
	return c
}

// partOf returns the part of the day of a wall time: before 11, noon, from 14
// and from 17 o'clock on.
func partOf(wall civil.Minute) int {
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
	s.weigh(list, &s.brake)
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

// spread moves, within a tier, slots of days and parts of the day that are not
// yet among the first places up to them.
func spread(list []*candidate) {
	days := 0
	for _, c := range list {
		days = max(days, c.day+1)
	}
	byDay, byPart, byBoth := make([]int, days), [4]int{}, make([][4]int, days)
	shown := func(c *candidate) int { // first by both; none is more than the places
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

// weigh fills in what each candidate costs the people who come, until the brake is
// pulled.
func (s *Search) weigh(list []candidate, b *brake) {
	zones := map[*time.Location][]discomfort{}
	for i := range s.in.People {
		p := &s.in.People[i]
		if p.Unknown || b.pulled() {
			continue
		}
		off, ok := zones[p.Zone]
		if !ok {
			off = s.discomforts(list, s.clockIn(p.Zone))
			zones[p.Zone] = off
		}
		r, unsure := s.row(i), s.unsure(p)
		for k := range list {
			c := &list[k]
			if r.has(c.bit) {
				continue
			}
			s.disturb(c, r)
			c.inconvenience(i, off[k])
			if unsure != nil && unsure.has(c.bit) {
				c.tentative++
			}
		}
	}
	for k := range list {
		list[k].cost = s.cost(&list[k])
	}
}

// unsure marks the starts whose slot runs over a tentative event of a person; nil if
// none does because there is no such event, or none is let through.
func (s *Search) unsure(p *Person) row {
	tentative := func(b Block) bool { return b.Kind&Tentative != 0 }
	if !s.in.Rules.TentativeFree || !slices.ContainsFunc(p.Blocks, tentative) {
		return nil
	}
	let := slices.DeleteFunc(slices.Clone(p.Blocks), func(b Block) bool { return !tentative(b) })
	clear(s.canvas.sheet)
	s.canvas.paint(let, &Rules{Buffer: s.in.Rules.Buffer, Ignore: s.in.Rules.Ignore})
	s.canvas.drop()
	return s.canvas.row()
}

// slot returns the slot of a start.
func (s *Search) slot(start int) civil.Span {
	at := s.grid.starts[start]
	return civil.Span{Start: at, End: at + s.canvas.duration}
}

// disturb adds what the slot does to a person's free time around it, read from
// the cells of the person's row: focus time that is broken up, slivers left.
func (s *Search) disturb(c *candidate, r row) {
	cell := int(s.canvas.cell)
	before := r.clearBefore(c.first, min(c.first, focus/cell)) * cell
	after := r.clearFrom(c.last, min(s.canvas.cells-c.last, focus/cell)) * cell
	if before+(c.last-c.first)*cell+after >= focus {
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

// discomfort is how many minutes of a slot's start lie before, and of its end
// after, the comfortable hours of a clock.
type discomfort struct{ early, late int }

func (s *Search) discomfort(c civil.Clock, start int) discomfort {
	clock := civil.WallClock(c.Wall(s.grid.starts[start]))
	return discomfort{max(0, comfortFrom-clock), max(0, clock+int(s.canvas.duration)-comfortTo)}
}

func (s *Search) discomforts(list []candidate, clock civil.Clock) []discomfort {
	all := make([]discomfort, len(list))
	for k := range list {
		all[k] = s.discomfort(clock, list[k].start)
	}
	return all
}

// inconvenience adds how early or late the slot is on a person's own clock.
func (c *candidate) inconvenience(person int, d discomfort) {
	off := max(d.early, d.late)
	c.trouble += off
	if off > c.worst {
		c.worst, c.worstOff, c.early = off, person, d.early > d.late
	}
}

// cost sums a candidate's trouble up.
func (s *Search) cost(c *candidate) int {
	people := max(1, c.there)
	shared := weightMean*c.trouble + weightFocus*c.lost + weightSliver*c.slivers + weightTentative*c.tentative
	return weightWorst*c.worst + shared/people +
		weightPrefer*distance(s.in.Rules.Prefer, c.wall) + weightLater*c.day
}

// distance returns how many minutes a wall time's clock reading is away from
// the range; 0 in it, and for the zero range.
func distance(r civil.Range, wall civil.Minute) int {
	if r == (civil.Range{}) {
		return 0
	}
	clock := civil.WallClock(wall)
	return max(0, r.Start-clock, clock-r.End)
}

// ranked turns candidates, in the order of their ranks, into slots.
func (s *Search) ranked(order []*candidate) []Slot {
	slots := make([]Slot, len(order))
	reasons := make([]Reason, 0, 4*len(order)) // of all
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

// reasons adds in keys why a candidate stands where it stands.
func (s *Search) reasons(c *candidate, list []Reason) []Reason {
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
	switch {
	case c.worst > 0 && c.early:
		list = append(list, EarlyFor)
	case c.worst > 0:
		list = append(list, LateFor)
	}
	return list
}

package sweep

import (
	"slices"

	"slotfinder/internal/span"
)

// prospect knows, from one pass over everybody's blocks, what any looser
// question would give: for each person and start, how many minutes it takes
// until something gets in the way, apart for each kind of thing that a change
// of the rules could remove.
type prospect struct {
	*Search         // over the range and the one directly after it
	reach   []reach // per person
}

// reach is minutes per start, at most a slot's duration, by layer. A layer in
// which nothing gets in anybody's way is nil.
type reach [layers][]uint16

// The layers: what can get in the way of a person.
const (
	byEvents    = iota // events that no rule lets through, absences, unknown calendars
	byTentative        // tentative events
	byAllDay           // all-day events
	byEither           // tentative all-day events, let through by either rule
	byHours            // working hours
	layers
)

// newProspect reads the blocks from the first day of the range to last.
func newProspect(in Input, last Date) *prospect {
	in.Rules.To, in.Rules.Weeks = last, 0
	p := &prospect{Search: &Search{in: in}, reach: make([]reach, len(in.People))}
	p.layOut()
	shifts := map[shift][]uint16{}
	for i := range in.People {
		person, r := &in.People[i], &p.reach[i]
		if person.Unknown {
			p.obstruct(&r[byEvents], p.axis)
			continue
		}
		for b := range person.Blocks {
			if block := &person.Blocks[b]; !block.Empty() && !in.Rules.ignores(block) {
				p.obstruct(&r[block.layer()], in.Rules.widened(block.Span))
			}
		}
		if person.Hours == nil {
			continue
		}
		key := shift{person.Zone, person.Hours}
		if _, known := shifts[key]; !known {
			var off []uint16
			for _, f := range span.Union(p.axis).Subtract(p.atWork(key)) {
				p.obstruct(&off, f)
			}
			shifts[key] = off
		}
		r[byHours] = shifts[key]
	}
	return p
}

// layer returns what the block can be removed by.
func (b *Block) layer() int {
	switch {
	case b.Kind&Absent != 0:
		return byEvents
	case b.Kind&(Tentative|AllDay) == Tentative|AllDay:
		return byEither
	case b.Kind&Tentative != 0:
		return byTentative
	case b.Kind&AllDay != 0:
		return byAllDay
	default:
		return byEvents
	}
}

// obstruct shortens the reach of every start whose slot would meet s.
func (p *prospect) obstruct(layer *[]uint16, s span.Span) {
	s = s.Clip(p.axis)
	first, last := p.grid.rank(s.Start-p.canvas.duration+1), p.grid.rank(s.End)
	if s.Empty() || first >= last {
		return
	}
	if *layer == nil {
		*layer = slices.Repeat([]uint16{uint16(p.canvas.duration)}, len(p.grid.starts))
	}
	for i := first; i < last; i++ {
		(*layer)[i] = min((*layer)[i], uint16(max(0, s.Start-p.grid.starts[i])))
	}
}

// active returns the layers of a person that count under the rules.
func (r *reach) active(rules *Rules) [][]uint16 {
	var active [][]uint16
	for layer, counts := range [layers]bool{
		byEvents:    true,
		byTentative: !rules.TentativeFree,
		byAllDay:    !rules.AllDayFree,
		byEither:    !rules.TentativeFree && !rules.AllDayFree,
		byHours:     rules.Work,
	} {
		if counts && r[layer] != nil {
			active = append(active, r[layer])
		}
	}
	return active
}

// outlook is what a question would give.
type outlook struct {
	slots int
	one   map[int]int    // by person: further slots if that required person were optional
	two   map[[2]int]int // by pair: further slots if both were; neither if nobody else is asked

	longest  int // the longest duration, in steps of 5 minutes, that fits anywhere
	atLength int // in how many starts it fits
	fits     row // starts, where there is room, that meet every demand
}

// look answers how many slots the rules give, which differ from those of the
// prospect in anything but people, step, buffer and ignored rows, and are not
// longer.
func (p *prospect) look(r *Rules) outlook {
	o := outlook{one: map[int]int{}, two: map[[2]int]int{}, fits: make(row, p.canvas.width)}
	active := make([][][]uint16, len(p.in.People))
	for i := range active {
		active[i] = p.reach[i].active(r)
	}
	sight := make([]int, len(active))
	for _, w := range p.allow(r) {
		for i, end := p.grid.rank(w.Start), p.grid.rank(w.End); i < end; i++ {
			for k, layers := range active {
				sight[k] = r.Duration
				for _, layer := range layers {
					sight[k] = min(sight[k], int(layer[i]))
				}
			}
			p.judge(&o, r, i, sight, int(w.End-p.grid.starts[i]))
		}
	}
	return o
}

// judge adds one start: sight is how long each person can stay from it on, room
// how long the seeker's limits let a slot be.
func (p *prospect) judge(o *outlook, r *Rules, start int, sight []int, room int) {
	longest := min(room, p.longest(r, sight)) / 5 * 5
	switch {
	case longest > o.longest:
		o.longest, o.atLength = longest, 1
	case longest == o.longest:
		o.atLength++
	}
	if room < r.Duration || !p.groups(r, sight) {
		return
	}
	var missing [3]int
	n := 0
	for i := range sight {
		if p.in.People[i].Required && sight[i] < r.Duration && n < len(missing) {
			missing[n] = i
			n++
		}
	}
	switch {
	case n == 0:
		o.slots++
		o.fits.set(int(p.canvas.bits[start]))
	case n == len(sight): // a meeting needs somebody who is asked to it
	case n == 1:
		o.one[missing[0]]++
	case n == 2:
		o.two[[2]int{missing[0], missing[1]}]++
	}
}

// groups reports whether the quorum and every AnyOf is met for the duration.
func (p *prospect) groups(r *Rules, sight []int) bool {
	return p.groupSight(r, sight) >= r.Duration
}

// longest returns for how long every demand is met by the same people.
func (p *prospect) longest(r *Rules, sight []int) int {
	least := p.groupSight(r, sight)
	for i := range sight {
		if p.in.People[i].Required {
			least = min(least, sight[i])
		}
	}
	return least
}

// groupSight returns for how long the quorum and every AnyOf are met.
func (p *prospect) groupSight(r *Rules, sight []int) int {
	least := r.Duration
	if r.Quorum > 0 {
		least = min(least, nth(sight, r.Quorum))
	}
	for _, any := range r.Any {
		var group []int
		for i := range sight {
			if slices.Contains(any.IDs, p.in.People[i].ID) {
				group = append(group, sight[i])
			}
		}
		if any.N > 0 {
			least = min(least, nth(group, any.N))
		}
	}
	return least
}

// nth returns the n-th greatest number, 0 if there are fewer.
func nth(numbers []int, n int) int {
	if n > len(numbers) {
		return 0
	}
	sorted := slices.Sorted(slices.Values(numbers))
	return sorted[len(sorted)-n]
}

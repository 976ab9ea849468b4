package sweep

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// The weights of the ranking, in minutes of trouble; docs/engine.md says why.
const (
	weightWorst     = 4   // per minute outside comfortable hours of the person who has most
	weightMean      = 2   // per such minute of the average person
	weightFocus     = 1   // per minute of focus time lost, of the average person
	weightSliver    = 15  // per left-over gap too short to use, of the average person
	weightTentative = 120 // per tentative event that the slot runs over, of the average person
	weightPrefer    = 1   // per minute between the slot and the preferred time of day
	weightLater     = 20  // per day of waiting
)

const (
	focus       = 120     // minutes: a free stretch of this length is worth keeping whole
	sliver      = 30      // minutes: a free stretch shorter than this is lost
	comfortFrom = 9 * 60  // comfortable hours begin, in minutes of a person's own clock
	comfortTo   = 18 * 60 // and end
)

// weigh fills in what each candidate costs the people who come, until it is stopped.
func (s *Search) weigh(list []candidate, stop *stopper) {
	zones := map[*time.Location][]discomfort{}
	for i := range s.in.People {
		p := &s.in.People[i]
		if p.Unknown || stop.check() {
			continue
		}
		off, ok := zones[p.Zone]
		if !ok {
			off = s.discomforts(list, s.clockIn(p.Zone))
			zones[p.Zone] = off
		}
		r, tentative := s.matrix.Row(i), s.overTentative(p)
		for k := range list {
			c := &list[k]
			if r.Has(c.bit) {
				continue
			}
			s.addFocus(c, r)
			c.addDiscomfort(i, off[k])
			if tentative != nil && tentative.Has(c.bit) {
				c.tentative++
			}
		}
	}
	for k := range list {
		list[k].cost = s.cost(&list[k])
	}
}

// overTentative marks the starts whose slot runs over a tentative event of a person; nil
// if there is no such event, or the rules let none through.
func (s *Search) overTentative(p *Person) bitset.Row {
	tentative := func(b Block) bool { return b.Kind&Tentative != 0 }
	if !s.in.Rules.TentativeFree || !slices.ContainsFunc(p.Blocks, tentative) {
		return nil
	}
	events := slices.DeleteFunc(slices.Clone(p.Blocks), func(b Block) bool { return !tentative(b) })
	s.painter.Clear()
	paintBlocks(s.painter, s.axis.Start, events, &Rules{Buffer: s.in.Rules.Buffer, Ignore: s.in.Rules.Ignore})
	s.painter.Discard()
	return s.painter.Row()
}

// addFocus adds what the slot does to a person's free time around it, as their row shows
// it in cells: focus time that is broken up, and slivers that are left.
func (s *Search) addFocus(c *candidate, r bitset.Row) {
	cell := int(s.layout.Cell())
	before := r.ClearBefore(c.first, min(c.first, focus/cell)) * cell
	after := r.ClearFrom(c.last, min(s.layout.Cells()-c.last, focus/cell)) * cell
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

// discomfort is how many minutes a slot starts before, and ends after, the comfortable
// hours of a clock.
type discomfort struct{ early, late int }

func (s *Search) discomfort(c civil.Clock, start int) discomfort {
	clock := civil.WallClock(c.Wall(s.grid.starts[start]))
	return discomfort{max(0, comfortFrom-clock), max(0, clock+int(s.layout.Duration())-comfortTo)}
}

// discomforts returns the discomfort of each candidate on a clock.
func (s *Search) discomforts(list []candidate, clock civil.Clock) []discomfort {
	all := make([]discomfort, len(list))
	for k := range list {
		all[k] = s.discomfort(clock, list[k].start)
	}
	return all
}

// addDiscomfort adds how early or late the slot is on a person's own clock.
func (c *candidate) addDiscomfort(person int, d discomfort) {
	off := max(d.early, d.late)
	c.trouble += off
	if off > c.worst {
		c.worst, c.worstOff, c.early = off, person, d.early > d.late
	}
}

// cost sums up what a candidate costs.
func (s *Search) cost(c *candidate) int {
	people := max(1, c.there)
	shared := weightMean*c.trouble + weightFocus*c.lost + weightSliver*c.slivers + weightTentative*c.tentative
	return weightWorst*c.worst + shared/people +
		weightPrefer*distance(s.in.Rules.Prefer, c.wall) + weightLater*c.day
}

// distance returns how many minutes the clock reading of a wall time is away from the
// range; 0 in it, and for the zero range.
func distance(r civil.Range, wall civil.Minute) int {
	if r == (civil.Range{}) {
		return 0
	}
	clock := civil.WallClock(wall)
	return max(0, r.Start-clock, clock-r.End)
}

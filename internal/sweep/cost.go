package sweep

import (
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// The weights of the ranking, in points; docs/engine.md says why.
const (
	weightWorst        = 8   // per minute outside comfortable hours of the person who has most
	weightMean         = 4   // per such minute of the average person
	weightOffCoreWorst = 2   // per minute outside of the core hours of the person who has most
	weightOffCoreMean  = 1   // per such minute of the average person
	weightLunch        = 2   // per minute of lunch of the person who loses most, and again of the average person
	weightSitting      = 4   // per minute beyond four hours in a row, up to five, of the person who sits longest
	weightFocus        = 1   // per minute of focus time lost, of the average person
	weightSliver       = 15  // per left-over gap too short to use, of the average person
	weightTentative    = 200 // per tentative event that the slot runs over
	weightPrefer       = 3   // per minute of the slot outside the preferred time of day
	weightLater        = 40  // per day of waiting
	weightNotice       = 4   // per minute that is missing to an hour's notice
	weightQuarter      = 35  // for a start that is not on the half hour
)

const (
	focus          = 120 // minutes: a free stretch of this length is worth keeping whole
	sliver         = 30  // minutes: a free stretch shorter than this is lost
	longSitting    = 240 // minutes: longer than this nobody should sit without a break
	longestSitting = 300 // minutes: longer than this is not worse
	leastNotice    = 60  // minutes: people need so much notice
)

// weigh fills in what each candidate costs the people who come, until it is stopped.
func (s *Search) weigh(list []candidate, stop *stopper) {
	var groups []*alike
	known := map[schedule]*alike{}
	for i := range s.in.People {
		p := &s.in.People[i]
		if p.Unknown || stop.check() {
			continue
		}
		g := known[schedule{p.Zone, p.Hours}]
		if g == nil {
			g = s.newAlike(list, p)
			known[schedule{p.Zone, p.Hours}], groups = g, append(groups, g)
		}
		r, tentative := s.matrix.Row(i), s.overTentative(p)
		b := breaks{search: s, person: i, off: s.byPerson[i].background.Row()}
		for k := range list {
			c := &list[k]
			if r.Has(c.bit) {
				continue
			}
			s.addFocus(c, r, &b)
			g.add(k, i)
			if tentative != nil && tentative.Has(c.bit) {
				c.tentative++
			}
		}
	}
	for k := range list {
		for _, g := range groups {
			list[k].addDiscomfort(&g.asked[k])
		}
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
	return s.rowOf(p, tentative)
}

// rowOf returns a row of some of a person's blocks, whatever the rules let through.
func (s *Search) rowOf(p *Person, which func(Block) bool) bitset.Row {
	events := slices.DeleteFunc(slices.Clone(p.Blocks), func(b Block) bool { return !which(b) })
	s.painter.Clear()
	paintBlocks(s.painter, s.axis.Start, events, &Rules{Buffer: s.in.Rules.Buffer, Ignore: s.in.Rules.Ignore})
	s.painter.Discard()
	return s.painter.Row()
}

// addFocus adds what the slot does to a person's time around it, as their row shows it in
// cells: focus time that is broken up, slivers that are left, hours without a break.
func (s *Search) addFocus(c *candidate, r bitset.Row, b *breaks) {
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
	if before == 0 || after == 0 {
		c.sitting = max(c.sitting, b.sits(c, r)-longSitting)
	}
}

// cost sums up what a candidate costs.
func (s *Search) cost(c *candidate) int {
	shared := weightMean*c.trouble + weightLunch*c.lunch + weightFocus*c.lost + weightSliver*c.slivers
	cost := weightWorst*c.worst + weightLunch*c.lunchWorst + weightSitting*c.sitting + weightTentative*c.tentative
	away := s.away(c.wall)
	cost += weightPrefer * away
	if away > 0 || s.in.Rules.Prefer == (civil.Range{}) {
		shared += weightOffCoreMean * c.offCore
		cost += weightOffCoreWorst * c.offCoreWorst
	}
	if c.wall%30 != 0 {
		cost += weightQuarter
	}
	return cost + shared/max(1, c.there) + weightLater*c.day + weightNotice*s.haste(c)
}

// haste returns how many minutes of notice people lack.
func (s *Search) haste(c *candidate) int {
	return max(0, leastNotice-int(s.grid.starts[c.start]-s.in.Rules.Now))
}

// away returns how many minutes a slot that begins at a wall time lies outside of the
// preferred time; a time that is shorter than the slot is meant for its start. 0 if none is
// preferred.
func (s *Search) away(wall civil.Minute) int {
	r := s.in.Rules.Prefer
	if r == (civil.Range{}) {
		return 0
	}
	if r.End-r.Start >= s.in.Rules.Duration {
		r.End -= s.in.Rules.Duration
	}
	clock := civil.WallClock(wall)
	return max(0, r.Start-clock, clock-r.End)
}

package sweep

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// schedule is whose clock and which hours count; the zero schedule is that of people who
// may be asked at any time.
type schedule struct {
	zone  *time.Location
	hours *Hours
}

// offHours is everything outside the working hours of a schedule, painted. Most people
// of a company share one, so it is translated into instants, and painted, once.
type offHours struct {
	schedule
	background *bitset.Background
	round      int // of the last question in which somebody had this schedule
}

// scheduleOf returns whose clock and which hours count for a person.
func (s *Search) scheduleOf(p *Person) schedule {
	if !s.in.Rules.Work || p.Hours == nil {
		return schedule{}
	}
	return schedule{p.Zone, p.Hours}
}

// offHoursOf returns the off-hours of a schedule, painting them if they are new.
func (s *Search) offHoursOf(of schedule) *offHours {
	if painted, ok := s.offHours[of]; ok {
		return painted
	}
	s.painter.Clear()
	if of.hours != nil {
		for _, off := range civil.Union(s.axis).Subtract(s.atWork(of)) {
			s.painter.Paint(off)
		}
	}
	painted := &offHours{schedule: of, background: s.painter.Background()}
	s.offHours[of] = painted
	return painted
}

// atWork returns the working time of a schedule, within the axis.
func (s *Search) atWork(of schedule) civil.Set { return atWork(of.hours, s.clockIn(of.zone), s.axis) }

// clockIn returns the clock of a zone over the axis.
func (s *Search) clockIn(zone *time.Location) civil.Clock {
	c, ok := s.clocks[zone]
	if !ok {
		c = civil.NewClock(zone, s.axis)
		s.clocks[zone] = c
	}
	return c
}

// findOffHours finds everybody's off-hours, and which words of a row nobody needs. People
// whose calendar is unknown have none.
func (s *Search) findOffHours() {
	s.round++
	before, last := len(s.inUse), s.byPerson // often the same person has the same hours again
	s.byPerson = s.byPerson[:0]
	for i := range s.in.People {
		p := &s.in.People[i]
		if p.Unknown {
			s.byPerson = append(s.byPerson, nil)
			continue
		}
		var o *offHours
		if of := s.scheduleOf(p); i < len(last) && last[i] != nil && last[i].schedule == of {
			o = last[i]
		} else if s.stop.check() {
			return
		} else {
			o = s.offHoursOf(of)
		}
		s.byPerson = append(s.byPerson, o)
		if o.round != s.round {
			o.round = s.round
			s.inUse = append(s.inUse, o)
		}
	}
	same := slices.Equal(s.inUse[:before], s.inUse[before:])
	s.inUse = slices.Delete(s.inUse, 0, before)
	if !same {
		s.compact()
	}
}

// compact leaves out the words of a row in which nobody works.
func (s *Search) compact() {
	never := slices.Clone(s.layout.Used())
	for _, o := range s.inUse {
		never.And(o.background.Row())
	}
	s.layout.Compact(never)
}

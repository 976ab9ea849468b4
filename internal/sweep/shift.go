package sweep

import (
	"slices"
	"time"

	"slotfinder/internal/civil"
)

// shifts are the working hours met so far. Most people of a portal share them,
// so each is translated into instants, and painted, once.
type shifts map[shift]*shade

// shift is whose clock and which hours; the zero shift is that of people who may
// be asked at any time.
type shift struct {
	zone  *time.Location
	hours *Hours
}

// shade is everything outside working hours, painted: what people are painted over.
type shade struct {
	shift
	sheet sheet
	row   row
	edge  []fringe
	round int // of the last search in which it was worn
}

// shiftOf returns whose clock and which hours count for a person.
func (s *Search) shiftOf(p *Person) shift {
	if !s.in.Rules.Work || p.Hours == nil {
		return shift{}
	}
	return shift{p.Zone, p.Hours}
}

// outside returns everything outside a shift, painted.
func (s *Search) outside(key shift) *shade {
	if painted, ok := s.shifts[key]; ok {
		return painted
	}
	c := &s.canvas
	clear(c.sheet)
	if key.hours != nil {
		for _, free := range civil.Union(s.axis).Subtract(s.atWork(key)) {
			c.shade(free)
		}
	}
	painted := &shade{shift: key, edge: c.settle(0, nil), sheet: slices.Clone(c.sheet)}
	painted.row = c.row()
	c.wipe(painted.edge)
	s.shifts[key] = painted
	return painted
}

// atWork returns the working time of a shift, within the axis.
func (s *Search) atWork(x shift) civil.Set { return atWork(x.hours, s.clockIn(x.zone), s.axis) }

// clockIn returns the clock of a zone over the axis.
func (s *Search) clockIn(zone *time.Location) civil.Clock {
	c, ok := s.clocks[zone]
	if !ok {
		c = civil.NewClock(zone, s.axis)
		s.clocks[zone] = c
	}
	return c
}

// dress finds everybody's shade, and the words of a row that none of them leaves
// out. People whose calendar is unknown have none.
func (s *Search) dress() {
	s.round++
	before, last := len(s.shades), s.worn // at the same place there often is the same shade again
	s.worn = s.worn[:0]
	for i := range s.in.People {
		p := &s.in.People[i]
		if p.Unknown {
			s.worn = append(s.worn, nil)
			continue
		}
		var o *shade
		if key := s.shiftOf(p); i < len(last) && last[i] != nil && last[i].shift == key {
			o = last[i]
		} else if s.brake.pulled() {
			return
		} else {
			o = s.outside(key)
		}
		s.worn = append(s.worn, o)
		if o.round != s.round {
			o.round = s.round
			s.shades = append(s.shades, o)
		}
	}
	same := slices.Equal(s.shades[:before], s.shades[before:])
	s.shades = slices.Delete(s.shades, 0, before)
	if !same {
		s.light()
	}
}

// light finds the words of a row that somebody's working hours reach.
func (s *Search) light() {
	out := slices.Clone(s.canvas.used)
	for _, o := range s.shades {
		out.and(o.row)
	}
	s.canvas.light(out)
}

package sweep

import (
	"time"

	"slotfinder/internal/span"
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
	sheet sheet
	row   row
	edge  []fringe
	round int // of the last search in which it was worn
}

// outside returns everything outside the person's working hours, painted.
func (s *Search) outside(p *Person) *shade {
	key := shift{p.Zone, p.Hours}
	if !s.in.Rules.Work || p.Hours == nil {
		key = shift{}
	}
	if painted, ok := s.shifts[key]; ok {
		return painted
	}
	c := &s.canvas
	clear(c.sheet)
	if key.hours != nil {
		for _, free := range span.Union(s.axis).Subtract(s.shift(p)) {
			c.shade(free)
		}
	}
	painted := &shade{edge: c.settle(0, nil), sheet: append(sheet(nil), c.sheet...)}
	painted.row = c.row()
	s.shifts[key] = painted
	return painted
}

// shift returns when the person works, within the axis.
func (s *Search) shift(p *Person) span.Set {
	return atWork(p.Hours, NewClock(p.Zone, s.axis), s.axis)
}

// dress finds everybody's shade, and the words of a row that none of them leaves
// out. People whose calendar is unknown have none.
func (s *Search) dress() {
	s.round++
	s.worn = s.worn[:0]
	var all row
	for i := range s.in.People {
		p := &s.in.People[i]
		if p.Unknown {
			s.worn = append(s.worn, nil)
			continue
		}
		o := s.outside(p)
		s.worn = append(s.worn, o)
		if o.round == s.round {
			continue
		}
		o.round = s.round
		if all == nil {
			s.out = append(s.out[:0], o.row...)
			all = s.out
		} else {
			all.and(o.row)
		}
	}
	if all == nil {
		all = s.canvas.used
	}
	s.canvas.light(all)
}

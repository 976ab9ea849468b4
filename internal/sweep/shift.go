package sweep

import (
	"time"

	"slotfinder/internal/span"
)

// shifts are the working hours met so far. Most people of a portal share them,
// so each is translated into instants, and painted, once.
type shifts map[shift]shade

type shift struct {
	zone  *time.Location
	hours *Hours
}

// shade is a painted row that can be laid under many people.
type shade struct {
	row  row
	edge []fringe
}

// outside returns everything outside the person's working hours, painted.
func (s *Search) outside(p *Person) shade {
	key := shift{p.Zone, p.Hours}
	if painted, ok := s.shifts[key]; ok {
		return painted
	}
	painted := shade{row: make(row, s.canvas.width)}
	for _, free := range span.Union(s.axis).Subtract(s.shift(p)) {
		s.canvas.shade(painted.row, free)
	}
	painted.edge = s.canvas.settle(painted.row, 0, nil)
	s.shifts[key] = painted
	return painted
}

// shift returns when the person works, within the axis.
func (s *Search) shift(p *Person) span.Set {
	return atWork(p.Hours, NewClock(p.Zone, s.axis), s.axis)
}

// onto lays the shade under a person about to be painted.
func (o shade) onto(c *canvas, r row) {
	copy(r, o.row)
	for _, f := range o.edge {
		c.touch(int(f.cell), int(f.minutes))
	}
}

package sweep

import (
	"slotfinder/internal/civil"
)

// The hours of a day by how gladly people meet in them, in minutes of their own clock.
const (
	comfortFrom = 9 * 60    // a slot that begins before is early
	comfortTo   = 18 * 60   // one that ends after is late
	coreFrom    = 9*60 + 30 // from here on a day is in full swing
	coreTo      = 17 * 60   // up to here
	coreToEve   = 16 * 60   // or here, before days off
)

// usualLunch is when people eat whose hours leave no break around noon.
var usualLunch = civil.Range{Start: 12 * 60, End: 13 * 60}

// discomfort is what a slot asks of somebody with a clock and hours, in minutes.
type discomfort struct {
	early, late int // before and after the comfortable hours
	offCore     int // beyond that, outside of the core hours
	lunch       int
}

// off is how early or late the slot is.
func (d discomfort) off() int { return max(d.early, d.late) }

// habits are the clock and hours on which a slot's discomfort depends.
type habits struct {
	clock   civil.Clock
	hours   *Hours
	day     civil.Minute // midnight, as wall time, of the day whose core and lunch are known
	known   bool
	coreEnd int
	lunch   civil.Range
}

func (s *Search) habitsOf(p *Person) *habits {
	return &habits{clock: s.clockIn(p.Zone), hours: p.Hours}
}

// discomfort returns what a slot asks.
func (h *habits) discomfort(slot civil.Span) discomfort {
	wall := h.clock.Wall(slot.Start)
	from := civil.WallClock(wall)
	to := from + int(slot.Len())
	h.learn(wall - civil.Minute(from))
	d := discomfort{
		early: max(0, comfortFrom-from), late: max(0, to-comfortTo),
		lunch: max(0, min(to, h.lunch.End)-max(from, h.lunch.Start)),
	}
	d.offCore = max(0, coreFrom-from-d.off(), to-h.coreEnd-d.off())
	return d
}

// learn finds out the core hours and the lunch of the day that begins at a wall time. Slots
// come in order of time, so most ask about the day of the one before.
func (h *habits) learn(midnight civil.Minute) {
	if h.known && midnight == h.day {
		return
	}
	h.day, h.known, h.coreEnd, h.lunch = midnight, true, coreTo, usualLunch
	if h.hours == nil {
		return
	}
	if len(h.hours.on(civil.WallDate(midnight+civil.Day))) == 0 {
		h.coreEnd = coreToEve
	}
	h.lunch = lunchIn(h.hours.on(civil.WallDate(midnight)))
}

// lunchIn returns the break that working hours leave around noon, else the usual lunch.
func lunchIn(work []civil.Range) civil.Range {
	for i := 1; i < len(work); i++ {
		gap := civil.Range{Start: work[i-1].End, End: work[i].Start}
		if gap.Start >= 10*60 && gap.Start < gap.End && gap.End <= 16*60 {
			return gap
		}
	}
	return usualLunch
}

// alike are people with the same clock and hours, and what each candidate asks of them.
type alike struct{ asked []asked }

// asked is what a candidate asks of each of some people.
type asked struct {
	discomfort
	people int // of them, who can come
	first  int // the index of the first of these
}

func (s *Search) newAlike(list []candidate, p *Person) *alike {
	h := s.habitsOf(p)
	g := &alike{make([]asked, len(list))}
	for k := range list {
		g.asked[k].discomfort = h.discomfort(s.slot(list[k].start))
	}
	return g
}

// add counts a person who can come to a candidate.
func (g *alike) add(k, person int) {
	a := &g.asked[k]
	if a.people == 0 {
		a.first = person
	}
	a.people++
}

// addDiscomfort adds what the slot asks of people by their own clock.
func (c *candidate) addDiscomfort(a *asked) {
	if a.people == 0 {
		return
	}
	off := a.off()
	c.trouble += off * a.people
	if off > c.worst || off > 0 && off == c.worst && a.first < c.worstOff {
		c.worst, c.worstOff, c.early = off, a.first, a.early > a.late
	}
	c.offCore, c.offCoreWorst = c.offCore+a.offCore*a.people, max(c.offCoreWorst, a.offCore)
	c.lunch, c.lunchWorst = c.lunch+a.lunch*a.people, max(c.lunchWorst, a.lunch)
}

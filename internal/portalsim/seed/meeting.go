package seed

import (
	"fmt"
	"slices"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// meeting is one entry of the seed as people think of it. add turns it into the
// rows that Bitrix24 keeps: one for the host, one for each guest, one for the
// room.
type meeting struct {
	host     int
	guests   []int
	name     string
	from     clock.Wall // in zone
	zone     string     // "" = the host's
	zoneTo   string     // where it ends; "" = zone
	minutes  int        // length
	days     int        // all-day entries: length, instead of minutes
	access   string     // "" = busy
	private  bool
	calendar string // "" = the host's own, else "group" or "company_calendar"
	owner    int    // of that calendar
	room     int    // 0 = none
	rule     *portal.Rule
	exDates  []clock.Date
	accepted bool                  // all guests within their hours have accepted
	adjust   func(e *portal.Event) // last touch on every row
}

// add adds the rows of m to the portal.
func (s *seeder) add(m meeting) {
	if m.zone == "" {
		m.zone = s.zoneOf(m.host)
	}
	parent := s.row(m)
	guests := slices.DeleteFunc(slices.Clone(m.guests), func(id int) bool { return id == m.host })
	if m.calendar != "" {
		parent.Type, parent.Owner = m.calendar, m.owner
		parent.Section = portal.SectionOf(m.calendar, m.owner)
		guests = append([]int{m.host}, guests...)
	}
	if len(guests) > 0 {
		parent.Meeting, parent.Status = true, "H"
	}
	if m.room != 0 {
		booking := s.book(m)
		parent.Location = fmt.Sprintf("calendar_%d_%d", m.room, booking.ID)
	}
	for _, guest := range guests {
		child := s.row(m)
		child.Owner, child.Creator, child.Section = guest, guest, portal.SectionOf("user", guest)
		child.Parent, child.Meeting = parent.ID, true
		child.Location, child.Status = parent.Location, s.answer(m, guest)
	}
}

// row adds one row in the host's own calendar.
func (s *seeder) row(m meeting) *portal.Event {
	e := &portal.Event{
		ID: s.id, Parent: s.id, Type: "user", Owner: m.host, Creator: m.host,
		Section: portal.SectionOf("user", m.host), Name: m.name,
		From: m.from, Access: m.access, Importance: "normal", Private: m.private,
		Rule: m.rule, ExDates: slices.Clone(m.exDates),
	}
	if e.Access == "" {
		e.Access = "busy"
	}
	if m.days > 0 {
		e.AllDay, e.To = true, m.from.Date.Plus(m.days-1).At(0, 0)
	} else {
		e.ZoneFrom, e.ZoneTo, e.To = m.zone, m.endZone(), s.end(m)
	}
	if m.adjust != nil {
		m.adjust(e)
	}
	s.id++
	s.p.Events = append(s.p.Events, e)
	return e
}

// book adds the row of m's room. Its title is the name of the host, as in
// Bitrix24.
func (s *seeder) book(m meeting) *portal.Event {
	e := s.row(m)
	host := s.byID[m.host]
	e.Type, e.Owner, e.Section = "location", m.room, portal.SectionOf("location", m.room)
	e.Name, e.Private = host.Name+" "+host.LastName, false
	return e
}

func (m meeting) endZone() string {
	if m.zoneTo != "" {
		return m.zoneTo
	}
	return m.zone
}

// end returns the clock reading at which m ends, in the zone where it ends.
func (s *seeder) end(m meeting) clock.Wall {
	return clock.WallOf(s.period(m).to.In(s.zones.Get(m.endZone())))
}

func (s *seeder) period(m meeting) period {
	from := clock.Mktime(m.from, s.zones.Get(m.zone))
	return period{from, from.Add(time.Duration(m.minutes) * time.Minute)}
}

// answer is what a guest answers to the invitation. Outside of their working hours
// they mostly decline.
func (s *seeder) answer(m meeting, guest int) string {
	inHours := m.days > 0 || s.working(guest, s.period(m))
	switch {
	case guest == m.host:
		return "Y"
	case !inHours && s.chance(80):
		return "N"
	case m.accepted || s.chance(65):
		return "Y"
	case s.chance(70):
		return "Q"
	}
	return "N"
}

// working reports whether t lies within somebody's hours from nine to six.
func (s *seeder) working(user int, t period) bool {
	loc := s.zones.Get(s.zoneOf(user))
	from, to := clock.WallOf(t.from.In(loc)), clock.WallOf(t.to.In(loc))
	weekend := from.Weekday() == time.Saturday || from.Weekday() == time.Sunday
	return !weekend && from.Date == to.Date && from.Hour >= 9 && to.Hour*60+to.Minute <= 18*60
}

// pickTime draws some times in the week of monday and gives m the one at which
// most of its people work. The host's lunch hour stays free.
func (s *seeder) pickTime(m *meeting, monday clock.Date) {
	m.zone = s.zoneOf(m.host)
	best := -1
	for range 10 {
		half := s.rng.IntN(18 - m.minutes/30)
		try := *m
		try.from = monday.Plus(s.rng.IntN(5)).At(9+half/2, 30*(half%2))
		if try.from.Hour == 12 {
			continue
		}
		if n := s.attendance(try); n > best {
			best, m.from = n, try.from
		}
	}
	if best < 0 { // ten lunches
		m.from = monday.At(10, 0)
	}
}

// attendance counts the guests of m who work at its time.
func (s *seeder) attendance(m meeting) int {
	n := 0
	for _, guest := range m.guests {
		if s.working(guest, s.period(m)) {
			n++
		}
	}
	return n
}

// findRoom returns a room that holds m's people and is free, or 0, and notes
// the booking.
func (s *seeder) findRoom(m meeting) int {
	want := s.period(m)
	taken := func(t period) bool { return t.from.Before(want.to) && want.from.Before(t.to) }
	for _, room := range s.p.Rooms {
		if room.Capacity <= len(m.guests) || slices.ContainsFunc(s.booked[room.ID], taken) {
			continue
		}
		s.booked[room.ID] = append(s.booked[room.ID], want)
		return room.ID
	}
	return 0
}

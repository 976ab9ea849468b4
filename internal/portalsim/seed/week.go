package seed

import (
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// week adds what is arranged for one week: meetings, and time that people keep for
// themselves. It depends on the seed and the week alone.
func (s *seeder) week(monday clock.Date) {
	n := weekNumber(monday)
	s.reseed(uint64(n))
	s.id = n * weekIDs
	clear(s.booked)
	for _, u := range s.staff {
		if u.ID == onLeaveID {
			continue
		}
		for range []int{0, 1, 1, 1, 2, 2, 2, 3}[s.rng.IntN(8)] {
			s.arrange(u, monday)
		}
		for range s.rng.IntN(3) {
			s.blockTime(u, monday)
		}
	}
}

// arrange adds a meeting of u with one to four colleagues, mostly of the same
// department.
func (s *seeder) arrange(u *portal.User, monday clock.Date) {
	m := meeting{
		host: u.ID, guests: s.invite(u), name: s.titles.meeting(s, u),
		minutes: []int{30, 30, 30, 45, 60, 60, 90}[s.rng.IntN(7)],
		private: s.chance(4),
	}
	switch roll := s.rng.IntN(100); {
	case roll < 12:
		m.access = "quest"
	case roll < 16:
		m.access = "free"
	}
	s.pickTime(&m, monday)
	if len(m.guests) > 1 && s.chance(50) {
		m.room = s.findRoom(m)
	}
	s.add(m)
}

// invite draws the guests of a meeting of u.
func (s *seeder) invite(u *portal.User) []int {
	fits := func(o *portal.User) bool { return len(u.Departments) > 0 && in(u.Departments[0])(o) }
	if s.chance(30) {
		fits = func(*portal.User) bool { return true }
	}
	pool := s.others(u.ID, fits)
	s.rng.Shuffle(len(pool), func(i, j int) { pool[i], pool[j] = pool[j], pool[i] })
	return pool[:min(len(pool), []int{1, 1, 2, 2, 3, 4}[s.rng.IntN(6)])]
}

// blockTime adds time that u keeps for themselves.
func (s *seeder) blockTime(u *portal.User, monday clock.Date) {
	m := meeting{
		host: u.ID, name: s.titles.block(s, u), minutes: []int{30, 60, 60, 90, 120}[s.rng.IntN(5)],
		private: s.chance(15),
	}
	switch roll := s.rng.IntN(100); {
	case roll < 15:
		m.access = "quest"
	case roll < 25:
		m.access = "free"
	case roll < 30:
		m.access = "absent"
	}
	s.pickTime(&m, monday)
	s.add(m)
}

// rareEvents adds what happens to a few people every week: trips, nights, other
// zones, double bookings, and rows that only a long history of imports explains.
func (s *seeder) rareEvents(monday clock.Date) {
	s.reseed(uint64(weekNumber(monday)) | 1<<32)
	s.trips(monday)
	s.oddHours(monday)
	s.oddZones(monday)
	s.oddRows(monday)
}

// anyone draws one of those who may be away for long.
func (s *seeder) anyone() int {
	for {
		if u := s.staff[s.rng.IntN(len(s.staff))]; u.ID > lastSteady && u.ID != onLeaveID {
			return u.ID
		}
	}
}

// trips adds all-day entries of one and more days.
func (s *seeder) trips(monday clock.Date) {
	city := []string{"Porto", "Tallinn", "Ghent", "Trieste", "Uppsala"}[s.rng.IntN(5)]
	day := func() clock.Wall { return monday.Plus(s.rng.IntN(3)).At(0, 0) }
	s.add(meeting{host: s.anyone(), name: "Trip to " + city, access: "absent", from: day(), days: 2 + s.rng.IntN(3)})
	s.add(meeting{host: s.anyone(), name: "Fair week " + city, access: "absent", from: monday.Plus(3).At(0, 0), days: 7})
	s.add(meeting{host: s.anyone(), guests: []int{s.anyone()}, name: "Quince conference", from: day(), days: 2})
	s.add(meeting{host: s.anyone(), name: "Day off Tamarind", access: "absent", from: day(), days: 1})
	s.add(meeting{host: s.anyone(), name: "Perhaps at the Kestrel plant", access: "quest", from: day(), days: 1})
	s.add(meeting{host: s.anyone(), name: "Wren anniversary", access: "free", from: day(), days: 1})
	if weekNumber(monday)%5 == 2 {
		s.add(meeting{host: martaID, name: "Aurora site visit", access: "absent", from: monday.Plus(1).At(0, 0), days: 2})
	}
}

// oddHours adds a night, a weekend, reminders without length and a double
// booking.
func (s *seeder) oddHours(monday clock.Date) {
	s.add(meeting{
		host: 45, guests: []int{39, 51}, name: "Basalt release night", accepted: true,
		from: monday.Plus(2).At(22, 0), minutes: 4 * 60,
	})
	s.add(meeting{host: s.anyone(), name: "Ridgeway moving day", private: true, from: monday.Plus(5).At(10, 0), minutes: 3 * 60})
	for i, id := range []int{annaID, 9, 18, s.anyone()} {
		s.add(meeting{host: id, name: "Send Quince figures", from: monday.Plus(i+1).At(16, 0)})
	}
	id := s.anyone()
	s.add(meeting{host: id, name: "Kestrel supplier call", from: monday.Plus(3).At(10, 0), minutes: 60})
	s.add(meeting{host: id, name: "Kestrel supplier call, second line", from: monday.Plus(3).At(10, 30), minutes: 60})
}

// oddZones adds a flight that lands in another zone than it left, and a call that
// was entered in the customer's zone.
func (s *seeder) oddZones(monday clock.Date) {
	s.add(meeting{
		host: s.anyone(), name: "Flight to São Paulo", access: "absent",
		from: monday.Plus(1).At(19, 30), zone: berlin, zoneTo: saoPaulo, minutes: 12 * 60,
	})
	s.add(meeting{
		host: 28, guests: []int{lukasID, s.anyone()}, name: "Larch customer call",
		from: monday.Plus(s.rng.IntN(5)).At(10, 0), zone: newYork, minutes: 45,
	})
}

// oddRows adds what imports and other parts of Bitrix24 leave behind.
func (s *seeder) oddRows(monday clock.Date) {
	at := func(day, hour int) clock.Wall { return monday.Plus(day).At(hour, 0) }
	for _, m := range []meeting{
		{host: 35, name: "Imported without state", from: at(1, 10), minutes: 60, adjust: func(e *portal.Event) { e.Access = "" }},
		{host: 44, name: "Imported under an old zone name", from: at(2, 11), minutes: 30, zone: "Asia/Calcutta"},
		{host: 39, name: "Once timed, now all day", from: at(4, 0), days: 1, adjust: leftover},
		{host: 49, name: "Removed Basalt audit", from: at(0, 9), minutes: 480, adjust: func(e *portal.Event) { e.Deleted = true }},
		{host: 12, name: "Booked by a guest: Larch demo", from: at(3, 15), minutes: 30, adjust: func(e *portal.Event) { e.Kind = "#shared#" }},
		{host: 33, name: "Open breakfast", from: at(4, 9), minutes: 60, adjust: func(e *portal.Event) { e.Type = "open_event" }},
		{host: 41, name: `Q&A <Aurora> "beta" 50% / it's $result[a][ID]`, from: at(2, 14), minutes: 60},
		{host: 28, name: "Quince board call", from: at(0, 16), minutes: 30, adjust: func(e *portal.Event) { e.Importance = "high" }},
	} {
		s.add(m)
	}
}

// leftover gives an all-day row the zone that it had when it was timed.
func leftover(e *portal.Event) { e.ZoneFrom, e.ZoneTo = berlin, berlin }

// absences adds the records of the absence chart: holidays, sick days and, with
// times of day, appointments.
func (s *seeder) absences() {
	for year := s.monday.Year - 1; year <= s.monday.Year+1; year++ {
		for _, u := range s.staff {
			s.reseed(uint64(year)<<16 | uint64(u.ID) | 1<<40)
			s.absencesOf(u.ID, year)
		}
	}
}

func (s *seeder) absencesOf(user, year int) {
	if user == onLeaveID {
		s.record(0, wholeDays(user, clock.On(year, time.January, 1), 366))
		return
	}
	monday := func() clock.Date { return mondayOf(clock.On(year, time.January, 8+7*s.rng.IntN(51))) }
	if user == bossID || user > lastSteady {
		s.record(0, wholeDays(user, monday(), 5+s.rng.IntN(8)))
		s.record(1, wholeDays(user, monday().Plus(s.rng.IntN(3)), 2+s.rng.IntN(8)))
		if s.chance(40) {
			s.record(2, wholeDays(user, monday().Plus(s.rng.IntN(4)), 1+s.rng.IntN(3)))
		}
	}
	for n := range 1 + s.rng.IntN(2) {
		day := monday().Plus(s.rng.IntN(5))
		s.record(3+n, portal.Absence{User: user, From: day.At(13, 30), To: day.At(16, 0), Timed: true})
	}
}

func wholeDays(user int, from clock.Date, days int) portal.Absence {
	return portal.Absence{User: user, From: from.At(0, 0), To: from.Plus(days-1).At(0, 0)}
}

// record keeps an absence if it touches the window. The ID is made of the year,
// the person and n, so it does not depend on today.
func (s *seeder) record(n int, a portal.Absence) {
	a.ID = (a.From.Year%100)*10000 + a.User*10 + n
	weeks := s.weeks()
	if a.To.Date.Compare(weeks[0]) >= 0 && a.From.Date.Compare(weeks[len(weeks)-1].Plus(6)) <= 0 {
		s.p.Absences = append(s.p.Absences, &a)
	}
}

package seed

import (
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

var workdays = []time.Weekday{time.Monday, time.Tuesday, time.Wednesday, time.Thursday, time.Friday}

// firstDay returns the first such weekday in an even week of last year's January,
// when standing meetings begin. Even weeks keep what happens every second week in
// step from year to year.
func (s *seeder) firstDay(day time.Weekday) clock.Date {
	first := mondayOf(clock.On(s.monday.Year-1, time.January, 7))
	if weekNumber(first)%2 == 1 {
		first = first.Plus(7)
	}
	return first.Plus((int(day) + 6) % 7)
}

func weekly(every int, days ...time.Weekday) *portal.Rule {
	return &portal.Rule{Freq: "WEEKLY", Interval: every, ByDay: days}
}

// standingMeetings adds everything that recurs.
func (s *seeder) standingMeetings() {
	s.reseed(0)
	s.id = seriesIDs
	s.standUps()
	s.companyMeetings()
	s.allDaySeries()
	s.courses()
	for _, d := range s.p.Departments {
		s.oneToOnes(d)
	}
}

// standUps adds the meetings of the departments: daily, on several days, weekly,
// and every second week.
func (s *seeder) standUps() {
	team := func(dept, head int) []int { return s.others(head, in(dept)) }
	for _, m := range []meeting{
		{
			host: tomID, guests: team(engineering, tomID), name: "Engineering stand-up Basalt",
			from: s.firstDay(time.Monday).At(9, 45), minutes: 15, rule: weekly(1, workdays...), exDates: s.quietDays(),
		},
		{
			host: irinaID, guests: team(platform, irinaID), name: "Планёрка «Базальт»",
			from: s.firstDay(time.Monday).At(13, 0), minutes: 30, rule: weekly(1, time.Monday, time.Wednesday, time.Friday),
		},
		{
			host: annaID, guests: team(sales, annaID), name: "Quince pipeline",
			from: s.firstDay(time.Monday).At(14, 0), minutes: 45, rule: weekly(1, time.Monday), exDates: s.movedDays(),
		},
		{
			host: martaID, guests: team(product, martaID), name: "Wren design critique",
			from: s.firstDay(time.Tuesday).At(11, 0), minutes: 60, rule: weekly(2, time.Tuesday), room: 9002,
		},
		{
			host: camilleID, guests: team(support, camilleID), name: "Tamarind handover",
			from: s.firstDay(time.Monday).At(13, 0), minutes: 15, rule: &portal.Rule{Freq: "DAILY", Interval: 1},
		},
	} {
		m.accepted = true
		s.add(m)
	}
	for _, day := range s.movedDays() {
		s.add(meeting{
			host: annaID, guests: team(sales, annaID), name: "Quince pipeline (moved)",
			from: day.Plus(1).At(15, 0), minutes: 45, accepted: true,
		})
	}
}

// quietDays are the days around New Year without such meetings.
func (s *seeder) quietDays() []clock.Date {
	var out []clock.Date
	for y := s.monday.Year - 1; y <= s.monday.Year+1; y++ {
		out = append(out, clock.On(y, time.December, 24), clock.On(y, time.December, 31))
	}
	return out
}

// movedDays are the Mondays, one in each quarter, whose pipeline meeting was moved
// to the next day: an excluded day and an event of its own.
func (s *seeder) movedDays() []clock.Date {
	var out []clock.Date
	for _, q := range s.quarters() {
		out = append(out, mondayOf(q.Plus(44)))
	}
	return out
}

// quarters returns the first days of the quarters of last, this and next year.
func (s *seeder) quarters() []clock.Date {
	var out []clock.Date
	for i := range 12 {
		out = append(out, clock.On(s.monday.Year-1, time.January+time.Month(3*i), 1))
	}
	return out
}

// companyMeetings adds what several departments share: weekly in a room, monthly,
// and in the calendars of the company and of a group.
func (s *seeder) companyMeetings() {
	everyone := s.others(bossID, func(*portal.User) bool { return true })
	monthly := &portal.Rule{Freq: "MONTHLY", Interval: 1}
	first := clock.On(s.monday.Year-1, time.January, 1)
	s.add(meeting{
		host: bossID, guests: []int{annaID, martaID, tomID, camilleID, irinaID, hiddenID}, name: "Kestrel leads",
		from: s.firstDay(time.Thursday).At(13, 30), minutes: 60, rule: weekly(1, time.Thursday), room: 9001, accepted: true,
	})
	s.add(meeting{
		host: bossID, guests: everyone, name: "Halden & Vey all hands", calendar: "company_calendar",
		from: first.Plus(4).At(15, 0), minutes: 60, rule: monthly, accepted: true,
	})
	s.add(meeting{
		host: martaID, guests: []int{lukasID, annaID, 10, 32, 41, 45}, name: "Aurora launch board",
		calendar: "group", owner: auroraGroup,
		from: s.firstDay(time.Wednesday).At(16, 0), minutes: 45, rule: weekly(2, time.Wednesday), accepted: true,
	})
	// On the 31st: short months have it on the 1st of the next.
	s.add(meeting{
		host: hiddenID, guests: []int{18, bossID}, name: "Month close Quince",
		from: first.Plus(30).At(17, 0), minutes: 30, rule: monthly, accepted: true,
	})
}

// allDaySeries adds all-day entries that recur, and the read-only holiday calendar
// from Google that some people have and Bitrix24 ignores.
func (s *seeder) allDaySeries() {
	for _, id := range []int{10, 31, 32, 46} {
		s.add(meeting{
			host: id, name: "Home office (Wren)", access: "free",
			from: s.firstDay(time.Friday).At(0, 0), days: 1, rule: weekly(1, time.Friday),
		})
	}
	s.add(meeting{
		host: 14, name: "On call Basalt", from: s.firstDay(time.Saturday).At(0, 0), days: 2, rule: weekly(2, time.Saturday),
	})
	s.add(meeting{
		host: bossID, guests: []int{18, 19, 22}, name: "Founders' day",
		from: clock.On(s.monday.Year-1, time.October, 15).At(0, 0), days: 1, accepted: true,
		rule: &portal.Rule{Freq: "YEARLY", Interval: 1},
	})
	for _, id := range []int{annaID, lukasID, 45} {
		for _, day := range []clock.Date{clock.On(s.monday.Year-1, time.May, 1), clock.On(s.monday.Year-1, time.December, 25)} {
			s.add(meeting{
				host: id, name: "Feiertag (Google)", from: day.At(0, 0), days: 1,
				rule: &portal.Rule{Freq: "YEARLY", Interval: 1}, adjust: func(e *portal.Event) { e.Virtual = true },
			})
		}
	}
}

// courses adds series with an end, by COUNT and by UNTIL, in every quarter.
func (s *seeder) courses() {
	for i, q := range s.quarters() {
		day := mondayOf(q.Plus(13))
		pupils := s.others(61, func(u *portal.User) bool { return u.ID%12 == i })
		s.add(meeting{
			host: 61, guests: pupils, name: "Tamarind course", from: day.Plus(2).At(16, 30), minutes: 60,
			rule: &portal.Rule{Freq: "WEEKLY", Interval: 1, ByDay: []time.Weekday{time.Wednesday}, Count: 6},
		})
		s.add(meeting{
			host: 19, guests: pupils, name: "Onboarding circle", from: day.Plus(1).At(15, 0), minutes: 30,
			rule: &portal.Rule{
				Freq: "WEEKLY", Interval: 1, ByDay: []time.Weekday{time.Tuesday, time.Thursday}, Until: day.Plus(24),
			},
		})
	}
}

// oneToOnes adds half an hour of the head with each member of the department every
// second week, half of them in even weeks.
func (s *seeder) oneToOnes(d *portal.Department) {
	head := s.byID[d.Head]
	for i, id := range s.others(d.Head, in(d.ID)) {
		if id == onLeaveID {
			continue
		}
		m := meeting{host: head.ID, guests: []int{id}, minutes: 30, accepted: true, private: i%5 == 4}
		m.name = "One-to-one " + head.LastName + " – " + s.byID[id].LastName
		s.pickTime(&m, s.firstDay(time.Monday).Plus(7*(i%2)))
		m.rule = weekly(2, m.from.Weekday())
		s.add(m)
	}
}

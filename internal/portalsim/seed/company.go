package seed

import (
	"math/rand/v2"
	"slices"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// The member ids of the seeded portals.
const (
	CompanyMember = "7d1f0a6c2b9e4853a1c07e5d94b63f28"
	BranchMember  = "c40b8e17f5a2496d83e9d01b6a7c52fe"
)

// Company is the seeded portal Halden & Vey: some sixty people in seven zones,
// with calendars from sixty days before today to 120 days after it. Its clocks
// follow rules, if given.
func Company(today clock.Date, rules ...clock.Zones) *portal.Data {
	zones := clock.NewZoneCache(first(rules))
	s := newSeeder(&portal.Data{
		Zones:    zones.Load,
		MemberID: CompanyMember, Host: "halden-vey.bitrix24.example", Plan: "P",
		ServerZone: zones.Must(moscow), Culture: clock.CultureDMY, Lang: "en",
		Settings: portal.Settings{
			WorkStart: "9", WorkEnd: "18",
			YearHolidays: "1.01,6.01,1.05,3.10,25.12,26.12", YearWorkdays: "12.12",
			WeekHolidays: []string{"SA", "SU"}, WeekStart: "MO",
		},
		Users: companyUsers(), Departments: departments(),
		AbsenceBlock: true,
		Groups: []*portal.Group{
			{ID: auroraGroup, Name: "Aurora launch", Members: members(martaID, lukasID, annaID, 10, 32, 41, 45)},
			{ID: ridgeGroup, Name: "Ridgeway relocation", Members: members(22, 18, 19, bossID, 53)},
		},
		Chats: []*portal.Chat{{ID: 71, Name: "Aurora launch room", Members: []int{martaID, lukasID, annaID, 10, 45, 47, noteBot}}},
		Bots:  []*portal.Bot{{ID: noteBot, Name: "Notetaker"}},
		Tasks: []*portal.Task{
			{ID: 501, Title: "Prepare the Aurora demo", Creator: martaID, Responsible: lukasID, Accomplices: []int{10}, Auditors: []int{annaID}},
			{ID: 502, Title: "Move the Ridgeway servers", Creator: tomID, Responsible: 22, Accomplices: []int{18, 19}},
		},
		Deals: []*portal.Deal{
			{ID: 801, Title: "Aurora for Northwind Tools", Client: "Northwind Tools", Assigned: annaID, Creator: bossID, Observers: []int{lukasID}, Contacts: []int{61, 62}},
			{ID: 802, Title: "Support contract, Elbhafen Logistik", Client: "Elbhafen Logistik", Assigned: camilleID, Creator: annaID},
		},
		Contacts: []*portal.Contact{{ID: 61, Name: "Wanda Holt", Assigned: 24}, {ID: 62, Name: "Piet Vos", Assigned: annaID}},
		Rooms: []*portal.Room{
			{ID: 9001, Name: "Kepler", Capacity: 4},
			{ID: 9002, Name: "Saturn", Capacity: 8},
			{ID: 9003, Name: "Atrium", Capacity: 24},
		},
	}, today, companySeed, companyTitles())
	s.standingMeetings()
	for _, monday := range s.weeks() {
		s.week(monday)
		s.rareEvents(monday)
	}
	s.absences()
	return s.p
}

// Branch is a second, tiny portal. Its user ids overlap those of Company, but no
// name and no title does: it is a tenant that must never be mixed up with the
// other. Its server stands in New York and writes dates as Americans do.
func Branch(today clock.Date, rules ...clock.Zones) *portal.Data {
	zones := clock.NewZoneCache(first(rules))
	us := users(branchStaff())
	us[0].Admin = true
	s := newSeeder(&portal.Data{
		Zones:    zones.Load,
		MemberID: BranchMember, Host: "larkspur.bitrix24.example", Plan: "F",
		ServerZone: zones.Must(newYork), Culture: clock.CultureMDY, Lang: "en",
		Settings: portal.Settings{WeekHolidays: []string{"SA", "SU"}, WeekStart: "SU", YearHolidays: "1.01,4.07,25.12"},
		Users:    us,
		Departments: []*portal.Department{
			{ID: board, Name: "Larkspur Orchards", Head: 1, Sort: 100},
			{ID: sales, Name: "Farm stands", Parent: board, Head: 2, Sort: 200},
		},
		Rooms: []*portal.Room{{ID: 9001, Name: "Cider barn", Capacity: 12}},
	}, today, branchSeed, branchTitles())
	s.id = seriesIDs
	s.add(meeting{
		host: 1, guests: s.others(1, func(*portal.User) bool { return true }), name: "Larkspur Monday meeting",
		from: s.firstDay(time.Monday).At(9, 0), minutes: 30,
		rule: &portal.Rule{Freq: "WEEKLY", Interval: 1, ByDay: []time.Weekday{time.Monday}}, accepted: true,
	})
	for _, monday := range s.weeks() {
		s.week(monday)
	}
	return s.p
}

// The groups and the numbers that make the seeds differ.
const (
	auroraGroup = 31
	ridgeGroup  = 32

	noteBot = 190 // in the chat of the Aurora launch

	companySeed = 0x51_07_f1
	branchSeed  = 0x0b_4a_9c

	seriesIDs = 1    // the first event id of standing meetings
	weekIDs   = 1000 // rows of a week have ids from weekIDs × weekNumber
)

// The window of the seed in weeks around the one today lies in: at least 60
// days back and 120 ahead from any of its days.
const (
	weeksBack  = 9
	weeksAhead = 18
)

// seeder fills a portal.
type seeder struct {
	p      *portal.Data
	monday clock.Date // of the week today lies in
	seed   uint64
	rng    *rand.Rand // of the part being made
	id     int        // next event id of the part being made
	titles titles
	zones  *clock.ZoneCache
	byID   map[int]*portal.User
	staff  []*portal.User   // who can be met: active, not extranet
	booked map[int][]period // rooms in the week being made, by room id
}

// period is a stretch of instants, the end exclusive.
type period struct{ from, to time.Time }

func newSeeder(p *portal.Data, today clock.Date, seed uint64, t titles) *seeder {
	s := &seeder{
		p: p, seed: seed, titles: t, monday: mondayOf(today),
		zones: clock.NewZoneCache(p.Zones), byID: map[int]*portal.User{}, booked: map[int][]period{},
	}
	for _, u := range p.Users {
		s.byID[u.ID] = u
		if u.Active && !u.Extranet {
			s.staff = append(s.staff, u)
		}
	}
	s.reseed(0)
	return s
}

// reseed starts the random numbers of one part of the seed, so that the part does
// not depend on how many were drawn before it.
func (s *seeder) reseed(part uint64) { s.rng = rand.New(rand.NewPCG(s.seed, part)) }

// chance is true in about percent of 100 cases.
func (s *seeder) chance(percent int) bool { return s.rng.IntN(100) < percent }

// weeks returns the Mondays of the seed's window.
func (s *seeder) weeks() []clock.Date {
	var out []clock.Date
	for i := -weeksBack; i <= weeksAhead; i++ {
		out = append(out, s.monday.Plus(7*i))
	}
	return out
}

// zoneOf returns somebody's zone: their own, or else the server's.
func (s *seeder) zoneOf(user int) string {
	if z := s.byID[user].Zone; z != "" {
		return z
	}
	return s.p.ServerZone.String()
}

// others returns the ids of the staff that fit, without the host.
func (s *seeder) others(host int, fits func(*portal.User) bool) []int {
	var out []int
	for _, u := range s.staff {
		if u.ID != host && fits(u) {
			out = append(out, u.ID)
		}
	}
	return out
}

// in fits those who belong to a department.
func in(dept int) func(*portal.User) bool {
	return func(u *portal.User) bool { return slices.Contains(u.Departments, dept) }
}

// members makes the first one the owner, the second a moderator and the rest
// members.
func members(ids ...int) []portal.GroupMember {
	var out []portal.GroupMember
	for i, id := range ids {
		out = append(out, portal.GroupMember{User: id, Role: []string{"A", "E", "K"}[min(i, 2)]})
	}
	return out
}

// first is the first of the rules, nil when there are none.
func first(rules []clock.Zones) clock.Zones {
	if len(rules) == 0 {
		return nil
	}
	return rules[0]
}

func mondayOf(d clock.Date) clock.Date { return d.Plus(-(int(d.Weekday()) + 6) % 7) }

// weekNumber counts weeks since Monday, 3 January 2000.
func weekNumber(monday clock.Date) int { return monday.Since(clock.On(2000, time.January, 3)) / 7 }

package seed

import (
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/truth"
)

var seedDay = clock.On(2026, time.November, 23) // a Monday

func TestCompanyHasWhatTheDemonstrationTells(t *testing.T) {
	t.Parallel()
	p := Company(seedDay)
	count := func(fits func(*portal.User) bool) int {
		n := 0
		for _, u := range p.Users {
			if fits(u) {
				n++
			}
		}
		return n
	}
	script := func(want bool) func(*portal.User) bool {
		return func(u *portal.User) bool { return cyrillic(u) == want }
	}
	for _, tc := range []struct {
		name      string
		got       int
		low, high int
	}{
		{"people", len(p.Users), 58, 68},
		{"active employees", count(func(u *portal.User) bool { return u.Active && !u.Extranet }), 60, 60},
		{"dismissed", count(func(u *portal.User) bool { return !u.Active }), 3, 3},
		{"admins", count(func(u *portal.User) bool { return u.Admin }), 1, 1},
		{"extranet users", count(func(u *portal.User) bool { return u.Extranet }), 1, 1},
		{"Cyrillic names", count(script(true)), 12, 25},
		{"Latin names", count(script(false)), 30, 50},
		{"names with accents", count(accented), 8, 30},
		{"people without a photo", count(func(u *portal.User) bool { return u.Photo == nil }), 4, 12},
		{"people without a zone", count(func(u *portal.User) bool { return u.Zone == "" }), 2, 5},
		{"hidden calendars", count(func(u *portal.User) bool { return u.HiddenFrom != nil }), 1, 1},
		{"departments", len(p.Departments), 6, 6},
		{"rooms", len(p.Rooms), 3, 3},
		{"groups", len(p.Groups), 2, 2},
		{"chats", len(p.Chats), 1, 1},
		{"absences", len(p.Absences), 40, 300},
		{"event rows", len(p.Events), 5_000, 20_000},
	} {
		if tc.got < tc.low || tc.got > tc.high {
			t.Errorf("%s: %d, want %d to %d", tc.name, tc.got, tc.low, tc.high)
		}
	}
}

func accented(u *portal.User) bool {
	return !cyrillic(u) && strings.ContainsFunc(u.Name+u.LastName, func(r rune) bool { return r > 0x7f })
}

func TestSeedZones(t *testing.T) {
	t.Parallel()
	for _, p := range []*portal.Data{Company(seedDay), Branch(seedDay)} {
		names := map[string]bool{}
		for _, u := range p.Users {
			if u.Zone != "" {
				names[u.Zone] = true
			}
		}
		if p.MemberID == CompanyMember && len(names) != 7 {
			t.Errorf("the company lives in %d zones, want 7", len(names))
		}
		for _, e := range p.Events {
			names[e.ZoneFrom], names[e.ZoneTo] = true, true
			if !e.AllDay && (e.ZoneFrom == "" || e.ZoneTo == "") {
				t.Errorf("event %d is timed and has no zone", e.ID)
			}
		}
		for name := range names {
			if _, err := time.LoadLocation(name); err != nil {
				t.Errorf("zone %q: %v", name, err)
			}
		}
	}
}

func TestOneZoneIsOffTheFullHour(t *testing.T) {
	t.Parallel()
	for _, u := range Company(seedDay).Users {
		if _, offset := seedDay.At(0, 0).UTC().In(clock.NewZoneCache(nil).Must(u.Zone)).Zone(); offset%3600 != 0 {
			return
		}
	}
	t.Error("every zone is a whole number of hours from UTC")
}

func TestDepartmentsAreATreeWithHeads(t *testing.T) {
	t.Parallel()
	p := Company(seedDay)
	byID := map[int]*portal.Department{}
	for _, d := range p.Departments {
		byID[d.ID] = d
	}
	deepest := 0
	for _, d := range p.Departments {
		head := userIn(p, d.Head)
		if head == nil || !head.Active || !slices.Contains(head.Departments, d.ID) {
			t.Errorf("department %s has no active head of its own", d.Name)
		}
		depth := 0
		for up := d; up.Parent != 0; up = byID[up.Parent] {
			if depth++; depth > len(p.Departments) || byID[up.Parent] == nil {
				t.Fatalf("department %s has no way to the root", d.Name)
			}
		}
		deepest = max(deepest, depth)
	}
	if deepest < 2 {
		t.Errorf("the deepest department is %d below the root, want 2 or more", deepest)
	}
}

// seeded is what a seed decides, without the portal's locks and routes.
type seeded struct {
	Users    []*portal.User
	Events   []*portal.Event
	Absences []*portal.Absence
	Rooms    []*portal.Room
	Groups   []*portal.Group
}

func seedOf(p *portal.Data) seeded { return seeded{p.Users, p.Events, p.Absences, p.Rooms, p.Groups} }

func TestSeedIsTheSameThroughoutAWeek(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		name string
		make func(clock.Date, ...clock.Zones) *portal.Data
		a, b clock.Date
	}{
		{"the same day twice", Company, seedDay, seedDay},
		{"Monday and Sunday", Company, seedDay, seedDay.Plus(6)},
		{"a week of two years", Company, clock.On(2025, time.December, 29), clock.On(2026, time.January, 4)},
		{"branch, Tuesday and Friday", Branch, seedDay.Plus(1), seedDay.Plus(4)},
	} {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			a, b := seedOf(tc.make(tc.a)), seedOf(tc.make(tc.b))
			if !reflect.DeepEqual(a, b) { // cmp takes seconds for so many rows
				t.Error(cmp.Diff(a, b))
			}
		})
	}
}

func TestAWeekStaysTheSameWhenTodayMovesOn(t *testing.T) {
	t.Parallel()
	later := map[int]*portal.Event{}
	for _, e := range Company(seedDay.Plus(7 * 6)).Events { // in the next year
		later[e.ID] = e
	}
	same := 0
	for _, e := range Company(seedDay).Events {
		if e.ID < weekIDs || later[e.ID] == nil {
			continue
		}
		same++
		if !reflect.DeepEqual(e, later[e.ID]) {
			t.Fatal(cmp.Diff(e, later[e.ID]))
		}
	}
	if same < 5000 {
		t.Errorf("only %d rows are in both windows", same)
	}
}

func TestWindowReachesSixtyDaysBackAndAHundredAndTwentyAhead(t *testing.T) {
	t.Parallel()
	for _, today := range []clock.Date{seedDay, seedDay.Plus(6)} {
		first, last := today, today
		for _, e := range Company(today).Events {
			if e.Rule != nil || e.ID < weekIDs {
				continue
			}
			if e.From.Date.Compare(first) < 0 {
				first = e.From.Date
			}
			if e.From.Date.Compare(last) > 0 {
				last = e.From.Date
			}
		}
		if first.Since(today) > -60 || last.Since(today) < 120 {
			t.Errorf("%v: from %v to %v", today, first, last)
		}
	}
}

func TestEveryKindOfEventExists(t *testing.T) {
	t.Parallel()
	days := func(e *portal.Event) int { return e.To.Since(e.From.Date) }
	freq := func(e *portal.Event) string {
		if e.Rule == nil {
			return ""
		}
		return e.Rule.Freq
	}
	kinds := map[string]func(e *portal.Event) bool{
		"daily":                func(e *portal.Event) bool { return freq(e) == "DAILY" },
		"weekly, several days": func(e *portal.Event) bool { return freq(e) == "WEEKLY" && len(e.Rule.ByDay) > 2 },
		"every second week":    func(e *portal.Event) bool { return freq(e) == "WEEKLY" && e.Rule.Interval == 2 },
		"monthly":              func(e *portal.Event) bool { return freq(e) == "MONTHLY" },
		"monthly on the 31st":  func(e *portal.Event) bool { return freq(e) == "MONTHLY" && e.From.Day == 31 },
		"yearly":               func(e *portal.Event) bool { return freq(e) == "YEARLY" },
		"counted":              func(e *portal.Event) bool { return e.Rule != nil && e.Rule.Count > 0 },
		"until":                func(e *portal.Event) bool { return e.Rule != nil && !e.Rule.Until.IsZero() },
		"excluded days":        func(e *portal.Event) bool { return len(e.ExDates) > 0 },
		"all-day series":       func(e *portal.Event) bool { return e.AllDay && e.Rule != nil && e.Access == "busy" },
		"all-day free":         func(e *portal.Event) bool { return e.AllDay && e.Access == "free" },
		"all-day busy":         func(e *portal.Event) bool { return e.AllDay && e.Access == "busy" && e.Rule == nil },
		"all-day absent":       func(e *portal.Event) bool { return e.AllDay && e.Access == "absent" },
		"all-day tentative":    func(e *portal.Event) bool { return e.AllDay && e.Access == "quest" },
		"a trip of many days":  func(e *portal.Event) bool { return e.AllDay && days(e) >= 2 },
		"over a weekend":       func(e *portal.Event) bool { return e.AllDay && days(e) >= 6 },
		"over midnight":        func(e *portal.Event) bool { return !e.AllDay && days(e) == 1 && e.ZoneFrom == e.ZoneTo },
		"tentative":            func(e *portal.Event) bool { return !e.AllDay && e.Access == "quest" },
		"free":                 func(e *portal.Event) bool { return !e.AllDay && e.Access == "free" },
		"without state":        func(e *portal.Event) bool { return e.Access == "" },
		"private":              func(e *portal.Event) bool { return e.Private },
		"declined":             func(e *portal.Event) bool { return e.Meeting && e.Status == "N" },
		"unanswered":           func(e *portal.Event) bool { return e.Meeting && e.Status == "Q" },
		"accepted":             func(e *portal.Event) bool { return e.Meeting && e.Status == "Y" },
		"organised":            func(e *portal.Event) bool { return e.Meeting && e.Status == "H" },
		"two zones":            func(e *portal.Event) bool { return e.ZoneFrom != e.ZoneTo },
		"an old zone name":     func(e *portal.Event) bool { return e.ZoneFrom == "Asia/Calcutta" },
		"a leftover zone":      func(e *portal.Event) bool { return e.AllDay && e.ZoneFrom != "" },
		"zero length":          func(e *portal.Event) bool { return !e.AllDay && e.From == e.To },
		"weekend":              func(e *portal.Event) bool { return !e.AllDay && e.From.Weekday() == time.Saturday },
		"deleted":              func(e *portal.Event) bool { return e.Deleted },
		"virtual":              func(e *portal.Event) bool { return e.Virtual },
		"booked by a guest":    func(e *portal.Event) bool { return e.Kind == "#shared#" },
		"open event":           func(e *portal.Event) bool { return e.Type == "open_event" },
		"group calendar":       func(e *portal.Event) bool { return e.Type == "group" },
		"company calendar":     func(e *portal.Event) bool { return e.Type == "company_calendar" },
		"room booking":         func(e *portal.Event) bool { return e.Type == "location" },
		"room booking, series": func(e *portal.Event) bool { return e.Type == "location" && e.Rule != nil },
		"of a hidden calendar": func(e *portal.Event) bool { return e.Type == "user" && e.Owner == hiddenID && e.Access == "busy" },
		"high importance":      func(e *portal.Event) bool { return e.Importance == "high" },
	}
	for _, today := range []clock.Date{seedDay, clock.On(2024, time.February, 29), clock.On(2030, time.July, 7)} {
		events := Company(today).Events
		for name, fits := range kinds {
			if !slices.ContainsFunc(events, fits) {
				t.Errorf("%v: no event: %s", today, name)
			}
		}
	}
}

func TestSomebodysEventsOverlapAndSomeAreInAnotherZone(t *testing.T) {
	t.Parallel()
	p := Company(seedDay)
	abroad, overlapping := 0, 0
	for _, u := range p.Users[:12] {
		spans := truth.Busy(portal.New(*p), u.ID, seedDay.At(0, 0).UTC(), seedDay.Plus(28).At(0, 0).UTC())
		for i := 1; i < len(spans); i++ {
			if spans[i].From.Before(spans[i-1].To) {
				overlapping++
			}
		}
		for _, e := range p.Events {
			if e.Owner == u.ID && !e.AllDay && e.ZoneFrom != u.Zone {
				abroad++
			}
		}
	}
	if abroad == 0 || overlapping == 0 {
		t.Errorf("%d events in other zones, %d overlapping; want some of both", abroad, overlapping)
	}
}

func TestRowsHangTogether(t *testing.T) {
	t.Parallel()
	for _, p := range []*portal.Data{Company(seedDay), Branch(seedDay)} {
		byID := map[int]*portal.Event{}
		for _, e := range p.Events {
			if byID[e.ID] != nil || e.ID == 0 {
				t.Fatalf("event id %d is used twice or zero", e.ID)
			}
			byID[e.ID] = e
		}
		for _, e := range p.Events {
			if problem := loose(p, e, byID); problem != "" {
				t.Errorf("event %d (%s): %s", e.ID, e.Type, problem)
			}
		}
	}
}

// loose tells what is wrong with the links of a row to others, "" if nothing is.
func loose(p *portal.Data, e *portal.Event, byID map[int]*portal.Event) string {
	parent := byID[e.Parent]
	room, booking := portal.RoomOf(e.Location)
	switch {
	case parent == nil:
		return "no parent"
	case userIn(p, e.Creator) == nil:
		return "no creator"
	case e.Type == "user" && userIn(p, e.Owner) == nil:
		return "no owner"
	case e.Type == "location" && !slices.ContainsFunc(p.Rooms, func(r *portal.Room) bool { return r.ID == e.Owner }):
		return "no room"
	case e.Section != portal.SectionOf(e.Type, e.Owner) && e.Type != "open_event":
		return "wrong section"
	case parent != e && (parent.Name != e.Name || parent.From != e.From || !parent.Meeting || !e.Meeting):
		return "differs from its parent"
	case parent != e && parent.Type == "user" && parent.Owner == e.Owner:
		return "the organiser has two rows"
	case room != 0 && (byID[booking] == nil || byID[booking].Owner != room || byID[booking].From != e.From):
		return "the room is not booked"
	}
	return ""
}

func TestOneOffRoomBookingsDoNotOverlap(t *testing.T) {
	t.Parallel()
	p := Company(seedDay)
	known := clock.NewZoneCache(nil)
	booked := map[int][]period{}
	for _, e := range p.Events {
		if e.Type != "location" || e.Rule != nil {
			continue
		}
		b := period{clock.Mktime(e.From, known.Get(e.ZoneFrom)), clock.Mktime(e.To, known.Get(e.ZoneTo))}
		for _, other := range booked[e.Owner] {
			if b.from.Before(other.to) && other.from.Before(b.to) {
				t.Errorf("room %d is booked twice at %v", e.Owner, b.from)
			}
		}
		booked[e.Owner] = append(booked[e.Owner], b)
	}
	for _, room := range p.Rooms {
		if len(booked[room.ID]) < 20 {
			t.Errorf("%s is booked %d times, want 20 or more", room.Name, len(booked[room.ID]))
		}
	}
}

func userIn(p *portal.Data, id int) *portal.User {
	for _, u := range p.Users {
		if u.ID == id {
			return u
		}
	}
	return nil
}

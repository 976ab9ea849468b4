package bitrix24

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// world is a simulated portal and the client's way to it, without a network.
type world struct {
	sim    *portalsim.Sim
	portal *portalsim.Portal
	member meet.Member

	mu       sync.Mutex
	token    string
	renewals int
}

const appID = "app.slotfinder"

// newWorld serves a portal to the user. The simulator's clock stands at now.
func newWorld(t testing.TB, p *portalsim.Portal, user int64, now func() time.Time) (*world, *Client) {
	t.Helper()
	if p.MemberID == "" {
		p.MemberID = "00000000000000000000000000000001"
	}
	if p.Host == "" {
		p.Host = "portal.example"
	}
	w := &world{sim: portalsim.New(portalsim.Config{Now: now}), portal: p, member: meet.Member{Portal: p.MemberID, User: user}}
	w.sim.AddApp(portalsim.App{ClientID: appID, ClientSecret: "s", Scopes: []string{"calendar", "user_brief", "department"}})
	w.sim.AddPortal(p)
	p.Install(appID)
	w.token = p.IssueToken(appID, int(user)).Access
	c := New(Config{Tokens: w, HTTP: &http.Client{Transport: w, CheckRedirect: NewHTTPClient(true).CheckRedirect}, Now: now})
	return w, c
}

func (w *world) Token(context.Context, meet.Member) (string, string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	return "https://portal.example/rest/", w.token, nil
}

func (w *world) Renew(_ context.Context, m meet.Member, _ string) (string, string, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.renewals++
	w.token = w.portal.IssueToken(appID, int(m.User)).Access
	return "https://" + w.portal.Host + "/rest/", w.token, nil
}

// RoundTrip implements http.RoundTripper. Whatever the portal's host, the first
// endpoint leads to it.
func (w *world) RoundTrip(r *http.Request) (*http.Response, error) {
	in := httptest.NewRequestWithContext(r.Context(), r.Method, r.URL.String(), r.Body)
	in.Header = r.Header
	if r.URL.Host == "portal.example" && w.portal.Host != "moved.example" {
		in.Host = w.portal.Host
	}
	out := httptest.NewRecorder()
	w.sim.ServeHTTP(out, in)
	return out.Result(), nil
}

// residents are the portal's people with their zones.
func residents(t testing.TB, p *portalsim.Portal) []meet.Resident {
	t.Helper()
	var people []meet.Resident
	for _, u := range p.Users {
		if !u.Active || u.Extranet {
			continue
		}
		home := p.ServerZone
		if u.Zone != "" {
			home = zoneNamed(t, u.Zone)
		}
		people = append(people, meet.Resident{ID: int64(u.ID), Zone: home})
	}
	return people
}

// trueBlocks is what the simulator says of a person, in the form of this package.
func trueBlocks(p *portalsim.Portal, person meet.Resident, during civil.Span) []meet.Block {
	var blocks []meet.Block
	for _, s := range p.TrueBusy(int(person.ID), during.Start.Time(), during.End.Time(), person.Zone) {
		b := meet.Block{Span: civil.Outward(s.From, s.To), Tentative: s.Tentative, AllDay: s.AllDay, Absent: s.Absent, Row: int32(s.ID)}
		blocks = append(blocks, b)
	}
	return sortedBlocks(blocks)
}

// sortedBlocks returns the blocks in a fixed order.
func sortedBlocks(blocks []meet.Block) []meet.Block {
	blocks = slices.Clone(blocks)
	slices.SortFunc(blocks, func(a, b meet.Block) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End), cmp.Compare(a.Row, b.Row), strings.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	return blocks
}

// withoutAbsenceRows sets the rows of absence records to 0, as this package does.
func withoutAbsenceRows(p *portalsim.Portal, blocks []meet.Block) []meet.Block {
	for i, b := range blocks {
		if slices.ContainsFunc(p.Absences, func(a *portalsim.Absence) bool { return a.ID == int(b.Row) }) {
			blocks[i].Row = 0
		}
	}
	return sortedBlocks(blocks)
}

// For an administrator of the seeded company, what is read is the truth about everybody, in two
// weeks with clock changes in some zones.
func TestSeededCompanyIsReadRight(t *testing.T) {
	t.Parallel()
	for _, today := range []portalsim.Date{{Year: 2026, Month: 3, Day: 4}, {Year: 2026, Month: 10, Day: 20}} {
		p := portalsim.Company(today)
		now := time.Date(today.Year, today.Month, today.Day, 8, 0, 0, 0, time.UTC)
		admin := p.Users[slices.IndexFunc(p.Users, func(u *portalsim.User) bool { return u.Admin })]
		w, c := newWorld(t, p, int64(admin.ID), func() time.Time { return now })
		people := residents(t, p)
		during := civil.Span{Start: civil.Floor(now), End: civil.Floor(now.AddDate(0, 0, 31))}
		got, err := c.Busy(t.Context(), w.member, people, during, false)
		if err != nil {
			t.Fatal(err)
		}
		entries := 0
		for _, person := range people {
			want := withoutAbsenceRows(p, trueBlocks(p, person, during))
			entries += len(want)
			if diff := gocmp.Diff(want, sortedBlocks(got[person.ID].Blocks), cmpopts.EquateEmpty()); diff != "" || got[person.ID].Unknown != "" {
				t.Errorf("person %d %s (-want +got):\n%s", person.ID, got[person.ID].Unknown, diff)
			}
		}
		if entries < 1000 {
			t.Errorf("only %d entries: the company is too quiet to prove anything", entries)
		}
	}
}

// Whatever a portal's clock, culture and calendars: what is read is the truth.
func TestBusyIsTheTruth(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)
	during := civil.Span{Start: civil.Floor(time.Date(2026, 3, 5, 0, 0, 0, 0, time.UTC)), End: civil.Floor(time.Date(2026, 4, 3, 0, 0, 0, 0, time.UTC))}
	asked, undecided := 0, 0
	rapid.Check(t, func(r *rapid.T) {
		server := rapid.SampledFrom([]string{"UTC", "Europe/Moscow", "America/New_York"}).Draw(r, "server")
		p := portalsim.NewPortal(portalsim.Data{
			ServerZone:   zoneNamed(t, server),
			Culture:      rapid.SampledFrom([]portalsim.Culture{portalsim.CultureDMY, portalsim.CultureMDY, portalsim.CultureISO, portalsim.CultureSlash}).Draw(r, "culture"),
			Lang:         "en",
			AbsenceBlock: true,
		})
		homes := []string{"", "Europe/Berlin", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago", "Pacific/Chatham"}
		for id := 1; id <= 3; id++ {
			p.Users = append(p.Users, &portalsim.User{ID: id, Active: true, Admin: id == 1, Zone: rapid.SampledFrom(homes).Draw(r, "home")})
		}
		w, c := newWorld(t, p, 1, func() time.Time { return now })
		for range rapid.IntRange(1, 6).Draw(r, "events") {
			p.AddEvent(drawEvent(r, server != "America/New_York"))
		}
		for range rapid.IntRange(0, 2).Draw(r, "absences") {
			p.AddAbsence(drawAbsence(r, server != "America/New_York"))
		}
		people := residents(t, p)
		got, err := c.Busy(t.Context(), w.member, people, during, true)
		if err != nil {
			r.Fatal(err)
		}
		for _, person := range people {
			a := got[person.ID]
			asked++
			if a.Unknown == meet.UnknownUnreadable && strings.Contains(string(p.Culture), "/") {
				undecided++ // nothing in this portal tells day from month
				continue
			}
			want := withoutAbsenceRows(p, trueBlocks(p, person, during))
			if diff := gocmp.Diff(want, sortedBlocks(a.Blocks), cmpopts.EquateEmpty()); diff != "" || a.Unknown != "" {
				r.Fatalf("person %d %s (-want +got):\n%s", person.ID, a.Unknown, diff)
			}
		}
	})
	if undecided*20 > asked {
		t.Errorf("%d of %d calendars unreadable: too many to be portals that give no hint", undecided, asked)
	}
}

// drawEvent draws an event. Ends in another zone come only with servers that never change their
// clocks, because others move such an end by an hour. No series begins where a server changes its
// clock: the portal would get the length of its events wrong.
func drawEvent(r *rapid.T, steady bool) portalsim.Event {
	zones := rapid.SampledFrom([]string{"Europe/Berlin", "America/New_York", "Asia/Tokyo", "Pacific/Auckland", "Asia/Kolkata", "UTC"})
	days := []portalsim.Date{portalsim.On(2024, 1, 31), portalsim.On(2025, 6, 10), portalsim.On(2025, 12, 3), portalsim.On(2026, 2, 24), portalsim.On(2026, 3, 16), portalsim.On(2026, 4, 1)}
	day := rapid.SampledFrom(days).Draw(r, "day")
	e := portalsim.Event{
		Owner:  rapid.IntRange(1, 3).Draw(r, "owner"),
		Name:   "Secret",
		From:   day.At(rapid.IntRange(4, 22).Draw(r, "hour"), rapid.SampledFrom([]int{0, 30, 59}).Draw(r, "minute")),
		Access: rapid.SampledFrom([]string{"busy", "quest", "absent", "free"}).Draw(r, "access"),
	}
	e.ZoneFrom = zones.Draw(r, "zone")
	e.ZoneTo = e.ZoneFrom
	if e.AllDay = rapid.Bool().Draw(r, "all day"); e.AllDay {
		e.From = day.At(0, 0)
		e.To = day.Plus(rapid.IntRange(0, 4).Draw(r, "days")).At(0, 0)
	} else {
		e.To = e.From
		e.To.Hour = min(23, e.To.Hour+rapid.IntRange(0, 6).Draw(r, "hours"))
		if steady && rapid.Bool().Draw(r, "two zones") {
			e.ZoneTo = zones.Draw(r, "zone to")
		}
	}
	if rapid.Bool().Draw(r, "recurs") {
		e.Rule = &portalsim.Rule{
			Freq:     rapid.SampledFrom([]string{"DAILY", "WEEKLY", "MONTHLY", "YEARLY"}).Draw(r, "freq"),
			Interval: rapid.IntRange(1, 3).Draw(r, "interval"),
		}
		if rapid.Bool().Draw(r, "counted") {
			e.Rule.Count = rapid.IntRange(1, 300).Draw(r, "count")
		}
	}
	return e
}

// drawAbsence draws an absence of whole days, or also of hours when the server never changes its
// clock: the portal shows a timed absence beyond a change an hour off (FACTS.md fact 49).
func drawAbsence(r *rapid.T, steady bool) portalsim.Absence {
	first := portalsim.On(2026, 3, rapid.IntRange(1, 31).Draw(r, "first"))
	a := portalsim.Absence{User: rapid.IntRange(1, 3).Draw(r, "absent")}
	if steady && rapid.Bool().Draw(r, "hours only") {
		hour := rapid.IntRange(1, 20).Draw(r, "from hour")
		a.Timed, a.From, a.To = true, first.At(hour, 30), first.At(hour+rapid.IntRange(0, 3).Draw(r, "hours"), 45)
		return a
	}
	a.From = first.At(0, 0)
	a.To = first.Plus(rapid.IntRange(0, 9).Draw(r, "more")).At(0, 0)
	return a
}

// search does what a search does, and returns how many requests it took.
func search(t testing.TB, w *world, c *Client, ids []int64, days int, now time.Time) int {
	t.Helper()
	before := 0
	for _, r := range w.portal.Requests() {
		if !r.Batch {
			before++
		}
	}
	if _, err := c.Office(t.Context(), w.member); err != nil {
		t.Fatal(err)
	}
	people, err := c.People(t.Context(), w.member, ids)
	if err != nil || len(people) != len(ids) {
		t.Fatalf("%d people of %d: %v", len(people), len(ids), err)
	}
	var list []meet.Resident
	for _, id := range ids {
		list = append(list, meet.Resident{ID: id, Zone: zoneNamed(t, people[id].Zone)})
	}
	during := civil.Span{Start: civil.Floor(now), End: civil.Floor(now.AddDate(0, 0, days))}
	got, err := c.Busy(t.Context(), w.member, list, during, false)
	if err != nil {
		t.Fatal(err)
	}
	for id, a := range got {
		if a.Unknown != "" {
			t.Errorf("person %d: %s", id, a.Unknown)
		}
	}
	after := 0
	for _, r := range w.portal.Requests() {
		if !r.Batch {
			after++
		}
		if r.Status == http.StatusServiceUnavailable {
			t.Error("the portal's bucket ran over")
		}
	}
	return after - before
}

func TestRequestsOfASearch(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	var ids []int64
	for _, u := range p.Users {
		if u.Active && !u.Extranet && u.Zone != "" && len(ids) < 5 {
			ids = append(ids, int64(u.ID))
		}
	}
	if got := search(t, w, c, ids, 14, now); got != 3 {
		t.Errorf("cold: %d requests, want 3", got)
	}
	if got := search(t, w, c, ids, 14, now); got != 0 {
		t.Errorf("warm: %d requests, want 0", got)
	}
}

// 300 people over a month stay far below the burst of 50, twice in a row. Not
// parallel: the simulator needs seconds under the race detector, and the client's
// time limits are in real time.
func TestLargeSearchStaysWithinTheBucket(t *testing.T) {
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.NewPortal(portalsim.Data{ServerZone: time.UTC, Culture: portalsim.CultureMDY, Lang: "en"})
	var ids []int64
	for id := 1; id <= 300; id++ {
		p.Users = append(p.Users, &portalsim.User{ID: id, Active: true, Admin: id == 1, Zone: "Europe/Berlin"})
		p.Events = append(p.Events, &portalsim.Event{
			ID: 1000 + id, Type: "user", Owner: id, Access: "busy", ZoneFrom: "Europe/Berlin", ZoneTo: "Europe/Berlin",
			From: portalsim.On(2026, 1, 5).At(9, 0), To: portalsim.On(2026, 1, 5).At(9, 30),
			Rule: &portalsim.Rule{Freq: "DAILY", Interval: 1},
		})
		ids = append(ids, int64(id))
	}
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	if got := search(t, w, c, ids, 31, now); got > 14 {
		t.Errorf("cold: %d requests, want at most 14", got)
	}
	c.Forget(w.member.Portal)
	now = now.Add(time.Second)
	if got := search(t, w, c, ids, 31, now); got != 12 {
		t.Errorf("after a change: %d requests, want 12", got)
	}
}

func TestEverybodyAndDepartmentsOfTheCompany(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	people, err := c.Everybody(t.Context(), w.member)
	if err != nil {
		t.Fatal(err)
	}
	got := map[int64]bool{}
	for _, person := range people {
		got[person.ID] = true
	}
	for _, u := range p.Users {
		if want := u.Active && !u.Extranet; got[int64(u.ID)] != want {
			t.Errorf("user %d: there %v, want %v", u.ID, got[int64(u.ID)], want)
		}
	}
	tree, err := c.Departments(t.Context(), w.member)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]meet.Department{}
	for _, d := range p.Departments {
		want[int64(d.ID)] = meet.Department{ID: int64(d.ID), Parent: int64(d.Parent), Name: d.Name}
	}
	have := map[int64]meet.Department{}
	for _, d := range tree {
		have[d.ID] = d
	}
	if diff := gocmp.Diff(want, have); diff != "" {
		t.Errorf("departments (-want +got):\n%s", diff)
	}
	before := len(p.Requests())
	for _, person := range people {
		known, err := c.People(t.Context(), w.member, []int64{person.ID})
		if err != nil || known[person.ID].Name != person.Name {
			t.Fatal(known, err)
		}
	}
	if after := len(p.Requests()); after != before {
		t.Errorf("people of the roster were asked for again: %d requests", after-before)
	}
}

func TestOfficeOfTheCompany(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	office, err := c.Office(t.Context(), w.member)
	if err != nil {
		t.Fatal(err)
	}
	if office.WorkStart != 9*60 || office.WorkEnd != 18*60 || len(office.Holidays) != 6 || len(office.Workdays) != 1 {
		t.Errorf("got %+v", office)
	}
	if want := [7]bool{time.Saturday: true, time.Sunday: true}; office.Weekend != want {
		t.Errorf("weekend %v", office.Weekend)
	}
	u := p.Users[slices.IndexFunc(p.Users, func(u *portalsim.User) bool { return u.ID == 1 })]
	if office.Zone.String() != u.Zone {
		t.Errorf("zone %v, want %s", office.Zone, u.Zone)
	}
}

func TestExpiredTokenIsRenewedOnce(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.Company(portalsim.On(2026, 3, 4))
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	p.ExpireTokens()
	if _, err := c.Office(t.Context(), w.member); err != nil {
		t.Fatal(err)
	}
	if w.renewals != 1 {
		t.Errorf("%d renewals, want 1", w.renewals)
	}
}

func TestMovedPortal(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 4, 8, 0, 0, 0, time.UTC)
	p := portalsim.NewPortal(portalsim.Data{
		Host: "portal.example", ServerZone: time.UTC, Culture: portalsim.CultureISO,
		Users: []*portalsim.User{{ID: 1, Active: true, Zone: "Europe/Berlin"}},
	})
	w, c := newWorld(t, p, 1, func() time.Time { return now })
	p.Move("moved.example")
	if _, err := c.Office(t.Context(), w.member); err != nil {
		t.Fatal(err)
	}
	if w.renewals != 1 {
		t.Errorf("%d renewals, want 1", w.renewals)
	}
}

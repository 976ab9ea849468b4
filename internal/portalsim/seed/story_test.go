package seed

import (
	"bytes"
	"image/png"
	"slices"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/truth"
)

// What the demonstration shows: five typical colleagues find a handful of hours in
// a week, everybody together finds none.
func TestFiveFindAnHourAndAllFindNone(t *testing.T) {
	t.Parallel()
	for _, today := range []clock.Date{seedDay, clock.On(2025, time.March, 12)} {
		s := newSeeder(Company(today), today, companySeed, titles{})
		weeks := s.weeks()
		from, to := weeks[0].At(0, 0).UTC(), weeks[len(weeks)-1].Plus(7).At(0, 0).UTC()
		busy := map[int][]truth.Span{}
		for _, u := range s.staff {
			busy[u.ID] = truth.Busy(portal.New(*s.p), u.ID, from, to)
		}
		five := map[int][]truth.Span{}
		for id := annaID; id <= lastSteady; id++ {
			five[id] = busy[id]
		}
		total := 0
		for _, monday := range weeks {
			n := s.commonHours(five, monday)
			if total += n; n < 1 || n > 25 {
				t.Errorf("week of %v: %d hours for the five", monday, n)
			}
			if n := s.commonHours(busy, monday); n != 0 {
				t.Errorf("week of %v: %d hours for everybody", monday, n)
			}
		}
		if mean := total / len(weeks); mean < 4 || mean > 14 {
			t.Errorf("%v: %d hours a week on average for the five, want a handful", today, mean)
		}
	}
}

// commonHours counts the separate hours from Monday to Friday at which all work
// and nobody is busy.
func (s *seeder) commonHours(busy map[int][]truth.Span, monday clock.Date) int {
	n := 0
	end := monday.Plus(5).At(0, 0).UTC()
	for t := monday.At(0, 0).UTC(); t.Before(end); t = t.Add(15 * time.Minute) {
		if s.allFree(busy, period{t, t.Add(time.Hour)}) {
			n++
			t = t.Add(45 * time.Minute)
		}
	}
	return n
}

func (s *seeder) allFree(busy map[int][]truth.Span, t period) bool {
	for id, spans := range busy {
		taken := func(b truth.Span) bool { return b.From.Before(t.to) && t.from.Before(b.To) }
		if !s.working(id, t) || slices.ContainsFunc(spans, taken) {
			return false
		}
	}
	return true
}

// One colleague is away all the time, so that searching at night does not help
// either.
func TestSomebodyIsAlwaysAway(t *testing.T) {
	t.Parallel()
	p := Company(seedDay)
	covered := seedDay.Plus(-60).At(0, 0).UTC()
	for _, span := range truth.Busy(portal.New(*p), onLeaveID, covered, seedDay.Plus(120).At(0, 0).UTC()) {
		if span.Absent && span.AllDay && !span.From.After(covered) && span.To.After(covered) {
			covered = span.To
		}
	}
	if want := seedDay.Plus(119).At(0, 0).UTC(); covered.Before(want) {
		t.Errorf("on leave until %v only, want the whole window", covered)
	}
}

func TestAbsencesAreOfBothForms(t *testing.T) {
	t.Parallel()
	p := Company(seedDay)
	seen, forms := map[int]bool{}, map[bool]int{}
	for _, a := range p.Absences {
		if seen[a.ID] || userIn(p, a.User) == nil || a.To.UTC().Before(a.From.UTC()) {
			t.Errorf("absence %d of user %d from %v to %v", a.ID, a.User, a.From, a.To)
		}
		seen[a.ID] = true
		forms[a.Timed]++
	}
	if forms[true] < 10 || forms[false] < 20 {
		t.Errorf("%d timed and %d whole-day absences", forms[true], forms[false])
	}
}

func TestPhotosArePicturesOfTheirOwn(t *testing.T) {
	t.Parallel()
	seen := map[string]int{}
	for _, u := range Company(seedDay).Users {
		if u.Photo == nil {
			continue
		}
		img, err := png.Decode(bytes.NewReader(u.Photo))
		if err != nil {
			t.Fatalf("photo of %d: %v", u.ID, err)
		}
		if size := img.Bounds().Size(); size.X != photoSide || size.Y != photoSide {
			t.Errorf("photo of %d measures %v", u.ID, size)
		}
		if other := seen[string(u.Photo)]; other != 0 {
			t.Errorf("%d and %d share a photo", other, u.ID)
		}
		seen[string(u.Photo)] = u.ID
	}
}

func TestBranchSharesIDsButNoNameAndNoTitle(t *testing.T) {
	t.Parallel()
	company, branch := Company(seedDay), Branch(seedDay)
	if len(branch.Users) != 10 || branch.Culture != clock.CultureMDY || branch.ServerZone.String() != newYork {
		t.Errorf("branch: %d people, %s, %s", len(branch.Users), branch.Culture, branch.ServerZone)
	}
	names := map[string]bool{}
	for _, u := range company.Users {
		names[u.Name], names[u.LastName] = true, true
	}
	for _, u := range branch.Users {
		if userIn(company, u.ID) == nil {
			t.Errorf("user %d is not in both portals", u.ID)
		}
		if names[u.Name] || names[u.LastName] {
			t.Errorf("user %d of the branch shares a name with the company", u.ID)
		}
	}
	ours := portal.New(*company).Secrets()
	for _, title := range portal.New(*branch).Secrets() {
		if slices.ContainsFunc(ours, func(o string) bool { return strings.Contains(o, title) || strings.Contains(title, o) }) {
			t.Errorf("both portals have the title %q", title)
		}
	}
	for _, u := range company.Users {
		if slices.Contains(ours, u.Name+" "+u.LastName) {
			t.Errorf("the name of user %d is taken for a title", u.ID)
		}
	}
	if len(ours) < 50 || len(portal.New(*branch).Secrets()) < 5 {
		t.Errorf("%d and %d titles, want more", len(ours), len(portal.New(*branch).Secrets()))
	}
}

package finder_test

import (
	"context"
	"net/url"
	"path/filepath"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/auth"
	"slotfinder/internal/civil"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	"slotfinder/internal/store"
)

// berlin is a portal whose user 7 lives in Berlin and is never busy. The office is
// open from 09:00 to 18:00 on all days.
type berlin struct{ meet.Directory }

func (berlin) People(context.Context, meet.Member, []int64) (map[int64]meet.Person, error) {
	return map[int64]meet.Person{7: {ID: 7, Zone: "Europe/Berlin", Active: true}}, nil
}

func (berlin) Office(context.Context, meet.Member) (meet.Office, error) {
	return meet.Office{WorkStart: 540, WorkEnd: 1080, Zone: time.UTC}, nil
}

func (berlin) Busy(context.Context, meet.Member, []meet.Resident, civil.Span, bool) (map[int64]meet.Availability, error) {
	return map[int64]meet.Availability{7: {}}, nil
}

// keeper is a Timekeeper over a database with the portals p and q.
func keeper(t *testing.T) *finder.WorkingHours {
	t.Helper()
	db, err := store.Open(t.Context(), "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	for _, portal := range []string{"p", "q"} {
		if err := db.SavePortal(t.Context(), auth.Portal{PortalID: portal, Host: portal + ".example"}); err != nil {
			t.Fatal(err)
		}
	}
	now := func() time.Time { return time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC) }
	return &finder.WorkingHours{Schedules: db, Finder: &finder.Finder{Directory: berlin{}, Calendar: berlin{}, Hours: db, Now: now}}
}

// typed reads a schedule as somebody typed it.
func typed(t *testing.T, form string) meet.Schedule {
	t.Helper()
	values, err := url.ParseQuery(form)
	if err != nil {
		t.Fatal(err)
	}
	s, err := meet.ParseSchedule(values)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestTimekeeper(t *testing.T) {
	t.Parallel()
	k := keeper(t)
	anna, company := meet.Member{Portal: "p", User: 7}, meet.Member{Portal: "p", User: meet.Everyone}
	read := func() finder.Timesheet {
		t.Helper()
		sheet, err := k.Read(t.Context(), anna)
		if err != nil {
			t.Fatal(err)
		}
		return sheet
	}
	monday := civil.Date{Year: 2026, Month: 11, Day: 30}
	check := func(step string, user int64, set bool, hours string, working ...string) {
		t.Helper()
		sheet := read()
		if sheet.Has(user) != set || sheet.Schedule(user).Values().Get("mo") != hours {
			t.Errorf("%s: set %v, hours %q", step, sheet.Has(user), sheet.Schedule(user).Values().Get("mo"))
		}
		var got []string
		for _, w := range sheet.Working(user, monday, 2) {
			zone := sheet.Zone(user)
			got = append(got, w.Start.Time().In(zone).Format("02 15:04")+"–"+w.End.Time().In(zone).Format("02 15:04"))
		}
		if diff := cmp.Diff(working, got); diff != "" {
			t.Errorf("%s: %s", step, diff)
		}
	}
	check("at first", 7, false, "09:00-18:00", "30 09:00–30 18:00", "01 09:00–01 18:00")
	for _, step := range []struct {
		who  meet.Member
		form string
	}{{company, "mo=10-14"}, {anna, "mo=22-2&zone=Asia/Tokyo&off=2020-01-01/2020-01-02&off_from=2026-12-24"}} {
		if err := k.Save(t.Context(), step.who, typed(t, step.form)); err != nil {
			t.Fatal(err)
		}
	}
	check("own hours", 7, true, "22:00-02:00", "30 22:00–01 02:00")
	check("the default beside them", meet.Everyone, true, "10:00-14:00", "30 10:00–30 14:00")
	if off := read().Schedule(7).Off; len(off) != 1 || off[0].First.Year != 2026 {
		t.Errorf("days off: %v; those over are dropped", off)
	}
	if profile, zone := read().Profile().String(), read().Zone(7).String(); profile != "Europe/Berlin" || zone != "Asia/Tokyo" {
		t.Errorf("profile in %s, hours in %s", profile, zone)
	}
	if err := k.Drop(t.Context(), anna); err != nil {
		t.Fatal(err)
	}
	check("dropped", 7, false, "10:00-14:00", "30 10:00–30 14:00")
	if err := k.Save(t.Context(), anna, meet.Schedule{}); meet.KindOf(err) != meet.Invalid {
		t.Errorf("a week without hours: %v", err)
	}
	if got := read().With(7, typed(t, "tu=1-2")).Working(7, monday, 2); len(got) != 1 || read().Has(7) {
		t.Errorf("a schedule not saved: %v", got)
	}
}

// TestHoursStayInTheirPortal: the same user id in another company is somebody else.
func TestHoursStayInTheirPortal(t *testing.T) {
	t.Parallel()
	k := keeper(t)
	for _, subject := range []meet.Member{{Portal: "q", User: 7}, {Portal: "q", User: meet.Everyone}} {
		if err := k.Save(t.Context(), subject, typed(t, "mo=1-2&zone=Asia/Tokyo")); err != nil {
			t.Fatal(err)
		}
	}
	for portal, want := range map[string]string{"p": "30 08:00–30 17:00", "q": "29 16:00–29 17:00"} {
		a, err := k.Finder.Find(t.Context(), meet.Member{Portal: portal, User: 7}, query(t, "from=2026-11-30&to=2026-11-30&dur=60"))
		if err != nil {
			t.Fatal(err)
		}
		if w := a.Found.Windows; len(w) != 1 || w[0].Start.Time().Format("02 15:04")+"–"+w[0].End.Time().Format("02 15:04") != want {
			t.Errorf("portal %s: %v instead of %s", portal, w, want)
		}
	}
}

func query(t *testing.T, text string) meet.Query {
	t.Helper()
	values, err := url.ParseQuery(text)
	if err != nil {
		t.Fatal(err)
	}
	q, err := meet.ParseQuery(values)
	if err != nil {
		t.Fatal(err)
	}
	return q
}

func TestWeekIsWhatColleaguesSee(t *testing.T) {
	t.Parallel()
	k := keeper(t)
	anna := meet.Member{Portal: "p", User: 7}
	if err := k.Save(t.Context(), anna, typed(t, "fr=9-17&lunch=12-13&su=20-24&mo=22:30-1:30&off_from=2026-11-28&zone=Asia/Tokyo&sa=9-10")); err != nil {
		t.Fatal(err)
	}
	sheet, err := k.Read(t.Context(), anna)
	if err != nil {
		t.Fatal(err)
	}
	got := map[string][]civil.Range{}
	for _, d := range sheet.Week(7, k.Finder.Now()) { // Friday 15:00 in Tokyo
		got[d.Date.String()] = d.Hours
	}
	want := map[string][]civil.Range{
		"2026-11-27": {{Start: 540, End: 720}, {Start: 780, End: 1020}}, "2026-11-28": nil, "2026-11-29": {{Start: 1200, End: 1440}},
		"2026-11-30": {{Start: 1350, End: 1440}}, "2026-12-01": {{Start: 0, End: 90}}, "2026-12-02": nil, "2026-12-03": nil,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

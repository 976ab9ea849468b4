package finder

import (
	"context"
	"errors"
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

// scheduled reads a schedule as somebody typed it.
func scheduled(t *testing.T, form string) meet.Schedule {
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

// TestFindUsesOwnHours: the office works 09:00 to 18:00; 7 lives in Berlin, 8 has
// no zone. 27 November 2026 is a Friday.
func TestFindUsesOwnHours(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, query string
		schedules   map[int64]string
		want        []string // windows in UTC
	}{
		{"nothing set", "", nil, []string{"27 08:00–27 17:00"}},
		{"own hours", "", map[int64]string{7: "fr=7-10"}, []string{"27 06:00–27 09:00"}},
		{"weekday-hours", "&to=2026-11-29", map[int64]string{7: "th=1-2&fr=9-10&sa=11-13"}, []string{"27 08:00–27 09:00", "28 10:00–28 12:00"}},
		{"own hours of another one", "", map[int64]string{8: "fr=14-16"}, []string{"27 08:00–27 17:00"}},
		{"both have their own", "&who=8", map[int64]string{7: "fr=9-15", 8: "fr=14-20"}, []string{"27 13:00–27 14:00"}},
		{"lunch", "", map[int64]string{7: "fr=9-17&lunch=12-13"}, []string{"27 08:00–27 11:00", "27 12:00–27 16:00"}},
		{"across midnight", "&to=2026-11-28", map[int64]string{7: "fr=22:30-01:30"}, []string{"27 21:30–28 00:30"}},
		{"across midnight from the day before", "&from=2026-11-28&to=2026-11-28", map[int64]string{7: "fr=22:30-01:30"}, []string{"27 23:00–28 00:30"}},
		{"lunch after midnight", "&to=2026-11-28", map[int64]string{7: "fr=22-6&lunch=2-3"}, []string{"27 21:00–28 01:00", "28 02:00–28 05:00"}},
		{"zone", "&tz=UTC", map[int64]string{7: "fr=9-17&zone=America/New_York"}, []string{"27 14:00–27 22:00"}},
		{"zone and days of the seeker", "&to=2026-11-28", map[int64]string{7: "fr=20-24&zone=America/New_York"}, []string{"28 01:00–28 05:00"}},
		{"portal's default", "", map[int64]string{meet.Everyone: "fr=10-11"}, []string{"27 09:00–27 10:00"}},
		{"own hours before the default", "", map[int64]string{meet.Everyone: "fr=10-11", 7: "fr=12-14"}, []string{"27 11:00–27 13:00"}},
		{"default for the other one", "&who=8", map[int64]string{meet.Everyone: "fr=10-11", 7: "fr=8-20"}, []string{"27 09:00–27 10:00"}},
		{"day off", "", map[int64]string{7: "fr=9-17&off_from=2026-11-27"}, nil},
		{"company's day off", "", map[int64]string{meet.Everyone: "fr=9-17&off_from=2026-11-27", 7: "fr=9-17"}, nil},
		{"hours ignored", "&work=0&hours=05:00-07:00&to=2026-11-28", map[int64]string{7: "fr=9-10"}, []string{"28 04:00–28 06:00"}},
	} {
		o := newOffice()
		o.schedules = map[int64]meet.Schedule{}
		for id, form := range c.schedules {
			o.schedules[id] = scheduled(t, form)
		}
		values := "dur=60&from=2026-11-27&to=2026-11-27"
		if c.query != "" {
			values = override(t, values, c.query)
		}
		a, err := o.find(t, values)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var got []string
		for _, w := range a.Found.Windows {
			got = append(got, w.Start.Time().Format("02 15:04")+"–"+w.End.Time().Format("02 15:04"))
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// override sets parameters of a query anew.
func override(t *testing.T, query, changes string) string {
	t.Helper()
	all, err1 := url.ParseQuery(query)
	changed, err2 := url.ParseQuery(changes)
	if err := errors.Join(err1, err2); err != nil {
		t.Fatal(err)
	}
	for name, value := range changed {
		all[name] = value
	}
	return all.Encode()
}

// TestTemplateWeek: hours keep their wall clock over both changes of the clock.
func TestTemplateWeek(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.schedules = map[int64]meet.Schedule{7: scheduled(t, "su=13-18&zone=America/New_York")}
	for day, want := range map[string]string{"2027-03-07": "18:00", "2027-03-14": "17:00", "2027-10-31": "17:00", "2027-11-07": "18:00"} {
		a, err := o.find(t, "from="+day+"&to="+day)
		if err != nil {
			t.Fatal(err)
		}
		if w := a.Found.Windows; len(w) != 1 || w[0].Start.Time().Format("15:04") != want || w[0].Len() != 300 {
			t.Errorf("%s: %v instead of %sZ", day, w, want)
		}
	}
}

func TestOwnZoneCounts(t *testing.T) {
	t.Parallel()
	o := newOffice()
	o.schedules = map[int64]meet.Schedule{7: scheduled(t, "fr=9-17&zone=Asia/Tokyo"), 5: scheduled(t, "fr=9-17&zone=Asia/Tokyo")}
	o.busy[5] = meet.Availability{}
	a, err := o.find(t, "who=5,8&from=2026-11-27&to=2026-11-27")
	if err != nil {
		t.Fatal(err)
	}
	if a.Query.Zone.String() != "Asia/Tokyo" {
		t.Errorf("the seeker lives in %s", a.Query.Zone)
	}
	for _, person := range a.People {
		if person.Zone.String() != "Asia/Tokyo" || person.Unknown != "" {
			t.Errorf("%d lives in %s, %s", person.ID, person.Zone, person.Unknown)
		}
	}
	for _, r := range o.asked {
		if r.Zone.String() != "Asia/Tokyo" {
			t.Errorf("the calendar of %d is read in %s", r.ID, r.Zone)
		}
	}
	if o.people[7].Zone != "Europe/Berlin" {
		t.Error("what the directory keeps was changed")
	}
}

func TestPreferenceOrdersSlots(t *testing.T) {
	t.Parallel()
	best := func(form string) string {
		o := newOffice()
		o.schedules = map[int64]meet.Schedule{7: scheduled(t, form)}
		a, err := o.find(t, "from=2026-11-30&to=2026-11-30&dur=30&step=30")
		if err != nil {
			t.Fatal(err)
		}
		for _, s := range a.Found.Slots {
			if s.Rank == 1 {
				return s.Start.Time().Format("15:04")
			}
		}
		return "none"
	}
	if without, with := best("mo=9-18"), best("mo=9-18&prefer=16:30-17:30"); with < "15:30" || with > "16:30" || without == with {
		t.Errorf("the best start is %s and, with a preference for the late afternoon, %s", without, with)
	}
}

// failing is a store that can't be read.
type failing struct{ err error }

func (f failing) Schedules(context.Context, string, []int64) (map[int64]meet.Schedule, error) {
	return nil, f.err
}

func TestUnknownHoursAreNoAnswer(t *testing.T) {
	t.Parallel()
	o, lost := newOffice(), errors.New("lost")
	f := Finder{Directory: o, Calendar: o, Hours: failing{lost}, Now: func() time.Time { return friday }}
	if _, err := f.Find(t.Context(), meet.Member{Portal: "p", User: 7}, meet.NewQuery()); !errors.Is(err, lost) {
		t.Errorf("%v", err)
	}
}

package finder

import (
	"context"
	"errors"
	"net/url"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// office is a portal of known people and calendars.
type office struct {
	meet.Directory
	people    map[int64]meet.Person
	busy      map[int64]meet.Availability
	asked     []meet.Resident
	during    civil.Span
	err       error
	officeErr error
	schedules map[int64]meet.Schedule
}

func (o *office) People(_ context.Context, _ meet.Member, ids []int64) (map[int64]meet.Person, error) {
	return o.people, nil
}

func (o *office) Office(context.Context, meet.Member) (meet.Office, error) {
	return meet.Office{WorkStart: 540, WorkEnd: 1080, Weekend: [7]bool{0: true, 6: true}, Zone: time.UTC}, o.officeErr
}

func (o *office) Schedules(context.Context, string, []int64) (map[int64]meet.Schedule, error) {
	return o.schedules, nil
}

func (o *office) Busy(_ context.Context, _ meet.Member, people []meet.Resident, during civil.Span, _ bool) (map[int64]meet.Availability, error) {
	o.asked, o.during = people, during
	return o.busy, o.err
}

var friday = time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC)

func (o *office) find(t *testing.T, query string) (meet.Answer, error) {
	t.Helper()
	values, err := url.ParseQuery(query)
	if err != nil {
		t.Fatal(err)
	}
	q, err := meet.ParseQuery(values)
	if err != nil {
		t.Fatal(err)
	}
	f := Finder{Directory: o, Calendar: o, Hours: o, Now: func() time.Time { return friday }}
	return f.Find(t.Context(), meet.Member{Portal: "p", User: 7}, q)
}

func newOffice() *office {
	return &office{
		people: map[int64]meet.Person{
			7: {ID: 7, Name: "Anna", Zone: "Europe/Berlin", Active: true},
			8: {ID: 8, Name: "Ben", Active: true},
			9: {ID: 9, Name: "Gone", Zone: "Europe/Berlin"},
			5: {ID: 5, Name: "Odd", Zone: "Mars/Base", Active: true},
		},
		busy: map[int64]meet.Availability{7: {}, 8: {}},
	}
}

func TestFindLivesInTheZoneOfTheProfile(t *testing.T) {
	t.Parallel()
	o := newOffice()
	a, err := o.find(t, "who=8&from=2026-11-27&to=2026-11-27&dur=60&step=60")
	if err != nil {
		t.Fatal(err)
	}
	if a.Query.Zone.String() != "Europe/Berlin" || a.People[1].Zone.String() != "Europe/Berlin" {
		t.Errorf("zones %s and %s: somebody without a zone lives in the seeker's", a.Query.Zone, a.People[1].Zone)
	}
	want := []civil.Span{{Start: minute("2026-11-27T08:00"), End: minute("2026-11-27T17:00")}}
	if diff := cmp.Diff(want, a.Found.Windows); diff != "" {
		t.Error(diff)
	}
	if n := len(a.Found.Slots); n != 9 {
		t.Errorf("%d slots, want 9", n)
	}
}

func minute(text string) civil.Minute {
	t, err := time.Parse("2006-01-02T15:04", text)
	if err != nil {
		panic(err)
	}
	return civil.Floor(t)
}

func TestFindNeverTakesUnknownForFree(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, who string
		change    func(*office)
		want      meet.Unknown
	}{
		{"not in the portal", "99", func(*office) {}, meet.UnknownPerson},
		{"dismissed", "9", func(*office) {}, meet.UnknownDismissed},
		{"no such zone", "5", func(*office) {}, meet.UnknownZone},
		{"left out of the answer", "8", func(o *office) { delete(o.busy, 8) }, meet.UnknownMissing},
		{"unreadable", "8", func(o *office) { o.busy[8] = meet.Availability{Unknown: meet.UnknownUnreadable} }, meet.UnknownUnreadable},
	}
	for _, c := range cases {
		o := newOffice()
		c.change(o)
		a, err := o.find(t, "from=2026-11-27&to=2026-11-30&who="+c.who)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		if a.People[1].Unknown != c.want {
			t.Errorf("%s: unknown %q, want %q", c.name, a.People[1].Unknown, c.want)
		}
		if len(a.Found.Windows)+len(a.Found.Slots) > 0 {
			t.Errorf("%s: %d windows although a required person is unknown", c.name, len(a.Found.Windows))
		}
		for _, r := range o.asked {
			if c.want != meet.UnknownMissing && c.want != meet.UnknownUnreadable && r.ID != 7 {
				t.Errorf("%s: the calendar of %d was asked for", c.name, r.ID)
			}
		}
		at := a.Attendance(civil.Span{Start: minute("2026-11-30T10:00"), End: minute("2026-11-30T11:00")})
		if len(at.Unknown) != 1 || len(at.Free) != 1 {
			t.Errorf("%s: %+v", c.name, at)
		}
	}
}

func TestFindReadsWhatTheAnswerDependsOn(t *testing.T) {
	t.Parallel()
	o := newOffice()
	if _, err := o.find(t, "from=2026-11-27&to=2026-11-28&buffer=30&weeks=3&tz=UTC"); err != nil {
		t.Fatal(err)
	}
	want := civil.Span{Start: minute("2026-11-26T23:30"), End: minute("2026-12-13T00:30")}
	if diff := cmp.Diff(want, o.during); diff != "" {
		t.Error(diff)
	}
}

func TestFindPassesFailuresOn(t *testing.T) {
	t.Parallel()
	down := &meet.Error{Kind: meet.Unavailable, Key: "error.portal_down"}
	for name, o := range map[string]*office{"calendar": newOffice(), "office": newOffice()} {
		if name == "office" {
			o.officeErr = down
		} else {
			o.err = down
		}
		if _, err := o.find(t, ""); !errors.Is(err, down) || meet.KindOf(err) != meet.Unavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestFindAppliesThePolicies(t *testing.T) {
	t.Parallel()
	o := newOffice()
	all := civil.Span{Start: minute("2026-11-27T00:00"), End: minute("2026-11-28T00:00")}
	o.busy[7] = meet.Availability{Blocks: []meet.Block{{Span: all, Tentative: true}}}
	o.busy[8] = meet.Availability{Blocks: []meet.Block{{Span: all, AllDay: true}}}
	for query, want := range map[string]bool{
		"":                            false,
		"&tentative=free":             false,
		"&allday=free":                false,
		"&tentative=free&allday=free": true,
	} {
		a, err := o.find(t, "who=8&from=2026-11-27&to=2026-11-27"+query)
		if err != nil || len(a.Found.Slots) > 0 != want {
			t.Errorf("%q: %d slots, %v", query, len(a.Found.Slots), err)
		}
	}
	o.busy[8] = meet.Availability{Blocks: []meet.Block{{Span: all, AllDay: true, Tentative: true, Absent: true}}}
	if a, _ := o.find(t, "who=8&from=2026-11-27&to=2026-11-27&tentative=free&allday=free"); len(a.Found.Slots) > 0 {
		t.Error("an absence was let through")
	}
}

// TestRelaxationsKeepTheirPromise opens every relaxation of answers without slots
// and counts.
func TestRelaxationsKeepTheirPromise(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ name, query, change, until string }{
		{"one person", "who=8&from=2026-11-30&to=2026-11-30", "make_optional", "17:00"},
		{"shorter", "who=8&from=2026-11-30&to=2026-11-30&dur=120", "shorter", "15:45"},
		{"later", "who=8&from=2026-11-30&to=2026-11-30", "later_range", "17:00"},
		{"hours", "from=2026-11-30&to=2026-11-30&hours=09:00-10:00", "wider_hours", "17:00"},
		{"own hours", "from=2026-11-28&to=2026-11-28", "ignore_work_hours", "17:00"},
		{"tentative", "who=8&from=2026-11-30&to=2026-11-30", "ignore_tentative", "17:00"},
	} {
		o := newOffice()
		o.busy[7] = meet.Availability{Blocks: []meet.Block{{Span: civil.Span{Start: minute("2026-11-30T08:00"), End: minute("2026-11-30T10:00")}}}}
		o.busy[8] = meet.Availability{Blocks: []meet.Block{{Span: civil.Span{Start: minute("2026-11-30T09:30"), End: minute("2026-11-30T" + c.until)}, Tentative: true}}}
		a, err := o.find(t, c.query+"&tz=UTC")
		if err != nil {
			t.Fatal(err)
		}
		proposed := false
		for _, r := range a.Relax {
			proposed = proposed || string(r.Change) == c.change
			again, err := o.find(t, r.Query.Values().Encode())
			if err != nil || len(again.Found.Slots) != r.Slots {
				t.Errorf("%s: %s promises %d slots, its link gives %d (%v)", c.name, r.Change, r.Slots, len(again.Found.Slots), err)
			}
		}
		if len(a.Found.Slots) > 0 || !proposed {
			t.Errorf("%s: %d slots, relaxations %+v", c.name, len(a.Found.Slots), a.Relax)
		}
	}
}

// Pages that asked the same at the same time are given the same answer. Only the race
// detector sees what would go wrong.
func TestAnswerHasManyReaders(t *testing.T) {
	o := &office{people: map[int64]meet.Person{7: {ID: 7, Active: true}, 8: {ID: 8, Active: true}}, busy: map[int64]meet.Availability{7: {}, 8: {}}}
	a, err := o.find(t, "who=8&from=2026-11-27&to=2026-12-04")
	if err != nil {
		t.Fatal(err)
	}
	start := friday.Add(6 * time.Hour)
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			a.Timeline(1)
			a.Explain(start)
			a.Verdicts(start, start.Add(time.Hour))
			if all := a.Attendance(civil.Outward(start, start.Add(time.Hour))); len(all.Free) != 2 {
				t.Errorf("free: %v", all.Free)
			}
		})
	}
	readers.Wait()
}

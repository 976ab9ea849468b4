package bitrix24

import (
	"bytes"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// rulesOf2025 are our rules, except for two zones as they were before the laws of 2026.
func rulesOf2025(name string) (*time.Location, error) {
	data, err := os.ReadFile("../civil/zone/testdata/2025b/" + name)
	if err != nil {
		return zone.Load(name)
	}
	return time.LoadLocationFromTZData(name, data)
}

// rulesToCome are our rules, except for Berlin, which has adopted Moscow's time.
func rulesToCome(name string) (*time.Location, error) {
	if name == "Europe/Berlin" {
		return time.FixedZone(name, 3*3600), nil
	}
	return zone.Load(name)
}

// heard is what a reading of some people's calendars found out.
type heard struct {
	Office []string
	People map[int64][]string
	Log    string // zones of warnings
}

// listen reads the calendars of people, each with a zone of their own in which they have an event
// from 10:00 to 11:00 on 8 December 2026, as the first of them, four times.
func listen(t *testing.T, rules portalsim.Zones, homes ...string) (heard, map[int64]meet.Availability) {
	t.Helper()
	p := portalsim.NewPortal(portalsim.Data{Zones: rules, ServerZone: time.UTC, Culture: portalsim.CultureISO, Lang: "en"})
	day := portalsim.On(2026, 12, 8)
	var people []meet.Resident
	for i, home := range homes {
		p.Users = append(p.Users, &portalsim.User{ID: i + 1, Name: "P", Zone: home, Active: true, Admin: i == 0, Departments: []int{1}})
		p.AddEvent(portalsim.Event{Owner: i + 1, Name: "E", From: day.At(10, 0), To: day.At(11, 0), ZoneFrom: home, ZoneTo: home, Access: "busy"})
		people = append(people, meet.Resident{ID: int64(i + 1), Zone: zoneNamed(t, home)})
	}
	now := func() time.Time { return time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC) }
	w, _ := newWorld(t, p, 1, now)
	var log bytes.Buffer
	c := New(Config{Tokens: w, HTTP: &http.Client{Transport: w}, Now: now, Log: slog.New(slog.NewTextHandler(&log, nil))})
	during := civil.Span{Start: civil.Floor(time.Date(2026, 12, 1, 0, 0, 0, 0, time.UTC)), End: civil.Floor(time.Date(2026, 12, 20, 0, 0, 0, 0, time.UTC))}
	h, busy := heard{People: map[int64][]string{}}, map[int64]meet.Availability{}
	for range 4 {
		office, err := c.Office(t.Context(), w.member)
		if err != nil {
			t.Fatal(err)
		}
		if busy, err = c.Busy(t.Context(), w.member, people, during, len(h.People) == 0); err != nil {
			t.Fatal(err)
		}
		h.Office = office.Disputed
		for id, a := range busy {
			if a.Disputed != nil {
				h.People[id] = a.Disputed
			}
		}
	}
	for line := range strings.Lines(log.String()) {
		if _, rest, found := strings.Cut(line, "zone="); found {
			name, _, _ := strings.Cut(rest, " ")
			h.Log += name + " "
		}
	}
	return h, busy
}

// A portal whose clocks differ from ours is noticed, whichever side is out of date, and each zone
// is logged once.
func TestClocksOfAPortalThatAreNotOurs(t *testing.T) {
	t.Parallel()
	const casablanca, vancouver, berlin, tokyo, london = "Africa/Casablanca", "America/Vancouver", "Europe/Berlin", "Asia/Tokyo", "Europe/London"
	none := map[int64][]string{}
	tests := []struct {
		name  string
		rules portalsim.Zones
		homes []string
		want  heard
	}{
		{"the same rules", zone.Load, []string{berlin, casablanca, vancouver, tokyo}, heard{People: none}},
		{"old, seen from elsewhere", rulesOf2025, []string{berlin, casablanca, tokyo}, heard{People: map[int64][]string{2: {casablanca}}, Log: casablanca + " "}},
		{"old in two zones", rulesOf2025, []string{berlin, casablanca, vancouver, tokyo}, heard{People: map[int64][]string{2: {casablanca}, 3: {vancouver}}, Log: casablanca + " " + vancouver + " "}},
		{"old at home", rulesOf2025, []string{vancouver, tokyo, berlin}, heard{Office: []string{vancouver}, People: map[int64][]string{2: {vancouver}, 3: {vancouver}}, Log: vancouver + " "}},
		{"old at home, and nobody else", rulesOf2025, []string{casablanca, casablanca}, heard{Office: []string{casablanca}, People: none, Log: casablanca + " "}},
		{"newer than ours", rulesToCome, []string{london, berlin, tokyo}, heard{People: map[int64][]string{2: {berlin}}, Log: berlin + " "}},
		{"old where nobody lives", rulesOf2025, []string{berlin, tokyo}, heard{People: none}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got, _ := listen(t, test.rules, test.homes...)
			words := strings.Fields(got.Log)
			slices.Sort(words)
			got.Log = strings.Join(words, " ")
			test.want.Log = strings.TrimSpace(test.want.Log)
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Errorf("(-want +got)\n%s", diff)
			}
		})
	}
}

// Of the account that reads for a company only the profile is known.
func TestClocksSeenByTheCompanysAccount(t *testing.T) {
	t.Parallel()
	day := portalsim.On(2026, 12, 8)
	p := portalsim.NewPortal(portalsim.Data{
		Zones: rulesOf2025, ServerZone: time.UTC, Culture: portalsim.CultureISO, Lang: "en",
		Users: []*portalsim.User{{ID: 1, Name: "P", Zone: "Europe/Berlin", Active: true, Admin: true, Departments: []int{1}}},
	})
	p.AddEvent(portalsim.Event{Owner: 1, Name: "E", From: day.At(10, 0), To: day.At(11, 0), ZoneFrom: "Africa/Casablanca", ZoneTo: "Africa/Casablanca", Access: "busy"})
	w, c := newWorld(t, p, 1, func() time.Time { return time.Date(2026, 11, 30, 9, 0, 0, 0, time.UTC) })
	if _, err := c.Self(t.Context(), w.member, false); err != nil {
		t.Fatal(err)
	}
	during := civil.Span{Start: civil.Floor(time.Date(2026, 12, 8, 0, 0, 0, 0, time.UTC)), End: civil.Floor(time.Date(2026, 12, 9, 0, 0, 0, 0, time.UTC))}
	busy, err := c.Busy(t.Context(), w.member, []meet.Resident{{ID: 1, Zone: time.UTC}}, during, false)
	if err != nil || !slices.Equal(busy[1].Disputed, []string{"Africa/Casablanca"}) {
		t.Errorf("%v, %v", busy[1].Disputed, err)
	}
}

// What blocks is what the newest rules say: 10:00 in Casablanca is 10:00 UTC in December
// 2026, whatever the portal believes.
func TestEventsGoByTheNewestRules(t *testing.T) {
	t.Parallel()
	_, busy := listen(t, rulesOf2025, "Europe/Berlin", "Africa/Casablanca", "America/Vancouver")
	for id, want := range map[int64]string{1: "12-08 09:00 - 12-08 10:00", 2: "12-08 10:00 - 12-08 11:00", 3: "12-08 17:00 - 12-08 18:00"} {
		if got := show(busy[id]); !strings.HasPrefix(got, want) {
			t.Errorf("person %d: %s, want %s", id, got, want)
		}
	}
}

// Near a change of a clock a portal's offsets are an hour off anyway, which is no dispute. The
// seeded company has people in seven zones.
func TestNoDisputeWithTheSameRules(t *testing.T) {
	t.Parallel()
	for _, today := range []portalsim.Date{portalsim.On(2026, 3, 4), portalsim.On(2026, 10, 14)} {
		p := portalsim.Company(today, zone.Load)
		now := func() time.Time { return time.Date(today.Year, today.Month, today.Day, 9, 0, 0, 0, time.UTC) }
		w, c := newWorld(t, p, 1, now)
		office, err := c.Office(t.Context(), w.member)
		if err != nil || office.Disputed != nil {
			t.Fatal(office.Disputed, err)
		}
		during := civil.Span{Start: civil.Floor(now()), End: civil.Floor(now().AddDate(0, 0, 40))}
		busy, err := c.Busy(t.Context(), w.member, residents(t, p), during, false)
		if err != nil {
			t.Fatal(err)
		}
		for id, a := range busy {
			if a.Disputed != nil {
				t.Errorf("person %d from %v on: %v", id, today, a.Disputed)
			}
		}
	}
}

// The disputes that are remembered are bounded.
func TestDisputesAreBounded(t *testing.T) {
	t.Parallel()
	var d disputes
	for i := range 3 * maxDisputes {
		if !d.firstTime(dispute{fmt.Sprint(i), "Africa/Casablanca"}) {
			t.Fatal(i)
		}
	}
	if len(d.logged) > maxDisputes || d.firstTime(dispute{fmt.Sprint(3*maxDisputes - 1), "Africa/Casablanca"}) {
		t.Errorf("%d are remembered", len(d.logged))
	}
}

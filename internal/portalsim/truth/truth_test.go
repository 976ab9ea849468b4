package truth_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim"
)

// Two users of the example portal: the first lives in Berlin, the second in Moscow.
const (
	asker = 1
	olga  = 7
)

func example(t *testing.T) *portalsim.Portal {
	t.Helper()
	return portalsim.NewPortal(portalsim.Data{
		ServerZone: zoneNamed(t, "Europe/Moscow"), AbsenceBlock: true,
		Users: []*portalsim.User{
			{ID: asker, Name: "Anna", Zone: "Europe/Berlin", Active: true},
			{ID: olga, Name: "Olga", Zone: "Europe/Moscow", Active: true},
		},
	})
}

func zoneNamed(t *testing.T, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

func TestTrueBusy(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	to := time.Date(2026, time.April, 1, 0, 0, 0, 0, time.UTC)
	at := func(text string) time.Time {
		t, err := time.Parse(time.RFC3339, text)
		if err != nil {
			panic(err)
		}
		return t
	}
	allDay := portalsim.Event{Owner: asker, AllDay: true, From: portalsim.On(2026, 3, 29).At(0, 0), To: portalsim.On(2026, 3, 29).At(0, 0)}
	timed := portalsim.Event{Owner: asker, From: portalsim.On(2026, 3, 10).At(9, 0), To: portalsim.On(2026, 3, 10).At(10, 0), ZoneFrom: "Asia/Tokyo", ZoneTo: "Asia/Tokyo", Access: "quest"}
	tests := map[string]struct {
		event portalsim.Event
		want  []portalsim.TrueSpan
	}{
		"a timed event": {timed, []portalsim.TrueSpan{{From: at("2026-03-10T00:00:00Z"), To: at("2026-03-10T01:00:00Z"), Tentative: true, ID: 1000}}},
		"a whole day of 23 hours in the owner's zone": {allDay, []portalsim.TrueSpan{{
			From: at("2026-03-28T23:00:00Z"), To: at("2026-03-29T22:00:00Z"), AllDay: true, ID: 1000,
		}}},
		"an event cut by the period": {
			portalsim.Event{Owner: asker, From: portalsim.On(2026, 2, 28).At(20, 0), To: portalsim.On(2026, 3, 1).At(1, 0), ZoneFrom: "UTC", ZoneTo: "UTC"},
			[]portalsim.TrueSpan{{From: from, To: at("2026-03-01T01:00:00Z"), ID: 1000}},
		},
		"a free event":                  {portalsim.Event{Owner: asker, From: portalsim.On(2026, 3, 2).At(9, 0), To: portalsim.On(2026, 3, 2).At(10, 0), Access: "free"}, nil},
		"an event without length":       {portalsim.Event{Owner: asker, From: portalsim.On(2026, 3, 2).At(9, 0), To: portalsim.On(2026, 3, 2).At(9, 0)}, nil},
		"a row of the company calendar": {portalsim.Event{Type: "company_calendar", Owner: asker, From: portalsim.On(2026, 3, 2).At(9, 0), To: portalsim.On(2026, 3, 2).At(10, 0)}, nil},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := example(t)
			p.AddEvent(tc.event)
			if diff := cmp.Diff(tc.want, p.TrueBusy(asker, from, to)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestWholeDaysOfSomebodyWithoutZone(t *testing.T) {
	t.Parallel()
	from := time.Date(2026, time.March, 1, 0, 0, 0, 0, time.UTC)
	p := example(t)
	p.Users[1].Zone = ""
	p.AddEvent(portalsim.Event{Owner: olga, AllDay: true, From: portalsim.On(2026, 3, 10).At(0, 0), To: portalsim.On(2026, 3, 10).At(0, 0)})
	start := func(fallback ...*time.Location) string {
		spans := p.TrueBusy(olga, from, from.AddDate(0, 1, 0), fallback...)
		if len(spans) != 1 {
			t.Fatalf("spans %v", spans)
		}
		return spans[0].From.Format(time.RFC3339)
	}
	if got, want := start(), "2026-03-09T21:00:00Z"; got != want {
		t.Errorf("in the server's zone: %s, want %s", got, want)
	}
	if got, want := start(zoneNamed(t, "Asia/Tokyo")), "2026-03-09T15:00:00Z"; got != want {
		t.Errorf("in the fallback: %s, want %s", got, want)
	}
}

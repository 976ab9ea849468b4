package calendar

import (
	"testing"
	"time"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

func TestStoredTimestamps(t *testing.T) {
	t.Parallel()
	at := func(zone string, w clock.Wall) int64 { return clock.Mktime(w, loc(t, zone)).Unix() }
	ten := clock.On(2026, 7, 1).At(10, 0)
	tests := []struct {
		name, server string
		event        portal.Event
		from, to     int64
	}{
		{
			"UTC server: true Unix time", "UTC",
			portal.Event{From: ten, To: clock.On(2026, 7, 1).At(11, 0), ZoneFrom: "Europe/Berlin", ZoneTo: "Europe/Berlin"},
			at("Europe/Berlin", ten), at("Europe/Berlin", clock.On(2026, 7, 1).At(11, 0)),
		},
		{
			"Moscow server: three hours less", "Europe/Moscow",
			portal.Event{From: clock.On(2026, 1, 7).At(14, 25), To: clock.On(2026, 1, 7).At(14, 25), ZoneFrom: "Europe/Moscow", ZoneTo: "Europe/Moscow"},
			1767774300, 1767774300,
		},
		{
			"New York server: four hours more in summer", "America/New_York",
			portal.Event{From: ten, To: clock.On(2026, 7, 1).At(11, 0), ZoneFrom: "Asia/Tokyo", ZoneTo: "Europe/London"},
			at("Asia/Tokyo", ten) + 4*3600, at("Europe/London", clock.On(2026, 7, 1).At(11, 0)) + 4*3600,
		},
		{
			// 00:30 read in New York is 05:30 UTC, when London already has summer time.
			"the offset is chosen at the wrong instant", "America/New_York",
			portal.Event{From: clock.On(2026, 3, 29).At(0, 30), To: clock.On(2026, 3, 29).At(8, 0), ZoneFrom: "Europe/London", ZoneTo: "Europe/London"},
			at("Europe/London", clock.On(2026, 3, 29).At(0, 30)) + 4*3600 - 3600, at("Europe/London", clock.On(2026, 3, 29).At(8, 0)) + 4*3600,
		},
		{
			"all day: the server's midnight", "America/New_York",
			portal.Event{From: clock.On(2026, 3, 11).At(9, 0), To: clock.On(2026, 3, 13).At(0, 0), AllDay: true, ZoneFrom: "Asia/Tokyo"},
			at("America/New_York", clock.On(2026, 3, 11).At(0, 0)), at("America/New_York", clock.On(2026, 3, 13).At(0, 0)),
		},
		{
			"no zone is UTC", "UTC",
			portal.Event{From: ten, To: clock.On(2026, 7, 1).At(11, 0)},
			at("UTC", ten), at("UTC", ten) + 3600,
		},
		{
			"three times every ten days", "UTC",
			portal.Event{
				From: clock.On(2025, 11, 1).At(10, 59), To: clock.On(2025, 11, 1).At(11, 59), ZoneFrom: "Europe/Moscow", ZoneTo: "Europe/Moscow",
				Rule: &portal.Rule{Freq: "DAILY", Interval: 10, Count: 3},
			},
			at("Europe/Moscow", clock.On(2025, 11, 1).At(10, 59)), at("UTC", clock.On(2025, 12, 1).At(11, 59)),
		},
		{
			"until a day", "Europe/Moscow",
			portal.Event{From: ten, To: clock.On(2026, 7, 1).At(11, 0), ZoneFrom: "UTC", ZoneTo: "UTC", Rule: &portal.Rule{Freq: "DAILY", Until: clock.On(2026, 7, 10)}},
			at("UTC", ten) - 3*3600, at("Europe/Moscow", clock.On(2026, 7, 11).At(0, 0)),
		},
		{
			"without end", "Europe/Moscow",
			portal.Event{From: ten, To: clock.On(2026, 7, 1).At(11, 0), ZoneFrom: "UTC", ZoneTo: "UTC", Rule: &portal.Rule{Freq: "YEARLY"}},
			at("UTC", ten) - 3*3600, 2145992400,
		},
		{
			"four times on two weekdays", "UTC",
			portal.Event{
				From: clock.On(2026, 6, 4).At(9, 0), To: clock.On(2026, 6, 4).At(10, 0), ZoneFrom: "UTC", ZoneTo: "UTC",
				Rule: &portal.Rule{Freq: "WEEKLY", Count: 4, ByDay: []time.Weekday{time.Monday, time.Thursday}},
			},
			at("UTC", clock.On(2026, 6, 4).At(9, 0)), at("UTC", clock.On(2026, 6, 15).At(11, 0)),
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := New(portal.New(portal.Data{ServerZone: loc(t, tc.server)}))
			p.setTimestamps(&tc.event)
			if tc.event.FromTS != tc.from || tc.event.ToTS != tc.to {
				t.Errorf("got %d and %d, want %d and %d", tc.event.FromTS, tc.event.ToTS, tc.from, tc.to)
			}
		})
	}
}

func TestSavingRoundsReadingsButNotTimestamps(t *testing.T) {
	t.Parallel()
	p := New(portal.New(portal.Data{ServerZone: time.UTC}))
	e := portal.Event{From: clock.Wall{Date: clock.On(2026, 3, 10), Hour: 11, Minute: 59, Second: 29}, To: clock.Wall{Date: clock.On(2026, 3, 10), Hour: 23, Minute: 59, Second: 30}, ZoneFrom: "UTC", ZoneTo: "UTC"}
	p.setTimestamps(&e)
	if want := clock.On(2026, 3, 10).At(11, 59); e.From != want {
		t.Errorf("from %v, want %v", e.From, want)
	}
	if want := clock.On(2026, 3, 11).At(0, 0); e.To != want {
		t.Errorf("to %v, want %v", e.To, want)
	}
	if e.FromTS%60 != 29 || e.ToTS%60 != 30 {
		t.Errorf("the numbers lost their seconds: %d, %d", e.FromTS, e.ToTS)
	}
}

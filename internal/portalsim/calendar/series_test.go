package calendar

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/portal"
)

// series is an event of Olga's from a day on, an hour long.
func series(day clock.Date, hour int, zone string, rule portal.Rule) portal.Event {
	return portal.Event{Owner: olga, Name: "S", From: day.At(hour, 0), To: day.At(hour+1, 0), ZoneFrom: zone, ZoneTo: zone, Rule: &rule}
}

func allDaySeries(day clock.Date, days int, rule portal.Rule) portal.Event {
	return portal.Event{Owner: olga, Name: "S", AllDay: true, From: day.At(0, 0), To: day.Plus(days-1).At(0, 0), Rule: &rule}
}

func TestInstances(t *testing.T) {
	t.Parallel()
	berlin := "Europe/Berlin"
	days := func(d ...time.Weekday) []time.Weekday { return d }
	excluded := series(clock.On(2026, 3, 2), 9, berlin, portal.Rule{Freq: "DAILY"})
	excluded.ExDates = []clock.Date{clock.On(2026, 3, 3), clock.On(2026, 3, 5)}
	excludedCount := series(clock.On(2026, 3, 2), 9, berlin, portal.Rule{Freq: "DAILY", Count: 4})
	excludedCount.ExDates = []clock.Date{clock.On(2026, 3, 3)}
	tests := []struct {
		name     string
		event    portal.Event
		from, to string
		want     []string
	}{
		{
			"daily", series(clock.On(2026, 3, 2), 9, berlin, portal.Rule{Freq: "DAILY", Until: clock.On(2026, 3, 4)}), "2026-03-01", "2026-03-31",
			[]string{"02.03.2026 09:00:00", "03.03.2026 09:00:00", "04.03.2026 09:00:00"},
		},
		{
			"every third day with a count", series(clock.On(2026, 3, 2), 9, berlin, portal.Rule{Freq: "DAILY", Interval: 3, Count: 3}), "2026-03-01", "2026-03-31",
			[]string{"02.03.2026 09:00:00", "05.03.2026 09:00:00", "08.03.2026 09:00:00"},
		},
		{
			"the clock stays over the change", series(clock.On(2026, 3, 23), 10, berlin, portal.Rule{Freq: "WEEKLY", Count: 3}), "2026-03-01", "2026-04-30",
			[]string{"06.04.2026 10:00:00", "23.03.2026 10:00:00", "30.03.2026 10:00:00"},
		},
		{
			"weekly without days is Monday", series(clock.On(2026, 3, 4), 9, berlin, portal.Rule{Freq: "WEEKLY", Count: 2}), "2026-03-01", "2026-03-31",
			[]string{"09.03.2026 09:00:00", "16.03.2026 09:00:00"},
		},
		{
			"every other week on two days", series(clock.On(2026, 6, 4), 9, berlin, portal.Rule{Freq: "WEEKLY", Interval: 2, ByDay: days(time.Monday, time.Thursday)}), "2026-06-20", "2026-07-03",
			[]string{"02.07.2026 09:00:00", "29.06.2026 09:00:00"},
		},
		{
			"monthly on the 31st moves to the 1st", series(clock.On(2026, 1, 31), 9, berlin, portal.Rule{Freq: "MONTHLY", Count: 4}), "2026-01-01", "2026-06-30",
			[]string{"01.03.2026 09:00:00", "01.05.2026 09:00:00", "31.01.2026 09:00:00", "31.03.2026 09:00:00"},
		},
		{
			"every 5 months over years", series(clock.On(2025, 10, 15), 9, berlin, portal.Rule{Freq: "MONTHLY", Interval: 5, Count: 4}), "2025-01-01", "2027-06-30",
			[]string{"15.01.2027 09:00:00", "15.03.2026 09:00:00", "15.08.2026 09:00:00", "15.10.2025 09:00:00"},
		},
		{
			"yearly on 29 February", series(clock.On(2024, 2, 29), 9, berlin, portal.Rule{Freq: "YEARLY", Count: 3}), "2024-01-01", "2026-12-31",
			[]string{"01.03.2025 09:00:00", "01.03.2026 09:00:00", "29.02.2024 09:00:00"},
		},
		{
			"excluded days", excluded, "2026-03-02", "2026-03-05",
			[]string{"02.03.2026 09:00:00", "04.03.2026 09:00:00"},
		},
		{
			"excluded days count", excludedCount, "2026-03-01", "2026-03-31",
			[]string{"02.03.2026 09:00:00", "04.03.2026 09:00:00", "05.03.2026 09:00:00"},
		},
		{
			"all day until a day", allDaySeries(clock.On(2026, 3, 2), 1, portal.Rule{Freq: "DAILY", Until: clock.On(2026, 3, 4)}), "2026-03-01", "2026-03-31",
			[]string{"02.03.2026", "03.03.2026", "04.03.2026"},
		},
		{
			"a weekly block of days asked for on its last", allDaySeries(clock.On(2026, 3, 2), 5, portal.Rule{Freq: "WEEKLY"}), "2026-03-13", "2026-03-13",
			[]string{"09.03.2026"},
		},
		{
			"unreadable dates give all of it", series(clock.On(1999, 3, 2), 9, berlin, portal.Rule{Freq: "YEARLY", Until: clock.On(2001, 12, 31)}), "1773133200", "never",
			[]string{"02.03.1999 09:00:00", "02.03.2000 09:00:00", "02.03.2001 09:00:00"},
		},
	}
	for _, tc := range tests {
		for _, server := range []string{"UTC", "Europe/Moscow", "America/New_York"} {
			t.Run(tc.name+" on a server in "+server, func(t *testing.T) {
				t.Parallel()
				p := example(t)
				p.ServerZone = loc(t, server)
				p.AddEvent(tc.event)
				if diff := cmp.Diff(tc.want, starts(busyRaw(t, p, asker, olga, tc.from, tc.to))); diff != "" {
					t.Error(diff)
				}
			})
		}
	}
}

func TestInstanceInTheServersSpringGap(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.ServerZone = loc(t, "America/New_York")
	e := series(clock.On(2026, 3, 7), 2, "Europe/Berlin", portal.Rule{Freq: "DAILY", Count: 3})
	p.AddEvent(e)
	want := []string{"07.03.2026 02:00:00", "08.03.2026 03:00:00", "09.03.2026 02:00:00"}
	if diff := cmp.Diff(want, starts(busyRaw(t, p, asker, olga, "2026-03-01", "2026-03-31"))); diff != "" {
		t.Error(diff)
	}
}

// What Bitrix24's estimate of the first instance gets wrong, on a server in UTC.
func TestMistakesInFindingTheFirstInstance(t *testing.T) {
	t.Parallel()
	monThu := []time.Weekday{time.Monday, time.Thursday}
	monthly := series(clock.On(2021, 6, 10), 9, "UTC", portal.Rule{Freq: "MONTHLY"})
	biweekly := series(clock.On(2026, 6, 4), 9, "UTC", portal.Rule{Freq: "WEEKLY", Interval: 2, ByDay: monThu})
	block := allDaySeries(clock.On(2026, 3, 2), 5, portal.Rule{Freq: "WEEKLY"})
	until := allDaySeries(clock.On(2026, 3, 2), 1, portal.Rule{Freq: "DAILY", Until: clock.On(2026, 3, 4)})
	shortWeek := series(clock.On(2026, 6, 2), 9, "UTC", portal.Rule{Freq: "WEEKLY", Count: 2, ByDay: []time.Weekday{time.Monday, time.Tuesday}})
	tests := []struct {
		name           string
		event          portal.Event
		from, to       string
		wrong, correct []string
	}{
		{
			"an old monthly series loses its first", monthly, "2026-06-05", "2026-07-20",
			[]string{"10.07.2026 09:00:00"},
			[]string{"10.06.2026 09:00:00", "10.07.2026 09:00:00"},
		},
		{
			"and has it when asked earlier, then without another", monthly, "2026-05-01", "2026-06-20",
			[]string{"10.06.2026 09:00:00"},
			[]string{"10.05.2026 09:00:00", "10.06.2026 09:00:00"},
		},
		{
			"every other week, right when asked from before", biweekly, "2026-06-01", "2026-07-04",
			[]string{"02.07.2026 09:00:00", "04.06.2026 09:00:00", "15.06.2026 09:00:00", "18.06.2026 09:00:00", "29.06.2026 09:00:00"},
			[]string{"02.07.2026 09:00:00", "04.06.2026 09:00:00", "15.06.2026 09:00:00", "18.06.2026 09:00:00", "29.06.2026 09:00:00"},
		},
		{
			"every other week, flipped when asked later", biweekly, "2026-06-20", "2026-07-10",
			[]string{"06.07.2026 09:00:00", "09.07.2026 09:00:00", "22.06.2026 09:00:00", "25.06.2026 09:00:00"},
			[]string{"02.07.2026 09:00:00", "29.06.2026 09:00:00"},
		},
		{
			"a week's block asked for on its Friday", block, "2026-03-13", "2026-03-13",
			[]string{},
			[]string{"09.03.2026"},
		},
		{
			"one more all-day instance than UNTIL allows", until, "2026-03-01", "2026-03-31",
			[]string{"02.03.2026", "03.03.2026", "04.03.2026", "05.03.2026"},
			[]string{"02.03.2026", "03.03.2026", "04.03.2026"},
		},
		{
			"the rough end of a weekly count cuts the last off", shortWeek, "2026-06-01", "2026-06-30",
			[]string{"02.06.2026 09:00:00"},
			[]string{"02.06.2026 09:00:00", "08.06.2026 09:00:00"},
		},
		{
			"a day before the series in far eastern zones",
			series(clock.On(2026, 3, 10), 9, "Pacific/Auckland", portal.Rule{Freq: "DAILY", Until: clock.On(2026, 3, 11)}), "2026-03-01", "2026-03-31",
			[]string{"09.03.2026 09:00:00", "10.03.2026 09:00:00", "11.03.2026 09:00:00"},
			[]string{"10.03.2026 09:00:00", "11.03.2026 09:00:00"},
		},
		{
			"a count is kept when asked for later", series(clock.On(2026, 3, 2), 9, "UTC", portal.Rule{Freq: "DAILY", Count: 10}), "2026-03-09", "2026-03-31",
			[]string{"09.03.2026 09:00:00", "10.03.2026 09:00:00", "11.03.2026 09:00:00"},
			[]string{"08.03.2026 09:00:00", "09.03.2026 09:00:00", "10.03.2026 09:00:00", "11.03.2026 09:00:00"},
		},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			for bugs, want := range map[bool][]string{true: tc.wrong, false: tc.correct} {
				p := example(t)
				p.ServerZone, p.EstimateBugs = time.UTC, bugs
				p.AddEvent(tc.event)
				if diff := cmp.Diff(want, starts(busyRaw(t, p, asker, olga, tc.from, tc.to))); diff != "" {
					t.Errorf("with mistakes %t: %s", bugs, diff)
				}
			}
		})
	}
}

func TestSpringDayOfTheServerEndsTooEarly(t *testing.T) {
	t.Parallel()
	for bugs, want := range map[bool]string{true: "28.03.2026", false: "29.03.2026"} {
		p := example(t)
		p.ServerZone, p.EstimateBugs = loc(t, "Europe/Berlin"), bugs
		p.AddEvent(allDaySeries(clock.On(2026, 3, 22), 1, portal.Rule{Freq: "WEEKLY", ByDay: []time.Weekday{time.Sunday}}))
		got := busyRaw(t, p, asker, olga, "2026-03-30", "2026-03-30")
		if len(got) != 1 || got[0].DateFrom != "29.03.2026" || got[0].DateTo != want {
			t.Errorf("with mistakes %t: got %v, want an end on %s", bugs, got, want)
		}
	}
}

func TestEdgesOfTheWindow(t *testing.T) {
	t.Parallel()
	at := func(zone string, from, to clock.Wall) portal.Event {
		return portal.Event{Owner: olga, Name: "E", From: from, To: to, ZoneFrom: zone, ZoneTo: zone}
	}
	utc := func(from, to clock.Wall) portal.Event { return at("UTC", from, to) }
	daily := series(clock.On(2026, 3, 1), 0, "UTC", portal.Rule{Freq: "DAILY", Until: clock.On(2026, 3, 31)})
	tests := []struct {
		name  string
		event portal.Event
		want  int
	}{
		{"ends a second before the first day in UTC", utc(clock.On(2026, 3, 9).At(22, 0), clock.Wall{Date: clock.On(2026, 3, 9), Hour: 23, Minute: 59, Second: 20}), 0},
		{"ends as the first day begins", utc(clock.On(2026, 3, 9).At(22, 0), clock.On(2026, 3, 10).At(0, 0)), 1},
		{"begins in the last minute of the last day", utc(clock.On(2026, 3, 11).At(23, 59), clock.On(2026, 3, 12).At(2, 0)), 1},
		{"begins as the last day is over", utc(clock.On(2026, 3, 12).At(0, 0), clock.On(2026, 3, 12).At(2, 0)), 0},
		{"Tokyo's morning is UTC's day before", at("Asia/Tokyo", clock.On(2026, 3, 12).At(8, 0), clock.On(2026, 3, 12).At(8, 30)), 1},
		{"New York's evening is UTC's day after", at("America/New_York", clock.On(2026, 3, 11).At(21, 0), clock.On(2026, 3, 11).At(22, 0)), 0},
		{"all day before", portal.Event{Owner: olga, AllDay: true, From: clock.On(2026, 3, 9).At(0, 0), To: clock.On(2026, 3, 9).At(0, 0)}, 0},
		{"all day, the last day touches", portal.Event{Owner: olga, AllDay: true, From: clock.On(2026, 3, 2).At(0, 0), To: clock.On(2026, 3, 10).At(0, 0)}, 1},
		{"all day after", portal.Event{Owner: olga, AllDay: true, From: clock.On(2026, 3, 12).At(0, 0), To: clock.On(2026, 3, 12).At(0, 0)}, 0},
		{"instances up to a day too early, and one as the window ends", daily, 4},
	}
	for _, tc := range tests {
		for _, server := range []string{"UTC", "Europe/Moscow", "America/New_York"} {
			t.Run(tc.name+" on a server in "+server, func(t *testing.T) {
				t.Parallel()
				p := example(t)
				p.ServerZone = loc(t, server)
				p.AddEvent(tc.event)
				if got := busyRaw(t, p, asker, olga, "2026-03-10", "2026-03-11"); len(got) != tc.want {
					t.Errorf("%d entries, want %d: %v", len(got), tc.want, got)
				}
			})
		}
	}
}

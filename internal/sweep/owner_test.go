package sweep

import (
	"testing"
	"time"

	"slotfinder/internal/civil"
)

// The cases in which it matters whose clock counts.

func allDayOwner(t *testing.T) {
	berlin := zone("Europe/Berlin")
	for _, c := range []struct {
		day   string
		hours int
	}{{"2026-03-29", 23}, {"2026-03-30", 24}, {"2026-10-25", 25}} {
		d := civil.DateIn(time.UTC, at(c.day+" 00:00"))
		start, _ := civil.Instant(berlin, d, 0)
		end, _ := civil.Instant(berlin, d.Add(1), 0)
		expect(t, "hours of "+c.day, civil.Minute(c.hours*60), end-start)
		in := Input{Rules: rules(c.day), People: []Person{person(1, Block{Span: civil.Span{Start: start, End: end}, Kind: AllDay})}}
		in.Rules.From, in.Rules.To = d.Add(-1), d.Add(1)
		blocked := civil.Union(in.People[0].Blocks[0].Span)
		three := civil.Union(civil.Span{Start: d.Add(-1).Wall(0), End: d.Add(2).Wall(0)})
		expect(t, "windows around "+c.day, []civil.Span(three.Subtract(blocked)), Find(in).Windows)
		in.Rules.AllDayFree = true
		expect(t, "windows without all-day events", []civil.Span(three), Find(in).Windows)
		in.People[0].Blocks[0].Kind |= Absent
		expect(t, "an absence stays", []civil.Span(three.Subtract(blocked)), Find(in).Windows)
	}
}

// absenceAcrossZones has three days off that are looked at from many zones. They block
// their owner's three dates, wherever the viewer's midnights lie.
func absenceAcrossZones(t *testing.T) {
	owner := zone("Europe/Berlin")
	first, _ := civil.Instant(owner, civil.Date{Year: 2026, Month: 3, Day: 28}, 0) // the clocks change on the 29th
	last, _ := civil.Instant(owner, civil.Date{Year: 2026, Month: 3, Day: 31}, 0)
	p := Person{ID: 1, Required: true, Zone: owner, Blocks: []Block{{Span: civil.Span{Start: first, End: last}, Kind: Absent | AllDay}}}
	for _, name := range append([]string{"Pacific/Pago_Pago", "Pacific/Kiritimati"}, oddZones...) {
		in := Input{Rules: rules("2026-03-25"), People: []Person{p}}
		in.Rules.Zone, in.Rules.To, in.Rules.AllDayFree = zone(name), civil.Date{Year: 2026, Month: 4, Day: 3}, true
		windows := Find(in).Windows
		expect(t, name+": windows", 2, len(windows))
		expect(t, name+": the absence", civil.Span{Start: at("2026-03-27 23:00"), End: at("2026-03-30 22:00")},
			civil.Span{Start: windows[0].End, End: windows[1].Start})
	}
}

// profileZone has a person whose profile says Kathmandu, and a viewer in New York. The
// hours are those of Kathmandu's clocks.
func profileZone(t *testing.T) {
	p := Person{ID: 1, Required: true, Zone: zone("Asia/Kathmandu"), Hours: everyDay(civil.Range{Start: 9 * 60, End: 18 * 60})}
	in := Input{Rules: rules("2026-05-05"), People: []Person{p}}
	in.Rules.Zone = zone("America/New_York")
	in.Rules.Duration = 45
	expect(t, "windows", []civil.Span{from("2026-05-05 04:00 12:15"), from("2026-05-06 03:15 04:00")}, Find(in).Windows)
}

func oddOffsets(t *testing.T) {
	for _, c := range []struct{ zone, day, want string }{
		{"Asia/Kolkata", "2026-05-05", "03:30 12:30"},
		{"Asia/Kathmandu", "2026-05-05", "03:15 12:15"},
		{"Pacific/Chatham", "2026-01-06", "19:15 04:15"},     // +13:45
		{"Pacific/Chatham", "2026-05-05", "20:15 05:15"},     // +12:45
		{"Australia/Lord_Howe", "2026-01-06", "22:00 07:00"}, // +11
		{"Australia/Lord_Howe", "2026-05-05", "22:30 07:30"}, // +10:30
	} {
		z, d := zone(c.zone), civil.DateIn(time.UTC, at(c.day+" 00:00"))
		p := Person{ID: 1, Required: true, Zone: z, Hours: everyDay(civil.Range{Start: 9 * 60, End: 18 * 60})}
		in := Input{Rules: rules(c.day), People: []Person{p}}
		in.Rules.Zone = z
		want := from(c.day + " " + c.want)
		if want.Start+12*60 > d.Wall(12*60)+12*60 { // the morning there is the evening before in UTC
			want = civil.Span{Start: want.Start - civil.Day, End: want.End - civil.Day}
		}
		a := Find(in)
		expect(t, c.zone+" "+c.day, []civil.Span{want}, a.Windows)
		if len(a.Slots) != 33 {
			t.Errorf("%s: %d starts between nine and five every quarter", c.zone, len(a.Slots))
		}
	}
	in := Input{Rules: rules("2026-04-05"), People: []Person{person(1)}}
	in.Rules.Zone, in.Rules.Step, in.Rules.Duration = zone("Australia/Lord_Howe"), 60, 30
	in.Rules.Hours = civil.Range{Start: 0, End: 240}
	// 02:00+11 goes back to 01:30+10:30: 01:30 to 02:00 is shown twice, no whole hour is.
	expect(t, "Lord Howe's half hour", []string{"13:00", "14:00", "15:30", "16:30"}, starts(in))
}

func templateWeek(t *testing.T) {
	// Monday 08:00 to 10:00 in Auckland is Sunday in Honolulu, before and after
	// the clocks of Auckland go back on 5 April 2026.
	auckland := zone("Pacific/Auckland")
	p := Person{ID: 1, Required: true, Zone: auckland, Hours: &Hours{}}
	p.Hours.Week[time.Monday] = []civil.Range{{Start: 8 * 60, End: 10 * 60}}
	in := Input{Rules: rules("2026-03-30"), People: []Person{p}}
	in.Rules.Zone, in.Rules.From, in.Rules.To = zone("Pacific/Honolulu"), civil.Date{Year: 2026, Month: 3, Day: 29}, civil.Date{Year: 2026, Month: 4, Day: 5}
	windows := Find(in).Windows
	expect(t, "windows", []civil.Span{from("2026-03-29 19:00 21:00"), from("2026-04-05 20:00 22:00")}, windows)
	for _, w := range windows {
		if d, clock := reading(auckland, w.Start); d.Weekday() != time.Monday || clock != 480 {
			t.Errorf("%v: %v at minute %d in Auckland", w.Start.Time(), d, clock)
		}
	}
}

package sweep

import (
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
	tz "slotfinder/internal/civil/zone"
)

// TestCases holds faults that other schedulers had, each under a name.
func TestCases(t *testing.T) {
	t.Parallel()
	for name, test := range map[string]func(*testing.T){
		"DST-hours":            hoursOverSwitches,
		"mandatory-busy":       mandatoryBusy,
		"list-equals-check":    listEqualsCheck,
		"all-day-owner":        allDayOwner,
		"odd-offsets":          oddOffsets,
		"length-gap-buffer":    lengthGapBuffer,
		"across-midnight":      acrossMidnight,
		"partial-failure":      partialFailure,
		"zone-invariant":       zoneInvariant,
		"gap-found":            gapFound,
		"inside-hours":         insideHours,
		"template-week":        templateWeek,
		"date-stays":           dateStays,
		"weekday-hours":        weekdayHours,
		"spread":               spreadTop,
		"series-week-7":        seriesWeek7,
		"no-reason":            noReason,
		"absence-across-zones": absenceAcrossZones,
		"recurring-moved":      recurringMoved,
		"profile-zone":         profileZone,
	} {
		t.Run(name, func(t *testing.T) { t.Parallel(); test(t) })
	}
}

// at reads an instant of the form 2006-01-02 15:04 in UTC.
func at(s string) civil.Minute {
	when, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		panic(err)
	}
	return civil.Floor(when)
}

// from reads two instants on one day, "2006-01-02 15:04 16:04"; an end that is
// not later than the start is on the next day.
func from(s string) civil.Span {
	w := civil.Span{Start: at(s[:16]), End: at(s[:11] + s[17:])}
	if w.End <= w.Start {
		w.End += civil.Day
	}
	return w
}

func busy(spans ...string) []Block {
	var blocks []Block
	for _, s := range spans {
		blocks = append(blocks, Block{Span: from(s)})
	}
	return blocks
}

// rules ask for an hour on one day of UTC, starting every 15 minutes, at any time.
func rules(day string) Rules {
	d := civil.DateIn(time.UTC, at(day+" 00:00"))
	return Rules{
		Zone: time.UTC, From: d, To: d, Duration: 60, Step: 15, Hours: civil.Range{Start: 0, End: 1440},
		Days: [7]bool{true, true, true, true, true, true, true}, Work: true,
	}
}

func person(id int64, blocks ...Block) Person {
	return Person{ID: id, Required: true, Zone: time.UTC, Blocks: blocks}
}

// everyDay returns the same hours for all seven days.
func everyDay(ranges ...civil.Range) *Hours {
	h := &Hours{}
	for d := range h.Week {
		h.Week[d] = ranges
	}
	return h
}

// starts lists the starts of the slots as clock readings in UTC.
func starts(in Input) []string {
	list := []string{}
	for _, s := range Find(in).Slots {
		list = append(list, s.Start.Time().Format("15:04"))
	}
	return list
}

func expect[T any](t *testing.T, what string, want, got T) {
	t.Helper()
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("%s (-want +got):\n%s", what, diff)
	}
}

func hoursOverSwitches(t *testing.T) {
	newYork := Person{ID: 1, Required: true, Zone: zone("America/New_York"), Hours: everyDay(civil.Range{Start: 13 * 60, End: 18 * 60})}
	expect(t, "New York on 2026-03-08", []civil.Span{from("2026-03-08 17:00 22:00")},
		Find(Input{People: []Person{newYork}, Rules: rules("2026-03-08")}).Windows)

	for name, switches := range switchesOf2026(t) {
		z := zone(name)
		for _, change := range switches {
			axis := civil.Span{Start: change - 2*civil.Day, End: change + 2*civil.Day}
			clock, shown := civil.NewClock(z, axis), make([]int, axis.Len())
			for m := range shown {
				_, shown[m] = reading(z, axis.Start+civil.Minute(m))
			}
			for start := 0; start < 1440; start += 15 {
				r := civil.Range{Start: start, End: min(start+285, 1440)}
				works := make([]bool, axis.Len())
				for _, w := range atWork(everyDay(r), clock, axis) {
					for m := w.Start; m < w.End; m++ {
						works[m-axis.Start] = true
					}
				}
				for m, reads := range shown {
					if want := r.Start <= reads && reads < r.End; want != works[m] {
						t.Fatalf("%s, hours %v: at work %d minutes in is %v", name, r, m, works[m])
					}
				}
			}
		}
	}
}

// switchesOf2026 returns the changes of clocks in 2026, of one zone for each group of zones
// that change alike.
func switchesOf2026(t *testing.T) map[string][]civil.Minute {
	names, err := os.ReadFile("testdata/zones.txt")
	if err != nil {
		t.Fatal(err)
	}
	all := map[string][]civil.Minute{}
	seen := map[string]bool{}
	for name := range strings.FieldsSeq(string(names)) {
		z, err := tz.Load(name)
		if err != nil {
			continue // a name that this machine's tzdata no longer has
		}
		var switches []civil.Minute
		key := ""
		for at := time.Date(2026, 1, 1, 0, 0, 0, 0, z); ; {
			_, end := at.ZoneBounds()
			key += at.Format(" -0700 ") + end.UTC().Format(time.RFC3339)
			if end.IsZero() || end.Year() > 2026 {
				break
			}
			switches = append(switches, civil.Floor(end))
			at = end
		}
		if len(switches) > 0 && !seen[key] {
			seen[key] = true
			all[name] = switches
		}
	}
	if len(all) < 10 {
		t.Fatalf("only %d kinds of zones change their clocks", len(all))
	}
	return all
}

func mandatoryBusy(t *testing.T) {
	in := Input{Rules: rules("2026-05-05"), People: []Person{person(1, busy("2026-05-05 00:00 00:00")...), person(2), person(3)}}
	in.Rules.Quorum = 2
	a := Find(in)
	expect(t, "slots", 0, len(a.Slots))
	expect(t, "windows", 0, len(a.Windows))
}

func listEqualsCheck(t *testing.T) {
	in := Input{Rules: rules("2026-05-05"), People: []Person{person(1, busy("2026-05-04 23:00 23:55")...)}}
	in.Rules.Buffer = 30
	s := Prepare(in)
	if s.Check(at("2026-05-05 00:15")) {
		t.Error("a block of the day before reaches in by its buffer, but the check passes")
	}
	expect(t, "first listed", at("2026-05-05 00:30"), s.Answer().Slots[0].Start)
	slots := s.Answer().Slots
	for m := at("2026-05-04 00:00"); m < at("2026-05-07 00:00"); m++ {
		listed := slices.ContainsFunc(slots, func(slot Slot) bool { return slot.Start == m })
		if listed != s.Check(m) {
			t.Errorf("%v is listed: %v, passes the check: %v", m.Time(), listed, !listed)
		}
	}
}

func lengthGapBuffer(t *testing.T) {
	gap := busy("2026-05-05 00:00 10:00", "2026-05-05 11:00 00:00")
	for _, c := range []struct {
		name                   string
		duration, step, buffer int
		want                   []string
	}{
		{"55 minutes into 60, steps of 5", 55, 5, 0, []string{"10:00", "10:05"}},
		{"steps of 25 miss 10:00 but not 10:00+25×…", 30, 25, 0, []string{"10:00", "10:25"}},
		{"steps of 60", 60, 60, 0, []string{"10:00"}},
		{"touching ends are free", 60, 15, 0, []string{"10:00"}},
		{"buffer of 5 leaves 50", 50, 5, 5, []string{"10:05"}},
		{"buffer of 5 does not leave 55", 55, 5, 5, []string{}},
		{"61 minutes do not fit", 61, 5, 0, []string{}},
	} {
		in := Input{Rules: rules("2026-05-05"), People: []Person{person(1, gap...)}}
		in.Rules.Duration, in.Rules.Step, in.Rules.Buffer = c.duration, c.step, c.buffer
		expect(t, c.name, c.want, starts(in))
	}
}

func acrossMidnight(t *testing.T) {
	p := person(1)
	p.Hours = everyDay(civil.Range{Start: 22*60 + 30, End: 25*60 + 30})
	in := Input{Rules: rules("2026-05-05"), People: []Person{p}}
	in.Rules.To = in.Rules.To.Add(1)
	expect(t, "windows", []civil.Span{
		from("2026-05-05 00:00 01:30"), from("2026-05-05 22:30 01:30"), from("2026-05-06 22:30 00:00"),
	}, Find(in).Windows)
	if !Prepare(in).Check(at("2026-05-05 23:30")) {
		t.Error("no slot from 23:30 to 00:30")
	}
	in.People[0].Hours.Holidays = []civil.YearDay{{Month: time.May, Day: 5}}
	expect(t, "a holiday removes the shift that starts on it", []civil.Span{
		from("2026-05-05 00:00 01:30"), from("2026-05-06 22:30 00:00"),
	}, Find(in).Windows)
	in.Rules.Work = false
	expect(t, "without working hours one window runs over midnight",
		[]civil.Span{{Start: at("2026-05-05 00:00"), End: at("2026-05-07 00:00")}}, Find(in).Windows)
	in.Rules.Hours = civil.Range{Start: 23 * 60, End: 1440}
	expect(t, "a day that ends at 24:00 ends there", []civil.Span{
		from("2026-05-05 23:00 00:00"), from("2026-05-06 23:00 00:00"),
	}, Find(in).Windows)
}

func partialFailure(t *testing.T) {
	in := Input{Rules: rules("2026-05-05"), People: []Person{person(1), person(2)}}
	in.People[1].Unknown = true
	if a := Find(in); len(a.Slots)+len(a.Windows) > 0 {
		t.Errorf("a required unknown person leaves %d slots", len(a.Slots))
	}
	in.People[1].Required = false
	s := Prepare(in)
	slots := s.Answer().Slots
	expect(t, "slots with an optional unknown person", 93, len(slots))
	expect(t, "attendance", Attendance{Free: []int64{1}, Unknown: []int64{2}}, s.Attendance(slots[0].Span))
	in.Rules.Quorum = 2
	expect(t, "unknown counts for no quorum", 0, len(Find(in).Slots))
}

func zoneInvariant(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		in.Rules.Hours, in.Rules.Days = civil.Range{Start: 0, End: 1440}, [7]bool{true, true, true, true, true, true, true}
		in.Rules.Step = 5
		in.Rules.To = in.Rules.From.Add(4)
		there := in
		there.Rules.Zone = drawZone(t)
		shared := civil.Span{Start: in.Rules.From.Add(1).Wall(0), End: in.Rules.To.Wall(0)}
		seen := func(in Input) (windows civil.Set, slots []civil.Span) {
			a := Find(in)
			for _, s := range spansOf(a.Slots) {
				if shared.Contains(s) {
					slots = append(slots, s)
				}
			}
			return civil.Set(a.Windows).Clip(shared).AtLeast(civil.Minute(in.Rules.Duration)), slots
		}
		windowsHere, slotsHere := seen(in)
		windowsThere, slotsThere := seen(there)
		if diff := cmp.Diff(windowsHere, windowsThere) + cmp.Diff(slotsHere, slotsThere); diff != "" {
			t.Fatalf("%v and %v:\n%s", in.Rules.Zone, there.Rules.Zone, diff)
		}
	})
}

func gapFound(t *testing.T) {
	in := Input{Rules: rules("2026-05-05"), People: []Person{person(1, busy("2026-05-05 09:00 10:00", "2026-05-05 11:00 12:00")...)}}
	in.Rules.Hours = civil.Range{Start: 9 * 60, End: 18 * 60}
	expect(t, "first start", "10:00", starts(in)[0])
}

func insideHours(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		in.Rules.Work = true
		for _, slot := range Find(in).Slots {
			for _, p := range in.People {
				if p.Required && p.Hours != nil && !(p.Hours.working(reading(p.Zone, slot.Start)) && p.Hours.working(reading(p.Zone, slot.End-1))) {
					t.Fatalf("%v is outside the hours of %d", slot.Start.Time(), p.ID)
				}
			}
		}
	})
}

func dateStays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		z, d := drawZone(t), rapid.SampledFrom(oddDays).Draw(t, "day").Add(rapid.IntRange(-2, 2).Draw(t, "more"))
		if d == (civil.Date{Year: 2011, Month: 12, Day: 30}) && z.String() == "Pacific/Apia" {
			return // there was no such day
		}
		noon, _ := civil.Instant(z, d, 720)
		if got := civil.DateIn(z, noon); got != d {
			t.Fatalf("noon of %v in %v is on %v", d, z, got)
		}
		days := rapid.IntRange(-800, 800).Draw(t, "days")
		if got := d.Add(days).Sub(d); got != days || d.Add(days).Add(-days) != d {
			t.Fatalf("%v and %d days: %d", d, days, got)
		}
	})
}

func weekdayHours(t *testing.T) {
	p := person(1)
	p.Hours = &Hours{}
	p.Hours.Week[time.Monday] = []civil.Range{{Start: 9 * 60, End: 11 * 60}, {Start: 14 * 60, End: 15 * 60}}
	p.Hours.Week[time.Tuesday] = []civil.Range{{Start: 12 * 60, End: 13 * 60}}
	in := Input{Rules: rules("2026-05-03"), People: []Person{p}} // a Sunday
	in.Rules.To = in.Rules.To.Add(3)
	expect(t, "windows", []civil.Span{
		from("2026-05-04 09:00 11:00"), from("2026-05-04 14:00 15:00"), from("2026-05-05 12:00 13:00"),
	}, Find(in).Windows)
}

// recurringMoved has a weekly event of which one instance was moved and one deleted. Only
// the blocks that are left block.
func recurringMoved(t *testing.T) {
	weekly := busy("2026-05-05 10:00 11:00", "2026-05-14 15:00 16:00", "2026-05-26 10:00 11:00")
	in := Input{Rules: rules("2026-05-05"), People: []Person{person(1, weekly...)}}
	in.Rules.To, in.Rules.Hours = civil.Date{Year: 2026, Month: 5, Day: 26}, civil.Range{Start: 9 * 60, End: 17 * 60}
	in.Rules.Days = [7]bool{time.Tuesday: true, time.Thursday: true}
	s := Prepare(in)
	for start, free := range map[string]bool{
		"2026-05-05 10:00": false, "2026-05-12 10:00": true, "2026-05-14 10:00": true, "2026-05-14 15:30": false,
		"2026-05-19 10:00": true, "2026-05-26 10:00": false,
	} {
		expect(t, start, free, s.Check(at(start)))
	}
	in.Rules.To, in.Rules.Weeks = civil.Date{Year: 2026, Month: 5, Day: 5}, 4
	series := Find(in).Series
	i := slices.IndexFunc(series, func(x Series) bool { return x.Start == at("2026-05-05 10:00") })
	expect(t, "weeks of four without conflict", 2, series[i].OK)
}

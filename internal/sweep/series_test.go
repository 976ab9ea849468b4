package sweep

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// seriesWeek7 is the case "series-week-7": a conflict only in week 7.
func seriesWeek7(t *testing.T) {
	berlin := zone("Europe/Berlin")
	in := Input{Rules: rules("2026-02-24"), People: []Person{
		{ID: 1, Required: true, Zone: berlin},
		{ID: 2, Required: true, Zone: berlin, Blocks: busy("2026-04-07 07:00 08:00")}, // 09:00 in summer time
		{ID: 3, Zone: berlin},
	}}
	in.Rules.Zone, in.Rules.Weeks, in.Rules.Hours = berlin, 12, civil.Range{Start: 9 * 60, End: 10 * 60}
	a := Find(in)
	expect(t, "series", []Series{{
		Span: from("2026-02-24 08:00 09:00"), Weeks: 12, OK: 11, Rank: 1,
		Misses: []Miss{{Date: civil.Date{Year: 2026, Month: 4, Day: 7}, Busy: []int64{2}, Reason: "busy"}},
	}}, a.Series)
	expect(t, "the weeks change no slots", []civil.Span{from("2026-02-24 08:00 09:00")}, spansOf(a.Slots))
}

// seriesQuestions draws a question over some weeks, with blocks that recur.
func seriesQuestions(t *rapid.T) Input {
	in := questions(t)
	in.Rules.Weeks = rapid.IntRange(2, 5).Draw(t, "weeks")
	in.Rules.Step = rapid.SampledFrom([]int{15, 30, 60}).Draw(t, "series step")
	if in.Rules.Hours == (civil.Range{Start: 0, End: 1440}) {
		in.Rules.Hours = civil.Range{Start: 60, End: 600} // hours in which clocks change
	}
	for i := range in.People {
		for _, b := range slices.Clone(in.People[i].Blocks) {
			week := civil.Minute(rapid.IntRange(0, 4).Draw(t, "returns"))
			b.Start, b.End = b.Start+week*7*civil.Day, b.End+week*7*civil.Day
			in.People[i].Blocks = append(in.People[i].Blocks, b)
		}
	}
	return in
}

// shows returns the first minute at which the zone's clock shows the reading.
func (o *oracle) shows(d civil.Date, clock int) (civil.Minute, bool) {
	noon := civil.Floor(time.Date(d.Year, d.Month, d.Day, 12, 0, 0, 0, time.UTC))
	for at := noon - 2*civil.Day; at < noon+2*civil.Day; at++ {
		if day, c := reading(o.in.Rules.Zone, at); day == d && c == clock {
			return at, true
		}
	}
	return 0, false
}

// week judges one meeting of a series: nil if it can take place.
func (o *oracle) week(start, at civil.Minute, shown bool) *Miss {
	d, _ := reading(o.in.Rules.Zone, start)
	if !shown {
		return &Miss{Date: d, Reason: "no_such_time"}
	}
	d, _ = reading(o.in.Rules.Zone, at)
	m := &Miss{Date: d}
	good := o.enough(func(p int) bool { return o.there(p, at) })
	for n := at; n < at+civil.Minute(o.in.Rules.Duration); n++ {
		good = good && o.may[n-o.from]
	}
	for p := range o.in.People {
		if o.in.People[p].Required && !o.there(p, at) {
			m.Busy = append(m.Busy, o.in.People[p].ID)
		}
	}
	if good {
		return nil
	}
	return m
}

func TestSeriesAgreeWithOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := seriesQuestions(t)
		first := ask(in).candidates()
		whole := in
		whole.Rules.To = in.Rules.To.Add(7 * (in.Rules.Weeks - 1))
		o := ask(whole)
		list := Find(in).Series
		if len(list) != min(len(first), mostSeries) {
			t.Fatalf("%d series of %d candidates", len(list), len(first))
		}
		for i, got := range list {
			d, clock := reading(in.Rules.Zone, got.Start)
			if !slices.Contains(first, got.Start) || got.Rank != i+1 || i > 0 && got.OK > list[i-1].OK {
				t.Fatalf("place %d: %+v", i, got)
			}
			var misses []Miss
			for week := range in.Rules.Weeks {
				at, shown := o.shows(d.Add(7*week), clock)
				if week == 0 {
					at, shown = got.Start, true
				}
				if m := o.week(got.Start, at, shown); m != nil {
					m.Date = d.Add(7 * week)
					misses = append(misses, *m)
				}
			}
			if i > 0 && got.OK == 0 && lacking(got) < lacking(list[i-1]) {
				t.Fatalf("place %d lacks fewer people than the one before: %+v", i, got)
			}
			if got.OK+len(got.Misses) != in.Rules.Weeks {
				t.Fatalf("%d good and %d bad of %d weeks", got.OK, len(got.Misses), in.Rules.Weeks)
			}
			reasons := cmp.FilterPath(func(p cmp.Path) bool { return p.String() == "Reason" }, cmp.Comparer(func(a, b string) bool {
				return (a == "no_such_time") == (b == "no_such_time") // TestExplain checks the others
			}))
			if diff := cmp.Diff(misses, got.Misses, reasons); diff != "" {
				t.Fatalf("misses of %v (-oracle +engine):\n%s", got.Start.Time(), diff)
			}
		}
		o.rotation(t, Find(in))
	})
}

// lacking counts the required people whom a series lacks in all weeks together.
func lacking(s Series) (n int) {
	for _, m := range s.Misses {
		n += len(m.Busy)
	}
	return n
}

// rotation checks a plan: a meeting each week on the same weekday, possible for
// all, fairer than the fixed series, and right about who is early or late.
func (o *oracle) rotation(t *rapid.T, a Answer) {
	if a.Rotation == nil {
		return
	}
	day, clock := reading(o.in.Rules.Zone, a.Series[0].Start)
	borne, plain := map[int64]int{}, map[int64]int{}
	for week, turn := range a.Rotation {
		d, _ := reading(o.in.Rules.Zone, turn.Start)
		if d != day.Add(7*week) || o.week(turn.Start, turn.Start, true) != nil {
			t.Fatalf("week %d: %v", week, turn.Start.Time())
		}
		fixed, shown := o.shows(d, clock)
		for _, p := range o.in.People {
			if !p.Required {
				continue
			}
			early, late := off(p, turn.Span)
			borne[p.ID] += max(early, late)
			if isEarly, isLate := slices.Contains(turn.Early, p.ID), slices.Contains(turn.Late, p.ID); isEarly != (early > 0 && early >= late) || isLate != (late > early) {
				t.Fatalf("week %d, person %d: early %v, late %v", week, p.ID, isEarly, isLate)
			}
			if early, late = off(p, civil.Span{Start: fixed, End: fixed + turn.Len()}); shown {
				plain[p.ID] += max(early, late)
			}
		}
	}
	worst := func(all map[int64]int) (most int) {
		for _, n := range all {
			most = max(most, n)
		}
		return most
	}
	if worst(borne) >= worst(plain) {
		t.Fatalf("the worst-off bears %d instead of %d", worst(borne), worst(plain))
	}
}

// off returns how many minutes a slot is before nine and after six for a person.
func off(p Person, slot civil.Span) (early, late int) {
	_, clock := reading(p.Zone, slot.Start)
	return max(0, 540-clock), max(0, clock+int(slot.Len())-1080)
}

func TestRotation(t *testing.T) {
	t.Parallel()
	in := Input{Rules: rules("2026-05-05"), People: []Person{
		{ID: 1, Required: true, Zone: zone("Europe/Berlin")},
		{ID: 2, Required: true, Zone: zone("America/Los_Angeles")},
		{ID: 3, Required: true, Zone: zone("Asia/Singapore")},
	}}
	in.Rules.Weeks = 3
	a := Find(in)
	if len(a.Rotation) != 3 {
		t.Fatalf("no plan for three zones: %v", a.Rotation)
	}
	early, late := map[int64]int{}, map[int64]int{}
	for _, turn := range a.Rotation {
		for _, id := range turn.Early {
			early[id]++
		}
		for _, id := range turn.Late {
			late[id]++
		}
	}
	for id := range int64(3) {
		if early[id+1]+late[id+1] == 3 && id == 0 {
			t.Errorf("Berlin bears it every week: %v", a.Rotation)
		}
	}
	in.People = in.People[:1]
	expect(t, "nobody needs a plan", 0, len(Find(in).Rotation))
}

// What is proposed instead of a week that fails can take place, on another day each, and
// where there is such a start one is proposed.
func TestInstead(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := seriesQuestions(t)
		week := rapid.IntRange(0, in.Rules.Weeks-1).Draw(t, "week")
		day := in.Rules.From.Add(7*week + rapid.IntRange(-3, 0).Draw(t, "first day"))
		span := civil.Span{Start: day.Midnight(in.Rules.Zone), End: day.Add(7).Midnight(in.Rules.Zone)}
		all := in
		all.Rules.To, all.Rules.Weeks = in.Rules.To.Add(7*(in.Rules.Weeks-1)), 1
		free := ask(all).slots()
		days := map[civil.Date]bool{}
		answered := false
		in.Stop = func() bool { return answered }
		s := Prepare(in)
		answered = true // and nobody waits any more
		found := s.Instead(span, 2)
		for _, slot := range found {
			day := civil.DateIn(in.Rules.Zone, slot.Start)
			if !span.Contains(slot.Span) || !slices.Contains(free, slot.Span) || days[day] {
				t.Fatalf("%v is proposed instead", slot.Start.Time())
			}
			days[day] = true
		}
		if len(found) == 0 && slices.ContainsFunc(free, span.Contains) {
			t.Fatal("nothing is proposed instead")
		}
	})
}

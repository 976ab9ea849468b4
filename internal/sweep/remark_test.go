package sweep

import (
	"testing"

	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// TestRemarks: proposals that are shown together say what distinguishes each.
func TestRemarks(t *testing.T) {
	t.Parallel()
	priya := colleague(4, "Asia/Kolkata", nineToSix)
	for _, c := range []struct {
		name   string
		people []Person
		ask    func(*Rules)
		shown  []string
		want   []Remark
	}{
		{
			"one is over lunch, one right before it",
			[]Person{tom, anna},
			nil,
			[]string{"Mon 10:00–11:00", "Tue 11:00–12:00", "Wed 12:00–13:00"},
			[]Remark{{Soonest, 0}, {BeforeLunch, 0}, {OverLunch, 0}},
		},
		{
			"all are over lunch",
			[]Person{tom, anna},
			nil,
			[]string{"Mon 12:00–13:00", "Tue 12:00–13:00"},
			[]Remark{{Soonest, 0}, {}},
		},
		{
			"lunch of one of two",
			[]Person{tom, colleague(2, "Europe/Helsinki", nineToSix)},
			nil,
			[]string{"Tue 11:00–12:00", "Wed 10:00–11:00", "Thu 14:00–15:00"},
			[]Remark{{OverLunch, 2}, {BeforeLunch, 2}, {}},
		},
		{
			"the evening of one in another zone",
			[]Person{tom, priya},
			func(r *Rules) { r.Duration = 120 },
			[]string{"Mon 10:00–12:00", "Tue 11:00–13:00"},
			[]Remark{{BeforeLunch, 1}, {OverLunch, 1}},
		},
		{
			"late for one in another zone",
			[]Person{tom, {ID: 4, Required: true, Zone: priya.Zone}},
			nil,
			[]string{"Mon 10:00–11:00", "Tue 14:00–15:00", "Wed 13:00–14:00"},
			[]Remark{{CoreHours, 0}, {LateFor, 4}, {LateFor, 4}},
		},
		{
			"the only time of somebody who need not come",
			[]Person{tom, notNeeded(only(anna, "Tue 10:00–11:00"))},
			nil,
			[]string{"Mon 10:00–11:00", "Tue 10:00–11:00"},
			[]Remark{{Soonest, 0}, {LastFree, 2}},
		},
		{
			"a tentative event",
			[]Person{maybe(tom, "Mon 10:00–11:00"), anna},
			tentative,
			[]string{"Mon 10:00–11:00", "Tue 10:00–11:00"},
			[]Remark{{OverTentative, 1}, {}},
		},
		{
			"the fifth hour",
			[]Person{meets(tom, "Tue 09:00–13:00"), anna},
			nil,
			[]string{"Mon 13:00–14:00", "Tue 13:00–14:00"},
			[]Remark{{Soonest, 0}, {NoBreak, 1}},
		},
		{
			"an hour to spare",
			[]Person{tom, meets(anna, "Mon 11:00–12:00")},
			nil,
			[]string{"Mon 10:00–11:00", "Tue 10:00–11:00"},
			[]Remark{{Soonest, 0}, {SpareAfter, 0}},
		},
		{
			"in ten minutes",
			[]Person{tom},
			tenToTen,
			[]string{"Mon 10:00–11:00", "Tue 10:00–11:00"},
			[]Remark{{ShortNotice, 0}, {}},
		},
		{
			"a Saturday on which the company works",
			[]Person{colleague(1, "Europe/Berlin", saturdayToo())},
			func(r *Rules) { r.To = r.To.Add(1) },
			[]string{"Fri 10:00–11:00", "Sat 10:00–11:00"},
			[]Remark{{Soonest, 0}, {WorkingDay, 0}},
		},
		{"one alone", []Person{tom}, nil, []string{"Mon 10:00–11:00"}, []Remark{{}}},
		{"no start", []Person{tom}, nil, []string{"Mon 10:01–11:01"}, []Remark{{}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			var shown []civil.Span
			for _, s := range c.shown {
				shown = append(shown, sceneSpan(s))
			}
			scene := scene{people: c.people, ask: c.ask}
			expect(t, "remarks", c.want, Prepare(scene.question()).Remarks(shown))
		})
	}
}

// saturdayToo are office hours with the first Saturday as an additional working day.
func saturdayToo() *Hours {
	h, saturday := *nineToSix, sceneDay("Sat")
	h.Workdays, h.Extra = []civil.YearDay{{Month: saturday.Month, Day: saturday.Day}}, h.Week[1]
	return &h
}

func TestBurdens(t *testing.T) {
	t.Parallel()
	early := colleague(1, "Europe/Berlin", weekdays(hours(8, 18)))
	scene := scene{people: []Person{meets(early, "Mon 08:00–12:00"), maybe(anna, "Mon 12:30–13:00"), meets(lukas, "Mon 14:00–15:00")}, ask: tentative}
	expect(t, "burdens", []Burden{
		{1, OverLunch, 60}, {1, NoBreak, 300}, {2, OverLunch, 60}, {2, OverTentative, 0}, {3, BreaksFocus, 60}, {3, OverLunch, 60},
	}, Prepare(scene.question()).Burdens(sceneSpan("Mon 12:00–13:00")))
}

// What is said of all proposals would distinguish none; burdens are of those who come.
func TestRemarksDistinguish(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		o, s := ask(in), Prepare(in)
		var shown []civil.Span
		for _, slot := range s.first(rapid.IntRange(0, 6).Draw(t, "shown"), s.candidates(s.offered)) {
			shown = append(shown, slot.Span)
		}
		times := map[Remark]int{}
		for i, remark := range s.Remarks(shown) {
			if times[remark]++; remark.Reason != "" && times[remark] == len(shown) {
				t.Fatalf("%v is said of all %d", remark, len(shown))
			}
			for p := range in.People {
				if in.People[p].ID == remark.For && !o.there(p, shown[i].Start) {
					t.Fatalf("%v does not come", remark)
				}
			}
			for _, b := range s.Burdens(shown[i]) {
				if !o.there(int(b.Person)-1, shown[i].Start) || b.Minutes < 0 {
					t.Fatalf("%v does not come", b)
				}
			}
		}
	})
}

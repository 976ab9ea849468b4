package sweep

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

func TestAttendance(t *testing.T) {
	t.Parallel()
	noon := from("2026-05-05 12:00 13:00")
	block := func(kind Kind) Block { return Block{Span: noon, Kind: kind} }
	in := Input{Rules: rules("2026-05-05"), People: []Person{
		person(1),
		person(2, block(0), block(Tentative)),
		person(3, block(Tentative)),
		person(4, block(AllDay)),
		person(5, block(Absent)),
		{ID: 6, Zone: time.UTC, Hours: everyDay(civil.Range{Start: 9 * 60, End: 12*60 + 30})},
		{ID: 7, Zone: time.UTC, Unknown: true},
	}}
	strict := Attendance{
		Free: []int64{1}, Busy: []int64{2, 4, 5}, Tentative: []int64{2, 3}, Outside: []int64{6}, Unknown: []int64{7},
	}
	expect(t, "strict", strict, Prepare(in).Attendance(noon))
	in.Rules.TentativeFree, in.Rules.AllDayFree = true, true
	expect(t, "let through", Attendance{
		Free: []int64{1, 3, 4}, Busy: []int64{2, 5}, Tentative: []int64{2, 3}, Outside: []int64{6}, Unknown: []int64{7},
	}, Prepare(in).Attendance(noon))
	in.Rules.Buffer = 10
	after := from("2026-05-05 13:05 14:05")
	expect(t, "buffer", []int64{2, 5}, Prepare(in).Attendance(after).Busy)
	next := from("2026-05-06 13:05 14:05")
	expect(t, "not looked at", []int64{1, 2, 3, 4, 5, 6, 7}, Prepare(in).Attendance(next).Unknown)
}

// A person whom a block that is not tentative keeps away is busy, whatever else is in the
// calendar. A person whom only tentative ones keep away is not.
func TestTentativeAndBusy(t *testing.T) {
	t.Parallel()
	noon, day := from("2026-05-05 12:00 13:00"), from("2026-05-05 00:00 00:00")
	const busy, unsure, free = "busy", "tentative", "free"
	for _, c := range []struct {
		name                      string
		blocks                    []Block
		strict, openTent, openAll string // if nothing is let through; TentativeFree; AllDayFree
		rule                      Reason // if nothing is let through
	}{
		{"tentative", []Block{{Span: noon, Kind: Tentative}}, unsure, free + unsure, unsure, ByTentative},
		{"tentative all-day", []Block{{Span: day, Kind: Tentative | AllDay}}, unsure, free + unsure, free + unsure, ByTentative},
		{"both tentative", []Block{{Span: noon, Kind: Tentative}, {Span: day, Kind: Tentative | AllDay}}, unsure, free + unsure, unsure, ByTentative},
		{"tentative and all-day", []Block{{Span: noon, Kind: Tentative}, {Span: day, Kind: AllDay}}, busy + unsure, busy + unsure, unsure, ByAllDay},
		{"tentative and event", []Block{{Span: noon, Kind: Tentative}, {Span: noon}}, busy + unsure, busy + unsure, busy + unsure, ByBusy},
		{"tentative absence", []Block{{Span: day, Kind: Tentative | Absent}}, busy + unsure, busy + unsure, busy + unsure, ByAbsent},
		{"all-day", []Block{{Span: day, Kind: AllDay}}, busy, busy, free, ByAllDay},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := Input{Rules: rules("2026-05-05"), People: []Person{person(1, c.blocks...)}}
			stands := func(tentative, allDay bool) (lists string) {
				in.Rules.TentativeFree, in.Rules.AllDayFree = tentative, allDay
				a := Prepare(in).Attendance(noon)
				for _, l := range []struct {
					name string
					ids  []int64
				}{{free, a.Free}, {busy, a.Busy}, {unsure, a.Tentative}} {
					if len(l.ids) > 0 {
						lists += l.name
					}
				}
				return lists
			}
			expect(t, "strict", c.strict, stands(false, false))
			expect(t, "tentative let through", c.openTent, stands(true, false))
			expect(t, "all-day let through", c.openAll, stands(false, true))
			in.Rules.TentativeFree, in.Rules.AllDayFree = false, false
			expect(t, "rule", []Verdict{{1, c.rule}}, Prepare(in).Explain(noon.Start).People)
		})
	}
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	p := person(1,
		Block{Span: from("2026-05-05 10:00 12:00")},
		Block{Span: from("2026-05-05 11:00 13:00"), Kind: Tentative},
		Block{Span: from("2026-05-05 11:30 11:30"), Row: 3},
		Block{Span: from("2026-05-05 13:00 14:00"), Kind: Tentative},
		Block{Span: from("2026-05-05 15:00 16:00"), Row: 7},
	)
	p.Blocks[2].End = p.Blocks[2].Start
	p.Hours = everyDay(civil.Range{Start: 10 * 60, End: 24 * 60})
	in := Input{Rules: rules("2026-05-05"), People: []Person{p}}
	in.Rules.Ignore = []int32{7}
	expect(t, "timeline", []Stretch{
		{from("2026-05-05 00:00 10:00"), Outside},
		{from("2026-05-05 10:00 11:00"), Booked | Event | Decided},
		{from("2026-05-05 11:00 12:00"), Booked | Event | Unsure | Decided},
		{from("2026-05-05 12:00 14:00"), Booked | Unsure},
	}, Prepare(in).Timeline(0))
}

func TestExplain(t *testing.T) {
	t.Parallel()
	noon := from("2026-05-05 12:00 13:00")
	block := func(kind Kind) Block { return Block{Span: noon, Kind: kind} }
	hours := everyDay(civil.Range{Start: 9 * 60, End: 17 * 60})
	in := Input{Rules: rules("2026-05-05"), People: []Person{
		person(1),
		person(2, block(Tentative), block(0)),
		person(3, block(Tentative), block(AllDay)),
		person(4, block(Tentative)),
		person(5, block(Absent), block(0)),
		{ID: 6, Zone: time.UTC, Hours: hours},
		{ID: 7, Zone: time.UTC, Hours: &Hours{Week: hours.Week, Holidays: []civil.YearDay{{Month: time.May, Day: 5}}}},
		{ID: 8, Zone: time.UTC, Unknown: true},
	}}
	in.Rules.Buffer = 15
	in.Rules.Hours = civil.Range{Start: 8 * 60, End: 22 * 60}
	in.Rules.Now = at("2026-05-05 07:00")
	in.Rules.Notice = 120
	s := Prepare(in)
	for _, c := range []struct {
		at   string
		want Explanation
	}{
		{"2026-05-05 12:30", Explanation{"", []Verdict{{2, ByBusy}, {3, ByAllDay}, {4, ByTentative}, {5, ByAbsent}, {7, ByHoliday}, {8, ByUnknown}}}},
		{"2026-05-05 13:10", Explanation{"", []Verdict{{2, ByBuffer}, {3, ByBuffer}, {4, ByBuffer}, {5, ByBuffer}, {7, ByHoliday}, {8, ByUnknown}}}},
		{"2026-05-05 18:00", Explanation{"", []Verdict{{6, ByOutside}, {7, ByHoliday}, {8, ByUnknown}}}},
		{"2026-05-05 08:30", Explanation{ByPast, []Verdict{{6, ByOutside}, {7, ByHoliday}, {8, ByUnknown}}}},
		{"2026-05-05 22:00", Explanation{ByHours, []Verdict{{6, ByOutside}, {7, ByHoliday}, {8, ByUnknown}}}},
	} {
		expect(t, c.at, c.want, s.Explain(at(c.at)))
	}
	expect(t, "another day", ByRange, s.Explain(at("2026-05-06 12:00")).Seeker)
	in.Rules.Days[time.Tuesday] = false
	expect(t, "another weekday", ByDay, Prepare(in).Explain(at("2026-05-05 12:00")).Seeker)
}

// Explain and Timeline say the same as the oracle, minute by minute.
func TestPeopleAgreeWithOracle(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		o, s := ask(in), Prepare(in)
		bare := in
		bare.Rules.Buffer = 0
		counted := ask(bare)
		for m, free := range s.available() {
			at := s.axis.Start + civil.Minute(m)
			if want := counted.free(at); len(want) != free {
				t.Fatalf("%d available at %v, not %d", len(want), at.Time(), free)
			}
		}
		for range 200 {
			m := civil.Minute(rapid.IntRange(int(s.axis.Start), int(s.axis.End-1)).Draw(t, "minute"))
			e := s.Explain(m)
			if o.may[m-o.from] != (e.Seeker == "") {
				t.Fatalf("seeker at %v: %q", m.Time(), e.Seeker)
			}
			free := o.free(m)
			for _, p := range in.People {
				missing := slices.ContainsFunc(e.People, func(v Verdict) bool { return v.Person == p.ID })
				if missing == slices.Contains(free, p.ID) {
					t.Fatalf("%d at %v: %v", p.ID, m.Time(), e.People)
				}
			}
		}
	})
}

// available counts, for each minute of the axis, the people whose timeline shows them as
// available. Blocks count without buffer.
func (s *Search) available() []int {
	free := make([]int, s.axis.Len())
	for m := range free {
		free[m] = len(s.in.People)
	}
	for i := range s.in.People {
		for _, st := range s.Timeline(i) {
			for m := st.Start; m < st.End && st.State&Missing != 0; m++ {
				free[m-s.axis.Start]--
			}
		}
	}
	return free
}

// free lists who is available in one minute.
func (o *oracle) free(m civil.Minute) []int64 {
	var free []int64
	for i, p := range o.in.People {
		if o.ok[i][m-o.from] {
			free = append(free, p.ID)
		}
	}
	return free
}

// Fewer people, shorter slots and weaker rules never cost a slot, whatever the calendars
// say; the same input gives the same answer.
func TestLaws(t *testing.T) {
	t.Parallel()
	subset := func(t *rapid.T, law string, few, many []civil.Span) {
		for _, s := range few {
			if !slices.Contains(many, s) {
				t.Fatalf("%s: %v is gone", law, s.Start.Time())
			}
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		slots := spansOf(Find(in).Slots)
		if len(in.People) > 0 && in.Rules.Quorum == 0 && len(in.Rules.Any) == 0 {
			fewer := in
			fewer.People = slices.Clone(in.People)
			i := rapid.IntRange(0, len(in.People)-1).Draw(t, "leaves")
			fewer.People = slices.Delete(fewer.People, i, i+1)
			subset(t, "removing a person", slots, spansOf(Find(fewer).Slots))
		}
		shorter := in
		shorter.Rules.Duration = rapid.IntRange(1, in.Rules.Duration).Draw(t, "shorter")
		var begin, beginShorter []civil.Span
		for _, s := range slots {
			begin = append(begin, civil.Span{Start: s.Start})
		}
		for _, s := range Find(shorter).Slots {
			beginShorter = append(beginShorter, civil.Span{Start: s.Start})
		}
		subset(t, "shortening", begin, beginShorter)
		looser := in
		looser.Rules.Buffer, looser.Rules.Work, looser.Rules.TentativeFree, looser.Rules.AllDayFree = 0, false, true, true
		looser.Rules.Quorum, looser.Rules.Any, looser.Rules.Hours = 0, nil, civil.Range{Start: 0, End: 1440}
		subset(t, "asking for less", slots, spansOf(Find(looser).Slots))
		if diff := cmp.Diff(Find(in), Find(in)); diff != "" {
			t.Fatalf("same input, other answer:\n%s", diff)
		}
	})
}

// A search that is reset or refined answers like a new one.
func TestResetAndRefine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		s := Prepare(in)
		for range rapid.IntRange(1, 3).Draw(t, "more questions") {
			next := questions(t)
			if rapid.Bool().Draw(t, "same frame") {
				next.Rules.Zone, next.Rules.From, next.Rules.To = in.Rules.Zone, in.Rules.From, in.Rules.To
				next.Rules.Step, next.Rules.Duration, next.Rules.Weeks = in.Rules.Step, in.Rules.Duration, in.Rules.Weeks
			}
			s.Answer()
			s.reset(next)
			if diff := cmp.Diff(Find(next), s.Answer()); diff != "" {
				t.Fatalf("-prepared +reset:\n%s", diff)
			}
			in = next
		}
		other := questions(t).Rules
		in.People = slices.Clone(in.People)
		for i := range in.People {
			in.People[i].Required = rapid.Bool().Draw(t, "required now")
		}
		in.Rules.Hours, in.Rules.Days, in.Rules.Now, in.Rules.Notice = other.Hours, other.Days, other.Now, other.Notice
		in.Rules.Quorum, in.Rules.Any = other.Quorum, other.Any
		s.refine(in)
		if diff := cmp.Diff(Find(in), s.Answer()); diff != "" {
			t.Fatalf("-prepared +refined:\n%s", diff)
		}
	})
}

// Each rank from 1 to n is given once, and a better rank never has more people missing.
func TestRanks(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Prepare(questions(t))
		slots := s.Answer().Slots
		seen := make([]bool, len(slots)+1)
		for _, slot := range slots {
			if slot.Rank < 1 || slot.Rank > len(slots) || seen[slot.Rank] {
				t.Fatalf("rank %d of %d", slot.Rank, len(slots))
			}
			seen[slot.Rank] = true
			if len(slot.Reasons) == 0 {
				t.Fatal("no reason given")
			}
		}
		ranked := slices.SortedFunc(slices.Values(slots), func(a, b Slot) int { return a.Rank - b.Rank })
		for i := 1; i < len(ranked); i++ {
			if len(s.Attendance(ranked[i-1].Span).Free) < len(s.Attendance(ranked[i].Span).Free) {
				t.Fatalf("rank %d has fewer people than rank %d", i, i+1)
			}
		}
	})
}

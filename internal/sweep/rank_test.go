package sweep

import (
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// taken reports whether the person lacks every minute of the cell at m.
func (o *oracle) taken(p int, m, cell civil.Minute) bool {
	for n := m - o.from; n < m-o.from+cell; n++ {
		if o.ok[p][n] {
			return false
		}
	}
	return true
}

// outward widens a slot to whole cells.
func outward(slot civil.Span, cell civil.Minute) civil.Span {
	for slot.Start%cell != 0 {
		slot.Start--
	}
	for slot.End%cell != 0 {
		slot.End++
	}
	return slot
}

// trouble weighs a slot by walking away from it, cell by cell.
func (o *oracle) trouble(s *Search, c candidate) candidate {
	slot := s.slot(c.start)
	want := candidate{position: c.position, worstOff: -1}
	for p := range o.in.People {
		if !o.there(p, slot.Start) {
			want.tier[2]++
			if o.in.People[p].Required {
				want.tier[0]++
			}
			continue
		}
		want.there++
		o.around(s, p, slot, &want)
		o.clockOf(p, slot, &want)
	}
	want.cost = o.price(want, slot)
	return want
}

// around adds what becomes of a person's time before and after the slot.
func (o *oracle) around(s *Search, p int, slot civil.Span, want *candidate) {
	rests, cell := [2]int{}, s.layout.Cell()
	around := outward(slot, cell)
	for m := around.Start; m > s.axis.Start && rests[0] < 120 && !o.taken(p, m-cell, cell); m -= cell {
		rests[0] += int(cell)
	}
	for m := around.End; m < s.axis.End && rests[1] < 120 && !o.taken(p, m, cell); m += cell {
		rests[1] += int(cell)
	}
	for _, rest := range rests {
		if rest > 0 && rest < 30 {
			want.slivers++
		}
		if rest < 120 && rests[0]+int(around.Len())+rests[1] >= 120 {
			want.lost += rest
		}
	}
	if rests[0] > 0 && rests[1] > 0 {
		return // a pause on either side
	}
	sits := around
	for m := around.Start; m > s.axis.Start && o.sitting(p, m-cell, cell); m -= cell {
		sits.Start -= cell
	}
	for m := around.End; m < s.axis.End && o.sitting(p, m, cell); m += cell {
		sits.End += cell
	}
	want.sitting = max(want.sitting, min(60, int(sits.Len())-240))
}

// sitting reports whether the person is in meetings for the whole cell at m.
func (o *oracle) sitting(p int, m, cell civil.Minute) bool {
	if o.in.Rules.Buffer > 0 || !o.taken(p, m, cell) {
		return false
	}
	person := &o.in.People[p]
	off, away := 0, 0
	for n := m; n < m+cell; n++ {
		if o.in.Rules.Work && person.Hours != nil && !person.Hours.working(reading(person.Zone, n)) {
			off++
		}
		if slices.ContainsFunc(person.Blocks, func(b Block) bool {
			ignored := b.Row != 0 && slices.Contains(o.in.Rules.Ignore, b.Row)
			return b.Kind&Absent != 0 && !ignored && b.Start <= n && n < b.End
		}) {
			away++
		}
	}
	return off < int(cell) && away < int(cell)
}

// clockOf adds what the slot asks of a person by their own clock, minute by minute.
func (o *oracle) clockOf(p int, slot civil.Span, want *candidate) {
	person := &o.in.People[p]
	day, from := reading(person.Zone, slot.Start)
	to := from + o.in.Rules.Duration
	lunch, evening := civil.Range{Start: 720, End: 780}, 17*60
	if person.Hours != nil {
		found := false
		for i, r := range person.Hours.rangesOf(day) {
			if next := person.Hours.rangesOf(day)[i+1:]; !found && len(next) > 0 && r.End >= 600 && r.End < next[0].Start && next[0].Start <= 960 {
				lunch, found = civil.Range{Start: r.End, End: next[0].Start}, true
			}
		}
		if len(person.Hours.rangesOf(tomorrow(day))) == 0 {
			evening = 16 * 60
		}
	}
	off, rim, eaten := max(0, 540-from, to-1080), 0, 0
	for clock := from; clock < to; clock++ {
		if clock >= lunch.Start && clock < lunch.End {
			eaten++
		}
	}
	for rim < 570-from-off || rim < to-evening-off {
		rim++
	}
	if off > want.worst {
		want.worst, want.worstOff, want.early = off, p, 540-from > to-1080
	}
	want.trouble, want.offCore, want.lunch = want.trouble+off, want.offCore+rim, want.lunch+eaten
	want.offCoreWorst, want.lunchWorst = max(want.offCoreWorst, rim), max(want.lunchWorst, eaten)
}

// price is what the slot costs by docs/engine.md.
func (o *oracle) price(c candidate, slot civil.Span) int {
	r := o.in.Rules
	day, clock := reading(r.Zone, slot.Start)
	price := 8*c.worst + 2*c.lunchWorst + 4*c.sitting + 200*c.tentative
	share := 4*c.trouble + 2*c.lunch + c.lost + 15*c.slivers
	wished := false
	if r.Prefer.Start != r.Prefer.End || r.Prefer.Start != 0 {
		late := r.Prefer.End
		if late-r.Duration >= r.Prefer.Start {
			late -= r.Duration
		}
		wished = clock >= r.Prefer.Start && clock <= late
		if clock < r.Prefer.Start {
			price += 3 * (r.Prefer.Start - clock)
		} else if clock > late {
			price += 3 * (clock - late)
		}
	}
	if !wished {
		price += 2 * c.offCoreWorst
		share += c.offCore
	}
	if clock%30 != 0 {
		price += 35
	}
	if notice := int(slot.Start - r.Now); notice < 60 {
		price += 4 * (60 - notice)
	}
	for d := r.From; d != day; d = tomorrow(d) {
		price += 40
	}
	return price + share/max(1, c.there)
}

func TestWeights(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		in.Rules.TentativeFree, in.Rules.Quorum, in.Rules.Any = false, 0, nil
		if rapid.Bool().Draw(t, "a wish") {
			in.Rules.Prefer.Start = drawMinute(t, "wished from", 0, 1400)
			in.Rules.Prefer.End = drawMinute(t, "wished to", in.Rules.Prefer.Start+15, 1440)
		}
		s := Prepare(in)
		o := ask(in)
		for _, c := range s.ordered(s.candidates(s.offered)) {
			want := o.trouble(s, *c)
			if diff := cmp.Diff(want, *c, cmp.AllowUnexported(candidate{}, position{})); diff != "" {
				t.Fatalf("%v (-oracle +engine):\n%s", s.slot(c.start).Start.Time(), diff)
			}
		}
	})
}

func TestBestIsTheTopOfAnswer(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := Prepare(questions(t))
		n := rapid.IntRange(0, 30).Draw(t, "n")
		all := slices.SortedFunc(slices.Values(s.Answer().Slots), func(a, b Slot) int { return a.Rank - b.Rank })
		if diff := cmp.Diff(all[:min(n, len(all))], s.top(n), cmp.Transformer("none", func(s []Slot) []Slot {
			return append([]Slot{}, s...)
		})); diff != "" {
			t.Fatalf("-answer +best:\n%s", diff)
		}
	})
}

// best returns the slots best first.
func best(in Input) []Slot {
	return slices.SortedFunc(slices.Values(Find(in).Slots), func(a, b Slot) int { return a.Rank - b.Rank })
}

func TestRanking(t *testing.T) {
	t.Parallel()
	office := everyDay(civil.Range{Start: 9 * 60, End: 18 * 60})
	for _, c := range []struct {
		name    string
		people  []Person
		change  func(*Rules)
		first   string
		reasons []Reason
		whom    int64
	}{
		{
			"everybody before a better hour",
			[]Person{person(1), {ID: 2, Zone: time.UTC, Blocks: busy("2026-05-05 00:00 20:00", "2026-05-05 21:00 00:00")}},
			nil, "20:00",
			[]Reason{AllFree, NoBreak, KeepsFocus, LateFor},
			1,
		},
		{
			"a gap that fits before breaking two free hours",
			[]Person{{ID: 1, Required: true, Zone: time.UTC, Hours: office, Blocks: busy("2026-05-05 11:00 13:00", "2026-05-05 14:00 15:00", "2026-05-05 15:30 18:00")}},
			nil, "13:00",
			[]Reason{AllFree, KeepsFocus},
			0,
		},
		{
			"the only choice breaks two free hours",
			[]Person{{ID: 1, Required: true, Zone: time.UTC, Hours: office, Blocks: busy("2026-05-05 11:00 18:00")}},
			func(r *Rules) { r.Hours = civil.Range{Start: 9*60 + 15, End: 18 * 60} }, "09:30",
			[]Reason{AllFree, BreaksFocus},
			0,
		},
		{
			"the worst-off person first",
			[]Person{person(1), {ID: 2, Required: true, Zone: zone("America/New_York")}},
			nil, "13:30",
			[]Reason{AllFree, KeepsFocus},
			0,
		},
		{
			"the preferred time of day",
			[]Person{person(1)},
			func(r *Rules) { r.Prefer = civil.Range{Start: 13 * 60, End: 13 * 60} },
			"13:00",
			[]Reason{AllFree, KeepsFocus},
			0,
		},
		{
			"not over a tentative event",
			[]Person{{ID: 1, Required: true, Zone: time.UTC, Hours: office, Blocks: []Block{{Span: from("2026-05-05 09:00 17:00"), Kind: Tentative}}}},
			func(r *Rules) { r.TentativeFree = true },
			"17:00",
			[]Reason{AllFree, KeepsFocus},
			0,
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := Input{Rules: rules("2026-05-05"), People: c.people}
			if c.change != nil {
				c.change(&in.Rules)
			}
			slots := best(in)
			expect(t, "first", c.first, slots[0].Start.Time().Format("15:04"))
			expect(t, "reasons", c.reasons, slots[0].Reasons)
			expect(t, "for", c.whom, slots[0].For)
		})
	}
}

// spreadTop is the case "spread": the first suggestions cover several days, not one.
func spreadTop(t *testing.T) {
	in := Input{Rules: rules("2026-05-04")}
	in.Rules.To = in.Rules.From.Add(4)
	in.Rules.Hours = civil.Range{Start: 9 * 60, End: 18 * 60}
	for id := range int64(50) {
		in.People = append(in.People, person(id+1))
	}
	type part struct {
		day           civil.Date
		quarterOfWork int
	}
	days, parts := map[civil.Date]bool{}, map[part]bool{}
	for i, slot := range best(in)[:10] {
		day, clock := reading(time.UTC, slot.Start)
		days[day] = true
		quarter := 0
		for _, from := range []int{11 * 60, 14 * 60, 17 * 60} {
			if clock >= from {
				quarter++
			}
		}
		parts[part{day, quarter}] = true
		if i == 4 {
			expect(t, "days among the first five", 5, len(days))
		}
	}
	expect(t, "parts of days among the first ten", 10, len(parts))
}

// noReason is the case "no-reason": every empty answer says why.
func noReason(t *testing.T) {
	free, all := person(1), person(2, busy("2026-05-05 00:00 00:00")...)
	for _, c := range []struct {
		want   Reason
		people []Person
		change func(*Rules)
	}{
		{InThePast, []Person{free}, func(r *Rules) { r.Now = at("2026-05-06 00:00") }},
		{InThePast, []Person{free}, func(r *Rules) { r.Now, r.Hours = at("2026-05-05 20:00"), civil.Range{Start: 540, End: 1080} }},
		{NoDay, []Person{free}, func(r *Rules) { r.Days = [7]bool{} }},
		{TooLong, []Person{free}, func(r *Rules) { r.Hours = civil.Range{Start: 540, End: 590} }},
		{RequiredUnknown, []Person{free, {ID: 3, Required: true, Zone: time.UTC, Unknown: true}}, nil},
		{OffGrid, []Person{person(1, busy("2026-05-05 00:00 09:05", "2026-05-05 10:06 00:00")...)}, nil},
		{QuorumMissed, []Person{free, {ID: 2, Zone: time.UTC, Blocks: all.Blocks}}, func(r *Rules) { r.Quorum = 2 }},
		{QuorumMissed, []Person{free}, func(r *Rules) { r.Quorum = 2 }},
		{QuorumMissed, []Person{free, person(4)}, func(r *Rules) { r.Any = []AnyOf{{N: 2, IDs: []int64{4, 9}}} }},
		{NobodyTogether, []Person{free, all}, nil},
	} {
		in := Input{Rules: rules("2026-05-05"), People: c.people}
		if c.change != nil {
			c.change(&in.Rules)
		}
		expect(t, "why", c.want, Find(in).Why)
	}
	rapid.Check(t, func(t *rapid.T) {
		if a := Find(questions(t)); (len(a.Slots) == 0) != (a.Why != "") {
			t.Fatalf("%d slots and the reason %q", len(a.Slots), a.Why)
		}
	})
}

// A quorum of more people than are asked is never met, not even by everybody. People who
// are there one after the other make a window, but no slot.
func TestQuorumMissed(t *testing.T) {
	t.Parallel()
	relief := []Person{
		{ID: 1, Zone: time.UTC, Blocks: busy("2026-05-05 00:00 10:00", "2026-05-05 10:30 00:00")},
		{ID: 2, Zone: time.UTC, Blocks: busy("2026-05-05 00:00 10:30", "2026-05-05 11:00 00:00")},
	}
	for _, c := range []struct {
		name    string
		people  []Person
		quorum  int
		windows int
	}{
		{"two of one", []Person{person(1)}, 2, 0},
		{"four of three, one optional", []Person{person(1), person(2), {ID: 3, Zone: time.UTC}}, 4, 0},
		{"one of nobody", nil, 1, 0},
		{"one after the other", relief, 1, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			in := Input{Rules: rules("2026-05-05"), People: c.people}
			in.Rules.Quorum = c.quorum
			a := Find(in)
			expect(t, "why", QuorumMissed, a.Why)
			expect(t, "windows", c.windows, len(a.Windows))
			expect(t, "near", mostNear, len(a.Near))
			for _, near := range a.Near {
				expect(t, "first reason", QuorumMissed, near.Reasons[0])
				if slices.Contains(near.Reasons, AllFree) {
					t.Errorf("%v", near.Reasons)
				}
			}
		})
	}
}

func TestNear(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		o, s := ask(in), Prepare(in)
		a := s.Answer()
		if len(a.Slots) > 0 {
			if len(a.Near) > 0 {
				t.Fatal("near although there are slots")
			}
			return
		}
		missing := func(start civil.Minute) (n int) {
			for p := range in.People {
				if in.People[p].Required && !o.there(p, start) {
					n++
				}
			}
			return n
		}
		all := o.candidates()
		if len(a.Near) != min(mostNear, len(all)) {
			t.Fatalf("%d near of %d candidates", len(a.Near), len(all))
		}
		least := make([]int, 0, len(all))
		for _, start := range all {
			least = append(least, missing(start))
		}
		slices.Sort(least)
		for i, near := range a.Near {
			if near.Rank != i+1 || !slices.Contains(all, near.Start) || missing(near.Start) != least[i] {
				t.Fatalf("near %d misses %d required, not %d", i, missing(near.Start), least[i])
			}
		}
	})
}

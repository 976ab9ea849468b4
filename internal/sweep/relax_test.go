package sweep

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// without returns the question with these people optional.
func without(in Input, ids ...int64) Input {
	in.People = slices.Clone(in.People)
	for i := range in.People {
		if slices.Contains(ids, in.People[i].ID) {
			in.People[i].Required = false
		}
	}
	return in
}

// applied returns the question with the relaxation applied.
func applied(in Input, x Relaxation) Input {
	in.Rules = x.Value
	return without(in, x.Person, x.WithPerson)
}

// openings are the windows of an answer that hold a slot.
func openings(a Answer) []civil.Span {
	return slices.DeleteFunc(slices.Clone(a.Windows), func(w civil.Span) bool {
		return !slices.ContainsFunc(a.Slots, func(s Slot) bool { return w.Contains(s.Span) })
	})
}

// optional lists whom the relaxation makes optional.
func optional(x Relaxation) (people []int64) {
	for _, p := range []int64{x.Person, x.WithPerson} {
		if p != 0 {
			people = append(people, p)
		}
	}
	return people
}

// late is a horizon after everything that is drawn.
const late = civil.Minute(1 << 30)

// relaxed returns all changes that help.
func relaxed(s *Search) []Relaxation { list, _ := s.Relax(late, nil); return list }

// splits returns the parts, however long it takes to find them.
func splits(s *Search) []Part { parts, _ := s.Split(nil); return parts }

func TestRelaxationsGiveWhatTheySay(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		s := Prepare(in)
		if len(s.Answer().Slots) > 0 {
			return
		}
		list := relaxed(s)
		for i, x := range list {
			if n := len(ask(applied(in, x)).slots()); n == 0 || n != x.Slots {
				t.Fatalf("%s %d with %s %d: %d slots, not %d", x.Change, x.Person, x.With, x.WithPerson, n, x.Slots)
			}
			if i < measured && !slices.Equal(x.Windows, openings(Find(applied(in, x)))) {
				t.Fatalf("%s %d with %s %d: windows %v, not %v", x.Change, x.Person, x.With, x.WithPerson, x.Windows, openings(Find(applied(in, x))))
			}
			if leaves := len(in.People) - len(optional(x)); leaves < 1 && len(optional(x)) > 0 {
				t.Fatalf("%s with %s leaves nobody", x.Change, x.With)
			}
			if i > 0 && x.cost < list[i-1].cost {
				t.Fatalf("%s is cheaper than %s before it", x.Change, list[i-1].Change)
			}
		}
	})
}

func TestEverySingleChangeThatHelpsIsFound(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		s := Prepare(in)
		if len(s.Answer().Slots) > 0 {
			return
		}
		list := relaxed(s)
		alone := slices.ContainsFunc(list, func(x Relaxation) bool { return x.With == "" })
		check := func(change Change, person int64, in Input) {
			n := len(Find(in).Slots)
			i := slices.IndexFunc(list, func(x Relaxation) bool { return x.Change == change && x.Person == person && x.With == "" })
			if (n > 0) != (i >= 0) || n > 0 && !alone {
				t.Fatalf("%s %d gives %d slots, found: %v", change, person, n, list)
			}
		}
		for _, p := range in.People {
			if p.Required && len(in.People) > 1 {
				change := MakeOptional
				if p.Gone {
					change = Remove
				}
				check(change, p.ID, without(in, p.ID))
			}
		}
		with := func(change func(*Rules)) Input {
			changed := in
			change(&changed.Rules)
			return changed
		}
		check(LaterRange, 0, with(func(r *Rules) { r.From, r.To = r.To.Add(1), r.To.Add(1+r.To.Sub(r.From)) }))
		if !in.Rules.TentativeFree {
			check(IgnoreTentative, 0, with(func(r *Rules) { r.TentativeFree = true }))
		}
		if !in.Rules.AllDayFree {
			check(IgnoreAllDay, 0, with(func(r *Rules) { r.AllDayFree = true }))
		}
		if in.Rules.Work {
			check(IgnoreWorkHours, 0, with(func(r *Rules) { r.Work = false }))
		}
		if in.Rules.Hours != (civil.Range{Start: 0, End: 1440}) {
			check(WiderHours, 0, with(func(r *Rules) {
				if i := slices.IndexFunc(list, func(x Relaxation) bool { return x.Change == WiderHours && x.With == "" }); i >= 0 {
					*r = list[i].Value
				} else {
					r.Hours = civil.Range{Start: 0, End: 1440}
				}
			}))
		}
		shorter := slices.IndexFunc(list, func(x Relaxation) bool { return x.Change == Shorter && x.With == "" })
		for d := 5; d < in.Rules.Duration; d += 5 {
			fits := len(Find(with(func(r *Rules) { r.Duration = d })).Slots) > 0
			if fits != (shorter >= 0 && d <= list[shorter].Value.Duration) {
				t.Fatalf("%d minutes fit: %v, found %v", d, fits, list)
			}
		}
	})
}

func TestRelax(t *testing.T) {
	t.Parallel()
	office := everyDay(civil.Range{Start: 9 * 60, End: 17 * 60})
	worker := func(id int64, blocks ...Block) Person {
		return Person{ID: id, Required: true, Zone: time.UTC, Hours: office, Blocks: blocks}
	}
	kind := func(k Kind, s string) Block { return Block{Span: from(s), Kind: k} }
	type way struct {
		Change     Change
		Person     int64
		With       Change
		WithPerson int64
		Slots      int
	}
	for _, c := range []struct {
		name    string
		people  []Person
		horizon string
		want    []way
	}{
		{
			"one person is the obstacle",
			[]Person{worker(1), worker(2), worker(3, busy("2026-05-05 00:00 00:00")...)},
			"2026-05-06 00:00",
			[]way{{MakeOptional, 3, "", 0, 29}},
		},
		{
			"a tentative event is",
			[]Person{worker(1, kind(Tentative, "2026-05-05 08:00 18:00"))},
			"2026-05-06 00:00",
			[]way{{IgnoreTentative, 0, "", 0, 29}, {IgnoreWorkHours, 0, "", 0, 50}},
		},
		{
			"half an hour is left",
			[]Person{worker(1, busy("2026-05-05 09:00 13:00", "2026-05-05 13:30 20:00")...), worker(2, busy("2026-05-05 00:00 13:00", "2026-05-05 13:30 00:00")...)},
			"2026-05-06 00:00",
			[]way{{Shorter, 0, "", 0, 1}},
		},
		{
			"the next day",
			[]Person{worker(1, busy("2026-05-05 00:00 00:00")...), worker(2, busy("2026-05-05 00:00 00:00")...)},
			"2026-05-07 00:00",
			[]way{{LaterRange, 0, "", 0, 29}},
		},
		{
			"the next day, not known",
			[]Person{worker(1, busy("2026-05-05 00:00 00:00")...), worker(2, busy("2026-05-05 00:00 00:00")...)},
			"2026-05-06 23:59",
			nil, // a meeting of nobody is none
		},
		{
			"two of three",
			[]Person{worker(1, busy("2026-05-05 00:00 00:00")...), worker(2, busy("2026-05-05 00:00 00:00")...), worker(3)},
			"2026-05-06 00:00",
			[]way{{MakeOptional, 1, MakeOptional, 2, 29}},
		},
		{
			"a pair",
			[]Person{worker(1, busy("2026-05-05 00:00 00:00")...), worker(2, kind(Tentative, "2026-05-05 00:00 00:00"))},
			"2026-05-06 00:00",
			[]way{{IgnoreTentative, 0, MakeOptional, 1, 29}},
		},
		{
			"somebody who is gone",
			[]Person{worker(1), worker(2, busy("2026-05-05 00:00 13:00")...), {ID: 9, Required: true, Zone: time.UTC, Unknown: true, Gone: true}},
			"2026-05-06 00:00",
			[]way{{Remove, 9, "", 0, 13}},
		},
		{
			"two of six, or a night",
			[]Person{
				worker(1), worker(3), worker(4), worker(5),
				worker(6, busy("2026-05-05 09:00 17:00")...), worker(7, busy("2026-05-05 09:00 17:00")...),
			},
			"2026-05-06 00:00",
			[]way{{MakeOptional, 6, MakeOptional, 7, 29}, {IgnoreWorkHours, 0, "", 0, 58}},
		},
		{
			"the one who asks comes last",
			[]Person{worker(1), worker(77, busy("2026-05-05 09:00 17:00")...)},
			"2026-05-07 00:00",
			[]way{{LaterRange, 0, "", 0, 29}, {IgnoreWorkHours, 0, "", 0, 58}, {MakeOptional, 77, "", 0, 29}},
		},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			list, _ := Prepare(Input{Rules: rules("2026-05-05"), People: c.people, Seeker: 77}).Relax(at(c.horizon), nil)
			var got []way
			for _, x := range list {
				got = append(got, way{x.Change, x.Person, x.With, x.WithPerson, x.Slots})
			}
			expect(t, "ways out", c.want, got)
		})
	}
}

func TestSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		in.Rules.Quorum, in.Rules.Any = 0, nil
		o, s := ask(in), Prepare(in)
		parts := splits(s)
		best := o.fewestParts()
		if (len(parts) > 0) && (best < 2 || len(parts) > 3) {
			t.Fatalf("%d parts where %d would do", len(parts), best)
		}
		if len(parts) == 0 && best == 2 && len(in.People) <= 3 {
			t.Fatal("no split of at most three people in two") // one part for each is the most that is needed
		}
		covered := map[int64]bool{}
		for i, part := range parts {
			if i > 0 && part.Start < parts[i-1].Start {
				t.Fatal("not in order of time")
			}
			if !slices.Contains(o.candidates(), part.Start) {
				t.Fatalf("%v is no start", part.Start.Time())
			}
			for p := range in.People {
				if slices.Contains(part.People, in.People[p].ID) {
					covered[in.People[p].ID] = true
					if !o.there(p, part.Start) {
						t.Fatalf("%d can't come", p)
					}
				}
			}
		}
		for _, p := range in.People {
			if len(parts) > 0 && p.Required && !covered[p.ID] {
				t.Fatalf("%d has no part", p.ID)
			}
		}
	})
}

// fewestParts tries all sets of slots: 0 if nobody must come, a large number if no number
// of parts covers everybody.
func (o *oracle) fewestParts() int {
	all, kinds := 0, map[int]bool{}
	for p := range o.in.People {
		if o.in.People[p].Required {
			all |= 1 << p
		}
	}
	for _, start := range o.candidates() {
		come := 0
		for p := range o.in.People {
			if all>>p&1 == 1 && o.there(p, start) {
				come |= 1 << p
			}
		}
		kinds[come] = true
	}
	reached := map[int]bool{0: true}
	for n := 0; n <= len(o.in.People); n++ {
		if reached[all] {
			return n
		}
		next := map[int]bool{}
		for have := range reached {
			for come := range kinds {
				next[have|come] = true
			}
		}
		reached = next
	}
	return 1 << 20
}

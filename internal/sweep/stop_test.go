package sweep

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// countdown is a stop function that says stop after so many asks.
type countdown struct{ left, asked int }

func (c *countdown) stop() bool {
	c.asked++
	c.left--
	return c.left < 0
}

// repeated draws a question that may ask for several weeks.
func repeated(t *rapid.T) Input {
	in := questions(t)
	in.Rules.Weeks = rapid.SampledFrom([]int{0, 0, 2, 3}).Draw(t, "weeks")
	return in
}

// everything is all that a search tells, as text.
func everything(in Input) string {
	s := Prepare(in)
	relax, cut := s.Relax(late, nil)
	split, _ := s.Split(nil)
	return fmt.Sprint(s.Answer(), relax, cut, split, s.top(3))
}

func TestAskingChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := repeated(t)
		plain := everything(in)
		never := func() bool { return false }
		in.Stop, in.Enough = never, never
		if diff := cmp.Diff(plain, everything(in)); diff != "" {
			t.Fatalf("(-without +with stop functions)\n%s", diff)
		}
	})
}

// Whenever it is stopped, a search ends without asking again, tells nothing, and can be
// used for the next question.
func TestStoppedSearchTellsNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := repeated(t)
		stop := countdown{left: 1 << 30}
		in.Stop = stop.stop
		want := Prepare(in).Answer()
		all := stop.asked
		if want.Stopped || all == 0 {
			t.Fatalf("stopped: %v after %d asks", want.Stopped, all)
		}
		at := rapid.IntRange(0, all-1).Draw(t, "stopped at")
		stop = countdown{left: at}
		s := Prepare(in)
		if got := s.Answer(); !s.stop.stopped || fmt.Sprint(got) != fmt.Sprint(Answer{Stopped: true}) {
			t.Fatalf("stopped after %d of %d asks: %+v", at, all, got)
		}
		relax, cutRelax := s.Relax(late, nil)
		split, cutSplit := s.Split(nil)
		if len(relax)+len(split)+len(s.top(9)) > 0 || !cutRelax || !cutSplit {
			t.Fatalf("stopped, and yet %v (%v), %v (%v)", relax, cutRelax, split, cutSplit)
		}
		if start := want.start(); s.Check(start) {
			t.Fatalf("stopped, and yet %v is free", start.Time())
		}
		s.Attendance(civil.Span{Start: want.start(), End: want.start() + 5}) // must not panic
		if stop.asked != at+1 {
			t.Fatalf("asked %d times, after %d said stop", stop.asked, at+1)
		}
		stop = countdown{left: 1 << 30}
		again := s.reset
		if rapid.Bool().Draw(t, "refined") {
			again = s.refine
		}
		if again(in); fmt.Sprint(s.Answer()) != fmt.Sprint(want) {
			t.Fatalf("once stopped, it then answers %v, not %v", s.Answer(), want)
		}
	})
}

// start is where some slot begins.
func (a Answer) start() civil.Minute {
	for _, list := range [][]Slot{a.Slots, a.Near} {
		if len(list) > 0 {
			return list[0].Start
		}
	}
	return 0
}

func TestStoppedWhileLookingForWaysOut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		stop := countdown{left: 1 << 30}
		in.Stop = stop.stop
		s := Prepare(in)
		before := stop.asked
		s.Relax(late, nil)
		s.Split(nil)
		if all := stop.asked - before; all > 0 {
			stop = countdown{left: rapid.IntRange(0, all-1).Draw(t, "stopped at")}
			s.Relax(late, nil)
			if parts, cut := s.Split(nil); parts != nil || !cut || !s.stop.stopped || stop.left != -1 {
				t.Fatalf("parts %v, cut %v, stopped %v, asked %d times more", parts, cut, s.stop.stopped, -1-stop.left)
			}
		}
	})
}

// What is found within a budget is true, and cut tells that not everything was tried.
func TestCutRelaxationsAreTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		s := Prepare(in)
		if len(s.Answer().Slots) > 0 {
			return
		}
		enough := countdown{left: 1 << 30}
		all, _ := s.Relax(late, enough.stop)
		enough = countdown{left: rapid.IntRange(0, enough.asked).Draw(t, "enough")}
		some, cut := s.Relax(late, enough.stop)
		if !cut && !slices.Equal(describe(some), describe(all)) {
			t.Fatalf("%v of %v, but it is not called cut", describe(some), describe(all))
		}
		for _, x := range some {
			if n := len(Find(applied(in, x)).Slots); n == 0 || n != x.Slots {
				t.Fatalf("%s %d with %s %d: %d slots, not %d", x.Change, x.Person, x.With, x.WithPerson, n, x.Slots)
			}
		}
		if parts, cut := s.Split((&countdown{}).stop); parts != nil || !cut {
			t.Fatalf("no time for a split, and yet %v, cut: %v", parts, cut)
		}
	})
}

func describe(list []Relaxation) (words []string) {
	for _, x := range list {
		words = append(words, fmt.Sprint(x.Change, x.Person, x.With, x.WithPerson, x.Slots))
	}
	return words
}

func TestCutSeriesAreTrue(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := questions(t)
		in.Rules.Weeks, in.Rules.Step = 3, 60 // so that all are listed
		enough := countdown{left: 1 << 30}
		in.Enough = enough.stop
		all := Find(in)
		enough = countdown{left: rapid.IntRange(0, enough.asked).Draw(t, "enough")}
		some := Find(in)
		if all.CutSeries || !some.CutSeries && fmt.Sprint(some) != fmt.Sprint(all) {
			t.Fatalf("%v of %v, but it is not called cut", some, all)
		}
		if some.Stopped || fmt.Sprint(some.Slots, some.Near, some.Windows) != fmt.Sprint(all.Slots, all.Near, all.Windows) {
			t.Fatalf("with a budget %v, not %v", some.Slots, all.Slots)
		}
		for i, x := range some.Series {
			if i > 0 && x.OK > some.Series[i-1].OK {
				t.Fatalf("place %d has more weeks than the one before", i)
			}
			full := all.Series[slices.IndexFunc(all.Series, func(y Series) bool { return y.Span == x.Span })]
			if x.Rank = full.Rank; fmt.Sprint(x) != fmt.Sprint(full) {
				t.Fatalf("%v, not %v", x, full)
			}
		}
	})
}

// Groups are counted for many starts at a time, by adding and subtracting. The result is
// the same as that of asking each member for each start.
func TestGroupsAreCountedAsOneByOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		in := crowd(t)
		s := Prepare(in)
		missing := func(members []int32, start int) (n int) {
			for _, i := range members {
				if s.cannot(int(i), start) {
					n++
				}
			}
			return n
		}
		for k, d := range s.demands {
			if any := in.Rules.Any; k > 0 && len(d.members) != len(any[k-1].IDs) {
				t.Fatalf("group %d has %d members, not %d", k, len(d.members), len(any[k-1].IDs))
			}
			for i := range s.grid.starts {
				if got, want := d.missing.At(s.layout.Bit(i)), missing(d.members, i); got != want {
					t.Fatalf("demand %d: %d missing at start %d, not %d", k, got, i, want)
				}
			}
		}
		starts := s.lacking(1)
		for i := range s.layout.Starts(s.offered) {
			want := missing(s.demands[0].members, i) == 1
			for _, d := range s.demands[1:] {
				want = want && missing(d.members, i) <= d.spare()
			}
			if got := starts.Has(s.layout.Bit(i)); got != want {
				t.Fatalf("start %d: one is missing: %v, not %v", i, got, want)
			}
		}
	})
}

// crowd draws a day of so many people that they fill several tiles, and groups of a few
// and of nearly all of them.
func crowd(t *rapid.T) Input {
	in := questions(t)
	noon := in.Rules.From.Wall(720)
	for id := range int64(rapid.IntRange(10, 40).Draw(t, "more people")) {
		in.People = append(in.People, drawPerson(t, 100+id, noon))
	}
	in.Rules.Quorum, in.Rules.Any = 0, nil
	for range rapid.IntRange(1, 4).Draw(t, "groups") {
		var some AnyOf
		out := rapid.IntRange(2, 9).Draw(t, "left out")
		for i, p := range in.People {
			if i%out != 0 {
				some.IDs = append(some.IDs, p.ID)
			}
		}
		if rapid.Bool().Draw(t, "few") {
			some.IDs = some.IDs[:min(out, len(some.IDs))]
		}
		some.N = rapid.IntRange(0, len(some.IDs)+1).Draw(t, "of")
		in.Rules.Any = append(in.Rules.Any, some)
	}
	return in
}

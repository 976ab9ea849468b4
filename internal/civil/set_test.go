package civil

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// world is the stretch of time that the properties look at, minute by minute.
const world = 60

// spans draws intervals in any order, some empty, some turned around.
func spans(t *rapid.T, label string) []Span {
	return rapid.SliceOfN(rapid.Custom(func(t *rapid.T) Span {
		return Span{Minute(rapid.IntRange(0, world).Draw(t, "start")), Minute(rapid.IntRange(0, world).Draw(t, "end"))}
	}), 0, 8).Draw(t, label)
}

// minutes paints the spans one minute at a time.
func minutes(spans []Span) (in [world]bool) {
	for _, s := range spans {
		for m := s.Start; m < s.End; m++ {
			in[m] = true
		}
	}
	return in
}

// each combines two pictures minute by minute.
func each(a, b [world]bool, keep func(a, b bool) bool) (in [world]bool) {
	for m := range in {
		in[m] = keep(a[m], b[m])
	}
	return in
}

func wellFormed(t interface{ Fatalf(string, ...any) }, s Set) {
	for i := range s {
		if s[i].Empty() || i > 0 && s[i-1].End >= s[i].Start {
			t.Fatalf("not a set: %v", s)
		}
	}
}

func TestAlgebra(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := spans(t, "a"), spans(t, "b")
		clip := Span{Minute(rapid.IntRange(0, world).Draw(t, "from")), Minute(rapid.IntRange(0, world).Draw(t, "to"))}
		x, y := Union(a...), Union(b...)
		for name, c := range map[string]struct {
			got  Set
			want [world]bool
		}{
			"union":     {Union(append(a, b...)...), each(minutes(a), minutes(b), func(a, b bool) bool { return a || b })},
			"subtract":  {x.Subtract(y), each(minutes(a), minutes(b), func(a, b bool) bool { return a && !b })},
			"intersect": {x.Intersect(y), each(minutes(a), minutes(b), func(a, b bool) bool { return a && b })},
			"clip":      {x.Clip(clip), each(minutes(a), minutes([]Span{clip}), func(a, b bool) bool { return a && b })},
		} {
			wellFormed(t, c.got)
			if diff := cmp.Diff(c.want, minutes(c.got)); diff != "" {
				t.Fatalf("%s (-want +got):\n%s", name, diff)
			}
		}
	})
}

func TestCoversAndOverlaps(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		set, s := Union(spans(t, "set")...), spans(t, "one")
		if len(s) == 0 {
			return
		}
		all, some, long := true, false, Minute(0)
		in := minutes(set)
		for m := s[0].Start; m < s[0].End; m++ {
			all, some = all && in[m], some || in[m]
		}
		for _, yes := range in {
			if yes {
				long++
			}
		}
		if set.Covers(s[0]) != all || set.Overlaps(s[0]) != some || set.Len() != long {
			t.Fatalf("%v and %v: covers %v, overlaps %v, length %d", set, s[0], set.Covers(s[0]), set.Overlaps(s[0]), set.Len())
		}
	})
}

func TestAtLeast(t *testing.T) {
	t.Parallel()
	got := Set{{0, 29}, {40, 70}, {80, 120}}.AtLeast(30)
	if diff := cmp.Diff(Set{{40, 70}, {80, 120}}, got); diff != "" {
		t.Error(diff)
	}
}

func TestTouchingIsNotOverlapping(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		a, b Span
		want bool
	}{
		"touching":         {Span{0, 10}, Span{10, 20}, false},
		"one minute":       {Span{0, 11}, Span{10, 20}, true},
		"inside":           {Span{0, 30}, Span{10, 20}, true},
		"no length inside": {Span{0, 30}, Span{10, 10}, false},
		"turned around":    {Span{0, 30}, Span{20, 10}, false},
	} {
		if got := c.a.Overlaps(c.b); got != c.want {
			t.Errorf("%s: %v", name, got)
		}
		if got := c.b.Overlaps(c.a); got != c.want {
			t.Errorf("%s, the other way: %v", name, got)
		}
	}
}

func TestRoundingIsOutward(t *testing.T) {
	t.Parallel()
	at := func(s string) time.Time {
		when, err := time.Parse(time.RFC3339Nano, s)
		if err != nil {
			t.Fatal(err)
		}
		return when
	}
	for name, c := range map[string]struct {
		start, end string
		want       Span
	}{
		"whole minutes": {"1970-01-01T00:01:00Z", "1970-01-01T00:02:00Z", Span{1, 2}},
		"seconds":       {"1970-01-01T00:01:59Z", "1970-01-01T00:02:01Z", Span{1, 3}},
		"nanoseconds":   {"1970-01-01T00:01:00.5Z", "1970-01-01T00:02:00.000000001Z", Span{1, 3}},
		"before 1970":   {"1969-12-31T23:58:30Z", "1969-12-31T23:59:30Z", Span{-2, 0}},
	} {
		got := Outward(at(c.start), at(c.end))
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s:\n%s", name, diff)
		}
		if !got.Start.Time().Equal(at(c.start).Truncate(time.Minute)) {
			t.Errorf("%s: starts at %v", name, got.Start.Time())
		}
	}
}

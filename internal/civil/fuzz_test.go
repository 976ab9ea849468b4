package civil

import (
	"slices"
	"testing"
)

// FuzzSet makes two lists of spans of the fuzzer's bytes, and compares the algebra
// of their sets with what painting minute by minute says.
//
//	go test ./internal/civil -fuzz FuzzSet
func FuzzSet(f *testing.F) {
	f.Add([]byte{}, []byte{})
	f.Add([]byte{0, 10, 10, 20, 30, 25}, []byte{5, 15})
	f.Add([]byte{0, 59}, []byte{3, 3, 1, 2, 2, 3, 50, 59})
	f.Add([]byte{40, 50, 20, 30, 0, 10}, []byte{9, 41})
	f.Fuzz(func(t *testing.T, one, two []byte) {
		a, b := spansOf(one), spansOf(two)
		x, y := Union(a...), Union(b...)
		in, too := minutes(a), minutes(b)
		for _, c := range []struct {
			name string
			got  Set
			keep func(a, b bool) bool
		}{
			{"union", Union(slices.Concat(a, b)...), func(a, b bool) bool { return a || b }},
			{"subtract", x.Subtract(y), func(a, b bool) bool { return a && !b }},
			{"intersect", x.Intersect(y), func(a, b bool) bool { return a && b }},
		} {
			wellFormed(t, c.got)
			if got, want := minutes(c.got), each(in, too, c.keep); got != want {
				t.Errorf("%s of %v and %v: %v", c.name, a, b, c.got)
			}
		}
	})
}

// spansOf takes two bytes for a span within the world; it may be empty.
func spansOf(bytes []byte) (list []Span) {
	for pair := range slices.Chunk(bytes, 2) {
		if len(pair) == 2 {
			list = append(list, Span{Minute(pair[0] % world), Minute(pair[1] % world)})
		}
	}
	return list
}

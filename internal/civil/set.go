package civil

import (
	"cmp"
	"slices"
)

// Set is intervals in order of time. None is empty, and between two of them
// there is always a gap: touching intervals are one. The zero Set is empty.
type Set []Span

// Union returns the instants that lie in any of the spans. They may come in any
// order, overlap, repeat and be empty; they are not changed.
func Union(spans ...Span) Set {
	sorted := slices.Clone(spans)
	slices.SortFunc(sorted, func(a, b Span) int { return cmp.Compare(a.Start, b.Start) })
	var set Set
	for _, s := range sorted {
		set = set.Append(s)
	}
	return set
}

// Append returns the set with s added, which must not start before the last
// interval does. It may reuse the set's memory, like the built-in append.
func (a Set) Append(s Span) Set {
	if s.Empty() {
		return a
	}
	if last := len(a) - 1; last >= 0 && s.Start <= a[last].End {
		a[last].End = max(a[last].End, s.End)
		return a
	}
	return append(a, s)
}

// Subtract returns the instants of a that are not in b.
func (a Set) Subtract(b Set) Set {
	var left Set
	for _, s := range a {
		for len(b) > 0 && b[0].End <= s.Start {
			b = b[1:]
		}
		for _, cut := range b {
			if cut.Start >= s.End {
				break
			}
			left = left.Append(Span{s.Start, cut.Start})
			s.Start = max(s.Start, cut.End)
		}
		left = left.Append(s)
	}
	return left
}

// Intersect returns the instants that are in both.
func (a Set) Intersect(b Set) Set {
	switch {
	case len(a) == 0 || len(b) == 0:
		return nil
	case len(b) == 1:
		return a.Clip(b[0])
	}
	both := make(Set, 0, len(a)+len(b)-1)
	for i, j := 0, 0; i < len(a) && j < len(b); {
		both = both.Append(a[i].Clip(b[j]))
		if a[i].End < b[j].End {
			i++
		} else {
			j++
		}
	}
	return both
}

// Clip returns the instants of a that lie in s.
func (a Set) Clip(s Span) Set {
	a = a[a.after(s.Start):]
	if n := len(a); n > 0 && a[n-1].Start >= s.End {
		n, _ = slices.BinarySearchFunc(a, s.End, func(x Span, m Minute) int { return cmp.Compare(x.Start, m) })
		a = a[:n]
	}
	if s.Empty() || len(a) == 0 {
		return nil
	}
	part := slices.Clone(a)
	part[0].Start = max(part[0].Start, s.Start)
	part[len(part)-1].End = min(part[len(part)-1].End, s.End)
	return part
}

// Covers reports whether every instant of s is in a. An empty s is covered.
func (a Set) Covers(s Span) bool {
	i := a.after(s.Start)
	return s.Empty() || i < len(a) && a[i].Contains(s)
}

// Overlaps reports whether an instant of s is in a.
func (a Set) Overlaps(s Span) bool {
	i := a.after(s.Start)
	return i < len(a) && a[i].Overlaps(s)
}

// Len returns the number of minutes in a.
func (a Set) Len() Minute {
	var sum Minute
	for _, s := range a {
		sum += s.Len()
	}
	return sum
}

// AtLeast returns the intervals of a that are at least n minutes long.
func (a Set) AtLeast(n Minute) Set {
	var long Set
	for _, s := range a {
		if s.Len() >= n {
			long = append(long, s)
		}
	}
	return long
}

// after returns the index of the first interval that ends after m.
func (a Set) after(m Minute) int {
	if len(a) == 0 || a[0].End > m {
		return 0
	}
	i, _ := slices.BinarySearchFunc(a, m, func(s Span, m Minute) int {
		if s.End <= m {
			return -1
		}
		return 1
	})
	return i
}

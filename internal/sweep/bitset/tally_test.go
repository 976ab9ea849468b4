package bitset

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// The width of the rows that are drawn, in words: one with cells, three with starts.
const (
	cellWords = 1
	width     = 4
)

// crowd is some people's rows, drawn.
type crowd struct {
	layout                  *Layout
	matrix                  Matrix
	rows                    []Row
	everyone, members, left []int32
}

func drawCrowd(t *rapid.T) *crowd {
	c := &crowd{layout: &Layout{width: width, cellWords: cellWords, used: make(Row, width), place: make([]int32, width)}}
	c.layout.used.fill(0, width*64)
	never := make(Row, width)
	for w, dead := range rapid.SliceOfN(rapid.Bool(), width, width).Draw(t, "dead") {
		if dead {
			never[w] = ^uint64(0)
		}
	}
	c.layout.Compact(never)
	n := rapid.IntRange(0, 70).Draw(t, "people")
	c.matrix.Reset(c.layout, n)
	for i := range n {
		r := Row(rapid.SliceOfN(rapid.Uint64(), width, width).Draw(t, "row"))
		for w := range r {
			r[w] |= never[w]
			if k := c.layout.place[w]; k >= 0 {
				c.matrix.tile(i)[k][i%Wide] = r[w]
			}
		}
		c.rows = append(c.rows, r)
		c.everyone = append(c.everyone, int32(i))
		if rapid.IntRange(0, 3).Draw(t, "left out") > 0 {
			c.members = append(c.members, int32(i))
		} else {
			c.left = append(c.left, int32(i))
		}
	}
	return c
}

// count counts the members, directly or by subtracting the others from all.
func (c *crowd) count(t *rapid.T) *Tally {
	var tally, all, others Tally
	if tally.Count(&c.matrix, c.members); rapid.Bool().Draw(t, "by subtraction") {
		all.Count(&c.matrix, c.everyone)
		others.Count(&c.matrix, c.left)
		tally.Subtract(&all, &others)
	}
	return &tally
}

// missing counts bit by bit.
func (c *crowd) missing(bit int) (n int) {
	for _, m := range c.members {
		if c.rows[m].Has(bit) {
			n++
		}
	}
	return n
}

// The upright counters agree with counting bit by bit, in live words and dead ones.
func TestTally(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCrowd(t)
		tally := c.count(t)
		limit := rapid.IntRange(-2, 80).Draw(t, "limit")
		kept := slices.Clone(c.layout.used)
		tally.KeepAtMost(limit, kept)
		for bit := range width * 64 {
			want := c.missing(bit)
			over := tally.Over(limit, bit>>6)>>(bit&63)&1 == 1
			if tally.At(bit) != want || kept.Has(bit) != (want <= limit) || over != (want > limit) {
				t.Fatalf("bit %d is in %d rows, counted %d, kept %v, over %v", bit, want, tally.At(bit), kept.Has(bit), over)
			}
		}
		for p, r := range c.rows {
			if !slices.Equal(c.matrix.Row(p), r) {
				t.Fatalf("the row of %d: %v, not %v", p, c.matrix.Row(p), r)
			}
		}
	})
}

// Level by level, Lowest takes all starts with the lowest count, and no others.
func TestLowest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := drawCrowd(t)
		tally := c.count(t)
		most := rapid.IntRange(0, 200).Draw(t, "n")
		left, level, few := slices.Clone(c.layout.used), make(Row, width), make(Row, width)
		n, worst := 0, -1
		for n < most && tally.Lowest(left, level) {
			count := -1
			for bit := cellWords * 64; bit < width*64; bit++ {
				if level.Has(bit) {
					if n++; count >= 0 && tally.At(bit) != count || tally.At(bit) <= worst {
						t.Fatalf("bit %d is in %d rows, among those of %d, after %d", bit, tally.At(bit), count, worst)
					}
					few.Set(bit)
					count = tally.At(bit)
				}
			}
			worst = count
		}
		for bit := range width * 64 {
			if few.Has(bit) != (bit >= cellWords*64 && c.missing(bit) <= worst) {
				t.Fatalf("bit %d is in %d rows, among the fewest %v", bit, c.missing(bit), few.Has(bit))
			}
		}
		if starts := (width - cellWords) * 64; n < min(most, starts) || few.Count() != n {
			t.Fatalf("%d bits, asked for %d", n, most)
		}
	})
}

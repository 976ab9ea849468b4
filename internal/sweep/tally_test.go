package sweep

import (
	"testing"

	"pgregory.net/rapid"
)

// The upright counters agree with counting bit by bit, in lit words and dark ones.
func TestTally(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const cells, width = 1, 4 // words of a row: one with cells, three with starts
		c := &canvas{width: width, offset: cells, used: make(row, width), place: make([]int32, width)}
		c.used.fill(0, width*64)
		dark := rapid.SliceOfN(rapid.Bool(), width, width).Draw(t, "dark")
		out := make(row, width)
		for w := range out {
			if dark[w] {
				out[w] = ^uint64(0)
			}
		}
		c.light(out)
		n := rapid.IntRange(0, 70).Draw(t, "people")
		var rows []row
		var everyone, members, left []int32
		tiles := make(tile, (n+wide-1)/wide*len(c.lit))
		for i := range n {
			r := row(rapid.SliceOfN(rapid.Uint64(), width, width).Draw(t, "row"))
			for w := range r {
				r[w] |= out[w]
				if k := c.place[w]; k >= 0 {
					tiles[i/wide*len(c.lit)+int(k)][i%wide] = r[w]
				}
			}
			rows = append(rows, r)
			everyone = append(everyone, int32(i))
			if rapid.IntRange(0, 3).Draw(t, "left out") > 0 {
				members = append(members, int32(i))
			} else {
				left = append(left, int32(i))
			}
		}
		var tally, all, others tally
		if tally.count(c, tiles, members); rapid.Bool().Draw(t, "by subtraction") {
			all.count(c, tiles, everyone)
			others.count(c, tiles, left)
			tally.without(&all, &others)
		}
		limit, most := rapid.IntRange(-2, 80).Draw(t, "limit"), rapid.IntRange(0, 200).Draw(t, "n")
		kept, few := append(row(nil), c.used...), make(row, width)
		tally.keepAtMost(limit, kept)
		tally.fewest(c.used, most, few)
		worst := -1
		for bit := range width * 64 {
			if few.has(bit) {
				worst = max(worst, tally.at(bit))
			}
		}
		for bit := range width * 64 {
			want := 0
			for _, m := range members {
				if rows[m].has(bit) {
					want++
				}
			}
			if tally.at(bit) != want || kept.has(bit) != (want <= limit) {
				t.Fatalf("bit %d is in %d rows, counted %d, kept %v", bit, want, tally.at(bit), kept.has(bit))
			}
			if few.has(bit) != (bit >= cells*64 && want <= worst) {
				t.Fatalf("bit %d is in %d rows, among the fewest %v", bit, want, few.has(bit))
			}
		}
		starts := (width - cells) * 64
		if few.count() < min(most, starts) {
			t.Fatalf("%d bits, asked for %d", few.count(), most)
		}
	})
}

package sweep

import (
	"testing"

	"pgregory.net/rapid"
)

// The upright counters agree with counting bit by bit.
func TestTally(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		const width = 3
		var rows []row
		var members []int32
		for i := range rapid.IntRange(0, 70).Draw(t, "rows") {
			rows = append(rows, rapid.SliceOfN(rapid.Uint64(), width, width).Draw(t, "row"))
			if rapid.IntRange(0, 3).Draw(t, "left out") > 0 {
				members = append(members, int32(i))
			}
		}
		var tally tally
		tally.count(width, rows, members)
		limit, n := rapid.IntRange(-2, 80).Draw(t, "limit"), rapid.IntRange(0, 200).Draw(t, "n")
		kept, few, all := make(row, width), make(row, width), make(row, width)
		all.fill(0, width*64)
		kept.fill(0, width*64)
		tally.keepAtMost(limit, kept)
		tally.fewest(all, 0, n, few)
		worst := -1
		for bit := range few.each {
			worst = max(worst, tally.at(bit))
		}
		for bit := range width * 64 {
			want := 0
			for _, m := range members {
				if rows[m].has(bit) {
					want++
				}
			}
			if tally.at(bit) != want || kept.has(bit) != (want <= limit) || few.has(bit) != (want <= worst) {
				t.Fatalf("bit %d is in %d rows, counted %d, kept %v, among the fewest %v", bit, want, tally.at(bit), kept.has(bit), few.has(bit))
			}
		}
		if few.count() < min(n, width*64) {
			t.Fatalf("%d bits, asked for %d", few.count(), n)
		}
	})
}

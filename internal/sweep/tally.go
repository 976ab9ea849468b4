package sweep

import "math/bits"

// tally counts, for every bit of a row, in how many of the rows given to it the
// bit is set. The counts stand upright: plane p holds bit p of all of them, so
// that 64 counters are advanced, and later compared, by a few instructions.
type tally struct {
	planes []row
	n      int // rows counted
}

// count counts the rows. Eight of them pass through a tree of carry-save adders
// at a time; what is left over is carried into the planes above.
func (t *tally) count(width int, rows []row) {
	t.n = len(rows)
	t.planes = t.planes[:0]
	for range max(3, bits.Len(uint(t.n))) + 1 {
		t.planes = append(t.planes, make(row, width))
	}
	none := make(row, width)
	for ; len(rows) > 0; rows = rows[min(8, len(rows)):] {
		var eight [8]row
		for i := range eight {
			eight[i] = none
			if i < len(rows) {
				eight[i] = rows[i][:width]
			}
		}
		t.add(&eight)
	}
}

// add counts eight rows.
func (t *tally) add(r *[8]row) {
	ones, twos, fours := t.planes[0], t.planes[1], t.planes[2]
	for w := range ones {
		a, carry1 := adder(ones[w], r[0][w], r[1][w])
		a, carry2 := adder(a, r[2][w], r[3][w])
		b, carry3 := adder(twos[w], carry1, carry2)
		a, carry1 = adder(a, r[4][w], r[5][w])
		a, carry2 = adder(a, r[6][w], r[7][w])
		b, carry4 := adder(b, carry1, carry2)
		c, carry := adder(fours[w], carry3, carry4)
		ones[w], twos[w], fours[w] = a, b, c
		for p := 3; carry != 0; p++ {
			t.planes[p][w], carry = t.planes[p][w]^carry, t.planes[p][w]&carry
		}
	}
}

// adder adds three bits in each of 64 lanes.
func adder(a, b, c uint64) (sum, carry uint64) {
	ab := a ^ b
	return ab ^ c, a&b | ab&c
}

// at returns the count of bit i.
func (t *tally) at(i int) int {
	n := 0
	for p, plane := range t.planes {
		n |= int(plane[i>>6]>>(i&63)&1) << p
	}
	return n
}

// atMost sets in dst the bits whose count is limit or less, and clears the rest.
// Bits beyond the length of what was counted come out set: they count nothing.
func (t *tally) atMost(limit int, dst row) {
	for w := range dst {
		less, equal := t.compare(limit, w)
		dst[w] = less | equal
	}
}

// compare compares 64 counts with a constant, from the highest plane down.
func (t *tally) compare(with, w int) (less, equal uint64) {
	if with < 0 {
		return 0, 0
	}
	if with >= 1<<len(t.planes) {
		return ^uint64(0), 0
	}
	equal = ^uint64(0)
	for p := len(t.planes) - 1; p >= 0; p-- {
		plane := t.planes[p][w]
		if with>>p&1 == 1 {
			less |= equal &^ plane
			equal &= plane
		} else {
			equal &^= plane
		}
	}
	return less, equal
}

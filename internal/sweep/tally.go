package sweep

import (
	"math/bits"
	"sort"
)

// tally counts, for every bit of a row, in how many of the rows given to it the
// bit is set. The counts stand upright: plane p holds bit p of all of them, so
// that 64 counters are advanced, and later compared, by a few instructions.
type tally struct {
	planes []row
	none   row // a row of zeros, to fill up the last sixteen
	more   row // what over returns
	memory row // of all these
}

// count counts the rows of the members. Sixteen of them at a time pass through a
// tree of carry-save adders; what is left over is carried into the planes above.
// A few at the end are cheaper to count one by one.
func (t *tally) count(width int, rows []row, members []int32) {
	t.clear(width, max(4, bits.Len(uint(len(members)))))
	for len(members) > few {
		var r [16]row
		for i := range r {
			r[i] = t.none
			if i < len(members) {
				r[i] = rows[members[i]][:width]
			}
		}
		t.add(&r)
		members = members[min(len(r), len(members)):]
	}
	for _, m := range members {
		t.addOne(rows[m][:width])
	}
}

// few is the number of rows up to which counting one by one is cheaper.
const few = 6

// addOne counts one row.
func (t *tally) addOne(r row) {
	for w, carry := range r {
		for p := 0; carry != 0; p++ {
			plane := t.planes[p]
			plane[w], carry = plane[w]^carry, plane[w]&carry
		}
	}
}

// clear makes so many planes of zeros, in the memory that is there.
func (t *tally) clear(width, planes int) {
	t.memory = zeros(t.memory, (planes+2)*width)
	t.planes = t.planes[:0]
	for p := range planes {
		t.planes = append(t.planes, t.memory[p*width:][:width])
	}
	t.none, t.more = t.memory[planes*width:][:width], t.memory[(planes+1)*width:][:width]
}

// add counts sixteen rows.
func (t *tally) add(r *[16]row) {
	p0 := t.planes[0]
	p1, p2, p3 := t.planes[1][:len(p0)], t.planes[2][:len(p0)], t.planes[3][:len(p0)]
	r0, r1, r2, r3 := r[0][:len(p0)], r[1][:len(p0)], r[2][:len(p0)], r[3][:len(p0)]
	r4, r5, r6, r7 := r[4][:len(p0)], r[5][:len(p0)], r[6][:len(p0)], r[7][:len(p0)]
	r8, r9, rA, rB := r[8][:len(p0)], r[9][:len(p0)], r[10][:len(p0)], r[11][:len(p0)]
	rC, rD, rE, rF := r[12][:len(p0)], r[13][:len(p0)], r[14][:len(p0)], r[15][:len(p0)]
	for w := range p0 {
		one, twoA := adder(p0[w], r0[w], r1[w])
		one, twoB := adder(one, r2[w], r3[w])
		two, fourA := adder(p1[w], twoA, twoB)
		one, twoA = adder(one, r4[w], r5[w])
		one, twoB = adder(one, r6[w], r7[w])
		two, fourB := adder(two, twoA, twoB)
		four, eightA := adder(p2[w], fourA, fourB)
		one, twoA = adder(one, r8[w], r9[w])
		one, twoB = adder(one, rA[w], rB[w])
		two, fourA = adder(two, twoA, twoB)
		one, twoA = adder(one, rC[w], rD[w])
		one, twoB = adder(one, rE[w], rF[w])
		two, fourB = adder(two, twoA, twoB)
		four, eightB := adder(four, fourA, fourB)
		eight, carry := adder(p3[w], eightA, eightB)
		p0[w], p1[w], p2[w], p3[w] = one, two, four, eight
		for _, plane := range t.planes[4:] {
			plane[w], carry = plane[w]^carry, plane[w]&carry
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

// keepAtMost clears in r the bits whose count is more than limit.
func (t *tally) keepAtMost(limit int, r row) {
	for w, more := range t.over(limit)[:len(r)] {
		r[w] &^= more
	}
}

// over marks the bits whose count is more than limit, by one comparison from the
// lowest plane up: a count is greater if its bit is set where the limit's is not,
// or if the bits are equal and it was greater so far. The row is good until the
// next call.
func (t *tally) over(limit int) row {
	clear(t.more)
	if limit < 0 {
		for w := range t.more {
			t.more[w] = ^uint64(0)
		}
	} else if limit < 1<<len(t.planes) {
		for p, plane := range t.planes {
			if limit>>p&1 == 0 {
				t.more.or(plane)
			} else {
				t.more.and(plane)
			}
		}
	}
	return t.more
}

// fewest marks in r, among the bits from first on that are set in among, those
// with the lowest counts: all with the lowest, then all with the next, until at
// least n are marked or there are no more.
func (t *tally) fewest(among row, first, n int, r row) {
	n = min(n, among[first>>6:].count())
	limit := sort.Search(1<<len(t.planes), func(limit int) bool {
		marked := 0
		for w, more := range t.over(limit)[first>>6:] {
			marked += bits.OnesCount64(among[first>>6+w] &^ more)
		}
		return marked >= n
	})
	clear(r[:first>>6])
	copy(r[first>>6:], among[first>>6:])
	t.keepAtMost(limit, r)
}

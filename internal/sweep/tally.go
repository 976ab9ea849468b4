package sweep

import "math/bits"

// wide is how many people share a tile.
const wide = 16

// tile is the rows of some people side by side, without the dark words: what
// they have in the same word lies together, as it is counted together.
type tile [][wide]uint64

// tally counts, for every bit of a row, how many of some people have it set. The
// counts stand upright: of each word first the ones of 64 counts, then their
// twos, and so on, so that 64 counters are advanced, and later compared, by a few
// instructions.
type tally struct {
	canvas *canvas
	people int
	planes int      // how many words a word's counts take
	counts []uint64 // of the lit words
	rest   row      // memory of fewest
	some   tile     // memory of only
}

// clear makes all counts zero, to count so many people.
func (t *tally) clear(c *canvas, people int) {
	t.canvas, t.people, t.planes = c, people, max(4, bits.Len(uint(people)))
	t.counts = zeros(t.counts, t.planes*len(c.lit))
}

// count counts the members, which are in order, out of so many people.
func (t *tally) count(c *canvas, tiles tile, members []int32, people int) {
	t.clear(c, len(members))
	for len(members) > 0 {
		first, n := int(members[0])/wide*wide, 0
		for n < len(members) && int(members[n]) < first+wide {
			n++
		}
		all := tiles[first/wide*len(c.lit):][:len(c.lit)]
		if n < min(wide, people-first) {
			all = t.only(all, members[:n])
		}
		t.add(all)
		members = members[n:]
	}
}

// only returns a tile without the people who are not members. It is good until
// the next call.
func (t *tally) only(all tile, members []int32) tile {
	var member [wide]bool
	for _, m := range members {
		member[m%wide] = true
	}
	t.some = append(t.some[:0], all...)
	for column, stays := range member {
		if !stays {
			for k := range t.some {
				t.some[k][column] = 0
			}
		}
	}
	return t.some
}

// add counts a tile, by a tree of carry-save adders.
func (t *tally) add(all tile) {
	for k := range all {
		r, p := &all[k], t.counts[k*t.planes:][:t.planes]
		low := p[:4]
		one, twoA := adder(low[0], r[0], r[1])
		one, twoB := adder(one, r[2], r[3])
		two, fourA := adder(low[1], twoA, twoB)
		one, twoA = adder(one, r[4], r[5])
		one, twoB = adder(one, r[6], r[7])
		two, fourB := adder(two, twoA, twoB)
		four, eightA := adder(low[2], fourA, fourB)
		one, twoA = adder(one, r[8], r[9])
		one, twoB = adder(one, r[10], r[11])
		two, fourA = adder(two, twoA, twoB)
		one, twoA = adder(one, r[12], r[13])
		one, twoB = adder(one, r[14], r[15])
		two, fourB = adder(two, twoA, twoB)
		four, eightB := adder(four, fourA, fourB)
		eight, carry := adder(low[3], eightA, eightB)
		low[0], low[1], low[2], low[3] = one, two, four, eight
		for i := 4; i < len(p); i++ {
			p[i], carry = p[i]^carry, p[i]&carry
		}
	}
}

// adder adds three bits in each of 64 lanes.
func adder(a, b, c uint64) (sum, carry uint64) {
	ab := a ^ b
	return ab ^ c, a&b | ab&c
}

// of returns the counts of a lit word.
func (t *tally) of(k int) []uint64 { return t.counts[k*t.planes:][:t.planes] }

// at returns the count of bit i.
func (t *tally) at(i int) int {
	k := t.canvas.place[i>>6]
	if k < 0 {
		return t.people
	}
	n := 0
	for p, plane := range t.of(int(k)) {
		n |= int(plane>>(i&63)&1) << p
	}
	return n
}

// over marks the bits of a lit word whose count is more than limit, by one
// comparison from the lowest plane up: a count is greater if its bit is set where
// the limit's is not, or if the bits are equal and it was greater so far.
func (t *tally) over(limit, k int) (more uint64) {
	if limit < 0 {
		return ^uint64(0)
	}
	for _, plane := range t.counts[k*t.planes:][:t.planes] {
		if limit&1 == 0 {
			more |= plane
		} else {
			more &= plane
		}
		limit >>= 1
	}
	if limit != 0 {
		return 0
	}
	return more
}

// keepAtMost clears in r the bits whose count is more than limit.
func (t *tally) keepAtMost(limit int, r row) {
	if limit >= t.people {
		return
	}
	for k, w := range t.canvas.lit {
		if r[w] != 0 {
			r[w] &^= t.over(limit, k)
		}
	}
	for _, w := range t.canvas.dark {
		r[w] = 0
	}
}

// fewest marks in r, among the starts that are set in among, those with the
// lowest counts: all with the lowest, then all with the next, until at least n are
// marked or there are no more. It finds the n-th lowest count bit by bit, from
// the highest plane down.
func (t *tally) fewest(among row, n int, r row) {
	c := t.canvas
	t.rest = t.rest[:0]
	for _, w := range c.lit[c.day:] {
		t.rest = append(t.rest, among[w])
	}
	limit, below := 0, 0
	for p := t.planes - 1; p >= 0; p-- {
		zeros := 0
		for i, word := range t.rest {
			zeros += bits.OnesCount64(word &^ t.of(c.day + i)[p])
		}
		if below+zeros >= n {
			for i := range t.rest {
				t.rest[i] &^= t.of(c.day + i)[p]
			}
			continue
		}
		below, limit = below+zeros, limit|1<<p
		for i := range t.rest {
			t.rest[i] &= t.of(c.day + i)[p]
		}
	}
	clear(r[:c.offset])
	copy(r[c.offset:], among[c.offset:])
	t.keepAtMost(limit, r)
}

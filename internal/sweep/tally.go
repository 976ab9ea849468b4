package sweep

import (
	"math/bits"
	"slices"
)

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
	left   row      // memory of fewest
	level  row      // memory of fewest
	low    []uint64 // memory of lowest
	lower  []uint64 // memory of lowest
}

// clear makes all counts zero, to count so many people.
func (t *tally) clear(c *canvas, people int) {
	t.canvas, t.people, t.planes = c, people, max(3, bits.Len(uint(people)))
	t.counts = zeros(t.counts, t.planes*len(c.lit))
}

// count counts the members, which are in order.
func (t *tally) count(c *canvas, tiles tile, members []int32) {
	t.clear(c, len(members))
	for len(members) > 0 {
		var who places
		first := members[0] / wide * wide
		for len(members) > 0 && members[0] < first+wide {
			who.add(members[0])
			members = members[1:]
		}
		t.add(tiles[int(first)/wide*len(c.lit):][:len(c.lit)], &who)
	}
}

// without counts the people that all counts, but not those that some counts.
func (t *tally) without(all, some *tally) {
	t.clear(all.canvas, all.people-some.people)
	for k := range t.canvas.lit {
		a, b, d := all.of(k), some.of(k), t.of(k)
		borrow := uint64(0)
		for p := range d {
			var take uint64
			if p < len(b) {
				take = b[p]
			}
			d[p] = a[p] ^ take ^ borrow
			borrow = borrow&take | (borrow|take)&^a[p]
		}
	}
}

// places are some of a tile's places: all ones for each that counts.
type places [wide]uint64

// add adds the place of a person.
func (p *places) add(person int32) { p[person%wide] = ^uint64(0) }

// add counts the people of a tile who are in the given places. It takes eight at a
// time, by a tree of carry-save adders.
func (t *tally) add(all tile, who *places) {
	for half := 0; half < wide; half += 8 {
		if m := (*[8]uint64)(who[half:]); *m != [8]uint64{} {
			t.addHalf(all, half, m)
		}
	}
}

// addHalf counts those of the eight people from a place on who are in a mask.
func (t *tally) addHalf(all tile, first int, m *[8]uint64) {
	counts, planes := t.counts, t.planes
	for k := range all {
		p, r := counts[:planes], all[k][first:first+8]
		counts = counts[planes:]
		one, twoA := adder(p[0], r[0]&m[0], r[1]&m[1])
		one, twoB := adder(one, r[2]&m[2], r[3]&m[3])
		two, fourA := adder(p[1], twoA, twoB)
		one, twoA = adder(one, r[4]&m[4], r[5]&m[5])
		one, twoB = adder(one, r[6]&m[6], r[7]&m[7])
		two, fourB := adder(two, twoA, twoB)
		four, carry := adder(p[2], fourA, fourB)
		p[0], p[1], p[2] = one, two, four
		for i := 3; i < len(p); i++ {
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

// over marks the bits of a lit word whose count is more than limit.
func (t *tally) over(limit, k int) uint64 {
	switch {
	case limit < 0:
		return ^uint64(0)
	case limit >= t.people:
		return 0
	default:
		return greater(t.of(k), limit)
	}
}

// greater marks the counts that are more than limit, which is not negative and has
// no more planes, by one comparison from the lowest plane up: a count is greater
// if its bit is set where the limit's is not, or if the bits are equal and it was
// greater so far.
func greater(counts []uint64, limit int) (more uint64) {
	for _, plane := range counts {
		if limit&1 == 0 {
			more |= plane
		} else {
			more &= plane
		}
		limit >>= 1
	}
	return more
}

// keepAtMost clears in r the bits whose count is more than limit.
func (t *tally) keepAtMost(limit int, r row) {
	switch {
	case limit >= t.people:
		return
	case limit < 0:
		clear(r)
		return
	case t.planes == 3: // up to seven people
		t.keepFew(limit, r)
	default:
		counts := t.counts
		for _, w := range t.canvas.lit {
			r[w] &^= greater(counts[:t.planes], limit)
			counts = counts[t.planes:]
		}
	}
	for _, w := range t.canvas.dark {
		r[w] = 0
	}
}

// keepFew is keepAtMost of three planes, in the lit words, with nothing to decide.
func (t *tally) keepFew(limit int, r row) {
	ones, twos, fours := -uint64(limit&1), -uint64(limit>>1&1), -uint64(limit>>2&1)
	counts := t.counts
	for _, w := range t.canvas.lit {
		p := (*[3]uint64)(counts)
		more := p[0] &^ ones
		more = more&p[1] | (more|p[1])&^twos
		r[w] &^= more&p[2] | (more|p[2])&^fours
		counts = counts[3:]
	}
}

// fewest marks in r, among the starts that are set in among, those with the
// lowest counts: all with the lowest, then all with the next, until at least n are
// marked or there are no more.
func (t *tally) fewest(among row, n int, r row) {
	clear(r)
	t.left, t.level = append(t.left[:0], among...), append(t.level[:0], among...)
	for n > 0 && t.lowest(t.left, t.level) {
		for w := t.canvas.offset; w < len(r); w++ {
			r[w] |= t.level[w]
			n -= bits.OnesCount64(t.level[w])
		}
	}
}

// lowest moves, from among to r, the starts with the lowest count; false if there
// are none. It finds that count bit by bit, from the highest plane down: the bit is
// not set if there is a start left without it, and then those with it are out.
func (t *tally) lowest(among, r row) bool {
	c := t.canvas
	lit := c.lit[c.day:]
	low, lower := slices.Grow(t.low[:0], len(lit))[:len(lit)], slices.Grow(t.lower[:0], len(lit))[:len(lit)]
	t.low, t.lower = low, lower
	var all uint64
	for k, w := range lit {
		low[k] = among[w]
		all |= low[k]
	}
	count := 0
	counts := t.counts[c.day*t.planes:]
	for p := t.planes - 1; p >= 0; p-- {
		left, at := uint64(0), p
		lower = lower[:len(low)]
		for k, x := range low {
			x &^= counts[at]
			lower[k] = x
			left |= x
			at += t.planes
		}
		if left == 0 {
			count |= 1 << p
		} else {
			low, lower = lower, low
		}
	}
	clear(r)
	for k, w := range lit {
		r[w] = low[k]
		among[w] &^= low[k]
	}
	found := all != 0
	if found && count < t.people {
		return true
	}
	for _, w := range c.dark { // there everybody is missing
		if int(w) >= c.offset && among[w] != 0 {
			r[w], among[w], found = among[w], 0, true
		}
	}
	return found
}

package bitset

import (
	"math/bits"
	"slices"
)

// Tally counts, for every bit of a row, how many of some people have it set. The counts
// stand upright: for each word first the lowest bits of its 64 counts, then the next
// bits, and so on (one plane each). So 64 counters advance, and later compare, with a
// few instructions. The zero Tally is ready for Reset or Count.
type Tally struct {
	layout *Layout
	people int
	planes int      // how many words a word's counts take
	counts []uint64 // of the live words
	low    []uint64 // memory of Lowest
	lower  []uint64 // memory of Lowest
}

// Reset makes all counts zero, to count so many people.
func (t *Tally) Reset(l *Layout, people int) {
	t.layout, t.people, t.planes = l, people, max(3, bits.Len(uint(people)))
	t.counts = Zeros(t.counts, t.planes*len(l.live))
}

// Count counts the members, given by their numbers in order.
func (t *Tally) Count(m *Matrix, members []int32) {
	t.Reset(m.layout, len(members))
	for len(members) > 0 {
		var who places
		first := members[0] / Wide * Wide
		for len(members) > 0 && members[0] < first+Wide {
			who.add(members[0])
			members = members[1:]
		}
		t.add(m.tile(int(first)), &who)
	}
}

// Add counts the people numbered first (inclusive) to end (exclusive), who share a tile.
func (t *Tally) Add(m *Matrix, first, end int) {
	var who places
	for i := first; i < end; i++ {
		who.add(int32(i))
	}
	t.add(m.tile(first), &who)
}

// places are some of a tile's places: all ones for each that counts.
type places [Wide]uint64

// add adds the place of a person.
func (p *places) add(person int32) { p[person%Wide] = ^uint64(0) }

// add counts the people of a tile who are in the given places. It takes eight at a time,
// by a tree of carry-save adders.
func (t *Tally) add(all tile, who *places) {
	for half := 0; half < Wide; half += 8 {
		if m := (*[8]uint64)(who[half:]); *m != [8]uint64{} {
			t.addHalf(all, half, m)
		}
	}
}

// addHalf counts those of the eight people from a place on who are in a mask.
func (t *Tally) addHalf(all tile, first int, m *[8]uint64) {
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

// Subtract counts the people that all counts, but not those that some counts, who are
// among them.
func (t *Tally) Subtract(all, some *Tally) {
	t.Reset(all.layout, all.people-some.people)
	for k := range t.layout.live {
		a, b, d := all.of(k), some.of(k), t.of(k)
		a = a[:len(d)]
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

// of returns the counts of a live word.
func (t *Tally) of(k int) []uint64 { return t.counts[k*t.planes:][:t.planes] }

// At returns how many people have a bit set.
func (t *Tally) At(bit int) int {
	k := t.layout.place[bit>>6]
	if k < 0 {
		return t.people
	}
	n := 0
	for p, plane := range t.of(int(k)) {
		n |= int(plane>>(bit&63)&1) << p
	}
	return n
}

// Lowest moves, from among to r, the starts with the lowest count; false if among has
// no start. It finds that count bit by bit, from the highest plane down: the bit is not
// set if there is a start left without it, and then those with it are out.
func (t *Tally) Lowest(among, r Row) bool {
	l := t.layout
	low, any := t.liveStarts(among)
	low, count := t.narrow(low)
	clear(r)
	live := l.live[l.liveCells:]
	low = low[:len(live)]
	for k, w := range live {
		r[w] = low[k]
		among[w] &^= low[k]
	}
	if any && count < t.people {
		return true
	}
	for _, w := range l.dead { // there everybody is missing
		if int(w) >= l.cellWords && among[w] != 0 {
			r[w], among[w], any = among[w], 0, true
		}
	}
	return any
}

// liveStarts returns the live words of starts of a row, and whether any bit is set.
func (t *Tally) liveStarts(r Row) (low []uint64, any bool) {
	live := t.layout.live[t.layout.liveCells:]
	low = slices.Grow(t.low[:0], len(live))[:len(live)]
	t.low, t.lower = low, slices.Grow(t.lower[:0], len(live))[:len(live)]
	var all uint64
	for k, w := range live {
		low[k] = r[w]
		all |= low[k]
	}
	return low, all != 0
}

// narrow keeps of the starts in low those with the lowest count, which it returns.
func (t *Tally) narrow(low []uint64) (lowest []uint64, count int) {
	lower, planes := t.lower, t.planes
	counts := t.counts[t.layout.liveCells*planes:]
	for p := planes - 1; p >= 0; p-- {
		left, at := uint64(0), p
		lower = lower[:len(low)]
		for k, x := range low {
			x &^= counts[at]
			lower[k] = x
			left |= x
			at += planes
		}
		if left == 0 {
			count |= 1 << p
		} else {
			low, lower = lower, low
		}
	}
	return low, count
}

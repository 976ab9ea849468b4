package sweep

import (
	"math/bits"
	"slices"
)

// row is a packed line of bits, one for each cell and start (see canvas).
type row []uint64

// words returns how many words hold n bits.
func words(n int) int { return (n + 63) / 64 }

// fill sets the bits a to b-1; nothing if b <= a.
func (r row) fill(a, b int) {
	if a >= b {
		return
	}
	first, last := a>>6, (b-1)>>6
	head, tail := ^uint64(0)<<(a&63), ^uint64(0)>>(63-(b-1)&63)
	if first == last {
		r[first] |= head & tail
		return
	}
	r[first] |= head
	for w := first + 1; w < last; w++ {
		r[w] = ^uint64(0)
	}
	r[last] |= tail
}

// zeros returns a row of n words without a set bit, in r's memory if it is enough.
func zeros(r row, n int) row {
	r = slices.Grow(r[:0], n)[:n]
	clear(r)
	return r
}

// has reports whether bit i is set.
func (r row) has(i int) bool { return r[i>>6]>>(i&63)&1 == 1 }

// set sets bit i.
func (r row) set(i int) { r[i>>6] |= 1 << (i & 63) }

// and keeps the bits that are also in other.
func (r row) and(other row) {
	other = other[:len(r)]
	for w := range r {
		r[w] &= other[w]
	}
}

// count returns the number of set bits.
func (r row) count() int {
	n := 0
	for _, word := range r {
		n += bits.OnesCount64(word)
	}
	return n
}

// clearBefore counts the bits right before i that are not set, up to so many.
func (r row) clearBefore(i, most int) int {
	for n := 0; n < most; {
		last := i - n - 1
		if word := r[last>>6] << (63 - last&63); word != 0 {
			return min(most, n+bits.LeadingZeros64(word))
		}
		n += last&63 + 1
	}
	return most
}

// clearFrom counts the bits from i on that are not set, up to so many.
func (r row) clearFrom(i, most int) int {
	for n := 0; n < most; {
		next := i + n
		if word := r[next>>6] >> (next & 63); word != 0 {
			return min(most, n+bits.TrailingZeros64(word))
		}
		n += 64 - next&63
	}
	return most
}

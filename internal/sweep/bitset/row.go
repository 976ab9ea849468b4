package bitset

import (
	"math/bits"
	"slices"
)

// Row is a packed line of bits, 64 to a word. Its Layout says which bits stand for
// cells and which for starts.
type Row []uint64

// Words returns how many words hold n bits.
func Words(n int) int { return (n + 63) / 64 }

// Zeros returns a row of n words without a set bit. It uses r's memory if that is enough.
func Zeros(r Row, n int) Row {
	r = slices.Grow(r[:0], n)[:n]
	clear(r)
	return r
}

// fill sets the bits from a (inclusive) to b (exclusive); none if b <= a.
func (r Row) fill(a, b int) {
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

// Has reports whether bit i is set.
func (r Row) Has(i int) bool { return r[i>>6]>>(i&63)&1 == 1 }

// Set sets bit i.
func (r Row) Set(i int) { r[i>>6] |= 1 << (i & 63) }

// And keeps the bits that are also set in other, which is at least as long.
func (r Row) And(other Row) {
	other = other[:len(r)]
	for w := range r {
		r[w] &= other[w]
	}
}

// Count returns the number of set bits.
func (r Row) Count() int {
	n := 0
	for _, word := range r {
		n += bits.OnesCount64(word)
	}
	return n
}

// ClearBefore counts the bits directly before bit i that are not set, up to most. There
// must be that many bits before i.
func (r Row) ClearBefore(i, most int) int {
	for n := 0; n < most; {
		last := i - n - 1
		if word := r[last>>6] << (63 - last&63); word != 0 {
			return min(most, n+bits.LeadingZeros64(word))
		}
		n += last&63 + 1
	}
	return most
}

// ClearFrom counts the bits from bit i on that are not set, up to most. There must be
// that many bits from i on.
func (r Row) ClearFrom(i, most int) int {
	for n := 0; n < most; {
		next := i + n
		if word := r[next>>6] >> (next & 63); word != 0 {
			return min(most, n+bits.TrailingZeros64(word))
		}
		n += 64 - next&63
	}
	return most
}

// SetBefore counts the bits directly before bit i that are set and not in except, up to
// most. There must be that many bits before i.
func (r Row) SetBefore(i, most int, except Row) int {
	for n := 0; n < most; {
		last := i - n - 1
		if word := ^(r[last>>6] &^ except[last>>6]) << (63 - last&63); word != 0 {
			return min(most, n+bits.LeadingZeros64(word))
		}
		n += last&63 + 1
	}
	return most
}

// SetFrom counts the bits from bit i on that are set and not in except, up to most. There
// must be that many bits from i on.
func (r Row) SetFrom(i, most int, except Row) int {
	for n := 0; n < most; {
		next := i + n
		if word := ^(r[next>>6] &^ except[next>>6]) >> (next & 63); word != 0 {
			return min(most, n+bits.TrailingZeros64(word))
		}
		n += 64 - next&63
	}
	return most
}

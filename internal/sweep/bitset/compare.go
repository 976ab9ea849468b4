package bitset

// Over marks, in a word of a row, the bits whose count is more than limit. In a dead
// word everybody is missing.
func (t *Tally) Over(limit, word int) uint64 {
	k := t.layout.place[word]
	switch {
	case limit < 0:
		return ^uint64(0)
	case limit >= t.people:
		return 0
	case k < 0:
		return ^uint64(0)
	default:
		return greater(t.of(int(k)), limit)
	}
}

// greater marks the counts that are more than limit, which is not negative and has no
// more planes. It compares once from the lowest plane up: a count is greater if its bit
// is set where the limit's is not, or if the bits are equal and it was greater so far.
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

// KeepAtMost clears in r the bits whose count is more than limit.
func (t *Tally) KeepAtMost(limit int, r Row) {
	switch {
	case limit >= t.people:
		return
	case limit < 0:
		clear(r)
		return
	case t.planes == 3: // up to seven people
		t.keepFew(limit, r)
	default:
		counts, planes := t.counts, t.planes
		for _, w := range t.layout.live {
			r[w] &^= greater(counts[:planes], limit)
			counts = counts[planes:]
		}
	}
	for _, w := range t.layout.dead {
		r[w] = 0
	}
}

// keepFew is KeepAtMost of three planes, in the live words, without branches.
func (t *Tally) keepFew(limit int, r Row) {
	ones, twos, fours := -uint64(limit&1), -uint64(limit>>1&1), -uint64(limit>>2&1)
	counts := t.counts
	for _, w := range t.layout.live {
		p := (*[3]uint64)(counts)
		more := p[0] &^ ones
		more = more&p[1] | (more|p[1])&^twos
		r[w] &^= more&p[2] | (more|p[2])&^fours
		counts = counts[3:]
	}
}

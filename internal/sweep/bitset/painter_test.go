package bitset

import (
	"math/bits"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"slotfinder/internal/civil"
)

// painted is what a person lacks, minute by minute.
func painted(blocks []civil.Span, axis civil.Span) (minutes []bool) {
	minutes = make([]bool, axis.Len())
	for _, b := range blocks {
		for m := max(b.Start, axis.Start); m < min(b.End, axis.End); m++ {
			minutes[m-axis.Start] = true
		}
	}
	return minutes
}

// What a painter makes of blocks agrees with painting minute by minute: whole cells,
// partial cells and starts.
func TestPainter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		axis := civil.Span{Start: 1000, End: 1000 + 5*civil.Minute(rapid.IntRange(1, 600).Draw(t, "cells"))}
		step := civil.Minute(rapid.SampledFrom([]int{5, 7, 15}).Draw(t, "step"))
		duration := civil.Minute(rapid.SampledFrom([]int{5, 12, 30, 60, 400}).Draw(t, "duration"))
		var starts []civil.Minute
		for at := axis.Start; at < axis.End; at += step {
			starts = append(starts, at)
		}
		blocks := rapid.SliceOfN(rapid.Custom(func(t *rapid.T) civil.Span {
			at := axis.Start + civil.Minute(rapid.IntRange(-100, int(axis.Len())+100).Draw(t, "at"))
			return civil.Span{Start: at, End: at + civil.Minute(rapid.IntRange(1, 400).Draw(t, "length"))}
		}), 0, 8).Draw(t, "blocks")
		l := NewLayout(axis, starts, duration)
		p := NewPainter(l)
		for _, b := range blocks {
			p.Paint(b)
		}
		p.Finish(0)
		lacks, row := painted(blocks, axis), p.Row()
		partial := map[int]uint8{}
		for _, f := range p.Partials() {
			partial[int(f.Cell)] = f.Minutes
		}
		for c := range l.Cells() {
			var minutes uint8
			for m := range int(l.Cell()) {
				if lacks[c*int(l.Cell())+m] {
					minutes |= 1 << m
				}
			}
			whole := minutes == l.WholeCell()
			if row.Has(c) != whole || !whole && partial[c] != minutes || bits.OnesCount8(partial[c]) > 0 != p.Edge().Has(c) {
				t.Fatalf("cell %d lacks %b: whole %v, partial %b", c, minutes, row.Has(c), partial[c])
			}
		}
		for i, at := range starts {
			hit := slices.ContainsFunc(blocks, func(b civil.Span) bool {
				return b.Clip(axis).Overlaps(civil.Span{Start: at, End: at + duration})
			})
			if row.Has(l.Bit(i)) != hit {
				t.Fatalf("start %d at %d: %v, not %v", i, at, row.Has(l.Bit(i)), hit)
			}
		}
	})
}

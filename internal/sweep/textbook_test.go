package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/civil"
)

// outcome is what is measured and compared: how many people can attend the slot
// at each start, the windows of everybody and of the quorum, and the starts of
// the 50 slots with the most people.
type outcome struct {
	counts      []int
	all, quorum []civil.Span
	best        []civil.Minute
}

// interval is what the textbook works with.
type interval struct{ start, end int64 }

// textbook answers as a good introduction to interval scheduling would: sort and merge
// each person's intervals, then sweep over one sorted list of all events with a counter.
// Its input is as ready as the engine's: off-hours are intervals already.
type textbook struct {
	from, to, duration, step int64
	need                     int
	busy, outside            [][]interval // per person
}

func newTextbook(in Input, quorum int) textbook {
	s := Prepare(in)
	t := textbook{from: int64(s.axis.Start), to: int64(s.axis.End), duration: int64(in.Rules.Duration), step: int64(in.Rules.Step), need: quorum}
	for i := range in.People {
		var busy, outside []interval
		for _, b := range in.People[i].Blocks {
			busy = append(busy, interval{int64(b.Start), int64(b.End)})
		}
		for _, off := range civil.Union(s.axis).Subtract(s.atWork(schedule{in.People[i].Zone, in.People[i].Hours})) {
			outside = append(outside, interval{int64(off.Start), int64(off.End)})
		}
		t.busy, t.outside = append(t.busy, busy), append(t.outside, outside)
	}
	return t
}

func (t textbook) answer() outcome {
	type event struct {
		at int64
		by int
	}
	var events, starts []event
	for p := range t.busy {
		for _, m := range mergeIntervals(append(slices.Clone(t.busy[p]), t.outside[p]...)) {
			events = append(events, event{m.start, 1}, event{m.end, -1})
		}
		for _, m := range t.startsLost(append(slices.Clone(t.busy[p]), t.outside[p]...)) {
			starts = append(starts, event{m.start, 1}, event{m.end, -1})
		}
	}
	byTime := func(a, b event) int { return cmp.Compare(a.at, b.at) }
	slices.SortFunc(events, byTime)
	slices.SortFunc(starts, byTime)
	var o outcome
	missing := 0
	at := t.from
	for i := 0; i <= len(events); i++ {
		next := t.to
		if i < len(events) {
			next = min(max(events[i].at, t.from), t.to)
		}
		if next > at {
			o.all = t.extend(o.all, at, next, missing == 0)
			o.quorum = t.extend(o.quorum, at, next, missing <= len(t.busy)-t.need)
			at = next
		}
		if i < len(events) {
			missing += events[i].by
		}
	}
	o.all, o.quorum = t.long(o.all), t.long(o.quorum)
	missing, i := 0, 0
	for start := t.from; start+t.duration <= t.to; start += t.step {
		for ; i < len(starts) && starts[i].at <= start; i++ {
			missing += starts[i].by
		}
		o.counts = append(o.counts, len(t.busy)-missing)
	}
	o.best = t.best(o.counts)
	return o
}

// mergeIntervals sorts and merges.
func mergeIntervals(list []interval) []interval {
	slices.SortFunc(list, func(a, b interval) int { return cmp.Compare(a.start, b.start) })
	merged := list[:0]
	for _, m := range list {
		if last := len(merged) - 1; last >= 0 && m.start <= merged[last].end {
			merged[last].end = max(merged[last].end, m.end)
		} else if m.end > m.start {
			merged = append(merged, m)
		}
	}
	return merged
}

// startsLost turns busy intervals into those of the starts they make impossible.
func (t textbook) startsLost(list []interval) []interval {
	for i := range list {
		list[i].start -= t.duration - 1
	}
	return mergeIntervals(list)
}

// extend adds a stretch to the windows if it is good.
func (t textbook) extend(windows []civil.Span, from, to int64, good bool) []civil.Span {
	if !good {
		return windows
	}
	if last := len(windows) - 1; last >= 0 && int64(windows[last].End) == from {
		windows[last].End = civil.Minute(to)
		return windows
	}
	return append(windows, civil.Span{Start: civil.Minute(from), End: civil.Minute(to)})
}

func (t textbook) long(windows []civil.Span) []civil.Span {
	return slices.DeleteFunc(windows, func(w civil.Span) bool { return int64(w.Len()) < t.duration })
}

// best returns the 50 starts with the highest counts, earlier ones first among
// equals.
func (t textbook) best(counts []int) []civil.Minute {
	order := make([]int, len(counts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(counts[b], counts[a]) })
	var best []civil.Minute
	for _, i := range order[:min(50, len(order))] {
		best = append(best, civil.Minute(t.from+int64(i)*t.step))
	}
	return best
}

package find

import (
	"slices"
	"sort"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// mostCards is how many times are proposed.
const mostCards = 5

// card is a proposed time.
type card struct {
	start, end time.Time // in the viewer's zone
	url        string
	missing    []meet.Verdict
	remark     meet.Remark // what distinguishes it from the other cards
	best       bool
	chosen     bool
}

// proposals are good times that don't overlap, in the order of time: the best of each day
// and, when these are few, more of the same days.
func (r *Result) proposals() []card {
	ranked := slices.Clone(r.offers())
	sort.SliceStable(ranked, func(i, j int) bool { return ranked[i].Rank < ranked[j].Rank })
	var picked []meet.Slot
	days := map[civil.Date]bool{}
	for _, again := range []bool{false, true} {
		for _, slot := range ranked {
			if len(picked) == mostCards {
				break
			}
			day := civil.DateIn(r.zone, slot.Start)
			if days[day] && !again || overlaps(picked, slot) {
				continue
			}
			picked, days[day] = append(picked, r.rounded(slot, picked)), true
		}
	}
	slices.SortFunc(picked, func(a, b meet.Slot) int { return int(a.Start - b.Start) })
	return r.cardsOf(picked)
}

func overlaps(picked []meet.Slot, slot meet.Slot) bool {
	return slices.ContainsFunc(picked, func(p meet.Slot) bool { return p.Overlaps(slot.Span) })
}

// rounded is the best start on the half hour in the same opening and on the same day, if
// one is there that suits as many people.
func (r *Result) rounded(slot meet.Slot, picked []meet.Slot) meet.Slot {
	if r.onHalfHour(slot) {
		return slot
	}
	var round []meet.Slot
	for _, s := range r.sameOpening(slot) {
		if r.onHalfHour(s) && civil.DateIn(r.zone, s.Start) == civil.DateIn(r.zone, slot.Start) && !overlaps(picked, s) {
			round = append(round, s)
		}
	}
	sort.SliceStable(round, func(i, j int) bool { return round[i].Rank < round[j].Rank })
	most := len(r.missing(slot))
	for _, s := range round {
		if len(r.missing(s)) <= most {
			return s
		}
	}
	return slot
}

func (r *Result) onHalfHour(slot meet.Slot) bool {
	start, _ := slot.In(r.zone)
	return start.Minute()%30 == 0
}

// sameOpening are the slots of the opening that a slot lies in; none for a nearest miss,
// which lies in none.
func (r *Result) sameOpening(slot meet.Slot) []meet.Slot {
	windows, slots := r.answer.Found.Windows, r.answer.Found.Slots
	w := sort.Search(len(windows), func(i int) bool { return windows[i].End >= slot.End })
	if w == len(windows) || windows[w].Start > slot.Start {
		return nil
	}
	first := sort.Search(len(slots), func(i int) bool { return slots[i].Start >= windows[w].Start })
	last := sort.Search(len(slots), func(i int) bool { return slots[i].End > windows[w].End })
	return slots[first:last]
}

func (r *Result) missing(s meet.Slot) []meet.Verdict {
	return r.answer.Verdicts(s.Start.Time(), s.End.Time())
}

// cardsOf makes cards, says what distinguishes each, and marks the best.
func (r *Result) cardsOf(picked []meet.Slot) []card {
	cards, spans, best := make([]card, len(picked)), make([]civil.Span, len(picked)), 0
	for i, slot := range picked {
		spans[i] = slot.Span
		start, end := slot.In(r.zone)
		cards[i] = card{start: start, end: end, url: r.slotURL(start), missing: r.missing(slot)}
		if slot.Rank < picked[best].Rank {
			best = i
		}
	}
	for i, remark := range r.answer.Remarks(spans) {
		cards[i].remark = remark
	}
	if len(cards) > 0 {
		cards[best].best = true
	}
	return cards
}

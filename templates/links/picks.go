package links

import (
	"cmp"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// The bounds of the times to tick. Three months of them every five minutes would be megabytes;
// a few of each day always find room, and so does whatever is ticked.
const (
	mostPicks      = 400 // in all
	mostOfDay      = 4   // that are seen at once, of each day
	mostBest       = 8   // that are marked as the best
	mostBestOfDay  = 2
	mostFirstPicks = meet.MaxDays * mostOfDay
)

// pickDay is a day with times to tick.
type pickDay struct {
	noon   time.Time
	first  []pickTime // seen at once: the best of the day, which don't overlap
	others []pickTime // folded away
	open   bool       // one of the others is ticked
}

type pickTime struct {
	start, end time.Time
	value      string
	ticked     bool
	best       bool
	gone       bool // free no longer
}

// picks are the times to tick, day by day: all days, each with its best times first.
func (f Form) picks() []pickDay {
	first := startsOf(meet.Spread(f.Slots, f.Zone, mostOfDay, mostFirstPicks))
	best := startsOf(meet.Spread(f.Slots, f.Zone, mostBestOfDay, mostBest))
	free, room := startsOf(f.Slots), mostPicks-len(first)
	var days []pickDay
	last := ""
	for _, slot := range f.pickable() {
		start, end := slot.In(f.Zone)
		value := part.ISO(start)
		pick := pickTime{
			start: start, end: end, value: value, ticked: slices.Contains(f.Values["slot"], value),
			best: best[slot.Start], gone: !free[slot.Start],
		}
		if !first[slot.Start] && !pick.ticked {
			if room <= 0 {
				continue
			}
			room--
		}
		if key := civil.DateOf(start).String(); key != last {
			days = append(days, pickDay{noon: civil.NoonOf(start, f.Zone)})
			last = key
		}
		day := &days[len(days)-1]
		if first[slot.Start] {
			day.first = append(day.first, pick)
		} else {
			day.others, day.open = append(day.others, pick), day.open || pick.ticked
		}
	}
	return days
}

// pickable are the times found and those that are ticked though they are free no longer:
// they may be again.
func (f Form) pickable() []meet.Slot {
	all, known := slices.Clone(f.Slots), startsOf(f.Slots)
	for _, text := range f.Values["slot"][:min(len(f.Values["slot"]), meet.MaxPicks)] {
		at, err := time.Parse(time.RFC3339, text)
		if err != nil || at.Before(f.Now) || at.After(f.Now.AddDate(0, 0, meet.MaxLinkDays)) {
			continue
		}
		if start := civil.Floor(at); !known[start] {
			known[start] = true
			all = append(all, meet.Slot{Span: civil.Span{Start: start, End: start + civil.Minute(f.Duration)}})
		}
	}
	slices.SortStableFunc(all, func(a, b meet.Slot) int { return cmp.Compare(a.Start, b.Start) })
	return all
}

func startsOf(slots []meet.Slot) map[civil.Minute]bool {
	starts := make(map[civil.Minute]bool, len(slots))
	for _, slot := range slots {
		starts[slot.Start] = true
	}
	return starts
}

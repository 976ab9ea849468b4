package links

import (
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
}

// picks are the times to tick, day by day: all days, each with its best times first.
func (f Form) picks() []pickDay {
	first := startsOf(meet.Spread(f.Slots, f.Zone, mostOfDay, mostFirstPicks))
	best := startsOf(meet.Spread(f.Slots, f.Zone, mostBestOfDay, mostBest))
	room := mostPicks - len(first)
	var days []pickDay
	last := ""
	for _, slot := range f.Slots {
		start, end := slot.In(f.Zone)
		value := part.ISO(start)
		time := pickTime{start, end, value, slices.Contains(f.Values["slot"], value), best[slot.Start]}
		if !first[slot.Start] && !time.ticked {
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
			day.first = append(day.first, time)
		} else {
			day.others, day.open = append(day.others, time), day.open || time.ticked
		}
	}
	return days
}

func startsOf(slots []meet.Slot) map[civil.Minute]bool {
	starts := make(map[civil.Minute]bool, len(slots))
	for _, slot := range slots {
		starts[slot.Start] = true
	}
	return starts
}

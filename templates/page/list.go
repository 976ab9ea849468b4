package page

import "time"

// listDay is a day with its slots and everybody's clock.
type listDay struct {
	noon   time.Time
	open   bool
	clocks []clock // at noon; columns
	slots  []listSlot
}

// listSlot is one row: a slot on each of the day's clocks.
type listSlot struct {
	start, end time.Time // in the viewer's zone
	url        string
	chosen     bool
	local      []clock
}

// newList sorts the slots into days: those of the whole range or, when they are
// very many, of the days on the board.
func (r *Result) newList() []listDay {
	var list []listDay
	shown := map[string]bool{}
	for _, d := range r.board.days {
		shown[d.key] = true
	}
	last := ""
	for _, s := range r.facts.Slots {
		s = s.in(r.facts.Zone)
		key := s.Start.Format(time.DateOnly)
		if len(r.facts.Slots) > mostRows && !shown[key] {
			continue
		}
		if key != last {
			list = append(list, r.newListDay(s.Start, key))
			last = key
		}
		d := &list[len(list)-1]
		d.slots = append(d.slots, r.newListSlot(s, d.clocks))
	}
	return list
}

func (r *Result) newListDay(start time.Time, key string) listDay {
	noon := noonOf(start, r.facts.Zone)
	return listDay{
		noon: noon, clocks: clocksAt(r.facts.People, noon, noon),
		open: r.board.on != nil && r.board.on.key == key,
	}
}

func (r *Result) newListSlot(s Slot, clocks []clock) listSlot {
	row := listSlot{start: s.Start, end: s.End, url: r.slotURL(s.Start)}
	row.chosen = r.chosen != nil && r.chosen.Start.Equal(s.Start)
	for _, c := range clocks {
		row.local = append(row.local, newClock(c.zone, s.Start, s.End))
	}
	return row
}

// partial reports whether the list leaves out days of the range.
func (r *Result) partial() bool {
	return len(r.facts.Slots) > mostRows && len(r.board.days) < len(r.board.all)
}

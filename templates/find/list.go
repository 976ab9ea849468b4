package find

import (
	"time"

	"slotfinder/internal/civil"
)

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

// extent is the set of days whose times the list shows.
type extent uint8

const (
	wholeRange extent = iota
	boardDays
	oneDay
)

// extent is the largest with few enough rows; each row repeats the whole query.
func (r *Result) extent() extent {
	onBoard := 0
	for _, d := range r.board.days {
		onBoard += d.slots
	}
	switch {
	case len(r.answer.Found.Slots) <= mostRows:
		return wholeRange
	case onBoard <= mostRows:
		return boardDays
	}
	return oneDay
}

// listed are the days in the list, nil = all.
func (r *Result) listed() map[string]bool {
	shown := map[string]bool{}
	switch r.extent() {
	case wholeRange:
		return nil
	case oneDay:
		shown[r.board.on.key] = true
	default:
		for _, d := range r.board.days {
			shown[d.key] = true
		}
	}
	return shown
}

// newList sorts the slots into days: those of the whole range or, when they are
// very many, of the days on the board or of the one that was chosen there.
func (r *Result) newList() []listDay {
	var list []listDay
	shown := r.listed()
	last := ""
	for _, s := range r.answer.Found.Slots {
		start, end := s.In(r.zone)
		key := start.Format(time.DateOnly)
		if shown != nil && !shown[key] {
			continue
		}
		if key != last {
			list = append(list, r.newListDay(start, key))
			last = key
		}
		d := &list[len(list)-1]
		d.slots = append(d.slots, r.newListSlot(start, end, d.clocks))
	}
	return list
}

func (r *Result) newListDay(start time.Time, key string) listDay {
	noon := civil.NoonOf(start, r.zone)
	return listDay{
		noon: noon, clocks: clocksAt(r.people, noon, noon),
		open: r.board.on != nil && r.board.on.key == key,
	}
}

func (r *Result) newListSlot(start, end time.Time, clocks []clock) listSlot {
	row := listSlot{start: start, end: end, url: r.slotURL(start)}
	row.chosen = r.chosen != nil && r.chosen.start.Equal(start)
	for _, c := range clocks {
		row.local = append(row.local, newClock(c.zone, start, end))
	}
	return row
}

// partial says of which days the list is, "" when it is of all.
func (r *Result) partial() string {
	switch r.extent() {
	case boardDays:
		if len(r.board.days) < len(r.board.all) {
			return "list.partial"
		}
	case oneDay:
		if len(r.board.all) > 1 {
			return "list.one_day"
		}
	case wholeRange:
	}
	return ""
}

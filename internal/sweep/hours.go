package sweep

import (
	"slices"

	"slotfinder/internal/civil"
)

// on returns the ranges that start on the day.
func (h *Hours) on(d civil.Date) []civil.Range {
	day := civil.YearDay{Month: d.Month, Day: d.Day}
	week := h.Week[d.Weekday()]
	switch {
	case h.off(d):
		return nil
	case len(week) == 0 && slices.Contains(h.Workdays, day):
		return h.Extra
	default:
		return week
	}
}

// extraOn reports whether the day is an additional working day.
func (h *Hours) extraOn(d civil.Date) bool {
	return len(h.Week[d.Weekday()]) == 0 && len(h.on(d)) > 0
}

// off reports whether the day is a holiday or a single day off.
func (h *Hours) off(d civil.Date) bool {
	return slices.Contains(h.Off, d) || slices.Contains(h.Holidays, civil.YearDay{Month: d.Month, Day: d.Day})
}

// walls returns the working time of the days first to last, both inclusive, as wall time.
// A range over midnight belongs to the day it starts on, so the evening before first
// counts, too.
func (h *Hours) walls(first, last civil.Date) civil.Set {
	walls := make([]civil.Span, 0, last.Sub(first)+2)
	for midnight := first.Wall(0) - civil.Day; midnight <= last.Wall(0); midnight += civil.Day {
		for _, r := range h.on(civil.WallDate(midnight)) {
			walls = append(walls, civil.Span{Start: midnight + civil.Minute(r.Start), End: midnight + civil.Minute(r.End)})
		}
	}
	return civil.Union(walls...)
}

// atWork returns the instants of the axis at which a person with these hours works; all
// without hours.
func atWork(h *Hours, c civil.Clock, axis civil.Span) civil.Set {
	if h == nil {
		return civil.Union(axis)
	}
	first, last := civil.WallDate(c.Wall(axis.Start)), civil.WallDate(c.Wall(axis.End-1))
	return c.Instants(h.walls(first.Add(-1), last.Add(1))).Clip(axis)
}

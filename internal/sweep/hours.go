package sweep

import (
	"slices"

	"slotfinder/internal/span"
)

// on returns the ranges that start on the day.
func (h *Hours) on(d Date) []Range {
	day := YearDay{d.Month, d.Day}
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

// off reports whether the day is free by name: a holiday or a single day off.
func (h *Hours) off(d Date) bool {
	return slices.Contains(h.Off, d) || slices.Contains(h.Holidays, YearDay{d.Month, d.Day})
}

// walls returns the working time of the days first to last as wall time. A
// range over midnight belongs to the day it starts on, so the evening before
// first counts too.
func (h *Hours) walls(first, last Date) span.Set {
	walls := make([]span.Span, 0, last.Sub(first)+2)
	for midnight := first.wall(0) - span.Day; midnight <= last.wall(0); midnight += span.Day {
		for _, r := range h.on(dateOfWall(midnight)) {
			walls = append(walls, span.Span{Start: midnight + span.Minute(r.Start), End: midnight + span.Minute(r.End)})
		}
	}
	return span.Union(walls...)
}

// atWork returns the instants of axis at which a person with these hours works.
// Without hours that is always.
func atWork(h *Hours, c Clock, axis span.Span) span.Set {
	if h == nil {
		return span.Union(axis)
	}
	first, last := dateOfWall(c.Wall(axis.Start)), dateOfWall(c.Wall(axis.End-1))
	return c.Instants(h.walls(first.Add(-1), last.Add(1))).Clip(axis)
}

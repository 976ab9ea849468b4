package find

import (
	"context"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

const (
	mostStarts = 8 // starts of an opening in sight; the others unfold
	mostPlaces = 2 // further clocks beside the reader's
)

// opening is a row of the list: a longest stretch in which the meeting fits, or the part of
// it that lies on one day.
type opening struct {
	start, end time.Time // in the viewer's zone
	again      bool      // on the same day as the row before
	shown      bool      // with its starts; else it is on paper only
	slots      []meet.Slot
	best       time.Time
}

// openingStart is a start of an opening.
type openingStart struct {
	start   time.Time
	url     string
	missing []meet.Verdict
	chosen  bool
}

// extent is the set of days whose starts the list shows.
type extent uint8

const (
	wholeRange extent = iota
	boardDays
	oneDay
)

// extent is the largest with few enough starts; each repeats the whole query.
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

// openings are the rows of the list: those of the whole range, of which those of listed days
// are shown with their starts.
func (r *Result) openings() (rows []opening, left int) {
	shown := r.listed()
	windows, last := r.answer.Found.Windows, ""
	for slots := r.answer.Found.Slots; len(slots) > 0; {
		for len(windows) > 1 && windows[0].End < slots[0].End {
			windows = windows[1:]
		}
		n := r.onOneDay(slots, windows[0])
		row := r.newOpening(slots[:n], windows[0])
		slots = slots[n:]
		key := row.start.Format(time.DateOnly)
		row.again, row.shown, last = key == last, shown == nil || shown[key], key
		if len(rows) == mostRows {
			left++
			continue
		}
		rows = append(rows, row)
	}
	return rows, left
}

// onOneDay counts the first slots that lie in a window and begin on the same day.
func (r *Result) onOneDay(slots []meet.Slot, w civil.Span) int {
	day := civil.DateIn(r.zone, slots[0].Start).Add(1).Midnight(r.zone)
	n := slices.IndexFunc(slots, func(s meet.Slot) bool { return s.Start >= day || s.End > w.End })
	if n < 0 {
		return len(slots)
	}
	return max(n, 1)
}

func (r *Result) newOpening(slots []meet.Slot, w civil.Span) opening {
	day := civil.DateIn(r.zone, slots[0].Start)
	span := w.Clip(civil.Span{Start: day.Midnight(r.zone), End: day.Add(1).Midnight(r.zone)})
	span.End = max(span.End, slots[len(slots)-1].End)
	start, end := span.In(r.zone)
	best := slots[0]
	for _, s := range slots {
		if s.Rank < best.Rank {
			best = s
		}
	}
	first, _ := r.rounded(best, nil).In(r.zone)
	return opening{start: start, end: end, slots: slots, best: first}
}

// starts are those in sight, on the half hour if there are any, and the others.
func (r *Result) starts(o opening) (first, more []openingStart) {
	half := slices.ContainsFunc(o.slots, r.onHalfHour)
	for _, slot := range o.slots {
		start, _ := slot.In(r.zone)
		s := openingStart{start: start, url: r.slotURL(start), missing: r.missing(slot), chosen: r.chosen != nil && r.chosen.start.Equal(start)}
		if (r.onHalfHour(slot) || !half) && len(first) < mostStarts {
			first = append(first, s)
		} else {
			more = append(more, s)
		}
	}
	return first, more
}

// whoCan says who can come at the best start of an opening, and when that is if others can
// come at its other starts.
func (r *Result) whoCan(ctx context.Context, o opening) string {
	missing := r.missingAt(o.best)
	says := r.standingOf(ctx, missing)
	if slices.ContainsFunc(o.slots, func(s meet.Slot) bool { return len(r.missing(s)) != len(missing) }) {
		return part.JoinTexts(says, locale.From(ctx).Time(o.best))
	}
	return says
}

func (r *Result) missingAt(start time.Time) []meet.Verdict {
	return r.answer.Verdicts(start, r.endOf(start))
}

func (r *Result) endOf(start time.Time) time.Time {
	return start.Add(time.Duration(r.answer.Query.Duration) * time.Minute)
}

func (o opening) minutes() int { return minutes(o.end.Sub(o.start)) }

// listPlaces are the clocks of the list beside the reader's: the outermost ones.
func (r *Result) listPlaces() []*time.Location {
	zones := r.board.zones
	if len(zones) > mostPlaces {
		return []*time.Location{zones[0], zones[len(zones)-1]}
	}
	return zones
}

// oddIn reports whether an opening is early or late on another clock.
func (o opening) oddIn(zone *time.Location) bool {
	c := newClock(zone, o.start, o.end)
	return c.early || c.late
}

// listsBest reports whether a time has a box in the list.
func (r *Result) listsBest(start time.Time) bool {
	return r.choice.View == List && slices.ContainsFunc(r.list, func(o opening) bool { return o.shown && o.best.Equal(start) })
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

package find

import (
	"slices"
	"sort"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// board is the table of people and time: some days as columns, each showing the
// same part of the day.
type board struct {
	from, to int // the part of the day shown: clock readings in minutes, from < to
	all      []*day
	days     []*day // those on the board: all of them, or the week of the chosen day
	on       *day   // the day that narrow screens show
	earlier  string // URL of the week before, "" = none
	later    string
	zones    []*time.Location // clocks shown beside the viewer's
	groups   []group
	left     int // people whose rows are left out
}

// The bounds of what is drawn, so that a page of 500 people with full days stays small
// for the server and the browser.
const (
	mostLanes  = 100 // rows of people and of folded groups
	mostPieces = 96  // in one person's day
	mostSteps  = 200 // in the chart of one day
	mostBlocks = 48  // to choose on one day
	mostParts  = 24  // of one block
)

// newBoard lays the answer out on days.
func (r *Result) newBoard() board {
	b := board{}
	b.groups, b.left = fewer(r.newGroups())
	b.from, b.to = r.visibleHours()
	last := r.answer.Query.To.Noon(r.zone)
	for d := r.answer.Query.From.Noon(r.zone); !d.After(last); d = d.AddDate(0, 0, 1) {
		if r.answer.Query.Days == [7]bool{} || r.answer.Query.Days[d.Weekday()] {
			b.all = append(b.all, newDay(d, b.from, b.to, len(r.people)))
		}
	}
	for i, p := range r.people {
		if p.Unknown != "" {
			b.hide(i)
			continue
		}
		b.place(i, r.answer.Timeline(i))
	}
	for _, d := range b.all {
		d.steps, d.most = d.count(r.people, everybody(r.people))
	}
	b.all = worthShowing(b.all)
	r.countSlots(b.all)
	b.page(r)
	for _, d := range b.days {
		d.blocks = r.blocksOf(d)
		if r.chosen != nil {
			d.chosen = d.clip(r.chosen.start, r.chosen.end)
		}
	}
	if len(b.days) > 0 {
		b.zones = otherZones(r.people, r.zone, b.days[0].noon)
	}
	return b
}

// visibleHours is the part of the day worth showing: usual hours and all that
// is offered, within the hours of the search, in whole hours.
func (r *Result) visibleHours() (from, to int) {
	from, to = 8*60, 18*60
	widen := func(start, end time.Time) {
		a, b := start.In(r.zone), end.In(r.zone)
		switch {
		case a.YearDay() != b.YearDay() && b.Hour()*60+b.Minute() > 0:
			from, to = 0, 24*60
		default:
			from = min(from, a.Hour()*60)
			to = max(to, (a.Hour()*60+a.Minute()+int(b.Sub(a).Minutes())+59)/60*60)
		}
	}
	for _, w := range r.answer.Found.Windows {
		widen(w.In(r.zone))
	}
	for _, c := range r.cards {
		widen(c.start, c.end)
	}
	if r.chosen != nil {
		widen(r.chosen.start, r.chosen.end)
	}
	from, to = max(from, r.answer.Query.Hours.Start/60*60), min(to, (r.answer.Query.Hours.End+59)/60*60)
	if from >= to {
		return r.answer.Query.Hours.Start / 60 * 60, (r.answer.Query.Hours.End + 59) / 60 * 60
	}
	return max(0, from), min(to, 24*60)
}

// place cuts the stretches in which a person is not available into the days they touch.
func (b *board) place(person int, stretches []meet.Stretch) {
	for _, s := range stretches {
		start, end := s.Start.Time(), s.End.Time()
		first := sort.Search(len(b.all), func(i int) bool { return b.all[i].end.After(start) })
		for _, d := range b.all[first:] {
			if !d.start.Before(end) {
				break
			}
			if p := d.clip(start, end); p != nil {
				p.kind, p.free = kindOf(s.State), s.State&meet.StateMissing == 0
				d.lanes[person] = add(d.lanes[person], *p)
			}
		}
	}
}

// join adds a piece to a lane and merges it with the one before if that is of the same
// kind. An event during an absence does not end the absence.
func join(lane []piece, p piece) []piece {
	if n := len(lane) - 1; n >= 0 && lane[n].b == p.a && lane[n].till == p.from && lane[n].kind == p.kind && lane[n].free == p.free {
		lane[n].b, lane[n].till = p.b, p.till
		return lane
	}
	return append(lane, p)
}

// add puts a piece into a lane. Pieces beyond mostPieces are drawn as one, so that none of
// them looks free.
func add(lane []piece, p piece) []piece {
	if n := len(lane) - 1; n == mostPieces-1 {
		lane[n].b, lane[n].till = max(lane[n].b, p.b), max(lane[n].till, p.till)
		lane[n].free = lane[n].free && p.free
		return lane
	}
	return join(lane, p)
}

// hide covers a person's whole lane: an unknown calendar must not look free.
func (b *board) hide(person int) {
	for _, d := range b.all {
		d.lanes[person] = []piece{{a: 0, b: d.width(), till: minutes(d.end.Sub(d.start)), kind: Unread}}
	}
}

// worthShowing leaves out days on which nobody can, such as Sundays, unless that
// would leave none.
func worthShowing(all []*day) []*day {
	var kept []*day
	for _, d := range all {
		if d.most > 0 {
			kept = append(kept, d)
		}
	}
	if len(kept) == 0 {
		return all
	}
	return kept
}

func (r *Result) countSlots(days []*day) {
	byKey := make(map[string]*day, len(days))
	for _, d := range days {
		byKey[d.key] = d
		d.today = d.key == r.dayKey(r.answer.AsOf)
	}
	for _, s := range r.answer.Found.Slots {
		if d := byKey[r.dayKey(s.Start.Time())]; d != nil {
			d.slots++
		}
	}
}

// page chooses the days on the board: all when they are a week's worth at most,
// else the calendar week of the day in question.
func (b *board) page(r *Result) {
	if len(b.all) == 0 {
		return
	}
	b.on = b.all[0]
	wanted := r.choice.Day
	if wanted == "" && r.chosen != nil {
		wanted = r.chosen.start.Format(time.DateOnly)
	}
	for _, d := range b.all {
		if d.key == wanted {
			b.on = d
		}
	}
	b.on.on = true
	first, last := 0, len(b.all)
	if len(b.all) > 7 {
		first, last = b.week(b.on, r.answer.WeekStart)
	}
	b.days = b.all[first:last]
	for _, d := range b.days {
		d.shown = true
	}
	if first > 0 {
		b.earlier = r.dayURL(b.all[first-1].key)
	}
	if last < len(b.all) {
		b.later = r.dayURL(b.all[last].key)
	}
}

// column is the place of the day that narrow screens show, from 1.
func (b *board) column() int { return slices.Index(b.days, b.on) + 1 }

// week returns the indexes of the days in the same week: first inclusive, last
// exclusive.
func (b *board) week(of *day, start time.Weekday) (first, last int) {
	wanted := weekOf(civil.DateOf(of.noon), start)
	for i, d := range b.all {
		if weekOf(civil.DateOf(d.noon), start) != wanted {
			continue
		}
		if last == 0 {
			first = i
		}
		last = i + 1
	}
	return first, last
}

package find

import (
	"context"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
)

// days is a range of days, and the search in it.
type days struct {
	key     string // of its name
	url     string
	current bool
}

// weeks are the ranges that people ask for most. A week begins on the day on which it
// begins at the portal, this one with what is left of it.
func (r *Result) weeks() []days {
	today := r.today()
	next := weekOf(today, r.answer.WeekStart).Add(7)
	return []days{
		r.daysOf("range.this_week", today, next.Add(-1)),
		r.daysOf("range.next_week", next, next.Add(6)),
		r.daysOf("range.next_two_weeks", next, next.Add(13)),
	}
}

// weekOf is the first day of the week of a day.
func weekOf(day civil.Date, start time.Weekday) civil.Date {
	return day.Add(-((int(day.Weekday()) - int(start) + 7) % 7))
}

// today is the viewer's.
func (r *Result) today() civil.Date { return civil.DateOf(r.answer.AsOf.In(r.zone)) }

func (r *Result) daysOf(key string, from, to civil.Date) days {
	q := r.answer.Query
	d := days{key: key, current: q.From == from && q.To == to}
	q.From, q.To = from, to
	d.url = Choice{View: r.choice.View, Open: r.choice.Open, Left: r.choice.Left}.Append(q.Values().Encode())
	return d
}

// picked reports whether the range is none of those with a name.
func (r *Result) picked(weeks []days) bool {
	for _, d := range weeks {
		if d.current {
			return false
		}
	}
	return true
}

// moved is the range moved by its own length, "" where nothing is left of it: nothing in
// the past is offered.
func (r *Result) moved(by int) string {
	q := r.answer.Query
	length := by * (q.To.Sub(q.From) + 1)
	if q.To.Add(length).Before(r.today()) {
		return ""
	}
	return r.daysOf("", q.From.Add(length), q.To.Add(length)).url
}

// The weeks that the calendar shows.
const (
	leastWeeks = 6
	mostWeeks  = 15 // of the longest range, 92 days
)

// calendarDay is a day of the calendar from which a range is chosen.
type calendarDay struct {
	date   civil.Date
	level  int // of its openings; -1: the answer says nothing of it
	inside bool
	edge   bool // first or last of the range
	today  bool
	past   bool
}

// calendar is made of weeks: from this one, or that of the range when it lies ahead.
// What it shows of a day is what the answer says. It asks the portal for nothing.
func (r *Result) calendar() [][]calendarDay {
	q, today := r.answer.Query, r.today()
	first := weekOf(q.From, r.answer.WeekStart)
	if now := weekOf(today, r.answer.WeekStart); first.Sub(now) < 7*leastWeeks/2 {
		first = now
	}
	number := min(max(leastWeeks, q.To.Sub(first)/7+1), mostWeeks)
	weeks := make([][]calendarDay, number)
	for i := range weeks {
		for j := range 7 {
			weeks[i] = append(weeks[i], r.calendarDay(first.Add(7*i+j), today))
		}
	}
	return weeks
}

func (r *Result) calendarDay(date, today civil.Date) calendarDay {
	q := r.answer.Query
	d := calendarDay{
		date: date, level: -1, today: date == today, past: date.Before(today),
		inside: !date.Before(q.From) && !q.To.Before(date), edge: date == q.From || date == q.To,
	}
	if d.inside && !d.past && (q.Days == [7]bool{} || q.Days[date.Weekday()]) {
		d.level = r.openDays[date].level()
	}
	return d
}

// label names a day and what is open on it.
func (r *Result) label(ctx context.Context, d calendarDay) string {
	day := locale.From(ctx).DayLong(d.date.Noon(time.UTC))
	if d.level < 0 {
		return day
	}
	return day + ": " + r.openDays[d.date].text(ctx)
}

// short is the number of a day and, where a month begins, its name.
func (d calendarDay) short(ctx context.Context, first bool) string {
	noon := d.date.Noon(time.UTC)
	if first || d.date.Day == 1 {
		return locale.From(ctx).DayMonth(noon)
	}
	return noon.Format("2")
}

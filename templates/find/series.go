package find

import (
	"context"
	"slices"
	"strings"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// mostExceptions is how many weeks that fail have proposals.
const mostExceptions = 6

// plan is the chosen series, date by date.
type plan struct {
	weekly
	meetings []meeting
}

// meeting is a week of the plan. One that fails is left out unless another time was chosen
// for that week, or its own in spite of who is missing.
type meeting struct {
	week
	at      civil.Span // when it takes place
	held    bool
	swapped bool
	keep    string     // URL that keeps it without those who can't come, "" = can't be kept
	undo    string     // URL that leaves it out again
	instead []proposed // other times of that week
}

// proposed is another time for a week.
type proposed struct {
	meet.Slot
	url string
}

// plan is the chosen series; ok is false when none is chosen.
func (r *Result) plan() (p plan, ok bool) {
	s, ok := r.chosenSeries()
	if !ok {
		return p, false
	}
	p.weekly = r.newWeekly(s)
	proposals := mostExceptions
	for _, w := range p.weeks {
		m := meeting{week: w, at: w.span, held: w.fits}
		if !w.fits {
			r.decide(&m)
			if !m.held && proposals > 0 {
				proposals--
				r.propose(&m)
			}
		}
		p.meetings = append(p.meetings, m)
	}
	return p, true
}

// daysOfWeek are those of the calendar week in which a date lies.
func (r *Result) daysOfWeek(d civil.Date) civil.Span {
	first := weekOf(d, r.answer.WeekStart)
	return civil.Span{Start: first.Midnight(r.zone), End: first.Add(7).Midnight(r.zone)}
}

// decide reads from the choice what becomes of a week that fails.
func (r *Result) decide(m *meeting) {
	days := r.daysOfWeek(m.date)
	for _, at := range r.choice.Swaps {
		swap := civil.Span{Start: civil.Floor(at), End: civil.Floor(at) + civil.Minute(r.answer.Query.Duration)}
		if days.Contains(swap) {
			m.held, m.at, m.swapped = true, swap, swap.Start != m.span.Start
			m.undo = r.swapURL(days, time.Time{})
		}
	}
}

// propose looks for other times of a week.
func (r *Result) propose(m *meeting) {
	days := r.daysOfWeek(m.date)
	for _, slot := range r.answer.Instead(days, mostInstead) {
		m.instead = append(m.instead, proposed{slot, r.swapURL(days, slot.Start.Time())})
	}
	if !m.skipped && !m.holiday && len(m.missing) > 0 && len(m.missing) < len(r.people) {
		m.keep = r.swapURL(days, m.span.Start.Time())
	}
}

// swapURL chooses a time for the week of these days; the zero time chooses none.
func (r *Result) swapURL(days civil.Span, at time.Time) string {
	c := Choice{View: r.choice.View, Slot: r.chosen.start, Open: r.choice.Open, Left: r.choice.Left}
	c.Swaps = slices.DeleteFunc(slices.Clone(r.choice.Swaps), func(t time.Time) bool {
		return days.Contains(civil.Span{Start: civil.Floor(t), End: civil.Floor(t) + 1})
	})
	if !at.IsZero() {
		c.Swaps = append(c.Swaps, at)
	}
	return c.Append(r.query) + "#plan"
}

// exceptions are the weeks that fail.
func (p plan) exceptions() (list []meeting) {
	for _, m := range p.meetings {
		if !m.fits {
			list = append(list, m)
		}
	}
	return list
}

// title names the plan by weekday and time.
func (p plan) title(ctx context.Context, r *Result) string {
	c := locale.From(ctx)
	start, end := p.In(r.zone)
	return c.WeekdayLong(start.Weekday()) + " " + c.TimeRange(start, end)
}

// days are the first and the last day of the plan.
func (p plan) days(ctx context.Context, r *Result) string {
	return locale.From(ctx).DayRange(p.weeks[0].date.Noon(r.zone), p.weeks[len(p.weeks)-1].date.Noon(r.zone))
}

// shared are the times that a link shows: those at which nobody who must come is missing,
// as far as a link reaches.
func (p plan) shared(r *Result) (starts []time.Time, last civil.Date) {
	last = r.answer.Query.To
	for _, m := range p.meetings {
		day := civil.DateIn(r.zone, m.at.Start)
		if m.held && (m.fits || m.swapped) && day.Sub(r.answer.Query.From) < meet.MaxDays {
			starts = append(starts, m.at.Start.Time())
			if last.Before(day) {
				last = day
			}
		}
	}
	return starts, last
}

// shareURL is the form of a link that shows the dates of the plan.
func (p plan) shareURL(ctx context.Context, r *Result) string {
	q := r.answer.Query
	starts, last := p.shared(r)
	q.To, q.Weeks = last, 1
	values := q.Values()
	values.Set("offer", "picked")
	values.Set("title", p.title(ctx, r))
	for _, start := range starts {
		values.Add("slot", part.ISO(start))
	}
	return "/links/new?" + values.Encode()
}

// text is the plan as plain text: every date, and what is different.
func (p plan) text(ctx context.Context, r *Result) string {
	c := locale.From(ctx)
	lines := []string{p.title(ctx, r) + " (" + c.City(r.zone) + ")", p.days(ctx, r), ""}
	for _, m := range p.meetings {
		lines = append(lines, r.line(ctx, m))
	}
	return strings.Join(lines, "\n")
}

// line is one week of the plan.
func (r *Result) line(ctx context.Context, m meeting) string {
	day := locale.From(ctx).DayShort(m.date.Noon(r.zone))
	switch {
	case !m.held:
		return locale.T(ctx, "series.not_on", "day", day)
	case m.swapped:
		return locale.T(ctx, "series.instead", "time", r.when(ctx, m.at), "day", day)
	case !m.fits:
		return locale.T(ctx, "series.without", "time", r.when(ctx, m.at), "names", r.callAll(ctx, persons(m.missing)))
	}
	return r.when(ctx, m.at)
}

func persons(missing []meet.Verdict) []int64 {
	ids := make([]int64, len(missing))
	for i, m := range missing {
		ids[i] = m.Person
	}
	return ids
}

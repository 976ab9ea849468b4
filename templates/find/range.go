package find

import (
	"context"
	"net/url"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// ranges is what days are chosen from: those that are searched, and how to ask for others.
type ranges struct {
	from, to  civil.Date // zero: they are wrong
	today     civil.Date // the viewer's
	weekStart time.Weekday
	choice    Choice
	query     url.Values
	levels    func(civil.Date) int // of the openings of a day; -1: there is no answer about it
	text      func(context.Context, civil.Date) string
}

// days is a range of days, and the search in it.
type days struct {
	key     string // of its name
	url     string
	current bool
}

// ranges are those of an answer.
func (r *Result) ranges() ranges {
	q := r.answer.Query
	return ranges{
		from: q.From, to: q.To, today: r.today(), weekStart: r.answer.WeekStart, choice: r.choice, query: q.Values(), levels: r.openLevel,
		text: func(ctx context.Context, day civil.Date) string { return r.openDays[day].text(ctx) },
	}
}

// today is the viewer's.
func (r *Result) today() civil.Date { return civil.DateOf(r.answer.AsOf.In(r.zone)) }

// openLevel is how much is open on a day of the answer, -1 on others.
func (r *Result) openLevel(day civil.Date) int {
	q := r.answer.Query
	if day.Before(q.From) || q.To.Before(day) || day.Before(r.today()) || q.Days != [7]bool{} && !q.Days[day.Weekday()] {
		return -1
	}
	return r.openDays[day].level()
}

// ranges are those of a form that has no answer. Other days keep all else that was typed.
func (f Form) ranges(ctx context.Context) ranges {
	g := ranges{today: f.Today, weekStart: locale.From(ctx).FirstDay, choice: f.Choice, query: url.Values{}}
	for name, values := range f.Values {
		switch name {
		case "view", "day", "slot", "open", "left", "month", "q", "find", "was":
		default:
			g.query[name] = values
		}
	}
	from, err1 := civil.ParseDate(f.Values.Get("from"))
	to, err2 := civil.ParseDate(f.Values.Get("to"))
	if err1 == nil && err2 == nil && !to.Before(from) && to.Sub(from) < meet.MaxDays {
		g.from, g.to = from, to
	}
	return g
}

// known reports whether there is a range.
func (g ranges) known() bool { return g.from != (civil.Date{}) }

// label is the range in words.
func (g ranges) label(ctx context.Context) string {
	if !g.known() {
		return ""
	}
	return locale.From(ctx).DayRange(g.from.Noon(time.UTC), g.to.Noon(time.UTC))
}

// weeks are the ranges that people ask for most. A week begins on the day on which it
// begins at the portal, this one with what is left of it.
func (g ranges) weeks() []days {
	next := weekOf(g.today, g.weekStart).Add(7)
	return []days{
		g.named("range.this_week", g.today, next.Add(-1)),
		g.named("range.next_week", next, next.Add(6)),
		g.named("range.next_two_weeks", next, next.Add(13)),
	}
}

// weekOf is the first day of the week of a day.
func weekOf(day civil.Date, start time.Weekday) civil.Date {
	return day.Add(-((int(day.Weekday()) - int(start) + 7) % 7))
}

func (g ranges) named(key string, from, to civil.Date) days {
	return days{key: key, current: g.from == from && g.to == to, url: g.urlOf(from, to)}
}

func (g ranges) urlOf(from, to civil.Date) string {
	query := url.Values{}
	for name, values := range g.query {
		query[name] = values
	}
	query.Set("from", from.String())
	query.Set("to", to.String())
	return Choice{View: g.choice.View, Open: g.choice.Open, Left: g.choice.Left}.Append(query.Encode())
}

// picked reports whether the range is none of those with a name.
func (g ranges) picked(weeks []days) bool {
	for _, d := range weeks {
		if d.current {
			return false
		}
	}
	return g.known()
}

// moved is the range moved by its own length, "" where nothing is left of it: nothing in
// the past is offered.
func (g ranges) moved(by int) string {
	length := by * (g.to.Sub(g.from) + 1)
	if !g.known() || g.to.Add(length).Before(g.today) {
		return ""
	}
	return g.urlOf(g.from.Add(length), g.to.Add(length))
}

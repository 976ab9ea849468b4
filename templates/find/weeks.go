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

const (
	mostSeries  = 6 // weekly times on the board
	mostFewer   = 6 // of those that fit in fewer than half of the weeks, folded away
	nearSeries  = 3 // weekly times shown when none suits
	mostInstead = 2 // times proposed for a week that fails
	mostInCell  = 2 // people pictured in one week
)

// weekly is a time on the board of weeks.
type weekly struct {
	meet.Series
	url    string
	weeks  []week
	chosen bool
}

// week is one meeting of a weekly time.
type week struct {
	date    civil.Date
	span    civil.Span
	fits    bool
	skipped bool           // the clocks skip the time
	holiday bool           // the portal's
	missing []meet.Verdict // optional people, too
}

// weeklyTimes are those on the board: of each weekday the best first, then more that don't
// overlap; in two parts, those that fit in half of the weeks and the others. When none of
// the former is there, the best of the latter are.
func (r *Result) weeklyTimes() (often, seldom []weekly) {
	var picked []meet.Series
	for _, again := range []bool{false, true} {
		for _, s := range r.answer.Found.Series {
			if s.OK > 0 && len(picked) < mostSeries+mostFewer && !slices.ContainsFunc(picked, r.inTheWay(s, again)) {
				picked = append(picked, s)
			}
		}
	}
	slices.SortFunc(picked, func(a, b meet.Series) int { return a.Rank - b.Rank })
	half := slices.IndexFunc(picked, func(s meet.Series) bool { return 2*s.OK < s.Weeks })
	switch {
	case half < 0:
		half = len(picked)
	case half == 0:
		half = min(nearSeries, len(picked))
	}
	for i, s := range picked {
		switch {
		case i < min(half, mostSeries) || r.isChosen(s):
			often = append(often, r.newWeekly(s))
		case i >= half && len(seldom) < mostFewer:
			seldom = append(seldom, r.newWeekly(s))
		}
	}
	if s, ok := r.chosenSeries(); ok && !slices.ContainsFunc(picked, func(p meet.Series) bool { return p.Rank == s.Rank }) {
		often = append(often, r.newWeekly(s))
	}
	return often, seldom
}

// inTheWay tells which weekly times leave no room for another one: those of its weekday,
// or only those that overlap.
func (r *Result) inTheWay(s meet.Series, overlapping bool) func(meet.Series) bool {
	return func(p meet.Series) bool {
		if overlapping {
			return p.Overlaps(s.Span) || p.Rank == s.Rank
		}
		return civil.DateIn(r.zone, p.Start).Weekday() == civil.DateIn(r.zone, s.Start).Weekday()
	}
}

func (r *Result) isChosen(s meet.Series) bool {
	return r.chosen != nil && s.Start.Time().Equal(r.chosen.start)
}

// chosenSeries is the series of the chosen time, if it is one.
func (r *Result) chosenSeries() (meet.Series, bool) {
	i := slices.IndexFunc(r.answer.Found.Series, r.isChosen)
	if i < 0 || r.answer.Found.Series[i].OK == 0 {
		return meet.Series{}, false
	}
	return r.answer.Found.Series[i], true
}

func (r *Result) newWeekly(s meet.Series) weekly {
	w := weekly{Series: s, url: r.slotURL(s.Start.Time()), chosen: r.isChosen(s)}
	for i := range s.Weeks {
		w.weeks = append(w.weeks, r.meetingOf(s, i))
	}
	return w
}

// meetingOf is what comes of a series in one of its weeks.
func (r *Result) meetingOf(s meet.Series, i int) week {
	start, end := s.In(r.zone)
	at := start.AddDate(0, 0, 7*i)
	w := week{date: civil.DateOf(start).Add(7 * i), span: civil.Outward(at, at.Add(end.Sub(start)))}
	miss := slices.IndexFunc(s.Misses, func(m meet.Miss) bool { return m.Date == w.date })
	w.fits = miss < 0
	w.skipped = miss >= 0 && s.Misses[miss].Reason == "no_such_time"
	if !w.skipped && (!w.fits || r.required() < len(r.people)) {
		w.missing = r.answer.Verdicts(w.span.Start.Time(), w.span.End.Time())
	}
	off := func(m meet.Verdict) bool { return m.Rule == "holiday" }
	w.holiday = r.isHoliday(w.date) && slices.ContainsFunc(w.missing, off)
	return w
}

func (r *Result) isHoliday(d civil.Date) bool {
	return slices.Contains(r.answer.Holidays, civil.YearDay{Month: d.Month, Day: d.Day})
}

// firstDay is the first day of the search in one of the weeks of a series.
func (r *Result) firstDay(week int) time.Time { return r.answer.Query.From.Add(7 * week).Noon(r.zone) }

// hasHoliday reports whether one of the days of the search is a holiday in that week.
func (r *Result) hasHoliday(week int) bool {
	q := r.answer.Query
	for d := q.From.Add(7 * week); !q.To.Add(7*week).Before(d) && d.Sub(q.From.Add(7*week)) < 7; d = d.Add(1) {
		if r.isHoliday(d) && (q.Days == [7]bool{} || q.Days[d.Weekday()]) {
			return true
		}
	}
	return false
}

// pictured are the people who are missing in a week and seen there.
func (r *Result) pictured(w week) (people []part.Person) {
	for _, m := range w.missing[:min(mostInCell, len(w.missing))] {
		people = append(people, r.person(m.Person))
	}
	return people
}

// short names those who are missing in a week in as few letters as may be.
func (r *Result) short(ctx context.Context, w week) string {
	switch len(w.missing) {
	case 0:
		return "–" // the rules of the search, and no person
	case 1:
		return r.call(ctx, w.missing[0].Person)
	}
	return locale.N(ctx, "list.people", len(w.missing))
}

// weekLabel says of a week who can't come and why, or that it fits.
func (r *Result) weekLabel(ctx context.Context, w week) string {
	c := locale.From(ctx)
	day := c.DayShort(w.date.Noon(r.zone))
	switch {
	case w.skipped:
		return day + ": " + ruleText(ctx, "no_such_time")
	case w.holiday:
		return day + ": " + ruleText(ctx, "holiday")
	case len(w.missing) == 0 && w.fits:
		return day + ": " + c.T("series.fits")
	}
	return day + ": " + r.excuses(ctx, w.missing)
}

// excuses says who is missing and why.
func (r *Result) excuses(ctx context.Context, missing []meet.Verdict) string {
	var texts []string
	for i, m := range missing {
		if i == mostExcused && len(missing) > mostExcused+1 {
			texts = append(texts, locale.N(ctx, "chosen.more", len(missing)-i))
			break
		}
		text := r.call(ctx, m.Person)
		if why := r.rule(ctx, m); why != "" {
			text += ": " + why
		}
		texts = append(texts, text)
	}
	return strings.Join(texts, ", ")
}

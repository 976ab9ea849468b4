package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// mostSeries is how many series are listed at most.
const mostSeries = 100

// Why a week of a series fails, beside the rules of Explain.
const (
	BySkip   Reason = "no_such_time" // the clocks skip that reading on that day
	ByQuorum Reason = "quorum"       // all required people can, but too few others
)

// addSeries answers what is asked for several weeks.
func (s *Search) addSeries(a *Answer) {
	if s.in.Rules.Weeks < 2 {
		return
	}
	weekly, stop := s.weekly(), s.budget(s.in.Enough)
	a.Series = s.series(weekly, stop)
	if len(a.Series) > 0 {
		a.Rotation = s.rotation(a.Series[0], weekly, stop)
	}
	a.CutSeries = stop.stopped
}

// series returns the series of the question, best first: more weeks that work, then fewer
// people missing in these, then fewer required ones in the others, then a lower cost of the
// first meeting.
func (s *Search) series(weekly bitset.Row, stop *stopper) []Series {
	var series []Series
	for i, r := range s.best(s.recurring(weekly, stop), stop) {
		if s.stop.check() {
			break
		}
		series = append(series, Series{
			Span: s.slot(r.start), Weeks: s.in.Rules.Weeks, OK: r.ok,
			Misses: s.misses(r.start, weekly), Rank: i + 1,
		})
	}
	return series
}

// recurrence is a candidate and how it does in all weeks.
type recurrence struct {
	candidate
	ok      int // weeks that work
	missing int // people missing in these, summed
	lacking int // required people missing in the others, summed
}

// recurring returns the candidates in order of time, those looked at before it was
// stopped.
func (s *Search) recurring(weekly bitset.Row, stop *stopper) []recurrence {
	var list []recurrence
	for _, c := range s.candidates(s.offered) {
		if stop.check() {
			break
		}
		r := recurrence{candidate: c}
		for week := range s.in.Rules.Weeks {
			if i, found := s.repeat(c.start, week); found && weekly.Has(s.layout.Bit(i)) {
				r.ok++
				r.missing += s.missing.At(s.layout.Bit(i))
			} else if found {
				r.lacking += s.demands[0].missing.At(s.layout.Bit(i))
			}
		}
		list = append(list, r)
	}
	return list
}

// best returns the best recurrences, best first. It only weighs what can be among them.
func (s *Search) best(list []recurrence, stop *stopper) []recurrence {
	worth := func(a, b recurrence) int {
		return cmp.Or(cmp.Compare(b.ok, a.ok), cmp.Compare(a.missing, b.missing), cmp.Compare(a.lacking, b.lacking))
	}
	slices.SortFunc(list, worth)
	end := min(mostSeries, len(list))
	for end < len(list) && worth(list[end-1], list[end]) == 0 {
		end++
	}
	list = list[:end]
	weighed := make([]candidate, len(list))
	for i := range list {
		weighed[i] = list[i].candidate
	}
	if s.weigh(weighed, stop); !stop.stopped { // the costs of some people only would be no order
		for i := range list {
			list[i].cost = weighed[i].cost
		}
	}
	slices.SortFunc(list, func(a, b recurrence) int {
		return cmp.Or(worth(a, b), cmp.Compare(a.cost, b.cost), cmp.Compare(a.start, b.start))
	})
	return list[:min(mostSeries, len(list))]
}

// weekly marks the starts, in all weeks of the series, that meet the demands and lie in
// the seeker's days and hours.
func (s *Search) weekly() bitset.Row {
	all := s.in.Rules
	all.To = all.To.Add(7 * (all.Weeks - 1))
	return s.meeting(&all)
}

// Instead returns slots of a span in which a meeting of a series could be held instead,
// anywhere in the days of all its weeks: the best of each day, best first, at most so many.
// It does not ask Input.Stop: whoever was waited for has the answer by now.
func (s *Search) Instead(within civil.Span, most int) []Slot {
	within = within.Clip(s.axis)
	if s.stop.stopped || within.Empty() {
		return nil
	}
	ask := s.stop.ask
	s.stop.ask = nil
	defer func() { s.stop.ask = ask }()
	starts := make(bitset.Row, s.layout.Width())
	s.layout.Mark(civil.Union(within), starts)
	starts.And(s.weekly())
	var best []*candidate
	days := map[int]bool{}
	for _, c := range s.ordered(s.candidates(starts)) {
		if len(best) < most && !days[c.day] {
			best, days[c.day] = append(best, c), true
		}
	}
	return s.toSlots(best)
}

// repeat returns the start so many weeks later at the same reading of the viewer's clock;
// the first of two if that day shows it twice, false if the day skips it.
func (s *Search) repeat(start, weeks int) (int, bool) {
	if weeks == 0 {
		return start, true
	}
	wall := s.clock.Wall(s.grid.starts[start]) + civil.Minute(weeks)*7*civil.Day
	d := civil.WallDate(wall)
	at, shown := s.clock.Instant(d, int(wall-d.Wall(0)))
	if !shown {
		return 0, false
	}
	return s.grid.index(at)
}

// misses lists the weeks of a series in which it fails.
func (s *Search) misses(start int, weekly bitset.Row) []Miss {
	var misses []Miss
	first := civil.WallDate(s.clock.Wall(s.grid.starts[start]))
	for week := range s.in.Rules.Weeks {
		i, found := s.repeat(start, week)
		if found && weekly.Has(s.layout.Bit(i)) {
			continue
		}
		m := Miss{Date: first.Add(7 * week), Reason: string(BySkip)}
		if found {
			m.Busy, m.Reason = s.obstacle(i)
		}
		misses = append(misses, m)
	}
	return misses
}

// obstacle returns the ids of the required people who cannot come to a start, and the
// rule that keeps the first of them away.
func (s *Search) obstacle(start int) (people []int64, reason string) {
	reason = string(ByQuorum)
	if s.met.Has(s.layout.Bit(start)) {
		reason = string(ByHours)
	}
	for _, i := range s.demands[0].members {
		if s.cannot(int(i), start) {
			if len(people) == 0 {
				reason = string(s.rule(int(i), s.slot(start)))
			}
			people = append(people, s.in.People[i].ID)
		}
	}
	return people, reason
}

package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/span"
)

// mostSeries is how many series are listed.
const mostSeries = 100

// Why a week of a series fails, beside the rules of Explain.
const (
	BySkip   Reason = "no_such_time" // the clocks skip that reading on that day
	ByQuorum Reason = "quorum"       // all required people can, but too few others
)

// series returns the series of the question, best first: more weeks that work,
// then fewer people missing over all weeks, then what the first meeting costs.
func (s *Search) series() []Series {
	if s.in.Rules.Weeks < 2 {
		return nil
	}
	weekly := s.weekly()
	list := s.candidates(s.offered)
	s.weigh(list)
	ok, missing := make([]int, len(s.grid.starts)), make([]int, len(s.grid.starts))
	for _, c := range list {
		for week := range s.in.Rules.Weeks {
			if i, found := s.repeat(c.start, week); found && weekly.has(int(s.canvas.bits[i])) {
				ok[c.start]++
				missing[c.start] += s.all.at(int(s.canvas.bits[i]))
			}
		}
	}
	slices.SortFunc(list, func(a, b candidate) int {
		return cmp.Or(
			cmp.Compare(ok[b.start], ok[a.start]), cmp.Compare(missing[a.start], missing[b.start]),
			cmp.Compare(a.cost, b.cost), cmp.Compare(a.start, b.start),
		)
	})
	var series []Series
	for i, c := range list[:min(mostSeries, len(list))] {
		series = append(series, Series{
			Span: s.slot(c.start), Weeks: s.in.Rules.Weeks, OK: ok[c.start],
			Misses: s.misses(c.start, weekly), Rank: i + 1,
		})
	}
	return series
}

// weekly marks the starts, in all weeks of the series, that meet the demands and
// lie in the seeker's days and hours.
func (s *Search) weekly() row {
	all := s.in.Rules
	all.To = all.To.Add(7 * (all.Weeks - 1))
	r := make(row, s.canvas.width)
	s.canvas.mark(s.allow(&all), r)
	r.and(s.met)
	return r
}

// repeat returns the start so many weeks later at the same clock reading of the
// viewer; the first of two if that day shows it twice, false if it skips it.
func (s *Search) repeat(start, weeks int) (int, bool) {
	if weeks == 0 {
		return start, true
	}
	wall := s.clock.Wall(s.grid.starts[start]) + span.Minute(weeks)*7*span.Day
	d := dateOfWall(wall)
	at, shown := s.clock.Instant(d, int(wall-d.wall(0)))
	if !shown {
		return 0, false
	}
	return s.grid.index(at)
}

// misses lists the weeks of a series in which it fails.
func (s *Search) misses(start int, weekly row) []Miss {
	var misses []Miss
	first := dateOfWall(s.clock.Wall(s.grid.starts[start]))
	for week := range s.in.Rules.Weeks {
		i, found := s.repeat(start, week)
		if found && weekly.has(int(s.canvas.bits[i])) {
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

// obstacle returns the required people who cannot come to a start, and the rule
// that keeps the first of them away.
func (s *Search) obstacle(start int) (people []int64, reason string) {
	reason = string(ByQuorum)
	if s.met.has(int(s.canvas.bits[start])) {
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

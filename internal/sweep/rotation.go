package sweep

import (
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// Turn is one week's meeting of a rotation. Somebody for whom it is both early and late is
// in the list of the greater burden.
type Turn struct {
	civil.Span
	Early []int64 // ids of the required people for whom it begins before 09:00 on their own clock
	Late  []int64 // ids of the required people for whom it ends after 18:00 on their own clock
}

// rotation returns a plan for the weeks of a series in which the hour changes so that
// the burden moves around: each week, on the weekday of the fixed series, the start after
// which the most burdened person is burdened least. It returns nil if the fixed series
// burdens nobody, if some week has no start, if the plan does not relieve the most
// burdened person, or if it was stopped.
func (s *Search) rotation(fixed Series, weekly bitset.Row, stop *stopper) []Turn {
	first, _ := s.grid.index(fixed.Start)
	people := s.demands[0].members
	clocks := make([]*habits, len(people))
	for k, i := range people {
		clocks[k] = s.habitsOf(&s.in.People[i])
	}
	borne, plain := make([]int, len(people)), make([]int, len(people))
	var turns []Turn
	day := civil.WallDate(s.clock.Wall(fixed.Start))
	for week := range fixed.Weeks {
		if i, found := s.repeat(first, week); found {
			plain = s.burden(plain, clocks, i)
		}
		i, found := s.fairest(day.Add(7*week), weekly, borne, clocks, stop)
		if !found || stop.stopped {
			return nil
		}
		borne = s.burden(borne, clocks, i)
		turns = append(turns, s.turn(i, people, clocks))
	}
	if len(people) == 0 || slices.Max(borne) >= slices.Max(plain) {
		return nil
	}
	return turns
}

// burden returns what everybody has borne after a meeting at the start.
func (s *Search) burden(borne []int, clocks []*habits, start int) []int {
	after := slices.Clone(borne)
	for k, c := range clocks {
		after[k] += c.discomfort(s.slot(start)).off()
	}
	return after
}

// fairest returns the start of the day that meets every demand and leaves the most
// burdened person least burdened, then all together; the earliest of these.
func (s *Search) fairest(day civil.Date, weekly bitset.Row, borne []int, clocks []*habits, stop *stopper) (best int, found bool) {
	var least [2]int
	for _, w := range s.clock.Instants(civil.Set{{Start: day.Wall(0), End: day.Wall(fullDay)}}) {
		for i, end := s.grid.rank(w.Start), s.grid.rank(w.End); i < end; i++ {
			if stop.check() || !weekly.Has(s.layout.Bit(i)) {
				continue
			}
			var weight [2]int
			for _, minutes := range s.burden(borne, clocks, i) {
				weight[0], weight[1] = max(weight[0], minutes), weight[1]+minutes
			}
			if !found || slices.Compare(weight[:], least[:]) < 0 {
				best, least, found = i, weight, true
			}
		}
	}
	return best, found
}

// turn says who is early and who is late at a start.
func (s *Search) turn(start int, people []int32, clocks []*habits) Turn {
	t := Turn{Span: s.slot(start)}
	for k, i := range people {
		d := clocks[k].discomfort(s.slot(start))
		switch {
		case d.early > 0 && d.early >= d.late:
			t.Early = append(t.Early, s.in.People[i].ID)
		case d.late > 0:
			t.Late = append(t.Late, s.in.People[i].ID)
		}
	}
	return t
}

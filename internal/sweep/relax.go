package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep/bitset"
)

// What a change costs the seeker, to put the cheapest first; docs/engine.md says why.
const (
	costTentative = 20
	costShorter   = 1 // per minute
	costHours     = 30
	costPerHour   = 10 // per hour of widening
	costLater     = 40
	costOptional  = 50
	costAllDay    = 60
	costWork      = 180 // nights, among others
	costNight     = 150 // beside wider hours that reach into the night
	costSeeker    = 200 // instead of costOptional
	costRemove    = 5
)

const (
	mostPairs = 3    // how many pairs of changes are proposed at most
	pairHours = 120  // minutes by which a pair widens the hours on either side
	fullDay   = 1440 // minutes
	manyAsked = 5    // people from whom on two may be left out although a single change helps
	shortest  = 5    // minutes: no shorter slot is proposed in a pair
	measured  = 24   // changes whose windows are told
)

// option is a change of the rules that is tried on its own and in pairs.
type option struct {
	change Change
	cost   int
	apply  func(*Rules)
}

// Relax returns the single changes of the question that give at least one slot, cheapest
// first; if no single one does, the cheapest pairs of changes, at most three. Of many people
// two who would have to be optional are named beside single changes. It is meant for a
// question without slots.
//
// The people's blocks must be known up to horizon (exclusive, absolute minutes); a later
// range is proposed only if it ends by then. Relax ends with what it has when enough (nil:
// never) says so; cut tells that not every change was tried.
func (s *Search) Relax(horizon civil.Minute, enough func() bool) (found []Relaxation, cut bool) {
	r, stop := s.in.Rules, s.budget(enough)
	w := newWhatIf(s.in, stop)
	options := r.options()
	if later := r.later(); later.endsBy(horizon) {
		options = append(options, option{LaterRange, costLater, func(r *Rules) { r.From, r.To = later.From, later.To }})
	}
	found = w.singles(r, options)
	if len(found) == 0 {
		found = w.pairs(r, options)
		found = found[:min(mostPairs, len(found))]
	} else if len(s.in.People) >= manyAsked {
		found = cheapest(append(found, w.obviousPairs(r, found)...))
	}
	for i := range found[:min(measured, len(found))] {
		found[i].Windows = w.windows(&found[i])
	}
	return found, stop.stopped
}

// later returns the rules for the same number of days directly after.
func (r Rules) later() Rules {
	r.From, r.To = r.To.Add(1), r.To.Add(1+r.To.Sub(r.From))
	return r
}

// endsBy reports whether the last day is over at the horizon; false if the zone skips
// that day.
func (r Rules) endsBy(horizon civil.Minute) bool {
	day := civil.Union(civil.Span{Start: r.To.Wall(0), End: r.To.Wall(fullDay)})
	shown := civil.NewClock(r.Zone, civil.Around(r.To, r.To)).Instants(day)
	return len(shown) > 0 && shown[len(shown)-1].End <= horizon
}

// options lists the changes of the rules that would change something.
func (r *Rules) options() []option {
	var list []option
	add := func(possible bool, change Change, cost int, apply func(*Rules)) {
		if possible {
			list = append(list, option{change, cost, apply})
		}
	}
	add(!r.TentativeFree, IgnoreTentative, costTentative, func(r *Rules) { r.TentativeFree = true })
	add(!r.AllDayFree, IgnoreAllDay, costAllDay, func(r *Rules) { r.AllDayFree = true })
	add(r.Work, IgnoreWorkHours, costWork, func(r *Rules) { r.Work = false })
	add(r.Hours != civil.Range{Start: 0, End: fullDay}, WiderHours, costOfHours(r.Hours, wider(r.Hours, pairHours, pairHours)), func(r *Rules) {
		r.Hours = wider(r.Hours, pairHours, pairHours)
	})
	return list
}

// wider returns the range widened by so many minutes, within the day.
func wider(r civil.Range, before, after int) civil.Range {
	return civil.Range{Start: max(0, r.Start-before), End: min(fullDay, r.End+after)}
}

// costOfHours returns what it costs to widen the seeker's hours.
func costOfHours(from, to civil.Range) int {
	cost := costHours + costPerHour*(from.Start-to.Start+to.End-from.End)/60
	if to.Start < from.Start && to.Start < 7*60 || to.End > from.End && to.End > 21*60 {
		cost += costNight
	}
	return cost
}

// singles returns the single changes that help, cheapest first. Wider hours come right
// after the question itself, since for these nobody need be painted again.
func (w *whatIf) singles(r Rules, options []option) []Relaxation {
	found := w.around(r, Relaxation{}, 0)
	if slices.ContainsFunc(options, func(o option) bool { return o.change == WiderHours }) {
		found = append(found, w.widerHours(r)...)
	}
	for _, o := range options {
		if o.change == WiderHours {
			continue
		}
		changed := r
		o.apply(&changed)
		found = append(found, priced(Relaxation{Change: o.change, Value: changed, Slots: w.slots(&changed)}, o.cost)...)
	}
	return cheapest(found)
}

// around returns what one person less or a shorter slot would give under the rules, as a
// second change if there is a first one already.
func (w *whatIf) around(r Rules, first Relaxation, cost int) []Relaxation {
	var found []Relaxation
	add := func(change Change, person int64, rules Rules, slots, more int) {
		next := Relaxation{Change: change, Person: person, Value: rules, Slots: slots}
		if first.Change != "" {
			next.Change, next.Person, next.With, next.WithPerson = first.Change, first.Person, change, person
		}
		found = append(found, priced(next, cost+more)...)
	}
	s := w.search(&r)
	for i, slots := range s.without() {
		change, cost := w.leave(i)
		add(change, w.in.People[i].ID, r, slots+s.number(), cost)
	}
	if s.number() == 0 {
		shorter := r
		var slots int
		shorter.Duration, slots = w.shorter(r)
		add(Shorter, 0, shorter, slots, costShorter*(r.Duration-shorter.Duration))
	}
	return found
}

// widerHours returns the least widening of the seeker's hours that helps.
func (w *whatIf) widerHours(r Rules) []Relaxation {
	all := r
	all.Hours = civil.Range{Start: 0, End: fullDay}
	s := w.search(&all)
	for by := 60; by < fullDay+60; by += 60 {
		for _, hours := range []civil.Range{wider(r.Hours, 0, by), wider(r.Hours, by, 0), wider(r.Hours, by, by)} {
			if w.stop.check() {
				return nil
			}
			wider := r
			wider.Hours = hours
			if n := s.meeting(&wider).Count(); n > 0 {
				return priced(Relaxation{Change: WiderHours, Value: wider, Slots: n}, costOfHours(r.Hours, hours))
			}
		}
	}
	return nil
}

// meeting marks the starts that the rules' range, days and hours allow and at which every
// demand of the search is met.
func (s *Search) meeting(r *Rules) bitset.Row {
	starts := make(bitset.Row, s.layout.Width())
	s.layout.Mark(s.allow(r), starts)
	starts.And(s.met)
	return starts
}

// pairs returns the pairs of changes that help, cheapest first.
func (w *whatIf) pairs(r Rules, options []option) []Relaxation {
	found := slices.Concat(w.optionPairs(r, options), w.twoOptional(r), w.shorterWithout(r))
	return cheapest(found)
}

// optionPairs returns the pairs of which at least one change is an option.
func (w *whatIf) optionPairs(r Rules, options []option) (found []Relaxation) {
	for i, o := range options {
		one := r
		o.apply(&one)
		found = append(found, w.around(one, Relaxation{Change: o.change}, o.cost)...)
		for _, q := range options[i+1:] {
			two := one
			q.apply(&two)
			found = append(found, priced(Relaxation{Change: o.change, With: q.change, Value: two, Slots: w.slots(&two)}, o.cost+q.cost)...)
		}
	}
	return found
}

// leave returns how a meeting without a person is asked for, and what it costs. Somebody
// who is gone can't become optional; without the one who asks is the last resort.
func (w *whatIf) leave(person int) (Change, int) {
	switch p := &w.in.People[person]; {
	case p.Gone:
		return Remove, costRemove
	case p.ID == w.in.Seeker:
		return MakeOptional, costSeeker
	default:
		return MakeOptional, costOptional
	}
}

// obviousPairs returns the best pairs of people to leave out of whom neither helps alone.
func (w *whatIf) obviousPairs(r Rules, singles []Relaxation) []Relaxation {
	alone := map[int64]bool{}
	for _, x := range singles {
		alone[x.Person] = true
	}
	pairs := slices.DeleteFunc(cheapest(w.twoOptional(r)), func(x Relaxation) bool { return alone[x.Person] || alone[x.WithPerson] })
	return pairs[:min(mostPairs, len(pairs))]
}

// twoOptional returns the pairs of people who would help as optional ones.
func (w *whatIf) twoOptional(r Rules) (found []Relaxation) {
	for pair, slots := range w.search(&r).withoutTwo() {
		one, cost := w.leave(pair[0])
		other, more := w.leave(pair[1])
		found = append(found, priced(Relaxation{
			Change: one, Person: w.in.People[pair[0]].ID,
			With: other, WithPerson: w.in.People[pair[1]].ID,
			Value: r, Slots: slots,
		}, cost+more)...)
	}
	return found
}

// shorterWithout returns the pairs of half the duration and one person less.
func (w *whatIf) shorterWithout(r Rules) (found []Relaxation) {
	half := r
	half.Duration = max(shortest, r.Duration/2/5*5)
	if half.Duration >= r.Duration {
		return nil
	}
	s := w.search(&half)
	for i, slots := range s.without() {
		change, cost := w.leave(i)
		found = append(found, priced(Relaxation{
			Change: Shorter, With: change, WithPerson: w.in.People[i].ID, Value: half, Slots: slots + s.number(),
		}, costShorter*(r.Duration-half.Duration)+cost)...)
	}
	return found
}

// priced returns the change with its cost, or nothing if it does not help.
func priced(x Relaxation, cost int) []Relaxation {
	if x.Slots == 0 {
		return nil
	}
	x.cost = cost
	return []Relaxation{x}
}

// cheapest orders by cost, then by how many slots a change gives.
func cheapest(list []Relaxation) []Relaxation {
	slices.SortFunc(list, func(a, b Relaxation) int {
		return cmp.Or(
			cmp.Compare(a.cost, b.cost), cmp.Compare(b.Slots, a.Slots),
			cmp.Compare(a.Change, b.Change), cmp.Compare(a.With, b.With),
			cmp.Compare(a.Person, b.Person), cmp.Compare(a.WithPerson, b.WithPerson),
		)
	})
	return list
}

package sweep

import (
	"cmp"
	"slices"

	"slotfinder/internal/civil"
)

// What a change costs the seeker, to put the cheapest first; doc.go says why.
const (
	costTentative  = 20
	costShorter    = 1 // per minute
	costHours      = 30
	costPerHour    = 10 // per hour of widening
	costLater      = 40
	costOptional   = 50
	costAllDay     = 60
	costWork       = 80
	mostPairs      = 3
	pairHours      = 120 // minutes by which a pair widens the hours on either side
	fullDay        = 1440
	shortestPlease = 5 // minutes
)

// option is a change of the rules that is looked into as a whole.
type option struct {
	change Change
	cost   int
	apply  func(*Rules)
}

// Relax returns the single changes of the question that give at least one slot,
// cheapest first; the pairs of changes if no single one does. It is meant for a
// question without slots. The people's blocks must reach to horizon (in absolute
// time); a later range is proposed only if they cover it. It ends with what it has when
// enough (nil: never) says so; cut tells that not every change was tried then.
func (s *Search) Relax(horizon civil.Minute, enough func() bool) (found []Relaxation, cut bool) {
	r, b := s.in.Rules, s.within(enough)
	p := newProspect(s.in, b)
	options := p.options(&r)
	if later := r.later(); later.endBy(horizon) {
		options = append(options, option{LaterRange, costLater, func(r *Rules) { r.From, r.To = later.From, later.To }})
	}
	found = p.singles(r, options)
	if len(found) == 0 {
		found = p.pairs(r, options)
		found = found[:min(mostPairs, len(found))]
	}
	return found, b.on
}

// later returns the rules for the same number of days directly after.
func (r Rules) later() Rules {
	r.From, r.To = r.To.Add(1), r.To.Add(1+r.To.Sub(r.From))
	return r
}

// endBy reports whether the last day is over by then; false if the zone skips that day.
func (r Rules) endBy(horizon civil.Minute) bool {
	day := civil.Union(civil.Span{Start: r.To.Wall(0), End: r.To.Wall(fullDay)})
	shown := civil.NewClock(r.Zone, civil.Around(r.To, r.To)).Instants(day)
	return len(shown) > 0 && shown[len(shown)-1].End <= horizon
}

// options lists the changes of rules that are none yet under r.
func (p *prospect) options(r *Rules) []option {
	var list []option
	add := func(possible bool, change Change, cost int, apply func(*Rules)) {
		if possible {
			list = append(list, option{change, cost, apply})
		}
	}
	add(!r.TentativeFree, IgnoreTentative, costTentative, func(r *Rules) { r.TentativeFree = true })
	add(!r.AllDayFree, IgnoreAllDay, costAllDay, func(r *Rules) { r.AllDayFree = true })
	add(r.Work, IgnoreWorkHours, costWork, func(r *Rules) { r.Work = false })
	add(r.Hours != civil.Range{Start: 0, End: fullDay}, WiderHours, costHours+costPerHour*2*pairHours/60, func(r *Rules) {
		r.Hours = wider(r.Hours, pairHours, pairHours)
	})
	return list
}

// wider returns the range widened by so many minutes, within the day.
func wider(r civil.Range, before, after int) civil.Range {
	return civil.Range{Start: max(0, r.Start-before), End: min(fullDay, r.End+after)}
}

// singles returns the single changes that help, cheapest first.
func (p *prospect) singles(r Rules, options []option) []Relaxation {
	found := p.around(r, Relaxation{}, 0)
	for _, o := range options {
		if o.change == WiderHours {
			found = append(found, p.widerHours(r)...)
			continue
		}
		changed := r
		o.apply(&changed)
		found = append(found, priced(Relaxation{Change: o.change, Value: changed, Slots: p.slots(&changed)}, o.cost)...)
	}
	return cheapest(found)
}

// around looks at the rules and returns what one person less or a shorter slot would
// give, each as a second change if there is a first one already.
func (p *prospect) around(r Rules, first Relaxation, cost int) []Relaxation {
	var found []Relaxation
	add := func(change Change, person int64, rules Rules, slots, more int) {
		next := Relaxation{Change: change, Person: person, Value: rules, Slots: slots}
		if first.Change != "" {
			next.Change, next.Person, next.With, next.WithPerson = first.Change, first.Person, change, person
		}
		found = append(found, priced(next, cost+more)...)
	}
	s := p.search(&r)
	for i, slots := range s.without() {
		add(MakeOptional, p.in.People[i].ID, r, slots+s.number(), costOptional)
	}
	if s.number() == 0 {
		shorter := r
		var slots int
		shorter.Duration, slots = p.shorter(r)
		add(Shorter, 0, shorter, slots, costShorter*(r.Duration-shorter.Duration))
	}
	return found
}

// widerHours returns the least widening of the seeker's hours that helps.
func (p *prospect) widerHours(r Rules) []Relaxation {
	all := r
	all.Hours = civil.Range{Start: 0, End: fullDay}
	s := p.search(&all)
	for by := 60; by < fullDay+60; by += 60 {
		for _, hours := range []civil.Range{wider(r.Hours, 0, by), wider(r.Hours, by, 0), wider(r.Hours, by, by)} {
			if p.brake.pulled() {
				return nil
			}
			wider := r
			wider.Hours = hours
			offered := make(row, s.canvas.width)
			s.canvas.mark(s.allow(&wider), offered)
			offered.and(s.met)
			if n := offered.count(); n > 0 {
				more := r.Hours.Start - hours.Start + hours.End - r.Hours.End
				return priced(Relaxation{Change: WiderHours, Value: wider, Slots: n}, costHours+costPerHour*more/60)
			}
		}
	}
	return nil
}

// pairs returns the pairs of changes that help, cheapest first.
func (p *prospect) pairs(r Rules, options []option) []Relaxation {
	var found []Relaxation
	for i, o := range options {
		one := r
		o.apply(&one)
		found = append(found, p.around(one, Relaxation{Change: o.change}, o.cost)...)
		for _, q := range options[i+1:] {
			two := one
			q.apply(&two)
			found = append(found, priced(Relaxation{Change: o.change, With: q.change, Value: two, Slots: p.slots(&two)}, o.cost+q.cost)...)
		}
	}
	for pair, slots := range p.search(&r).withoutTwo() {
		found = append(found, priced(Relaxation{
			Change: MakeOptional, Person: p.in.People[pair[0]].ID,
			With: MakeOptional, WithPerson: p.in.People[pair[1]].ID,
			Value: r, Slots: slots,
		}, 2*costOptional)...)
	}
	half := r
	half.Duration = max(shortestPlease, r.Duration/2/5*5)
	if half.Duration < r.Duration {
		s := p.search(&half)
		for i, slots := range s.without() {
			found = append(found, priced(Relaxation{
				Change: Shorter, With: MakeOptional, WithPerson: p.in.People[i].ID, Value: half, Slots: slots + s.number(),
			}, costShorter*(r.Duration-half.Duration)+costOptional)...)
		}
	}
	return cheapest(found)
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

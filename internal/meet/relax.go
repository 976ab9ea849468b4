package meet

import (
	"context"
	"slices"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/sweep"
)

// Relaxation is a change of the query, or a pair of changes, that gives at least
// one slot.
type Relaxation struct {
	sweep.Relaxation
	Query Query // the query with the change applied
}

// help looks for what would help when nothing is free. The range after the asked one has
// to be read for that; where it can't be, no later range is proposed, and the changes are
// called cut. The portal has half of the time that is left.
func (f *Finder) help(ctx context.Context, m Member, a *Answer) error {
	horizon := a.Query.during().End
	var busy map[int64]Availability
	unread := false
	later := a.Query.later()
	if after := later.during(); after.End > horizon {
		var err error
		busy, err = f.readMore(ctx, a, civil.Span{Start: a.Query.during().Start, End: after.End})
		if unread = err != nil || !sameUnknown(a.People, busy); !unread {
			horizon = after.End
		}
	}
	leave, err := f.enter(ctx, m)
	if err != nil {
		return err
	}
	defer leave()
	search := a.search.Search
	if horizon > a.Query.during().End {
		search = sweep.Prepare(sweep.Input{
			People: engineInput(a.People, busy, a.hours), Rules: a.Query.rules(a.AsOf), Stop: over(ctx),
		})
	}
	f.relax(a, search, horizon, unread)
	f.split(a)
	return nil
}

// relax finds the changes that help an answer without slots.
func (f *Finder) relax(a *Answer, search *sweep.Search, horizon civil.Minute, unread bool) {
	found, cut := search.Relax(horizon, f.budget(relaxTime))
	for _, r := range found {
		a.Relax = append(a.Relax, Relaxation{Relaxation: r, Query: a.Query.relaxed(r)})
	}
	a.cut(PartRelax, cut || unread)
}

// readMoreLimit is how long reading more may take: what was found is shown all the same,
// and a page waits no longer than nine seconds.
const readMoreLimit = 3 * time.Second

// readMore reads the calendars again over more time.
func (f *Finder) readMore(ctx context.Context, a *Answer, during civil.Span) (map[int64]Availability, error) {
	ctx, cancel := context.WithTimeout(ctx, readMoreLimit)
	defer cancel()
	return f.busy(ctx, a.reader, a.People, during)
}

// sameUnknown reports whether a second read knows the same people as the first.
// If it does not, what it would add is not worth a wrong count.
func sameUnknown(attendees []Attendee, busy map[int64]Availability) bool {
	for _, a := range attendees {
		if read, found := busy[a.ID]; a.Unknown == "" && (!found || read.Unknown != "") {
			return false
		}
	}
	return true
}

// later is the same number of days directly after.
func (q Query) later() Query {
	q.From, q.To = q.To.Add(1), q.To.Add(1+q.To.Sub(q.From))
	return q
}

// relaxed applies a relaxation to the query.
func (q Query) relaxed(r sweep.Relaxation) Query {
	rules := r.Value
	q.From, q.To, q.Duration, q.Hours = rules.From, rules.To, rules.Duration, rules.Hours
	q.Work, q.TentativeFree, q.AllDayFree = rules.Work, rules.TentativeFree, rules.AllDayFree
	for _, change := range []struct {
		change sweep.Change
		person int64
	}{{r.Change, r.Person}, {r.With, r.WithPerson}} {
		if change.change == sweep.MakeOptional {
			q.Who = without(q.Who, []int64{change.person})
			q.Opt = append(slices.Clone(q.Opt), change.person)
		}
	}
	return q
}

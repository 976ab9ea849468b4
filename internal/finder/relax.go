package finder

import (
	"context"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
)

// findRelaxations looks for what would help when nothing is free. The range after the asked one has
// to be read for that; where it can't be, no later range is proposed, and the changes are
// called cut. The portal has half of the time that is left.
func (f *Finder) findRelaxations(ctx context.Context, m meet.Member, r *result) error {
	horizon := r.Query.During().End
	var busy map[int64]meet.Availability
	unread := false
	later := laterQuery(r.Query)
	if after := later.During(); after.End > horizon {
		var err error
		busy, err = f.readMore(ctx, r, civil.Span{Start: r.Query.During().Start, End: after.End})
		if unread = err != nil || !sameUnknown(r.People, busy); !unread {
			horizon = after.End
		}
	}
	leave, err := f.enter(ctx, m)
	if err != nil {
		return err
	}
	defer leave()
	search := r.engine
	if horizon > r.Query.During().End {
		search = sweep.Prepare(sweep.Input{
			People: engineInput(r.People, busy, r.hours), Rules: rules(r.Query, r.AsOf, r.ignore), Seeker: m.User, Stop: stopWhenDone(ctx),
		})
	}
	f.relax(&r.Answer, search, horizon, unread)
	f.split(&r.Answer, r.engine)
	return nil
}

// relax finds the changes that help an answer without slots.
func (f *Finder) relax(a *meet.Answer, search *sweep.Search, horizon civil.Minute, unread bool) {
	found, cut := search.Relax(horizon, f.budget(relaxTime))
	for _, r := range found {
		a.Relax = append(a.Relax, meet.Relaxation{Relaxation: r, Query: relaxed(a.Query, r)})
	}
	if cut || unread {
		a.Cut = append(a.Cut, meet.PartRelax)
	}
}

// split looks for several meetings that together cover everybody.
func (f *Finder) split(a *meet.Answer, search *sweep.Search) {
	parts, cut := search.Split(f.budget(splitTime))
	a.Split = parts
	if cut {
		a.Cut = append(a.Cut, meet.PartSplit)
	}
}

// readMoreLimit is how long reading more may take: what was found is shown all the same,
// and a page waits no longer than nine seconds.
const readMoreLimit = 3 * time.Second

// readMore reads the calendars again over more time.
func (f *Finder) readMore(ctx context.Context, r *result, during civil.Span) (map[int64]meet.Availability, error) {
	ctx, cancel := context.WithTimeout(ctx, readMoreLimit)
	defer cancel()
	return f.busy(ctx, r.reader, calendarRead{r.People, during, cached})
}

// sameUnknown reports whether a second read knows the same people as the first.
// If it does not, what it would add is not worth a wrong count.
func sameUnknown(attendees []meet.Attendee, busy map[int64]meet.Availability) bool {
	for _, a := range attendees {
		if read, found := busy[a.ID]; a.Unknown == "" && (!found || read.Unknown != "") {
			return false
		}
	}
	return true
}

// laterQuery is the same number of days directly after.
func laterQuery(q meet.Query) meet.Query {
	q.From, q.To = q.To.Add(1), q.To.Add(1+q.To.Sub(q.From))
	return q
}

// relaxed applies a relaxation to the query.
func relaxed(q meet.Query, r sweep.Relaxation) meet.Query {
	rules := r.Value
	q.From, q.To, q.Duration, q.Hours = rules.From, rules.To, rules.Duration, rules.Hours
	q.Work, q.TentativeFree, q.AllDayFree = rules.Work, rules.TentativeFree, rules.AllDayFree
	for _, change := range []struct {
		change sweep.Change
		person int64
	}{{r.Change, r.Person}, {r.With, r.WithPerson}} {
		switch change.change {
		case sweep.MakeOptional:
			q.Selection = q.MakeOptional(change.person)
		case sweep.Remove:
			q.Required = meet.Without(q.Required, []int64{change.person})
		default: // a change of the rules, which hold already
		}
	}
	return q
}

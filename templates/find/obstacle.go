package find

import (
	"context"
	"slices"
	"strings"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// mostObstacles is how many people who stand in the way are shown.
const mostObstacles = 5

// obstacle is a person without whom the meeting fits somewhere.
type obstacle struct {
	person  part.Person
	windows []civil.Span // that open up
	open    openings
	percent int // of what opens up without the greatest obstacle
}

// someoneBlocks reports whether it is people who keep the meeting from taking place, so
// that it can be said who.
func (r *Result) someoneBlocks() bool {
	if slices.Contains([]meet.Reason{"no_common_time", "required_unknown", "quorum_missed"}, r.answer.Found.Why) {
		return r.required() > 1 && !r.cut("relax")
	}
	return len(r.obstacles()) > 0
}

// obstacles are the people who stand in the way alone, the greatest first.
func (r *Result) obstacles() (list []obstacle) {
	for _, x := range r.answer.Relax {
		if x.With == "" && x.Person != 0 && len(x.Windows) > 0 {
			list = append(list, obstacle{person: r.person(x.Person), windows: x.Windows, open: openingsOf(x.Windows)})
		}
	}
	slices.SortStableFunc(list, func(a, b obstacle) int { return b.open.minutes - a.open.minutes })
	list = list[:min(mostObstacles, len(list))]
	for i := range list {
		list[i].percent = max(1, 100*list[i].open.minutes/list[0].open.minutes)
	}
	return list
}

// harmless names those without whom nothing would change; "" where that is not known.
func (r *Result) harmless(ctx context.Context) string {
	if r.cut("relax") {
		return ""
	}
	blocks := map[int64]bool{}
	for _, x := range r.answer.Relax {
		if x.With == "" {
			blocks[x.Person] = true
		}
	}
	var ids []int64
	for _, p := range r.people {
		if p.Required && !blocks[p.ID] {
			ids = append(ids, p.ID)
		}
	}
	switch len(ids) {
	case 0:
		return ""
	case r.required():
		return locale.T(ctx, "way.nobody")
	}
	return locale.T(ctx, "way.others", "names", r.callAll(ctx, ids))
}

// callAll lists the first people by the names they are called by, and counts the others.
func (r *Result) callAll(ctx context.Context, ids []int64) string {
	var names []string
	for i, id := range ids {
		if i == mostListed && len(ids) > mostListed+1 {
			names = append(names, locale.N(ctx, "chosen.more", len(ids)-i))
			break
		}
		names = append(names, r.call(ctx, id))
	}
	return strings.Join(names, ", ")
}

// hindrance says in a few words what keeps a person away from these times.
func (r *Result) hindrance(ctx context.Context, p part.Person, windows []civil.Span) string {
	i := slices.IndexFunc(r.people, func(q part.Person) bool { return q.ID == p.ID })
	switch {
	case p.Unknown != "":
		return p.WhyUnknown(ctx)
	case i < 0 || len(windows) == 0:
		return ""
	}
	lost := map[Kind]civil.Minute{}
	for _, s := range r.answer.Timeline(i) {
		for _, w := range windows {
			if common := w.Clip(s.Span); s.State&meet.StateMissing != 0 && !common.Empty() {
				lost[kindOf(s.State)] += common.Len()
			}
		}
	}
	if lost[Outside] > lost[Busy]+lost[Tentative]+lost[Away] {
		return r.workday(ctx, i, windows[0])
	}
	var texts []string
	for _, k := range []Kind{Away, Busy, Tentative, Outside} {
		if lost[k] > 0 {
			texts = append(texts, k.text(ctx))
		}
	}
	return strings.Join(texts, ", ")
}

// offWork is the bit of a state that says that somebody does not work.
const offWork = meet.StateMissing &^ (meet.StateBooked | meet.StateUnread)

// workday says from when to when a person works, on the viewer's clock, on the day of a
// time, as far as that day is searched.
func (r *Result) workday(ctx context.Context, i int, at civil.Span) string {
	q, day := r.answer.Query, civil.DateIn(r.people[i].Zone, at.Start)
	searched := civil.Span{Start: q.From.Midnight(r.zone), End: q.To.Add(1).Midnight(r.zone)}
	work := civil.Union(searched.Clip(civil.Span{Start: day.Midnight(r.people[i].Zone), End: day.Add(1).Midnight(r.people[i].Zone)}))
	for _, s := range r.answer.Timeline(i) {
		if s.State&offWork != 0 {
			work = work.Subtract(civil.Union(s.Span))
		}
	}
	if len(work) == 0 {
		return Outside.text(ctx)
	}
	hours := civil.Span{Start: work[0].Start, End: work[len(work)-1].End}
	from, to := hours.In(r.zone)
	return locale.T(ctx, "price.works", "times", locale.From(ctx).TimeRange(from, to))
}

// stateIn joins the states in which a person is at some time of the windows.
func (r *Result) stateIn(i int, windows []civil.Span) (all meet.State) {
	for _, s := range r.answer.Timeline(i) {
		if slices.ContainsFunc(windows, s.Overlaps) {
			all |= s.State
		}
	}
	return all
}

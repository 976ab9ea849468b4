package find

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// share is in how many weeks of a rotation somebody is early or late.
type share struct {
	person int64
	weeks  int
}

// mostTurns is how many people have a row of their own in the table of a rotation.
const mostTurns = 12

// shares are those of everybody who must come or, of many, of those who bear something;
// most first.
func (r *Result) shares() []share {
	var all []share
	for _, p := range r.people {
		s := share{person: p.ID}
		for _, t := range r.answer.Found.Rotation {
			if odd(t, p.ID) != "" {
				s.weeks++
			}
		}
		if s.weeks > 0 || p.Required && r.required() <= mostTurns {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b share) int { return cmp.Compare(b.weeks, a.weeks) })
	return all[:min(mostTurns, len(all))]
}

// odd is the text key of what a week of a rotation is for a person, "" for neither early
// nor late.
func odd(t meet.Turn, person int64) string {
	switch {
	case slices.Contains(t.Early, person):
		return "chosen.early"
	case slices.Contains(t.Late, person):
		return "chosen.late"
	}
	return ""
}

// promise says what the rotation does for those who bear it, and whom it never relieves.
func (r *Result) promise(ctx context.Context) string {
	var never []string
	for _, s := range r.shares() {
		if s.weeks == len(r.answer.Found.Rotation) {
			never = append(never, r.call(ctx, s.person))
		}
	}
	if len(never) > 0 {
		return locale.T(ctx, "rotation.never", "names", strings.Join(never, ", "))
	}
	return locale.T(ctx, "rotation.why")
}

// turnURL searches the week of one turn, with its time chosen.
func (r *Result) turnURL(t meet.Turn) string {
	q := r.answer.Query
	day := civil.DateIn(r.zone, t.Start)
	q.From, q.To, q.Weeks = day, day, 1
	return Choice{View: r.choice.View, Slot: t.Start.Time()}.Append(q.Values().Encode())
}

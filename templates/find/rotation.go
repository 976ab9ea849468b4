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

// shares are those of everybody who bears something, most first.
func (r *Result) shares() []share {
	var all []share
	for _, p := range r.people {
		s := share{person: p.ID}
		for _, t := range r.answer.Found.Rotation {
			if slices.Contains(t.Early, p.ID) || slices.Contains(t.Late, p.ID) {
				s.weeks++
			}
		}
		if s.weeks > 0 {
			all = append(all, s)
		}
	}
	slices.SortStableFunc(all, func(a, b share) int { return cmp.Compare(b.weeks, a.weeks) })
	return all
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

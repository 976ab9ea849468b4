package finder

import (
	"context"
	"time"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// Check answers q with calendars that are read now, and says whether a meeting may begin at
// start: whether the answer lists it. Whoever is about to book a time asks it last.
//
// The errors are those of FindOnly.
func (f *Finder) Check(ctx context.Context, m meet.Member, q meet.Query, start time.Time) (answer meet.Answer, free bool, err error) {
	r, err := f.find(ctx, m, q, fresh)
	if err != nil {
		return meet.Answer{Query: r.Query}, false, err
	}
	if err := errIfEnded(ctx); err != nil {
		return meet.Answer{Query: r.Query}, false, err
	}
	return r.Answer, r.engine.Check(civil.Floor(start)), nil
}

// freshness says how old what is read of calendars may be.
type freshness bool

const (
	cached freshness = false
	fresh  freshness = true
)

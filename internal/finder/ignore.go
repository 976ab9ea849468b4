package finder

import (
	"context"
	"fmt"
	"math"

	"slotfinder/internal/meet"
)

// Events tells of single events; see meet.Events.
type Events interface {
	EventByID(ctx context.Context, m meet.Member, id int64) (meet.Event, error)
}

// ignored are the rows, in everybody's calendars, of the events that the query ignores.
// Those that are not the member's own are not ignored: they are not theirs to move.
func (f *Finder) ignored(ctx context.Context, m meet.Member, q meet.Query) ([]int32, error) {
	if f.Events == nil {
		return nil, nil
	}
	var rows []int32
	for _, id := range q.Ignore {
		e, err := f.Events.EventByID(ctx, m, id)
		switch {
		case meet.KindOf(err) == meet.NotFound || err == nil && e.Host != m.User:
			continue
		case err != nil:
			return nil, fmt.Errorf("reading the event that moves: %w", err)
		}
		for _, row := range append(rowsOf(e), e.Row, e.ID) {
			if row > 0 && row <= math.MaxInt32 {
				rows = append(rows, int32(row))
			}
		}
	}
	return rows, nil
}

func rowsOf(e meet.Event) []int64 {
	var rows []int64
	for _, i := range e.Invited {
		rows = append(rows, i.Row)
	}
	return rows
}

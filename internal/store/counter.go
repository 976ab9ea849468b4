package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

// minute is what counters count in, in the unit of times here.
const minute = int64(time.Minute / time.Millisecond)

// Tally adds to every counter and returns, in the same order, how much each was added
// to within the minute before now. A counter holds two full minutes; of the
// earlier one as much counts as lies within reach, as if its hits had been spread
// evenly. One statement does it, so that processes can't count past each other. A
// process whose clock is behind counts into the minute of those who are ahead, unless
// that is so far ahead that a clock must have been wrong.
func (s *Store) Tally(ctx context.Context, counters []meet.Counter, now time.Time) ([]int64, error) {
	at := millis(now)
	began := at - at%minute
	args := []any{began, began - minute, began + maxLease.Milliseconds()}
	var rows []string
	for _, c := range counters {
		args = append(args, c.Key, c.Portal, c.N)
		rows = append(rows, fmt.Sprintf("($%d, NULLIF($%d, ''), $1, CAST($%d AS BIGINT), 0)", len(args)-2, len(args)-1, len(args)))
	}
	const current = `(counters.began >= $1 AND counters.began <= $3)`
	// The order of the rows is that of the caller, which must be the same everywhere:
	// PostgreSQL locks one after the other.
	found, err := s.write.QueryContext(ctx, `
		INSERT INTO counters (counter, portal, began, hits, earlier) VALUES `+strings.Join(rows, ", ")+`
		ON CONFLICT (counter) DO UPDATE SET
			hits = CASE WHEN `+current+` THEN counters.hits + excluded.hits ELSE excluded.hits END,
			earlier = CASE WHEN `+current+` THEN counters.earlier WHEN counters.began = $2 THEN counters.hits ELSE 0 END,
			began = CASE WHEN `+current+` THEN counters.began ELSE $1 END
		RETURNING counter, hits, earlier`, args...)
	if err != nil {
		return nil, s.failed("tally", err)
	}
	defer func() { _ = found.Close() }()
	left := minute - (at - began) // of the earlier minute, that lies within the last one
	counts := map[string]int64{}
	for found.Next() {
		var key string
		var hits, earlier int64
		if err := found.Scan(&key, &hits, &earlier); err != nil {
			return nil, fmt.Errorf("store: tally: %w", err)
		}
		counts[key] = hits + earlier*left/minute
	}
	if err := found.Err(); err != nil {
		return nil, s.failed("tally", err)
	}
	all := make([]int64, len(counters))
	for i, c := range counters {
		all[i] = counts[c.Key]
	}
	return all, nil
}

// DeleteOldCounters removes the counters that say nothing about the minute before now
// any more, and with them the hashes of addresses.
func (s *Store) DeleteOldCounters(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete old counters", `DELETE FROM counters WHERE began < $1 OR began > $2`,
		millis(now)-2*minute, millis(now)+maxLease.Milliseconds())
	return err
}

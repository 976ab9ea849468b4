package store

import (
	"context"
	"fmt"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

// minute is what counters count in, in milliseconds.
const minute = int64(time.Minute / time.Millisecond)

// Tally adds to every counter and returns, in the same order, how much each was added to
// within the minute before now. A counter holds two full minutes; of the earlier one counts
// the share that lies within the last minute, as if its hits had been spread evenly. One
// statement does it, so that no process misses another one's hits. A process whose clock is
// behind counts into the minute of the others, unless that is so far ahead that a clock must
// have been wrong.
func (s *Store) Tally(ctx context.Context, counters []meet.Counter, now time.Time) ([]int64, error) {
	at := millis(now)
	began := at - at%minute
	share := minute - (at - began) // of the earlier minute
	args := []any{began, began - minute, began + maxLease.Milliseconds()}
	var values []string
	for _, c := range counters {
		args = append(args, c.Key, c.Portal, c.N)
		values = append(values, fmt.Sprintf("($%d, NULLIF($%d, ''), $1, CAST($%d AS BIGINT), 0)", len(args)-2, len(args)-1, len(args)))
	}
	const current = `(counters.began >= $1 AND counters.began <= $3)`
	// The caller gives the counters in the same order everywhere: PostgreSQL locks one row
	// after the other.
	type tally struct {
		key string
		n   int64
	}
	found, err := rowsOf(ctx, s, s.write, "tally", func(row scanner) (t tally, err error) {
		var hits, earlier int64
		err = row.Scan(&t.key, &hits, &earlier)
		t.n = hits + earlier*share/minute
		return t, err
	}, `
		INSERT INTO counters (counter, portal, began, hits, earlier) VALUES `+strings.Join(values, ", ")+`
		ON CONFLICT (counter) DO UPDATE SET
			hits = CASE WHEN `+current+` THEN counters.hits + excluded.hits ELSE excluded.hits END,
			earlier = CASE WHEN `+current+` THEN counters.earlier WHEN counters.began = $2 THEN counters.hits ELSE 0 END,
			began = CASE WHEN `+current+` THEN counters.began ELSE $1 END
		RETURNING counter, hits, earlier`, args...)
	if err != nil {
		return nil, err
	}
	counts := map[string]int64{}
	for _, t := range found {
		counts[t.key] = t.n
	}
	all := make([]int64, len(counters))
	for i, c := range counters {
		all[i] = counts[c.Key]
	}
	return all, nil
}

// PurgeCounters removes the counters that don't concern the minute before now any more,
// and with them the hashes of addresses.
func (s *Store) PurgeCounters(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete old counters", `DELETE FROM counters WHERE began < $1 OR began > $2`,
		millis(now)-2*minute, millis(now)+maxLease.Milliseconds())
	return err
}

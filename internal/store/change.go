package store

import (
	"context"
	"time"
)

// changesKept is how long a change is kept, far longer than processes look back.
const changesKept = time.Hour

// RecordChange notes that the calendars of a portal have changed and returns the
// number of the change. A portal's numbers grow; they are about unix milliseconds,
// by the clock of the process that wrote them. meet.NotFound: the portal has gone.
func (s *Store) RecordChange(ctx context.Context, portal string, now time.Time) (seq int64, err error) {
	err = s.write.QueryRowContext(ctx, `
		INSERT INTO changes (portal, seq) VALUES ($1, $2)
		ON CONFLICT (portal) DO UPDATE SET
			seq = CASE WHEN changes.seq >= excluded.seq THEN changes.seq + 1 ELSE excluded.seq END
		RETURNING seq`, portal, millis(now)).Scan(&seq)
	return seq, s.failed("record change", err)
}

// Changes returns the portals whose last change has a number above seq, with that
// number.
func (s *Store) Changes(ctx context.Context, above int64) (map[string]int64, error) {
	type change struct {
		portal string
		seq    int64
	}
	all, err := query(ctx, s, "changes", func(row scanner) (c change, err error) {
		return c, row.Scan(&c.portal, &c.seq)
	}, `SELECT portal, seq FROM changes WHERE seq > $1`, above)
	if err != nil {
		return nil, err
	}
	changed := map[string]int64{}
	for _, c := range all {
		changed[c.portal] = c.seq
	}
	return changed, nil
}

// PurgeChanges removes the changes that every process has seen long before now.
func (s *Store) PurgeChanges(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete old changes", `DELETE FROM changes WHERE seq <= $1`, millis(now.Add(-changesKept)))
	return err
}

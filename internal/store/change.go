package store

import (
	"context"
	"fmt"
	"time"
)

// changesKept is how long it can be read that a portal changed.
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
	rows, err := s.read.QueryContext(ctx, `SELECT portal, seq FROM changes WHERE seq > $1`, above)
	if err != nil {
		return nil, fmt.Errorf("store: changes: %w", err)
	}
	defer func() { _ = rows.Close() }()
	changed := map[string]int64{}
	for rows.Next() {
		var portal string
		var seq int64
		if err := rows.Scan(&portal, &seq); err != nil {
			return nil, fmt.Errorf("store: changes: %w", err)
		}
		changed[portal] = seq
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: changes: %w", err)
	}
	return changed, nil
}

// DeleteOldChanges removes the changes that every process has seen long before now.
func (s *Store) DeleteOldChanges(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete old changes", `DELETE FROM changes WHERE seq <= $1`, millis(now.Add(-changesKept)))
	return err
}

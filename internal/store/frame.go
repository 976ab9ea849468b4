package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// SaveFrameCode stores the hash of a one-time code for the session whose id has the
// hash idHash. meet.NotFound: the portal has gone.
func (s *Store) SaveFrameCode(ctx context.Context, codeHash, portal, idHash string, expires time.Time) error {
	_, err := s.exec(ctx, "save frame code", `INSERT INTO frame_codes (code_hash, portal, id_hash, expires) VALUES ($1, $2, $3, $4)`,
		codeHash, portal, idHash, millis(expires))
	return err
}

// TakeFrameCode uses a code up and returns the hash of the session's id that it was
// made for. found is false for a code that is unknown, used or has expired at now.
// Of many who take the same code one gets it.
func (s *Store) TakeFrameCode(ctx context.Context, codeHash string, now time.Time) (idHash string, found bool, err error) {
	err = s.write.QueryRowContext(ctx, `DELETE FROM frame_codes WHERE code_hash = $1 AND expires > $2 RETURNING id_hash`,
		codeHash, millis(now)).Scan(&idHash)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", false, nil
	case err != nil:
		return "", false, fmt.Errorf("store: take frame code: %w", err)
	}
	return idHash, true, nil
}

// DeleteExpiredFrameCodes removes the codes that nobody can use at now any more.
func (s *Store) DeleteExpiredFrameCodes(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete expired frame codes", `DELETE FROM frame_codes WHERE expires <= $1`, millis(now))
	return err
}

package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"
)

// LoadSession returns the session whose id has this hash, if there is one that
// has not expired at now. The portal is "" before sign-in.
func (s *Store) LoadSession(ctx context.Context, idHash string, now time.Time) (data, portal string, user int64, found bool, err error) {
	err = s.read.QueryRowContext(ctx, `
		SELECT data, COALESCE(portal, ''), user_id FROM sessions WHERE id_hash = $1 AND expires > $2`,
		idHash, millis(now)).Scan(&data, &portal, &user)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return "", "", 0, false, nil
	case err != nil:
		return "", "", 0, false, fmt.Errorf("store: load session: %w", err)
	}
	return data, portal, user, true, nil
}

// SaveSession inserts a session, or replaces it. The portal must be saved already, or
// be "" for somebody who has not signed in; a portal that is not there (any more)
// is meet.NotFound, so a request under way can't revive a session of a portal
// that has just gone.
func (s *Store) SaveSession(ctx context.Context, idHash, data, portal string, user int64, expires time.Time) error {
	_, err := s.exec(ctx, "save session", `
		INSERT INTO sessions (id_hash, data, portal, user_id, expires) VALUES ($1, $2, NULLIF($3, ''), $4, $5)
		ON CONFLICT (id_hash) DO UPDATE SET
			data = excluded.data, portal = excluded.portal, user_id = excluded.user_id, expires = excluded.expires`,
		idHash, data, portal, user, millis(expires))
	return err
}

// UpdateSession changes a session that is there, like SaveSession; found is false if it
// has ended, so that a request under way can't revive it.
func (s *Store) UpdateSession(ctx context.Context, idHash, data, portal string, user int64, expires time.Time) (found bool, err error) {
	n, err := s.exec(ctx, "update session", `
		UPDATE sessions SET data = $2, portal = NULLIF($3, ''), user_id = $4, expires = $5 WHERE id_hash = $1`,
		idHash, data, portal, user, millis(expires))
	return n > 0, err
}

// DeleteSession ends one session. Nothing happens when it is not there.
func (s *Store) DeleteSession(ctx context.Context, idHash string) error {
	_, err := s.exec(ctx, "delete session", `DELETE FROM sessions WHERE id_hash = $1`, idHash)
	return err
}

// DeleteSessionsOf ends all sessions of a user, or with user 0 of everybody in
// the portal.
func (s *Store) DeleteSessionsOf(ctx context.Context, portal string, user int64) error {
	_, err := s.exec(ctx, "delete sessions", `DELETE FROM sessions WHERE portal = $1 AND ($2 = 0 OR user_id = $2)`, portal, user)
	return err
}

// DeleteExpiredSessions removes the sessions that nobody finds at now any more.
func (s *Store) DeleteExpiredSessions(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete expired sessions", `DELETE FROM sessions WHERE expires <= $1`, millis(now))
	return err
}

package store

import (
	"context"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

const sessionColumns = `id_hash, portal, user_id, data, begun, used, expires`

// LoadSession returns the session whose id has this hash. meet.NotFound: there is none, or
// it has expired at now.
func (s *Store) LoadSession(ctx context.Context, idHash string, now time.Time) (auth.Session, error) {
	session, err := scanSession(s.read.QueryRowContext(ctx, `
		SELECT `+sessionColumns+` FROM sessions WHERE id_hash = $1 AND expires > $2`, idHash, millis(now)))
	return session, notFound("load session", "error.signed_out", err)
}

// SaveSession keeps a new session, and ends those of the same person that were used least
// lately, if there are more than auth.MaxSessions now. A portal that is not there (any
// more) is meet.NotFound, so a request under way can't revive a session of a portal that
// has just gone.
func (s *Store) SaveSession(ctx context.Context, session auth.Session) error {
	m := session.Member
	_, err := s.exec(ctx, "save session", `
		INSERT INTO sessions (id_hash, portal, user_id, data, begun, used, expires) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
		session.IDHash, m.Portal, m.User, session.Data, millis(session.Begun), millis(session.Used), millis(session.Expires))
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, "end old sessions", `
		DELETE FROM sessions WHERE portal = $1 AND user_id = $2 AND id_hash <> $3 AND id_hash NOT IN (
			SELECT id_hash FROM sessions WHERE portal = $1 AND user_id = $2 AND id_hash <> $3
			ORDER BY used DESC, id_hash LIMIT $4)`,
		m.Portal, m.User, session.IDHash, auth.MaxSessions-1)
	return err
}

// UseSession notes when a session was used last, and when it expires from now on. One
// that has ended meanwhile stays so.
func (s *Store) UseSession(ctx context.Context, idHash string, used, expires time.Time) error {
	_, err := s.exec(ctx, "use session", `UPDATE sessions SET used = $2, expires = $3 WHERE id_hash = $1 AND used < $2`,
		idHash, millis(used), millis(expires))
	return err
}

// SessionsOf returns a person's sessions that have not expired at now, the ones used
// last first.
func (s *Store) SessionsOf(ctx context.Context, m meet.Member, now time.Time) ([]auth.Session, error) {
	return query(ctx, s, "sessions", scanSession, `
		SELECT `+sessionColumns+` FROM sessions WHERE portal = $1 AND user_id = $2 AND expires > $3
		ORDER BY used DESC, id_hash LIMIT $4`, m.Portal, m.User, millis(now), auth.MaxSessions)
}

// scanSession reads sessionColumns.
func scanSession(row scanner) (auth.Session, error) {
	var s auth.Session
	var begun, used, expires int64
	err := row.Scan(&s.IDHash, &s.Member.Portal, &s.Member.User, &s.Data, &begun, &used, &expires)
	s.Begun, s.Used, s.Expires = instant(begun), instant(used), instant(expires)
	return s, err
}

// DeleteSession ends one session. Nothing happens when it is not there.
func (s *Store) DeleteSession(ctx context.Context, idHash string) error {
	_, err := s.exec(ctx, "delete session", `DELETE FROM sessions WHERE id_hash = $1`, idHash)
	return err
}

// DeleteSessionsOf ends all sessions of a user.
func (s *Store) DeleteSessionsOf(ctx context.Context, m meet.Member) error {
	_, err := s.exec(ctx, "delete sessions", `DELETE FROM sessions WHERE portal = $1 AND user_id = $2`, m.Portal, m.User)
	return err
}

// PurgeSessions removes the sessions that nobody finds at now any more.
func (s *Store) PurgeSessions(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete expired sessions", `DELETE FROM sessions WHERE expires <= $1`, millis(now))
	return err
}

// UseState uses up the state of a sign-in that ended in a portal. It is given by its
// hash, and expires by itself at a time. first is false if it was used before, here or by
// another process.
func (s *Store) UseState(ctx context.Context, portal, stateHash string, expires time.Time) (first bool, err error) {
	n, err := s.exec(ctx, "use state", `INSERT INTO used_states (state_hash, portal, expires) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`,
		stateHash, portal, millis(expires))
	return n == 1, err
}

// PurgeStates removes the states that nobody could use at now any more anyway.
func (s *Store) PurgeStates(ctx context.Context, now time.Time) error {
	_, err := s.exec(ctx, "delete expired states", `DELETE FROM used_states WHERE expires <= $1`, millis(now))
	return err
}

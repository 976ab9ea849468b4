package store

import (
	"context"
	"database/sql"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// Grant returns the member's pair of tokens.
func (s *Store) Grant(ctx context.Context, m meet.Member) (auth.Grant, error) {
	g := auth.Grant{Member: m}
	var expires int64
	err := s.read.QueryRowContext(ctx, `
		SELECT access_token, refresh_token, expires, version FROM grants WHERE portal = $1 AND user_id = $2`,
		m.Portal, m.User).Scan(&g.AccessToken, &g.RefreshToken, &expires, &g.Version)
	g.Expires = instant(expires)
	return g, missing("grant", "error.signed_out", err)
}

// SaveGrant inserts or replaces the member's pair, raises its version and ends a
// lease.
func (s *Store) SaveGrant(ctx context.Context, g auth.Grant) error {
	_, err := s.exec(ctx, "save grant", `
		INSERT INTO grants (portal, user_id, access_token, refresh_token, expires, version, leased_until)
		VALUES ($1, $2, $3, $4, $5, 1, 0)
		ON CONFLICT (portal, user_id) DO UPDATE SET
			access_token = excluded.access_token, refresh_token = excluded.refresh_token,
			expires = excluded.expires, version = grants.version + 1, leased_until = 0`,
		g.Member.Portal, g.Member.User, g.AccessToken, g.RefreshToken, millis(g.Expires))
	return err
}

// RenewGrant replaces the leased pair of version g.Version and ends the lease.
// A row that was written anew in the meantime has no lease, whatever its version.
func (s *Store) RenewGrant(ctx context.Context, g auth.Grant) error {
	n, err := s.exec(ctx, "renew grant", `
		UPDATE grants SET access_token = $3, refresh_token = $4, expires = $5, version = version + 1, leased_until = 0
		WHERE portal = $1 AND user_id = $2 AND version = $6 AND leased_until > 0`,
		g.Member.Portal, g.Member.User, g.AccessToken, g.RefreshToken, millis(g.Expires), g.Version)
	if err == nil && n == 0 {
		return missing("renew grant", "error.signed_out", sql.ErrNoRows)
	}
	return err
}

// DeleteGrant removes the member's pair of that version. Nothing happens when it
// is not there.
func (s *Store) DeleteGrant(ctx context.Context, m meet.Member, version int64) error {
	_, err := s.exec(ctx, "delete grant", `DELETE FROM grants WHERE portal = $1 AND user_id = $2 AND version = $3`,
		m.Portal, m.User, version)
	return err
}

// LeaseGrant takes the lease on the member's pair if nobody has it at now.
func (s *Store) LeaseGrant(ctx context.Context, m meet.Member, now, until time.Time) (bool, error) {
	n, err := s.exec(ctx, "lease grant", `
		UPDATE grants SET leased_until = $4 WHERE portal = $1 AND user_id = $2 AND leased_until <= $3`,
		m.Portal, m.User, millis(now), millis(until))
	if err != nil || n == 1 {
		return n == 1, err
	}
	_, err = s.Grant(ctx, m)
	return false, err
}

// ReleaseGrant ends the lease without a change.
func (s *Store) ReleaseGrant(ctx context.Context, m meet.Member) error {
	_, err := s.exec(ctx, "release grant", `UPDATE grants SET leased_until = 0 WHERE portal = $1 AND user_id = $2`,
		m.Portal, m.User)
	return err
}

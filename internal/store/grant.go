package store

import (
	"context"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

// lostGrantsKept is how long a lost pair stays: another process may hold its successor and
// not have been able to store it yet.
const lostGrantsKept = 24 * time.Hour

// Grant returns the member's pair of tokens.
func (s *Store) Grant(ctx context.Context, m meet.Member) (auth.Grant, error) {
	g := auth.Grant{Member: m}
	var expires int64
	err := s.read.QueryRowContext(ctx, `
		SELECT access_token, refresh_token, expires, version FROM grants WHERE portal = $1 AND user_id = $2 AND lost = 0`,
		m.Portal, m.User).Scan(&g.AccessToken, &g.RefreshToken, &expires, &g.Version)
	g.Expires = instant(expires)
	return g, notFound("grant", "error.signed_out", err)
}

// saveGrant inserts or replaces the member's pair, raises its version and ends a lease.
const saveGrant = `
	INSERT INTO grants (portal, user_id, access_token, refresh_token, expires, version, leased_until, lost)
	VALUES ($1, $2, $3, $4, $5, 1, 0, 0)
	ON CONFLICT (portal, user_id) DO UPDATE SET
		access_token = excluded.access_token, refresh_token = excluded.refresh_token,
		expires = excluded.expires, version = grants.version + 1, leased_until = 0, lost = 0`

// SaveGrant implements auth.Vault.
func (s *Store) SaveGrant(ctx context.Context, g auth.Grant) error {
	_, err := s.exec(ctx, "save grant", saveGrant,
		g.Member.Portal, g.Member.User, g.AccessToken, g.RefreshToken, millis(g.Expires))
	return err
}

// SaveGrantLate implements auth.Vault.
func (s *Store) SaveGrantLate(ctx context.Context, g auth.Grant) error {
	_, err := s.exec(ctx, "save grant late", saveGrant+` WHERE grants.expires < excluded.expires OR grants.lost > 0`,
		g.Member.Portal, g.Member.User, g.AccessToken, g.RefreshToken, millis(g.Expires))
	return err
}

// RenewGrant implements auth.Vault. A sealed text is never the same twice, so a row that
// has the old one is the very row that was read.
func (s *Store) RenewGrant(ctx context.Context, old, renewed auth.Grant) error {
	n, err := s.exec(ctx, "renew grant", `
		UPDATE grants SET access_token = $3, refresh_token = $4, expires = $5, version = version + 1, leased_until = 0, lost = 0
		WHERE portal = $1 AND user_id = $2 AND refresh_token = $6`,
		old.Member.Portal, old.Member.User, renewed.AccessToken, renewed.RefreshToken, millis(renewed.Expires), old.RefreshToken)
	return mustChange("renew grant", "error.signed_out", n, err)
}

// LoseGrant implements auth.Vault.
func (s *Store) LoseGrant(ctx context.Context, g auth.Grant) error {
	_, err := s.exec(ctx, "lose grant", `
		UPDATE grants SET lost = `+s.now()+`, leased_until = 0 WHERE portal = $1 AND user_id = $2 AND refresh_token = $3 AND lost = 0`,
		g.Member.Portal, g.Member.User, g.RefreshToken)
	return err
}

// PurgeGrants removes the pairs that were lost long ago.
func (s *Store) PurgeGrants(ctx context.Context) error {
	_, err := s.exec(ctx, "delete lost grants", `DELETE FROM grants WHERE lost > 0 AND lost <= `+s.now()+` - $1`, lostGrantsKept.Milliseconds())
	return err
}

// LeaseGrant implements auth.Vault.
func (s *Store) LeaseGrant(ctx context.Context, m meet.Member, life time.Duration) (bool, error) {
	n, err := s.exec(ctx, "lease grant", `
		UPDATE grants SET leased_until = `+s.now()+` + $3
		WHERE portal = $1 AND user_id = $2 AND lost = 0 AND NOT `+s.unexpired(`leased_until`),
		m.Portal, m.User, life.Milliseconds())
	if err != nil || n == 1 {
		return n == 1, err
	}
	_, err = s.Grant(ctx, m)
	return false, err
}

// ReleaseGrant ends the lease and leaves the pair as it is.
func (s *Store) ReleaseGrant(ctx context.Context, m meet.Member) error {
	_, err := s.exec(ctx, "release grant", `UPDATE grants SET leased_until = 0 WHERE portal = $1 AND user_id = $2`,
		m.Portal, m.User)
	return err
}

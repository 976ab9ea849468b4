package store

import (
	"context"

	"slotfinder/internal/meet"
)

// PortalKeys returns the keys of all portals.
func (s *Store) PortalKeys(ctx context.Context) ([]string, error) {
	return query(ctx, s, "portals", scanColumn[string], `SELECT member_id FROM portals ORDER BY member_id`)
}

// Members returns the users of a portal who have tokens, the last renewed first, and after
// them those who only have sessions.
func (s *Store) Members(ctx context.Context, portal string) ([]int64, error) {
	return query(ctx, s, "members", scanColumn[int64], `
		SELECT user_id FROM (
			SELECT user_id, expires AS seen FROM grants WHERE portal = $1 AND lost = 0
			UNION ALL SELECT user_id, 0 FROM sessions WHERE portal = $1
		) AS members GROUP BY user_id ORDER BY MAX(seen) DESC, user_id`, portal)
}

// CloseMember removes the tokens and sessions of a member in one transaction.
func (s *Store) CloseMember(ctx context.Context, m meet.Member) error {
	return s.inTransaction(ctx, "close member", []string{
		`DELETE FROM grants WHERE portal = $1 AND user_id = $2`,
		`DELETE FROM sessions WHERE portal = $1 AND user_id = $2`,
	}, m.Portal, m.User)
}

// ClosePortal removes the tokens and sessions of everybody in a portal and its
// application_token in one transaction. What people have set stays.
func (s *Store) ClosePortal(ctx context.Context, memberID string) error {
	return s.inTransaction(ctx, "close portal", []string{
		`DELETE FROM grants WHERE portal = $1`,
		`DELETE FROM sessions WHERE portal = $1`,
		`DELETE FROM frame_codes WHERE portal = $1`,
		`UPDATE portals SET app_token = '' WHERE member_id = $1`,
	}, memberID)
}

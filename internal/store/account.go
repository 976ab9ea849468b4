package store

import (
	"context"
	"fmt"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
)

var _ auth.Accounts = (*Store)(nil)

// PortalKeys returns the keys of all portals.
func (s *Store) PortalKeys(ctx context.Context) ([]string, error) {
	rows, err := s.read.QueryContext(ctx, `SELECT member_id FROM portals ORDER BY member_id`)
	if err != nil {
		return nil, fmt.Errorf("store: portals: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var keys []string
	for rows.Next() {
		var key string
		if err := rows.Scan(&key); err != nil {
			return nil, fmt.Errorf("store: portals: %w", err)
		}
		keys = append(keys, key)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: portals: %w", err)
	}
	return keys, nil
}

// Members returns the users of a portal who have tokens, those renewed last first,
// and after them those who only have sessions.
func (s *Store) Members(ctx context.Context, portal string) ([]int64, error) {
	rows, err := s.read.QueryContext(ctx, `
		SELECT user_id, MAX(seen) FROM (
			SELECT user_id, expires AS seen FROM grants WHERE portal = $1 AND lost = 0
			UNION ALL SELECT user_id, 0 FROM sessions WHERE portal = $1
		) AS members GROUP BY user_id ORDER BY 2 DESC, user_id`, portal)
	if err != nil {
		return nil, fmt.Errorf("store: members: %w", err)
	}
	defer func() { _ = rows.Close() }()
	var users []int64
	for rows.Next() {
		var user, seen int64
		if err := rows.Scan(&user, &seen); err != nil {
			return nil, fmt.Errorf("store: members: %w", err)
		}
		users = append(users, user)
	}
	if err := rows.Err(); err != nil {
		return nil, fmt.Errorf("store: members: %w", err)
	}
	return users, nil
}

// CloseMember removes the tokens and sessions of a user, in one step.
func (s *Store) CloseMember(ctx context.Context, m meet.Member) error {
	return s.inTransaction(ctx, "close member", []string{
		`DELETE FROM grants WHERE portal = $1 AND user_id = $2`,
		`DELETE FROM sessions WHERE portal = $1 AND user_id = $2`,
	}, m.Portal, m.User)
}

// ClosePortal removes the tokens and sessions of everybody in a portal and the token
// of its events, in one step. What people have set stays.
func (s *Store) ClosePortal(ctx context.Context, memberID string) error {
	return s.inTransaction(ctx, "close portal", []string{
		`DELETE FROM grants WHERE portal = $1`,
		`DELETE FROM sessions WHERE portal = $1`,
		`DELETE FROM frame_codes WHERE portal = $1`,
		`UPDATE portals SET app_token = '' WHERE member_id = $1`,
	}, memberID)
}

// inTransaction runs statements with the same arguments in one transaction.
func (s *Store) inTransaction(ctx context.Context, operation string, statements []string, args ...any) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("store: %s: %w", operation, err)
	}
	defer func() { _ = tx.Rollback() }() // of no effect after the commit
	for _, statement := range statements {
		if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
			return fmt.Errorf("store: %s: %w", operation, err)
		}
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("store: %s: %w", operation, err)
	}
	return nil
}

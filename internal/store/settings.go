package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"slotfinder/internal/meet"
)

// Settings returns what administrators have decided for a portal; the zero Settings
// when they have decided nothing.
func (s *Store) Settings(ctx context.Context, portal string) (meet.Settings, error) {
	var user, since int64
	err := s.read.QueryRowContext(ctx, `SELECT designated, since FROM settings WHERE portal = $1`, portal).Scan(&user, &since)
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return meet.Settings{}, nil
	case err != nil:
		return meet.Settings{}, fmt.Errorf("store: settings: %w", err)
	}
	return meet.Settings{Designated: user, Since: instant(since)}, nil
}

// SaveSettings replaces what was decided for a portal. Of the zero Settings nothing
// is kept.
func (s *Store) SaveSettings(ctx context.Context, portal string, settings meet.Settings) error {
	if settings == (meet.Settings{}) {
		_, err := s.exec(ctx, "delete settings", `DELETE FROM settings WHERE portal = $1`, portal)
		return err
	}
	_, err := s.exec(ctx, "save settings", `
		INSERT INTO settings (portal, designated, since) VALUES ($1, $2, $3)
		ON CONFLICT (portal) DO UPDATE SET designated = excluded.designated, since = excluded.since`,
		portal, settings.Designated, millis(settings.Since))
	return err
}

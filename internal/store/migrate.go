package store

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
)

//go:embed migration/*.sql
var migrations embed.FS

// migrate brings the schema up to date. Any number of processes may do it at the
// same time: each migration is applied once.
//
// PostgreSQL has a lock for that. SQLite has none which lasts over several
// transactions, but there each migration is one transaction that begins with the
// write lock, so the slower process fails cleanly on what is already there. It
// tries again as long as somebody else moves the schema on.
func (s *Store) migrate(ctx context.Context) error {
	last := int64(-1)
	for {
		provider, err := s.provider()
		if err != nil {
			return fmt.Errorf("store: migrate: %w", err)
		}
		_, failed := provider.Up(ctx)
		if failed == nil {
			return nil
		}
		version, err := provider.GetDBVersion(ctx)
		if err != nil || version == last || s.dialect.locker != nil {
			return errors.Join(fmt.Errorf("store: migrate: %w", failed), err)
		}
		last = version
	}
}

// provider returns goose for the embedded migrations. It is made anew for every
// attempt because it remembers what it has seen.
func (s *Store) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migration")
	if err != nil {
		return nil, err
	}
	options := []goose.ProviderOption{goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger())}
	if s.dialect.locker != nil {
		options = append(options, goose.WithSessionLocker(s.dialect.locker))
	}
	return goose.NewProvider(s.dialect.goose, s.write, folder, options...)
}

// schemaLock is an advisory lock of PostgreSQL that one process holds while it
// migrates; the others wait in the server. goose's own locker asks again every
// five seconds and locks the whole database; this one lets installations in
// different schemas alone. It ends with its connection at the latest.
//
// Advisory locks belong to a connection of the server, so a pooler in between
// must keep sessions together.
type schemaLock struct{}

// SessionLock waits for the lock.
func (schemaLock) SessionLock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(hashtext('slotfinder'), hashtext(current_schema()))`)
	return err
}

// SessionUnlock gives it back.
func (schemaLock) SessionUnlock(ctx context.Context, conn *sql.Conn) error {
	_, err := conn.ExecContext(ctx, `SELECT pg_advisory_unlock(hashtext('slotfinder'), hashtext(current_schema()))`)
	return err
}

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

// firstVersion is the schema's first released version. The versions below it were made
// during development and have been squashed into it.
const firstVersion = 13

// errBeforeFirstRelease refuses a database of such a version.
var errBeforeFirstRelease = errors.New("store: the database was made by a version from before the first release and can't be used: " +
	"delete it (SQLite: the file) or name another one in SLOTFINDER_DATABASE")

// migrate brings the schema up to date. Any number of processes may do it at the
// same time: each migration is applied once.
//
// PostgreSQL has a lock for that. SQLite has none that lasts over several transactions, but
// there each migration is one transaction that begins with the write lock, so the slower
// process fails cleanly on what is already there. It tries again as long as another process
// moves the schema on. If another one has locked the whole file, Open tries again.
func (s *Store) migrate(ctx context.Context) error {
	if s.dialect.lock != nil {
		unlock, err := s.dialect.lock(ctx, s.write.DB)
		if err != nil {
			return fmt.Errorf("store: migrate: %w", err)
		}
		_, err = s.up(ctx)
		return errors.Join(err, unlock())
	}
	for last := int64(-1); ; {
		version, err := s.up(ctx)
		if err == nil || version == last {
			return err
		}
		last = version
	}
}

// up applies what is missing and, when that fails, returns the version that the
// schema has now. On a database from before the first release it always fails, because
// the tables of firstVersion exist there, so a good start needs no check of its own.
func (s *Store) up(ctx context.Context) (version int64, err error) {
	provider, err := s.provider()
	if err != nil {
		return -1, fmt.Errorf("store: migrate: %w", err)
	}
	if _, err = provider.Up(ctx); err == nil {
		return 0, nil
	}
	version, unknown := provider.GetDBVersion(ctx)
	switch {
	case unknown != nil:
		version, err = -1, errors.Join(err, unknown)
	case 0 < version && version < firstVersion:
		return version, errBeforeFirstRelease
	}
	return version, fmt.Errorf("store: migrate: %w", err)
}

// provider returns goose for the embedded migrations. It is made anew for every
// attempt because it remembers what it has seen.
func (s *Store) provider() (*goose.Provider, error) {
	folder, err := fs.Sub(migrations, "migration")
	if err != nil {
		return nil, err
	}
	return goose.NewProvider(s.dialect.goose, s.write.DB, folder,
		goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
}

// lockSchema takes an advisory lock of PostgreSQL; other processes wait for it in
// the server. goose has a locker of its own, but makes its table before it takes
// the lock, polls for it every five seconds, and locks the whole database; this one
// leaves installations in other schemas alone. It ends with its connection at the
// latest.
//
// Advisory locks belong to a connection of the server, so a pooler in between must
// keep sessions together.
func lockSchema(ctx context.Context, db *sql.DB) (unlock func() error, err error) {
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, err
	}
	const key = `(hashtext('slotfinder'), hashtext(current_schema()))`
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock`+key); err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return func() error {
		_, err := conn.ExecContext(context.WithoutCancel(ctx), `SELECT pg_advisory_unlock`+key)
		return errors.Join(err, conn.Close())
	}, nil
}

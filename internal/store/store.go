package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/cenkalti/backoff/v5"

	"slotfinder/internal/auth"
	"slotfinder/internal/job"
	"slotfinder/internal/meet"
)

// Store is an open database. It is safe for concurrent use, and several
// processes may have the same database open.
type Store struct {
	dialect dialect
	read    *pool // for SQLite one that cannot write
	write   *pool // for SQLite a single connection
	health  writeHealth
	clock   func() time.Time // nil: the database's own
}

// newStore makes a Store of connections for reading and for writing, which may be the
// same.
func newStore(d dialect, read, write *sql.DB) *Store {
	s := &Store{dialect: d}
	s.read = &pool{DB: read, unavailable: d.unavailable, key: "error.cant_read", observe: func(error) {}}
	s.write = &pool{DB: write, unavailable: d.unavailable, key: "error.cant_save", observe: s.health.record}
	return s
}

var (
	_ auth.Vault     = (*Store)(nil)
	_ auth.Accounts  = (*Store)(nil)
	_ meet.Schedules = (*Store)(nil)
	_ meet.Decisions = (*Store)(nil)
	_ meet.Links     = (*Store)(nil)
	_ meet.Meter     = (*Store)(nil)
	_ meet.Groups    = (*Store)(nil)
	_ job.Queue      = (*Store)(nil)
)

// Open opens the database at an address, "sqlite:PATH" or "postgres://…", and
// brings its schema up to date. A missing SQLite file is created, readable for its owner
// only. When several processes open a SQLite file at once, the others wait for the one that
// prepares it. No error shows a password of the address.
func Open(ctx context.Context, address string) (*Store, error) {
	pause := backoff.NewExponentialBackOff()
	pause.InitialInterval, pause.MaxInterval = 20*time.Millisecond, time.Second
	return backoff.Retry(ctx, func() (*Store, error) {
		s, err := openOnce(ctx, address)
		if err != nil && !sqliteContended(err) {
			return nil, backoff.Permanent(err)
		}
		return s, err
	}, backoff.WithBackOff(pause), backoff.WithMaxElapsedTime(openTimeout))
}

// openTimeout is how long Open tries while other processes lock the file. Each of them needs
// a few milliseconds, on a busy machine a second.
const openTimeout = time.Minute

func openOnce(ctx context.Context, address string) (*Store, error) {
	s, err := connect(ctx, address)
	if err != nil {
		return nil, err
	}
	if err := s.migrate(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	return s, nil
}

// connect opens the database without touching its schema.
func connect(ctx context.Context, address string) (*Store, error) {
	scheme, rest, _ := strings.Cut(address, ":")
	switch {
	case scheme == "sqlite" && rest != "":
		return openSQLite(ctx, rest)
	case (scheme == "postgres" || scheme == "postgresql") && strings.HasPrefix(rest, "//"):
		return openPostgres(ctx, address)
	}
	// The error does not quote the address: a mistyped one may still hold a password.
	return nil, errors.New(`store: the address is neither "sqlite:PATH" nor "postgres://…"`)
}

// Close ends all connections and cancels running statements.
func (s *Store) Close() error {
	err := s.write.Close()
	if s.read.DB != s.write.DB {
		err = errors.Join(err, s.read.Close())
	}
	if err != nil {
		return fmt.Errorf("store: close: %w", err)
	}
	return nil
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	var n int64
	if err := s.read.QueryRowContext(ctx, `SELECT count(*) FROM (SELECT 1 FROM portals LIMIT 1) AS p`).Scan(&n); err != nil {
		return fmt.Errorf("store: ping: %w", err)
	}
	return nil
}

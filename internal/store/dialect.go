package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/stdlib"
	"github.com/pressly/goose/v3"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// dialect is what differs between the databases, apart from opening them.
type dialect struct {
	goose         goose.Dialect
	now           string                                                          // SQL for unix milliseconds by the database's clock
	lock          func(context.Context, *sql.DB) (unlock func() error, err error) // keeps other processes from migrating; nil: see migrate
	portalMissing func(err error) bool                                            // the row's portal is not there
	unavailable   func(err error) bool                                            // the database can't be used right now
}

// openSQLite opens the file at path.
func openSQLite(ctx context.Context, path string) (*Store, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return nil, fmt.Errorf("store: sqlite: %w", err)
	}
	// SQLite gives its side files the mode of the main file, so creating that is enough.
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("store: sqlite: %w", err)
	}
	if err := file.Close(); err != nil {
		return nil, fmt.Errorf("store: sqlite: %w", err)
	}
	write, err := sqlitePool(ctx, path, 1, "")
	if err != nil {
		return nil, err
	}
	if err := checkIntegrity(ctx, write); err != nil {
		return nil, errors.Join(err, write.Close())
	}
	// The journal is in WAL mode by now, which lets readers go on during a write.
	read, err := sqlitePool(ctx, path, 8, "&_query_only=1")
	if err != nil {
		return nil, errors.Join(err, write.Close())
	}
	return newStore(dialect{
		goose: goose.DialectSQLite3, now: `CAST(unixepoch('subsec') * 1000 AS INTEGER)`, portalMissing: sqlitePortalMissing, unavailable: sqliteUnavailable,
	}, read, write), nil
}

// sqlitePool opens a pool of at most size connections.
func sqlitePool(ctx context.Context, path string, size int, options string) (*sql.DB, error) {
	name := (&url.URL{Scheme: "file", Path: path}).String() +
		"?_busy_timeout=5000&_journal_mode=WAL&_synchronous=FULL&_foreign_keys=1&_txlock=immediate&_dqs=0" + options
	db, err := sql.Open("sqlite", name)
	if err != nil {
		return nil, fmt.Errorf("store: sqlite: %w", err)
	}
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: sqlite: %w", err), db.Close())
	}
	return db, nil
}

// checkIntegrity reads the whole file. That takes milliseconds for the little that this
// product stores, and a damaged file is better found at the start than in use.
func checkIntegrity(ctx context.Context, db *sql.DB) error {
	var verdict string
	if err := db.QueryRowContext(ctx, `PRAGMA integrity_check(1)`).Scan(&verdict); err != nil {
		return fmt.Errorf("store: sqlite: integrity check: %w", err)
	}
	if verdict != "ok" {
		return errors.New("store: sqlite: the file is damaged: restore a backup")
	}
	return nil
}

func sqlitePortalMissing(err error) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && e.Code() == sqlite3.SQLITE_CONSTRAINT_FOREIGNKEY
}

// openPostgres opens the server at a URL.
func openPostgres(ctx context.Context, address string) (*Store, error) {
	config, err := pgx.ParseConfig(address)
	if err != nil {
		// The parser's text quotes the address.
		return nil, errors.New("store: postgres: the address cannot be understood")
	}
	if config.ConnectTimeout == 0 {
		config.ConnectTimeout = 10 * time.Second
	}
	if config.RuntimeParams["application_name"] == "" {
		config.RuntimeParams["application_name"] = "slotfinder"
	}
	db := stdlib.OpenDB(*config)
	db.SetMaxOpenConns(16)
	db.SetMaxIdleConns(8)
	db.SetConnMaxIdleTime(5 * time.Minute)
	if err := db.PingContext(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("store: postgres: %w", err), db.Close())
	}
	return newStore(dialect{
		goose: goose.DialectPostgres, now: `CAST(extract(epoch FROM clock_timestamp()) * 1000 AS BIGINT)`,
		lock: lockSchema, portalMissing: postgresPortalMissing, unavailable: postgresUnavailable,
	}, db, db), nil
}

func postgresPortalMissing(err error) bool {
	var e *pgconn.PgError
	const foreignKeyViolation = "23503"
	return errors.As(err, &e) && e.Code == foreignKeyViolation
}

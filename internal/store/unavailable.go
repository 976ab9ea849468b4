package store

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"
)

// sqliteUnavailable: the disk is full or broken, the file was taken away or may only be read,
// or somebody else has it for too long.
func sqliteUnavailable(err error) bool {
	return hasPrimaryCode(err, sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN,
		sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
}

// sqliteContended: another process has the file, as several do that begin with it at
// the same time. Not all steps of that wait for a lock by themselves.
func sqliteContended(err error) bool {
	return hasPrimaryCode(err, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_PROTOCOL)
}

// hasPrimaryCode reports whether an error has one of the primary codes, whatever its
// extended code says more.
func hasPrimaryCode(err error, codes ...int) bool {
	var e *sqlite.Error
	return errors.As(err, &e) && slices.Contains(codes, e.Code()&0xff)
}

// postgresUnavailable: the server can't be reached, or says that it can't do anything right
// now. The classes are connection, transaction rollback, resources, intervention by an
// operator and errors of its system; 25006 is a server that may only be read.
func postgresUnavailable(err error) bool {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return slices.Contains([]string{"08", "40", "53", "57", "58"}, e.Code[:min(2, len(e.Code))]) || e.Code == "25006"
	}
	var dial *pgconn.ConnectError
	var network net.Error
	return errors.As(err, &dial) || errors.As(err, &network) || pgconn.SafeToRetry(err) ||
		errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone)
}

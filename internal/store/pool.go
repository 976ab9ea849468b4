package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// statementTimeout is how long one statement, or one transaction, may take: longer than
// SQLite waits for a lock, and less than people wait for a page. A database that hangs must
// not hang its callers.
const statementTimeout = 8 * time.Second

// pool is the connections for reading, or those for writing. It is the one place that
// tells a database which can't be used at the moment (meet.Unavailable) from a bug of ours;
// it leaves all other errors as they are.
type pool struct {
	*sql.DB
	unavailable func(error) bool // of the dialect
	key         string           // what people are told when the database can't be used
	observe     func(error)      // gets the result of each use, nil for success; not called if the caller left
}

// QueryRowContext is that of sql.DB.
func (p *pool) QueryRowContext(ctx context.Context, query string, args ...any) *row {
	u := p.begin(ctx)
	return &row{u, p.DB.QueryRowContext(u.ctx, query, args...)}
}

// QueryContext is that of sql.DB.
func (p *pool) QueryContext(ctx context.Context, query string, args ...any) (*rows, error) {
	u := p.begin(ctx)
	found, err := p.DB.QueryContext(u.ctx, query, args...) //nolint:rowserrcheck // who reads the rows asks; see rows.Err
	if err != nil {
		return nil, u.end(err)
	}
	return &rows{found, u}, nil
}

// ExecContext is that of sql.DB.
func (p *pool) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	u := p.begin(ctx)
	result, err := p.DB.ExecContext(u.ctx, query, args...)
	return result, u.end(err)
}

// BeginTx is that of sql.DB.
func (p *pool) BeginTx(ctx context.Context, options *sql.TxOptions) (*transaction, error) {
	u := p.begin(ctx)
	tx, err := p.DB.BeginTx(u.ctx, options)
	if err != nil {
		return nil, u.end(err)
	}
	return &transaction{tx, u}, nil
}

// use is one statement or transaction, limited in time.
type use struct {
	pool   *pool
	caller context.Context
	ctx    context.Context
	cancel context.CancelFunc
}

func (p *pool) begin(caller context.Context) use {
	ctx, cancel := context.WithTimeout(caller, statementTimeout)
	return use{p, caller, ctx, cancel}
}

// end ends the use with its classified error.
func (u use) end(err error) error {
	err = u.classify(err)
	u.cancel()
	return err
}

// classify says what an error means. A cancelled caller is no fault of the database and
// says nothing about it.
func (u use) classify(err error) error {
	switch {
	case err == nil || errors.Is(err, sql.ErrNoRows):
		u.pool.observe(nil)
	case u.caller.Err() != nil:
		return fmt.Errorf("%w: %w", u.caller.Err(), err)
	case u.ctx.Err() != nil || u.pool.unavailable(err):
		err = meet.Errorf(meet.Unavailable, u.pool.key, "the database is not available: %w", err)
		u.pool.observe(err)
	default:
		u.pool.observe(nil) // it answered
	}
	return err
}

// row is a sql.Row.
type row struct {
	use use
	row *sql.Row
}

// Scan is that of sql.Row.
func (r *row) Scan(dest ...any) error { return r.use.end(r.row.Scan(dest...)) }

// rows are sql.Rows. Close must be called, as with those.
type rows struct {
	*sql.Rows
	use use
}

// Err is that of sql.Rows.
func (r *rows) Err() error {
	if err := r.Rows.Err(); err != nil {
		return r.use.classify(err)
	}
	return nil
}

// Close is that of sql.Rows.
func (r *rows) Close() error {
	err := r.Rows.Close()
	r.use.cancel()
	return err
}

// transaction is a sql.Tx. Commit or Rollback must be called, as with that.
type transaction struct {
	*sql.Tx
	use use
}

// ExecContext is that of sql.Tx.
func (t *transaction) ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error) {
	result, err := t.Tx.ExecContext(ctx, query, args...)
	if err != nil {
		err = t.use.classify(err)
	}
	return result, err
}

// QueryRowContext is that of sql.Tx.
func (t *transaction) QueryRowContext(ctx context.Context, query string, args ...any) *row {
	u := t.use
	u.cancel = func() {} // the transaction goes on
	return &row{u, t.Tx.QueryRowContext(ctx, query, args...)}
}

// Commit is that of sql.Tx.
func (t *transaction) Commit() error { return t.use.end(t.Tx.Commit()) }

// Rollback is that of sql.Tx.
func (t *transaction) Rollback() error {
	defer t.use.cancel()
	return t.Tx.Rollback()
}

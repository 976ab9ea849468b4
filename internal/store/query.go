package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

// scanner is one row: a sql.Row or the current one of sql.Rows.
type scanner interface{ Scan(dest ...any) error }

// query returns all rows of a reading statement, each read by scan.
func query[T any](ctx context.Context, s *Store, operation string, scan func(scanner) (T, error), statement string, args ...any) ([]T, error) {
	return rowsOf(ctx, s, s.read, operation, scan, statement, args...)
}

// rowsOf is query on a pool.
func rowsOf[T any](ctx context.Context, s *Store, p *pool, operation string, scan func(scanner) (T, error), statement string, args ...any) ([]T, error) {
	found, err := p.QueryContext(ctx, statement, args...)
	if err != nil {
		return nil, s.failed(operation, err)
	}
	defer func() { _ = found.Close() }()
	var all []T
	for found.Next() {
		one, err := scan(found)
		if err != nil {
			return nil, s.failed(operation, err)
		}
		all = append(all, one)
	}
	if err := found.Err(); err != nil {
		return nil, s.failed(operation, err)
	}
	return all, nil
}

// scanColumn reads a row of one column.
func scanColumn[T any](row scanner) (value T, err error) {
	return value, row.Scan(&value)
}

// exec runs one writing statement and returns the number of changed rows. A row
// whose portal is not there is meet.NotFound.
func (s *Store) exec(ctx context.Context, operation, statement string, args ...any) (int64, error) {
	result, err := s.write.ExecContext(ctx, statement, args...)
	if err != nil {
		return 0, s.failed(operation, err)
	}
	n, err := result.RowsAffected()
	if err != nil {
		return 0, fmt.Errorf("store: %s: %w", operation, err)
	}
	return n, nil
}

// inTransaction runs writing statements with the same arguments in one transaction.
func (s *Store) inTransaction(ctx context.Context, operation string, statements []string, args ...any) error {
	return s.transaction(ctx, operation, func(tx *transaction) error {
		for _, statement := range statements {
			if _, err := tx.ExecContext(ctx, statement, args...); err != nil {
				return err
			}
		}
		return nil
	})
}

// transaction does something in one transaction. Its errors name the operation.
func (s *Store) transaction(ctx context.Context, operation string, do func(tx *transaction) error) error {
	tx, err := s.write.BeginTx(ctx, nil)
	if err != nil {
		return s.failed(operation, err)
	}
	defer func() { _ = tx.Rollback() }() // no effect after the commit
	if err := do(tx); err != nil {
		return s.failed(operation, err)
	}
	return s.failed(operation, tx.Commit())
}

// failed names the operation of an error. A row whose portal is not there is
// meet.NotFound.
func (s *Store) failed(operation string, err error) error {
	switch {
	case err == nil:
		return nil
	case s.dialect.portalMissing(err):
		return meet.Errorf(meet.NotFound, "error.portal_unknown", "store: %s: %w", operation, err)
	}
	return fmt.Errorf("store: %s: %w", operation, err)
}

// notFound makes sql.ErrNoRows meet.NotFound and names the operation of every other
// error.
func notFound(operation, key string, err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, sql.ErrNoRows):
		return meet.Errorf(meet.NotFound, key, "store: %s: %w", operation, err)
	}
	return fmt.Errorf("store: %s: %w", operation, err)
}

// mustChange is for statements that change one row: meet.NotFound if there was none.
func mustChange(operation, key string, n int64, err error) error {
	if err == nil && n == 0 {
		return notFound(operation, key, sql.ErrNoRows)
	}
	return err
}

// placeholders returns "$first, …, $last".
func placeholders(first, last int) string {
	var list strings.Builder
	for i := first; i <= last; i++ {
		fmt.Fprintf(&list, ", $%d", i)
	}
	return strings.TrimPrefix(list.String(), ", ")
}

// millis is how times are stored.
func millis(t time.Time) int64 { return t.UnixMilli() }

// instant is the reverse of millis, in UTC.
func instant(ms int64) time.Time { return time.UnixMilli(ms).UTC() }

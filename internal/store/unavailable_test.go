package store

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/store/pgtest"
)

// save saves a portal that takes some room.
func save(t *testing.T, s *Store, id string) error {
	t.Helper()
	return s.SavePortal(t.Context(), auth.Portal{PortalID: id, Host: id, Scope: strings.Repeat("x", 4000)})
}

// wantUnavailable checks that the error says the database is not available, with a key for
// people.
func wantUnavailable(t *testing.T, err error, key string) {
	t.Helper()
	var e *meet.Error
	if !errors.As(err, &e) || e.Kind != meet.Unavailable || e.Key != key {
		t.Errorf("got %v instead of %s", err, key)
	}
}

// writeUntilFull writes until nothing more fits, and returns the error.
func writeUntilFull(t *testing.T, s *Store) error {
	t.Helper()
	for i := range 1000 {
		if err := save(t, s, string(rune('A'+i))); err != nil {
			return err
		}
	}
	t.Fatal("it is never full")
	return nil
}

// TestFullDatabase: it can be read but not written, Ready says so, and everything works
// again when there is room.
func TestFullDatabase(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	must(t, s.Ready(t.Context(), now))
	must(t, save(t, s, "one"))
	_, err := s.write.Exec(`PRAGMA max_page_count = 60`) // a disk of 240 kB
	must(t, err)
	wantUnavailable(t, writeUntilFull(t, s), "error.cant_save")
	if err := s.Ready(t.Context(), now.Add(time.Second)); err == nil {
		t.Error("it is ready though the last write failed")
	}
	if err := s.Ready(t.Context(), now.Add(time.Minute)); err == nil {
		t.Error("it is ready though a probe can't be written")
	}
	if _, err := s.Portal(t.Context(), "one"); err != nil {
		t.Errorf("it can't be read: %v", err)
	}
	_, err = s.write.Exec(`PRAGMA max_page_count = 10000`)
	must(t, err)
	if err := s.Ready(t.Context(), now.Add(time.Minute+time.Second)); err == nil {
		t.Error("two probes within a second")
	}
	must(t, s.Ready(t.Context(), now.Add(2*time.Minute)))
	must(t, save(t, s, "two"))
	must(t, s.Ready(t.Context(), now.Add(2*time.Minute)))
	t.Logf("figure: full at 240 kB: writes are refused as unavailable, reads go on, ready again when there is room")
}

// TestReadinessIsTriedRarely: frequent calls of Ready cause few probes, and a write of
// somebody else replaces one.
func TestReadinessIsTriedRarely(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		probes := func(at time.Time) (n int) {
			must(t, s.Ready(t.Context(), at))
			must(t, s.read.QueryRow(`SELECT count(*) FROM probes WHERE at = $1`, millis(at)).Scan(&n))
			return n
		}
		if probes(now) != 1 {
			t.Error("nothing was tried at first")
		}
		for i := range 9 {
			if probes(now.Add(time.Duration(i+1)*time.Second)) != 0 {
				t.Errorf("tried again after %d s", i+1)
			}
		}
		must(t, save(t, s, "one"))
		if probes(now.Add(10*time.Second)) != 0 {
			t.Error("tried though there was a write")
		}
		if probes(now.Add(20*time.Second)) != 1 {
			t.Error("not tried though there was no write for ten seconds")
		}
		if all := column(t, s, `SELECT filler FROM probes`); len(all) != 1 {
			t.Errorf("%d probes are kept", len(all))
		}
	})
}

// TestLockedDatabase: another process that locks the file prevents writes for as long, and
// no reads.
func TestLockedDatabase(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	must(t, save(t, s, "one"))
	_, err := s.write.Exec(`PRAGMA busy_timeout = 10`)
	must(t, err)
	tx := hold(t, s)
	wantUnavailable(t, save(t, s, "two"), "error.cant_save")
	if _, err := s.Portal(t.Context(), "one"); err != nil {
		t.Errorf("reading waits for a writer: %v", err)
	}
	if s.Ready(t.Context(), now) == nil {
		t.Error("it is ready though nobody can write")
	}
	must(t, tx.Rollback())
	must(t, save(t, s, "two"))
	must(t, s.Ready(t.Context(), now.Add(time.Second)))
	t.Logf("figure: locked by 1 writer that never ends: writes are refused as unavailable, reads go on")
}

// hold takes the write lock of a SQLite database, as another process would.
func hold(t *testing.T, s *Store) *sql.Tx {
	t.Helper()
	var file string
	must(t, s.read.QueryRow(`SELECT file FROM pragma_database_list WHERE name = 'main'`).Scan(&file))
	other, err := sqlitePool(t.Context(), file, 1, "")
	must(t, err)
	t.Cleanup(func() { must(t, other.Close()) })
	tx, err := other.BeginTx(t.Context(), nil)
	must(t, err)
	return tx
}

// TestReadersDoNotWaitForTheWriter: all readers at once, during a write.
func TestReadersDoNotWaitForTheWriter(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	savePortal(t, s, "m1")
	tx, err := s.write.BeginTx(t.Context(), nil)
	must(t, err)
	_, err = tx.ExecContext(t.Context(), `DELETE FROM portals WHERE member_id = 'm1'`)
	must(t, err)
	parallel(t, 16, func(int) error {
		_, err := s.Portal(t.Context(), "m1")
		return err
	})
	must(t, tx.Rollback())
}

// TestReadOnlyDatabase: saving fails and says so.
func TestReadOnlyDatabase(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		statement := `PRAGMA query_only = 1`
		if s.dialect.lock != nil { // each connection anew
			s.write.SetMaxOpenConns(1)
			statement = `SET default_transaction_read_only = on`
		}
		_, err := s.write.Exec(statement)
		must(t, err)
		wantUnavailable(t, save(t, s, "one"), "error.cant_save")
		if s.Ready(t.Context(), now) == nil {
			t.Error("it is ready")
		}
		t.Logf("figure: read only: 0 writes, and not ready")
	})
}

// TestACancelledCallerIsNoFaultOfTheDatabase: the error is the caller's own.
func TestACancelledCallerIsNoFaultOfTheDatabase(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		must(t, save(t, s, "one"))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		for what, err := range map[string]error{
			"saving": s.SaveSession(ctx, session("two", "one", 7, now)),
			"reading": func() error {
				_, err := s.LoadSession(ctx, "one", now)
				return err
			}(),
		} {
			if !errors.Is(err, context.Canceled) || meet.KindOf(err) != meet.Internal {
				t.Errorf("%s: %v", what, err)
			}
		}
		must(t, s.Ready(t.Context(), now))
	})
}

// TestPostgresComesBack: while the server is down, reading and saving fail with errors that
// say so. When it is up again, everything works without a restart.
func TestPostgresComesBack(t *testing.T) {
	t.Parallel()
	var server pgtest.Server
	t.Cleanup(server.Stop)
	s := open(t, server.Schema(t))
	must(t, save(t, s, "one"))
	must(t, s.Ready(t.Context(), now))
	server.Down(t)
	wantUnavailable(t, save(t, s, "two"), "error.cant_save")
	_, err := s.LoadSession(t.Context(), "one", now)
	wantUnavailable(t, err, "error.cant_read")
	if s.Ready(t.Context(), now) == nil {
		t.Error("it is ready")
	}
	server.Up(t)
	must(t, save(t, s, "two"))
	must(t, s.Ready(t.Context(), now.Add(time.Second)))
	if _, err := s.Portal(t.Context(), "one"); err != nil {
		t.Errorf("what was saved is lost: %v", err)
	}
	t.Logf("figure: PostgreSQL stopped and started: 0 of 2 saved rows lost, no restart")
}

// TestPostgresConnectionsCut: when an operator or a restart ends connections, their users
// hear that the database is not available.
func TestPostgresConnectionsCut(t *testing.T) {
	t.Parallel()
	s := open(t, postgres.Schema(t))
	tx, err := s.write.BeginTx(t.Context(), nil)
	must(t, err)
	var pid int
	must(t, tx.QueryRowContext(t.Context(), `SELECT pg_backend_pid()`).Scan(&pid))
	must(t, s.read.QueryRowContext(t.Context(), `SELECT 1 FROM pg_terminate_backend($1)`, pid).Scan(&pid))
	_, err = tx.ExecContext(t.Context(), `SELECT 1`)
	wantUnavailable(t, err, "error.cant_save")
	_ = tx.Rollback()
	must(t, save(t, s, "one"))
	t.Logf("figure: 1 connection cut within a transaction: the next write goes well")
}

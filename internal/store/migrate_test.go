package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"testing/fstest"
	"time"

	"github.com/pressly/goose/v3"
)

// TestInstancesMigrateAtOnce: first starts at the same time, in one process and in several,
// wait for each other and never fail.
func TestInstancesMigrateAtOnce(t *testing.T) {
	if address := os.Getenv(startAddress); address != "" {
		open(t, address)
		return
	}
	eachAddress(t, func(t *testing.T, address string) {
		parallel(t, 16, func(i int) error {
			if i%4 == 0 {
				return startProcess(t, address)
			}
			s, err := Open(t.Context(), address)
			if err != nil {
				return err
			}
			return s.Close()
		})
		s := open(t, address)
		versions := column(t, s, `SELECT version_id FROM goose_db_version ORDER BY id`)
		provider, err := s.provider()
		must(t, err)
		if want := 1 + len(provider.ListSources()); len(versions) != want {
			t.Errorf("applied %v instead of %d versions once each", versions, want)
		}
	})
}

// startAddress makes the test binary a process that opens a database and ends.
const startAddress = "STORE_TEST_START"

func startProcess(t *testing.T, address string) error {
	cmd := exec.Command(os.Args[0], "-test.run=^TestInstancesMigrateAtOnce$")
	cmd.Env = append(os.Environ(), startAddress+"="+address)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("%w: %s", err, out)
	}
	return nil
}

// TestOpenWaitsForALock: Open waits while another process locks the file.
func TestOpenWaitsForALock(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	other, err := sql.Open("sqlite", path)
	must(t, err)
	t.Cleanup(func() { must(t, other.Close()) })
	conn, err := other.Conn(t.Context())
	must(t, err)
	_, err = conn.ExecContext(t.Context(), `BEGIN EXCLUSIVE`)
	must(t, err)
	_, err = openOnce(t.Context(), "sqlite:"+path)
	if !sqliteContended(err) {
		t.Fatalf("once: %v", err)
	}
	released := make(chan error)
	go func() {
		time.Sleep(100 * time.Millisecond) // while Open tries
		_, err := conn.ExecContext(t.Context(), `ROLLBACK`)
		released <- err
	}()
	open(t, "sqlite:"+path)
	must(t, <-released)
	must(t, conn.Close())
}

// TestPostgresInstancesWait: while one process migrates, another one waits for it
// before it touches anything.
func TestPostgresInstancesWait(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	address := postgres.Schema(t)
	first, err := connect(ctx, address)
	must(t, err)
	t.Cleanup(func() { must(t, first.Close()) })
	unlock, err := lockSchema(ctx, first.write.DB)
	must(t, err)
	brief, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if s, err := Open(brief, address); err == nil {
		t.Error("it did not wait", s.Close())
	}
	if tables := column(t, first, `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema()`); len(tables) > 0 {
		t.Errorf("it made %v", tables)
	}
	open(t, postgres.Schema(t)) // another schema is not concerned
	must(t, unlock())
	open(t, address)
}

// TestADatabaseFromBeforeTheFirstReleaseIsRefused: at every start, with one sentence that
// says what to do. Its content is left alone.
func TestADatabaseFromBeforeTheFirstReleaseIsRefused(t *testing.T) {
	for _, version := range []int{1, 12} {
		t.Run(strconv.Itoa(version), func(t *testing.T) {
			eachAddress(t, func(t *testing.T, address string) {
				old, err := connect(t.Context(), address)
				must(t, err)
				makeOldSchema(t, old, version)
				must(t, old.Close())
				for range 2 {
					if s, err := Open(t.Context(), address); !errors.Is(err, errBeforeFirstRelease) || strings.Contains(err.Error(), "\n") {
						t.Fatalf("opened %v, %v", s, err)
					}
				}
				old, err = connect(t.Context(), address)
				must(t, err)
				if left := column(t, old, `SELECT member_id FROM portals`); len(left) != 1 {
					t.Errorf("left are the portals %v", left)
				}
				must(t, old.Close())
			})
		})
	}
}

// makeOldSchema brings an empty database to a version from before the first release, of
// which one table with a row is enough.
func makeOldSchema(t *testing.T, s *Store, version int) {
	t.Helper()
	sources := fstest.MapFS{fmt.Sprintf("%05d_old.sql", version): {Data: []byte(
		"-- +goose Up\nCREATE TABLE portals (member_id TEXT NOT NULL PRIMARY KEY);\nINSERT INTO portals VALUES ('m1');\n",
	)}}
	provider, err := goose.NewProvider(s.dialect.goose, s.write.DB, sources, goose.WithDisableGlobalRegistry(true), goose.WithLogger(goose.NopLogger()))
	must(t, err)
	_, err = provider.Up(t.Context())
	must(t, err)
}

func TestReopenKeepsEverything(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		first, err := Open(t.Context(), address)
		must(t, err)
		savePortal(t, first, "m1")
		must(t, first.SaveGrant(t.Context(), grant(anna, "a")))
		must(t, first.SaveSession(t.Context(), session("h", "m1", 7, now.Add(time.Hour))))
		must(t, first.Close())
		second := open(t, address)
		wantGrant(t, second, anna, "a", 1)
		if !sessionFound(t, second, "h") {
			t.Error("the session is lost")
		}
	})
}

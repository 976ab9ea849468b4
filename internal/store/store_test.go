package store

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/store/pgtest"
)

var postgres pgtest.Server

func TestMain(m *testing.M) {
	code := m.Run()
	postgres.Stop()
	os.Exit(code)
}

// now is the current time in all tests here.
var now = time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)

// eachAddress runs body once per database, with the address of an empty one.
func eachAddress(t *testing.T, body func(t *testing.T, address string)) {
	t.Parallel()
	t.Run("sqlite", func(t *testing.T) {
		t.Parallel()
		body(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	})
	t.Run("postgres", func(t *testing.T) {
		t.Parallel()
		body(t, postgres.Schema(t))
	})
}

// each runs body once per database, with an empty store.
func each(t *testing.T, body func(t *testing.T, s *Store)) {
	eachAddress(t, func(t *testing.T, address string) { body(t, open(t, address)) })
}

func open(t *testing.T, address string) *Store {
	t.Helper()
	s, err := Open(t.Context(), address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// must fails the test on an error of a step that the test is not about.
func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// savePortal saves a portal for tests in which only its key matters.
func savePortal(t *testing.T, s *Store, memberID string) auth.Portal {
	t.Helper()
	p := auth.Portal{PortalID: memberID, Host: memberID + ".example", ClientID: "local.1"}
	must(t, s.SavePortal(t.Context(), p))
	return p
}

// wantKind checks the kind of an error.
func wantKind(t *testing.T, err error, want meet.Kind) {
	t.Helper()
	if err == nil || meet.KindOf(err) != want {
		t.Errorf("error %v is of kind %d instead of %d", err, meet.KindOf(err), want)
	}
}

func TestPing(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		must(t, s.Ping(t.Context()))
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		if s.Ping(ctx) == nil {
			t.Error("it answers to nobody")
		}
	})
}

func TestPingOfAClosedStore(t *testing.T) {
	eachAddress(t, func(t *testing.T, address string) {
		s, err := Open(t.Context(), address)
		must(t, err)
		must(t, s.Close())
		if s.Ping(t.Context()) == nil {
			t.Error("a closed database answers")
		}
	})
}

func TestSQLiteIsSetUpForSafety(t *testing.T) {
	t.Parallel()
	s := open(t, "sqlite:"+filepath.Join(t.TempDir(), "test.db"))
	for _, c := range []struct{ pragma, write, read string }{
		{"journal_mode", "wal", "wal"},
		{"synchronous", "2", "2"},
		{"foreign_keys", "1", "1"},
		{"busy_timeout", "5000", "5000"},
		{"query_only", "0", "1"},
	} {
		var write, read string
		must(t, s.write.QueryRow("PRAGMA "+c.pragma).Scan(&write))
		must(t, s.read.QueryRow("PRAGMA "+c.pragma).Scan(&read))
		if write != c.write || read != c.read {
			t.Errorf("%s is %s and %s", c.pragma, write, read)
		}
	}
	if n := s.write.Stats().MaxOpenConnections; n != 1 {
		t.Errorf("%d writers", n)
	}
}

// TestSQLiteTransactionsBeginWithTheWriteLock: a transaction keeps other processes from
// writing from its beginning, so that it can't fail later.
func TestSQLiteTransactionsBeginWithTheWriteLock(t *testing.T) {
	t.Parallel()
	address := "sqlite:" + filepath.Join(t.TempDir(), "test.db")
	first, second := open(t, address), open(t, address)
	tx, err := first.write.BeginTx(t.Context(), nil)
	must(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 50*time.Millisecond)
	defer cancel()
	if second.SavePortal(ctx, auth.Portal{PortalID: "m1"}) == nil {
		t.Error("two write at the same time")
	}
	must(t, tx.Rollback())
	savePortal(t, second, "m1")
}

func TestSQLiteFileIsPrivate(t *testing.T) {
	t.Parallel()
	if runtime.GOOS == "windows" {
		t.Skip("LEFT OUT: no file modes here")
	}
	path := filepath.Join(t.TempDir(), "test.db")
	s := open(t, "sqlite:"+path)
	savePortal(t, s, "m1")
	for _, side := range []string{"", "-wal", "-shm"} {
		info, err := os.Stat(path + side)
		must(t, err)
		if mode := info.Mode().Perm(); mode != 0o600 {
			t.Errorf("test.db%s has mode %o", side, mode)
		}
	}
}

func TestSQLiteDamageIsFoundAtTheStart(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "test.db")
	s, err := Open(t.Context(), "sqlite:"+path)
	must(t, err)
	for i := range 200 {
		savePortal(t, s, fmt.Sprint("m", i))
	}
	must(t, s.Close())
	content, err := os.ReadFile(path)
	must(t, err)
	for i := len(content) / 2; i < len(content)/2+4096; i++ {
		content[i] = 0xff
	}
	must(t, os.WriteFile(path, content, 0o600))
	if s, err := Open(t.Context(), "sqlite:"+path); err == nil {
		t.Error("it opened", s.Close())
	}
}

func TestSQLitePathIsTakenLiterally(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "50% of #1?mode=memory & more.db")
	s := open(t, "sqlite:"+path)
	savePortal(t, s, "m1")
	if info, err := os.Stat(path); err != nil || info.Size() == 0 {
		t.Errorf("the database is somewhere else: %v", err)
	}
}

func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	closed := listener.Addr().String()
	must(t, listener.Close())
	folder := t.TempDir()
	text := filepath.Join(folder, "text")
	must(t, os.WriteFile(text, []byte(strings.Repeat("no database ", 100)), 0o600))
	for _, c := range []struct{ name, address string }{
		{"nothing", ""},
		{"no path", "sqlite:"},
		{"a folder", "sqlite:" + folder},
		{"no folder", "sqlite:" + filepath.Join(folder, "none", "x.db")},
		{"another file", "sqlite:" + text},
		{"scheme", "mysql://slot:canary@127.0.0.1/x"},
		{"scheme mistyped", "postgre//slot:canary@127.0.0.1/x"},
		{"no slashes", "postgres:slot:canary@127.0.0.1/x"},
		{"port", "postgres://slot:canary@127.0.0.1:port/x"},
		{"escape", "postgres://slot:canary%zz@127.0.0.1/x"},
		{"option", "postgres://slot:canary@127.0.0.1/x?sslmode=canary"},
		{"nobody there", "postgres://slot:canary@" + closed + "/x"},
		{"password in the query", "postgres://" + closed + "/x?user=slot&password=canary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			s, err := Open(t.Context(), c.address)
			if err == nil {
				t.Fatal("it opened", s.Close())
			}
			if strings.Contains(err.Error(), "canary") {
				t.Errorf("the error shows the password: %v", err)
			}
		})
	}
}

func TestPostgresPasswordIsNotShown(t *testing.T) {
	t.Parallel()
	address := postgres.Schema(t) // the server knows no such person, and says so
	wrong := strings.Replace(address, "postgres@", "nobody:canary@", 1)
	s, err := Open(t.Context(), wrong)
	if err == nil {
		t.Fatal("it opened", s.Close())
	}
	if strings.Contains(err.Error(), "canary") {
		t.Errorf("the error shows the password: %v", err)
	}
}

// TestEveryRowCarriesItsPortal reads the schema: every table names the portal of its rows.
func TestEveryRowCarriesItsPortal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		tables := map[string]string{
			"sqlite3":  `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name <> 'goose_db_version'`,
			"postgres": `SELECT table_name FROM information_schema.tables WHERE table_schema = current_schema() AND table_name <> 'goose_db_version'`,
		}[string(s.dialect.goose)]
		names := column(t, s, tables)
		if len(names) < 3 {
			t.Fatalf("only the tables %v", names)
		}
		for _, name := range names {
			if name == "probes" {
				continue // belongs to nobody, and says nothing
			}
			key := "portal"
			if name == "portals" {
				key = "member_id"
			}
			if _, err := s.read.Exec(`SELECT ` + key + ` FROM ` + name); err != nil {
				t.Errorf("table %s has no portal: %v", name, err)
			}
		}
	})
}

func column(t *testing.T, s *Store, query string) []string {
	t.Helper()
	rows, err := s.read.QueryContext(t.Context(), query)
	must(t, err)
	defer func() { _ = rows.Close() }()
	var all []string
	for rows.Next() {
		var text string
		must(t, rows.Scan(&text))
		all = append(all, text)
	}
	must(t, rows.Err())
	return all
}

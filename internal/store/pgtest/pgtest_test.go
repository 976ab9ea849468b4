package pgtest

import (
	"database/sql"
	"os"
	"testing"
)

var server Server

func TestMain(m *testing.M) {
	code := m.Run()
	server.Stop()
	os.Exit(code)
}

func TestSchemasAreApart(t *testing.T) {
	t.Parallel()
	first, second := open(t, server.Schema(t)), open(t, server.Schema(t))
	for _, db := range []*sql.DB{first, second} {
		if _, err := db.ExecContext(t.Context(), `CREATE TABLE x (n BIGINT)`); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := first.ExecContext(t.Context(), `INSERT INTO x VALUES (1)`); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := second.QueryRowContext(t.Context(), `SELECT count(*) FROM x`).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d rows of another schema, %v", n, err)
	}
}

func TestStopEndsThePrivateServer(t *testing.T) {
	if os.Getenv("TEST_POSTGRES_URL") != "" {
		t.Skip("the server at TEST_POSTGRES_URL is not ours to stop")
	}
	var s Server
	t.Run("use", func(t *testing.T) { s.Schema(t) })
	if s.cmd == nil {
		t.Skip("LEFT OUT on PostgreSQL: nothing was started")
	}
	dir := s.url.Query().Get("host")
	if _, err := os.Stat(dir); err != nil {
		t.Fatal(err)
	}
	s.Stop()
	if _, err := os.Stat(dir); !os.IsNotExist(err) {
		t.Errorf("its folder is still there: %v", err)
	}
}

func open(t *testing.T, address string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", address)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = db.Close() })
	return db
}

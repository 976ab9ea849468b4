package pgtest

import (
	"bufio"
	"bytes"
	"context"
	"crypto/rand"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	_ "github.com/jackc/pgx/v5/stdlib" // the driver "pgx"
)

//go:embed serve.sh
var script string

// errNone says that this machine has no PostgreSQL.
var errNone = errors.New("no PostgreSQL here: set TEST_POSTGRES_URL or install the package postgresql")

// Server is a PostgreSQL server for the tests of one package. Its zero value is
// ready; the server starts when a test first asks for a schema.
type Server struct {
	once  sync.Once
	db    *sql.DB
	url   *url.URL
	err   error
	input io.WriteCloser // takes orders; closing it ends the private server
	done  *bufio.Reader  // says which have been carried out
	cmd   *exec.Cmd
}

// Schema makes an empty schema for the test and returns the postgres:// URL of a
// connection that sees nothing else. The schema is dropped when the test ends.
func (s *Server) Schema(t testing.TB) string {
	t.Helper()
	s.once.Do(s.start)
	switch {
	case errors.Is(s.err, errNone) && os.Getenv("CI") != "true":
		t.Skipf("LEFT OUT on PostgreSQL: %v", s.err)
	case s.err != nil:
		t.Fatalf("pgtest: %v", s.err)
	}
	name := "test_" + strings.ToLower(rand.Text())
	if _, err := s.db.ExecContext(t.Context(), "CREATE SCHEMA "+name); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	t.Cleanup(func() {
		// The test's own context has ended by now.
		if _, err := s.db.ExecContext(context.Background(), "DROP SCHEMA "+name+" CASCADE"); err != nil {
			t.Errorf("pgtest: %v", err)
		}
	})
	address := *s.url
	query := address.Query()
	query.Set("search_path", name)
	address.RawQuery = query.Encode()
	return address.String()
}

// Down stops the private server, so that a test sees what happens without; one that is
// somebody else's is left alone, and the test left out. Up starts it again.
func (s *Server) Down(t testing.TB) { t.Helper(); s.order(t, "down") }

// Up starts a private server that is down.
func (s *Server) Up(t testing.TB) { t.Helper(); s.order(t, "up") }

func (s *Server) order(t testing.TB, order string) {
	t.Helper()
	if s.cmd == nil {
		t.Skip("the server is not ours to stop")
	}
	if _, err := fmt.Fprintln(s.input, order); err != nil {
		t.Fatalf("pgtest: %v", err)
	}
	if _, err := s.done.ReadString('\n'); err != nil {
		t.Fatalf("pgtest: %s: %v", order, err)
	}
}

// Stop ends the private server and removes its files. It is for the end of
// TestMain and does nothing when no server was started.
func (s *Server) Stop() {
	s.once.Do(func() { s.err = errors.New("stopped") })
	if s.db != nil {
		_ = s.db.Close()
	}
	if s.cmd != nil {
		_ = s.input.Close()
		_ = s.cmd.Wait()
	}
}

func (s *Server) start() {
	address := os.Getenv("TEST_POSTGRES_URL")
	if address == "" {
		dir, err := s.launch()
		if err != nil {
			s.err = err
			return
		}
		address = "postgres://postgres@/postgres?host=" + url.QueryEscape(dir)
	}
	if s.url, s.err = url.Parse(address); s.err != nil {
		s.err = errors.New("TEST_POSTGRES_URL is not a URL") // the parser would quote a password
		return
	}
	if s.db, s.err = sql.Open("pgx", address); s.err == nil {
		s.err = s.db.Ping()
	}
}

// launch starts the private server and returns its folder, where its socket is.
func (s *Server) launch() (string, error) {
	programs, err := find()
	if err != nil {
		return "", err
	}
	name, args := "sh", []string{"-c", script}
	if os.Geteuid() == 0 {
		name, args = "su", []string{"-s", "/bin/sh", "postgres", "-c", script}
	}
	s.cmd = exec.Command(name, args...)
	s.cmd.Dir = "/" // the user postgres may not enter the test's own
	s.cmd.Env = append(os.Environ(), "PATH="+programs+":/usr/bin:/bin", "LC_ALL=C")
	var fault bytes.Buffer
	s.cmd.Stderr = &fault
	if s.input, err = s.cmd.StdinPipe(); err != nil {
		return "", err
	}
	output, err := s.cmd.StdoutPipe()
	if err != nil {
		return "", err
	}
	if err := s.cmd.Start(); err != nil {
		s.cmd = nil
		return "", err
	}
	s.done = bufio.NewReader(output)
	dir, err := s.done.ReadString('\n')
	if err != nil {
		err = fmt.Errorf("the server does not start: %w\n%s", errors.Join(err, s.cmd.Wait()), &fault)
		s.cmd = nil
		return "", err
	}
	return strings.TrimSpace(dir), nil
}

// find returns the folder of the server's programs.
func find() (string, error) {
	if path, err := exec.LookPath("initdb"); err == nil {
		return filepath.Dir(path), nil
	}
	// Debian keeps several versions side by side, and none of them in PATH.
	found, err := filepath.Glob("/usr/lib/postgresql/*/bin/initdb")
	if err != nil || len(found) == 0 {
		return "", errors.Join(errNone, err)
	}
	return filepath.Dir(found[len(found)-1]), nil
}

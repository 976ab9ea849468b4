package store

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"github.com/pressly/goose/v3"
)

// crashAddress makes the test binary a process that writes without end.
const crashAddress = "STORE_TEST_CRASH"

// TestKilledProcessLosesNothingConfirmed kills a process in the middle of its
// writing, three times, and looks for everything it had confirmed.
func TestKilledProcessLosesNothingConfirmed(t *testing.T) {
	if address := os.Getenv(crashAddress); address != "" {
		writeForever(t, address)
	}
	eachAddress(t, func(t *testing.T, address string) {
		savePortal(t, open(t, address), "m1")
		for range 3 {
			confirmed := writeAndKill(t, address, 20)
			if confirmed < 20 {
				t.Fatalf("the writer came to version %d", confirmed)
			}
			s := open(t, address)
			got, err := s.Grant(t.Context(), anna)
			must(t, err)
			if got.Version < confirmed {
				t.Errorf("version %d of %d confirmed ones", got.Version, confirmed)
			}
			wantGrant(t, s, anna, strings.TrimPrefix(got.AccessToken, "access "), got.Version)
			if s.dialect.goose == goose.DialectSQLite3 {
				if faults := column(t, s, `PRAGMA integrity_check`); len(faults) != 1 || faults[0] != "ok" {
					t.Errorf("the file is damaged: %v", faults)
				}
			}
		}
	})
}

// writeForever saves one pair after the other and prints the version of each
// when it is confirmed.
func writeForever(t *testing.T, address string) {
	ctx := context.Background()
	s, err := Open(ctx, address)
	must(t, err)
	version := int64(0)
	if g, err := s.Grant(ctx, anna); err == nil {
		version = g.Version
	}
	for {
		version++
		must(t, s.SaveGrant(ctx, grant(anna, strconv.FormatInt(version, 10))))
		fmt.Println("confirmed", version)
	}
}

// writeAndKill starts a writing process, kills it after n confirmed versions and
// returns the last of them.
func writeAndKill(t *testing.T, address string, n int) int64 {
	t.Helper()
	cmd := exec.Command(os.Args[0], "-test.run=^TestKilledProcessLosesNothingConfirmed$")
	cmd.Env = append(os.Environ(), crashAddress+"="+address)
	output, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	var last int64
	lines := bufio.NewScanner(output)
	for i := 0; i < n && lines.Scan(); i++ {
		_, err := fmt.Sscanf(lines.Text(), "confirmed %d", &last)
		must(t, err)
	}
	must(t, cmd.Process.Kill())
	for lines.Scan() { // what it still said before it died
		if _, err := fmt.Sscanf(lines.Text(), "confirmed %d", &last); err != nil {
			break // a line cut in the middle
		}
	}
	_ = cmd.Wait() // it was killed: there is always an error
	return last
}

package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"slotfinder/internal/browsertest"
)

// axe returns axe-core, the checker of accessibility, installed from the lock file
// into a folder of the test. It is MPL-licensed and no part of the product. Without
// Node with npm, or without a network, the test is left out; in CI that fails.
func axe(t *testing.T) string {
	t.Helper()
	const checks = "LEFT OUT: axe-core on every page: "
	if _, err := exec.LookPath("npm"); err != nil {
		browsertest.LeaveOut(t, checks+"Node with npm is missing; `make test` installs it")
	}
	dir := t.TempDir()
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := os.ReadFile(filepath.Join("testdata", "axe", name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	npm(t, checks, dir, "ci")
	script, err := os.ReadFile(filepath.Join(dir, "node_modules", "axe-core", "axe.min.js"))
	if err != nil {
		t.Fatal(err)
	}
	return string(script)
}

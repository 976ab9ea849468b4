package browser

import (
	"context"
	"os/exec"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/browsertest"
)

// Npm runs npm in a folder. Without a network the test is left out, with what it
// would have been for.
func npm(t *testing.T, purpose, dir string, args ...string) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	args = append(args, "--prefer-offline", "--ignore-scripts", "--no-audit", "--no-fund")
	command := exec.CommandContext(ctx, "npm", args...)
	command.Dir = dir
	out, err := command.CombinedOutput()
	if err == nil {
		return
	}
	for _, code := range []string{"ENOTFOUND", "EAI_AGAIN", "ECONNREFUSED", "ETIMEDOUT", "ENETUNREACH", "EHOSTUNREACH"} {
		if strings.Contains(string(out), code) {
			browsertest.LeaveOut(t, purpose+"the npm registry cannot be reached")
		}
	}
	t.Fatalf("npm: %v\n%s", err, out)
}

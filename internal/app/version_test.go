package app

import (
	"os"
	"regexp"
	"strings"
	"testing"
)

// The program's version, the newest release of the changelog and the list of releases at
// its end are the same.
func TestVersionIsTheNewestRelease(t *testing.T) {
	t.Parallel()
	changelog, err := os.ReadFile("../../CHANGELOG.md")
	if err != nil {
		t.Fatal(err)
	}
	releases := regexp.MustCompile(`(?m)^## \[(\d+\.\d+\.\d+)\] - \d{4}-\d{2}-\d{2}$`).FindAllStringSubmatch(string(changelog), -1)
	if len(releases) == 0 {
		t.Fatal("the changelog has no release")
	}
	if releases[0][1] != version {
		t.Errorf("the program is %s, the newest release %s", version, releases[0][1])
	}
	if !strings.Contains(string(changelog), "## [Unreleased]") {
		t.Error("the changelog has no place for what is not released")
	}
	var out strings.Builder
	printVersion(&out)
	if !strings.HasPrefix(out.String(), "slotfinder "+version+", commit ") {
		t.Errorf("says %s", &out)
	}
}

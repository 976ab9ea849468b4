package arch

import (
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// attackLine is a line of .ci/attack.sh: a name, a package, and its tests.
var attackLine = regexp.MustCompile(`(?m)^[^|#\n]+\|\./(\S+?)\|(Test\S+)$`)

// TestAttacksNameTests: the attacks of make attack are tests that exist.
func TestAttacksNameTests(t *testing.T) {
	t.Parallel()
	lines := attackLine.FindAllStringSubmatch(read(t, "../../.ci/attack.sh"), -1)
	if len(lines) < 20 {
		t.Fatalf("only %d attacks are found", len(lines))
	}
	for _, line := range lines {
		files, err := filepath.Glob(filepath.Join("../..", line[1], "*_test.go"))
		if err != nil {
			t.Fatal(err)
		}
		var source strings.Builder
		for _, file := range files {
			source.WriteString(read(t, file))
		}
		for _, name := range strings.Split(line[2], "|") {
			if !strings.Contains(source.String(), "func "+name+"(") {
				t.Errorf("%s has no %s", line[1], name)
			}
		}
	}
}

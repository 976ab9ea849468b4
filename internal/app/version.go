package app

import (
	"fmt"
	"io"
	"runtime"
	"runtime/debug"

	"slotfinder/internal/civil/zone"
)

// version is that of the latest release in CHANGELOG.md, by Semantic Versioning. Its commit
// is tagged with it; a later commit is told by its hash.
const version = "0.1.0"

// commit is set by the linker in what is shipped.
var commit string

func printVersion(w io.Writer) {
	fmt.Fprintf(w, "slotfinder %s, commit %s, %s, tzdata %s\n", version, builtFrom(), runtime.Version(), zone.Describe())
}

// builtFrom is the commit that the program was built from: that of the linker, else what
// go build has noted.
func builtFrom() string {
	if commit != "" {
		return commit
	}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				return s.Value[:min(12, len(s.Value))]
			}
		}
	}
	return "unknown"
}

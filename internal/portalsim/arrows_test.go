package portalsim_test

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
)

const home = "slotfinder/internal/portalsim"

// mayImport says who may import whom among the simulator's packages. Each package
// stands below all that it imports, so there is no circle.
var mayImport = []struct {
	name    string
	imports string
}{
	{"clock", ""},
	{"php", ""},
	{"portal", "clock php"},
	{"truth", "clock portal"},
	{"seed", "clock portal"},
	{"fault", "php"},
	{"oauth", "php portal fault"},
	{"rest", "php portal fault oauth"},
	{"company", "php portal fault rest"},
	{"calendar", "clock php portal fault rest"},
	{"apps", "php portal fault oauth rest"},
	{"site", "clock php portal oauth truth calendar apps"},
	{".", "clock portal truth seed fault oauth rest company calendar apps site"},
	{"simtest", "."},
}

// TestArrows holds the imports between the simulator's packages, and that they
// import nothing else of this module: a simulator that shared types with the
// client would be wrong together with it.
func TestArrows(t *testing.T) {
	t.Parallel()
	var known []string
	for _, p := range mayImport {
		allowed := strings.Fields(p.imports)
		for _, name := range allowed {
			if !slices.Contains(known, name) {
				t.Errorf("%s may import %s, which stands above it", p.name, name)
			}
		}
		known = append(known, p.name)
		for _, imported := range importsOf(t, p.name) {
			if !slices.Contains(allowed, imported) {
				t.Errorf("%s must not import %s", p.name, imported)
			}
		}
	}
	for _, doc := range glob(t, "*/doc.go") {
		if dir := filepath.Dir(doc); !slices.Contains(known, dir) {
			t.Errorf("package %s is not in the table", dir)
		}
	}
}

// importsOf are the packages of this module that a package imports, tests left out:
// those of the simulator by their short names.
func importsOf(t *testing.T, dir string) []string {
	t.Helper()
	var all []string
	for _, file := range glob(t, filepath.Join(dir, "*.go")) {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, source, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range f.Imports {
			path, _ := strconv.Unquote(spec.Path.Value)
			switch short, inside := strings.CutPrefix(path, home+"/"); {
			case inside:
				all = append(all, short)
			case path == home:
				all = append(all, ".")
			case strings.HasPrefix(path, "slotfinder"):
				all = append(all, path)
			}
		}
	}
	return all
}

func glob(t *testing.T, pattern string) []string {
	t.Helper()
	files, err := filepath.Glob(pattern)
	if err != nil || len(files) == 0 {
		t.Fatalf("%s: %d files, %v", pattern, len(files), err)
	}
	return files
}

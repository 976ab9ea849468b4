package arch

import (
	"bytes"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// module is the path of this module, the prefix of all packages of ours.
const module = "slotfinder"

// mayImport is the house's table of who may know whom. An area is a top-level
// package or a package under internal, with everything below it; areas that are
// not named may be imported by main only. A change here is a design decision:
// say so in the commit.
var mayImport = map[string][]string{
	"main": {"app"},
	"app":  {"civil", "web", "web/find", "web/people", "web/links", "web/meetings", "web/share", "web/hours", "web/settings", "web/sessions", "web/portal", "static", "meet", "finder", "picker", "sharer", "booker", "settings", "changefeed", "sweep", "bitrix24", "auth", "store", "job", "audit", "seal", "ical", "locale", "config", "gate", "portalsim", "rescue"},
	"web":  {"meet", "auth", "audit", "templates/layout", "templates/part", "static", "locale", "rescue", "civil"}, // no use case, no feature

	// features of web: none knows another
	"web/find":     {"web", "templates/find", "templates/layout", "templates/part", "meet", "finder", "picker", "inflight", "changefeed", "civil"},
	"web/people":   {"web", "templates/people", "templates/part", "meet", "picker", "rescue"},
	"web/links":    {"web", "templates/links", "templates/part", "meet", "finder", "sharer", "civil", "locale", "audit"},
	"web/meetings": {"web", "templates/meetings", "templates/part", "meet", "finder", "booker", "civil", "locale", "ical"},
	"web/share":    {"web", "templates/share", "templates/layout", "templates/part", "meet", "sharer", "civil", "locale", "ical", "rescue"},
	"web/hours":    {"web", "templates/hours", "meet", "finder", "settings", "changefeed", "civil"},
	"web/settings": {"web", "templates/settings", "meet", "settings", "changefeed", "audit"},
	"web/sessions": {"web", "templates/sessions", "meet", "auth", "audit"},
	"web/portal":   {"web", "templates/portal", "meet", "auth", "audit", "picker", "changefeed", "locale"},
	"web/webtest":  {"web", "meet", "auth"}, // supports tests

	// their pages: none knows another
	"templates/find":     {"templates/layout", "templates/part", "meet", "civil", "locale"},
	"templates/people":   {"templates/part", "meet", "locale"},
	"templates/links":    {"templates/part", "meet", "civil", "locale"},
	"templates/meetings": {"templates/part", "meet", "civil", "locale"},
	"templates/share":    {"templates/part", "meet", "civil", "locale", "static"},
	"templates/hours":    {"templates/part", "meet", "civil", "locale"},
	"templates/settings": {"templates/part", "meet", "locale"},
	"templates/sessions": {"templates/part", "locale"},
	"templates/portal":   {"templates/part", "locale"},
	"templates/layout":   {"templates/part", "locale", "static"},
	"templates/part":     {"meet", "civil", "locale", "static"},
	"templates":          {}, // tests only

	"static":     {},
	"finder":     {"civil", "meet", "sweep", "rescue"},
	"picker":     {"meet", "spelling"},
	"sharer":     {"civil", "meet", "finder", "gate", "rescue"},
	"booker":     {"civil", "meet", "finder", "rescue"},
	"settings":   {"meet"},
	"inflight":   {"meet", "rescue"},
	"meet":       {"civil", "sweep"},
	"spelling":   {},
	"changefeed": {"meet", "rescue"},
	"sweep":      {"civil"},
	"civil":      {},
	"bitrix24":   {"civil", "meet", "gate", "rescue"},
	"auth":       {"meet", "seal", "audit", "rescue"},
	"audit":      {},
	"store":      {"meet", "auth", "job", "civil", "rescue"},
	"job":        {"rescue"},
	"gate":       {"meet"},
	"ical":       {},
	"locale":     {},
	"seal":       {},
	"config":     {},
	"portalsim":  {},
	"rescue":     {},

	"arch":        {},                                                    // tests only
	"browsertest": {},                                                    // supports tests
	"e2e":         {"app", "auth", "meet", "portalsim", "seal", "store"}, // tests only; its tests may import everything
}

// notForTests are the areas that only tests of the whole product may import beside
// those who may anyway: they are tested from outside or by themselves.
var notForTests = []string{"main", "app", "web"}

// confined are the libraries that only certain areas may import, tests included:
// leaving a library must never mean changing the whole house.
var confined = map[string][]string{
	"github.com/labstack/":     {"web"},
	"github.com/gorilla/":      {"web"},
	"github.com/a-h/templ":     {"web", "templates"},
	"golang.org/x/oauth2":      {"auth", "portalsim"}, // the simulator is tested with a client nobody here wrote
	"github.com/jackc/":        {"store"},
	"modernc.org/":             {"store"},
	"github.com/pressly/goose": {"store"},
	"github.com/caarlos0/env":  {"config"},
	"github.com/chromedp/":     {"e2e", "web", "templates", "browsertest"},
	"github.com/arran4/":       {"ical"},
	"github.com/boombuler/":    {"templates"},
}

// onlyInTests are the libraries that must not be linked into the program. Packages of ours
// whose name ends in "test" support tests: they may use these, and only tests may use them.
var onlyInTests = []string{
	"pgregory.net/rapid", "github.com/google/go-cmp", "go.uber.org/goleak",
	"golang.org/x/tools/", "github.com/chromedp/", "github.com/andybalholm/cascadia", "github.com/makiuchi-d/gozxing", "testing",
}

// pure are the packages that compute only: no I/O and no clock of their own.
var pure = []string{"internal/civil", "internal/sweep", "internal/spelling", "internal/meet", "internal/finder", "internal/picker", "internal/sharer", "internal/booker", "internal/settings"}

func (p pkg) pure() bool {
	return slices.Contains(pure, strings.TrimPrefix(p.ImportPath, module+"/"))
}

// impure are the standard packages that reach outside of the program.
var impure = []string{"os", "os/exec", "net", "net/http", "database/sql", "io/fs", "log", "syscall", "embed", "math/rand", "math/rand/v2", "crypto/rand"}

// drawers are names that say nothing about what is inside.
var drawers = []string{
	"util", "utils", "common", "helper", "helpers", "service", "services", "model", "models",
	"type", "types", "manager", "managers", "misc", "shared", "lib", "base", "core",
}

// The bounds of the house for hand-written code, in lines.
const (
	maxFunction = 80
	maxFile     = 400
	maxTestFile = 500
)

// pkg is what go list tells about a package.
type pkg struct {
	ImportPath, Dir, Doc               string
	GoFiles, TestGoFiles, XTestGoFiles []string
	Imports, TestImports, XTestImports []string
}

func (p pkg) area() string { return area(p.ImportPath) }

// area of a package of ours, "" for others.
func area(importPath string) string {
	if importPath == module {
		return "main"
	}
	rest, ours := strings.CutPrefix(importPath, module+"/")
	if !ours {
		return ""
	}
	if strings.HasPrefix(rest, "web/") || strings.HasPrefix(rest, "templates/") {
		return rest // each feature is an area of its own
	}
	name, _, _ := strings.Cut(strings.TrimPrefix(rest, "internal/"), "/")
	return name
}

func packages(t *testing.T) []pkg {
	t.Helper()
	list := exec.Command("go", "list", "-json=ImportPath,Dir,Doc,GoFiles,TestGoFiles,XTestGoFiles,Imports,TestImports,XTestImports", module+"/...")
	list.Stderr = t.Output()
	out, err := list.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []pkg
	for dec := json.NewDecoder(bytes.NewReader(out)); dec.More(); {
		var p pkg
		if err := dec.Decode(&p); err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
	if len(all) == 0 {
		t.Fatal("go list found no package")
	}
	return all
}

func TestImports(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, fault := range importFaults(p) {
			t.Errorf("%s (%s)", fault, p.ImportPath)
		}
	}
}

// importFaults says which imports of a package break the rules.
func importFaults(p pkg) []string {
	me := p.area()
	allowed, known := mayImport[me]
	if !known {
		return []string{me + " is not in the table of areas"}
	}
	var faults []string
	forbid := func(imported string) { faults = append(faults, me+" must not import "+imported) }
	for _, imported := range p.Imports {
		if a := area(imported); a != "" && a != me && !slices.Contains(allowed, a) {
			forbid(a)
		}
		if !supportsTests(p.ImportPath) && (hasPrefix(imported, onlyInTests) || area(imported) != "" && supportsTests(imported)) {
			forbid(imported + " outside of tests")
		}
		if p.pure() && slices.Contains(impure, imported) {
			forbid(imported + ", it is pure")
		}
	}
	tests := slices.Concat(p.TestImports, p.XTestImports)
	for _, imported := range tests {
		a := area(imported)
		if a != "" && a != me && me != "e2e" && !slices.Contains(allowed, a) && (slices.Contains(notForTests, a) || me == "portalsim") {
			forbid(a + ", not even in tests")
		}
	}
	house, _, _ := strings.Cut(me, "/") // a feature may use what web may
	for _, imported := range slices.Concat(p.Imports, tests) {
		if imported == "time/tzdata" {
			forbid(imported + ": the rules of the Go release are too old, and the program carries its own")
		}
		for library, areas := range confined {
			if strings.HasPrefix(imported, library) && !slices.Contains(areas, house) {
				forbid(imported)
			}
		}
	}
	slices.Sort(faults)
	return slices.Compact(faults)
}

func supportsTests(importPath string) bool {
	return strings.HasSuffix(importPath, "test") || area(importPath) == "e2e"
}

func hasPrefix(importPath string, prefixes []string) bool {
	return slices.ContainsFunc(prefixes, func(prefix string) bool {
		return importPath == prefix || strings.HasPrefix(importPath, strings.TrimSuffix(prefix, "/")+"/")
	})
}

// TestImportRulesBite holds the rules themselves against made-up packages.
func TestImportRulesBite(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name string
		pkg  pkg
		want []string
	}{
		{"web and store", pkg{ImportPath: "slotfinder/web", Imports: []string{"slotfinder/internal/store"}}, []string{"web must not import store"}},
		{"web and echo", pkg{ImportPath: "slotfinder/web", Imports: []string{"github.com/labstack/echo/v4/middleware", "github.com/gorilla/sessions"}}, nil},
		{"older rules of time zones", pkg{ImportPath: "slotfinder/web", TestImports: []string{"time/tzdata"}}, []string{"web must not import time/tzdata: the rules of the Go release are too old, and the program carries its own"}},
		{"a feature and the store", pkg{ImportPath: "slotfinder/web/find", Imports: []string{"slotfinder/internal/store", "slotfinder/web"}}, []string{"web/find must not import store"}},
		{"two features", pkg{ImportPath: "slotfinder/web/find", Imports: []string{"slotfinder/web/people"}}, []string{"web/find must not import web/people"}},
		{"web and a feature", pkg{ImportPath: "slotfinder/web", Imports: []string{"slotfinder/web/people"}}, []string{"web must not import web/people"}},
		{"a feature and echo", pkg{ImportPath: "slotfinder/web/find", Imports: []string{"github.com/labstack/echo/v4"}}, nil},
		{"auth and echo", pkg{ImportPath: "slotfinder/internal/auth", Imports: []string{"github.com/labstack/echo/v4"}}, []string{"auth must not import github.com/labstack/echo/v4"}},
		{"store's tests and sessions", pkg{ImportPath: "slotfinder/internal/store", XTestImports: []string{"github.com/gorilla/sessions"}}, []string{"store must not import github.com/gorilla/sessions"}},
		{"sweep and the disk", pkg{ImportPath: "slotfinder/internal/sweep", Imports: []string{"slotfinder/internal/civil", "os"}}, []string{"sweep must not import os, it is pure"}},
		{"sweep's tests and the disk", pkg{ImportPath: "slotfinder/internal/sweep", TestImports: []string{"os"}}, nil},
		{"civil and rapid", pkg{ImportPath: "slotfinder/internal/civil", Imports: []string{"pgregory.net/rapid"}}, []string{"civil must not import pgregory.net/rapid outside of tests"}},
		{"support of tests", pkg{ImportPath: "slotfinder/internal/store/pgtest", Imports: []string{"testing"}}, nil},
		{"store and support of tests", pkg{ImportPath: "slotfinder/internal/store", Imports: []string{"slotfinder/internal/store/pgtest"}}, []string{"store must not import slotfinder/internal/store/pgtest outside of tests"}},
		{"auth's tests and store", pkg{ImportPath: "slotfinder/internal/auth", XTestImports: []string{"slotfinder/internal/store", "slotfinder/internal/portalsim"}}, nil},
		{"store's tests and web", pkg{ImportPath: "slotfinder/internal/store", XTestImports: []string{"slotfinder/web"}}, []string{"store must not import web, not even in tests"}},
		{"the simulator's tests and the client", pkg{ImportPath: "slotfinder/internal/portalsim", XTestImports: []string{"slotfinder/internal/bitrix24"}}, []string{"portalsim must not import bitrix24, not even in tests"}},
		{"pages and their parts", pkg{ImportPath: "slotfinder/templates/find", Imports: []string{"slotfinder/templates/part"}}, nil},
		{"pages of two features", pkg{ImportPath: "slotfinder/templates/find", Imports: []string{"slotfinder/templates/people"}}, []string{"templates/find must not import templates/people"}},
		{"web and the pages of a feature", pkg{ImportPath: "slotfinder/web", Imports: []string{"slotfinder/templates/find"}}, []string{"web must not import templates/find"}},
		{"a part of an area", pkg{ImportPath: "slotfinder/templates/find", Imports: []string{"slotfinder/web"}}, []string{"templates/find must not import web"}},
		{"main", pkg{ImportPath: "slotfinder", Imports: []string{"slotfinder/internal/app", "slotfinder/web"}}, []string{"main must not import web"}},
		{"app", pkg{ImportPath: "slotfinder/internal/app", Imports: []string{"slotfinder/web", "slotfinder/internal/store"}}, nil},
		{"the whole product's tests", pkg{ImportPath: "slotfinder/internal/e2e/browser", TestImports: []string{"slotfinder/internal/app", "github.com/chromedp/chromedp"}}, nil},
		{"the program and tests of all of it", pkg{ImportPath: "slotfinder/internal/app", Imports: []string{"slotfinder/internal/e2e/harness"}}, []string{"app must not import e2e", "app must not import slotfinder/internal/e2e/harness outside of tests"}},
		{"an area nobody decided on", pkg{ImportPath: "slotfinder/internal/extra"}, []string{"extra is not in the table of areas"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			if diff := cmp.Diff(test.want, importFaults(test.pkg)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// TestTableHasNoCycle keeps a change of the table from allowing what Go refuses
// only once somebody writes it.
func TestTableHasNoCycle(t *testing.T) {
	t.Parallel()
	var visit func(name string, way []string)
	visit = func(name string, way []string) {
		if slices.Contains(way, name) {
			t.Fatalf("the table has a cycle: %s", strings.Join(append(way, name), " -> "))
		}
		for _, next := range mayImport[name] {
			visit(next, append(way, name))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(mayImport)) {
		visit(name, nil)
	}
}

func TestPackagesHaveMaps(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if len(p.GoFiles) == 0 {
			continue // tests only
		}
		if p.Doc == "" || p.area() != "main" && !slices.Contains(p.GoFiles, "doc.go") {
			t.Errorf("%s has no doc.go with a package comment", p.ImportPath)
		}
		for name := range strings.SplitSeq(p.ImportPath, "/") {
			if slices.Contains(drawers, name) {
				t.Errorf("%s: %q says nothing about what is inside", p.ImportPath, name)
			}
		}
	}
}

func TestSizesAndComments(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, name := range p.GoFiles {
			file := filepath.Join(p.Dir, name)
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range sourceFaults(path.Join(p.ImportPath, name), src, p) {
				t.Error(fault)
			}
		}
	}
}

// TestTestFilesAreShort: one file of tests is about one thing.
func TestTestFilesAreShort(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		for _, name := range slices.Concat(p.TestGoFiles, p.XTestGoFiles) {
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			if lines := bytes.Count(src, []byte("\n")); lines > maxTestFile {
				t.Errorf("%s/%s has %d lines, more than %d", p.ImportPath, name, lines, maxTestFile)
			}
		}
	}
}

// sourceFaults says what in one file breaks the bounds of size, the rule that
// exported names are documented, that time is passed in, and that there is one loader of
// time zones.
func sourceFaults(name string, src []byte, p pkg) []string {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, src, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	if ast.IsGenerated(file) {
		return nil
	}
	var faults []string
	fault := func(at ast.Node, format string, args ...any) {
		faults = append(faults, fmt.Sprintf("%s:%d: ", name, set.Position(at.Pos()).Line)+fmt.Sprintf(format, args...))
	}
	if lines := bytes.Count(src, []byte("\n")); lines > maxFile {
		fault(file.Name, "the file has %d lines, more than %d", lines, maxFile)
	}
	for _, decl := range file.Decls {
		if f, ok := decl.(*ast.FuncDecl); ok {
			if lines := set.Position(f.End()).Line - set.Position(f.Pos()).Line + 1; lines > maxFunction {
				fault(f, "%s has %d lines, more than %d", f.Name.Name, lines, maxFunction)
			}
		}
		if p.area() != "main" {
			for _, ident := range undocumented(decl) {
				fault(ident, "%s is exported and has no comment", ident.Name)
			}
		}
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch s, ok := n.(*ast.SelectorExpr); {
		case !ok:
		case isClock(s) && p.pure():
			fault(s, "%s must be given the time, not read it", p.area())
		case isZoneLoader(s) && !slices.Contains(ownZones, p.area()):
			fault(s, "%s must load time zones with internal/civil/zone", p.area())
		}
		return true
	})
	return faults
}

// ownZones are the areas that load time zones by themselves: the one loader, and the
// simulated portal, whose server has rules of its own.
var ownZones = []string{"civil", "portalsim"}

func isZoneLoader(s *ast.SelectorExpr) bool {
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "time" && slices.Contains([]string{"LoadLocation", "LoadLocationFromTZData"}, s.Sel.Name)
}

func isClock(s *ast.SelectorExpr) bool {
	x, ok := s.X.(*ast.Ident)
	return ok && x.Name == "time" && slices.Contains([]string{"Now", "Since", "Until", "Sleep", "After", "Tick", "NewTimer", "NewTicker"}, s.Sel.Name)
}

// standardMethods are those whose meaning the standard library documents.
var standardMethods = []string{
	"String", "Error", "Unwrap", "Is", "As", "Format", "LogValue", "ServeHTTP", "Len", "Less", "Swap",
	"MarshalJSON", "UnmarshalJSON", "MarshalText", "UnmarshalText", "Read", "Write", "Close", "RoundTrip", "Scan", "Value",
}

// undocumented returns the exported names of a declaration that have no comment.
// One comment on a group of constants or variables documents them all.
func undocumented(decl ast.Decl) []*ast.Ident {
	switch d := decl.(type) {
	case *ast.FuncDecl:
		if d.Doc == nil && d.Name.IsExported() && exportedReceiver(d) && (d.Recv == nil || !slices.Contains(standardMethods, d.Name.Name)) {
			return []*ast.Ident{d.Name}
		}
	case *ast.GenDecl:
		var names []*ast.Ident
		for _, spec := range d.Specs {
			switch s := spec.(type) {
			case *ast.TypeSpec:
				if d.Doc == nil && s.Doc == nil && s.Name.IsExported() {
					names = append(names, s.Name)
				}
			case *ast.ValueSpec:
				for _, n := range s.Names {
					if d.Doc == nil && s.Doc == nil && s.Comment == nil && n.IsExported() {
						names = append(names, n)
					}
				}
			}
		}
		return names
	}
	return nil
}

// exportedReceiver tells whether a function is a method of an exported type, or none.
func exportedReceiver(f *ast.FuncDecl) bool {
	if f.Recv == nil {
		return true
	}
	receiver := f.Recv.List[0].Type
	if star, ok := receiver.(*ast.StarExpr); ok {
		receiver = star.X
	}
	if generic, ok := receiver.(*ast.IndexExpr); ok {
		receiver = generic.X
	}
	name, ok := receiver.(*ast.Ident)
	return ok && name.IsExported()
}

// TestSourceRulesBite holds the rules themselves against made-up files.
func TestSourceRulesBite(t *testing.T) {
	t.Parallel()
	long := strings.Repeat("\n", maxFunction-1)
	tests := []struct {
		name, area, src string
		want            []string
	}{
		{"long function", "web", "package p\nfunc f() {" + long + "}\n", nil},
		{"too long function", "web", "package p\nfunc f() {\n" + long + "}\n", []string{"x.go:2: f has 81 lines, more than 80"}},
		{"too long file", "web", "package p\n" + strings.Repeat("\n", maxFile), []string{"x.go:1: the file has 401 lines, more than 400"}},
		{"generated", "web", "// Code generated by x. DO NOT EDIT.\npackage p\nfunc F() {\n" + long + "}\n", nil},
		{"undocumented", "web", "package p\nfunc F() {}\ntype T int\nfunc (t *T) M() {}\nfunc (T) String() string { return \"\" }\nvar V int\nconst (\n\tA = 1\n\tB = 2 // said\n)\n", []string{
			"x.go:2: F is exported and has no comment", "x.go:3: T is exported and has no comment", "x.go:4: M is exported and has no comment",
			"x.go:6: V is exported and has no comment", "x.go:8: A is exported and has no comment",
		}},
		{"documented", "web", "package p\n// F is.\nfunc F() {}\n// Group.\nvar (\n\tA = 1\n)\ntype t int\nfunc (t) M() {}\n", nil},
		{"the clock in the engine", "internal/sweep", "package p\nimport \"time\"\nvar t = time.Now()\n", []string{"x.go:3: sweep must be given the time, not read it"}},
		{"a zone that others don't know", "web", "package p\nimport \"time\"\nvar z, err = time.LoadLocation(\"CET\")\n", []string{"x.go:3: web must load time zones with internal/civil/zone"}},
		{"the portal's own zones", "internal/portalsim", "package p\nimport \"time\"\nvar z, err = time.LoadLocation(\"CET\")\n", nil},
		{"the clock elsewhere", "web", "package p\nimport \"time\"\nvar t = time.Now()\n", nil},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			got := sourceFaults("x.go", []byte(test.src), pkg{ImportPath: module + "/" + test.area})
			if diff := cmp.Diff(test.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

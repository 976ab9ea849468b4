package arch

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// unguarded are the areas whose goroutines are their own affair: the simulator serves
// tests and the demo.
var unguarded = []string{"rescue", "portalsim"}

// takers are the methods that call what they are given in a goroutine of their own, or
// let its panic end the program, with the number of the argument: those of
// sync.WaitGroup, errgroup, singleflight and of the packages time and context.
var takers = map[string]int{"Go": 0, "TryGo": 0, "DoChan": 1, "Do": 1, "AfterFunc": 1}

// TestGoroutinesSurvivePanics: what is called in a goroutine is wrapped by package
// rescue.
func TestGoroutinesSurvivePanics(t *testing.T) {
	t.Parallel()
	for _, p := range packages(t) {
		if slices.Contains(unguarded, p.area()) || supportsTests(p.ImportPath) {
			continue
		}
		for _, name := range p.GoFiles {
			src, err := os.ReadFile(filepath.Join(p.Dir, name))
			if err != nil {
				t.Fatal(err)
			}
			for _, fault := range panicFaults(path.Join(p.ImportPath, name), src) {
				t.Error(fault)
			}
		}
	}
}

// panicFaults says where in a file a panic would end the program.
func panicFaults(name string, src []byte) (faults []string) {
	set := token.NewFileSet()
	file, err := parser.ParseFile(set, name, src, parser.SkipObjectResolution)
	if err != nil {
		return []string{err.Error()}
	}
	fault := func(at ast.Node, text string) {
		faults = append(faults, fmt.Sprintf("%s:%d: %s", name, set.Position(at.Pos()).Line, text))
	}
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			fault(n, "a goroutine begins with rescue.Go")
		case *ast.CallExpr:
			if f, ok := n.Fun.(*ast.SelectorExpr); ok && !ofRescue(f) && takesWork(f.Sel.Name, n.Args) {
				fault(n, f.Sel.Name+" is given work that package rescue has not wrapped")
			}
		}
		return true
	})
	return faults
}

// takesWork reports whether a method takes work that is not wrapped. Others of the same
// name, such as that of http.Client, have other arguments.
func takesWork(method string, args []ast.Expr) bool {
	at, known := takers[method]
	if !known || len(args) != at+1 {
		return false
	}
	wrapped, ok := args[at].(*ast.CallExpr)
	if !ok {
		return true
	}
	f, ok := wrapped.Fun.(*ast.SelectorExpr)
	return !ok || !ofRescue(f)
}

func ofRescue(f *ast.SelectorExpr) bool {
	x, ok := f.X.(*ast.Ident)
	return ok && x.Name == "rescue"
}

// TestPanicRuleBites holds the rule itself against made-up code.
func TestPanicRuleBites(t *testing.T) {
	t.Parallel()
	for code, want := range map[string][]string{
		`go f()`:                                 {"x.go:2: a goroutine begins with rescue.Go"},
		`go rescue.Func(report, f)()`:            {"x.go:2: a goroutine begins with rescue.Go"},
		`rescue.Go(report, func() { f() })`:      nil,
		`group.Go(f)`:                            {"x.go:2: Go is given work that package rescue has not wrapped"},
		`group.Go(func() error { return nil })`:  {"x.go:2: Go is given work that package rescue has not wrapped"},
		`group.TryGo(wrap(f))`:                   {"x.go:2: TryGo is given work that package rescue has not wrapped"},
		`group.Go(rescue.Err(f))`:                nil,
		`flights.DoChan(key, f)`:                 {"x.go:2: DoChan is given work that package rescue has not wrapped"},
		`flights.Do(key, rescue.Value(f))`:       nil,
		`time.AfterFunc(pause, f)`:               {"x.go:2: AfterFunc is given work that package rescue has not wrapped"},
		`context.AfterFunc(ctx, rescue.Func(r))`: nil,
		`client.Do(request)`:                     nil,
	} {
		got := panicFaults("x.go", []byte("package p; func f() {\n"+code+"\n}"))
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", code, diff)
		}
	}
}

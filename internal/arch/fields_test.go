package arch

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	load "golang.org/x/tools/go/packages"
)

// TestTemplatesReadWhatHandlersWrite: every field of the domain's and the pages' values
// that somebody reads is written by somebody, and the other way round. Otherwise a page
// promises what it never shows, or a handler works for nobody, and no other test need
// notice.
func TestTemplatesReadWhatHandlersWrite(t *testing.T) {
	t.Parallel()
	usage := newFieldUsage(loadProgram(t))
	for _, field := range usage.fields() {
		switch name := usage.name[field]; {
		case usage.read.has(field) && !usage.written.has(field):
			t.Errorf("%s is read, but nobody writes it", name)
		case !usage.read.has(field):
			t.Errorf("%s is never read", name)
		}
	}
	if len(usage.name) < 100 {
		t.Errorf("only %d fields were looked at", len(usage.name))
	}
}

// TestFieldUsage: the test above sees what it should.
func TestFieldUsage(t *testing.T) {
	t.Parallel()
	got := newFieldUsage(loadProgram(t, "./testdata/fields"))
	for name, want := range map[string][2]bool{ // read, written
		"View.Never": {false, false}, "View.OnlyRead": {true, false}, "View.OnlyWritten": {false, true},
		"View.Keyed": {true, true}, "View.Assigned": {true, true}, "View.Counted": {true, true}, "View.Lent": {true, true},
		"Inner.Deep": {true, true}, "View.Inner": {true, true}, "Pair.A": {false, true}, "Pair.B": {false, true},
		"Source.C": {true, false}, "Target.C": {false, true},
	} {
		for field, full := range got.name {
			if strings.HasSuffix(full, "."+name) && (got.read.has(field) != want[0] || got.written.has(field) != want[1]) {
				t.Errorf("%s: read %t, written %t", full, got.read.has(field), got.written.has(field))
			}
		}
	}
}

// loadProgram loads the pages and what fills them, without tests. What they import comes
// from the compiler: to read all of it, a database among it, would take a minute.
func loadProgram(t *testing.T, patterns ...string) []*load.Package {
	t.Helper()
	if len(patterns) == 0 {
		for _, p := range packages(t) {
			if !slices.Contains([]string{"arch", "portalsim"}, p.area()) && !supportsTests(p.ImportPath) {
				patterns = append(patterns, p.ImportPath)
			}
		}
	}
	loaded, err := load.Load(&load.Config{
		Mode: load.NeedName | load.NeedSyntax | load.NeedTypes | load.NeedTypesInfo | load.NeedImports | load.NeedExportFile,
	}, patterns...)
	if err != nil || load.PrintErrors(loaded) > 0 {
		t.Fatalf("loading packages: %v", err)
	}
	return loaded
}

// watched are the packages whose values are passed on from one part of the program to
// another.
var watched = regexp.MustCompile(`^slotfinder/(internal/(meet|finder|picker|sharer|booker|settings)|templates/.*|internal/arch/testdata/fields)$`)

// fieldUsage is what happens to the fields of the structs of the watched packages.
type fieldUsage struct {
	files         *token.FileSet
	name          map[fieldKey]string
	read, written fieldSet
}

// fieldKey is where a field is declared. A package that is read from source and one that
// imports it have a field of their own each; only its place is the same.
type fieldKey string

func keyOf(files *token.FileSet, field *types.Var) fieldKey {
	at := files.Position(field.Origin().Pos())
	return fieldKey(fmt.Sprint(field.Pkg().Path(), "/", filepath.Base(at.Filename), ":", at.Line, ":", at.Column))
}

// fieldSet is a set of fields.
type fieldSet struct {
	files *token.FileSet
	of    map[fieldKey]bool
}

func newFieldSet(files *token.FileSet) fieldSet { return fieldSet{files, map[fieldKey]bool{}} }

func (s fieldSet) add(field *types.Var) {
	if field.Pkg() != nil { // nil: of the language itself
		s.of[keyOf(s.files, field)] = true
	}
}

func (s fieldSet) has(field fieldKey) bool { return s.of[field] }

func newFieldUsage(loaded []*load.Package) fieldUsage {
	files := loaded[0].Fset
	u := fieldUsage{files, map[fieldKey]string{}, newFieldSet(files), newFieldSet(files)}
	for _, p := range loaded {
		if watched.MatchString(p.PkgPath) {
			u.declare(p)
		}
	}
	for _, p := range loaded {
		for _, file := range p.Syntax {
			ast.Inspect(file, func(n ast.Node) bool { return u.visit(p.TypesInfo, n) })
		}
	}
	return u
}

// declare notes the fields of the structs of a package.
func (u fieldUsage) declare(p *load.Package) {
	for _, name := range p.Types.Scope().Names() {
		object, ok := p.Types.Scope().Lookup(name).(*types.TypeName)
		if !ok || object.IsAlias() {
			continue // another package's
		}
		if fields, ok := object.Type().Underlying().(*types.Struct); ok {
			for field := range fields.Fields() {
				u.name[keyOf(u.files, field)] = p.Types.Path() + "." + name + "." + field.Name()
			}
		}
	}
}

func (u fieldUsage) fields() []fieldKey {
	return slices.SortedFunc(maps.Keys(u.name), func(a, b fieldKey) int { return strings.Compare(u.name[a], u.name[b]) })
}

// visit notes what a piece of code does. Those that write return false when what is
// inside of them has been looked at.
func (u fieldUsage) visit(info *types.Info, n ast.Node) bool {
	switch n := n.(type) {
	case *ast.SelectorExpr:
		mark(info, n, u.read)
		if selection := info.Selections[n]; selection != nil && selection.Kind() == types.MethodVal && byAddress(selection) {
			mark(info, n, u.written)
			u.write(info, n.X)
		}
	case *ast.CompositeLit:
		u.literal(info, n)
	case *ast.IncDecStmt:
		u.write(info, n.X)
	case *ast.UnaryExpr:
		if n.Op == token.AND {
			u.write(info, n.X) // whoever gets the address may write there
		}
	case *ast.CallExpr:
		u.conversion(info, n)
	case *ast.AssignStmt:
		return u.assignment(info, n)
	}
	return true
}

// assignment looks at both sides; a field to which something is assigned is not read.
func (u fieldUsage) assignment(info *types.Info, n *ast.AssignStmt) bool {
	visit := func(n ast.Node) bool { return u.visit(info, n) }
	for _, left := range n.Lhs {
		u.write(info, left)
		if selector, ok := left.(*ast.SelectorExpr); ok {
			ast.Inspect(selector.X, visit)
		} else {
			ast.Inspect(left, visit)
		}
	}
	for _, right := range n.Rhs {
		ast.Inspect(right, visit)
	}
	return false
}

// write notes all fields on the way to what is written.
func (u fieldUsage) write(info *types.Info, e ast.Expr) {
	for {
		switch n := e.(type) {
		case *ast.SelectorExpr:
			mark(info, n, u.written)
			e = n.X
		case *ast.IndexExpr:
			e = n.X
		case *ast.StarExpr:
			e = n.X
		case *ast.ParenExpr:
			e = n.X
		default:
			return
		}
	}
}

// literal notes the fields that a literal sets: those with keys, or all of them.
func (u fieldUsage) literal(info *types.Info, n *ast.CompositeLit) {
	fields, ok := info.TypeOf(n).Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, element := range n.Elts {
		field := fields.Field(i)
		if pair, keyed := element.(*ast.KeyValueExpr); keyed {
			field = info.ObjectOf(pair.Key.(*ast.Ident)).(*types.Var)
		}
		u.written.add(field)
	}
}

// conversion notes that one struct turned into another is read, and the other written.
func (u fieldUsage) conversion(info *types.Info, n *ast.CallExpr) {
	if len(n.Args) != 1 || !info.Types[n.Fun].IsType() {
		return
	}
	all := func(t types.Type, marked fieldSet) {
		if fields, ok := t.Underlying().(*types.Struct); ok {
			for field := range fields.Fields() {
				marked.add(field)
			}
		}
	}
	all(info.TypeOf(n.Args[0]), u.read)
	all(info.TypeOf(n.Fun), u.written)
}

// byAddress reports whether a method may write into what it is called on.
func byAddress(method *types.Selection) bool {
	_, pointer := method.Obj().(*types.Func).Signature().Recv().Type().(*types.Pointer)
	return pointer
}

// mark notes the field that a selector names, and the embedded ones it goes through.
func mark(info *types.Info, n *ast.SelectorExpr, marked fieldSet) {
	selection := info.Selections[n]
	if selection == nil {
		return
	}
	index := selection.Index()
	if selection.Kind() != types.FieldVal {
		index = index[:len(index)-1] // the last one is a method
	}
	t := selection.Recv()
	for _, i := range index {
		if pointer, ok := t.Underlying().(*types.Pointer); ok {
			t = pointer.Elem()
		}
		field := t.Underlying().(*types.Struct).Field(i)
		marked.add(field)
		t = field.Type()
	}
}

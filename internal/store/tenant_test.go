package store

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// unbound are the functions whose statements may name rows without naming their
// portal, with the reason.
var unbound = map[string]string{
	"LoadSession":      "the key is the hash of a secret of 256 bits",
	"DeleteSession":    "the key is the hash of a secret of 256 bits",
	"UseSession":       "the key is the hash of a secret of 256 bits",
	"TakeFrameCode":    "the key is the hash of a secret of 256 bits",
	"PurgeSessions":    "looks at the time only and shows nothing",
	"PurgeStates":      "looks at the time only and shows nothing",
	"PurgeFrameCodes":  "looks at the time only and shows nothing",
	"PurgeChanges":     "looks at the time only and shows nothing",
	"PurgeCounters":    "looks at the time only and shows nothing",
	"PurgeLinks":       "looks at the time only and shows nothing",
	"PurgeMeetings":    "looks at the time only and shows nothing",
	"OpenMeetings":     "background work; each meeting tells its portal",
	"meeting":          "its callers give the condition: the host",
	"PurgeJobs":        "looks at the time only and shows nothing",
	"Changes":          "tells the process which portals changed, and nothing of them",
	"PortalByHost":     "finds the portal before anybody is known; an address belongs to one",
	"PortalKeys":       "for background work, which then names each portal",
	"AddJob":           "looks whether the very job is there",
	"waiting":          "counts the jobs of all portals",
	"PurgeGrants":      "looks at the time only and shows nothing",
	"PurgeRedemptions": "looks at the time only and shows nothing",
	"TakeJob":          "background work; the job tells its portal",
	"EndJob":           "the key is that of a job that was taken",
	"DelayJob":         "the key is that of a job that was taken",
	"link":             "its callers give the condition: the owner, or the hash of a secret of 128 bits and more",
	"CountOpens":       "each row names its portal and owner, and they are compared",
	"probe":            "writes what belongs to nobody",
	"Ping":             "looks whether there is a row, not at it",
}

var (
	isSQL   = regexp.MustCompile(`^\s*(?:SELECT|INSERT|UPDATE|DELETE|WITH)\b`)
	tables  = regexp.MustCompile(`\b(?:FROM|INTO|UPDATE|JOIN)\s+([a-z_]+)`)
	created = regexp.MustCompile(`CREATE TABLE ([a-z_]+)`)
	bound   = regexp.MustCompile(`\b(?:portal|member_id)\s*=\s*\$\d`)
	columns = regexp.MustCompile(`INSERT INTO [a-z_]+ \([^)]*\b(?:portal|member_id|portalColumns)\b`)
)

// unboundStatement says what is wrong with an SQL text, "" for nothing.
func unboundStatement(text string, known []string) string {
	if !isSQL.MatchString(text) {
		return ""
	}
	for _, m := range tables.FindAllStringSubmatch(text, -1) {
		if slices.Contains(known, m[1]) && !bound.MatchString(text) && !columns.MatchString(text) {
			return "touches " + m[1] + " without naming the portal"
		}
	}
	return ""
}

// TestEveryStatementNamesItsPortal reads every SQL text of this package.
func TestEveryStatementNamesItsPortal(t *testing.T) {
	t.Parallel()
	var known []string
	migrations, err := filepath.Glob("migration/*.sql")
	must(t, err)
	for _, name := range migrations {
		body, err := os.ReadFile(name)
		must(t, err)
		for _, m := range created.FindAllStringSubmatch(string(body), -1) {
			known = append(known, m[1])
		}
	}
	files, err := filepath.Glob("*.go")
	must(t, err)
	statements, excused := 0, map[string]bool{}
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		set := token.NewFileSet()
		file, err := parser.ParseFile(set, name, nil, 0)
		must(t, err)
		for _, decl := range file.Decls {
			function, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			for _, text := range texts(function) {
				if isSQL.MatchString(text) {
					statements++
				}
				fault := unboundStatement(text, known)
				if fault == "" {
					continue
				}
				if unbound[function.Name.Name] == "" {
					t.Errorf("%s: %s %s: %s", name, function.Name.Name, fault, text)
				}
				excused[function.Name.Name] = true
			}
		}
	}
	if statements < 30 || len(known) < 6 {
		t.Errorf("only %d statements and %d tables were found", statements, len(known))
	}
	for name := range maps.Keys(unbound) {
		if !excused[name] {
			t.Errorf("%s needs no excuse", name)
		}
	}
}

// texts are the string expressions of a function, concatenated; what is no literal is
// represented by its name.
func texts(function *ast.FuncDecl) []string {
	var all []string
	ast.Inspect(function, func(n ast.Node) bool {
		e, ok := n.(ast.Expr)
		if !ok {
			return true
		}
		text, isText := written(e)
		if isText {
			all = append(all, text)
		}
		return !isText
	})
	return all
}

func written(e ast.Expr) (text string, isText bool) {
	switch e := e.(type) {
	case *ast.BasicLit:
		text, err := strconv.Unquote(e.Value)
		return text, err == nil && e.Kind == token.STRING
	case *ast.BinaryExpr:
		left, isLeft := written(e.X)
		right, isRight := written(e.Y)
		return left + right, e.Op == token.ADD && (isLeft || isRight)
	case *ast.Ident:
		return e.Name, false
	}
	return " ", false
}

// TestTenantRuleBites tests the rule itself with made-up statements.
func TestTenantRuleBites(t *testing.T) {
	t.Parallel()
	known := []string{"hours", "portals"}
	for text, want := range map[string]bool{
		`SELECT data FROM hours WHERE portal = $1 AND user_id = $2`:                   true,
		`SELECT data FROM hours WHERE user_id = $1`:                                   false,
		`DELETE FROM hours WHERE user_id = $1`:                                        false,
		`UPDATE hours SET data = $1 WHERE user_id = $2`:                               false,
		`UPDATE portals SET app_token = '' WHERE member_id = $1`:                      true,
		`SELECT host FROM portals`:                                                    false,
		`INSERT INTO hours (portal, data) VALUES ($1, $2)`:                            true,
		`INSERT INTO hours (user_id, data) VALUES ($1, $2)`:                           false,
		`SELECT h.data FROM portals AS p JOIN hours AS h ON true WHERE h.user_id = 7`: false,
		`SELECT 1`:         true,
		`a text FROM life`: true,
	} {
		if got := unboundStatement(text, known) == ""; got != want {
			t.Errorf("%s: %v", text, got)
		}
	}
}

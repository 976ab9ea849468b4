package bitrix24

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// moduleRoot is where the module begins, seen from this package.
const moduleRoot = "../.."

var (
	factHeading  = regexp.MustCompile(`(?m)^### (\d+)\. \S`)
	factTests    = regexp.MustCompile(`(?m)^Held by: (.+)$`)
	testInTicks  = regexp.MustCompile("`((?:Test|Fuzz)[A-Za-z0-9_]+)`")
	testDeclared = regexp.MustCompile(`(?m)^func ((?:Test|Fuzz)[A-Za-z0-9_]+)\(`)
	commentBreak = regexp.MustCompile(`\n\s*(?://|\*)?\s*`)
	factCited    = regexp.MustCompile(`\bfacts? (\d+(?:(?:, (?:and )?| and | to )\d+)*)`)
	numbers      = regexp.MustCompile(`\d+`)
)

// TestFactsAreHeldByTests: the facts are numbered without gaps, and each of them names its
// source, how sure it is, and tests that exist somewhere in the module.
func TestFactsAreHeldByTests(t *testing.T) {
	t.Parallel()
	declared := map[string]bool{}
	eachFile(t, func(name, text string) {
		if strings.HasSuffix(name, "_test.go") {
			for _, m := range testDeclared.FindAllStringSubmatch(text, -1) {
				declared[m[1]] = true
			}
		}
	})
	for i, fact := range facts(t) {
		if m := factHeading.FindStringSubmatch(fact); m[1] != strconv.Itoa(i+1) {
			t.Errorf("fact %s stands where fact %d belongs", m[1], i+1)
		}
		if !strings.Contains(fact, "\nSure: ") {
			t.Errorf("fact %d does not say how sure it is", i+1)
		}
		held := factTests.FindStringSubmatch(fact)
		if held == nil {
			t.Errorf("fact %d is held by no test", i+1)
			continue
		}
		names := testInTicks.FindAllStringSubmatch(held[1], -1)
		if len(names) == 0 {
			t.Errorf("fact %d is held by no test", i+1)
		}
		for _, m := range names {
			if !declared[m[1]] {
				t.Errorf("fact %d: there is no %s", i+1, m[1])
			}
		}
	}
}

// TestCitedFactsExist: a comment that cites a fact cites one of FACTS.md.
func TestCitedFactsExist(t *testing.T) {
	t.Parallel()
	last := len(facts(t))
	eachFile(t, func(name, text string) {
		for _, m := range factCited.FindAllStringSubmatch(commentBreak.ReplaceAllString(text, " "), -1) {
			for _, number := range numbers.FindAllString(m[1], -1) {
				if n, err := strconv.Atoi(number); err != nil || n < 1 || n > last {
					t.Errorf("%s cites fact %s, and there are %d", name, number, last)
				}
			}
		}
	})
}

// facts are the numbered sections of FACTS.md.
func facts(t *testing.T) []string {
	t.Helper()
	text, err := os.ReadFile("FACTS.md")
	if err != nil {
		t.Fatal(err)
	}
	at := factHeading.FindAllStringIndex(string(text), -1)
	if len(at) == 0 {
		t.Fatal("FACTS.md has no facts")
	}
	list := make([]string, len(at))
	for i := range at {
		end := len(text)
		if i+1 < len(at) {
			end = at[i+1][0]
		}
		list[i] = string(text[at[i][0]:end])
	}
	return list
}

// eachFile visits what people write in the module: code, pages and documents.
func eachFile(t *testing.T, visit func(name, text string)) {
	t.Helper()
	err := filepath.WalkDir(moduleRoot, func(name string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() {
			if base := d.Name(); base == ".git" || base == "node_modules" || base == "testdata" {
				return filepath.SkipDir
			}
			return nil
		}
		switch filepath.Ext(name) {
		case ".go", ".templ", ".md", ".sh":
		default:
			return nil
		}
		if strings.HasSuffix(name, "_templ.go") {
			return nil
		}
		text, err := os.ReadFile(name)
		if err == nil {
			visit(name, string(text))
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

package locale_test

import (
	"encoding/json"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/feature/plural"
	"golang.org/x/text/language"

	"slotfinder/internal/locale"
)

// entry is a text as the file has it: {"": text} or its plural forms.
type entry map[string]string

func (e *entry) UnmarshalJSON(data []byte) error {
	var only string
	if json.Unmarshal(data, &only) == nil {
		*e = entry{"": only}
		return nil
	}
	return json.Unmarshal(data, (*map[string]string)(e))
}

func texts(t *testing.T, tag string) map[string]entry {
	t.Helper()
	data, err := os.ReadFile("texts/" + tag + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]entry
	if err := json.Unmarshal(data, &all); err != nil {
		t.Fatalf("%s: %v", tag, err)
	}
	return all
}

func TestEveryFileIsALanguage(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob("texts/*.json")
	if err != nil {
		t.Fatal(err)
	}
	var tags, shipped []string
	for _, f := range files {
		tags = append(tags, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	for _, c := range locale.All() {
		shipped = append(shipped, c.Tag)
	}
	slices.Sort(shipped)
	if diff := cmp.Diff(tags, shipped); diff != "" {
		t.Errorf("files and languages differ (-files +languages):\n%s", diff)
	}
}

// Every language says everything that English says, with the same placeholders.
func TestLanguagesAreComplete(t *testing.T) {
	t.Parallel()
	english := texts(t, "en")
	for _, c := range locale.All() {
		t.Run(c.Tag, func(t *testing.T) {
			t.Parallel()
			mine := texts(t, c.Tag)
			if diff := cmp.Diff(slices.Sorted(maps.Keys(english)), slices.Sorted(maps.Keys(mine))); diff != "" {
				t.Fatalf("keys differ from English (-en +%s):\n%s", c.Tag, diff)
			}
			for key, e := range mine {
				if diff := cmp.Diff(placeholders(english[key]), placeholders(e)); diff != "" {
					t.Errorf("%s: placeholders differ (-en +%s):\n%s", key, c.Tag, diff)
				}
				if diff := cmp.Diff(forms(english[key], c.Tag), slices.Sorted(maps.Keys(e))); diff != "" {
					t.Errorf("%s: plural forms (-needed +there):\n%s", key, diff)
				}
				for form, text := range e {
					check(t, key+" "+form, text)
				}
			}
		})
	}
}

// check finds slips that no compiler sees.
func check(t *testing.T, where, text string) {
	t.Helper()
	switch {
	case strings.TrimSpace(text) != text || text == "":
		t.Errorf("%s: empty or with space around", where)
	case strings.Count(text, "*")%2 != 0:
		t.Errorf("%s: an odd asterisk", where)
	case strings.ContainsAny(text, "<>&"):
		t.Errorf("%s: markup", where)
	case strings.Count(text, "{") != strings.Count(text, "}"):
		t.Errorf("%s: an open brace", where)
	}
}

var placeholder = regexp.MustCompile(`\{[a-z]+\}`)

// placeholders are the names that all forms of a text use together. The number
// itself may be missing in a form ("one time").
func placeholders(e entry) []string {
	names := map[string]bool{}
	for _, text := range e {
		for _, name := range placeholder.FindAllString(text, -1) {
			if name != "{n}" || e[""] != "" {
				names[name] = true
			}
		}
	}
	return slices.Sorted(maps.Keys(names))
}

// forms are the plural forms that whole numbers need in a language, found by
// asking for all numbers up to 200 and a million; a text without plural has one.
func forms(english entry, tag string) []string {
	if _, plain := english[""]; plain {
		return []string{""}
	}
	names := map[plural.Form]string{plural.Zero: "zero", plural.One: "one", plural.Two: "two", plural.Few: "few", plural.Many: "many", plural.Other: "other"}
	needed := map[string]bool{"other": true}
	for n := range 200 {
		needed[names[plural.Cardinal.MatchPlural(language.MustParse(tag), n, 0, 0, 0, 0)]] = true
	}
	return slices.Sorted(maps.Keys(needed))
}

// keyPatterns recognise, in source, a whole key and the beginning of one that is
// built: what begins as the keys of the catalogue do.
func keyPatterns(t *testing.T) (literal, built *regexp.Regexp) {
	t.Helper()
	areas := map[string]bool{}
	for key := range texts(t, "en") {
		area, _, _ := strings.Cut(key, ".")
		areas[area] = true
	}
	area := strings.Join(slices.Sorted(maps.Keys(areas)), "|")
	return regexp.MustCompile(`"((?:` + area + `)\.[a-z_]+(?:\.[a-z_]+)*)"`), regexp.MustCompile(`"((?:` + area + `)\.(?:[a-z_]+\.)*)" ?\+`)
}

// Every key that the source names exists, and every text is named somewhere.
func TestKeysAreUsedAndExist(t *testing.T) {
	t.Parallel()
	used, prefixes := keysInSource(t)
	c := locale.For("en")
	for key, where := range used {
		if !c.Has(key) {
			t.Errorf("%s names %q, which has no text", where, key)
		}
		if strings.HasPrefix(key, "error.") && !strings.HasSuffix(key, ".next") && !c.Has(key+".next") && !controls[key] {
			t.Errorf("%q says not what to do next", key)
		}
	}
	for key := range texts(t, "en") {
		if strings.HasPrefix(key, "nav.") { // named by whoever builds the frame
			continue
		}
		if used[key] == "" && used[strings.TrimSuffix(key, ".next")] == "" && !slices.ContainsFunc(prefixes, func(p string) bool { return strings.HasPrefix(key, p) }) {
			t.Errorf("nobody uses %q", key)
		}
	}
}

// controls are texts of the error page that are no errors.
var controls = map[string]bool{"error.retry": true, "error.sign_in": true, "error.home": true, "error.request": true}

func keysInSource(t *testing.T) (used map[string]string, prefixes []string) {
	t.Helper()
	used = map[string]string{}
	literalKey, builtKey := keyPatterns(t)
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if d.IsDir() && (strings.HasPrefix(d.Name(), ".") && d.Name() != ".." || d.Name() == "locale" || d.Name() == "portalsim" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		source := strings.HasSuffix(path, ".templ") || strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") && !strings.HasSuffix(path, "_templ.go")
		if d.IsDir() || !source {
			return nil
		}
		body, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		for _, m := range literalKey.FindAllSubmatch(body, -1) {
			if key := string(m[1]); !strings.HasSuffix(key, "_") && !strings.HasSuffix(key, ".js") { // a prefix, a file
				used[string(m[1])] = path
			}
		}
		for _, m := range builtKey.FindAllSubmatch(body, -1) {
			prefixes = append(prefixes, string(m[1]))
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return used, prefixes
}

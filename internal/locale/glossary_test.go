package locale_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/locale"
)

// glossary says which words a language uses.
type glossary struct {
	Means      map[string]string            // term -> what it is for, in English only
	Terms      map[string][]string          // term -> its forms in this language, the one to look up first; * is any ending
	Exceptions map[string]map[string]string // key -> term that its text may leave out -> why
	Forbidden  map[string]string            // regular expression -> what to write instead, or why
}

func glossaryOf(t *testing.T, tag string) glossary {
	t.Helper()
	data, err := os.ReadFile("glossary/" + tag + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var g glossary
	if err := json.Unmarshal(data, &g); err != nil {
		t.Fatalf("%s: %v", tag, err)
	}
	return g
}

// has tells for each term whether a text has one of its forms as whole words.
func (g glossary) has() map[string]func(string) bool {
	found := map[string]func(string) bool{}
	for term, forms := range g.Terms {
		var any []string
		for _, form := range forms {
			any = append(any, strings.ReplaceAll(regexp.QuoteMeta(form), `\*`, `\pL*`))
		}
		found[term] = regexp.MustCompile(`(?i)(^|\PL)(` + strings.Join(any, "|") + `)(\PL|$)`).MatchString
	}
	return found
}

// whole is a text with all its plural forms and without its placeholders.
func whole(e entry) string {
	var forms []string
	for _, form := range slices.Sorted(maps.Keys(e)) {
		forms = append(forms, placeholder.ReplaceAllString(e[form], "·"))
	}
	return strings.Join(forms, " | ")
}

// said are the terms in each English text, the excepted ones apart.
func said(english map[string]entry, en glossary) (terms map[string][]string, needless []string) {
	terms, found := map[string][]string{}, en.has()
	for key, e := range english {
		for term, has := range found {
			switch excepted := en.Exceptions[key][term] != ""; {
			case !has(whole(e)) && excepted:
				needless = append(needless, fmt.Sprintf("%s: the English text has no %q", key, term))
			case has(whole(e)) && !excepted:
				terms[key] = append(terms[key], term)
			}
		}
	}
	return terms, needless
}

// lapses are the texts that lack a term which the English text has, the exceptions that
// none needs, and the words that the language does not use.
func lapses(terms map[string][]string, mine map[string]entry, g glossary) []string {
	var found []string
	has := g.has()
	for key, e := range mine {
		for _, term := range terms[key] {
			switch missing, excepted := !has[term](whole(e)), g.Exceptions[key][term] != ""; {
			case missing && !excepted:
				found = append(found, fmt.Sprintf("%s: %q is %q here, but the text is %q", key, term, strings.Join(g.Terms[term], ", "), whole(e)))
			case !missing && excepted:
				found = append(found, fmt.Sprintf("%s: the text has %q and needs no exception", key, term))
			}
		}
		for term := range g.Exceptions[key] {
			if !slices.Contains(terms[key], term) {
				found = append(found, fmt.Sprintf("%s: the English text has no %q", key, term))
			}
		}
	}
	for pattern, why := range g.Forbidden {
		forbidden := regexp.MustCompile(pattern)
		for key, e := range mine {
			if forbidden.MatchString(whole(e)) {
				found = append(found, fmt.Sprintf("%s: %q is not used (%s): %q", key, pattern, why, whole(e)))
			}
		}
	}
	slices.Sort(found)
	return found
}

// Each language has its own words for all terms, and gives its reasons.
func TestGlossariesAreComplete(t *testing.T) {
	t.Parallel()
	en := glossaryOf(t, "en")
	keys := texts(t, "en")
	for _, c := range locale.All() {
		g := glossaryOf(t, c.Tag)
		if diff := cmp.Diff(slices.Sorted(maps.Keys(en.Terms)), slices.Sorted(maps.Keys(g.Terms))); diff != "" {
			t.Errorf("terms differ from English (-en +%s):\n%s", c.Tag, diff)
		}
		for term, forms := range g.Terms {
			if len(forms) == 0 || forms[0] == "" || strings.Contains(forms[0], "*") || slices.Contains(forms, "*") {
				t.Errorf("%s: %q begins with no word", c.Tag, term)
			}
		}
		for key, terms := range g.Exceptions {
			for term, why := range terms {
				if keys[key] == nil || en.Terms[term] == nil || why == "" {
					t.Errorf("%s: an exception of %q for %q, because %q", c.Tag, key, term, why)
				}
			}
		}
	}
}

// One thing has one name on all pages of a language.
func TestTermsAreUsedAlike(t *testing.T) {
	t.Parallel()
	terms, needless := said(texts(t, "en"), glossaryOf(t, "en"))
	for _, lapse := range needless {
		t.Error("en: " + lapse)
	}
	for _, c := range locale.All() {
		t.Run(c.Tag, func(t *testing.T) {
			t.Parallel()
			g := glossaryOf(t, c.Tag)
			if c.Tag == "en" {
				g.Exceptions = nil // they are for the other languages
			}
			for _, lapse := range lapses(terms, texts(t, c.Tag), g) {
				t.Error(lapse)
			}
		})
	}
}

func TestLapsesAreFound(t *testing.T) {
	t.Parallel()
	only := func(text string) map[string]entry { return map[string]entry{"key": {"": text}} }
	en := glossary{Terms: map[string][]string{"opening": {"opening", "openings"}}}
	german := func(exceptions map[string]map[string]string) glossary {
		return glossary{Terms: map[string][]string{"opening": {"Zeitfenster", "Fenster*"}}, Exceptions: exceptions, Forbidden: map[string]string{"(?i)lücke": "Zeitfenster"}}
	}
	why := map[string]map[string]string{"key": {"opening": "short"}}
	cases := map[string]struct {
		english, mine string
		g             glossary
		lapses        int
	}{
		"the term":                 {"6 Openings", "6 Zeitfenster", german(nil), 0},
		"another form":             {"6 openings", "in 6 Fenstern", german(nil), 0},
		"another word":             {"6 openings", "6 Termine", german(nil), 1},
		"a part of a word":         {"6 openings", "6 Zeitfensterchen", german(nil), 1},
		"a placeholder is no term": {"6 openings", "{fenster}", german(nil), 1},
		"with a reason":            {"6 openings", "6 frei", german(why), 0},
		"a reason too many":        {"6 openings", "6 Zeitfenster", german(why), 1},
		"no term in English":       {"reopening", "wieder öffnen", german(nil), 0},
		"a forbidden word":         {"6 times", "6 Lücken", german(nil), 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			terms, _ := said(only(c.english), en)
			if got := lapses(terms, only(c.mine), c.g); len(got) != c.lapses {
				t.Errorf("%d lapses, want %d: %q", len(got), c.lapses, got)
			}
		})
	}
}

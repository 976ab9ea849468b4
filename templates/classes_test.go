package templates_test

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// Every class of a page has a rule or a script that wants it, and every rule a page.
func TestClassesOfPagesAndStyleAreTheSame(t *testing.T) {
	t.Parallel()
	pages, drawn := classesOfPages(t)
	style, wanted := classesOfStyle(t), classesOfScripts(t)
	for class := range pages {
		if !style[class] && !wanted[class] && !strings.HasSuffix(class, "-") {
			t.Errorf("the class %s of a page has no rule and no script", class)
		}
	}
	level := regexp.MustCompile(`\d$`) // as in "heat-" + level
	for class := range style {
		if !pages[class] && !drawn[class] && !drawn[level.ReplaceAllString(class, "")] && class != "htmx-request" {
			t.Errorf("the rule of the class %s has no page", class)
		}
	}
}

func TestClassesAreWords(t *testing.T) {
	t.Parallel()
	for class := range classesOfStyle(t) {
		for word := range strings.SplitSeq(class, "-") {
			if len(word) < 3 && !regexp.MustCompile(`^\d$`).MatchString(word) && !slices.Contains([]string{"in", "js", "no", "sr", "qr"}, word) {
				t.Errorf("the class %s has the part %q, which says nothing", class, word)
			}
		}
	}
}

// classesOfPages are the classes in attributes, and what may be one: every word in a text
// of the code that draws.
func classesOfPages(t *testing.T) (attributes, drawn map[string]bool) {
	t.Helper()
	attributes, drawn = map[string]bool{}, map[string]bool{}
	plain := regexp.MustCompile("class=\"([^\"`]*)\"")
	computed := regexp.MustCompile(`class=\{([^}]*)\}`)
	quoted := regexp.MustCompile(`(?:^|[\s,(])"([a-z0-9 -]+)"`)
	for name, text := range sources(t, "*/*.templ", "*/*.go") {
		for _, m := range plain.FindAllStringSubmatch(text, -1) {
			addClasses(attributes, m[1])
		}
		for _, m := range computed.FindAllStringSubmatch(text, -1) {
			for _, q := range quoted.FindAllStringSubmatch(m[1], -1) {
				addClasses(attributes, q[1])
				addClasses(drawn, q[1])
			}
		}
		if strings.HasSuffix(name, ".go") {
			for _, q := range quoted.FindAllStringSubmatch(text, -1) {
				addClasses(drawn, q[1])
			}
		}
	}
	return attributes, drawn
}

func classesOfStyle(t *testing.T) map[string]bool {
	t.Helper()
	classes := map[string]bool{}
	comment := regexp.MustCompile(`(?s)/\*.*?\*/`)
	selectors := regexp.MustCompile(`[^{};]+\{`)
	class := regexp.MustCompile(`\.([a-z][\w-]*)`)
	for _, text := range sources(t, "../static/css/*.css") {
		for _, s := range selectors.FindAllString(comment.ReplaceAllString(text, ""), -1) {
			for _, m := range class.FindAllStringSubmatch(s, -1) {
				classes[m[1]] = true
			}
		}
	}
	return classes
}

func classesOfScripts(t *testing.T) map[string]bool {
	t.Helper()
	classes := map[string]bool{}
	class := regexp.MustCompile(`'[^'\n]*\.([a-z][\w-]*)[^'\n]*'`)
	for _, text := range sources(t, "../static/js/*/*.js") {
		for _, m := range class.FindAllStringSubmatch(text, -1) {
			classes[m[1]] = true
		}
	}
	return classes
}

// sources are the files written by hand whose names match, without tests.
func sources(t *testing.T, patterns ...string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, pattern := range patterns {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range names {
			if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "_templ.go") {
				continue
			}
			body, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			files[name] = string(body)
		}
	}
	if len(files) == 0 {
		t.Fatalf("no files match %q", patterns)
	}
	return files
}

func addClasses(classes map[string]bool, list string) {
	for class := range strings.FieldsSeq(list) {
		classes[class] = true
	}
}

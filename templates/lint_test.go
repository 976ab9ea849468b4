package templates_test

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// templFiles returns the text of every template.
func templFiles(t *testing.T) map[string]string {
	t.Helper()
	names, err := filepath.Glob("*/*.templ")
	if err != nil || len(names) < 6 {
		t.Fatalf("found %d templates: %v", len(names), err)
	}
	files := map[string]string{}
	for _, name := range names {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		files[name] = string(body)
	}
	return files
}

// The content policy forbids all of these, or htmx would evaluate text.
func TestTemplatesNeedNoUnsafePolicy(t *testing.T) {
	t.Parallel()
	forbidden := map[string]*regexp.Regexp{
		"a style attribute":   regexp.MustCompile(`[\s"]style=`),
		"an inline style":     regexp.MustCompile(`<style`),
		"an inline script":    regexp.MustCompile(`<script(?:>| [^>]*[^/]>[^<])`),
		"an event attribute":  regexp.MustCompile(`\son[a-z]+=`),
		"hx-on":               regexp.MustCompile(`hx-on`),
		"an hx filter":        regexp.MustCompile(`hx-trigger="[^"]*\[`),
		"js: or javascript:":  regexp.MustCompile(`(?:\bjs|javascript):`),
		"a foreign address":   regexp.MustCompile(`(?:https?:)?//[a-z]`),
		"raw HTML":            regexp.MustCompile(`templ\.Raw`),
		"an address of a CDN": regexp.MustCompile(`cdn|unpkg|jsdelivr`),
	}
	comment := regexp.MustCompile(`(?m)^\s*//.*$`)
	for name, text := range templFiles(t) {
		text = comment.ReplaceAllString(text, "")
		for what, pattern := range forbidden {
			if found := pattern.FindString(text); found != "" {
				t.Errorf("%s has %s: %q", name, what, found)
			}
		}
	}
}

// Texts for people stand in the catalogues only.
func TestTemplatesHoldNoTexts(t *testing.T) {
	t.Parallel()
	word := regexp.MustCompile(`\p{L}{2,}`)
	spoken := regexp.MustCompile(`(?:aria-label|title|placeholder|alt|content)="([^"]*)"`)
	for name, text := range templFiles(t) {
		for _, line := range texts(text) {
			if word.MatchString(line) {
				t.Errorf("%s: text outside the catalogues: %q", name, line)
			}
		}
		for _, m := range spoken.FindAllStringSubmatch(text, -1) {
			if word.MatchString(m[1]) && !allowed[m[1]] {
				t.Errorf("%s: attribute outside the catalogues: %q", name, m[0])
			}
		}
	}
}

// allowed are attributes that are the same in every language: forms of values.
var allowed = map[string]bool{
	"09:00-17:00": true, "2026-12-31": true, "Europe/Berlin": true, "company.bitrix24.com": true,
	"width=device-width,initial-scale=1": true, "noindex": true, "website": true,
}

// texts returns what stands between the tags of a template's markup.
func texts(templ string) []string {
	var found []string
	expression := regexp.MustCompile(`(?s)\{\{.*?\}\}|\{[^{}]*(?:\{[^{}]*\}[^{}]*)*\}`)
	statement := regexp.MustCompile(`(?m)^\s*(?:@|//|if |\} else|for |switch |case |default:|\}).*$`)
	for _, body := range regexp.MustCompile(`(?sm)^templ [^\n]*\{\n(.*?)^\}`).FindAllStringSubmatch(templ, -1) {
		markup := statement.ReplaceAllString(body[1], "")
		markup = expression.ReplaceAllString(markup, "")
		for _, piece := range regexp.MustCompile(`(?s)<[^>]*>`).Split(markup, -1) {
			if piece = strings.TrimSpace(piece); piece != "" {
				found = append(found, piece)
			}
		}
	}
	return found
}

func TestTextsFinderFindsTexts(t *testing.T) {
	t.Parallel()
	templ := "templ a() {\n\t<p class=\"x\">Hello { name }</p>\n\t@b()\n}\n"
	if got := texts(templ); len(got) != 1 || got[0] != "Hello" {
		t.Errorf("texts = %q", got)
	}
}

package arch

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

var (
	mdLink    = regexp.MustCompile(`\]\(([^)\s]+)\)`)
	mdHeading = regexp.MustCompile(`(?m)^#+ (.+)$`)
	notInID   = regexp.MustCompile(`[^\p{L}\p{N} _-]`)
)

// TestDocumentsLinkToWhatExists: every link from a document into the repository leads to a
// file, or to a heading of one.
func TestDocumentsLinkToWhatExists(t *testing.T) {
	t.Parallel()
	documents, err := filepath.Glob("../../*.md")
	if err != nil {
		t.Fatal(err)
	}
	more, err := filepath.Glob("../../docs/*.md")
	if err != nil {
		t.Fatal(err)
	}
	documents = append(append(documents, more...), "../bitrix24/FACTS.md")
	if len(documents) < 5 {
		t.Fatalf("only %v", documents)
	}
	for _, document := range documents {
		for _, link := range mdLink.FindAllStringSubmatch(read(t, document), -1) {
			path, heading, _ := strings.Cut(link[1], "#")
			if strings.Contains(path, "://") || strings.HasPrefix(path, "mailto:") {
				continue
			}
			target := document
			if path != "" {
				target = filepath.Join(filepath.Dir(document), path)
			}
			if _, err := os.Stat(target); err != nil {
				t.Errorf("%s links to %s, which does not exist", document, link[1])
			} else if heading != "" && !headings(read(t, target))[heading] {
				t.Errorf("%s links to %s, which is no heading there", document, link[1])
			}
		}
	}
}

// headings are the anchors that the headings of a document have on the web.
func headings(text string) map[string]bool {
	anchors := map[string]bool{}
	for _, m := range mdHeading.FindAllStringSubmatch(text, -1) {
		name := notInID.ReplaceAllString(strings.ToLower(m[1]), "")
		anchors[strings.ReplaceAll(name, " ", "-")] = true
	}
	return anchors
}

func read(t *testing.T, name string) string {
	t.Helper()
	text, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var (
	goFile   = regexp.MustCompile(`(?:^|[^*\w./-])([\w./-]*\w\.go)\b`)
	codeSpan = regexp.MustCompile("`([^`\\s]+)`")
)

// TestMapsNameFilesThatExist: a doc.go is a map of its package, and architecture.md one of
// the house. What they name can be opened.
func TestMapsNameFilesThatExist(t *testing.T) {
	t.Parallel()
	exists := func(path string) bool { _, err := os.Stat(path); return err == nil }
	for _, p := range packages(t) {
		doc := filepath.Join(p.Dir, "doc.go")
		if !exists(doc) {
			continue
		}
		for _, found := range goFile.FindAllStringSubmatch(read(t, doc), -1) {
			if name := found[1]; !exists(filepath.Join(p.Dir, name)) && !exists(filepath.Join("../..", name)) {
				t.Errorf("the map of %s names %s, which does not exist", p.ImportPath, name)
			}
		}
	}
	for _, span := range codeSpan.FindAllStringSubmatch(read(t, "../../docs/architecture.md"), -1) {
		if name := span[1]; strings.Contains(name, "/") && !strings.HasPrefix(name, "/") && !exists(filepath.Join("../..", name)) {
			t.Errorf("architecture.md names %s, which does not exist", name)
		}
	}
}

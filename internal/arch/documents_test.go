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

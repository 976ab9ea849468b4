package templates_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"slotfinder/internal/locale"
	"slotfinder/templates/find"
)

func parse(t testing.TB, body []byte) *html.Node {
	t.Helper()
	doc, err := html.Parse(bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func all(t testing.TB, n *html.Node, selector string) []*html.Node {
	t.Helper()
	return cascadia.QueryAll(n, cascadia.MustCompile(selector))
}

// words is the text of the first node that a selector finds, spaces put together.
func words(t testing.TB, n *html.Node, selector string) string {
	t.Helper()
	found := all(t, n, selector)
	if len(found) == 0 {
		return ""
	}
	var b strings.Builder
	for d := range found[0].Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func findPage(t testing.TB, v find.View) *html.Node {
	t.Helper()
	return parse(t, render(t, locale.For("en"), find.Page(v)))
}

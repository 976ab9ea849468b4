package templates_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"io"
	"net/url"
	"regexp"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/static"
	"slotfinder/templates/find"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
	"slotfinder/templates/portal"
)

func TestTextsOfOthersAreEscaped(t *testing.T) {
	t.Parallel()
	f := sample(t, 3, 5)
	evil := `"><script>alert(1)</script><b x='`
	for i := range f.People {
		f.People[i].Name, f.People[i].Position, f.People[i].Department = evil, evil, evil
	}
	f.Query += "&any=" + url.QueryEscape(evil)
	v := view(f)
	v.Form.Values.Set("any", evil)
	v.Form.Typed, v.Form.Found = evil, &part.Suggestions{Typed: evil, Found: f.people()}
	for name, content := range map[string]io.Reader{
		"find":   bytes.NewReader(render(t, locale.For("en"), find.Page(v))),
		"people": bytes.NewReader(render(t, locale.For("en"), part.SuggestionOptions(part.Suggestions{Typed: evil}))),
		"error":  bytes.NewReader(render(t, locale.For("en"), layout.Error(layout.ErrorView{Key: evil, Request: evil, Retry: "javascript:alert(1)"}))),
		"land":   bytes.NewReader(render(t, locale.For("en"), portal.Landing(portal.LandingView{Portal: evil, Next: evil}))),
	} {
		body, err := io.ReadAll(content)
		if err != nil {
			t.Fatal(err)
		}
		if bytes.Contains(body, []byte("<script")) || bytes.Contains(body, []byte("<b x")) {
			t.Errorf("%s: markup of others got through", name)
		}
	}
}

// Nothing on a page may ask a foreign server, and every id stands once.
func TestPagesAreSound(t *testing.T) {
	t.Parallel()
	for name, component := range samples(t) {
		for _, c := range append(locale.All(), locale.For("en").Mirrored()) {
			body := render(t, c, component)
			doc := parse(t, body)
			ids := map[string]int{}
			for _, n := range all(t, doc, "[id]") {
				ids[attribute(n, "id")]++
			}
			for id, n := range ids {
				if n > 1 {
					t.Errorf("%s in %s: id %q stands %d times", name, c.Tag, id, n)
				}
			}
			for _, n := range all(t, doc, "[aria-describedby], [aria-labelledby], label[for]") {
				for _, a := range []string{"aria-describedby", "aria-labelledby", "for"} {
					for _, v := range strings.Fields(attribute(n, a)) {
						if ids[v] == 0 {
							t.Errorf("%s: %s=%q leads nowhere", name, a, v)
						}
					}
				}
			}
			// The demo's landing page leads into the simulated Bitrix24, at a click.
			// A meeting leads to its event in the portal, at a click, too.
			asking := bytes.ReplaceAll(body, []byte(`href="http://localhost:1/"`), nil)
			asking = bytes.ReplaceAll(asking, []byte(`href="https://company.bitrix24.com/company/`), nil)
			if found := regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//[^"]*"`).Find(asking); found != nil {
				t.Errorf("%s asks a foreign server: %s", name, found)
			}
			if found := regexp.MustCompile(`[\s"](?:style|on[a-z]+)="`).Find(body); found != nil {
				t.Errorf("%s: %q is against the content policy", name, found)
			}
			if n := len(all(t, doc, "h1")); n != 1 {
				t.Errorf("%s has %d first headings", name, n)
			}
			if n := len(all(t, doc, "main")); n != 1 {
				t.Errorf("%s has %d mains", name, n)
			}
		}
	}
}

// Every cell says in words what it shows. A month has cells of no day, which show
// nothing.
func TestEveryCellSpeaks(t *testing.T) {
	t.Parallel()
	for name, component := range samples(t) {
		for _, cell := range all(t, parse(t, render(t, locale.For("en"), component)), "th, table:not(.month) td") {
			if strings.TrimSpace(spoken(cell)) == "" {
				var b strings.Builder
				if err := html.Render(&b, cell); err != nil {
					t.Fatal(err)
				}
				t.Errorf("%s: a cell says nothing: %.200s", name, b.String())
			}
		}
	}
}

// spoken is what a screen reader has to say of a node.
func spoken(n *html.Node) string {
	if n.Type == html.TextNode {
		return n.Data
	}
	if attribute(n, "aria-hidden") == "true" || n.Data == "title" {
		return ""
	}
	words := attribute(n, "aria-label")
	for child := range n.ChildNodes() {
		words += spoken(child)
	}
	return words
}

func TestGuestsGetNoScript(t *testing.T) {
	t.Parallel()
	body := render(t, locale.For("en"), layout.Public(layout.Frame{Scripts: true, Live: "/live"}, portal.Landing(portal.LandingView{})))
	if bytes.Contains(body, []byte("<script")) || bytes.Contains(body, []byte("hx-sse")) {
		t.Error("a page for guests loads a script")
	}
}

// Right to left, time runs to the left: a bar that starts the day ends at the right edge.
func TestMirroredTimeline(t *testing.T) {
	t.Parallel()
	f := sample(t, 1, 1)
	day := func(hour int) time.Time { return time.Date(2026, 11, 23, hour, 0, 0, 0, f.Zone) }
	f.Hours = civil.Range{Start: 8 * 60, End: 18 * 60}
	f.People[0].Stretches = []stretch{{Start: day(8), End: day(9), Kind: find.Busy}}
	f.fill()
	for c, want := range map[*locale.Catalogue]string{locale.For("en"): "0%", locale.For("en").Mirrored(): "90%"} {
		doc := parse(t, render(t, c, find.Page(view(f))))
		bar := all(t, doc, ".lane .busy rect")[0]
		if attribute(bar, "x") != want || attribute(bar, "width") != "10%" {
			t.Errorf("%s: x=%s width=%s, want %s and 10%%", c.Dir(), attribute(bar, "x"), attribute(bar, "width"), want)
		}
	}
}

func TestPageWeight(t *testing.T) {
	t.Parallel()
	pages := samples(t)
	for name, most := range map[string]int{"default": 13 << 10, "heat": 12 << 10, "landing": 3 << 10, "people": 20 << 10} {
		var zipped bytes.Buffer
		w := gzip.NewWriter(&zipped)
		if _, err := w.Write(render(t, locale.For("en"), pages[name])); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		if zipped.Len() > most {
			t.Errorf("%s: %d bytes gzipped, budget %d", name, zipped.Len(), most)
		}
	}
}

// sizes are those that the budget of rendering names, with the most allocations each
// may cost: the same on every machine, in proportion to the time, and with room for
// what the race detector adds.
var sizes = map[string]struct{ people, days, allocations int }{
	"10x14": {10, 14, 10_000},
	"60x31": {60, 31, 25_000},
}

func TestRenderingCost(t *testing.T) {
	ctx := locale.With(context.Background(), locale.For("en"))
	for name, size := range sizes {
		f := sample(t, size.people, size.days)
		got := testing.AllocsPerRun(2, func() {
			if err := find.Page(view(f)).Render(ctx, io.Discard); err != nil {
				t.Fatal(err)
			}
		})
		if int(got) > size.allocations {
			t.Errorf("%s: %.0f allocations, budget %d", name, got, size.allocations)
		}
	}
}

// The budget is 2 ms for 10 people and 14 days, 12 ms for 60 people and 31 days.
func BenchmarkFind(b *testing.B) {
	for name, size := range sizes {
		b.Run(name, func(b *testing.B) {
			f := sample(b, size.people, size.days)
			ctx := locale.With(context.Background(), locale.For("en"))
			static.URL("app.css") // the first one compresses all files
			for b.Loop() {
				if err := find.Page(view(f)).Render(ctx, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

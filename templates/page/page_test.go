package page_test

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

	"github.com/andybalholm/cascadia"
	"golang.org/x/net/html"

	"slotfinder/internal/locale"
	"slotfinder/static"
	"slotfinder/templates/layout"
	"slotfinder/templates/page"
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

func find(t testing.TB, v page.FindView) *html.Node {
	t.Helper()
	return parse(t, render(t, locale.For("en"), page.Find(v)))
}

func TestHeadingStatesTheAnswer(t *testing.T) {
	t.Parallel()
	optional := sample(t, 5, 5)
	optional.People[4].Required = false
	answer(&optional)
	quorum := sample(t, 5, 5)
	quorum.Quorum = 3
	for i := range quorum.People[1:] {
		quorum.People[i+1].Required = false
	}
	other := sample(t, 2, 5)
	other.People = other.People[1:]
	answer(&other)
	cases := []struct {
		name  string
		facts page.Facts
		want  string
	}{
		{"all", sample(t, 10, 12), `^\d+ times suit all 10 people$`},
		{"only oneself", sample(t, 1, 5), `^\d+ times suit you$`},
		{"one other person", other, `^\d+ times suit Дмитрий Соколов$`},
		{"required", optional, `^\d+ times suit all 4 required people$`},
		{"quorum", quorum, `^\d+ times? suits? at least 3 of 5 people$`},
		{"nothing fits", nothingFits(t), `^No time suits all 9 required people – here is the closest$`},
		{"unread", unknownPerson(t), `^No answer: 2 calendars could not be read$`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := words(t, find(t, view(c.facts)), "h1"); !regexp.MustCompile(c.want).MatchString(got) {
				t.Errorf("heading %q, want %s", got, c.want)
			}
		})
	}
}

func TestCardsAreTheBestOfEachDay(t *testing.T) {
	t.Parallel()
	f := sample(t, 4, 5)
	for i := range f.Slots { // the last slots are the best
		f.Slots[i].Rank = len(f.Slots) - i
	}
	days, cards := map[string]bool{}, all(t, find(t, view(f)), ".best time")
	for _, n := range cards {
		at, err := time.Parse(time.RFC3339, attribute(n, "datetime"))
		if err != nil {
			t.Fatal(err)
		}
		days[at.In(f.Zone).Format(time.DateOnly)] = true
	}
	if len(cards) != 4 || len(days) != 4 {
		t.Errorf("%d cards on %d days, want 4 on 4", len(cards), len(days))
	}
	if got, want := attribute(cards[0], "datetime"), f.Slots[len(f.Slots)-1].Start.Format(time.RFC3339); got != want {
		t.Errorf("first card %s, want rank 1 at %s", got, want)
	}
}

func TestListHasEverySlotOnce(t *testing.T) {
	t.Parallel()
	f := sample(t, 4, 12)
	var got []string
	for _, n := range all(t, find(t, view(f)), ".ls tbody time") {
		got = append(got, attribute(n, "datetime"))
	}
	if len(got) != len(f.Slots) {
		t.Fatalf("%d rows for %d slots", len(got), len(f.Slots))
	}
	for i, s := range f.Slots {
		if got[i] != s.Start.Format(time.RFC3339) {
			t.Errorf("row %d: %s, want %s", i, got[i], s.Start.Format(time.RFC3339))
		}
	}
}

func TestChosenSlotTellsWhoIsMissing(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	f.Choice.Slot = f.Near[0].Start
	doc := find(t, view(f))
	missing := missing(f.People, f.Near[0].Start, f.Near[0].End)
	if got := all(t, doc, ".det .outs li"); len(got) != len(missing) || len(got) == 0 {
		t.Errorf("%d people named, %d missing", len(got), len(missing))
	}
	if got := attribute(all(t, doc, ".det-h time")[0], "datetime"); got != f.Near[0].Start.Format(time.RFC3339) {
		t.Errorf("chosen %s", got)
	}
}

func TestChosenSlotOutsideTheRangeIsForgotten(t *testing.T) {
	t.Parallel()
	f := sample(t, 3, 5)
	f.Choice.Slot = f.To.AddDate(0, 0, 20)
	doc := find(t, view(f))
	if got, want := attribute(all(t, doc, ".det-h time")[0], "datetime"), f.Slots[0].Start.Format(time.RFC3339); got != want {
		t.Errorf("chosen %s, want the best, %s", got, want)
	}
}

// An unknown calendar must never look free, not even to a screen reader.
func TestUnknownIsNeverFree(t *testing.T) {
	t.Parallel()
	f := unknownPerson(t)
	doc := find(t, view(f))
	rows := all(t, doc, ".tl tbody + tbody tr")
	for i, p := range f.People {
		for _, cell := range all(t, rows[i], "td") {
			said := words(t, cell, ".vh")
			if unknown := strings.Contains(said, "unknown"); unknown != (p.Unknown != "") {
				t.Errorf("%s: the cell says %q", p.Name, said)
			}
		}
	}
	for _, want := range []string{"Aigerim Nurlanova", "Person no. 999", "unknown to your Bitrix24"} {
		if got := words(t, doc, ".warn"); !strings.Contains(got, want) {
			t.Errorf("the notice %q does not say %q", got, want)
		}
	}
}

func TestRelaxationsAreLinks(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	links := all(t, find(t, view(f)), ".relax a")
	if len(links) != len(f.Relax) {
		t.Fatalf("%d links for %d relaxations", len(links), len(f.Relax))
	}
	for i, n := range links {
		if got := attribute(n, "href"); got != f.Relax[i].URL {
			t.Errorf("link %d goes to %q", i, got)
		}
	}
}

func TestFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	typed := url.Values{"from": {"tomorrow"}, "to": {"2026-11-20"}, "hours": {"9-17"}, "dur": {"abc"}, "tz": {"Mars/Olympus"}, "buffer": {"-1"}, "notice": {"x"}, "quorum": {"0"}, "weeks": {"99"}}
	v := page.FindView{Form: page.Form{Values: typed, Errors: map[string]string{"who": "field.people"}}}
	for name := range typed {
		v.Form.Errors[name] = "field." + name
	}
	v.Form.Errors["from"], v.Form.Errors["to"] = "field.date", "field.to_before_from"
	doc := find(t, v)
	for name, value := range typed {
		fields := all(t, doc, "#f-"+name)
		if len(fields) != 1 {
			t.Errorf("%s: %d fields", name, len(fields))
			continue
		}
		if got := attribute(fields[0], "value"); got != value[0] {
			t.Errorf("%s: shows %q, typed was %q", name, got, value[0])
		}
		if attribute(fields[0], "aria-invalid") != "true" || len(all(t, doc, "#"+attribute(fields[0], "aria-describedby"))) != 1 {
			t.Errorf("%s: not tied to a message", name)
		}
	}
	for _, link := range all(t, doc, ".faults a") {
		if len(all(t, doc, attribute(link, "href"))) != 1 {
			t.Errorf("the summary leads to %q, which is not there", attribute(link, "href"))
		}
	}
}

// What the form sends without any change must be the query it shows.
func TestFormSendsItsQuery(t *testing.T) {
	t.Parallel()
	f := sample(t, 3, 5)
	f.People[2].Required = false
	v := view(f)
	v.Form.Values = url.Values{
		"from": {"2026-11-23"}, "to": {"2026-11-27"}, "dur": {"75"}, "step": {"10"}, "tz": {"Asia/Kathmandu"}, "hours": {"08:30-17:15"},
		"days": {"mo,we"}, "work": {"0"}, "tentative": {"free"}, "allday": {"free"}, "buffer": {"15"}, "quorum": {"2"}, "weeks": {"3"}, "notice": {"120"}, "any": {"1:7,9"},
	}
	want := url.Values{
		"me": {"0"}, "who": {"1", "2"}, "opt": {"3"}, "q": {""}, "after": {"08:30"}, "before": {"17:15"},
		"from": {"2026-11-23"}, "to": {"2026-11-27"}, "dur": {"75"}, "step": {"10"}, "tz": {"Asia/Kathmandu"}, "days": {"mo", "we"},
		"work": {"0"}, "tentative": {"free"}, "allday": {"free"}, "buffer": {"15"}, "quorum": {"2"}, "weeks": {"3"}, "notice": {"120"}, "any": {"1:7,9"},
	}
	if got := sent(t, find(t, v)); got.Encode() != want.Encode() {
		t.Errorf("sends\n%s\nwant\n%s", got.Encode(), want.Encode())
	}
}

// sent is what a browser sends for the form.
func sent(t *testing.T, doc *html.Node) url.Values {
	t.Helper()
	values := url.Values{}
	for _, n := range all(t, doc, "#filters input[name]") {
		kind := attribute(n, "type")
		if (kind == "radio" || kind == "checkbox") && !has(n, "checked") {
			continue
		}
		values.Add(attribute(n, "name"), attribute(n, "value"))
	}
	for _, n := range all(t, doc, "#filters select") {
		for _, o := range all(t, n, "option[selected]") {
			values.Add(attribute(n, "name"), attribute(o, "value"))
		}
	}
	return values
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

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
	v.Form.Typed, v.Form.Found = evil, &page.PeopleView{Typed: evil, Found: f.People}
	for name, content := range map[string]io.Reader{
		"find":   bytes.NewReader(render(t, locale.For("en"), page.Find(v))),
		"people": bytes.NewReader(render(t, locale.For("en"), page.People(page.PeopleView{Typed: evil}))),
		"error":  bytes.NewReader(render(t, locale.For("en"), page.Error(page.ErrorView{Key: evil, Request: evil, Retry: "javascript:alert(1)"}))),
		"land":   bytes.NewReader(render(t, locale.For("en"), page.Landing(page.LandingView{Portal: evil, Next: evil}))),
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
					if v := attribute(n, a); v != "" && ids[v] == 0 {
						t.Errorf("%s: %s=%q leads nowhere", name, a, v)
					}
				}
			}
			if found := regexp.MustCompile(`(?:src|href|action)="(?:https?:)?//[^"]*"`).Find(body); found != nil {
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

func TestGuestsGetNoScript(t *testing.T) {
	t.Parallel()
	body := render(t, locale.For("en"), layout.Public(layout.Frame{Scripts: true, Live: "/live"}, page.Landing(page.LandingView{})))
	if bytes.Contains(body, []byte("<script")) || bytes.Contains(body, []byte("hx-sse")) {
		t.Error("a page for guests loads a script")
	}
}

// Right to left, time runs to the left: a bar that starts the day ends at the right edge.
func TestMirroredTimeline(t *testing.T) {
	t.Parallel()
	f := sample(t, 1, 1)
	day := func(hour int) time.Time { return time.Date(2026, 11, 23, hour, 0, 0, 0, f.Zone) }
	f.Hours = [2]int{8 * 60, 18 * 60}
	f.People[0].Stretches = []page.Stretch{{Start: day(8), End: day(9), Kind: page.Busy}}
	answer(&f)
	for c, want := range map[*locale.Catalogue]string{locale.For("en"): "0%", locale.For("en").Mirrored(): "90%"} {
		doc := parse(t, render(t, c, page.Find(view(f))))
		bar := all(t, doc, ".ln .g2 rect")[0]
		if attribute(bar, "x") != want || attribute(bar, "width") != "10%" {
			t.Errorf("%s: x=%s width=%s, want %s and 10%%", c.Dir(), attribute(bar, "x"), attribute(bar, "width"), want)
		}
	}
}

func TestPageWeight(t *testing.T) {
	t.Parallel()
	pages := samples(t)
	for name, most := range map[string]int{"default": 12 << 10, "heat": 12 << 10, "landing": 3 << 10, "people": 20 << 10} {
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

// The budget is 5 ms for 10 people and 14 days.
func BenchmarkFind(b *testing.B) {
	for name, size := range map[string][2]int{"10x14": {10, 14}, "60x31": {60, 31}} {
		b.Run(name, func(b *testing.B) {
			f := sample(b, size[0], size[1])
			ctx := locale.With(context.Background(), locale.For("en"))
			static.URL("app.css") // the first one compresses all files
			for b.Loop() {
				if err := page.Find(view(f)).Render(ctx, io.Discard); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

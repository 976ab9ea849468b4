package templates_test

import (
	"maps"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/templates/links"
	"slotfinder/templates/part"
	"slotfinder/templates/share"
)

func newLink(t testing.TB, f links.Form) *html.Node {
	t.Helper()
	return parse(t, render(t, locale.For("en"), links.NewPage(f)))
}

// submitted is what a browser would send of a form.
func submitted(t testing.TB, form *html.Node) url.Values {
	t.Helper()
	values := url.Values{}
	for _, n := range all(t, form, "input[name], textarea[name], select[name]") {
		kind, ticked := attribute(n, "type"), hasAttribute(n, "checked")
		value := attribute(n, "value")
		switch {
		case (kind == "radio" || kind == "checkbox") && !ticked:
			continue
		case n.Data == "textarea":
			value = text(n)
		case n.Data == "select":
			value = ""
			if chosen := all(t, n, "option[selected]"); len(chosen) > 0 {
				value = attribute(chosen[0], "value")
			}
		}
		values.Add(attribute(n, "name"), value)
	}
	return values
}

func hasAttribute(n *html.Node, name string) bool {
	return slices.ContainsFunc(n.Attr, func(a html.Attribute) bool { return a.Key == name })
}

func TestNewLinkSendsTheSearchAndItsDefaults(t *testing.T) {
	t.Parallel()
	f := linkForm(t)
	form := all(t, newLink(t, f), "form[action='/links']")[0]
	want := url.Values{
		"who": {"2,3"}, "dur": {"30"}, "from": {"2026-11-23"}, "to": {"2026-11-27"}, "tz": {"Europe/Berlin"},
		"mode": {"view"}, "key": {"k-1"}, "title": {""}, "note": {""}, "offer": {"all"}, "show": {"nothing"}, "host": {"1"}, "reply": {""}, "ahead": {"14"}, "expires": {"30", ""},
	}
	if diff := cmp.Diff(want, submitted(t, form)); diff != "" {
		t.Error(diff)
	}
	if attribute(form, "method") != "post" {
		t.Error("not sent by POST")
	}
	// browsers send it to where it stands, so that a wrong one can be loaded again
	at, err := url.Parse(attribute(all(t, form, "button")[0], "formaction"))
	if err != nil || at.Path != "/links/new" {
		t.Fatalf("%v, %v", at, err)
	}
	if diff := cmp.Diff(f.Query, at.Query()); diff != "" {
		t.Error(diff)
	}
}

// Every time found can be ticked, once, under its day; what was ticked stays so.
func TestNewLinkPicksTimes(t *testing.T) {
	t.Parallel()
	f := linkForm(t)
	ticked := []string{part.ISO(f.Slots[1].Start.Time()), part.ISO(f.Slots[len(f.Slots)-1].Start.Time())}
	f.Values.Set("offer", "picked")
	f.Values["slot"] = ticked
	doc := newLink(t, f)
	var got []string
	for _, day := range all(t, doc, ".slot-picks fieldset") {
		for _, box := range all(t, day, "input[name=slot]") {
			at, err := time.Parse(time.RFC3339, attribute(box, "value"))
			if err != nil {
				t.Fatal(err)
			}
			if want := locale.For("en").DayLong(at.In(f.Zone)); words(t, day, "legend") != want {
				t.Errorf("%s stands under %s", attribute(box, "value"), words(t, day, "legend"))
			}
			got = append(got, attribute(box, "value"))
		}
	}
	var want []string
	for _, s := range f.Slots {
		want = append(want, part.ISO(s.Start.Time()))
	}
	slices.Sort(got)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	sent := submitted(t, all(t, doc, "form")[0])["slot"]
	slices.Sort(sent)
	if diff := cmp.Diff(ticked, sent); diff != "" {
		t.Error(diff)
	}
}

// All days are seen at once, each with a few times that don't overlap; the best of all are
// marked, and the other starts are folded away unless one of them is ticked.
func TestNewLinkShowsTheBestTimesFirst(t *testing.T) {
	t.Parallel()
	f := linkForm(t)
	f.Slots = nil
	monday := civil.Floor(time.Date(2026, 12, 7, 8, 0, 0, 0, time.UTC)) // 09:00 in Berlin
	for day := range civil.Minute(60) {
		for i := range civil.Minute(33) { // every quarter of an hour, for an hour
			start := monday + day*civil.Day + 15*i
			f.Slots = append(f.Slots, meet.Slot{Span: civil.Span{Start: start, End: start + 60}, Rank: len(f.Slots) + 1})
		}
	}
	f.Values = url.Values{"offer": {"picked"}, "slot": {part.ISO((monday + 15).Time()), part.ISO((monday + 50*civil.Day + 30).Time())}}
	doc := newLink(t, f)
	days := all(t, doc, ".slot-picks fieldset")
	if len(days) != 60 {
		t.Fatalf("%d days", len(days))
	}
	for i, day := range days {
		first := said(t, day, "fieldset > label bdi")
		if diff := cmp.Diff([]string{"09:00–10:00", "10:00–11:00", "11:00–12:00", "12:00–13:00"}, first); diff != "" {
			t.Fatalf("day %d: %s", i, diff)
		}
		if marked := len(all(t, day, ".tag")); marked != map[bool]int{true: 1}[i < 8] {
			t.Errorf("day %d: %d are the best", i, marked)
		}
		for _, folded := range all(t, day, "details") {
			if open := hasAttribute(folded, "open"); open != (len(all(t, folded, "[checked]")) > 0) {
				t.Errorf("day %d: unfolded: %t", i, open)
			}
		}
	}
	if boxes, ticked := len(all(t, doc, "[name=slot]")), len(all(t, doc, "[name=slot][checked]")); boxes > 410 || ticked != 2 {
		t.Errorf("%d times, %d ticked", boxes, ticked)
	}
}

// Whatever was typed is there again, and every fault stands beside its field.
func TestNewLinkKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	typed := url.Values{
		"title": {"A title\nof two lines"}, "note": {"Kept"}, "offer": {"rolling"}, "ahead": {"0"}, "show": {"names"}, "expires": {"", "tomorrow"},
		"host": {"0"}, "reply": {"nobody"},
	}
	faults := map[string]string{
		"title": "links.fault.title", "note": "links.fault.note", "offer": "links.fault.offer", "slot": "links.fault.slot",
		"ahead": "links.fault.ahead", "show": "links.fault.show", "expires": "links.fault.expires",
		"reply": "links.fault.reply",
	}
	f := linkForm(t)
	f.Values, f.Errors = typed, faults
	doc := newLink(t, f)
	got := submitted(t, all(t, doc, "form")[0])
	for name, want := range typed {
		if diff := cmp.Diff(want, got[name]); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	for name, key := range faults {
		if got := words(t, doc, "#err-l-"+name); got != locale.For("en").T(key) {
			t.Errorf("%s: the fault says %q", name, got)
		}
	}
	for _, name := range []string{"title", "note", "ahead", "reply", "expires"} {
		n := all(t, doc, "#l-"+name)[0]
		if attribute(n, "aria-invalid") != "true" || attribute(n, "aria-describedby") != "err-l-"+name {
			t.Errorf("%s is not tied to its fault", name)
		}
	}
}

func TestLinkExpiry(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name          string
		values        []string
		days, date    string
		dateIsNative  bool
		sentByBrowser []string
	}{
		{"days", []string{"14"}, "14", "", true, []string{"14", ""}},
		{"days first", []string{"14", "2026-12-23"}, "14", "", true, []string{"14", ""}},
		{"a date", []string{"", "2026-12-23"}, "", "2026-12-23", true, []string{"", "2026-12-23"}},
		{"a date alone", []string{"2026-12-23"}, "", "2026-12-23", true, []string{"", "2026-12-23"}},
		{"other days", []string{"45"}, "", "45", false, []string{"", "45"}},
		{"nonsense", []string{"", "soon"}, "", "soon", false, []string{"", "soon"}},
		{"nothing", nil, "", "", true, []string{"", ""}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := linkForm(t)
			f.Values = url.Values{"expires": c.values}
			doc := newLink(t, f)
			if diff := cmp.Diff(c.sentByBrowser, submitted(t, all(t, doc, "form")[0])["expires"]); diff != "" {
				t.Error(diff)
			}
			if native := attribute(all(t, doc, "#l-expires")[0], "type") == "date"; native != c.dateIsNative {
				t.Errorf("a native date field: %t", native)
			}
		})
	}
}

// The form that changes a link sends all that it has, and no search: times that are free no
// longer stay ticked, and are named so.
func TestLinkFormOfALink(t *testing.T) {
	t.Parallel()
	f := linkForm(t)
	f.Link, f.Query = linkView(t).Link, url.Values{"who": {"2"}}
	taken := part.ISO(f.Now.Add(5 * time.Minute))
	f.Values = url.Values{
		"title": {"Demo"}, "note": {"Kept"}, "offer": {"picked"}, "slot": {taken}, "show": {"names"}, "host": {"0"}, "reply": {"anna@example.com"},
		"expires": {"", "2026-12-23"}, "from": {"2026-11-23"}, "to": {"2026-11-27"},
	}
	doc := parse(t, render(t, locale.For("en"), links.EditPage(f)))
	form := all(t, doc, "form[action='/links/17/edit'][method=post]")[0]
	want := maps.Clone(f.Values)
	want["ahead"] = []string{""}
	if diff := cmp.Diff(want, submitted(t, form)); diff != "" {
		t.Error(diff)
	}
	if hasAttribute(all(t, form, "button")[0], "formaction") {
		t.Error("sent somewhere else")
	}
	if got := text(all(t, doc, "label:has([value='"+taken+"'])")[0]); !strings.HasSuffix(got, "not free now") {
		t.Errorf("%q", got)
	}
	f.Values["slot"] = []string{part.ISO(f.Now.Add(-time.Hour)), "soon"}
	if n := all(t, parse(t, render(t, locale.For("en"), links.EditPage(f))), "[name=slot][checked]"); len(n) > 0 {
		t.Errorf("%d times that are over are ticked", len(n))
	}
}

// What can be done with a link depends on what has become of it.
func TestLinkActions(t *testing.T) {
	t.Parallel()
	for state, want := range map[meet.LinkState][]string{
		meet.LinkOpen:    {"/links/17/pause", "/links/17/revoke", "/links/17/delete"},
		meet.LinkPaused:  {"/links/17/resume", "/links/17/revoke", "/links/17/delete"},
		meet.LinkExpired: {"/links/17/revoke", "/links/17/delete"},
		meet.LinkRevoked: {"/links/17/delete"},
	} {
		v := linkView(t)
		v.Link.State = state
		doc := parse(t, render(t, locale.For("en"), links.Page(v)))
		var got []string
		for _, n := range all(t, doc, "form[method=post]") {
			action, _, _ := strings.Cut(attribute(n, "action"), "#")
			got = append(got, action)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", state, diff)
		}
		if changes := len(all(t, doc, "a[href='/links/17/edit']")); changes != map[bool]int{true: 1}[state != meet.LinkRevoked] {
			t.Errorf("%s: %d ways to change it", state, changes)
		}
		shareable := state == meet.LinkOpen || state == meet.LinkPaused
		if shown := len(all(t, doc, "#link-url, svg.qr-code, #message-text")); shown != map[bool]int{true: 3}[shareable] {
			t.Errorf("%s: %d of address, code and message", state, shown)
		}
		for _, action := range []string{"revoke", "delete"} {
			if n := all(t, doc, "form[action$='"+action+"']"); len(n) > 0 && n[0].Parent.Data != "details" {
				t.Errorf("%s: %s does not ask again", state, action)
			}
		}
	}
}

func TestLinkMessageFollowsItsForm(t *testing.T) {
	t.Parallel()
	v := linkView(t)
	doc := parse(t, render(t, locale.For("de"), links.Page(v)))
	if got := text(all(t, doc, "#message-text")[0]); !strings.Contains(got, "Возможное время: вт, 1 дек., 10:00–10:30 Берлин / 12:00 Москва") {
		t.Errorf("message %q", got)
	}
	form := submitted(t, all(t, doc, "#message form")[0])
	if diff := cmp.Diff(url.Values{"lang": {"ru"}, "tz": {"Europe/Berlin", "Europe/Moscow", ""}}, form); diff != "" {
		t.Error(diff)
	}
	if got := attribute(all(t, doc, "#message-text")[0], "lang"); got != "ru" {
		t.Errorf("read out in %q", got)
	}
}

func TestLinksList(t *testing.T) {
	t.Parallel()
	v := linksView(t)
	doc := parse(t, render(t, locale.For("en"), links.List(v)))
	want := []string{
		"Product demo open opened 0 times · created on 23 Nov 2026 · until 3 Dec 2026 07:00",
		"Meeting paused opened once · created on 22 Nov 2026",
		"Interview: second round expired opened 2 times · created on 21 Nov 2026 · until 23 Nov 2026 07:00",
	}
	items := all(t, doc, ".link-item")
	if len(items) != len(v.Links) {
		t.Fatalf("%d items", len(items))
	}
	for i, w := range want {
		if got := text(all(t, items[i], "h2")[0]) + " " + text(all(t, items[i], ".muted")[0]); got != w {
			t.Errorf("%q, want %q", got, w)
		}
	}
	// the address is never in a link that leads there without script
	copies := all(t, doc, "[data-copy]")
	if len(copies) != 2 || attribute(copies[0], "data-url") != v.Links[0].URL || attribute(copies[0], "href") != "/links/1#link-url" {
		t.Errorf("%d copy links", len(copies))
	}
	v.Links[0].Expires = time.Date(2026, 12, 24, 0, 0, 0, 0, v.Zone)
	doc = parse(t, render(t, locale.For("en"), links.List(v)))
	if got := text(all(t, doc, ".link-item .muted")[0]); !strings.HasSuffix(got, "until 23 Dec 2026") {
		t.Errorf("the last day: %q", got)
	}
}

func TestShareLinksOfTheSearch(t *testing.T) {
	t.Parallel()
	f := sample(t, 4, 5)
	doc := findPage(t, view(f))
	if got := attribute(all(t, doc, ".head a.btn")[0], "href"); got != "/links/new?"+f.Query {
		t.Errorf("the search is shared at %s", got)
	}
	start := attribute(all(t, doc, ".detail-time time")[0], "datetime")
	if got := attribute(all(t, doc, ".detail .row a[href^='/links/new']")[0], "href"); got != "/links/new?"+f.Query+"&offer=picked&slot="+start {
		t.Errorf("the time is shared at %s", got)
	}
	near := findPage(t, view(nothingFits(t)))
	if n := all(t, near, "[href^='/links/new']"); len(n) != 0 {
		t.Error("times that suit nobody can be shared")
	}
}

// Texts of others stay texts, whichever field they come in.
func TestLinkTextsAreEscaped(t *testing.T) {
	t.Parallel()
	for _, evil := range []string{`"><script>alert(1)</script><b x='`, `</textarea></title><img src=x onerror=alert(1)>`, `javascript:alert(1)`, "x\" onfocus=\"alert(1)\u2028"} {
		s, f, l := shareView(t), linkForm(t), linkView(t)
		s.Title, s.Note, s.Names, s.Host, s.Reply, s.Language, s.Day, s.Month = evil, evil, []string{evil}, evil, evil, evil, evil, evil
		f.Values = url.Values{"title": {evil}, "note": {evil}, "expires": {"", evil}, "ahead": {evil}, "offer": {evil}, "slot": {evil}, "show": {evil}, "host": {evil}, "reply": {evil}}
		f.Query, f.Key, f.Names, f.Host = url.Values{evil: {evil}}, evil, []string{evil}, evil
		e := f
		e.Link = l.Link
		l.Link.Title, l.Link.ID, l.Lang, l.Message.Title = evil, evil, evil, evil
		l.Link.URL += evil
		bodies := map[string][]byte{
			"share": render(t, locale.For("en"), share.Page(s)), "new": render(t, locale.For("en"), links.NewPage(f)),
			"edit":  render(t, locale.For("en"), links.EditPage(e)),
			"link":  render(t, locale.For("en"), links.Page(l)),
			"links": render(t, locale.For("en"), links.List(links.ListView{Links: []links.Link{l.Link}, Zone: time.UTC})),
		}
		for name, body := range bodies {
			doc, shown := parse(t, body), false
			for d := range doc.Descendants() {
				if d.Data == "script" || d.Data == "b" && hasAttribute(d, "x") || d.Data == "img" && attribute(d, "src") == "x" {
					t.Errorf("%s: %q became <%s>", name, evil, d.Data)
				}
				for _, a := range d.Attr {
					if strings.HasPrefix(a.Key, "on") || (a.Key == "href" || a.Key == "action") && strings.HasPrefix(a.Val, "javascript:") {
						t.Errorf("%s: %q became %s=%q", name, evil, a.Key, a.Val)
					}
				}
				shown = shown || d.Type == html.TextNode && strings.Contains(d.Data, evil)
			}
			if !shown {
				t.Errorf("%s: %q is not shown", name, evil)
			}
		}
	}
}

// In every language each page of links has all of its texts, and every field a label.
func TestLinkPagesSpeakEveryLanguage(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`\b(?:links|share|nav|form|hours|error|chosen)\.[a-z]|\{[a-z]+\}`)
	for name, component := range linkSamples(t, layout.Frame{Scripts: true}) {
		for _, c := range append(locale.All(), locale.For("de").Mirrored()) {
			doc := parse(t, render(t, c, component))
			for d := range doc.Descendants() {
				shown := []string{attribute(d, "aria-label"), attribute(d, "title"), attribute(d, "content"), attribute(d, "data-copy"), attribute(d, "data-manual")}
				if d.Type == html.TextNode {
					shown = append(shown, d.Data)
				}
				for _, text := range shown {
					if found := key.FindString(text); found != "" && !strings.HasPrefix(text, "https://") {
						t.Errorf("%s in %s: %q", name, c.Tag, text)
					}
				}
			}
			for _, field := range all(t, doc, "input:not([type=hidden]), select, textarea") {
				inside := false
				for up := field.Parent; up != nil; up = up.Parent {
					inside = inside || up.Data == "label" && text(up) != ""
				}
				if id := attribute(field, "id"); !inside && (id == "" || len(all(t, doc, "label[for='"+id+"']")) != 1) {
					t.Errorf("%s in %s: %s has no label", name, c.Tag, attribute(field, "name"))
				}
			}
		}
	}
}

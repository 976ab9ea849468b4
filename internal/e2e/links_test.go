package e2e

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/sharer"
)

func parse(t *testing.T, body string) *html.Node {
	t.Helper()
	doc, err := html.Parse(strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

func attribute(n *html.Node, name string) string {
	for _, a := range n.Attr {
		if a.Key == name {
			return a.Val
		}
	}
	return ""
}

func textOf(n *html.Node) string {
	if n == nil {
		return ""
	}
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data)
		}
	}
	return strings.TrimSpace(b.String())
}

// TestLinkIsWhatTheSearchFinds: a guest sees the slots of the search, no others, and
// only as long as they are free.
func TestLinkIsWhatTheSearchFinds(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	p.BindEvents(2)
	query := harness.ComingWeek() + "&who=5,6"
	found := p.Find(client, query)
	link := p.Share(client, query+"&title=Product+demo&show=number&note=Hello")
	got := p.Offered(harness.Guest(), link.Token)
	var slots []harness.Interval
	for _, s := range found.Slots {
		slots = append(slots, s.Interval)
	}
	if len(slots) < 5 {
		t.Fatalf("%d slots are too few for this test", len(slots))
	}
	want := harness.Shared{Title: "Product demo", Dur: 30, Mode: "view", State: "open", Zone: "Europe/Berlin", Slots: slots, Note: "Hello", Number: 3}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	two := url.Values{"slot": {slots[1].Start.Format(time.RFC3339), slots[3].Start.Format(time.RFC3339)}}
	picked := p.Share(client, query+"&"+two.Encode())
	if diff := cmp.Diff([]harness.Interval{slots[1], slots[3]}, p.Offered(harness.Guest(), picked.Token).Slots); diff != "" {
		t.Errorf("picked: %s", diff)
	}
	changes := listen(p, client)
	p.Occupy(5, slots[1].Start, slots[1].End)
	p.Occupy(2, slots[3].Start, slots[3].End)
	for range changes { // until the stream ends
		if len(p.Offered(harness.Guest(), picked.Token).Slots) == 0 {
			break
		}
	}
	if left := p.Offered(harness.Guest(), picked.Token).Slots; len(left) != 0 {
		t.Errorf("taken, and yet offered: %v", left)
	}
}

// TestLinkIsMade by a form and by a program, once however often it is sent.
func TestLinkIsMade(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	response, body := p.Get(client, "/links/new?who=5&"+harness.ComingWeek(), "")
	if response.StatusCode != http.StatusOK {
		t.Fatalf("the form: %s", response.Status)
	}
	form := url.Values{}
	for _, input := range cascadia.QueryAll(parse(t, body), cascadia.MustCompile(`form[action="/links"] input[type=hidden]`)) {
		form.Add(attribute(input, "name"), attribute(input, "value"))
	}
	form.Set("title", "By form")
	for range 2 {
		response, body = p.SendForm(harness.NoRedirects(client), "/links", form.Encode(), harness.AsPage)
		at := response.Header.Get("Location")
		if response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(at, "/links/") {
			t.Fatalf("%s to %q: %.300s", response.Status, at, body)
		}
		if _, page := p.Get(client, at, ""); !strings.Contains(page, "/s/") || !strings.Contains(page, "By form") {
			t.Error("the page does not hold the link")
		}
	}
	program := `{"unknown":{"a":1},"others":[[2],{}],"who":[5],"dur":30,"tz":"Europe/Berlin","work":true,"title":"By program","expires":7,"show":"names","key":"k-1"}`
	var links []harness.MadeLink
	for range 2 {
		response, body = p.Ask(client, http.MethodPost, "/links", program, "Content-Type", "application/json")
		if response.StatusCode != http.StatusCreated {
			t.Fatalf("%s %s", response.Status, body)
		}
		links = append(links, harness.Decode[harness.MadeLink](t, body))
	}
	if links[0] != links[1] || links[0].URL != p.Env["SLOTFINDER_PUBLIC_URL"]+"/s/"+links[0].Token || len(links[0].Token) < 22 {
		t.Errorf("%+v", links)
	}
	if got := p.Offered(harness.Guest(), links[0].Token); got.Title != "By program" || !slices.Contains(got.People, "Marta Kowalska") {
		t.Errorf("%+v", got)
	}
	_, body = p.Get(client, "/links", harness.AsJSON)
	if list := harness.Decode[struct{ Links []harness.MadeLink }](t, body).Links; len(list) != 2 || list[0] != links[0] {
		t.Errorf("the list has %d links", len(list))
	}
}

// TestBadLinksKeepWhatWasTyped: what is wrong is told at its field.
func TestBadLinksKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for wrong, field := range map[string]string{
		"title=" + strings.Repeat("x", 121): "title", "title=a%0D%0AX: b": "title", "note=a%00": "note", "show=everything": "show",
		"mode=book": "mode", "expires=yesterday": "expires", "expires=2020-01-01": "expires", "offer=picked": "slot",
		"offer=rolling&ahead=400": "ahead", "dur=3": "dur", "who=x": "who", "from=2030-01-01&to=2029-01-01": "to", "key=a%0Ab": "key",
	} {
		response, body := p.SendForm(client, "/links", wrong, harness.AsJSON)
		if response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%.40s: %s", wrong, response.Status)
			continue
		}
		if _, fields := errorOf(t, body); len(fields) != 1 || fields[field] == "" || strings.Contains(fields[field], ".fault") || strings.HasPrefix(fields[field], "field.") {
			t.Errorf("%.40s: %v", wrong, fields)
		}
	}
	fields := []string{"who", "any", "dur", "tz", "days", "work", "title", "note", "show", "mode", "uses", "expires", "offer", "key"}
	for _, field := range fields { // a JSON value that no form has
		response, body := p.Ask(client, http.MethodPost, "/links", `{"`+field+`":{"a":1}}`, "Content-Type", "application/json")
		if _, told := errorOf(t, body); response.StatusCode != http.StatusUnprocessableEntity || len(told) != 1 || told[field] == "" {
			t.Errorf("%s: %s %s", field, response.Status, body)
		}
	}
	response, body := p.SendForm(client, "/links", "who=5&title=kept+title&note=kept+note&expires=never&show=names", harness.AsPage)
	doc := parse(t, body)
	if response.StatusCode != http.StatusUnprocessableEntity || cascadia.Query(doc, cascadia.MustCompile(`input[name=title][value="kept title"]`)) == nil ||
		cascadia.Query(doc, cascadia.MustCompile(`input[name=show][value=names][checked]`)) == nil || cascadia.Query(doc, cascadia.MustCompile(`input[name=expires][value=never][aria-invalid=true]`)) == nil ||
		!strings.Contains(textOf(cascadia.Query(doc, cascadia.MustCompile(`textarea[name=note]`))), "kept note") {
		t.Errorf("%s: something typed is lost", response.Status)
	}
	if _, body := p.Get(client, "/links", harness.AsJSON); len(harness.Decode[struct{ Links []harness.MadeLink }](t, body).Links) != 0 {
		t.Error("a wrong form made a link")
	}
}

// canary is a colleague whom nobody could mistake for something else on a page.
const canary = 76543217

// The canary's event begins and ends at minutes that no clock shows while a test runs.
var canaryFrom, canaryTo = func() (from, to int) {
	if m := time.Now().Minute() % 30; m < 8 || m > 22 {
		return 17, 43
	}
	return 1, 59
}()

// startWithCanary seeds a colleague with a calendar of secrets.
func startWithCanary(t *testing.T) *harness.Product {
	t.Helper()
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	company.Users = append(company.Users, &portalsim.User{
		ID: canary, Name: "Zebedee", LastName: "Quillfeather", Position: "Keeper of the canary", Active: true, Zone: "Europe/Berlin", Departments: []int{1},
	})
	p := harness.StartWith(t, company)
	monday := harness.NextMonday(time.Now())
	for day := range 5 {
		on := portalsim.On(monday.AddDate(0, 0, day).Date())
		company.AddEvent(portalsim.Event{
			Owner: canary, Name: "Secret canary budget", Location: "Canary cellar", From: on.At(9, canaryFrom), To: on.At(10, canaryTo), ZoneFrom: "Europe/Berlin", ZoneTo: "Europe/Berlin",
		})
	}
	return p
}

var instants = regexp.MustCompile(`\d{4}-?\d\d-?\d\dT\d\d:?\d\d:?\d\dZ`)

// TestNothingLeaks searches a stranger's view byte for byte: page, JSON, calendar file,
// preview and every header, with every setting of what is shown.
func TestNothingLeaks(t *testing.T) {
	t.Parallel()
	p := startWithCanary(t)
	client := p.SignIn(2)
	forbidden := append(p.Company.Secrets(), fmt.Sprint(canary), "canary", "Canary", p.Company.MemberID, p.Company.Host, "halden", "Halden",
		"Sales", "Berlin office", "bitrix24.example")
	for _, clock := range []string{"09:%02d", "T08:%02d"} {
		forbidden = append(forbidden, fmt.Sprintf(clock, canaryFrom))
	}
	for _, clock := range []string{"10:%02d", "T09:%02d"} {
		forbidden = append(forbidden, fmt.Sprintf(clock, canaryTo))
	}
	if !slices.Contains(forbidden, "Secret canary budget") {
		t.Fatal("the secrets are not seeded")
	}
	for _, u := range p.Company.Users {
		if len(u.LastName) > 3 {
			forbidden = append(forbidden, u.Name+" "+u.LastName, u.LastName)
		}
	}
	shown := []string{"Anna Becker", "Becker", "Zebedee Quillfeather", "Quillfeather", "Søren Ågård", "Ågård"}
	for _, show := range []string{"", "nothing", "number", "names"} {
		link := p.Share(client, fmt.Sprintf("%s&who=%d&opt=18&title=Demo&show=%s", harness.ComingWeek(), canary, show))
		free := p.Offered(harness.Guest(), link.Token)
		if len(free.Slots) == 0 {
			t.Fatal("nothing is free")
		}
		var allowed []string
		for _, slot := range free.Slots {
			for _, layout := range []string{"2006-01-02T15:04:05Z", "20060102T150405Z"} {
				allowed = append(allowed, slot.Start.Format(layout), slot.End.Format(layout))
			}
		}
		at := url.QueryEscape(free.Slots[0].Start.Format(time.RFC3339))
		for _, view := range []struct{ path, accept string }{
			{"", ""},
			{"", harness.AsJSON},
			{"?tz=Asia/Tokyo&lang=de", ""},
			{"?tz=Asia/Tokyo", harness.AsJSON},
			{"?show=names&names=1&me=1&who=2&debug=1&as_of=0", ""}, // no parameter shows more
			{"?show=names&names=1&me=1&who=2", harness.AsJSON},
			{".ics?start=" + at, ""},
			{".ics", ""},
			{"x", ""},
			{"x", harness.AsJSON},
		} {
			response, body := p.Get(harness.Guest(), "/s/"+link.Token+view.path, view.accept)
			everything := body
			for name, values := range response.Header {
				if name == "Date" { // its seconds may look like any minute
					continue
				}
				everything += name + ": " + strings.Join(values, ", ") + "\n"
			}
			for _, secret := range forbidden {
				if strings.Contains(everything, secret) && !(show == "names" && response.StatusCode == http.StatusOK && slices.Contains(shown, secret)) {
					t.Errorf("show=%s: %s %s holds %q", show, view.path, view.accept, secret)
				}
			}
			for _, instant := range instants.FindAllString(body, -1) {
				if !slices.Contains(allowed, instant) && !isNow(instant) {
					t.Errorf("show=%s: %s %s holds %s, which is no free time", show, view.path, view.accept, instant)
				}
			}
			if response.Header.Get("Set-Cookie") != "" {
				t.Errorf("%s sets a cookie", view.path)
			}
		}
	}
}

// isNow reports whether an instant is that of the test, when an answer was written.
func isNow(text string) bool {
	at, err := time.Parse("20060102T150405Z", strings.NewReplacer("-", "", ":", "").Replace(text))
	return err == nil && time.Since(at).Abs() < 5*time.Minute
}

// TestSharedPagesNameOnlyWhomTheOwnerShows: each setting shows just what it says, and the numbers in
// the page of a link that shows nothing don't change with the people behind it.
func TestSharedPagesNameOnlyWhomTheOwnerShows(t *testing.T) {
	t.Parallel()
	p := startWithCanary(t)
	client := p.SignIn(2)
	for show, want := range map[string]harness.Shared{
		"nothing": {}, "number": {Number: 2}, "names": {People: []string{"Anna Becker", "Zebedee Quillfeather"}},
	} {
		link := p.Share(client, fmt.Sprintf("%s&who=%d&show=%s", harness.ComingWeek(), canary, show))
		got := p.Offered(harness.Guest(), link.Token)
		if diff := cmp.Diff(want.People, got.People); diff != "" || got.Number != want.Number {
			t.Errorf("show=%s: %v and %d", show, got.People, got.Number)
		}
	}
}

// TestNoParameterShowsMoreOfALink: no parameter of the address changes what is shown of
// people, or which times are free.
func TestNoParameterShowsMoreOfALink(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&who=5&title=Demo&show=nothing")
	plain := p.Offered(harness.Guest(), link.Token)
	for _, query := range []string{
		"show=names", "names=1", "people=1", "who=2,3,4", "me=1", "opt=5", "from=2020-01-01&to=2030-01-01", "work=0", "tentative=free", "allday=free",
		"dur=5", "step=5", "quorum=1", "notice=0", "mode=book", "state=open", "days=40", "offer=all", "slot=2026-12-01T09:00:00Z", "title=x", "expires=300",
		"lang=de", "day=2030-01-01", "month=2030-01", "portal=x", "user=1", "at=2026-12-01T09:00:00Z", "debug=1", "_=1",
	} {
		if diff := cmp.Diff(plain, p.Offered(harness.Guest(), link.Token+"?"+query)); diff != "" {
			t.Errorf("%s: %s", query, diff)
		}
	}
}

// TestUnknownLinksLookLikeClosedOnes: but for the status and the words that say why,
// the answers to a wrong token and to one whose link is closed are made alike.
func TestUnknownLinksLookLikeClosedOnes(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek())
	p.SendForm(client, "/links/"+link.ID+"/revoke", "", harness.AsJSON)
	p.Company.Reset()
	skeleton := func(token string) (names, elements []string) {
		response, body := p.Get(harness.Guest(), "/s/"+token, "")
		for name := range response.Header {
			names = append(names, name)
		}
		slices.Sort(names)
		for n := range parse(t, body).Descendants() {
			if n.Type == html.ElementNode {
				elements = append(elements, n.Data)
			}
		}
		return names, elements
	}
	closedNames, closedElements := skeleton(link.Token)
	unknownNames, unknownElements := skeleton(strings.Repeat("A", len(link.Token)))
	if diff := cmp.Diff(closedNames, unknownNames) + cmp.Diff(closedElements, unknownElements); diff != "" {
		t.Error(diff)
	}
	if n := len(p.Company.Requests()); n != 0 {
		t.Errorf("the portal was asked %d times", n)
	}
}

// TestTokensAreNotLogged, at the most talkative level, whatever is done with a link.
func TestTokensAreNotLogged(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek()+"&title=Canary+title&note=Canary+note")
	p.Offered(harness.Guest(), link.Token)
	p.Get(client, "/links/"+link.ID, "")
	p.Get(harness.Guest(), "/s/"+link.Token+".ics?start=soon", "")
	p.Company.Fail("*", portalsim.HTML502())
	cold := anotherInstance(p)
	cold.Get(harness.Guest(), "/s/"+link.Token, "")
	p.SendForm(client, "/links/"+link.ID+"/revoke", "", harness.AsJSON)
	p.Get(harness.Guest(), "/s/"+link.Token, "")
	p.Get(harness.Guest(), "/s/guessed-token", "")
	p.Stop()
	cold.Stop()
	for _, secret := range []string{link.Token, link.ID, "Canary", "guessed-token", sharer.HashToken(link.Token)} {
		if strings.Contains(p.Log.Text()+cold.Log.Text(), secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
}

// nasty are texts that did harm elsewhere.
var nasty = []string{
	`<script>alert(1)</script>`, `"><img src=x onerror=alert(1)>`, `</title><svg/onload=alert(1)>`, `' onfocus='alert(1)`, `javascript:alert(1)`,
	"a\u2028b\u2029c", "\u202egnp.exe", `{{7*7}}${7*7}<%= 7 %>`, `&lt;script&gt;`, `END:VEVENT\nBEGIN:VEVENT`, `;ATTENDEE=mailto:a@b,c\`, "</textarea><b>",
}

// TestSharedTextsAreOnlyText: whatever an owner writes, it is text: on their pages, on the
// shared page and its preview, in JSON and in the calendar file.
func TestSharedTextsAreOnlyText(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for _, text := range nasty {
		form := url.Values{"title": {text}, "note": {text + "\r\nEND:VCALENDAR\r\n" + text}}
		link := p.Share(client, harness.ComingWeek()+"&"+form.Encode())
		got := p.Offered(harness.Guest(), link.Token)
		if got.Title != text || got.Note != text+"\nEND:VCALENDAR\n"+text {
			t.Errorf("%q came back as %q and %q", text, got.Title, got.Note)
		}
		for path, who := range map[string]*http.Client{"/s/" + link.Token: harness.Guest(), "/links": client, "/links/" + link.ID: client} {
			response, body := p.Get(who, path, "")
			if policy := response.Header.Get("Content-Security-Policy"); strings.Contains(policy, "unsafe") || !strings.Contains(policy, "frame-ancestors 'none'") {
				t.Errorf("%s: policy %q", path, policy)
			}
			harmless(t, path, body)
			if path == "/s/"+link.Token {
				if h1 := textOf(cascadia.Query(parse(t, body), cascadia.MustCompile("h1"))); h1 != text {
					t.Errorf("the heading is %q instead of %q", h1, text)
				}
			}
		}
		_, file := p.Get(harness.Guest(), "/s/"+link.Token+".ics?start="+got.Slots[0].Start.Format(time.RFC3339), "")
		for name, count := range map[string]int{"BEGIN:VCALENDAR": 1, "END:VCALENDAR": 1, "BEGIN:VEVENT": 1, "END:VEVENT": 1, "ATTENDEE": 0, "ORGANIZER": 0, "SUMMARY": 1, "DESCRIPTION": 1} {
			if n := propertyLines(file, name); n != count {
				t.Errorf("%q: %d lines begin with %s:\n%s", text, n, name, file)
			}
		}
	}
}

// harmless expects that a page holds no element or attribute that a text brought along.
func harmless(t *testing.T, path, body string) {
	t.Helper()
	for n := range parse(t, body).Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if n.Data == "script" && !strings.HasPrefix(attribute(n, "src"), "/static/") {
			t.Errorf("%s: a script of its own", path)
		}
		for _, a := range n.Attr {
			if strings.HasPrefix(a.Key, "on") || a.Key == "style" || strings.HasPrefix(strings.TrimSpace(a.Val), "javascript:") && a.Key != "value" && a.Key != "content" && a.Key != "aria-label" && a.Key != "alt" && a.Key != "data-insert" {
				t.Errorf("%s: <%s %s=%q>", path, n.Data, a.Key, a.Val)
			}
		}
		if n.Data == "img" && attribute(n, "src") == "x" || n.Data == "svg" && n.Attr == nil {
			t.Errorf("%s: <%s> is the text's", path, n.Data)
		}
	}
}

// propertyLines counts the lines of a calendar file that begin with a property.
func propertyLines(file, name string) (n int) {
	for line := range strings.SplitSeq(file, "\r\n") {
		if strings.HasPrefix(line, name) {
			n++
		}
	}
	return n
}

// TestSharedTextsBreakNoHeader: no text of an owner or guest ends a line of a header.
func TestSharedTextsBreakNoHeader(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for _, field := range []string{"title", "key"} {
		for _, end := range []string{"\r\n", "\n", "\r", "\x00"} {
			form := url.Values{field: {"a" + end + "Set-Cookie: a=b"}}
			if response, body := p.SendForm(client, "/links", form.Encode(), harness.AsJSON); response.StatusCode != http.StatusUnprocessableEntity {
				t.Errorf("%s with %q: %s %s", field, end, response.Status, body)
			}
		}
	}
	link := p.Share(client, harness.ComingWeek())
	for _, path := range []string{"?lang=de%0D%0ASet-Cookie:%20a=b", "?tz=Europe/Berlin%0D%0ASet-Cookie:%20a=b", ".ics?start=%0D%0ASet-Cookie:%20a=b", "%0D%0ASet-Cookie:%20a=b"} {
		response, _ := p.Get(harness.Guest(), "/s/"+link.Token+path, "")
		if response.Header.Get("Set-Cookie") != "" || response.StatusCode >= 500 {
			t.Errorf("%s: %s, %v", path, response.Status, response.Header)
		}
	}
}

// linkActions are the routes that change a link, with a form that they take.
var linkActions = map[string]string{"": "title=changed&expires=3", "/pause": "", "/resume": "", "/revoke": "", "/delete": ""}

// TestOthersLinksAreOutOfReach: nobody but the owner sees, changes, closes or deletes a
// link, and nobody learns that it exists.
func TestOthersLinksAreOutOfReach(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	owner := p.SignIn(2)
	link := p.Share(owner, harness.ComingWeek()+"&title=mine")
	_, before := p.Get(owner, "/links/"+link.ID, harness.AsJSON)
	stranger, other := p.Browser(), another(p)
	admin := p.SignIn(1)
	for name, who := range map[string]struct {
		client *http.Client
		status int
	}{
		"anonymous":                    {stranger, http.StatusUnauthorized},
		"a colleague":                  {p.SignIn(5), http.StatusNotFound},
		"an administrator":             {admin, http.StatusNotFound},
		"the same id of other portals": {other.SignIn(2), http.StatusNotFound},
	} {
		for action, form := range linkActions {
			for _, accept := range []string{harness.AsJSON, harness.AsPage} {
				response, body := p.SendForm(harness.NoRedirects(who.client), "/links/"+link.ID+action, form, accept)
				if response.StatusCode != who.status || strings.Contains(body, "mine") || strings.Contains(body, link.Token) {
					t.Errorf("%s: POST /links/ID%s: %s", name, action, response.Status)
				}
			}
		}
		if response, body := p.Get(who.client, "/links/"+link.ID, harness.AsJSON); response.StatusCode != who.status || strings.Contains(body, link.Token) {
			t.Errorf("%s: GET /links/ID: %s", name, response.Status)
		}
		if _, body := p.Get(who.client, "/links", harness.AsJSON); strings.Contains(body, link.ID) || strings.Contains(body, link.Token) {
			t.Errorf("%s lists the link", name)
		}
	}
	if _, after := p.Get(owner, "/links/"+link.ID, harness.AsJSON); after != before {
		t.Errorf("changed: %s\nbefore: %s", after, before)
	}
	p.Offered(harness.Guest(), link.Token)
}

// TestLinkIsThatOfThePath: the link is that of the path and the owner that of the
// session, whatever else a request says.
func TestLinkIsThatOfThePath(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	anna, marta := p.SignIn(2), p.SignIn(5)
	hers := p.Share(marta, harness.ComingWeek())
	own := p.Share(anna, harness.ComingWeek()+"&owner=5&user_id=5&user=5&portal=x&member=5&id="+hers.ID+"&token="+hers.Token)
	if own.ID == hers.ID || own.Token == hers.Token {
		t.Error("a body chose the link's id or token")
	}
	if _, body := p.Get(marta, "/links", harness.AsJSON); strings.Contains(body, own.ID) {
		t.Error("a body made a colleague the owner")
	}
	smuggled := "id=" + hers.ID + "&ID=" + hers.ID + "&user_id=5&owner=5"
	for _, path := range []string{"/links/" + own.ID + "/pause?" + smuggled, "/links/" + hers.ID + "/pause?id=" + own.ID} {
		p.Ask(anna, http.MethodPost, path, smuggled, "Content-Type", harness.FormType, "Cookie", "id="+hers.ID, "X-User-Id", "5")
	}
	p.Offered(harness.Guest(), hers.Token)
	if response, _ := p.Get(harness.Guest(), "/s/"+own.Token, harness.AsJSON); response.StatusCode != http.StatusGone {
		t.Errorf("one's own link was not paused: %s", response.Status)
	}
}

// TestLinkRoutesAreListed: what is under /links and /s is what the list of routes says.
func TestLinkRoutesAreListed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek())
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"GET", "/s/", 404},
		{"GET", "/s", 404},
		{"GET", "/s/" + link.Token + "/", 404},
		{"GET", "/s/" + link.Token + "/slots", 404},
		{"GET", "/s/" + link.ID, 404},
		{"GET", "/s/" + sharer.HashToken(link.Token), 404},
		{"GET", "/s/" + strings.ToUpper(link.Token), 404},
		{"GET", "/s/" + link.Token[:len(link.Token)-1], 404},
		{"GET", "/s/" + link.Token + "A", 404},
		{"GET", "/s/%00", 404},
		{"POST", "/s/" + link.Token, 405},
		{"POST", "/s/" + link.Token + "/book", 405},
		{"PUT", "/s/" + link.Token, 405},
		{"GET", "/links/" + link.Token, 404},
		{"POST", "/links/" + link.Token + "/revoke", 404},
		{"GET", "/links/_" + link.ID, 404},
		{"GET", "/links/" + link.ID + "/revoke", 405},
		{"GET", "/links/" + link.ID + "/delete", 405},
		{"POST", "/links/new", 404},
	} {
		response, _ := p.Ask(client, c.method, c.path, "", "Accept", harness.AsJSON)
		if response.StatusCode != c.status {
			t.Errorf("%s %.60s: %s, want %d", c.method, c.path, response.Status, c.status)
		}
	}
	p.Offered(harness.Guest(), link.Token)
}

// TestLinksChangeByPostOnly: no other method changes a link, nor a request
// from another site, nor a body that browsers send across sites unasked.
func TestLinksChangeByPostOnly(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek()+"&title=same")
	_, before := p.Get(client, "/links", harness.AsJSON)
	for action, form := range linkActions {
		path := "/links/" + link.ID + action
		for _, method := range []string{"GET", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE"} {
			if response, _ := p.Ask(client, method, path+"?"+form, form, "Content-Type", harness.FormType); response.StatusCode < 400 && action != "" && method != "OPTIONS" {
				t.Errorf("%s %s: %s", method, action, response.Status)
			}
		}
		for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site"}, {"Origin", "https://evil.example"}, {"Origin", "null"}} {
			if response, _ := p.Ask(client, "POST", path, form, append(header, "Content-Type", harness.FormType)...); response.StatusCode != http.StatusForbidden {
				t.Errorf("POST %s with %v: %s", action, header, response.Status)
			}
		}
		for _, kind := range []string{"text/plain", "application/octet-stream", "application/xml"} {
			if response, _ := p.Ask(client, "POST", path, form+"&x=y", "Content-Type", kind); response.StatusCode != http.StatusUnsupportedMediaType {
				t.Errorf("POST %s as %s: %s", action, kind, response.Status)
			}
		}
	}
	for _, header := range [][]string{{"Sec-Fetch-Site", "cross-site", "Content-Type", harness.FormType}, {"Content-Type", "text/plain"}} {
		if response, _ := p.Ask(client, "POST", "/links", harness.ComingWeek(), header...); response.StatusCode < 400 {
			t.Errorf("POST /links with %v: %s", header, response.Status)
		}
	}
	if response, _ := p.Get(client, "/links/new?"+harness.ComingWeek()+"&title=x&key=k", ""); response.StatusCode != http.StatusOK {
		t.Errorf("the form: %s", response.Status)
	}
	if _, after := p.Get(client, "/links", harness.AsJSON); after != before {
		t.Errorf("changed: %s\nbefore: %s", after, before)
	}
}

// TestLinkFormIsSmall: of the thousands of times of a search only some can be ticked,
// and the one that somebody came to share always.
func TestLinkFormIsSmall(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	from := harness.NextMonday(time.Now())
	query := "from=" + from.Format(time.DateOnly) + "&to=" + from.AddDate(0, 0, 60).Format(time.DateOnly) + "&dur=15&step=5"
	slots := p.Find(client, query).Slots
	last := slots[len(slots)-1].Start.Format(time.RFC3339)
	_, body := p.Get(client, "/links/new?"+query+"&offer=picked&slot="+last, "")
	boxes := cascadia.QueryAll(parse(t, body), cascadia.MustCompile(`input[name=slot]`))
	if len(slots) < 2000 || len(boxes) > 500 || len(body) > 200_000 {
		t.Errorf("%d times, %d to tick, %d bytes", len(slots), len(boxes), len(body))
	}
	if cascadia.Query(parse(t, body), cascadia.MustCompile(`input[name=slot][checked][value="`+last+`"]`)) == nil {
		t.Errorf("%s is not ticked", last)
	}
}

// TestLinksHaveBounds: nothing that is sent can grow without end.
func TestLinksHaveBounds(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	many := strings.Repeat("7,", 501)
	var people []string
	for id := range 501 {
		people = append(people, fmt.Sprint(id+1))
	}
	for name, test := range map[string]struct {
		body, kind string
		status     int
	}{
		"a form of a megabyte":   {"title=" + strings.Repeat("x", 1<<20), harness.FormType, 413},
		"a note of 60 kB":        {"note=" + strings.Repeat("x", 60_000), harness.FormType, 422},
		"JSON of a megabyte":     {`{"note":"` + strings.Repeat("x", 1<<20) + `"}`, "application/json", 413},
		"deep JSON":              {`{"title":` + strings.Repeat(`{"a":`, 9000) + "1" + strings.Repeat("}", 9001), "application/json", 422},
		"JSON with more behind":  {`{"dur":30}{"dur":60}`, "application/json", 422},
		"JSON that is no object": {`[1]`, "application/json", 422},
		"half of a JSON":         {`{"dur":`, "application/json", 422},
		"501 people":             {"who=" + strings.Join(people, ","), harness.FormType, 422},
		"one person 501 times":   {"me=0&who=" + many + "7&title=fine", harness.FormType, 201},
		"93 days":                {"from=2026-12-01&to=2027-03-03", harness.FormType, 422},
		"201 times":              {strings.Repeat("slot=2026-12-01T09:00:00Z&", 201), harness.FormType, 422},
	} {
		if response, body := p.Ask(client, http.MethodPost, "/links", test.body, "Content-Type", test.kind, "Accept", harness.AsJSON); response.StatusCode != test.status {
			t.Errorf("%s: %s %.200s", name, response.Status, body)
		}
	}
	if response, _ := p.Get(harness.Guest(), "/s/"+strings.Repeat("A", 30_000), harness.AsJSON); response.StatusCode != http.StatusNotFound {
		t.Errorf("a token of 30 kB: %s", response.Status)
	}
}

// TestTimesAsFile: the calendar file of a shared page is its times, which take none of
// a guest's own, and that of one of them is the meeting.
func TestTimesAsFile(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	token := p.Share(p.SignIn(2), harness.ComingWeek()+"&title=Demo").Token
	slots := p.Offered(harness.Guest(), token).Slots
	starts := func(file string) (all []string) {
		for _, found := range regexp.MustCompile(`DTSTART:(\w+)`).FindAllStringSubmatch(file, -1) {
			all = append(all, found[1])
		}
		return all
	}
	var want []string
	for _, slot := range slots {
		want = append(want, slot.Start.Format("20060102T150405Z"))
	}
	_, all := p.Get(harness.Guest(), "/s/"+token+".ics", "")
	if diff := cmp.Diff(want, starts(all)); diff != "" || strings.Count(all, "TRANSP:TRANSPARENT") != len(slots) {
		t.Errorf("the file of all times: %s", diff)
	}
	_, one := p.Get(harness.Guest(), "/s/"+token+".ics?start="+slots[1].Start.Format(time.RFC3339), "")
	if diff := cmp.Diff(want[1:2], starts(one)); diff != "" || strings.Contains(one, "TRANSP") {
		t.Errorf("the file of one time: %s", diff)
	}
}

// TestSharedPageHeaders: the address of a shared page is a secret, whatever it answers.
func TestSharedPageHeaders(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link, closed := p.Share(client, harness.ComingWeek()), p.Share(client, harness.ComingWeek())
	p.SendForm(client, "/links/"+closed.ID+"/revoke", "", harness.AsJSON)
	at := p.Offered(harness.Guest(), link.Token).Slots[0].Start.Format(time.RFC3339)
	for path, status := range map[string]int{
		link.Token: 200, link.Token + "?tz=Asia/Tokyo": 200, link.Token + ".ics?start=" + at: 200, link.Token + ".ics": 200,
		link.Token + ".ics?start=2020-01-01T00:00:00Z": 409, link.Token + ".ics?start=soon": 422, closed.Token: 410, closed.Token + ".ics": 410, "unknown": 404,
	} {
		for _, accept := range []string{"", harness.AsJSON} {
			response, body := p.Get(harness.Guest(), "/s/"+path, accept)
			h := response.Header
			got := []string{response.Status[:3], h.Get("Referrer-Policy"), h.Get("X-Robots-Tag"), h.Get("Cache-Control"), h.Get("Set-Cookie"), h.Get("X-Content-Type-Options")}
			if diff := cmp.Diff([]string{fmt.Sprint(status), "no-referrer", "noindex", "no-store", "", "nosniff"}, got); diff != "" {
				t.Errorf("%.20s: %s", path, diff)
			}
			if !strings.Contains(h.Get("Content-Security-Policy"), "frame-ancestors 'none'") {
				t.Errorf("%.20s may be framed", path)
			}
			if status == 200 && accept == "" && strings.Contains(path, ".ics") != strings.HasPrefix(h.Get("Content-Type"), "text/calendar") {
				t.Errorf("%.20s is %s", path, h.Get("Content-Type"))
			}
			if strings.Contains(body, "http-equiv") {
				t.Errorf("%.20s sends guests somewhere else", path)
			}
		}
	}
}

// TestClosedLinks say why, to people and to programs, and nothing of what they held.
func TestClosedLinks(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	db, _ := p.Database()
	owner := meet.Member{Portal: p.Company.MemberID, User: 2}
	texts := map[string]bool{}
	for name, test := range map[string]struct {
		close func(harness.MadeLink)
		state string
	}{
		"revoked": {func(l harness.MadeLink) { p.SendForm(client, "/links/"+l.ID+"/revoke", "", harness.AsPage) }, "revoked"},
		"paused":  {func(l harness.MadeLink) { p.SendForm(client, "/links/"+l.ID+"/pause", "", harness.AsPage) }, "revoked"},
		"expired": {func(l harness.MadeLink) {
			if err := db.EditLink(t.Context(), owner, l.ID, meet.LinkEdit{Title: "Old title", Expires: time.Now()}); err != nil {
				t.Error(err)
			}
		}, "expired"},
	} {
		link := p.Share(client, harness.ComingWeek()+"&title=Old+title&note=Old+note&show=names")
		p.Offered(harness.Guest(), link.Token)
		test.close(link)
		response, body := p.Get(harness.Guest(), "/s/"+link.Token, harness.AsJSON)
		answer := harness.Decode[struct {
			State string
			Error struct{ Code, Message string }
		}](t, body)
		if response.StatusCode != http.StatusGone || answer.State != test.state || answer.Error.Code != "gone" {
			t.Errorf("%s: %s %s", name, response.Status, body)
		}
		page, shown := p.Get(harness.Guest(), "/s/"+link.Token, "")
		if why := textOf(cascadia.Query(parse(t, shown), cascadia.MustCompile("h1"))); page.StatusCode != http.StatusGone || why == "" || texts[why] {
			t.Errorf("%s: %s, %q", name, page.Status, why)
		} else {
			texts[why] = true
		}
		for _, held := range []string{"Old title", "Old note", "Anna", "Becker", "<time"} {
			if strings.Contains(shown+body, held) {
				t.Errorf("%s: a closed link still tells %q", name, held)
			}
		}
		if file, _ := p.Get(harness.Guest(), "/s/"+link.Token+".ics?start=2026-12-01T09:00:00Z", ""); file.StatusCode != http.StatusGone {
			t.Errorf("%s: the calendar file: %s", name, file.Status)
		}
	}
	link := p.Share(client, harness.ComingWeek())
	p.SendForm(client, "/links/"+link.ID+"/delete", "", harness.AsPage)
	if response, _ := p.Get(harness.Guest(), "/s/"+link.Token, harness.AsJSON); response.StatusCode != http.StatusNotFound {
		t.Errorf("deleted: %s", response.Status)
	}
}

// TestLinkOfAnOwnerWhoLeft: nothing of the owner, and nothing that they saw, is shown.
func TestLinkOfAnOwnerWhoLeft(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&title=Old+title&show=names")
	for name, leave := range map[string]func(*portalsim.Portal){
		"dismissed": func(c *portalsim.Portal) { c.Users[1].Active = false },
		"app gone":  nil,
	} {
		if leave == nil {
			p.Company.Uninstall(harness.ClientID)
		} else {
			p.Company.Change(leave)
		}
		cold := anotherInstance(p) // remembers nothing
		for _, accept := range []string{"", harness.AsJSON} {
			response, body := cold.Get(harness.Guest(), "/s/"+link.Token, accept)
			if response.StatusCode != http.StatusGone || strings.Contains(body, "Old title") || strings.Contains(body, "Becker") {
				t.Errorf("%s: %s %.300s", name, response.Status, body)
			}
		}
		p.Company.Change(func(c *portalsim.Portal) { c.Users[1].Active = true })
	}
}

// TestLinkWhilePortalIsDown: no times rather than old ones, and when to try again.
func TestLinkWhilePortalIsDown(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&title=Old+title")
	cold := anotherInstance(p)
	p.Company.Fail("*", portalsim.HTML502())
	for _, accept := range []string{"", harness.AsJSON} {
		response, body := cold.Get(harness.Guest(), "/s/"+link.Token, accept)
		if response.StatusCode != http.StatusServiceUnavailable || response.Header.Get("Retry-After") == "" || strings.Contains(body, "<time") || strings.Contains(body, `"slots"`) {
			t.Errorf("%s, again after %q: %.300s", response.Status, response.Header.Get("Retry-After"), body)
		}
	}
}

// TestFormWhilePortalIsDown: a form that could not be worked off is there to be sent
// again, with all that was typed.
func TestFormWhilePortalIsDown(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, cold := p.SignIn(2), anotherInstance(p)
	p.Company.Fail("*", portalsim.HTML502())
	response, body := cold.SendForm(client, "/links", harness.ComingWeek()+"&title=A+%3Cfine%3E+%22title%22&note=two+words&expires=7", "text/html")
	if response.StatusCode != http.StatusServiceUnavailable {
		t.Fatal(response.Status)
	}
	form := between(body, `<form action="/links" method="post">`, "</form>")
	for _, want := range []string{`name="title" value="A &lt;fine&gt; &#34;title&#34;"`, `name="note" value="two words"`, `name="expires" value="7"`, "<button"} {
		if !strings.Contains(form, want) {
			t.Errorf("no %s in %s", want, form)
		}
	}
	if strings.Contains(form, "frame_session") {
		t.Error("the form holds a pass that has been used")
	}
	if response, body := cold.SendForm(client, "/logout", "x=typed", "text/html"); strings.Contains(body, "typed") {
		t.Errorf("%s: %s", response.Status, body)
	}
}

// TestGuessingTokensIsSlow: somebody who guesses tokens is slowed down, by all instances together
// and whatever address they claim; what is kept of their address doesn't tell it.
func TestGuessingTokensIsSlow(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek())
	instances := []*harness.Product{p, anotherInstance(p)}
	client := harness.Guest()
	refused := 0
	for n := 1; refused == 0 && n < 1500; n++ {
		response, _ := instances[n%2].Ask(client, "GET", fmt.Sprintf("/s/guess%d", n), "", "X-Forwarded-For", fmt.Sprintf("203.0.113.%d", n%250), "X-Real-Ip", "203.0.113.9")
		switch response.StatusCode {
		case http.StatusNotFound:
		case http.StatusTooManyRequests:
			refused = n
			if response.Header.Get("Retry-After") == "" {
				t.Error("nothing says when to try again")
			}
		default:
			t.Fatal(response.Status)
		}
	}
	if refused == 0 {
		t.Fatal("1500 guesses are fine")
	}
	p.Offered(client, link.Token) // who has a link may still look, from the same address
	for name := range map[string]bool{"": true, "-wal": true} {
		content, err := os.ReadFile(strings.TrimPrefix(p.Env["SLOTFINDER_DATABASE"], "sqlite:") + name)
		if err != nil {
			t.Fatal(err)
		}
		for _, secret := range []string{"miss 127.0.0.1", "address 127.0.0.1", "203.0.113", link.Token} {
			if bytes.Contains(content, []byte(secret)) {
				t.Errorf("the database holds %q", secret)
			}
		}
	}
}

// TestThousandLooksAreOneReading of the portal, on an instance that remembers nothing.
func TestThousandLooksAreOneReading(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&who=5,6")
	cold := anotherInstance(p)
	p.Company.Reset()
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 40}, Timeout: time.Minute}
	jobs, done := make(chan string), make(chan error, 40)
	for range cap(done) {
		go func() {
			var fault error
			for accept := range jobs {
				request, _ := http.NewRequest(http.MethodGet, cold.App+"/s/"+link.Token, nil)
				request.Header.Set("Accept", accept)
				response, err := client.Do(request)
				if err == nil {
					_, err = io.Copy(io.Discard, response.Body)
					response.Body.Close()
					if response.StatusCode != http.StatusOK {
						err = fmt.Errorf("%s", response.Status)
					}
				}
				if err != nil {
					fault = err
				}
			}
			done <- fault
		}()
	}
	for n := range 1000 {
		jobs <- []string{harness.AsPage, harness.AsJSON}[n%2]
	}
	close(jobs)
	for range cap(done) {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	read, sent := map[string]int{}, 0
	for _, r := range p.Company.Requests() {
		read[r.Method]++
		if !r.Batch {
			sent++
		}
	}
	if read["calendar.accessibility.get"] != 1 || sent > 4 {
		t.Errorf("the portal was asked %v", read)
	}
	head, err := client.Head(p.App + "/s/" + link.Token) // what a messenger asks is no look
	if err != nil || head.StatusCode != http.StatusOK {
		t.Errorf("HEAD: %v %v", head, err)
	}
	_, body := p.Get(p.SignIn(2), "/links", harness.AsJSON)
	if list := harness.Decode[struct{ Links []struct{ Opens int } }](t, body).Links; len(list) != 1 || list[0].Opens != 500 {
		t.Errorf("opens: %+v", list)
	}
}

// TestColleagueOpensTheFullSearch: who is signed in to the same portal, and nobody else,
// is led to the search behind a link.
func TestColleagueOpensTheFullSearch(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&who=5")
	other := another(p)
	frame, _ := p.Launch(6, "DEFAULT", "")
	for name, who := range map[string]struct {
		client *http.Client
		full   bool
	}{"a colleague in the portal": {frame, true}, "a stranger": {harness.Guest(), false}, "another portal": {other.SignIn(2), false}, "a colleague": {p.SignIn(6), true}, "the owner": {p.SignIn(2), true}} {
		response, body := p.Get(who.client, "/s/"+link.Token+"?lang=pl", "")
		if ancestors(response) != "'none'" || response.Header.Get("Content-Language") != "pl" {
			t.Errorf("%s: framed by %s, in %s", name, ancestors(response), response.Header.Get("Content-Language"))
		}
		at := cascadia.Query(parse(t, body), cascadia.MustCompile(`a[href^="/find?"]`))
		if (at != nil) != who.full {
			t.Errorf("%s: led to the full search: %v", name, at != nil)
		}
		if at != nil {
			if got := p.Find(who.client, strings.TrimPrefix(attribute(at, "href"), "/find?")); len(got.People) != 2 || got.People[0].ID != 2 {
				t.Errorf("%s finds %+v", name, got.People)
			}
		}
	}
}

// nextClockChange is the next day on which clocks in a zone are changed.
func nextClockChange(t *testing.T, zone string) time.Time {
	t.Helper()
	place, err := tz.Load(zone)
	if err != nil {
		t.Fatal(err)
	}
	day := time.Now().In(place)
	day = time.Date(day.Year(), day.Month(), day.Day()+2, 0, 0, 0, 0, place)
	for range 400 {
		next := day.AddDate(0, 0, 1)
		if next.Sub(day) != 24*time.Hour {
			return day
		}
		day = next
	}
	t.Fatalf("clocks in %s stand still", zone)
	return day
}

// TestZoneInvariant: a guest on the other half of the world, on a day when clocks are
// changed there or here, sees the same instants as everybody, each at the
// reading of their own clock.
func TestZoneInvariant(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for _, changing := range []string{"Europe/Berlin", "Australia/Lord_Howe", "America/Santiago"} {
		day := nextClockChange(t, changing)
		days := "&from=" + day.AddDate(0, 0, -1).Format(time.DateOnly) + "&to=" + day.AddDate(0, 0, 1).Format(time.DateOnly)
		link := p.Share(client, "me=0&who=7&work=0&dur=30&step=30&tz=Europe/Berlin"+days)
		want := p.Offered(harness.Guest(), link.Token).Slots
		if len(want) < 60 {
			t.Fatalf("%s: only %d times", changing, len(want))
		}
		for _, zone := range []string{"Europe/Berlin", "Australia/Lord_Howe", "America/Santiago", "Pacific/Kiritimati", "Asia/Kathmandu", "Mars/Base"} {
			_, body := p.Get(harness.Guest(), "/s/"+link.Token+"?tz="+zone, harness.AsJSON)
			got := harness.Decode[harness.Shared](t, body)
			if diff := cmp.Diff(want, got.Slots); diff != "" {
				t.Errorf("%s seen from %s: %s", changing, zone, diff)
			}
			seen := allTimes(p, link.Token, zone)
			var instants []time.Time
			for _, slot := range want {
				instants = append(instants, slot.Start)
			}
			if diff := cmp.Diff(instants, seen); diff != "" {
				t.Errorf("%s: the page seen from %s: %s", changing, zone, diff)
			}
		}
	}
}

// allTimes walks through all days of a shared page, and checks that each time is
// written as clocks in the zone show it.
func allTimes(p *harness.Product, token, zone string) (all []time.Time) {
	p.T.Helper()
	place, err := tz.Load(zone)
	if err != nil {
		place, _ = tz.Load("Europe/Berlin") // the owner's
	}
	seen, todo := map[string]bool{}, []string{"/s/" + token + "?lang=en&tz=" + zone}
	for len(todo) > 0 {
		at := todo[0]
		todo = todo[1:]
		if seen[at] {
			continue
		}
		seen[at] = true
		_, body := p.Get(harness.Guest(), at, "")
		doc := parse(p.T, body)
		for _, a := range cascadia.QueryAll(doc, cascadia.MustCompile(`a[href*="day="], a[href*="month="]`)) {
			todo = append(todo, attribute(a, "href"))
		}
		for _, n := range cascadia.QueryAll(doc, cascadia.MustCompile(`time[datetime]`)) {
			instant, err := time.Parse(time.RFC3339, attribute(n, "datetime"))
			if err != nil {
				p.T.Fatal(err)
			}
			if !strings.HasPrefix(textOf(n), instant.In(place).Format("15:04")) {
				p.T.Errorf("%s in %s is written as %q", instant, zone, textOf(n))
			}
			if !slices.ContainsFunc(all, instant.Equal) {
				all = append(all, instant)
			}
		}
	}
	slices.SortFunc(all, time.Time.Compare)
	return all
}

// TestGuestsLanguage: the address' wish, then the browser's, then the owner's.
func TestGuestsLanguage(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	_, body := p.Ask(client, http.MethodPost, "/links", harness.ComingWeek(), "Content-Type", harness.FormType, "Accept", harness.AsJSON, "Accept-Language", "pl")
	link := harness.Decode[harness.MadeLink](t, body)
	for _, c := range []struct{ query, wish, want string }{
		{"", "", "pl"}, {"", "ja", "pl"}, {"", "fr-CA,en;q=0.5", "fr"}, {"?lang=de", "fr", "de"}, {"?lang=xx", "fr", "fr"}, {"?lang=pt-BR", "", "pt-BR"},
	} {
		response, body := p.Ask(harness.Guest(), http.MethodGet, "/s/"+link.Token+c.query, "", "Accept", harness.AsPage, "Accept-Language", c.wish)
		if got := response.Header.Get("Content-Language"); got != c.want || !strings.Contains(body, `<html lang="`+c.want+`"`) {
			t.Errorf("%s with %q is in %s instead of %s", c.query, c.wish, got, c.want)
		}
	}
	if response, body := p.Ask(harness.Guest(), http.MethodGet, "/s/unknown?lang=de", "", "Accept", harness.AsPage); response.StatusCode != 404 || !strings.Contains(body, `<html lang="de"`) {
		t.Errorf("an unknown link in German: %s", response.Status)
	}
}

// TestLinkIsChangedOnItsPage follows the forms of a link's page.
func TestLinkIsChangedOnItsPage(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek()+"&title=first")
	for _, step := range []struct {
		action, form string
		guest        int
	}{
		{"", "title=second&expires=&expires=" + time.Now().AddDate(0, 0, 9).Format(time.DateOnly), 200},
		{"/pause", "", 410},
		{"/resume", "", 200},
		{"/revoke", "", 410},
	} {
		response, body := p.SendForm(client, "/links/"+link.ID+step.action, step.form, harness.AsPage)
		if response.StatusCode != http.StatusOK || response.Request.URL.Path != "/links/"+link.ID || !strings.Contains(body, `role="status"`) {
			t.Errorf("%s ended at %s with %s", step.action, response.Request.URL, response.Status)
		}
		if !strings.Contains(body, "second") {
			t.Errorf("%s: the title is lost", step.action)
		}
		if response, _ := p.Get(harness.Guest(), "/s/"+link.Token, harness.AsJSON); response.StatusCode != step.guest {
			t.Errorf("after %s guests get %s", step.action, response.Status)
		}
	}
	if response, _ := p.SendForm(client, "/links/"+link.ID+"/resume", "", harness.AsPage); response.StatusCode != http.StatusGone {
		t.Errorf("resuming what was revoked: %s", response.Status)
	}
	response, body := p.SendForm(client, "/links/"+link.ID+"/delete", "", harness.AsPage)
	if response.StatusCode != http.StatusOK || response.Request.URL.Path != "/links" || strings.Contains(body, link.ID) {
		t.Errorf("deleting ended at %s with %s", response.Request.URL, response.Status)
	}
	other := p.Share(client, harness.ComingWeek())
	response, body = p.SendForm(client, "/links/"+other.ID, "title=kept+one&expires=never", harness.AsPage)
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, `value="kept one"`) || !strings.Contains(body, `value="never"`) {
		t.Errorf("a wrong expiry: %s", response.Status)
	}
}

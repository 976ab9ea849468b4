package e2e

import (
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/sharer"
)

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
	for _, show := range []string{"&host=0", "nothing&host=0", "number&host=0", "names&host=0", "nothing"} {
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
				named := map[string][]string{"names&host=0": shown, "nothing": shown[:2]}[show] // the owner alone shows who they are
				if strings.Contains(everything, secret) && !(response.StatusCode == http.StatusOK && slices.Contains(named, secret)) {
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

package e2e

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
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
			link, err := db.LinkOf(t.Context(), owner, l.ID)
			edit := link.Edit()
			edit.Expires = time.Now()
			if err := errors.Join(err, db.EditLink(t.Context(), owner, l.ID, edit)); err != nil {
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

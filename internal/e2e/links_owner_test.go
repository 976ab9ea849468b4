package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
	"slotfinder/internal/sharer"
)

// linkActions are the routes that change a link, with a form that they take.
var linkActions = map[string]string{"": "title=changed&expires=3", "/edit": "note=changed", "/pause": "", "/resume": "", "/revoke": "", "/delete": ""}

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
		{"POST", "/links/new", 201},
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
			if response, _ := p.Ask(client, method, path+"?"+form, form, "Content-Type", harness.FormType); response.StatusCode < 400 && action != "" && action != "/edit" && method != "OPTIONS" { // those two have a page, too
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

// TestWrongLinkFormsStayWhereTheyAre: a form that is wrong is shown again at the address
// from which it came, with what was typed, and that address can be loaded again.
func TestWrongLinkFormsStayWhereTheyAre(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek()+"&who=5&title=first&host=0")
	for at, selector := range map[string]string{
		"/links/new?who=5&" + harness.ComingWeek(): "form button[formaction]", "/links/" + link.ID + "/edit": `form[action$="/edit"]`,
	} {
		_, body := p.Get(client, at, "")
		form := cascadia.Query(parse(t, body), cascadia.MustCompile(selector))
		if form == nil {
			t.Fatalf("%s has no form", at)
		}
		address := attribute(form, "formaction") + attribute(form, "action")
		for range 2 {
			response, body := p.SendForm(client, address, "who=5&title=kept&reply=nobody&note=kept+too", harness.AsPage)
			if response.StatusCode != http.StatusUnprocessableEntity || response.Request.URL.RequestURI() != address {
				t.Errorf("%s at %s", response.Status, response.Request.URL)
			}
			for _, want := range []string{`value="kept"`, `value="nobody"`, "kept too"} {
				if !strings.Contains(body, want) {
					t.Errorf("%s: %s is lost", at, want)
				}
			}
		}
		if response, _ := p.Get(client, address, ""); response.StatusCode != http.StatusOK {
			t.Errorf("loading %s again: %s", address, response.Status)
		}
	}
	if _, body := p.Get(client, "/links/"+link.ID, harness.AsJSON); !strings.Contains(body, `"title":"first"`) {
		t.Error("a wrong form changed the link")
	}
}

// TestLinkIsEdited by the form and by programs: the same address then shows other times
// and texts, and what is not sent stays.
func TestLinkIsEdited(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek()+"&who=5&title=first&note=old&show=names&reply=anna@example.com")
	slots := p.Offered(harness.Guest(), link.Token).Slots
	third := slots[2].Start.Format(time.RFC3339)
	response, body := p.SendForm(client, "/links/"+link.ID+"/edit", "note=new&show=number&host=0&offer=picked&slot="+third, harness.AsPage)
	if response.StatusCode != http.StatusOK || response.Request.URL.Path != "/links/"+link.ID {
		t.Fatalf("%s at %s", response.Status, response.Request.URL)
	}
	if !strings.Contains(body, `role="status"`) {
		t.Error("nothing says that it is saved")
	}
	got := p.Offered(harness.Guest(), link.Token)
	if got.Title != "first" || got.Note != "new" || got.People != nil || got.Number != 2 || len(got.Slots) != 1 || !got.Slots[0].Start.Equal(slots[2].Start) {
		t.Errorf("%+v", got)
	}
	_, body = p.SendForm(client, "/links/"+link.ID, "offer=rolling&ahead=3", harness.AsJSON)
	want := map[string]any{"offer": "rolling", "ahead": 3.0, "note": "new", "show": "number", "host": false, "reply": "anna@example.com"}
	for name, value := range harness.Decode[map[string]any](t, body) {
		if wanted, told := want[name]; told && wanted != value {
			t.Errorf("%s is %v, want %v", name, value, wanted)
		}
		delete(want, name)
	}
	if len(want) > 0 {
		t.Errorf("not told: %v", want)
	}
	_, body = p.Get(client, "/links/"+link.ID+"/edit", "")
	for _, selector := range []string{`[name=offer][value=rolling][checked]`, `[name=ahead][value="3"]`, `[name=host][value="0"][checked]`, `[name=reply][value="anna@example.com"]`} {
		if cascadia.Query(parse(t, body), cascadia.MustCompile(selector)) == nil {
			t.Errorf("the form has no %s", selector)
		}
	}
	p.SendForm(client, "/links/"+link.ID+"/revoke", "", harness.AsPage)
	if response, _ := p.Get(client, "/links/"+link.ID+"/edit", ""); response.StatusCode != http.StatusGone {
		t.Errorf("the form of a link that was withdrawn: %s", response.Status)
	}
}

// TestLinkGetsOtherDays: the form shows the times of other days without saving, keeps what is
// wrong at its own address, and saved, guests see the new days.
func TestLinkGetsOtherDays(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek()+"&who=5")
	first := p.Offered(harness.Guest(), link.Token).Slots[0].Start
	later := first.AddDate(0, 0, 14)
	days := "from=" + later.Format(time.DateOnly) + "&to=" + later.AddDate(0, 0, 4).Format(time.DateOnly)
	edit := "/links/" + link.ID + "/edit"
	response, body := p.SendForm(client, edit, days+"&offer=picked&times=1", harness.AsPage)
	if response.Request.URL.Path != edit || !strings.Contains(body, `name="slot" value="`+later.Format("2006-01")) || !strings.Contains(body, `value="`+later.Format(time.DateOnly)+`"`) {
		t.Errorf("%s at %s", response.Status, response.Request.URL)
	}
	if now := p.Offered(harness.Guest(), link.Token).Slots[0].Start; !now.Equal(first) {
		t.Errorf("only looking at other days changes the link: %s", now)
	}
	if response, body := p.SendForm(client, edit, "from=2031-02-30&note=kept", harness.AsPage); response.StatusCode != http.StatusUnprocessableEntity || response.Request.URL.Path != edit || !strings.Contains(body, "2031-02-30") || !strings.Contains(body, "kept") {
		t.Errorf("a wrong day: %s at %s", response.Status, response.Request.URL)
	}
	if response, _ := p.SendForm(client, edit, days, harness.AsPage); response.Request.URL.Path != "/links/"+link.ID {
		t.Errorf("%s at %s", response.Status, response.Request.URL)
	}
	for _, slot := range p.Offered(harness.Guest(), link.Token).Slots {
		if slot.Start.Before(later.Truncate(24 * time.Hour)) {
			t.Errorf("guests still see %s", slot.Start)
		}
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

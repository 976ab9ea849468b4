package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
)

// list is what the people search shows in a page before anything has been typed, or
// for a text.
func suggestions(p *harness.Product, client *http.Client, text string) string {
	p.T.Helper()
	request, err := http.NewRequest(http.MethodGet, p.App+"/people?q="+text, nil)
	if err != nil {
		p.T.Fatal(err)
	}
	request.Header.Set("HX-Request", "true")
	response, err := client.Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	return harness.ReadBody(p.T, response)
}

// TestSavedGroups: one's own, found by name, gone when deleted; and the name is in no
// log and no address.
func TestSavedGroups(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, other := p.SignIn(1), p.SignIn(2)
	form := url.Values{"name": {" Canary  <team> "}, "who": {"2,3"}, "opt": {"5"}, "any": {"1:7,8"}}
	for range 2 { // sent twice it is the same
		response, page := p.Send(client, "/groups", form)
		if response.StatusCode != http.StatusOK || response.Request.URL.String() != p.App+"/groups" {
			t.Fatalf("saving: %s at %s", response.Status, response.Request.URL)
		}
		if n := strings.Count(page, "<b><bdi>Canary &lt;team&gt;</bdi></b>"); n != 1 {
			t.Errorf("it is shown %d times: %.300s", n, page)
		}
	}
	option := `data-id="any=1%3A7%2C8&amp;opt=5&amp;who=2%2C3" data-name="group"`
	for text, want := range map[string]bool{"": true, "can": true, "TEAM": true, "sales": false} {
		if got := strings.Contains(suggestions(p, client, text), option); got != want {
			t.Errorf("%q finds it: %v", text, got)
		}
	}
	if suggestions(p, other, "") != "" {
		t.Error("somebody else has it, too")
	}
	response, _ := p.Get(client, "/find?me=0&who=1&group="+url.QueryEscape("any=1:7,8&opt=5&who=2,3"), "")
	if got := response.Request.URL.RawQuery; got != "any=1%3A7%2C8&me=0&opt=5&who=1%2C2%2C3" || response.StatusCode != http.StatusOK {
		t.Errorf("adding it leads to %s: %s", got, response.Status)
	}
	for range 2 {
		if _, page := p.Send(client, "/groups/delete", url.Values{"name": {"Canary <team>"}}); strings.Contains(page, "Canary") {
			t.Error("it is still there")
		}
	}
	if code := p.Stop(); code != 0 || strings.Contains(p.Log.Text(), "Canary") {
		t.Errorf("exit code %d, or the log tells the name", code)
	}
}

// TestGroupsThatCannotBeSaved: what is wrong is said at the field, and what was typed
// stays.
func TestGroupsThatCannotBeSaved(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	long := strings.Repeat("x", 61)
	response, page := p.Send(client, "/groups", url.Values{"name": {long}, "who": {"2,3"}, "opt": {"5"}})
	for _, want := range []string{`id="err-name"`, `value="` + long + `"`, `name="who" value="2,3"`, `name="opt" value="5"`, `aria-invalid="true"`} {
		if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(page, want) {
			t.Errorf("%s, without %s", response.Status, want)
		}
	}
	response, page = p.Send(client, "/groups", url.Values{"name": {""}, "who": {"2,3"}}, "HX-Request", "true")
	if response.StatusCode != http.StatusUnprocessableEntity || !strings.HasPrefix(page, `<details class="more" id="keep-more" open`) || !strings.Contains(page, `id="err-name"`) {
		t.Errorf("%s: %.300s", response.Status, page)
	}
	for name, form := range map[string]url.Values{
		"nobody": {"name": {"A"}}, "no ids": {"name": {"A"}, "who": {"x"}}, "more than there are": {"name": {"A"}, "any": {"3:1,2"}},
	} {
		if response, _ := p.Send(client, "/groups", form); response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if response, _ := p.Send(client, "/groups", url.Values{"name": {"A"}, "who": {"2"}}, "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Errorf("from another site: %s", response.Status)
	}
	if list := suggestions(p, client, ""); list != "" {
		t.Errorf("something was saved: %.200s", list)
	}
}

// TestLatestPeople: what a page has searched with is offered again; a program's
// searches, wrong ones and those of oneself alone are not.
func TestLatestPeople(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	for _, path := range []string{"/find", "/find?me=0&who=2,3&dur=2", "/find?me=0&who=2"} {
		p.Get(client, path, "")
	}
	p.Find(client, "me=0&who=2,3")
	if list := suggestions(p, client, ""); list != "" {
		t.Errorf("offered: %.300s", list)
	}
	p.Get(client, "/find?who=2,3", "")
	p.Get(client, "/find?me=0&who=4,5&opt=6", "")
	list := suggestions(p, client, "")
	first, second := strings.Index(list, `data-id="opt=6&amp;who=4%2C5"`), strings.Index(list, `data-id="who=1%2C2%2C3"`)
	if first < 0 || second < first {
		t.Errorf("offered: %s", list)
	}
	if strings.Contains(list, p.Colleagues(1)[0]) {
		t.Error("people are told that they are in their own searches")
	}
	if list := suggestions(p, client, "&who=1,3&opt=2&of=9"); strings.Contains(list, "who=1%2C2%2C3") || !strings.Contains(list, "who=4%2C5") {
		t.Errorf("offered to those who ask the first already: %s", list)
	}
	if found := suggestions(p, client, "anna"); strings.Contains(found, "o-latest") {
		t.Error("latest people are found by a text")
	}
}

// TestCircleOnChip: a group of whom some must come has the name that the portal has
// for it, when the picker has just shown it; else the number of its people.
func TestCircleOnChip(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	staff := p.DepartmentStaff("Support")
	label := func(ids string) string {
		_, page := p.Get(client, "/find?me=0&who=1&any=1:"+ids, "")
		_, chip, _ := strings.Cut(page, `<li class="chip any"`)
		_, name, _ := strings.Cut(chip, `class="chip-name"`)
		return between(name, ">", "</span>")
	}
	if got := label("2,3,4"); got != "of 3 people" {
		t.Errorf("some people are %q", got)
	}
	suggestions(p, client, "support")
	if got := label(staff); got != "of Support" {
		t.Errorf("the department is %q", got)
	}
	if got := label(staff[strings.Index(staff, ",")+1:]); !strings.HasSuffix(got, "people") {
		t.Errorf("a part of the department is %q", got)
	}
}

package e2e

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
)

// TestLook: language and appearance are chosen in the menu, count from the next page on,
// and what makes no sense changes nothing.
func TestLook(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	look := func(fields url.Values) *http.Response {
		response, _ := p.Post(client, "/look", fields)
		return response
	}
	shows := func(what string, wants ...string) {
		t.Helper()
		_, page := p.Get(client, "/hours", "")
		for _, want := range wants {
			if !strings.Contains(page, want) {
				t.Errorf("%s: no %s in %.300s", what, want, page)
			}
		}
	}
	shows("at first", `lang="en"`, `data-theme=""`, `action="/look"`, `value="system" checked`)
	look(url.Values{"lang": {"de"}, "theme": {"dark"}, "next": {"/hours"}})
	shows("chosen", `lang="de"`, `data-theme="dark"`, `value="dark" checked`)
	look(url.Values{"lang": {"xx"}, "theme": {"\"><script>"}, "next": {"/hours"}})
	shows("nonsense", `lang="de"`, `data-theme="dark"`)
	look(url.Values{"theme": {"system"}, "next": {"/hours"}})
	shows("the system's", `lang="de"`, `data-theme=""`)
	shows("the usual clock", `value="usual" checked`, `<option value="usual" selected>`)
	look(url.Values{"clock": {"12"}, "week": {"sa"}, "lang": {"en"}, "next": {"/hours"}})
	shows("a clock of 12 hours", `value="12" checked`, `<option value="sa" selected>`, "9:00 am", "6:00 pm")
	look(url.Values{"clock": {"13"}, "week": {"mon"}, "next": {"/hours"}})
	shows("nonsense again", `value="12" checked`, `<option value="sa" selected>`)
	look(url.Values{"clock": {"usual"}, "week": {"usual"}, "next": {"/hours"}})
	shows("as usual again", `value="usual" checked`, `<option value="usual" selected>`, "09:00")
	if response := look(url.Values{"next": {"https://evil.example/"}}); strings.Contains(response.Header.Get("Location")+response.Request.URL.String(), "evil") {
		t.Errorf("leads to %s", response.Request.URL)
	}
	if response, _ := p.Post(p.Browser(), "/look", url.Values{"theme": {"dark"}}); response.Header.Get("Set-Cookie") != "" {
		t.Error("a stranger's choice is kept")
	}
}

// TestClockAndWeekFollowTheReader: what somebody has chosen counts on the search, on a link's page, in its
// message, and on the page of a guest, whose browser says what is usual where they are.
func TestClockAndWeekFollowTheReader(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	query := "who=2,3&me=0&from=2026-12-07&to=2026-12-11&tz=Europe/Berlin&work=0&tentative=free&hours=14:00-18:00"
	link := p.Share(client, query+"&show=nothing")
	twelve := regexp.MustCompile(`[0-9]:[0-9]{2}\x{a0}[ap]m`)
	halves := func(what string, client *http.Client, path string, want bool, headers ...string) string {
		t.Helper()
		response, page := p.GetWith(client, path, headers...)
		if response.StatusCode != http.StatusOK || twelve.MatchString(page) != want {
			t.Errorf("%s: status %d, 12 hours: %v", what, response.StatusCode, !want)
		}
		return page
	}
	first := regexp.MustCompile(`<th scope="col"><abbr title="(\w+)"`)
	if page := halves("at first", client, "/find?"+query, false); first.FindStringSubmatch(page)[1] != "Monday" {
		t.Error("the week does not begin as at the portal")
	}
	if page := halves("an American browser", client, "/find?"+query, true, "Accept-Language", "en-US,en;q=0.9"); first.FindStringSubmatch(page)[1] != "Monday" {
		t.Error("the region's first day instead of the portal's")
	}
	p.Post(client, "/look", url.Values{"clock": {"12"}, "week": {"su"}, "next": {"/find"}})
	page := halves("chosen", client, "/find?"+query, true)
	if first.FindStringSubmatch(page)[1] != "Sunday" || !strings.Contains(page, `value="14:00" selected>2:00 pm`) || !strings.Contains(page, "pm</text>") {
		t.Error("the calendar, the hours or the timeline keep the old clock and week")
	}
	halves("the heat map", client, "/find?view=heat&"+query, true)
	halves("the message", client, "/links/"+link.ID, true)
	halves("a guest", harness.Guest(), "/s/"+link.Token, false)
	if _, page := p.GetWith(harness.Guest(), "/s/"+link.Token, "Accept-Language", "en-US"); !strings.Contains(page, " pm<") {
		t.Error("an American guest sees 24 hours")
	}
}

// Inside the portal pages are light, as the portal is, and only the language is chosen.
func TestLookInTheFrame(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, _ := p.Launch(2, "DEFAULT", "")
	_, page := p.GetWith(client, "/hours", "Sec-Fetch-Dest", "iframe")
	if !strings.Contains(page, `action="/look"`) || strings.Contains(page, `name="theme"`) || !strings.Contains(page, `data-theme="light"`) {
		t.Errorf("%.600s", page)
	}
	p.Post(client, "/look", url.Values{"lang": {"fr"}, "theme": {"dark"}, "next": {"/hours"}}, "Sec-Fetch-Dest", "iframe")
	p.Post(client, "/look", url.Values{"clock": {"12"}, "next": {"/hours"}}, "Sec-Fetch-Dest", "iframe")
	if _, page := p.GetWith(client, "/hours", "Sec-Fetch-Dest", "iframe"); !strings.Contains(page, "9:00 AM") {
		t.Errorf("with 12 hours: %.300s", page)
	}
	if _, page := p.GetWith(client, "/hours", "Sec-Fetch-Dest", "iframe"); !strings.Contains(page, `lang="fr"`) || !strings.Contains(page, `data-theme="light"`) {
		t.Errorf("in French: %.300s", page)
	}
}

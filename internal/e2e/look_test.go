package e2e

import (
	"net/http"
	"net/url"
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
	if response := look(url.Values{"next": {"https://evil.example/"}}); strings.Contains(response.Header.Get("Location")+response.Request.URL.String(), "evil") {
		t.Errorf("leads to %s", response.Request.URL)
	}
	if response, _ := p.Post(p.Browser(), "/look", url.Values{"theme": {"dark"}}); response.Header.Get("Set-Cookie") != "" {
		t.Error("a stranger's choice is kept")
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
	if _, page := p.GetWith(client, "/hours", "Sec-Fetch-Dest", "iframe"); !strings.Contains(page, `lang="fr"`) || !strings.Contains(page, `data-theme="light"`) {
		t.Errorf("in French: %.300s", page)
	}
}

package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
)

// The portal's left menu has one entry of the app. Where an earlier version has bound
// another, it goes when an administrator comes through it, and not before.
func TestOneEntryInTheLeftMenu(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	if response, body := install(p, 1); response.StatusCode != http.StatusOK || !strings.Contains(body, "Left menu") {
		t.Fatalf("%s %.400s", response.Status, body)
	}
	if n := menuEntries(p); n != 1 {
		t.Fatalf("%d entries after the installation", n)
	}
	former := url.Values{"auth": {p.Company.IssueToken(harness.ClientID, 1).Access}, "PLACEMENT": {"LEFT_MENU"}, "HANDLER": {p.Env["SLOTFINDER_PUBLIC_URL"] + "/bitrix24"}, "TITLE": {"Find a time"}}
	response, err := http.PostForm("http://"+p.Company.Host+"/rest/placement.bind", former)
	if err != nil {
		t.Fatal(err)
	}
	if body := harness.ReadBody(t, response); response.StatusCode != http.StatusOK {
		t.Fatal(body)
	}
	for _, c := range []struct {
		user      int
		placement string
		entries   int
	}{{2, "LEFT_MENU", 2}, {1, "DEFAULT", 2}, {1, "LEFT_MENU", 1}} {
		if _, response := p.Launch(c.user, c.placement, ""); response.StatusCode != http.StatusSeeOther {
			t.Errorf("%d through %s: %s", c.user, c.placement, response.Status)
		}
		if n := menuEntries(p); n != c.entries {
			t.Errorf("%d entries after person %d came through %s, want %d", n, c.user, c.placement, c.entries)
		}
	}
}

// menuEntries counts the entries in the portal's left menu that open the app.
func menuEntries(p *harness.Product) int {
	p.T.Helper()
	client := p.Browser()
	p.Post(client, "http://"+p.Company.Host+"/login", url.Values{"user": {"2"}, "back": {"/company/"}})
	_, page := p.Get(client, "http://"+p.Company.Host+"/company/", "")
	menu := between(page, "<nav", "</nav>")
	if !strings.Contains(menu, "Employees") {
		p.T.Fatalf("no menu: %.600s", page)
	}
	return strings.Count(menu, `href="/marketplace/app/`) + strings.Count(menu, `href="/marketplace/placement/`)
}

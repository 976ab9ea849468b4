package e2e

import (
	"net/http"
	"strings"
	"testing"
)

// TestWhoIsLeftOutIsTold: opened from a chat with a guest and a bot in it, the page says
// who of them is not asked, and why, and goes on saying so when the question changes.
func TestWhoIsLeftOutIsTold(t *testing.T) {
	t.Parallel()
	p := startGranting(t, "im", "crm", "sonet_group")
	_, response := p.Launch(2, "IM_SIDEBAR", `{"dialogId":"chat71"}`)
	to := response.Header.Get("Location")
	if to != "/find?who=5,6,10,45&left=47,190" {
		t.Fatalf("the chat leads to %s", to)
	}
	anna := p.SignIn(2)
	for _, path := range []string{to, to + "&dur=45&drop=5"} {
		page, body := p.Get(anna, path, "")
		for _, want := range []string{
			"Left out of this search", "<bdi>Hélène Marchetti</bdi> · from outside the company", "<bdi>Notetaker</bdi> · a bot", `name="left" value="47,190"`,
		} {
			if page.StatusCode != http.StatusOK || !strings.Contains(body, want) {
				t.Errorf("%s: %s without %q", path, page.Status, want)
			}
		}
	}
	// Employees are not left out, whatever the address says.
	if _, body := p.Get(anna, "/find?who=5&left=6", ""); strings.Contains(body, "Left out") {
		t.Error("an employee is left out")
	}
	// The people search tells it before the chat is chosen.
	if _, body := p.Get(anna, "/people?q=aurora", ""); !strings.Contains(body, "<bdi>Hélène Marchetti</bdi> (from outside the company") {
		t.Errorf("the chat's guest: %.2000s", body)
	}
	// All who have to do with a deal are asked, the guest's contact's owner too.
	_, response = p.Launch(2, "CRM_DEAL_DETAIL_TAB", `{"ID":"801"}`)
	if to := response.Header.Get("Location"); to != "/find?who=1,6,24" {
		t.Errorf("the deal leads to %s", to)
	}
}

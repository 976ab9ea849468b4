package main

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/portalsim"
)

func (p *product) portalURL() *url.URL {
	return &url.URL{Scheme: "http", Host: p.company.Host, Path: "/"}
}

// TestSettingsAreForAdministrators: as Bitrix24 says now, whatever the form says.
func TestSettingsAreForAdministrators(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	response, body := p.get(anna, "/settings", "")
	if response.StatusCode != http.StatusForbidden || !strings.Contains(body, "Only administrators may do this") {
		t.Errorf("a user is shown the page: %s", response.Status)
	}
	for _, form := range []string{"do=designate&consent=1", "do=designate", "do=withdraw", "do=designate&consent=1&user=1&designated=1&admin=1"} {
		if response, body := p.setSettings(anna, form, asJSON); response.StatusCode != http.StatusForbidden {
			t.Errorf("a user may %s: %s %s", form, response.Status, body)
		}
	}
	p.wantEyes("after a user tried", anna, "own")
	p.designate(boss)
	if response, _ := p.setSettings(anna, "do=withdraw", asPage); response.StatusCode != http.StatusForbidden {
		t.Errorf("a user withdraws an administrator's consent: %s", response.Status)
	}
	p.wantEyes("after a user tried to withdraw", anna, "company")
	stranger := p.browser()
	if response, _ := p.setSettings(stranger, "do=withdraw", asJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %s", response.Status)
	}
	for name, c := range map[string]struct {
		client *http.Client
		shown  bool
	}{"an administrator": {boss, true}, "a user": {anna, false}} {
		if _, body := p.get(c.client, "/find", ""); strings.Contains(body, `href="/settings"`) != c.shown {
			t.Errorf("%s: the way to the settings is shown: %v", name, !c.shown)
		}
	}
}

// TestConsentIsOnesOwn: the form decides on nobody else's account, and on nobody's
// without the tick.
func TestConsentIsOnesOwn(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	wire := p.tapped()
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	for _, form := range []string{"do=designate", "do=designate&consent=0", "do=designate&consent=yes"} {
		response, body := p.setSettings(boss, form, asPage)
		if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Tick the box if you agree.") || !strings.Contains(body, `aria-describedby="err-consent"`) {
			t.Errorf("%s: %s", form, response.Status)
		}
	}
	response, body := p.setSettings(boss, "do=designate", asJSON)
	var fault struct {
		Error struct{ Fields map[string]string }
	}
	if json.Unmarshal([]byte(body), &fault) != nil || response.StatusCode != http.StatusUnprocessableEntity || fault.Error.Fields["consent"] == "" {
		t.Errorf("as JSON: %s %s", response.Status, body)
	}
	if response, _ := p.setSettings(boss, "consent=1", asPage); response.StatusCode != http.StatusBadRequest {
		t.Errorf("no button: %s", response.Status)
	}
	p.wantEyes("without consent", anna, "own")

	response, body = p.setSettings(boss, "do=designate&consent=1&user=3&designated=3&eyes=3&account=3&who=3&member=3", asPage)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "with the account of Ruth Halden.") || !strings.Contains(body, "Ruth Halden agreed on ") {
		t.Errorf("%s: %s", response.Status, body)
	}
	wire.take()
	p.wantEyes("designated", anna, "company")
	for _, c := range wire.take() {
		if c.method == "calendar.accessibility.get" && c.user != bossID {
			t.Errorf("user %d reads calendars", c.user)
		}
	}
	p.setSettings(boss, "do=withdraw&user=3", asPage)
	p.stop()
	var lines []map[string]any
	for text := range strings.Lines(p.log.text()) {
		var line map[string]any
		if json.Unmarshal([]byte(text), &line) == nil && line["msg"] == "security" && strings.HasPrefix(line["event"].(string), "account_") {
			delete(line, "time")
			lines = append(lines, line)
		}
	}
	if len(lines) != 2 {
		t.Fatalf("logged: %v", lines)
	}
	for i, event := range []string{"account_lent", "account_taken_back"} {
		if l := lines[i]; len(l) != 6 || l["level"] != "INFO" || l["event"] != event || l["portal"] != p.company.MemberID || l["user"] != float64(bossID) {
			t.Errorf("logged: %v", l)
		}
	}
}

// TestAdministratorsAreAskedForNow: what the session says was true at sign-in.
func TestAdministratorsAreAskedForNow(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	was, becomes := p.signIn(bossID), p.signIn(3)
	p.company.Change(func(c *portalsim.Portal) { c.Users[bossID-1].Admin, c.Users[2].Admin = false, true })
	company := week("04:00-05:00", "for", "company")
	for name, c := range map[string]struct {
		client *http.Client
		want   int
	}{"who was one": {was, http.StatusForbidden}, "who has become one": {becomes, http.StatusOK}} {
		if response, _ := p.setHours(c.client, company, asPage); response.StatusCode != c.want {
			t.Errorf("%s sets the company's hours: %s", name, response.Status)
		}
		if response, _ := p.setHours(c.client, url.Values{"for": {"company"}, "do": {"reset"}}, asPage); response.StatusCode != c.want {
			t.Errorf("%s drops the company's hours: %s", name, response.Status)
		}
		if response, _ := p.get(c.client, "/settings", ""); response.StatusCode != c.want {
			t.Errorf("%s sees the settings: %s", name, response.Status)
		}
		if response, _ := p.setSettings(c.client, "do=designate&consent=1", asPage); response.StatusCode != c.want {
			t.Errorf("%s designates himself: %s", name, response.Status)
		}
	}
	// Without an answer from Bitrix24 nobody is one.
	p.company.Fail("profile", portalsim.Failure("OVERLOAD_LIMIT"))
	if response, _ := p.setHours(becomes, company, asPage); response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the company's hours while Bitrix24 is busy: %s", response.Status)
	}
	// But his own consent he can withdraw at any time.
	if response, body := p.get(becomes, "/settings", ""); response.StatusCode != http.StatusOK || !strings.Contains(body, "does not confirm the account") {
		t.Errorf("the settings while Bitrix24 is busy: %s", response.Status)
	}
	if response, _ := p.setSettings(becomes, "do=withdraw", asPage); response.Request.Method != http.MethodGet {
		t.Errorf("withdrawing while Bitrix24 is busy: %s", response.Status)
	}
	p.company.Heal()
	p.wantEyes("after that", p.signIn(annaID), "own")
}

func TestSettingsFromAnotherSiteAreRefused(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	boss := p.signIn(bossID)
	request, err := http.NewRequest(http.MethodPost, p.app+"/settings", strings.NewReader("do=designate&consent=1"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := boss.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	readBody(t, response)
	if response.StatusCode != http.StatusForbidden {
		t.Error(response.Status)
	}
	// Nor does a link change anything.
	p.get(boss, "/settings?do=designate&consent=1", "")
	p.wantEyes("after that", p.signIn(annaID), "own")
}

// TestBrowserConsentWithoutScript gives and withdraws consent as people do.
func TestBrowserConsentWithoutScript(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	ctx := chromium(t)
	scriptsOff(t, ctx)
	p.signInBy(ctx, "1")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.top nav a[href="/settings"]`)), chromedp.WaitVisible(chromedp.CSS("#consent")),
		chromedp.Click(chromedp.CSS(`button[value="designate"]`)), chromedp.WaitVisible(chromedp.CSS("#err-consent")),
		chromedp.Click(chromedp.CSS("#consent")),
		chromedp.Click(chromedp.CSS(`button[value="designate"]`)), chromedp.WaitVisible(chromedp.CSS(`button[value="withdraw"]`)))
	p.wantEyes("agreed", p.signIn(annaID), "company")
	do(t, ctx, chromedp.Click(chromedp.CSS(`button[value="withdraw"]`)), chromedp.WaitVisible(chromedp.CSS("#consent")))
	p.wantEyes("withdrawn", p.signIn(annaID), "own")
}

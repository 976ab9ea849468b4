package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

func portalURL(p *harness.Product) *url.URL {
	return &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
}

// TestSettingsAreForAdministrators: as Bitrix24 says now, whatever the form says.
func TestSettingsAreForAdministrators(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	response, body := p.Get(anna, "/settings", "")
	if response.StatusCode != http.StatusForbidden || !strings.Contains(body, "Only administrators may do this") {
		t.Errorf("a user is shown the page: %s", response.Status)
	}
	for _, form := range []string{"do=designate&consent=1", "do=designate", "do=withdraw", "do=designate&consent=1&user=1&designated=1&admin=1"} {
		if response, body := setSettings(p, anna, form, harness.AsJSON); response.StatusCode != http.StatusForbidden {
			t.Errorf("a user may %s: %s %s", form, response.Status, body)
		}
	}
	p.WantReader("after a user tried", anna, "own")
	designate(p, boss)
	if response, _ := setSettings(p, anna, "do=withdraw", harness.AsPage); response.StatusCode != http.StatusForbidden {
		t.Errorf("a user withdraws an administrator's consent: %s", response.Status)
	}
	p.WantReader("after a user tried to withdraw", anna, "company")
	stranger := p.Browser()
	if response, _ := setSettings(p, stranger, "do=withdraw", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger: %s", response.Status)
	}
	for name, c := range map[string]struct {
		client *http.Client
		shown  bool
	}{"an administrator": {boss, true}, "a user": {anna, false}} {
		if _, body := p.Get(c.client, "/find", ""); strings.Contains(body, `href="/settings"`) != c.shown {
			t.Errorf("%s: the way to the settings is shown: %v", name, !c.shown)
		}
	}
}

// TestConsentIsOnesOwn: the form decides on nobody else's account, and on nobody's
// without the tick.
func TestConsentIsOnesOwn(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	wire := tapped(p)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	for _, form := range []string{"do=designate", "do=designate&consent=0", "do=designate&consent=yes"} {
		response, body := setSettings(p, boss, form, harness.AsPage)
		if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "Tick the box if you agree.") || !strings.Contains(body, `aria-describedby="err-consent"`) {
			t.Errorf("%s: %s", form, response.Status)
		}
	}
	response, body := setSettings(p, boss, "do=designate", harness.AsJSON)
	var fault struct {
		Error struct{ Fields map[string]string }
	}
	if json.Unmarshal([]byte(body), &fault) != nil || response.StatusCode != http.StatusUnprocessableEntity || fault.Error.Fields["consent"] == "" {
		t.Errorf("as JSON: %s %s", response.Status, body)
	}
	if response, _ := setSettings(p, boss, "consent=1", harness.AsPage); response.StatusCode != http.StatusBadRequest {
		t.Errorf("no button: %s", response.Status)
	}
	p.WantReader("without consent", anna, "own")

	response, body = setSettings(p, boss, "do=designate&consent=1&user=3&designated=3&eyes=3&account=3&who=3&member=3", harness.AsPage)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "with the account of Ruth Halden.") || !strings.Contains(body, "Ruth Halden agreed on ") {
		t.Errorf("%s: %s", response.Status, body)
	}
	wire.take()
	p.WantReader("designated", anna, "company")
	for _, c := range wire.take() {
		if c.method == "calendar.accessibility.get" && c.user != harness.AdministratorID {
			t.Errorf("user %d reads calendars", c.user)
		}
	}
	setSettings(p, boss, "do=withdraw&user=3", harness.AsPage)
	p.Stop()
	var lines []map[string]any
	for text := range strings.Lines(p.Log.Text()) {
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
		if l := lines[i]; len(l) != 6 || l["level"] != "INFO" || l["event"] != event || l["portal"] != p.Company.MemberID || l["user"] != float64(harness.AdministratorID) {
			t.Errorf("logged: %v", l)
		}
	}
}

// TestAdministratorsAreAskedForNow: what the session says was true at sign-in.
func TestAdministratorsAreAskedForNow(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	was, becomes := p.SignIn(harness.AdministratorID), p.SignIn(3)
	p.Company.Change(func(c *portalsim.Portal) { c.Users[harness.AdministratorID-1].Admin, c.Users[2].Admin = false, true })
	company := week("04:00-05:00", "for", "company")
	for name, c := range map[string]struct {
		client *http.Client
		want   int
	}{"who was one": {was, http.StatusForbidden}, "who has become one": {becomes, http.StatusOK}} {
		if response, _ := setHours(p, c.client, company, harness.AsPage); response.StatusCode != c.want {
			t.Errorf("%s sets the company's hours: %s", name, response.Status)
		}
		if response, _ := setHours(p, c.client, url.Values{"for": {"company"}, "do": {"reset"}}, harness.AsPage); response.StatusCode != c.want {
			t.Errorf("%s drops the company's hours: %s", name, response.Status)
		}
		if response, _ := p.Get(c.client, "/settings", ""); response.StatusCode != c.want {
			t.Errorf("%s sees the settings: %s", name, response.Status)
		}
		if response, _ := setSettings(p, c.client, "do=designate&consent=1", harness.AsPage); response.StatusCode != c.want {
			t.Errorf("%s designates himself: %s", name, response.Status)
		}
	}
	// Without an answer from Bitrix24 nobody is one.
	p.Company.Fail("profile", portalsim.Failure("OVERLOAD_LIMIT"))
	if response, _ := setHours(p, becomes, company, harness.AsPage); response.StatusCode != http.StatusTooManyRequests {
		t.Errorf("the company's hours while Bitrix24 is busy: %s", response.Status)
	}
	// But they can withdraw their own consent at any time.
	if response, body := p.Get(becomes, "/settings", ""); response.StatusCode != http.StatusOK || !strings.Contains(body, "cannot confirm the account") {
		t.Errorf("the settings while Bitrix24 is busy: %s", response.Status)
	}
	if response, _ := setSettings(p, becomes, "do=withdraw", harness.AsPage); response.Request.Method != http.MethodGet {
		t.Errorf("withdrawing while Bitrix24 is busy: %s", response.Status)
	}
	p.Company.Heal()
	p.WantReader("after that", p.SignIn(harness.AnnaID), "own")
}

func TestSettingsFromAnotherSiteAreRefused(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss := p.SignIn(harness.AdministratorID)
	request, err := http.NewRequest(http.MethodPost, p.App+"/settings", strings.NewReader("do=designate&consent=1"))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := boss.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	harness.ReadBody(t, response)
	if response.StatusCode != http.StatusForbidden {
		t.Error(response.Status)
	}
	// Nor does a link change anything.
	p.Get(boss, "/settings?do=designate&consent=1", "")
	p.WantReader("after that", p.SignIn(harness.AnnaID), "own")
}

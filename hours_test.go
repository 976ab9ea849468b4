package main

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/andybalholm/cascadia"
	"github.com/chromedp/chromedp"
	"golang.org/x/net/html"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/portalsim"
)

// setHours sends the form of working time and returns what came in the end.
func (p *product) setHours(client *http.Client, form url.Values, accept string) (*http.Response, string) {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodPost, p.app+"/hours", strings.NewReader(form.Encode()))
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", accept)
	response, err := client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	return response, readBody(p.t, response)
}

// week is a form with the same hours on all days.
func week(hours string, more ...string) url.Values {
	form := url.Values{}
	for _, day := range []string{"mo", "tu", "we", "th", "fr", "sa", "su"} {
		form.Set(day, hours)
	}
	for i := 0; i < len(more); i += 2 {
		form.Set(more[i], more[i+1])
	}
	return form
}

// readings are the clock readings at which slots of an answer start, in a zone.
func readings(t *testing.T, a answer, zoneName string) (list []string) {
	t.Helper()
	zone, err := tz.Load(zoneName)
	if err != nil {
		t.Fatal(err)
	}
	for _, s := range a.Slots {
		if at := s.Start.In(zone).Format("15:04"); !slices.Contains(list, at) {
			list = append(list, at)
		}
	}
	slices.Sort(list)
	return list
}

// within reports whether there are readings and all lie from one to another.
func within(list []string, first, last string) bool {
	return len(list) > 0 && list[0] >= first && list[len(list)-1] <= last
}

const asPage = "text/html"

func TestHoursCountInEverySearchOfThePortal(t *testing.T) {
	t.Parallel()
	p := start(t)
	anna, ben := p.signIn(1), p.signIn(2)
	const query = "me=0&who=2&dur=30&step=30&tz=UTC"
	response, _ := p.setHours(ben, week("03:00-04:00", "zone", "UTC"), asPage)
	if response.Request.URL.Path != "/hours" || response.Request.Method != http.MethodGet || response.StatusCode != http.StatusOK {
		t.Fatalf("saving ended at %s %s with %s", response.Request.Method, response.Request.URL, response.Status)
	}
	for name, client := range map[string]*http.Client{"a colleague": anna, "himself": ben} {
		a := p.find(client, query)
		if got := readings(t, a, "UTC"); !within(got, "03:00", "03:30") {
			t.Errorf("for %s slots start at %v", name, got)
		}
		if a.People[0].TimeZone != "UTC" {
			t.Errorf("for %s the zone is %s", name, a.People[0].TimeZone)
		}
	}
	if response, body := p.setHours(ben, url.Values{"do": {"reset"}}, asPage); response.StatusCode != http.StatusOK || !strings.Contains(body, `role="status"`) {
		t.Errorf("forgetting: %s", response.Status)
	}
	if got := readings(t, p.find(anna, query), "UTC"); slices.Contains(got, "03:00") && slices.Contains(got, "03:30") && len(got) <= 2 {
		t.Errorf("after forgetting, slots still start at %v", got)
	}
}

func TestHoursOfTheCompanyAreForAdministrators(t *testing.T) {
	t.Parallel()
	p := start(t)
	admin, user := p.signIn(1), p.signIn(2)
	company := week("04:00-05:00", "for", "company")
	response, _ := p.setHours(user, company, asJSON)
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("a user sets the company's hours: %s", response.Status)
	}
	if response, _ := p.setHours(user, url.Values{"for": {"company"}, "do": {"reset"}}, asJSON); response.StatusCode != http.StatusForbidden {
		t.Errorf("a user drops the company's hours: %s", response.Status)
	}
	if _, body := p.get(user, "/hours", ""); strings.Contains(body, `value="company"`) {
		t.Error("a user is shown the company's form")
	}
	if _, body := p.get(admin, "/hours", ""); !strings.Contains(body, `value="company"`) {
		t.Error("an administrator is not shown the company's form")
	}
	const query = "me=0&who=2&dur=30&step=30"
	before := p.find(admin, query)
	zone := before.People[0].TimeZone
	if got := readings(t, before, zone); slices.Contains(got, "04:00") {
		t.Fatalf("slots start at %v", got)
	}
	// The zone in the form is not the company's to set.
	company.Set("zone", "Asia/Tokyo")
	if response, _ := p.setHours(admin, company, asPage); response.StatusCode != http.StatusOK {
		t.Fatalf("an administrator: %s", response.Status)
	}
	if got := readings(t, p.find(user, query), zone); !within(got, "04:00", "04:30") {
		t.Errorf("slots start at %v in %s", got, zone)
	}
	p.setHours(user, week("05:00-06:00"), asPage)
	if got := readings(t, p.find(admin, query), zone); !within(got, "05:00", "05:30") {
		t.Errorf("with hours of their own, slots start at %v", got)
	}
}

// another is a second company on the same app, whose users have the same ids.
func (p *product) another() *product {
	other := *p
	other.company = portalsim.Company(portalsim.On(time.Now().Date()))
	other.company.MemberID = strings.Repeat("b", len(other.company.MemberID))
	server := httptest.NewServer(other.company)
	p.t.Cleanup(server.Close)
	other.company.Host = server.Listener.Addr().String()
	p.sim.AddPortal(other.company)
	other.company.Install(clientID)
	return &other
}

// TestHoursStayInTheirPortal: user 2 of another company is somebody else.
func TestHoursStayInTheirPortal(t *testing.T) {
	t.Parallel()
	p := start(t)
	other := p.another()
	p.setHours(p.signIn(2), week("03:00-04:00", "zone", "UTC"), asPage)
	p.setHours(p.signIn(1), week("03:00-04:00", "for", "company"), asPage)
	stranger := other.signIn(2)
	for _, who := range []string{"2", "3"} {
		if got := readings(t, other.find(stranger, "me=0&dur=30&step=30&who="+who), "UTC"); len(got) <= 2 {
			t.Errorf("user %s of another company has slots at %v only", who, got)
		}
	}
}

func TestBadHoursKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
	form := week("09:00-17:00", "mo", "nine to five", "lunch", "noon", "zone", "Mars/Base", "prefer", "22-2", "off_from", "2030-02-30", "off_to", "soon")
	form["off"] = []string{"2030-05-01/2030-05-02"}
	for _, subject := range []string{"me", "company"} {
		form.Set("for", subject)
		response, body := p.setHours(client, form, asPage)
		if response.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("%s: %s", subject, response.Status)
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, typed := range form {
			input := cascadia.Query(doc, cascadia.MustCompile(`#`+subject+` input[name=`+name+`][value="`+typed[0]+`"]`))
			if input == nil {
				if subject != "company" || name != "zone" && name != "prefer" {
					t.Errorf("%s: what was typed for %s is lost", subject, name)
				}
				continue
			}
			wrong := slices.Contains([]string{"mo", "lunch", "zone", "prefer", "off_from", "off_to"}, name)
			if wrong && cascadia.Query(doc, cascadia.MustCompile(`#err-`+subject+`-`+name)) == nil {
				t.Errorf("%s: no message beside %s", subject, name)
			}
			if invalid := cascadia.Query(doc, cascadia.MustCompile(`#`+subject+`-`+name+`[aria-invalid=true]`)) != nil; invalid != wrong {
				t.Errorf("%s: %s is marked as wrong: %v", subject, name, invalid)
			}
		}
	}
	form.Set("for", "me")
	response, body := p.setHours(client, form, asJSON)
	var fault struct {
		Error struct{ Fields map[string]string }
	}
	if err := json.Unmarshal([]byte(body), &fault); err != nil || response.StatusCode != http.StatusUnprocessableEntity || len(fault.Error.Fields) != 6 {
		t.Errorf("as JSON: %s %s", response.Status, body)
	}
	if _, body := p.get(client, "/hours", ""); strings.Contains(body, "nine to five") {
		t.Error("what is wrong was saved")
	}
}

func TestHoursPreviewSavesNothing(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
	response, body := p.setHours(client, week("22:30-01:30", "do", "preview", "off_from", "2031-01-01", "lunch", "23:00-23:30"), asPage)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "22:30–23:00, 23:30–24:00") || !strings.Contains(body, `value="2031-01-01"`) {
		t.Errorf("%s: the preview shows not what was typed", response.Status)
	}
	if _, body := p.get(client, "/hours", ""); strings.Contains(body, "22:30") {
		t.Error("the preview was saved")
	}
}

func TestHoursFromAnotherSiteAreRefused(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
	request, err := http.NewRequest(http.MethodPost, p.app+"/hours", strings.NewReader(week("09:00-10:00").Encode()))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", "cross-site")
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	if _, err := io.Copy(io.Discard, response.Body); err != nil || response.StatusCode != http.StatusForbidden {
		t.Errorf("%s, %v", response.Status, err)
	}
}

// TestBrowserHoursWithoutScript sets hours as people do and sees the search change.
func TestBrowserHoursWithoutScript(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := chromium(t)
	scriptsOff(t, ctx)
	p.signInBy(ctx, "1")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.top nav a[href="/hours"]`)), chromedp.WaitReady(chromedp.CSS("#me-mo")))
	for _, day := range []string{"mo", "tu", "we", "th", "fr", "sa", "su"} {
		do(t, ctx, chromedp.SetValue(chromedp.CSS("#me-"+day), "02:00-03:00"))
	}
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("#me-lunch"), "\r"), chromedp.WaitVisible(chromedp.CSS(".note[role=status]")),
		chromedp.Click(chromedp.CSS(`.top nav a[href="/find"]`)), chromedp.WaitReady(chromedp.CSS(".lst time")))
	shown, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[[]string](`Array.from(document.querySelectorAll(".lst tbody time"), t => t.textContent.trim())`))
	if err != nil {
		t.Fatal(err)
	}
	if len(shown) == 0 || slices.ContainsFunc(shown, func(text string) bool { return !strings.HasPrefix(text, "02:") }) {
		t.Errorf("the search shows %q", shown)
	}
}

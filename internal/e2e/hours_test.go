package e2e

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
	"golang.org/x/net/html"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// setHours sends the form of working time and returns what came in the end.
func setHours(p *harness.Product, client *http.Client, form url.Values, accept string) (*http.Response, string) {
	p.T.Helper()
	request, err := http.NewRequest(http.MethodPost, p.App+"/hours", strings.NewReader(form.Encode()))
	if err != nil {
		p.T.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", accept)
	response, err := client.Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	return response, harness.ReadBody(p.T, response)
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
func readings(t *testing.T, a harness.Answer, zoneName string) (list []string) {
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

func TestHoursCountInEverySearchOfThePortal(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	anna, ben := p.SignIn(1), p.SignIn(2)
	const query = "me=0&who=2&dur=30&step=30&tz=UTC"
	response, _ := setHours(p, ben, week("03:00-04:00", "zone", "UTC"), harness.AsPage)
	if response.Request.URL.Path != "/hours" || response.Request.Method != http.MethodGet || response.StatusCode != http.StatusOK {
		t.Fatalf("saving ended at %s %s with %s", response.Request.Method, response.Request.URL, response.Status)
	}
	for name, client := range map[string]*http.Client{"a colleague": anna, "himself": ben} {
		a := p.Find(client, query)
		if got := readings(t, a, "UTC"); !within(got, "03:00", "03:30") {
			t.Errorf("for %s slots start at %v", name, got)
		}
		if a.People[0].TimeZone != "UTC" {
			t.Errorf("for %s the zone is %s", name, a.People[0].TimeZone)
		}
	}
	if response, body := setHours(p, ben, url.Values{"do": {"reset"}}, harness.AsPage); response.StatusCode != http.StatusOK || !strings.Contains(body, `role="status"`) {
		t.Errorf("forgetting: %s", response.Status)
	}
	if got := readings(t, p.Find(anna, query), "UTC"); slices.Contains(got, "03:00") && slices.Contains(got, "03:30") && len(got) <= 2 {
		t.Errorf("after forgetting, slots still start at %v", got)
	}
}

// One more range is chosen on the page, without script: the rest of the form stays, and what
// was chosen in two fields is saved as what programs send.
func TestHoursAreChosen(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ben := p.SignIn(2)
	form := url.Values{"more": {"mo"}, "mo_from": {"03:00"}, "mo_to": {"04:00"}, "lunch_from": {"12:00"}, "lunch_to": {"nonsense"}, "zone": {"America/Bogota"}}
	response, page := setHours(p, ben, form, harness.AsPage)
	for _, want := range []string{`id="me-mo-2"`, `value="03:00" selected`, `value="nonsense" selected`, `value="America/Bogota" selected`} {
		if response.StatusCode != http.StatusOK || !strings.Contains(page, want) {
			t.Errorf("%s: no %s", response.Status, want)
		}
	}
	form = url.Values{"do": {"save"}, "mo_from": {"03:00", "05:00"}, "mo_to": {"04:00", "06:00"}, "lunch_from": {""}, "lunch_to": {"13:00"}, "zone": {"America/Bogota"}}
	if response, page := setHours(p, ben, form, harness.AsPage); response.Request.Method != http.MethodGet || !strings.Contains(page, "03:00–04:00, 05:00–06:00") {
		t.Errorf("saving: %s at %s", response.Status, response.Request.URL)
	}
}

func TestHoursOfTheCompanyAreForAdministrators(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	admin, user := p.SignIn(1), p.SignIn(2)
	company := week("04:00-05:00", "for", "company")
	response, _ := setHours(p, user, company, harness.AsJSON)
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("a user sets the company's hours: %s", response.Status)
	}
	if response, _ := setHours(p, user, url.Values{"for": {"company"}, "do": {"reset"}}, harness.AsJSON); response.StatusCode != http.StatusForbidden {
		t.Errorf("a user drops the company's hours: %s", response.Status)
	}
	if _, body := p.Get(user, "/hours", ""); strings.Contains(body, `value="company"`) {
		t.Error("a user is shown the company's form")
	}
	if _, body := p.Get(admin, "/hours", ""); !strings.Contains(body, `value="company"`) {
		t.Error("an administrator is not shown the company's form")
	}
	const query = "me=0&who=2&dur=30&step=30"
	before := p.Find(admin, query)
	zone := before.People[0].TimeZone
	if got := readings(t, before, zone); slices.Contains(got, "04:00") {
		t.Fatalf("slots start at %v", got)
	}
	// The zone in the form is not the company's to set.
	company.Set("zone", "Asia/Tokyo")
	if response, _ := setHours(p, admin, company, harness.AsPage); response.StatusCode != http.StatusOK {
		t.Fatalf("an administrator: %s", response.Status)
	}
	if got := readings(t, p.Find(user, query), zone); !within(got, "04:00", "04:30") {
		t.Errorf("slots start at %v in %s", got, zone)
	}
	setHours(p, user, week("05:00-06:00"), harness.AsPage)
	if got := readings(t, p.Find(admin, query), zone); !within(got, "05:00", "05:30") {
		t.Errorf("with hours of their own, slots start at %v", got)
	}
}

// another is a second company on the same app, whose users have the same ids.
func another(p *harness.Product) *harness.Product {
	other := *p
	other.Company = portalsim.Company(portalsim.On(time.Now().Date()))
	other.Company.MemberID = strings.Repeat("b", len(other.Company.MemberID))
	server := httptest.NewServer(other.Company)
	p.T.Cleanup(server.Close)
	other.Company.Host = server.Listener.Addr().String()
	p.Sim.AddPortal(other.Company)
	other.Company.Install(harness.ClientID)
	return &other
}

// TestHoursStayInTheirPortal: user 2 of another company is somebody else.
func TestHoursStayInTheirPortal(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	other := another(p)
	setHours(p, p.SignIn(2), week("03:00-04:00", "zone", "UTC"), harness.AsPage)
	setHours(p, p.SignIn(1), week("03:00-04:00", "for", "company"), harness.AsPage)
	stranger := other.SignIn(2)
	for _, who := range []string{"2", "3"} {
		if got := readings(t, other.Find(stranger, "me=0&dur=30&step=30&who="+who), "UTC"); len(got) <= 2 {
			t.Errorf("user %s of another company has slots at %v only", who, got)
		}
	}
}

func TestBadHoursKeepWhatWasTyped(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	form := week("09:00-17:00", "mo", "nine to five", "lunch", "noon", "zone", "Mars/Base", "prefer", "late-early", "off_from", "2030-02-30", "off_to", "soon")
	form["off"] = []string{"2030-05-01/2030-05-02"}
	for _, subject := range []string{"me", "company"} {
		form.Set("for", subject)
		response, body := setHours(p, client, form, harness.AsPage)
		if response.StatusCode != http.StatusUnprocessableEntity {
			t.Fatalf("%s: %s", subject, response.Status)
		}
		doc, err := html.Parse(strings.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		for name, typed := range form {
			// A range that can be read stands in two fields, any other text in the first.
			begin, end, _ := strings.Cut(typed[0], "-")
			of := func(selector string) bool {
				return cascadia.Query(doc, cascadia.MustCompile(`#`+subject+" "+selector)) != nil
			}
			chosen := func(name, value string) bool {
				return of(`select[name=` + name + `] option[selected][value="` + value + `"]`)
			}
			if !of(`input[name=`+name+`][value="`+typed[0]+`"]`) && !chosen(name, typed[0]) && !chosen(name+"_from", typed[0]) && !(chosen(name+"_from", begin) && chosen(name+"_to", end)) {
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
	response, body := setHours(p, client, form, harness.AsJSON)
	var fault struct {
		Error struct{ Fields map[string]string }
	}
	if err := json.Unmarshal([]byte(body), &fault); err != nil || response.StatusCode != http.StatusUnprocessableEntity || len(fault.Error.Fields) != 6 {
		t.Errorf("as JSON: %s %s", response.Status, body)
	}
	if _, body := p.Get(client, "/hours", ""); strings.Contains(body, "nine to five") {
		t.Error("what is wrong was saved")
	}
}

func TestHoursPreviewSavesNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	response, body := setHours(p, client, week("22:30-01:30", "do", "preview", "off_from", "2031-01-01", "lunch", "23:00-23:30"), harness.AsPage)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "22:30–23:00, 23:30–24:00") || !strings.Contains(body, `value="2031-01-01"`) {
		t.Errorf("%s: the preview shows not what was typed", response.Status)
	}
	if _, body := p.Get(client, "/hours", ""); strings.Contains(body, "22:30–") || strings.Contains(body, `"22:30" selected`) {
		t.Error("the preview was saved")
	}
}

func TestHoursFromAnotherSiteAreRefused(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	request, err := http.NewRequest(http.MethodPost, p.App+"/hours", strings.NewReader(week("09:00-10:00").Encode()))
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

package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

func sessionCookie(cookies []*http.Cookie) string {
	for _, c := range cookies {
		if c.Name == "slotfinder" {
			return c.Value
		}
	}
	return ""
}

func post(t *testing.T, client *http.Client, address, site string) *http.Response {
	t.Helper()
	request, err := http.NewRequest(http.MethodPost, address, strings.NewReader(""))
	if err != nil {
		t.Fatal(err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Sec-Fetch-Site", site)
	response, err := client.Do(request)
	if err != nil {
		t.Fatal(err)
	}
	harness.ReadBody(t, response)
	return response
}

// callbackURL begins a sign-in and returns the address with the code, not yet
// opened.
func callbackURL(p *harness.Product, t *testing.T, client *http.Client) string {
	t.Helper()
	response, err := harness.NoRedirects(client).Get(login(p, client, p.Company.Host, "").Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	harness.ReadBody(t, response)
	at := response.Header.Get("Location")
	if !strings.HasPrefix(at, p.App+"/bitrix24?") {
		t.Fatalf("the portal leads to %q", at)
	}
	return at
}

func errorCode(t *testing.T, body string) string {
	t.Helper()
	code, _ := errorOf(t, body)
	return code
}

func errorOf(t *testing.T, body string) (code string, fields map[string]string) {
	t.Helper()
	var e struct {
		Error struct {
			Code    string
			Message string
			Fields  map[string]string
		}
	}
	if err := json.Unmarshal([]byte(body), &e); err != nil || e.Error.Message == "" {
		t.Fatalf("no error in %.300s: %v", body, err)
	}
	return e.Error.Code, e.Error.Fields
}

// typable are the parameters that people type into the form; the others have
// choices there, and people as chips.
var typable = map[string]bool{"from": true, "to": true, "dur": true, "hours": true, "tz": true, "buffer": true, "quorum": true, "notice": true}

// TestBadInput: every parameter with wrong values is 422 naming just that field,
// and the form keeps what was typed.
func TestBadInput(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for _, bad := range []string{
		"who=1,x", "opt=-1", "any=5:1,2", "from=tomorrow", "to=2026-99-01", "dur=4", "step=7", "tz=Mars/Base", "hours=9-17",
		"days=monday", "work=2", "tentative=maybe", "allday=1", "buffer=121", "quorum=-1", "weeks=0", "notice=-5", "me=2",
		"dur=30&dur=60", "who=" + strings.Repeat("9", 5000),
	} {
		name, typed, _ := strings.Cut(strings.Split(bad, "&")[0], "=")
		response, body := p.Get(client, "/find?"+bad, harness.AsJSON)
		if response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%.60s: %s", bad, response.Status)
			continue
		}
		code, fields := errorOf(t, body)
		if len(fields) != 1 || fields[name] == "" || strings.HasPrefix(fields[name], "field.") || code != "invalid" {
			t.Errorf("%.60s: code %q fields %v", bad, code, fields)
		}
		response, body = p.Get(client, "/find?"+bad, "")
		if response.StatusCode != http.StatusUnprocessableEntity || !strings.Contains(body, "<form") {
			t.Errorf("%.60s: page %s", bad, response.Status)
		}
		if typable[name] && !strings.Contains(body, typed) {
			t.Errorf("%.60s: the form has lost what was typed", bad)
		}
	}
	from, to := time.Now().Format(time.DateOnly), time.Now().AddDate(0, 0, 92).Format(time.DateOnly)
	if response, body := p.Get(client, "/find?from="+from+"&to="+to, harness.AsJSON); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("93 days: %s %.200s", response.Status, body)
	}
}

func TestUnknownPeopleAreUnknown(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	a := p.Find(p.SignIn(2), "who=987654&opt=3")
	if len(a.Slots) != 0 || len(a.Windows) != 0 {
		t.Errorf("%d slots although a required person is unknown", len(a.Slots))
	}
	for _, person := range a.People {
		if person.ID == 987654 && (person.Availability != "unknown" || person.Reason == "") {
			t.Errorf("%+v", person)
		}
	}
}

// TestHeaders: what every page of ours carries from the first day.
func TestHeaders(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "SLOTFINDER_PUBLIC_URL", "https://slots.example")
	client := p.Browser()
	for _, path := range []string{"/", "/find", "/nothing", "/bitrix24?code=a&state=b", "/login?portal=", "/healthz"} {
		response, _ := p.Get(harness.NoRedirects(client), path, "")
		h := response.Header
		policy := h.Get("Content-Security-Policy")
		for _, part := range []string{"default-src 'none'", "script-src 'self'", "style-src 'self'", "base-uri 'none'", "frame-ancestors 'none'"} {
			if !strings.Contains(policy, part) {
				t.Errorf("%s: policy %q lacks %s", path, policy, part)
			}
		}
		if strings.Contains(policy, "unsafe") || strings.Contains(policy, "*") {
			t.Errorf("%s: policy %q", path, policy)
		}
		got := map[string]string{
			"nosniff": h.Get("X-Content-Type-Options"), "referrer": h.Get("Referrer-Policy"),
			"cache": h.Get("Cache-Control"), "hsts": h.Get("Strict-Transport-Security"), "frame": h.Get("X-Frame-Options"),
		}
		want := map[string]string{
			"nosniff": "nosniff", "referrer": "same-origin", "cache": "private, no-cache",
			"hsts": "max-age=63072000; includeSubDomains", "frame": "",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	cookie := login(p, client, p.Company.Host, "").Header.Get("Set-Cookie")
	for _, part := range []string{"__Host-slotfinder-signin-", "Path=/", "Secure", "HttpOnly", "SameSite=Lax"} {
		if !strings.Contains(cookie, part) {
			t.Errorf("cookie %q lacks %s", cookie, part)
		}
	}
}

// TestPortalTrouble: a portal that is broken gives a clear answer, never a slot.
func TestPortalTrouble(t *testing.T) {
	t.Parallel()
	for name, fault := range map[string]portalsim.Fault{
		"HTML 502":  portalsim.HTML502(),
		"truncated": portalsim.Truncated(),
		"cut":       portalsim.Cut(),
		"overload":  portalsim.Failure("OVERLOAD_LIMIT"),
		"plan":      portalsim.Failure("ACCESS_DENIED"),
		"scope":     portalsim.Failure("insufficient_scope"),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t)
			client := p.SignIn(2)
			p.Company.Fail("*", fault)
			from := time.Now().AddDate(0, 0, 30).Format(time.DateOnly)
			response, body := p.Get(client, "/find?who=3,4&from="+from, harness.AsJSON)
			if response.StatusCode < 400 {
				t.Errorf("JSON: %s %.300s", response.Status, body)
			}
			response, body = p.Get(client, "/find?who=3,4&from="+from, "")
			if response.StatusCode < 400 || !strings.Contains(body, "<form") {
				t.Errorf("page: %s %.300s", response.Status, body)
			}
			if strings.Contains(body, "Bad Gateway") || strings.Contains(body, "OVERLOAD") {
				t.Error("the portal's own words are on the page")
			}
			p.Company.Heal()
		})
	}
}

// TestNothingSecretIsLogged runs a whole visit at the most talkative level.
func TestNothingSecretIsLogged(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	p.Company.ExpireTokens()
	p.Find(client, "who=3,4,5")
	p.Get(client, "/people?q=ann", "")
	p.Get(client, "/find?who=1,x", "")
	if code := p.Stop(); code != 0 {
		t.Errorf("exit code %d", code)
	}
	logged := p.Log.Text()
	for _, secret := range append(p.Company.Secrets(), harness.ClientSecret) {
		if len(secret) > 5 && strings.Contains(logged, secret) {
			t.Errorf("the log holds %q", secret)
		}
	}
	if strings.Contains(logged, "who=") || strings.Contains(logged, "code=") {
		t.Error("the log holds a query")
	}
}

// TestRequestsToThePortal holds the budget: five people over two weeks cost at
// most four requests when nothing is known yet, and at most one the next time.
func TestRequestsToThePortal(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.Browser()
	portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
	client.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(2)})
	response, err := harness.NoRedirects(client).Get(callbackURL(p, t, client))
	if err != nil {
		t.Fatal(err)
	}
	harness.ReadBody(t, response)
	monday := harness.NextMonday(time.Now())
	query := "who=3,4,5,6&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 13).Format(time.DateOnly)
	for _, c := range []struct {
		name, query string
		most        int
	}{{"cold", query, 4}, {"warm", query + "&dur=30", 1}} {
		p.Company.Reset()
		p.Find(client, c.query)
		sent := slices.DeleteFunc(p.Company.Requests(), func(r portalsim.Request) bool { return r.Batch })
		if len(sent) > c.most {
			t.Errorf("%s: %d requests, at most %d allowed: %v", c.name, len(sent), c.most, sent)
		}
	}
}

// TestManyPeopleStayBelowTheLimit: everybody of the portal over a month never
// meets the portal's rate limit.
func TestManyPeopleStayBelowTheLimit(t *testing.T) {
	t.Parallel()
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	ids := []string{}
	for id := 1000; id < 1300; id++ {
		company.Users = append(company.Users, &portalsim.User{ID: id, Name: "Many", LastName: "Person", Active: true, Departments: []int{1}})
		ids = append(ids, strconv.Itoa(id))
	}
	p := harness.StartWith(t, company)
	client := p.SignIn(2)
	p.Company.Reset()
	from := harness.NextMonday(time.Now())
	a := p.Find(client, "opt="+strings.Join(ids, ",")+"&from="+from.Format(time.DateOnly)+"&to="+from.AddDate(0, 0, 30).Format(time.DateOnly))
	for _, person := range a.People {
		if person.Availability != "known" {
			t.Fatalf("%+v", person)
		}
	}
	for _, request := range p.Company.Requests() {
		if request.Status != http.StatusOK {
			t.Errorf("%+v", request)
		}
	}
}

// TestMalformedIsRefused: what can't be decoded is refused at its field; it never
// becomes another question.
func TestMalformedIsRefused(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for query, field := range map[string]string{
		"who=2;3": "who", "who=2,3%zz": "who", "dur=%zz": "dur", "from=2026-12-01%": "from", "opt=3;who=4": "opt",
	} {
		response, body := p.Get(client, "/find?"+query, harness.AsJSON)
		if response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %s", query, response.Status)
			continue
		}
		if _, fields := errorOf(t, body); len(fields) != 1 || fields[field] == "" {
			t.Errorf("%s: fields %v", query, fields)
		}
	}
}

// TestMethods: HEAD works wherever GET does, other methods are told so, and what
// is not there is a page of ours or JSON, whoever asks.
func TestMethods(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := harness.NoRedirects(p.Browser())
	for _, c := range []struct {
		method, path string
		status       int
	}{
		{"HEAD", "/", 200},
		{"HEAD", "/healthz", 200},
		{"HEAD", "/readyz", 200},
		{"HEAD", "/bitrix24", 200},
		{"HEAD", "/bitrix24/install", 200},
		{"HEAD", "/nothing", 404},
		{"POST", "/find", 405},
		{"DELETE", "/", 405},
		{"GET", "/logout", 405},
		{"GET", "/static/nope.css", 404},
		{"GET", "/nothing", 404},
	} {
		request, err := http.NewRequest(c.method, p.App+c.path, nil)
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("Accept", harness.AsJSON)
		response, err := client.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		body := harness.ReadBody(t, response)
		if response.StatusCode != c.status {
			t.Errorf("%s %s: %s, want %d", c.method, c.path, response.Status, c.status)
		}
		if c.method == "HEAD" && body != "" {
			t.Errorf("HEAD %s has a body", c.path)
		}
		if c.method == "GET" && errorCode(t, body) == "" {
			t.Errorf("%s %s: %.100s", c.method, c.path, body)
		}
	}
}

// TestHealth: the words that probes read.
func TestHealth(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	response, body := p.Get(p.Browser(), "/healthz", "")
	if response.StatusCode != http.StatusOK || body != "ok" {
		t.Errorf("/healthz: %s %q", response.Status, body)
	}
	if response, _ := p.Get(p.Browser(), "/readyz", ""); response.StatusCode != http.StatusOK {
		t.Errorf("/readyz: %s", response.Status)
	}
}

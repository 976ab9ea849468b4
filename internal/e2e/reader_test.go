package e2e

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// hiddenQuery asks for next week of the one whose calendar is hidden.
func hiddenQuery() string { return harness.HiddenQuery(0) }

// designate lets a client do what the settings page's button does.
func designate(p *harness.Product, client *http.Client) {
	p.T.Helper()
	if response, body := setSettings(p, client, "do=designate&consent=1", harness.AsPage); response.StatusCode != http.StatusOK || response.Request.URL.Path != "/settings" {
		p.T.Fatalf("designating ended with %s: %.600s", response.Status, body)
	}
}

func setSettings(p *harness.Product, client *http.Client, form, accept string) (*http.Response, string) {
	p.T.Helper()
	request, err := http.NewRequest(http.MethodPost, p.App+"/settings", strings.NewReader(form))
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

// TestWhoseEyes: a hidden calendar looks free to a colleague until an administrator lends their
// account, and again as soon as they take it back. What was read with the
// eyes of one is never shown to those who see with the other's, although every
// search asks for the same within seconds.
func TestWhoseEyes(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	line := func(when, text string) {
		t.Helper()
		if _, body := p.Get(anna, "/find?"+hiddenQuery(), ""); !strings.Contains(body, text) {
			t.Errorf("%s: the page does not say %q", when, text)
		}
	}
	p.WantReader("at first", anna, "own")
	line("at first", "Calendars that are hidden from you look free here.")
	if a := p.Find(boss, hiddenQuery()); a.View != "own" || p.OverBusy(a) > 0 {
		t.Errorf("the administrator himself: view %q, %d slots in busy times", a.View, p.OverBusy(a))
	}
	p.WantReader("after the administrator searched", anna, "own")
	designate(p, boss)
	p.WantReader("designated", anna, "company")
	line("designated", "Calendars that are hidden from you are included, as your administrators allow.")
	if response, _ := setSettings(p, boss, "do=withdraw", harness.AsPage); response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
	p.WantReader("withdrawn", anna, "own")
	line("withdrawn", "Calendars that are hidden from you look free here.")
	other := anotherInstance(p) // another process on the same database
	designate(p, boss)
	p.WantReader("designated again", anna, "company")
	other.WantReader("in another process", anna, "company")
	if response, _ := setSettings(p, boss, "do=withdraw", harness.AsPage); response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
	other.WantReader("withdrawn in another process", anna, "own")
}

// TestLostEyes: whatever becomes of the designated account, searches go on with the
// searcher's own rights and say so, and administrators are told on their page.
func TestLostEyes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		lose func(p *harness.Product)
		told string // to administrators
	}{
		{"the grant is gone", func(p *harness.Product) {
			p.Sim.RevokeRefresh(p.Company.MemberID, harness.AdministratorID)
			p.Company.ExpireTokens()
		}, "Bitrix24 no longer accepts the account of Ruth Halden"},
		{"dismissed", func(p *harness.Product) {
			p.Company.Change(func(c *portalsim.Portal) { c.Users[harness.AdministratorID-1].Active = false })
		}, "Bitrix24 no longer accepts the account of Ruth Halden"},
		{"demoted", func(p *harness.Product) {
			p.Company.Change(func(c *portalsim.Portal) { c.Users[harness.AdministratorID-1].Admin = false })
			p.App = anotherInstance(p).App // in a process that knows nothing yet, as this one does after ten minutes
		}, "Ruth Halden is no longer an administrator"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := harness.StartWithHiddenCalendar(t)
			p.Company.Change(func(c *portalsim.Portal) { c.Users[4].Admin = true })
			boss, anna, other := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID), p.SignIn(5)
			designate(p, boss)
			p.WantReader("designated", anna, "company")
			test.lose(p)
			p.WantReaderIn(1, "lost", anna, "own_instead")
			if _, body := p.Get(anna, "/find?"+harness.HiddenQuery(1), ""); !strings.Contains(body, "look free at the moment: the account that reads them") {
				t.Error("the page does not say that it is incomplete")
			}
			_, body := p.Get(other, "/settings", "")
			if !strings.Contains(body, test.told) || !strings.Contains(body, `role="alert"`) {
				t.Errorf("administrators are not told: %s", body)
			}
			designate(p, other)
			p.WantReader("another administrator's", anna, "company")
		})
	}
}

// TestRefusedEyes: the portal refuses a single reading with the designated account.
func TestRefusedEyes(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	designate(p, boss)
	p.Company.Fail("calendar.accessibility.get", portalsim.Failure("user_access_error").Times(1))
	p.WantReader("refused", anna, "own_instead")
	p.WantReader("afterwards", anna, "company")
}

// TestDemotionSeenOnTheSettingsPage holds for searches at once.
func TestDemotionSeenOnTheSettingsPage(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	designate(p, boss)
	p.WantReader("designated", anna, "company")
	p.Company.Change(func(c *portalsim.Portal) { c.Users[harness.AdministratorID-1].Admin = false })
	response, body := p.Get(boss, "/settings", "")
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "is no longer an administrator") || strings.Contains(body, `name="consent"`) {
		t.Errorf("%s: %s", response.Status, body)
	}
	p.WantReader("demoted", anna, "own_instead")
	if response, _ := setSettings(p, boss, "do=designate&consent=1", harness.AsJSON); response.StatusCode != http.StatusForbidden {
		t.Errorf("he may still designate himself: %s", response.Status)
	}
	// They can withdraw their consent all the same.
	if response, _ := setSettings(p, boss, "do=withdraw", harness.AsPage); response.StatusCode != http.StatusOK || response.Request.URL.Path != "/find" {
		t.Errorf("withdrawing ended at %s with %s", response.Request.URL, response.Status)
	}
	p.WantReader("withdrawn", anna, "own")
	if response, _ := p.Get(boss, "/settings", ""); response.StatusCode != http.StatusForbidden {
		t.Errorf("after that the page is not his: %s", response.Status)
	}
}

// tap notes with whose token the app calls which method, and for whom.
type tap struct {
	portal *portalsim.Portal
	mu     sync.Mutex
	calls  []tappedCall
	users  map[string]int // by token
}

type tappedCall struct {
	method string
	user   int   // whose token it is
	people []int // whose calendars it asks for
}

// tapped puts a tap between the app and the company.
func tapped(p *harness.Product) *tap {
	t := &tap{portal: p.Company, users: map[string]int{}}
	server := httptest.NewServer(t)
	p.T.Cleanup(server.Close)
	p.Company.Host = server.Listener.Addr().String()
	return t
}

func (t *tap) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(r.Body)
	if err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	if method, isREST := strings.CutPrefix(r.URL.Path, "/rest/"); isREST {
		t.note(r.Host, method, body)
	}
	r.Body = io.NopCloser(bytes.NewReader(body))
	t.portal.ServeHTTP(w, r)
}

func (t *tap) note(host, method string, body []byte) {
	var sent struct {
		Auth  string
		Users []int
	}
	if json.Unmarshal(body, &sent) != nil {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.users[sent.Auth] == 0 {
		answer := httptest.NewRecorder()
		ask := httptest.NewRequest(http.MethodPost, "http://"+host+"/rest/profile?auth="+sent.Auth, nil)
		t.portal.ServeHTTP(answer, ask)
		var profile struct {
			Result struct {
				ID int `json:",string"`
			}
		}
		if json.Unmarshal(answer.Body.Bytes(), &profile) == nil {
			t.users[sent.Auth] = profile.Result.ID
		}
	}
	t.calls = append(t.calls, tappedCall{method, t.users[sent.Auth], sent.Users})
}

// take returns the calls so far and forgets them.
func (t *tap) take() []tappedCall {
	t.mu.Lock()
	defer t.mu.Unlock()
	calls := t.calls
	t.calls = nil
	return calls
}

// TestNoAdminTokenForPeople: the designated account's token serves for
// nothing but availability, and never of anybody whom the searcher does not find.
func TestNoAdminTokenForPeople(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	wire := tapped(p)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	designate(p, boss)
	wire.take()
	if a := p.Find(boss, fmt.Sprintf("me=0&who=%d", harness.AgencyID)); a.People[0].Name != "Hélène Marchetti" {
		t.Fatalf("the administrator does not know the extranet user: %+v", a.People)
	}
	wire.take()
	a := p.Find(anna, fmt.Sprintf("me=0&who=%d&opt=%d,999", harness.HiddenID, harness.AgencyID))
	if a.View != "company" || a.People[1].Reason != "unknown_person" || a.People[1].Name != "" || a.People[2].Reason != "unknown_person" {
		t.Errorf("view %s: %+v", a.View, a.People)
	}
	p.Get(anna, "/people?q=e", harness.AsJSON)
	p.Get(anna, fmt.Sprintf("/find?who=%d,%d", harness.HiddenID, harness.AgencyID), "")
	read := false
	for _, c := range wire.take() {
		switch {
		case c.user == harness.AnnaID && c.method != "calendar.accessibility.get":
		case c.user == harness.AdministratorID && c.method == "calendar.accessibility.get":
			read = true
			if slices.ContainsFunc(c.people, func(id int) bool { return id != harness.AnnaID && id != harness.HiddenID }) {
				t.Errorf("the administrator's token read %v", c.people)
			}
		default:
			t.Errorf("user %d asked for %s %v", c.user, c.method, c.people)
		}
	}
	if !read {
		t.Error("the designated account read nothing: this proves nothing")
	}
}

// TestPeopleAreThoseOfTheSearcher: with the company's eyes the people
// search still shows only whom Bitrix24 shows this user.
func TestPeopleAreThoseOfTheSearcher(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	designate(p, boss)
	p.Find(boss, fmt.Sprintf("who=%d", harness.AgencyID)) // the administrator's directory is remembered, too
	for _, q := range []string{"Marchetti", "Agency Partner", "47"} {
		if _, body := p.Get(anna, "/people?q="+strings.ReplaceAll(q, " ", "+"), harness.AsJSON); strings.Contains(body, "Marchetti") || strings.Contains(body, `"id":47`) {
			t.Errorf("%q finds the extranet user: %s", q, body)
		}
	}
	if _, body := p.Get(anna, fmt.Sprintf("/find?who=%d", harness.AgencyID), ""); strings.Contains(body, "Marchetti") {
		t.Error("the page names the extranet user")
	}
}

// TestGuestsGetNobodysEyes: Bitrix24 tells extranet users nobody's availability, and
// the company's eyes don't tell it either.
func TestGuestsGetNobodysEyes(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	p.Company.Change(func(c *portalsim.Portal) {
		c.Groups[0].Members = append(c.Groups[0].Members, portalsim.GroupMember{User: harness.AgencyID, Role: "K"}, portalsim.GroupMember{User: harness.HiddenID, Role: "K"})
	})
	wire := tapped(p)
	boss, guest := p.SignIn(harness.AdministratorID), p.Browser()
	designate(p, boss)
	portal, cookie := portalURL(p), p.Company.SignIn(harness.AgencyID)
	guest.Jar.SetCookies(portal, []*http.Cookie{cookie})
	if response, err := guest.PostForm(p.App+"/login", url.Values{"portal": {p.Company.Host}}); err != nil {
		t.Fatal(err)
	} else {
		harness.ReadBody(t, response)
	}
	wire.take()
	response, body := p.Get(guest, "/find?"+hiddenQuery(), harness.AsJSON)
	if response.StatusCode != http.StatusForbidden || strings.Contains(body, "windows") {
		t.Errorf("%s: %.300s", response.Status, body)
	}
	for _, c := range wire.take() {
		if c.user == harness.AdministratorID {
			t.Errorf("the administrator's token asked for %s", c.method)
		}
	}
}

// TestEyesStayInTheirPortal: in another company with the same user ids nobody has
// consented.
func TestEyesStayInTheirPortal(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	other := another(p)
	harness.HideCalendar(other.Company)
	designate(p, p.SignIn(harness.AdministratorID))
	boss, anna := other.SignIn(harness.AdministratorID), other.SignIn(harness.AnnaID)
	other.WantReader("of another company", anna, "own")
	if _, body := other.Get(boss, "/settings", ""); strings.Contains(body, `value="withdraw"`) {
		t.Error("the other company's administrator sees what this one decided")
	}
	if response, _ := setSettings(other, boss, "do=withdraw", harness.AsPage); response.StatusCode != http.StatusOK {
		t.Error(response.Status)
	}
	p.WantReader("after the other company withdrew", p.SignIn(harness.AnnaID), "company")
}

// TestCompanysEyesTellNoTitles: of the richer view of an administrator nothing but
// busy times is in any page, answer or log.
func TestCompanysEyesTellNoTitles(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss, anna := p.SignIn(harness.AdministratorID), p.SignIn(harness.AnnaID)
	designate(p, boss)
	a := p.Find(anna, hiddenQuery())
	_, asked := p.Get(anna, "/find?"+hiddenQuery()+"&at="+a.Slots[0].Start.Format(time.RFC3339), harness.AsJSON)
	_, shown := p.Get(anna, "/find?"+hiddenQuery(), "")
	_, settings := p.Get(boss, "/settings", "")
	p.Stop()
	for where, text := range map[string]string{"answer": asked, "page": shown, "settings": settings, "log": p.Log.Text()} {
		for _, secret := range p.Company.Secrets() {
			if len(secret) > 5 && strings.Contains(text, secret) {
				t.Errorf("the %s holds %q", where, secret)
			}
		}
	}
}

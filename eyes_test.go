package main

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

	"slotfinder/internal/portalsim"
)

// People of the simulated company with a part in what follows.
const (
	bossID   = 1  // the administrator
	annaID   = 2  // to whom the calendar of hiddenID is hidden
	hiddenID = 20 // in reality often busy
	agencyID = 47 // an extranet user, who shares no group with Anna
)

// startHiding runs `serve` on a company in which the hidden calendar is known.
func startHiding(t *testing.T) *product {
	t.Helper()
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	hide(company)
	return startWith(t, company)
}

// hide gives the one whose calendar is hidden a meeting every day, and nothing else:
// what he has otherwise depends on the day the test is run.
func hide(company *portalsim.Portal) {
	company.Change(func(c *portalsim.Portal) {
		c.Events = slices.DeleteFunc(c.Events, func(e *portalsim.Event) bool { return e.Type == "user" && e.Owner == hiddenID })
		c.Absences = slices.DeleteFunc(c.Absences, func(a *portalsim.Absence) bool { return a.User == hiddenID })
	})
	first := portalsim.On(nextMonday(time.Now()).AddDate(0, 0, -28).Date())
	company.AddEvent(portalsim.Event{
		Owner: hiddenID, Name: "Secret takeover", From: first.At(10, 0), To: first.At(12, 30), ZoneFrom: "UTC", ZoneTo: "UTC",
		Access: "busy", Rule: &portalsim.Rule{Freq: "DAILY", Interval: 1},
	})
}

// hiddenQuery asks for next week of the one whose calendar is hidden.
func hiddenQuery() string { return hiddenQueryIn(0) }

// hiddenQueryIn asks for a later week, to have calendars read that nobody knows yet.
func hiddenQueryIn(weeks int) string {
	monday := nextMonday(time.Now()).AddDate(0, 0, 7*weeks)
	return fmt.Sprintf("me=0&who=%d&dur=30&step=30&work=0&tz=UTC&from=%s&to=%s", hiddenID,
		monday.Format(time.DateOnly), monday.AddDate(0, 0, 4).Format(time.DateOnly))
}

// overBusy counts the slots of an answer in which the one whose calendar is hidden is
// really busy.
func (p *product) overBusy(a answer) (n int) {
	for _, s := range a.Slots {
		busy := p.company.TrueBusy(hiddenID, s.Start, s.End)
		if len(busy) > 0 {
			n++
		}
	}
	return n
}

// wantEyes searches for the one whose calendar is hidden and checks whose eyes did.
func (p *product) wantEyes(when string, client *http.Client, view string) {
	p.t.Helper()
	p.wantEyesIn(0, when, client, view)
}

func (p *product) wantEyesIn(weeks int, when string, client *http.Client, view string) {
	p.t.Helper()
	a := p.find(client, hiddenQueryIn(weeks))
	looksFree := p.overBusy(a)
	if a.View != view || len(a.Slots) == 0 || (looksFree == 0) != (view == "company") {
		p.t.Errorf("%s: view %q instead of %q, and of %d slots %d are in busy times", when, a.View, view, len(a.Slots), looksFree)
	}
}

// designate lets a client do what the settings page's button does.
func (p *product) designate(client *http.Client) {
	p.t.Helper()
	if response, body := p.setSettings(client, "do=designate&consent=1", asPage); response.StatusCode != http.StatusOK || response.Request.URL.Path != "/settings" {
		p.t.Fatalf("designating ended with %s: %.600s", response.Status, body)
	}
}

func (p *product) setSettings(client *http.Client, form, accept string) (*http.Response, string) {
	p.t.Helper()
	request, err := http.NewRequest(http.MethodPost, p.app+"/settings", strings.NewReader(form))
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

// TestWhoseEyes: a hidden calendar looks free to its colleague until an administrator
// lends his eyes, and again as soon as he takes them back. What was read with the
// eyes of one is never shown to those who see with the other's, although every
// search asks for the same within seconds.
func TestWhoseEyes(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	line := func(when, text string) {
		t.Helper()
		if _, body := p.get(anna, "/find?"+hiddenQuery(), ""); !strings.Contains(body, text) {
			t.Errorf("%s: the page does not say %q", when, text)
		}
	}
	p.wantEyes("at first", anna, "own")
	line("at first", "Calendars that are hidden from you look free here.")
	if a := p.find(boss, hiddenQuery()); a.View != "own" || p.overBusy(a) > 0 {
		t.Errorf("the administrator himself: view %q, %d slots in busy times", a.View, p.overBusy(a))
	}
	p.wantEyes("after the administrator searched", anna, "own")
	p.designate(boss)
	p.wantEyes("designated", anna, "company")
	line("designated", "Calendars that are hidden from you are included, as your administrators allow.")
	if response, _ := p.setSettings(boss, "do=withdraw", asPage); response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
	p.wantEyes("withdrawn", anna, "own")
	line("withdrawn", "Calendars that are hidden from you look free here.")
	other := p.beside() // another process on the same database
	p.designate(boss)
	p.wantEyes("designated again", anna, "company")
	other.wantEyes("in another process", anna, "company")
	if response, _ := p.setSettings(boss, "do=withdraw", asPage); response.StatusCode != http.StatusOK {
		t.Fatal(response.Status)
	}
	other.wantEyes("withdrawn in another process", anna, "own")
}

// TestLostEyes: whatever becomes of the designated account, searches go on with the
// searcher's own rights and say so, and administrators are told on their page.
func TestLostEyes(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name string
		lose func(p *product)
		told string // to administrators
	}{
		{"the grant is gone", func(p *product) {
			p.sim.RevokeRefresh(p.company.MemberID, bossID)
			p.company.ExpireTokens()
		}, "Bitrix24 no longer accepts the account of Ruth Halden"},
		{"dismissed", func(p *product) {
			p.company.Change(func(c *portalsim.Portal) { c.Users[bossID-1].Active = false })
		}, "Bitrix24 no longer accepts the account of Ruth Halden"},
		{"demoted", func(p *product) {
			p.company.Change(func(c *portalsim.Portal) { c.Users[bossID-1].Admin = false })
			p.app = p.beside().app // in a process that knows nothing yet, as this one does after ten minutes
		}, "Ruth Halden is no longer an administrator"},
	}
	for _, test := range cases {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := startHiding(t)
			p.company.Change(func(c *portalsim.Portal) { c.Users[4].Admin = true })
			boss, anna, other := p.signIn(bossID), p.signIn(annaID), p.signIn(5)
			p.designate(boss)
			p.wantEyes("designated", anna, "company")
			test.lose(p)
			p.wantEyesIn(1, "lost", anna, "own_instead")
			if _, body := p.get(anna, "/find?"+hiddenQueryIn(1), ""); !strings.Contains(body, "look free at the moment: the account that reads them") {
				t.Error("the page does not say that it is incomplete")
			}
			_, body := p.get(other, "/settings", "")
			if !strings.Contains(body, test.told) || !strings.Contains(body, `role="alert"`) {
				t.Errorf("administrators are not told: %s", body)
			}
			p.designate(other)
			p.wantEyes("another administrator's", anna, "company")
		})
	}
}

// TestRefusedEyes: the portal refuses a single reading with the designated account.
func TestRefusedEyes(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	p.designate(boss)
	p.company.Fail("calendar.accessibility.get", portalsim.Failure("user_access_error").Times(1))
	p.wantEyes("refused", anna, "own_instead")
	p.wantEyes("afterwards", anna, "company")
}

// TestDemotionSeenOnTheSettingsPage holds for searches at once.
func TestDemotionSeenOnTheSettingsPage(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	p.designate(boss)
	p.wantEyes("designated", anna, "company")
	p.company.Change(func(c *portalsim.Portal) { c.Users[bossID-1].Admin = false })
	response, body := p.get(boss, "/settings", "")
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "is no longer an administrator") || strings.Contains(body, `name="consent"`) {
		t.Errorf("%s: %s", response.Status, body)
	}
	p.wantEyes("demoted", anna, "own_instead")
	if response, _ := p.setSettings(boss, "do=designate&consent=1", asJSON); response.StatusCode != http.StatusForbidden {
		t.Errorf("he may still designate himself: %s", response.Status)
	}
	// His consent is his to withdraw all the same.
	if response, _ := p.setSettings(boss, "do=withdraw", asPage); response.StatusCode != http.StatusOK || response.Request.URL.Path != "/find" {
		t.Errorf("withdrawing ended at %s with %s", response.Request.URL, response.Status)
	}
	p.wantEyes("withdrawn", anna, "own")
	if response, _ := p.get(boss, "/settings", ""); response.StatusCode != http.StatusForbidden {
		t.Errorf("after that the page is not his: %s", response.Status)
	}
}

// tap notes with whose token the app calls which method, and for whom.
type tap struct {
	portal *portalsim.Portal
	mu     sync.Mutex
	calls  []tapped
	users  map[string]int // by token
}

type tapped struct {
	method string
	user   int   // whose token it is
	people []int // whose calendars it asks for
}

// tapped puts a tap between the app and the company.
func (p *product) tapped() *tap {
	t := &tap{portal: p.company, users: map[string]int{}}
	server := httptest.NewServer(t)
	p.t.Cleanup(server.Close)
	p.company.Host = server.Listener.Addr().String()
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
	t.calls = append(t.calls, tapped{method, t.users[sent.Auth], sent.Users})
}

// take returns the calls so far and forgets them.
func (t *tap) take() []tapped {
	t.mu.Lock()
	defer t.mu.Unlock()
	calls := t.calls
	t.calls = nil
	return calls
}

// TestAdvisory15NoAdminTokenForPeople: the designated account's token serves for
// nothing but availability, and never of anybody whom the searcher does not find.
func TestAdvisory15NoAdminTokenForPeople(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	wire := p.tapped()
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	p.designate(boss)
	wire.take()
	if a := p.find(boss, fmt.Sprintf("me=0&who=%d", agencyID)); a.People[0].Name != "Hélène Marchetti" {
		t.Fatalf("the administrator does not know the extranet user: %+v", a.People)
	}
	wire.take()
	a := p.find(anna, fmt.Sprintf("me=0&who=%d&opt=%d,999", hiddenID, agencyID))
	if a.View != "company" || a.People[1].Reason != "unknown_person" || a.People[1].Name != "" || a.People[2].Reason != "unknown_person" {
		t.Errorf("view %s: %+v", a.View, a.People)
	}
	p.get(anna, "/people?q=e", asJSON)
	p.get(anna, fmt.Sprintf("/find?who=%d,%d", hiddenID, agencyID), "")
	read := false
	for _, c := range wire.take() {
		switch {
		case c.user == annaID && c.method != "calendar.accessibility.get":
		case c.user == bossID && c.method == "calendar.accessibility.get":
			read = true
			if slices.ContainsFunc(c.people, func(id int) bool { return id != annaID && id != hiddenID }) {
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

// TestAdvisory14PeopleAreThoseOfTheSearcher: with the company's eyes the people
// search still shows only whom Bitrix24 shows this user.
func TestAdvisory14PeopleAreThoseOfTheSearcher(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	p.designate(boss)
	p.find(boss, fmt.Sprintf("who=%d", agencyID)) // the administrator's directory is remembered, too
	for _, q := range []string{"Marchetti", "Agency Partner", "47"} {
		if _, body := p.get(anna, "/people?q="+strings.ReplaceAll(q, " ", "+"), asJSON); strings.Contains(body, "Marchetti") || strings.Contains(body, `"id":47`) {
			t.Errorf("%q finds the extranet user: %s", q, body)
		}
	}
	if _, body := p.get(anna, fmt.Sprintf("/find?who=%d", agencyID), ""); strings.Contains(body, "Marchetti") {
		t.Error("the page names the extranet user")
	}
}

// TestGuestsGetNobodysEyes: Bitrix24 tells extranet users nobody's availability, and
// the company's eyes don't tell it either.
func TestGuestsGetNobodysEyes(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	p.company.Change(func(c *portalsim.Portal) {
		c.Groups[0].Members = append(c.Groups[0].Members, portalsim.GroupMember{User: agencyID, Role: "K"}, portalsim.GroupMember{User: hiddenID, Role: "K"})
	})
	wire := p.tapped()
	boss, guest := p.signIn(bossID), p.browser()
	p.designate(boss)
	portal, cookie := p.portalURL(), p.company.SignIn(agencyID)
	guest.Jar.SetCookies(portal, []*http.Cookie{cookie})
	if response, err := guest.PostForm(p.app+"/login", url.Values{"portal": {p.company.Host}}); err != nil {
		t.Fatal(err)
	} else {
		readBody(t, response)
	}
	wire.take()
	response, body := p.get(guest, "/find?"+hiddenQuery(), asJSON)
	if response.StatusCode != http.StatusForbidden || strings.Contains(body, "windows") {
		t.Errorf("%s: %.300s", response.Status, body)
	}
	for _, c := range wire.take() {
		if c.user == bossID {
			t.Errorf("the administrator's token asked for %s", c.method)
		}
	}
}

// TestEyesStayInTheirPortal: in another company with the same user ids nobody has
// consented.
func TestEyesStayInTheirPortal(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	other := p.another()
	hide(other.company)
	p.designate(p.signIn(bossID))
	boss, anna := other.signIn(bossID), other.signIn(annaID)
	other.wantEyes("of another company", anna, "own")
	if _, body := other.get(boss, "/settings", ""); strings.Contains(body, `value="withdraw"`) {
		t.Error("the other company's administrator sees what this one decided")
	}
	if response, _ := other.setSettings(boss, "do=withdraw", asPage); response.StatusCode != http.StatusOK {
		t.Error(response.Status)
	}
	p.wantEyes("after the other company withdrew", p.signIn(annaID), "company")
}

// TestCompanysEyesTellNoTitles: of the richer view of an administrator nothing but
// busy times is in any page, answer or log.
func TestCompanysEyesTellNoTitles(t *testing.T) {
	t.Parallel()
	p := startHiding(t)
	boss, anna := p.signIn(bossID), p.signIn(annaID)
	p.designate(boss)
	a := p.find(anna, hiddenQuery())
	_, asked := p.get(anna, "/find?"+hiddenQuery()+"&at="+a.Slots[0].Start.Format(time.RFC3339), asJSON)
	_, shown := p.get(anna, "/find?"+hiddenQuery(), "")
	_, settings := p.get(boss, "/settings", "")
	p.stop()
	for where, text := range map[string]string{"answer": asked, "page": shown, "settings": settings, "log": p.log.text()} {
		for _, secret := range p.company.Secrets() {
			if len(secret) > 5 && strings.Contains(text, secret) {
				t.Errorf("the %s holds %q", where, secret)
			}
		}
	}
}

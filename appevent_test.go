package main

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

const formKind = "application/x-www-form-urlencoded"

// rows counts rows in the database of the running program.
func (p *product) rows(query string) int {
	p.t.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(p.env["SLOTFINDER_DATABASE"], "sqlite:"))
	if err != nil {
		p.t.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(p.t.Context(), "SELECT count(*) FROM "+query).Scan(&n); err != nil {
		p.t.Fatal(err)
	}
	return n
}

// ofEvents are the jobs that events have left behind.
const ofEvents = "kind IN ('" + appEvents + "', '" + appRemovals + "')"

// settled waits until every event that was told has been worked off.
func (p *product) settled() {
	p.t.Helper()
	for limit := time.Now().Add(browserLimit); p.rows("jobs WHERE "+ofEvents+" AND ended = 0") > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			p.t.Fatal("an event is never worked off")
		}
	}
}

// appEvent posts an event of the app, of now, and says what it was answered.
func (p *product) appEvent(name string, changes ...string) int {
	p.t.Helper()
	form := p.eventForm(append([]string{"event", name}, changes...)...)
	if name == "ONAPPUNINSTALL" {
		for _, token := range []string{"auth[access_token]", "auth[refresh_token]", "auth[user_id]"} {
			form.Del(token)
		}
	}
	return p.postEvent("", formKind, form.Encode())
}

// knowsToken reports whether events with a token are believed.
func (p *product) knowsToken(token string) bool {
	p.t.Helper()
	_, portals := p.database()
	return portals.CheckEvent(p.t.Context(), p.company.MemberID, token) == nil
}

// TestAdvisory06Uninstall: when the portal says that it has removed the app, and the
// authorization server does not deny it, everybody is signed out at once. With CLEAN
// everything of the portal goes; without, what people have set stays.
func TestAdvisory06Uninstall(t *testing.T) {
	t.Parallel()
	for clean, left := range map[string]int{"1": 0, "0": 1} {
		t.Run("CLEAN="+clean, func(t *testing.T) {
			t.Parallel()
			p := startInstallable(t, "placement")
			p.install(1)
			tab, pass := p.signIn(2), p.pass(4)
			frame, _ := p.launch(3, "DEFAULT", "")
			p.keepHours(tab)
			token := p.company.ApplicationToken(clientID)
			p.company.Uninstall(clientID)
			if status := p.appEvent("ONAPPUNINSTALL", "auth[application_token]", token, "data[CLEAN]", clean); status != http.StatusOK {
				t.Fatal(status)
			}
			p.settled()
			for name, ask := range map[string]func() (*http.Response, string){
				"tab":   func() (*http.Response, string) { return p.get(tab, "/find", asJSON) },
				"frame": func() (*http.Response, string) { return p.get(frame, "/find", asJSON) },
				"pass": func() (*http.Response, string) {
					return p.getWith(&http.Client{}, "/find", "X-Frame-Session", pass, "Accept", asJSON)
				},
			} {
				if response, _ := ask(); response.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s: %s", name, response.Status)
				}
			}
			for table, want := range map[string]int{"portals": left, "hours": left, "grants": 0, "sessions WHERE user_id > 0": 0} {
				if n := p.rows(table); n != want {
					t.Errorf("%s: %d rows, want %d", table, n, want)
				}
			}
			if p.knowsToken(token) {
				t.Error("the portal's token still works")
			}
			// The app comes back, and with it, without CLEAN, what was set.
			p.company.Install(clientID)
			if response, body := p.install(1); response.StatusCode != http.StatusOK {
				t.Fatalf("%s %.200s", response.Status, body)
			}
			if n := p.rows("hours"); n != left {
				t.Errorf("%d hours after the app came back", n)
			}
		})
	}
}

// keepHours has somebody set something that is worth keeping.
func (p *product) keepHours(client *http.Client) {
	p.t.Helper()
	response, body := p.setHours(client, week("09:00-17:00", "do", "save"), "text/html")
	if response.StatusCode != http.StatusOK || p.rows("hours") != 1 {
		p.t.Fatalf("%s, %d rows: %.300s", response.Status, p.rows("hours"), body)
	}
}

// TestAdvisory27ForgedUninstall: every employee can know the token of the events. As
// long as the authorization server confirms the installation, or can't be asked,
// nothing is deleted, also when all access tokens have expired.
func TestAdvisory27ForgedUninstall(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	p.install(1)
	client := p.signIn(2)
	p.keepHours(client)
	token := p.company.ApplicationToken(clientID)
	for name, step := range map[string]struct {
		before  func()
		changes []string
		want    int
	}{
		"right token":  {func() {}, []string{"ts", "1", "data[CLEAN]", "1"}, 200},
		"expired":      {p.company.ExpireTokens, []string{"ts", "2", "data[CLEAN]", "1"}, 200},
		"no CLEAN":     {func() {}, []string{"ts", "3"}, 200},
		"wrong token":  {func() {}, []string{"ts", "4", "data[CLEAN]", "1", "auth[application_token]", "canary"}, 403},
		"no token":     {func() {}, []string{"ts", "5", "data[CLEAN]", "1", "auth[application_token]", ""}, 403},
		"unknown":      {func() {}, []string{"ts", "6", "data[CLEAN]", "1", "auth[member_id]", portalsim.BranchMember}, 403},
		"own servers":  {func() {}, []string{"ts", "7", "data[CLEAN]", "1", "auth[server_endpoint]", "http://127.0.0.1:1/rest/"}, 200},
		"no portal":    {func() {}, []string{"ts", "8", "data[CLEAN]", "1", "auth[member_id]", "../../x"}, 403},
		"payment over": {func() { p.sim.SetAuth(portalsim.AuthSwitches{PaymentRequired: true}) }, []string{"ts", "9", "data[CLEAN]", "1"}, 200},
	} {
		step.before()
		if status := p.appEvent("ONAPPUNINSTALL", step.changes...); status != step.want {
			t.Errorf("%s: %d, want %d", name, status, step.want)
		}
		p.settled()
		p.sim.SetAuth(portalsim.AuthSwitches{})
		if response, _ := p.get(client, "/find", asJSON); response.StatusCode != http.StatusOK || p.rows("hours") != 1 || !p.knowsToken(token) {
			t.Errorf("%s: something was deleted: %s", name, response.Status)
		}
	}
	if status := p.appEvent("ONAPPUNINSTALL", "ts", "1", "data[CLEAN]", "1"); status != http.StatusOK {
		t.Errorf("replayed: %d", status)
	}
}

// TestUninstallWaitsForTheAuthorizationServer: while it does not answer nothing is
// deleted, and the event is not forgotten, whatever becomes of the process.
func TestUninstallWaitsForTheAuthorizationServer(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	p.install(1)
	token := p.company.ApplicationToken(clientID)
	p.company.Uninstall(clientID)
	p.sim.FailAuth("*", portalsim.HTML502())
	if status := p.appEvent("ONAPPUNINSTALL", "auth[application_token]", token, "data[CLEAN]", "1"); status != http.StatusOK {
		t.Fatal(status)
	}
	for limit := time.Now().Add(browserLimit); p.rows("jobs WHERE tries > 0 AND leased_until = 0 AND ended = 0 AND "+ofEvents) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("it is not tried again")
		}
	}
	if p.rows("portals") != 1 || p.rows("grants") == 0 {
		t.Error("something was deleted")
	}
	p.stop()
	p.sim.HealAuth()
	p.serve(p.env)
	for limit := time.Now().Add(browserLimit); p.rows("portals") > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("the event is forgotten")
		}
	}
}

// TestUninstallOfAPortalWithoutInstaller: where no token of events is known, the
// authorization server's word alone ends the sessions, and nothing that people have
// set is deleted.
func TestUninstallOfAPortalWithoutInstaller(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(2)
	p.keepHours(client)
	if status := p.appEvent("ONAPPUNINSTALL", "ts", "1", "auth[application_token]", "canary", "data[CLEAN]", "1"); status != http.StatusOK {
		t.Errorf("forged: %d", status)
	}
	p.settled()
	if response, _ := p.get(client, "/find", asJSON); response.StatusCode != http.StatusOK {
		t.Errorf("a forged event ends sessions: %s", response.Status)
	}
	token := p.company.ApplicationToken(clientID)
	p.company.Uninstall(clientID)
	if status := p.appEvent("ONAPPUNINSTALL", "ts", "2", "auth[application_token]", token, "data[CLEAN]", "1"); status != http.StatusOK {
		t.Errorf("true: %d", status)
	}
	p.settled()
	if response, _ := p.get(client, "/find", asJSON); response.StatusCode != http.StatusUnauthorized || p.rows("grants") != 0 {
		t.Errorf("the session goes on: %s", response.Status)
	}
	if p.rows("hours") != 1 {
		t.Error("what people have set was deleted without proof")
	}
}

// TestAdvisory27ForgedInstall: an installation event changes the token of the events
// only when an administrator's access token for this very app and portal comes along.
func TestAdvisory27ForgedInstall(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	p.install(1)
	true_ := p.company.ApplicationToken(clientID)
	p.sim.AddApp(portalsim.App{ClientID: "app.other", ClientSecret: "x", Scopes: []string{"user"}, RedirectURL: p.app + "/bitrix24"})
	p.company.Install("app.other")
	branch := portalsim.Branch(portalsim.On(time.Now().Date()))
	branch.Host = "branch.example"
	p.sim.AddPortal(branch)
	branch.Install(clientID)
	for name, access := range map[string]string{
		"invented":                   "canary-access",
		"none":                       "",
		"an employee's":              p.company.IssueToken(clientID, 2).Access,
		"another app's":              p.company.IssueToken("app.other", 1).Access,
		"of another company's admin": branch.IssueToken(clientID, 1).Access,
	} {
		for _, event := range []string{"ONAPPINSTALL", "ONAPPUPDATE"} {
			if status := p.appEvent(event, "auth[application_token]", "canary-token", "auth[access_token]", access, "auth[client_endpoint]", "http://127.0.0.1:1/rest/"); status != http.StatusOK {
				t.Errorf("%s %s: %d", event, name, status)
			}
		}
		p.settled()
		if p.knowsToken("canary-token") || !p.knowsToken(true_) {
			t.Errorf("%s token: the portal's own is overwritten", name)
		}
	}
	if n := p.rows("portals"); n != 1 {
		t.Errorf("%d portals", n)
	}
	// The true one, twice.
	p.company.Install(clientID) // gives a new token
	admin := p.company.IssueToken(clientID, 1).Access
	for range 2 {
		if status := p.appEvent("ONAPPUPDATE", "auth[access_token]", admin); status != http.StatusOK {
			t.Error(status)
		}
	}
	p.settled()
	if !p.knowsToken(p.company.ApplicationToken(clientID)) || p.knowsToken(true_) {
		t.Error("the new token is not known")
	}
	if n := p.rows("jobs WHERE payload <> ''"); n != 0 {
		t.Errorf("%d payloads are kept", n)
	}
	p.stop()
	if logged := p.log.text(); strings.Contains(logged, "canary") || strings.Contains(logged, admin) {
		t.Error("the log tells something of the body")
	}
}

// TestInstallEventOfANewPortal: an installation that nobody has seen here before is
// verified, then stored without anybody's tokens.
func TestInstallEventOfANewPortal(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	if status := p.appEvent("ONAPPINSTALL", "auth[access_token]", p.company.IssueToken(clientID, 1).Access); status != http.StatusOK {
		t.Fatal(status)
	}
	p.settled()
	if !p.knowsToken(p.company.ApplicationToken(clientID)) {
		t.Error("the portal's events are not believed")
	}
	db, _ := p.database()
	got, err := db.Portal(t.Context(), p.company.MemberID)
	want := auth.Portal{
		MemberID: p.company.MemberID, Host: p.company.Host, Endpoint: "http://" + p.company.Host + "/rest/",
		AuthServer: p.env["BITRIX24_AUTH_SERVERS"], ClientID: clientID, Scope: "calendar,user_brief,department,placement", AppToken: got.AppToken,
	}
	if err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	if p.rows("grants") != 0 {
		t.Error("an event's tokens were kept")
	}
}

// TestAdvisory06Dismissed: somebody who is no longer an employee is signed out everywhere at
// the next look; colleagues stay.
func TestAdvisory06Dismissed(t *testing.T) {
	t.Parallel()
	p := start(t)
	leaver, colleague := p.signIn(3), p.signIn(2)
	frame, _ := p.launch(3, "DEFAULT", "")
	p.share(leaver, comingWeek()+"&title=Mine")
	p.share(colleague, comingWeek()+"&title=Hers")
	p.company.Change(func(c *portalsim.Portal) {
		for _, u := range c.Users {
			if u.ID == 3 {
				u.Active = false
			}
		}
	})
	db, _ := p.database()
	if err := db.DelayJob(t.Context(), "every leavers", 0, true); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(browserLimit); p.rows("sessions WHERE user_id = 3") > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("sessions stay")
		}
	}
	for name, client := range map[string]*http.Client{"tab": leaver, "frame": frame} {
		if response, _ := p.get(client, "/hours", asJSON); response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if _, err := db.Grant(t.Context(), meet.Member{Portal: p.company.MemberID, User: 3}); meet.KindOf(err) != meet.NotFound {
		t.Errorf("the tokens stay: %v", err)
	}
	if mine, hers := p.rows("links WHERE user_id = 3 AND NOT revoked"), p.rows("links WHERE NOT revoked"); mine != 0 || hers != 1 {
		t.Errorf("of open links there are %d, of them his %d", hers, mine)
	}
	if response, _ := p.get(colleague, "/find", asJSON); response.StatusCode != http.StatusOK {
		t.Errorf("a colleague: %s", response.Status)
	}
}

package e2e

import (
	"database/sql"
	"net/http"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/app"
	"slotfinder/internal/auth"
	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

const formKind = "application/x-www-form-urlencoded"

// rows counts rows in the database of the running program.
func rows(p *harness.Product, query string) int {
	p.T.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(p.Env["SLOTFINDER_DATABASE"], "sqlite:"))
	if err != nil {
		p.T.Fatal(err)
	}
	defer db.Close()
	var n int
	if err := db.QueryRowContext(p.T.Context(), "SELECT count(*) FROM "+query).Scan(&n); err != nil {
		p.T.Fatal(err)
	}
	return n
}

// ofEvents are the jobs that events have left behind.
const ofEvents = "kind IN ('" + app.AppEvents + "', '" + app.AppRemovals + "')"

// settled waits until every event that was told has been worked off.
func settled(p *harness.Product) {
	p.T.Helper()
	for limit := time.Now().Add(harness.HangLimit); rows(p, "jobs WHERE "+ofEvents+" AND ended = 0") > 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			p.T.Fatal("an event is never worked off")
		}
	}
}

// appEvent posts an event of the app, of now, and says what it was answered.
func appEvent(p *harness.Product, name string, changes ...string) int {
	p.T.Helper()
	form := eventForm(p, append([]string{"event", name}, changes...)...)
	if name == "ONAPPUNINSTALL" {
		for _, token := range []string{"auth[access_token]", "auth[refresh_token]", "auth[user_id]"} {
			form.Del(token)
		}
	}
	return postEvent(p, "", formKind, form.Encode())
}

// knowsToken reports whether events with a token are believed.
func knowsToken(p *harness.Product, token string) bool {
	p.T.Helper()
	_, portals := p.Database()
	return portals.CheckEvent(p.T.Context(), p.Company.MemberID, token) == nil
}

// TestUninstallEndsSessionsAndTokens: when the portal says that it has removed the app, and the
// authorization server does not deny it, everybody is signed out at once. With CLEAN
// everything of the portal goes; without, what people have set stays.
func TestUninstallEndsSessionsAndTokens(t *testing.T) {
	t.Parallel()
	for clean, left := range map[string]int{"1": 0, "0": 1} {
		t.Run("CLEAN="+clean, func(t *testing.T) {
			t.Parallel()
			p := startInstallable(t, "placement")
			install(p, 1)
			tab, pass := p.SignIn(2), pass(p, 4)
			frame, _ := p.Launch(3, "DEFAULT", "")
			keepHours(p, tab)
			token := p.Company.ApplicationToken(harness.ClientID)
			p.Company.Uninstall(harness.ClientID)
			if status := appEvent(p, "ONAPPUNINSTALL", "auth[application_token]", token, "data[CLEAN]", clean); status != http.StatusOK {
				t.Fatal(status)
			}
			settled(p)
			for name, ask := range map[string]func() (*http.Response, string){
				"tab":   func() (*http.Response, string) { return p.Get(tab, "/find", harness.AsJSON) },
				"frame": func() (*http.Response, string) { return p.Get(frame, "/find", harness.AsJSON) },
				"pass": func() (*http.Response, string) {
					return p.GetWith(&http.Client{}, "/find", "X-Frame-Session", pass, "Accept", harness.AsJSON)
				},
			} {
				if response, _ := ask(); response.StatusCode != http.StatusUnauthorized {
					t.Errorf("%s: %s", name, response.Status)
				}
			}
			for table, want := range map[string]int{"portals": left, "hours": left, "grants": 0, "sessions WHERE user_id > 0": 0} {
				if n := rows(p, table); n != want {
					t.Errorf("%s: %d rows, want %d", table, n, want)
				}
			}
			if knowsToken(p, token) {
				t.Error("the portal's token still works")
			}
			// The app comes back, and with it, without CLEAN, what was set.
			p.Company.Install(harness.ClientID)
			if response, body := install(p, 1); response.StatusCode != http.StatusOK {
				t.Fatalf("%s %.200s", response.Status, body)
			}
			if n := rows(p, "hours"); n != left {
				t.Errorf("%d hours after the app came back", n)
			}
		})
	}
}

// keepHours has somebody set something that is worth keeping.
func keepHours(p *harness.Product, client *http.Client) {
	p.T.Helper()
	response, body := setHours(p, client, week("09:00-17:00", "do", "save"), "text/html")
	if response.StatusCode != http.StatusOK || rows(p, "hours") != 1 {
		p.T.Fatalf("%s, %d rows: %.300s", response.Status, rows(p, "hours"), body)
	}
}

// TestForgedUninstallEndsNothing: every employee can know the token of the events. As
// long as the authorization server confirms the installation, or can't be asked,
// nothing is deleted, also when all access tokens have expired.
func TestForgedUninstallEndsNothing(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	install(p, 1)
	client := p.SignIn(2)
	keepHours(p, client)
	token := p.Company.ApplicationToken(harness.ClientID)
	for name, step := range map[string]struct {
		before  func()
		changes []string
		want    int
	}{
		"right token":  {func() {}, []string{"ts", "1", "data[CLEAN]", "1"}, 200},
		"expired":      {p.Company.ExpireTokens, []string{"ts", "2", "data[CLEAN]", "1"}, 200},
		"no CLEAN":     {func() {}, []string{"ts", "3"}, 200},
		"wrong token":  {func() {}, []string{"ts", "4", "data[CLEAN]", "1", "auth[application_token]", "canary"}, 403},
		"no token":     {func() {}, []string{"ts", "5", "data[CLEAN]", "1", "auth[application_token]", ""}, 403},
		"unknown":      {func() {}, []string{"ts", "6", "data[CLEAN]", "1", "auth[member_id]", portalsim.BranchMember}, 403},
		"own servers":  {func() {}, []string{"ts", "7", "data[CLEAN]", "1", "auth[server_endpoint]", "http://127.0.0.1:1/rest/"}, 200},
		"no portal":    {func() {}, []string{"ts", "8", "data[CLEAN]", "1", "auth[member_id]", "../../x"}, 403},
		"payment over": {func() { p.Sim.SetAuth(portalsim.AuthSwitches{PaymentRequired: true}) }, []string{"ts", "9", "data[CLEAN]", "1"}, 200},
	} {
		step.before()
		if status := appEvent(p, "ONAPPUNINSTALL", step.changes...); status != step.want {
			t.Errorf("%s: %d, want %d", name, status, step.want)
		}
		settled(p)
		p.Sim.SetAuth(portalsim.AuthSwitches{})
		if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusOK || rows(p, "hours") != 1 || !knowsToken(p, token) {
			t.Errorf("%s: something was deleted: %s", name, response.Status)
		}
	}
	if status := appEvent(p, "ONAPPUNINSTALL", "ts", "1", "data[CLEAN]", "1"); status != http.StatusOK {
		t.Errorf("replayed: %d", status)
	}
}

// TestUninstallWaitsForTheAuthorizationServer: while it does not answer nothing is
// deleted, and the event is not forgotten, whatever becomes of the process.
func TestUninstallWaitsForTheAuthorizationServer(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	install(p, 1)
	token := p.Company.ApplicationToken(harness.ClientID)
	p.Company.Uninstall(harness.ClientID)
	p.Sim.FailAuth("*", portalsim.HTML502())
	if status := appEvent(p, "ONAPPUNINSTALL", "auth[application_token]", token, "data[CLEAN]", "1"); status != http.StatusOK {
		t.Fatal(status)
	}
	for limit := time.Now().Add(harness.HangLimit); rows(p, "jobs WHERE tries > 0 AND leased_until = 0 AND ended = 0 AND "+ofEvents) == 0; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("it is not tried again")
		}
	}
	if rows(p, "portals") != 1 || rows(p, "grants") == 0 {
		t.Error("something was deleted")
	}
	p.Stop()
	p.Sim.HealAuth()
	p.Serve(p.Env)
	for limit := time.Now().Add(harness.HangLimit); rows(p, "portals") > 0; time.Sleep(20 * time.Millisecond) {
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
	p := harness.Start(t)
	client := p.SignIn(2)
	keepHours(p, client)
	if status := appEvent(p, "ONAPPUNINSTALL", "ts", "1", "auth[application_token]", "canary", "data[CLEAN]", "1"); status != http.StatusOK {
		t.Errorf("forged: %d", status)
	}
	settled(p)
	if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("a forged event ends sessions: %s", response.Status)
	}
	token := p.Company.ApplicationToken(harness.ClientID)
	p.Company.Uninstall(harness.ClientID)
	if status := appEvent(p, "ONAPPUNINSTALL", "ts", "2", "auth[application_token]", token, "data[CLEAN]", "1"); status != http.StatusOK {
		t.Errorf("true: %d", status)
	}
	settled(p)
	if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusUnauthorized || rows(p, "grants") != 0 {
		t.Errorf("the session goes on: %s", response.Status)
	}
	if rows(p, "hours") != 1 {
		t.Error("what people have set was deleted without proof")
	}
}

// TestForgedInstallChangesNothing: an installation event changes the token of the events
// only when an administrator's access token for this very app and portal comes along.
func TestForgedInstallChangesNothing(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	install(p, 1)
	true_ := p.Company.ApplicationToken(harness.ClientID)
	p.Sim.AddApp(portalsim.App{ClientID: "app.other", ClientSecret: "x", Scopes: []string{"user"}, RedirectURL: p.App + "/bitrix24"})
	p.Company.Install("app.other")
	branch := portalsim.Branch(portalsim.On(time.Now().Date()))
	branch.Host = "branch.example"
	p.Sim.AddPortal(branch)
	branch.Install(harness.ClientID)
	for name, access := range map[string]string{
		"invented":                   "canary-access",
		"none":                       "",
		"an employee's":              p.Company.IssueToken(harness.ClientID, 2).Access,
		"another app's":              p.Company.IssueToken("app.other", 1).Access,
		"of another company's admin": branch.IssueToken(harness.ClientID, 1).Access,
	} {
		for _, event := range []string{"ONAPPINSTALL", "ONAPPUPDATE"} {
			if status := appEvent(p, event, "auth[application_token]", "canary-token", "auth[access_token]", access, "auth[client_endpoint]", "http://127.0.0.1:1/rest/"); status != http.StatusOK {
				t.Errorf("%s %s: %d", event, name, status)
			}
		}
		settled(p)
		if knowsToken(p, "canary-token") || !knowsToken(p, true_) {
			t.Errorf("%s token: the portal's own is overwritten", name)
		}
	}
	if n := rows(p, "portals"); n != 1 {
		t.Errorf("%d portals", n)
	}
	// The true one, twice.
	p.Company.Install(harness.ClientID) // gives a new token
	admin := p.Company.IssueToken(harness.ClientID, 1).Access
	for range 2 {
		if status := appEvent(p, "ONAPPUPDATE", "auth[access_token]", admin); status != http.StatusOK {
			t.Error(status)
		}
	}
	settled(p)
	if !knowsToken(p, p.Company.ApplicationToken(harness.ClientID)) || knowsToken(p, true_) {
		t.Error("the new token is not known")
	}
	if n := rows(p, "jobs WHERE payload <> ''"); n != 0 {
		t.Errorf("%d payloads are kept", n)
	}
	p.Stop()
	if logged := p.Log.Text(); strings.Contains(logged, "canary") || strings.Contains(logged, admin) {
		t.Error("the log tells something of the body")
	}
}

// TestInstallEventOfANewPortal: an installation that nobody has seen here before is
// verified, then stored without anybody's tokens.
func TestInstallEventOfANewPortal(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	if status := appEvent(p, "ONAPPINSTALL", "auth[access_token]", p.Company.IssueToken(harness.ClientID, 1).Access); status != http.StatusOK {
		t.Fatal(status)
	}
	settled(p)
	if !knowsToken(p, p.Company.ApplicationToken(harness.ClientID)) {
		t.Error("the portal's events are not believed")
	}
	db, _ := p.Database()
	got, err := db.Portal(t.Context(), p.Company.MemberID)
	want := auth.Portal{
		PortalID: p.Company.MemberID, Host: p.Company.Host, Endpoint: "http://" + p.Company.Host + "/rest/",
		AuthServer: p.Env["BITRIX24_AUTH_SERVERS"], ClientID: harness.ClientID, Scope: "calendar,user_brief,department,placement", AppToken: got.AppToken,
	}
	if err != nil || got != want {
		t.Errorf("%+v %v", got, err)
	}
	if rows(p, "grants") != 0 {
		t.Error("an event's tokens were kept")
	}
}

// TestDismissedPeopleAreSignedOut: somebody who is no longer an employee is signed out everywhere at
// the next look; colleagues stay.
func TestDismissedPeopleAreSignedOut(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	leaver, colleague := p.SignIn(3), p.SignIn(2)
	frame, _ := p.Launch(3, "DEFAULT", "")
	p.Share(leaver, harness.ComingWeek()+"&title=Mine")
	p.Share(colleague, harness.ComingWeek()+"&title=Hers")
	p.Company.Change(func(c *portalsim.Portal) {
		for _, u := range c.Users {
			if u.ID == 3 {
				u.Active = false
			}
		}
	})
	db, _ := p.Database()
	if err := db.DelayJob(t.Context(), "every dismissals", 0, true); err != nil {
		t.Fatal(err)
	}
	for limit := time.Now().Add(harness.HangLimit); rows(p, "sessions WHERE user_id = 3") > 0; time.Sleep(20 * time.Millisecond) {
		if time.Now().After(limit) {
			t.Fatal("sessions stay")
		}
	}
	for name, client := range map[string]*http.Client{"tab": leaver, "frame": frame} {
		if response, _ := p.Get(client, "/hours", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if _, err := db.Grant(t.Context(), meet.Member{Portal: p.Company.MemberID, User: 3}); meet.KindOf(err) != meet.NotFound {
		t.Errorf("the tokens stay: %v", err)
	}
	if mine, hers := rows(p, "links WHERE user_id = 3 AND NOT revoked"), rows(p, "links WHERE NOT revoked"); mine != 0 || hers != 1 {
		t.Errorf("of open links there are %d, of them his %d", hers, mine)
	}
	if response, _ := p.Get(colleague, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("a colleague: %s", response.Status)
	}
}

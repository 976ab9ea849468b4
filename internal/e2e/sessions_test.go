package e2e

import (
	"bufio"
	"database/sql"
	"encoding/json"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"

	"slotfinder/internal/e2e/harness"
)

// sessionList is the JSON of /sessions as it is documented.
type sessionList struct {
	Sessions []struct {
		ID, Begun, Used, Place string
		Current                bool
	}
}

func listSessions(p *harness.Product, client *http.Client) sessionList {
	p.T.Helper()
	response, body := p.Get(client, "/sessions", harness.AsJSON)
	if response.StatusCode != http.StatusOK || response.Header.Get("Cache-Control") != "no-store" {
		p.T.Fatalf("%s, kept %s", response.Status, response.Header.Get("Cache-Control"))
	}
	return harness.Decode[sessionList](p.T, body)
}

// TestOwnSessions: people see where they are signed in, and end what they like, but
// nothing of anybody else.
func TestOwnSessions(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	here, elsewhere, colleague := p.SignIn(2), p.SignIn(2), p.SignIn(3)
	framed, _ := p.Launch(2, "DEFAULT", "")
	p.Launch(2, "DEFAULT", "")
	all := listSessions(p, here)
	places := map[string]int{}
	other := ""
	for _, v := range all.Sessions {
		places[v.Place]++
		if !v.Current && v.Place == "tab" {
			other = v.ID
		}
		if v.Current && v.Place != "tab" {
			t.Errorf("this is %v", v)
		}
	}
	if places["tab"] != 2 || places["frame"] != 2 || other == "" {
		t.Fatalf("%+v", all)
	}
	_, body := p.GetWith(here, "/sessions")
	page := parse(t, body)
	if n := len(cascadia.QueryAll(page, cascadia.MustCompile(`form[action^="/sessions/"]`))); n != 3 {
		t.Errorf("%d can be ended", n)
	}
	if n := len(cascadia.QueryAll(page, cascadia.MustCompile(`main li form[action="/logout"]`))); n != 1 {
		t.Errorf("%d are one's own", n)
	}
	for name, text := range map[string]string{"an address": "127.0.0.1:", "a browser": "Mozilla"} {
		if strings.Contains(second(p.Get(here, "/sessions", harness.AsJSON)), text) {
			t.Errorf("%s is told", name)
		}
	}
	for _, id := range []string{other, "nothing", strings.Repeat("a", 16)} {
		if response, _ := p.Post(colleague, "/sessions/"+id+"/end", nil); response.StatusCode != http.StatusNotFound {
			t.Errorf("a colleague ends %s: %s", id, response.Status)
		}
	}
	if response, _ := p.Post(here, "/sessions/"+other+"/end", nil, "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Errorf("another site ends one: %s", response.Status)
	}
	if response, _ := p.Get(elsewhere, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Fatalf("ended by others: %s", response.Status)
	}
	if response, _ := p.Post(here, "/sessions/"+other+"/end", nil); response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/sessions?ended" {
		t.Errorf("%s to %s", response.Status, response.Header.Get("Location"))
	}
	for client, want := range map[*http.Client]int{elsewhere: http.StatusUnauthorized, here: http.StatusOK, framed: http.StatusOK, colleague: http.StatusOK} {
		if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != want {
			t.Errorf("%s instead of %d", response.Status, want)
		}
	}
	for _, v := range listSessions(p, here).Sessions {
		if v.Current {
			response, _ := p.Post(here, "/sessions/"+v.ID+"/end", nil)
			if response.Header.Get("Location") != "/" || response.Header.Get("Clear-Site-Data") != `"cache", "storage"` {
				t.Errorf("one's own: %s, clears %s", response.Header.Get("Location"), response.Header.Get("Clear-Site-Data"))
			}
		}
	}
	if response, _ := p.Get(here, "/sessions", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("one's own lives: %s", response.Status)
	}
}

// TestALaunchReplacesTheOneBefore: a browser that opens the app again and again in the
// portal has one session there; somebody else's form ends nobody's.
func TestALaunchReplacesTheOneBefore(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, _ := p.Launch(2, "DEFAULT", "")
	for _, user := range []int{2, 2, 3} {
		frame := p.LaunchForm(user, "DEFAULT", "")
		p.Post(client, frame.Action, frame.Fields, p.CrossSite()...)
	}
	if mine, theirs := rows(p, "sessions WHERE user_id = 2"), rows(p, "sessions WHERE user_id = 3"); mine != 1 || theirs != 1 {
		t.Errorf("%d and %d sessions", mine, theirs)
	}
}

// TestNothingPersonalIsStoredByBrowsers: no answer that belongs to a session may be kept.
func TestNothingPersonalIsStoredByBrowsers(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	framed, _ := p.Launch(2, "DEFAULT", "")
	for name, client := range map[string]*http.Client{"tab": p.SignIn(2), "frame": framed} {
		for _, path := range []string{"/find?who=3", "/people?q=a", "/hours", "/groups", "/links", "/sessions", "/settings", "/nothing", "/find?who=x"} {
			for _, accept := range []string{"text/html", harness.AsJSON} {
				response, body := p.GetWith(client, path, "Accept", accept)
				if kept := response.Header.Get("Cache-Control"); kept != "no-store" && (path != "/nothing" || strings.Contains(body, "Anna")) {
					t.Errorf("%s: %s as %s may be kept: %s", name, path, accept, kept)
				}
			}
		}
	}
}

// TestAFreshProofBeforeLendingTheAccount: an administrator whose sign-in is older than ten
// minutes is asked to come through the portal once more, and loses nothing.
func TestAFreshProofBeforeLendingTheAccount(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	boss := p.SignIn(harness.AdministratorID)
	framed, _ := p.Launch(harness.AdministratorID, "DEFAULT", "")
	execute(p, `UPDATE sessions SET data = json_set(data, '$.proved', '2026-01-01T00:00:00Z')`)
	form := url.Values{"do": {"designate"}, "consent": {"1"}}
	response, body := p.Post(boss, "/settings", form)
	again := cascadia.Query(parse(t, body), cascadia.MustCompile(`form[action="/login"]`))
	if response.StatusCode != http.StatusForbidden || again == nil || rows(p, "settings") != 0 {
		t.Fatalf("%s %d", response.Status, rows(p, "settings"))
	}
	if policy := response.Header.Get("Content-Security-Policy"); !strings.Contains(policy, "form-action 'self' https:") {
		t.Errorf("the form can't leave: %s", policy)
	}
	if response, body := p.Post(boss, "/settings", form, "Accept", harness.AsJSON); response.StatusCode != http.StatusForbidden || errorCode(t, body) != "forbidden" {
		t.Errorf("JSON: %s %s", response.Status, body)
	}
	if response, _ := p.Post(boss, "/settings", url.Values{"do": {"withdraw"}}); response.StatusCode != http.StatusSeeOther {
		t.Errorf("taking back needs no proof: %s", response.Status)
	}
	response, body = p.Post(framed, "/settings", form, harness.FrameHeader, "iframe")
	if out := cascadia.Query(parse(t, body), cascadia.MustCompile(`form[action="/frame/out"] [name=next][value^="/settings?agreed="]`)); response.StatusCode != http.StatusForbidden || out == nil {
		t.Errorf("in the frame: %s", response.Status)
	}
	back, err := boss.PostForm(p.App+"/login", url.Values{"portal": {p.Company.Host}, "next": {attribute(cascadia.Query(again, cascadia.MustCompile("[name=next]")), "value")}})
	if err != nil {
		t.Fatal(err)
	}
	ticked := cascadia.Query(parse(t, harness.ReadBody(t, back)), cascadia.MustCompile(`#consent[checked]`))
	if back.Request.URL.Path != "/settings" || ticked == nil {
		t.Fatalf("back at %s, ticked %t", back.Request.URL, ticked != nil)
	}
	for name, mark := range map[string]string{"forged": "1", "somebody else's": back.Request.URL.Query().Get("agreed")} {
		client := p.SignIn(harness.AdministratorID)
		if name == "somebody else's" {
			client = p.SignIn(1 + harness.AdministratorID%2)
		}
		if _, body := p.GetWith(client, "/settings?agreed="+url.QueryEscape(mark)); cascadia.Query(parse(t, body), cascadia.MustCompile(`#consent[checked]`)) != nil {
			t.Errorf("%s mark ticks the box", name)
		}
	}
	if response, _ := p.Post(boss, "/settings", form); response.StatusCode != http.StatusSeeOther || rows(p, "settings") != 1 {
		t.Errorf("after the proof: %s", response.Status)
	}
}

// execute changes the database beside the program.
func execute(p *harness.Product, statement string) {
	p.T.Helper()
	db, err := sql.Open("sqlite", strings.TrimPrefix(p.Env["SLOTFINDER_DATABASE"], "sqlite:"))
	if err != nil {
		p.T.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(p.T.Context(), statement); err != nil {
		p.T.Fatal(err)
	}
}

// TestSecurityLog walks through what the door lets in and refuses, and reads the log.
func TestSecurityLog(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement")
	install(p, 1)
	client := p.SignIn(2)
	link := p.Share(client, harness.ComingWeek())
	colleague := p.SignIn(3)
	p.GetWith(colleague, "/links/"+link.ID)
	p.Post(colleague, "/sessions/canary-of-somebody/end", nil)
	p.Post(client, "/hours", nil, "Sec-Fetch-Site", "cross-site")
	p.GetWith(p.Browser(), "/bitrix24?code=canary-code&state=canary-state")
	frame := p.LaunchForm(2, "DEFAULT", "")
	frame.Fields.Set("AUTH_ID", "canary-token")
	p.Post(p.Browser(), frame.Action, frame.Fields, p.CrossSite()...)
	frame = p.LaunchForm(2, "DEFAULT", "")
	p.Post(p.Browser(), strings.Replace(frame.Action, "/bitrix24?", "/bitrix24/install?", 1), frame.Fields, p.CrossSite()...)
	p.Launch(2, "DEFAULT", "")
	postEvent(p, "", formKind, eventForm(p, "auth[application_token]", "canary-application-token").Encode())
	p.Post(client, "/links/"+link.ID+"/revoke", nil)
	for _, v := range listSessions(p, colleague).Sessions {
		p.Post(colleague, "/sessions/"+v.ID+"/end", nil)
	}
	admin := p.SignIn(1)
	p.Post(admin, "/settings", url.Values{"do": {"designate"}, "consent": {"1"}})
	p.Post(admin, "/settings", url.Values{"do": {"withdraw"}})
	admin.Jar.SetCookies(portalURL(p), []*http.Cookie{p.Company.SignIn(2)})
	if response, err := admin.Get(login(p, admin, p.Company.Host, "").Header.Get("Location")); err == nil {
		harness.ReadBody(t, response)
	}
	p.Post(admin, "/login/person", url.Values{"do": {"change"}})
	p.Post(admin, "/logout", url.Values{"everywhere": {"1"}})
	token := p.Company.ApplicationToken(harness.ClientID)
	appEvent(p, "ONAPPUNINSTALL", "auth[application_token]", token)
	settled(p)
	for range 150 {
		p.GetWith(harness.Guest(), "/login?portal=")
	}
	secrets := append(p.Company.Secrets(), token, frame.Fields.Get("AUTH_ID"), frame.Fields.Get("REFRESH_ID"), harness.ClientSecret, "canary", "Anna", "127.0.0.1")
	p.Stop()

	seen := map[string]int{}
	scanner := bufio.NewScanner(strings.NewReader(p.Log.Text()))
	scanner.Buffer(nil, 1<<20)
	for scanner.Scan() {
		var line struct {
			Msg, Event, Portal, Address, Reason string
			User                                int64
		}
		if json.Unmarshal(scanner.Bytes(), &line) != nil || line.Msg != "security" {
			continue
		}
		seen[line.Event]++
		for _, secret := range secrets {
			if len(secret) > 3 && strings.Contains(scanner.Text(), secret) {
				t.Errorf("a line holds %q: %s", secret, scanner.Text())
			}
		}
		known := map[string]bool{"signed_in": true, "launched": true, "signed_out": true, "object_refused": true, "account_lent": true, "link_revoked": true}
		if known[line.Event] && (line.Portal != p.Company.MemberID || line.User == 0 || len(line.Address) != 16) {
			t.Errorf("who, and from where? %s", scanner.Text())
		}
	}
	for _, event := range []string{
		"signed_in", "signin_refused", "person_changed", "launched", "launch_refused", "signed_out", "installed", "install_refused",
		"uninstall_refused", "event_refused", "account_lent", "account_taken_back", "link_revoked", "cross_site", "rate_limited", "object_refused",
	} {
		if seen[event] == 0 {
			t.Errorf("no line tells %s: %v", event, seen)
		}
	}
	if n := seen["rate_limited"]; n > 40 {
		t.Errorf("a flood gets %d lines", n)
	}
	t.Logf("figure: %d kinds of events have lines, a flood of 150 has %d, %d secrets are in none", len(seen), seen["rate_limited"], len(secrets))
}

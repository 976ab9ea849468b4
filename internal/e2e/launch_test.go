package e2e

import (
	"io"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// TestLaunchNeedsEveryPart: with any part missing that proves something,
// beside whatever cookies, nobody gets in.
func TestLaunchNeedsEveryPart(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	parts := []string{"AUTH_ID", "REFRESH_ID", "member_id"}
	for missing := 1; missing < 1<<len(parts); missing++ {
		for name, client := range map[string]*http.Client{"a stranger": p.Browser(), "a colleague": p.SignIn(4)} {
			frame := p.LaunchForm(2, "DEFAULT", "")
			for i, part := range parts {
				if missing&(1<<i) != 0 {
					frame.Fields.Del(part)
				}
			}
			for _, path := range []string{"/bitrix24", "/frame"} {
				action := strings.Replace(frame.Action, "/bitrix24", path, 1)
				response, _ := p.Post(client, action, frame.Fields)
				if response.StatusCode/100 != 4 || len(response.Cookies()) > 0 {
					t.Errorf("%s at %s without %03b: %s", name, path, missing, response.Status)
				}
			}
		}
	}
}

// TestOnlyLaunchRoutesAreOpenToOtherSites: only the routes that portals post to are open
// to other sites.
func TestOnlyLaunchRoutesAreOpenToOtherSites(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	frame := p.LaunchForm(2, "DEFAULT", "")
	_, query, _ := strings.Cut(frame.Action, "?")
	for path, want := range map[string]int{"/frame?" + query: 403, "/frame/out": 403, "/open": 403, "/hours": 403, "/logout": 403} {
		response, _ := p.Post(p.Browser(), path, frame.Fields, p.CrossSite()...)
		if response.StatusCode != want {
			t.Errorf("%s from another site: %s, want %d", path, response.Status, want)
		}
	}
	for _, kind := range []string{"application/json", "text/plain", "multipart/form-data; boundary=x"} {
		response, _ := p.Post(p.Browser(), frame.Action, frame.Fields, "Content-Type", kind)
		if response.StatusCode/100 != 4 {
			t.Errorf("as %s: %s", kind, response.Status)
		}
	}
	for _, method := range []string{http.MethodOptions, http.MethodPut, http.MethodHead} {
		request, _ := http.NewRequest(method, frame.Action, strings.NewReader(frame.Fields.Encode()))
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		response, err := harness.NoRedirects(p.Browser()).Do(request)
		if err != nil {
			t.Fatal(err)
		}
		_, _ = io.Copy(io.Discard, response.Body)
		response.Body.Close()
		if len(response.Cookies()) > 0 {
			t.Errorf("%s opens a session", method)
		}
	}
}

// TestForgedLaunches posts forged forms to the real program: nothing is opened, nothing is
// stored, and no host out of the form is asked.
func TestForgedLaunches(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	evil := newTrap(t)
	branch := portalsim.Branch(portalsim.Date{Year: 2026, Month: 11, Day: 24})
	branch.Host = "branch.example"
	p.Sim.AddPortal(branch)
	branch.Install(harness.ClientID)
	p.Sim.AddApp(portalsim.App{ClientID: "app.other", ClientSecret: "x", Scopes: []string{"user"}, RedirectURL: p.App + "/bitrix24"})
	p.Company.Install("app.other")
	forgeries := map[string]func(query, body url.Values){
		"attacker's DOMAIN and token": func(q, b url.Values) { q.Set("DOMAIN", evil.host); b.Set("AUTH_ID", "canary-invented") },
		"another company's key":       func(_, b url.Values) { b.Set("member_id", portalsim.BranchMember) },
		"attacker's authorization server": func(_, b url.Values) {
			b.Set("SERVER_ENDPOINT", evil.url+"/rest/")
			b.Set("AUTH_ID", "canary-invented")
		},
		"another app's token": func(_, b url.Values) {
			token := p.Company.IssueToken("app.other", 2)
			b.Set("AUTH_ID", token.Access)
			b.Set("REFRESH_ID", token.Refresh)
		},
		"a colleague's refresh token": func(_, b url.Values) { b.Set("REFRESH_ID", p.Company.IssueToken(harness.ClientID, 3).Refresh) },
		"metadata service":            func(q, b url.Values) { q.Set("DOMAIN", "169.254.169.254"); b.Set("AUTH_ID", "canary-invented") },
		"loopback":                    func(q, b url.Values) { q.Set("DOMAIN", "localhost"); b.Set("AUTH_ID", "canary-invented") },
		"a name that leads inside": func(q, b url.Values) {
			q.Set("DOMAIN", "localhost.evil.example")
			b.Set("AUTH_ID", "canary-invented")
		},
		"huge":     func(_, b url.Values) { b.Set("PLACEMENT_OPTIONS", strings.Repeat("x", 20<<10)) },
		"enormous": func(_, b url.Values) { b.Set("x", strings.Repeat("x", 70<<10)) },
		"repeated": func(_, b url.Values) { b.Add("member_id", portalsim.BranchMember) },
		"in the address": func(q, b url.Values) {
			maps.Copy(q, b)
			clear(b)
		},
		"expired": func(_, _ url.Values) { p.Company.ExpireTokens() },
	}
	for name, forge := range forgeries {
		frame := p.LaunchForm(2, "DEFAULT", "")
		action, _ := url.Parse(frame.Action)
		query := action.Query()
		forge(query, frame.Fields)
		action.RawQuery = query.Encode()
		for _, path := range []string{"/bitrix24", "/frame"} {
			action.Path = path
			response, body := p.Post(p.Browser(), action.String(), frame.Fields)
			if response.StatusCode/100 != 4 || len(response.Cookies()) > 0 || strings.Contains(body, "canary") {
				t.Errorf("%s at %s: %s", name, path, response.Status)
			}
			if ancestors(response) != "'none'" {
				t.Errorf("%s at %s: framed by %s", name, path, ancestors(response))
			}
		}
	}
	if n := evil.asked(); n != 0 {
		t.Errorf("the attacker's host was asked %d times", n)
	}
	db, _ := p.Database()
	for _, member := range []string{portalsim.CompanyMember, portalsim.BranchMember} {
		if _, err := db.Portal(t.Context(), member); err == nil {
			t.Error("a portal was stored")
		}
	}
}

// TestLaunchThatCannotBeVerified: nobody gets in, and the status says that it is not
// the visitor's fault. In the frame of a portal that we know the page can be seen.
func TestLaunchThatCannotBeVerified(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.Launch(2, "DEFAULT", "")
	p.Sim.FailAuth("*", portalsim.HTML502())
	defer p.Sim.HealAuth()
	frame := p.LaunchForm(2, "DEFAULT", "")
	response, body := p.Post(p.Browser(), frame.Action, frame.Fields, p.CrossSite()...)
	if response.StatusCode < 502 || response.StatusCode > 504 || len(response.Cookies()) > 0 {
		t.Errorf("%s %.200s", response.Status, body)
	}
	if ancestors(response) != "http://"+p.Company.Host || !strings.Contains(body, "<h1") {
		t.Errorf("nobody sees why: framed by %s", ancestors(response))
	}
	p.Sim.HealAuth()
	for _, path := range []string{"", "/install"} { // "too much" is no refusal of the form either
		p.Company.Fail("profile", portalsim.FailureStatus("OVERLOAD_LIMIT", "", http.StatusServiceUnavailable))
		frame := p.LaunchForm(1, "DEFAULT", "")
		response, _ := p.Post(p.Browser(), strings.Replace(frame.Action, "/bitrix24?", "/bitrix24"+path+"?", 1), frame.Fields, p.CrossSite()...)
		if response.StatusCode < 502 || response.StatusCode > 504 || len(response.Cookies()) > 0 {
			t.Errorf("/bitrix24%s of a busy portal: %s", path, response.Status)
		}
	}
}

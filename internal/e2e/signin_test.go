package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// TestSignIn follows the OAuth flow of the stand-alone site and looks at what is
// left behind in the browser.
func TestSignIn(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	site, _ := url.Parse(p.App)
	cookies := client.Jar.Cookies(site)
	before := sessionCookie(cookies)
	if before == "" {
		t.Fatalf("no session cookie in %v", cookies)
	}
	a := p.Find(client, "")
	if len(a.People) != 1 || a.People[0].ID != 2 || !a.People[0].Required {
		t.Errorf("the signed-in person is not the one required: %+v", a.People)
	}
	response, _ := p.Get(harness.NoRedirects(client), "/", "")
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/find" {
		t.Errorf("GET / signed in: %s to %q", response.Status, response.Header.Get("Location"))
	}
	post(t, client, p.App+"/logout", "same-origin")
	if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("after logout: %s", response.Status)
	}
	stolen := p.Browser()
	stolen.Jar.SetCookies(site, []*http.Cookie{{Name: "slotfinder", Value: before}})
	if response, _ := p.Get(stolen, "/find", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the old cookie after logout: %s", response.Status)
	}
}

func TestSessionIDChangesAtSignIn(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.Browser()
	site, _ := url.Parse(p.App)
	portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
	planted := sessionCookie(p.SignIn(4).Jar.Cookies(site)) // an attacker's own
	client.Jar.SetCookies(site, []*http.Cookie{{Name: "slotfinder", Value: planted, Path: "/"}})
	post(t, client, p.App+"/logout", "same-origin")
	client.Jar.SetCookies(site, []*http.Cookie{{Name: "slotfinder", Value: planted, Path: "/"}})
	response := login(p, client, p.Company.Host, "")
	client.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(3)})
	response, err := client.Get(response.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	harness.ReadBody(t, response)
	other := p.Browser()
	other.Jar.SetCookies(site, []*http.Cookie{{Name: "slotfinder", Value: planted}})
	if response, _ := p.Get(other, "/find", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the cookie from before sign-in is signed in: %s", response.Status)
	}
	if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("the browser that signed in: %s", response.Status)
	}
}

func TestCrossSiteLogoutIsRefused(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	if response := post(t, harness.NoRedirects(client), p.App+"/logout", "cross-site"); response.StatusCode != http.StatusForbidden {
		t.Errorf("logout from another site: %s", response.Status)
	}
	if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusOK {
		t.Errorf("the session did not survive: %s", response.Status)
	}
}

// TestSignInGoesWrong: whatever goes wrong, the person sees a page of ours that
// says what to do next, with the status that tells programs.
func TestSignInGoesWrong(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.Browser()
	cases := []struct {
		name, path string
		status     int
	}{
		{"no address", "/login?portal=", 422},
		{"no address at all", "/login?portal=not%20a%20portal", 422},
		{"state of nobody", "/bitrix24?code=abc&state=forged", 403},
		{"code without state", "/bitrix24?code=abc", 403},
		{"unknown page", "/nothing-here", 404},
	}
	for _, c := range cases {
		response, body := p.Get(client, c.path, "")
		if response.StatusCode != c.status {
			t.Errorf("%s: %s, want %d", c.name, response.Status, c.status)
		}
		if !strings.Contains(body, "<html") || !strings.Contains(body, "<h1") {
			t.Errorf("%s: no page of ours: %.200s", c.name, body)
		}
	}
	t.Run("used code", func(t *testing.T) {
		client := p.Browser()
		portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
		client.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(2)})
		callback := callbackURL(p, t, client)
		if response, err := client.Get(callback); err != nil || response.StatusCode != http.StatusOK {
			t.Fatal(response, err)
		}
		response, err := client.Get(callback)
		if err != nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("the same callback again: %v %v", response.Status, err)
		}
	})
	t.Run("another browser's state", func(t *testing.T) {
		victim, attacker := p.Browser(), p.Browser()
		portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
		attacker.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(2)})
		response, err := victim.Get(callbackURL(p, t, attacker))
		if err != nil || response.StatusCode != http.StatusForbidden {
			t.Errorf("login CSRF: %v %v", response.Status, err)
		}
	})
	t.Run("app uninstalled meanwhile", func(t *testing.T) {
		client := p.Browser()
		portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
		client.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(2)})
		callback := callbackURL(p, t, client)
		p.Company.Uninstall(harness.ClientID)
		defer p.Company.Install(harness.ClientID)
		response, err := client.Get(callback)
		if err != nil {
			t.Fatal(err)
		}
		if body := harness.ReadBody(t, response); response.StatusCode/100 != 4 || !strings.Contains(body, "<h1") {
			t.Errorf("%s: %.300s", response.Status, body)
		}
	})
	t.Run("authorization server down", func(t *testing.T) {
		client := p.Browser()
		portal := &url.URL{Scheme: "http", Host: p.Company.Host, Path: "/"}
		client.Jar.SetCookies(portal, []*http.Cookie{p.Company.SignIn(2)})
		callback := callbackURL(p, t, client)
		p.Sim.FailAuth("*", portalsim.HTML502())
		defer p.Sim.HealAuth()
		response, err := client.Get(callback)
		if err != nil {
			t.Fatal(err)
		}
		if harness.ReadBody(t, response); response.StatusCode < 502 || response.StatusCode > 504 {
			t.Error(response.Status)
		}
	})
}

// TestNextLeadsNowhereElse: after signing in nobody lands on another site.
func TestNextLeadsNowhereElse(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for next, want := range map[string]string{
		"/find?who=7&dur=30":       "/find?who=7&dur=30",
		"//evil.example/find":      "/find",
		"https://evil.example":     "/find",
		"/\\evil.example":          "/find",
		"/find\r\nSet-Cookie: a=b": "/find",
		"/logout":                  "/find",
		"/groups":                  "/groups",
		"javascript:alert(1)":      "/find",
		"":                         "/find",
	} {
		response, _ := p.Get(harness.NoRedirects(client), "/?next="+url.QueryEscape(next), "")
		if got := response.Header.Get("Location"); got != want {
			t.Errorf("next=%q leads to %q, want %q", next, got, want)
		}
	}
}

func TestSignedOutKeepsTheQuery(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.Browser()
	response, body := p.Get(client, "/find?who=3&dur=45", "")
	if response.StatusCode != http.StatusOK || response.Request.URL.Path != "/" {
		t.Fatalf("%s at %s", response.Status, response.Request.URL)
	}
	if !strings.Contains(body, "/find?who=3&amp;dur=45") {
		t.Error("the landing page has forgotten where the person wanted to go")
	}
	if response, body := p.Get(client, "/find?who=3", harness.AsJSON); response.StatusCode != http.StatusUnauthorized || errorCode(t, body) != "signed_out" {
		t.Errorf("JSON: %s %s", response.Status, body)
	}
}

// TestLoginsAreNotSpentByOthers: requests for what does not exist do not use up the
// sign-ins of an address.
func TestLoginsAreNotSpentByOthers(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := harness.NoRedirects(p.Browser())
	for range 2 * 100 {
		p.Get(client, "/nothing", harness.AsJSON)
	}
	if response := login(p, client, p.Company.Host, ""); response.StatusCode != http.StatusSeeOther {
		t.Errorf("sign-in after many wrong addresses: %s", response.Status)
	}
}

func TestLogoutEverywhere(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	here, there, colleague := p.SignIn(2), p.SignIn(2), p.SignIn(3)
	response, err := here.PostForm(p.App+"/logout", url.Values{"everywhere": {"1"}})
	if err != nil {
		t.Fatal(err)
	}
	harness.ReadBody(t, response)
	for name, c := range map[string]struct {
		client *http.Client
		status int
	}{"here": {here, 401}, "on the other device": {there, 401}, "a colleague": {colleague, 200}} {
		if response, _ := p.Get(c.client, "/find", harness.AsJSON); response.StatusCode != c.status {
			t.Errorf("%s: %s, want %d", name, response.Status, c.status)
		}
	}
}

package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/portalsim"

	"slotfinder/internal/meet"
)

// The ways of a browser with the cookies of the app when the portal is around it.
const (
	thirdPartyBlocked = `{"profile":{"cookie_controls_mode":1,"block_third_party_cookies":true}}`
	allRefused        = `{"profile":{"cookie_controls_mode":1,"content_settings":{"exceptions":{"cookies":{"%s,*":{"setting":2}}}}}}`
)

// chromiumWith starts a browser with preferences, which trusts the certificate of
// the tests.
func chromiumWith(t *testing.T, preferences string) context.Context {
	t.Helper()
	dir := profile(t)
	if err := os.MkdirAll(filepath.Join(dir, "Default"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Default", "Preferences"), []byte(preferences), 0o600); err != nil {
		t.Fatal(err)
	}
	return chromiumFor(t, 3*browserLimit, chromedp.UserDataDir(dir), chromedp.Flag("ignore-certificate-errors-spki-list", fingerprint()))
}

// onTwoSites is the program and the portal on two sites over TLS; the app is waiting
// for its installer.
func onTwoSites(t *testing.T) *product {
	t.Helper()
	p := startOverTLS(t, portalsim.Company(portalsim.On(time.Now().Date())))
	p.sim.AddApp(portalsim.App{
		ClientID: clientID, ClientSecret: clientSecret, Name: "Slotfinder", Code: "acme.slots",
		RedirectURL: p.app + "/bitrix24", InstallURL: p.app + "/bitrix24/install",
		Scopes: []string{"calendar", "user_brief", "department", "placement", "im", "sonet_group"},
	})
	p.company.Offer(clientID)
	return p
}

// enter opens the app in the portal as a user and returns the browser's view of the
// frame. The portal's page is visited anew.
func (p *product) enter(ctx context.Context, user, path string) context.Context {
	p.t.Helper()
	portal := "https://" + p.company.Host
	do(p.t, ctx, chromedp.Navigate(portal+"/"))
	if evaluate[bool](p.t, ctx, `!!document.querySelector("button[name=user]")`) {
		do(p.t, ctx, chromedp.Click(chromedp.CSS("button[name=user][value='"+user+"']")), chromedp.WaitReady(chromedp.CSS(".menu")))
	}
	do(p.t, ctx, chromedp.Navigate(portal+path))
	return insideOf(p.t, ctx, p.app)
}

// TestTwoSitesOverTLS: whatever a browser does with the app's cookies, the app works
// inside the portal's frame from its installation to a sign-in that has expired.
func TestTwoSitesOverTLS(t *testing.T) {
	t.Parallel()
	for name, preferences := range map[string]string{"third-party cookies are blocked": thirdPartyBlocked, "every cookie of the app is refused": allRefused} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := onTwoSites(t)
			if strings.Contains(preferences, "%s") {
				preferences = fmt.Sprintf(preferences, p.app)
			}
			ctx := chromiumWith(t, preferences)
			app := "/marketplace/app/" + clientID + "/"

			// An administrator's browser finishes the installation.
			p.enter(ctx, "1", app)
			until(t, ctx, `location.search.includes("install_finished=Y")`)
			inside := insideOf(t, ctx, p.app)
			until(t, inside, `location.pathname == "/find" && !!document.querySelector("#chip-1")`)

			p.searchInFrame(inside)
			p.shareInFrame(inside)

			// Loading the page anew keeps it.
			do(t, ctx, chromedp.Navigate("https://"+p.company.Host+app))
			inside = insideOf(t, ctx, p.app)
			until(t, inside, `!!document.querySelector("#chip-1")`)
			reload(t, inside, "#chip-1")

			// Only where no cookie is kept does the frame ask the portal for its tokens.
			asked := slices.ContainsFunc(p.company.Messages(), func(m portalsim.Message) bool { return m.Command == "getInitData" })
			if refused := preferences != thirdPartyBlocked; asked != refused {
				t.Errorf("the portal was asked for tokens: %t", asked)
			}

			// Session and tokens end; the frame signs in anew by itself, and neither the
			// search nor the name that is being typed is lost.
			db, _ := p.database()
			if err := db.DeleteSessionsOf(t.Context(), meet.Member{Portal: portalsim.CompanyMember, User: 1}); err != nil {
				t.Fatal(err)
			}
			p.company.ExpireTokens()
			p.searchInFrame(inside)
		})
	}
}

// searchInFrame adds a colleague, by the picker.
func (p *product) searchInFrame(inside context.Context) {
	p.t.Helper()
	until(p.t, inside, answered)
	do(p.t, inside, chromedp.SendKeys(chromedp.CSS("people-picker input"), p.colleagues(3)[0]))
	until(p.t, inside, `document.querySelectorAll("people-picker [role=option]").length == 1`)
	press(p.t, inside, "people-picker [role=option]")
	until(p.t, inside, answered+` && !!document.querySelector("#chip-3") && location.search.includes("%2C3")`)
}

// shareInFrame makes a link out of what is found and opens it as a guest.
func (p *product) shareInFrame(inside context.Context) {
	p.t.Helper()
	press(p.t, inside, ".head a[href^='/links/new?']")
	until(p.t, inside, `location.pathname == "/links/new" && !!document.querySelector("form[action='/links'] [name=title]")`)
	do(p.t, inside, chromedp.SendKeys(chromedp.CSS("[name=title]"), "Product demo"))
	press(p.t, inside, "form[action='/links'] button:not([type=button])")
	until(p.t, inside, `!!document.querySelector("#link-url")`)
	link := evaluate[string](p.t, inside, `document.querySelector("#link-url").value`)
	request, err := http.NewRequestWithContext(p.t.Context(), http.MethodGet, link, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("Accept", asJSON)
	response, err := p.browser().Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	var shared struct {
		Title, State string
		Slots        []interval
	}
	if err := json.Unmarshal([]byte(readBody(p.t, response)), &shared); err != nil {
		p.t.Fatal(err)
	}
	if shared.Title != "Product demo" || shared.State != "open" || len(shared.Slots) == 0 {
		p.t.Errorf("the link shows %+v", shared)
	}
}

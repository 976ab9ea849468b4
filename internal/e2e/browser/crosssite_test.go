package browser

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

	"slotfinder/internal/browsertest"
	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
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
	dir := browsertest.Profile(t)
	if err := os.MkdirAll(filepath.Join(dir, "Default"), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "Default", "Preferences"), []byte(preferences), 0o600); err != nil {
		t.Fatal(err)
	}
	return chromiumFor(t, 3*harness.HangLimit, chromedp.UserDataDir(dir), chromedp.Flag("ignore-certificate-errors-spki-list", fingerprint()))
}

// onTwoSites is the program and the portal on two sites over TLS; the app is waiting
// for its installer.
func onTwoSites(t *testing.T) *harness.Product {
	t.Helper()
	p := startOverTLS(t, portalsim.Company(portalsim.On(time.Now().Date())))
	p.Sim.AddApp(portalsim.App{
		ClientID: harness.ClientID, ClientSecret: harness.ClientSecret, Name: "Slotfinder", Code: "acme.slots",
		RedirectURL: p.App + "/bitrix24", InstallURL: p.App + "/bitrix24/install",
		Scopes: []string{"calendar", "user_brief", "department", "placement", "im", "sonet_group"},
	})
	p.Company.Offer(harness.ClientID)
	return p
}

// enter opens the app in the portal as a user and returns the browser's view of the
// frame. The portal's page is visited anew.
func enter(p *harness.Product, ctx context.Context, user, path string) context.Context {
	p.T.Helper()
	portal := "https://" + p.Company.Host
	do(p.T, ctx, chromedp.Navigate(portal+"/"))
	if evaluate[bool](p.T, ctx, `!!document.querySelector("button[name=user]")`) {
		do(p.T, ctx, chromedp.Click(chromedp.CSS("button[name=user][value='"+user+"']")), chromedp.WaitReady(chromedp.CSS(".menu")))
	}
	do(p.T, ctx, chromedp.Navigate(portal+path))
	return insideOf(p.T, ctx, p.App)
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
				preferences = fmt.Sprintf(preferences, p.App)
			}
			ctx := chromiumWith(t, preferences)
			app := "/marketplace/app/" + harness.ClientID + "/"

			// An administrator's browser finishes the installation.
			enter(p, ctx, "1", app)
			until(t, ctx, `location.search.includes("install_finished=Y")`)
			inside := insideOf(t, ctx, p.App)
			until(t, inside, `location.pathname == "/find" && !!document.querySelector("#chip-1")`)

			searchInFrame(p, inside)
			shareInFrame(p, inside)

			// Loading the page anew keeps it.
			do(t, ctx, chromedp.Navigate("https://"+p.Company.Host+app))
			inside = insideOf(t, ctx, p.App)
			until(t, inside, `!!document.querySelector("#chip-1")`)
			reload(t, inside, "#chip-1")

			// Only where no cookie is kept does the frame ask the portal for its tokens.
			asked := slices.ContainsFunc(p.Company.Messages(), func(m portalsim.Message) bool { return m.Command == "getInitData" })
			if refused := preferences != thirdPartyBlocked; asked != refused {
				t.Errorf("the portal was asked for tokens: %t", asked)
			}

			// Session and tokens end; the frame signs in anew by itself, and neither the
			// search nor the name that is being typed is lost.
			db, _ := p.Database()
			if err := db.DeleteSessionsOf(t.Context(), meet.Member{Portal: portalsim.CompanyMember, User: 1}); err != nil {
				t.Fatal(err)
			}
			p.Company.ExpireTokens()
			searchInFrame(p, inside)
		})
	}
}

// searchInFrame adds a colleague, by the picker.
func searchInFrame(p *harness.Product, inside context.Context) {
	p.T.Helper()
	until(p.T, inside, answered)
	do(p.T, inside, chromedp.SendKeys(chromedp.CSS("people-picker input"), p.Colleagues(3)[0]))
	until(p.T, inside, `document.querySelectorAll("people-picker [role=option]").length == 1`)
	press(p.T, inside, "people-picker [role=option]")
	until(p.T, inside, answered+` && !!document.querySelector("#chip-3") && location.search.includes("%2C3")`)
}

// shareInFrame makes a link out of what is found and opens it as a guest.
func shareInFrame(p *harness.Product, inside context.Context) {
	p.T.Helper()
	press(p.T, inside, ".head a[href^='/links/new?']")
	until(p.T, inside, `location.pathname == "/links/new" && !!document.querySelector("form[action='/links'] [name=title]")`)
	do(p.T, inside, chromedp.SendKeys(chromedp.CSS("[name=title]"), "Product demo"))
	press(p.T, inside, "form[action='/links'] button:not([type=button])")
	until(p.T, inside, `!!document.querySelector("#link-url")`)
	link := evaluate[string](p.T, inside, `document.querySelector("#link-url").value`)
	request, err := http.NewRequestWithContext(p.T.Context(), http.MethodGet, link, nil)
	if err != nil {
		p.T.Fatal(err)
	}
	request.Header.Set("Accept", harness.AsJSON)
	response, err := p.Browser().Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	var shared struct {
		Title, State string
		Slots        []harness.Interval
	}
	if err := json.Unmarshal([]byte(harness.ReadBody(p.T, response)), &shared); err != nil {
		p.T.Fatal(err)
	}
	if shared.Title != "Product demo" || shared.State != "open" || len(shared.Slots) == 0 {
		p.T.Errorf("the link shows %+v", shared)
	}
}

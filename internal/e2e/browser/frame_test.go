package browser

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// parentScript is what the portal's page does for the frame, as far as signing in is
// concerned: it answers with the tokens it has.
const parentScript = `(window.told = [], addEventListener("message", e => {
	const parts = String(e.data).split(":"), command = parts[0], id = parts[parts.length - 2]
	window.told.push(command)
	if (window.silent) return
	const said = { getInitData: window.first, refreshAuth: window.fresh }[command]
	if (said) e.source.postMessage(id + ":" + JSON.stringify(said), e.origin)
}), true)`

// tokens are those the portal's page knows for its visitor.
func tokens(p *harness.Product, user int, fresh bool) string {
	token := p.Company.IssueToken(harness.ClientID, user)
	said := map[string]any{"AUTH_ID": token.Access, "AUTH_EXPIRES": "3600", "REFRESH_ID": token.Refresh}
	if !fresh {
		said["MEMBER_ID"], said["LANG"], said["PLACEMENT"] = p.Company.MemberID, "en", "DEFAULT"
	}
	text, err := json.Marshal(said)
	if err != nil {
		p.T.Fatal(err)
	}
	return string(text)
}

// insideOf returns the browser's view of the frame, which is of another site.
func insideOf(t *testing.T, ctx context.Context, origin string) context.Context {
	t.Helper()
	for {
		targets, err := chromedp.Targets(ctx)
		if err != nil {
			t.Fatal(err)
		}
		for _, tab := range targets {
			if tab.Type == "iframe" && strings.HasPrefix(tab.URL, origin) {
				inside, stop := chromedp.NewContext(ctx, chromedp.WithTargetID(tab.TargetID))
				t.Cleanup(stop)
				return inside
			}
		}
		select {
		case <-ctx.Done():
			t.Fatalf("no frame of %s: %v", origin, targets)
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// openFrame shows the portal's page with the app in a frame, as a user.
func openFrame(p *harness.Product, ctx context.Context, user int) (inside context.Context) {
	t := p.T
	do(t, ctx, chromedp.Navigate("http://"+p.Company.Host+"/"), chromedp.Click(chromedp.CSS("button[name=user][value='"+strconv.Itoa(user)+"']")))
	until(t, ctx, `!!document.querySelector("main a")`)
	frame := p.LaunchForm(user, "DEFAULT", "")
	_, query, _ := strings.Cut(frame.Action, "?")
	fields, err := json.Marshal(frame.Fields)
	if err != nil {
		t.Fatal(err)
	}
	evaluate[bool](t, ctx, parentScript)
	evaluate[bool](t, ctx, `(window.first = `+tokens(p, user, false)+`, window.fresh = `+tokens(p, user, true)+`, true)`)
	evaluate[bool](t, ctx, `(() => {
		const frame = Object.assign(document.createElement("iframe"), { name: "`+frame.Name+`", width: 1200, height: 700 })
		const form = Object.assign(document.createElement("form"), { method: "post", target: frame.name, action: "`+p.App+"/bitrix24?"+query+`" })
		for (const [name, [value]] of Object.entries(`+string(fields)+`)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
		document.body.append(frame, form)
		form.submit()
		return true
	})()`)
	return insideOf(t, ctx, p.App)
}

// press clicks on an element of the frame's page as soon as it is there, in one step:
// the page may renew itself between two.
func press(t *testing.T, inside context.Context, selector string) {
	t.Helper()
	until(t, inside, answered+` && (e => !!e && (e.click(), true))(document.querySelector("`+selector+`"))`)
}

// reload loads the frame's search anew, without leaving the document where there is no
// cookie, and waits for an element of it. A page changed in place does not count.
func reload(t *testing.T, inside context.Context, selector string) {
	t.Helper()
	until(t, inside, answered+` && (e => !!e && (e.old = true, setTimeout(() => location.reload(), 0), true))(document.querySelector("`+selector+`"))`)
	until(t, inside, answered+` && (e => !!e && !e.old)(document.querySelector("`+selector+`"))`)
}

// opened waits for the tab that an act opens.
func opened(t *testing.T, ctx context.Context, act func()) context.Context {
	t.Helper()
	target := chromedp.WaitNewTarget(ctx, func(i *target.Info) bool { return i.Type == "page" })
	act()
	select {
	case id := <-target:
		tab, stop := chromedp.NewContext(ctx, chromedp.WithTargetID(id))
		t.Cleanup(stop)
		return tab
	case <-ctx.Done():
		t.Fatalf("no tab was opened\n%s", whereabouts(ctx))
		return nil
	}
}

// overTLSBesideHTTP is the program over TLS, beside a portal on http of another site.
func overTLSBesideHTTP(t *testing.T) *harness.Product {
	t.Helper()
	var app atomic.Pointer[httputil.ReverseProxy]
	front := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { app.Load().ServeHTTP(w, r) }))
	t.Cleanup(front.Close)
	p := harness.Start(t, "SLOTFINDER_PUBLIC_URL", front.URL)
	behind, err := url.Parse(p.App)
	if err != nil {
		t.Fatal(err)
	}
	app.Store(&httputil.ReverseProxy{Rewrite: func(r *httputil.ProxyRequest) { r.SetURL(behind); r.Out.Host = r.In.Host }, FlushInterval: -1})
	p.App = front.URL
	p.Company.Move(strings.Replace(p.Company.Host, "127.0.0.1", "localhost", 1))
	return p
}

// TestBrowserFrameWithCookies: over TLS the browser keeps our cookie in the jar of the
// portal's site, although it refuses all other cookies of third parties. No pass is
// needed; a session that ends is renewed, and the tabs beside know nothing of it.
func TestBrowserFrameWithCookies(t *testing.T) {
	t.Parallel()
	p := overTLSBesideHTTP(t)
	ctx := chromiumFor(t, 2*harness.HangLimit, chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("test-third-party-cookie-phaseout", true))
	inside := openFrame(p, ctx, 2)
	until(t, inside, `!!document.querySelector("#chip-2")`)
	if evaluate[bool](t, inside, `!!document.querySelector("meta[name=frame-session]")`) {
		t.Error("there is a pass although the cookie is kept")
	}
	if !evaluate[bool](t, inside, `!!document.querySelector(".chip .avatar img")`) {
		t.Error("there are no photos although the cookie is kept")
	}
	press(t, inside, ".bar a[href='/hours']")
	until(t, inside, `location.pathname == "/hours" && !!document.querySelector("form[action^='/hours']")`)
	reload(t, inside, "form[action^='/hours']")
	if told := evaluate[[]string](t, ctx, `window.told`); slices.Contains(told, "getInitData") {
		t.Errorf("the portal was asked: %v", told)
	}

	db, _ := p.Database()
	if err := db.DeleteSessionsOf(t.Context(), meet.Member{Portal: portalsim.CompanyMember, User: 2}); err != nil {
		t.Fatal(err)
	}
	evaluate[bool](t, inside, `(setTimeout(() => location.assign("/find?who=3"), 0), true)`)
	until(t, ctx, `window.told.includes("getInitData")`)
	until(t, inside, `!!document.querySelector("#chip-3")`)
	reload(t, inside, "#chip-3")

	tab := opened(t, ctx, func() { press(t, inside, ".bar [data-out] button") })
	until(t, tab, `location.pathname + location.search == "/find?who=3" && !!document.querySelector("header.top")`)
	// Signing out there leaves the frame alone.
	do(t, tab, chromedp.Click(chromedp.CSS(".account summary")), chromedp.Click(chromedp.CSS(".menu form[action='/logout'] button:not([name])")))
	until(t, tab, `location.pathname == "/" && !!document.querySelector("input[name=portal]")`)
	reload(t, inside, "#chip-3")
}

// TestBrowserFrameWithoutCookies: portal and app are different sites on http, so that
// the browser refuses every cookie in the frame. Searching, other pages, forms, a
// reload, photos and an expired sign-in all work there, and out of it into a tab.
func TestBrowserFrameWithoutCookies(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.Company.Move(strings.Replace(p.Company.Host, "127.0.0.1", "localhost", 1))
	ctx := chromiumFor(t, 2*harness.HangLimit)
	inside := openFrame(p, ctx, 2)
	until(t, inside, answered+` && !!document.querySelector("#chip-2")`)
	until(t, inside, `[...document.querySelectorAll(".chip .avatar img")].some(i => i.complete && i.naturalWidth > 0)`)

	// A search by the form.
	do(t, inside, chromedp.SendKeys(chromedp.CSS("people-picker input"), p.Colleagues(3)[0]))
	until(t, inside, `document.querySelectorAll("people-picker [role=option]").length == 1`)
	press(t, inside, "people-picker [role=option]")
	until(t, inside, answered+` && !!document.querySelector("#chip-3") && location.search.includes("%2C3")`)

	// Another page, and its form.
	press(t, inside, ".bar a[href='/hours']")
	until(t, inside, `location.pathname == "/hours" && !!document.querySelector("form[action^='/hours']")`)
	press(t, inside, "form[action^='/hours'] button[value='save']")
	until(t, inside, `location.search == "?saved=1"`)
	evaluate[bool](t, inside, `(history.back(), true)`)
	until(t, inside, `location.pathname == "/hours" && location.search == ""`)
	evaluate[bool](t, inside, `(history.back(), true)`)
	until(t, inside, answered+` && location.search.includes("%2C3") && !!document.querySelector("#chip-3") && !!document.querySelector(".bar")`)

	// A reload, and another one after both the session and the tokens have ended.
	reload(t, inside, "#chip-3")
	db, _ := p.Database()
	if err := db.DeleteSessionsOf(t.Context(), meet.Member{Portal: portalsim.CompanyMember, User: 2}); err != nil {
		t.Fatal(err)
	}
	p.Company.ExpireTokens()
	evaluate[bool](t, ctx, `(window.fresh = `+tokens(p, 2, true)+`, true)`)
	reload(t, inside, "#chip-3")
	if told := evaluate[[]string](t, ctx, `window.told`); !slices.Contains(told, "refreshAuth") {
		t.Errorf("the portal was told %v", told)
	}
	until(t, inside, `!!document.querySelector("#chip-2")`)
	if address := evaluate[string](t, inside, "location.href"); !strings.HasPrefix(address, p.App+"/find?") || strings.Contains(address, "session") {
		t.Errorf("the frame is at %s", address)
	}

	// The session ends on the server; the next search asks the portal again.
	if err := db.DeleteSessionsOf(t.Context(), meet.Member{Portal: portalsim.CompanyMember, User: 2}); err != nil {
		t.Fatal(err)
	}
	until(t, inside, answered)
	evaluate[bool](t, ctx, `(window.first = `+tokens(p, 2, false)+`, window.told = [], true)`)
	press(t, inside, "#chip-3 [name=drop]")
	until(t, ctx, `window.told.includes("getInitData")`)
	until(t, inside, answered+` && !!document.querySelector("#chip-2") && !document.querySelector("#chip-3")`)

	// Only the last page asked for comes, however long another takes.
	evaluate[bool](t, inside, `((now, wait) => {
		window.fetch = (...all) => wait ? new Promise(done => setTimeout(() => done(now(...all)), (wait = 0, 300))).finally(() => { document.body.dataset.late = "" }) : now(...all)
	})(fetch, true) ?? true`)
	press(t, inside, ".bar a[href='/hours']")
	press(t, inside, ".bar a[href='/links']")
	until(t, inside, `"late" in document.body.dataset && location.pathname == "/links"`)
	ask[bool](t, inside, `new Promise(done => setTimeout(done, 100, true))`)
	if path := evaluate[string](t, inside, "location.pathname"); path != "/links" {
		t.Errorf("a page that was given up came after all, %s", path)
	}
	press(t, inside, ".bar a[href^='/find']")
	until(t, inside, answered+` && !!document.querySelector("#chip-2")`)

	// A silent portal leaves the way into a tab.
	if err := db.DeleteSessionsOf(t.Context(), meet.Member{Portal: portalsim.CompanyMember, User: 2}); err != nil {
		t.Fatal(err)
	}
	evaluate[bool](t, ctx, `(window.silent = true)`)
	press(t, inside, ".bar a[href='/hours']")
	until(t, inside, `!document.querySelector("[data-again]").hidden`)
	if tab := evaluate[string](t, inside, `document.querySelector("[target=_blank]").href`); !strings.Contains(tab, "/?next=%2Fhours&portal="+"localhost") {
		t.Errorf("the way out is %s", tab)
	}
	evaluate[bool](t, ctx, `(window.silent = false, true)`)
	press(t, inside, "[data-again]")
	until(t, inside, `!!document.querySelector("form[action^='/hours']")`)

	tab := opened(t, ctx, func() { press(t, inside, ".bar [data-out] button") })
	until(t, tab, `location.pathname == "/hours" && !document.documentElement.classList.contains("framed") && !!document.querySelector("header.top")`)
}

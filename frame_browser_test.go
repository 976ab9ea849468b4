package main

import (
	"context"
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

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
func (p *product) tokens(user int, fresh bool) string {
	token := p.company.IssueToken(clientID, user)
	said := map[string]any{"AUTH_ID": token.Access, "AUTH_EXPIRES": "3600", "REFRESH_ID": token.Refresh}
	if !fresh {
		said["MEMBER_ID"], said["LANG"], said["PLACEMENT"] = p.company.MemberID, "en", "DEFAULT"
	}
	text, err := json.Marshal(said)
	if err != nil {
		p.t.Fatal(err)
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

// TestBrowserFrameWithoutCookies: portal and app are different sites on http, so that
// the browser refuses every cookie in the frame. Searching, other pages, forms, a
// reload and an expired sign-in all work there, and out of it into a tab.
func TestBrowserFrameWithoutCookies(t *testing.T) {
	t.Parallel()
	p := start(t)
	p.company.Move(strings.Replace(p.company.Host, "127.0.0.1", "localhost", 1))
	ctx := chromiumFor(t, 2*browserLimit)
	do(t, ctx, chromedp.Navigate("http://"+p.company.Host+"/"), chromedp.Click(chromedp.CSS("button[name=user][value='2']")))
	until(t, ctx, `!!document.querySelector("main a")`)
	frame := p.form(2, "DEFAULT", "")
	fields, err := json.Marshal(frame.Fields)
	if err != nil {
		t.Fatal(err)
	}
	evaluate[bool](t, ctx, parentScript)
	evaluate[bool](t, ctx, `(window.first = `+p.tokens(2, false)+`, window.fresh = `+p.tokens(2, true)+`, true)`)
	evaluate[bool](t, ctx, `(() => {
		const frame = Object.assign(document.createElement("iframe"), { name: "`+frame.Name+`", width: 1200, height: 700 })
		const form = Object.assign(document.createElement("form"), { method: "post", target: frame.name, action: "`+frame.Action+`" })
		for (const [name, [value]] of Object.entries(`+string(fields)+`)) form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }))
		document.body.append(frame, form)
		form.submit()
		return true
	})()`)
	inside := insideOf(t, ctx, p.app)
	until(t, inside, `!!document.querySelector("#chip-2")`)

	// A search by the form.
	do(t, inside, chromedp.SendKeys(chromedp.CSS("people-picker input"), p.colleagues(3)[0]))
	until(t, inside, `document.querySelectorAll("people-picker [role=option]").length == 1`)
	evaluate[bool](t, inside, `(document.querySelector("people-picker [role=option]").click(), true)`)
	until(t, inside, `!!document.querySelector("#chip-3") && location.search.includes("%2C3")`)

	// Another page, and its form.
	evaluate[bool](t, inside, `(document.querySelector(".bar a[href='/hours']").click(), true)`)
	until(t, inside, `location.pathname == "/hours" && !!document.querySelector("form[action^='/hours']")`)
	evaluate[bool](t, inside, `(document.querySelector("form[action^='/hours'] button[value='save']").click(), true)`)
	until(t, inside, `location.search == "?saved=1"`)
	evaluate[bool](t, inside, `(history.back(), true)`)
	until(t, inside, `location.pathname == "/hours" && location.search == ""`)
	evaluate[bool](t, inside, `(history.back(), true)`)
	until(t, inside, `location.search.includes("%2C3") && !!document.querySelector("#chip-3") && !!document.querySelector(".bar")`)

	// A reload, and another one after both the session and the tokens have ended.
	evaluate[bool](t, inside, `(document.querySelector("#chip-3").dataset.old = true, setTimeout(() => location.reload(), 0), true)`)
	until(t, inside, `!!document.querySelector("#chip-3:not([data-old])")`)
	db, _ := p.database()
	if err := db.DeleteSessionsOf(t.Context(), portalsim.CompanyMember, 2); err != nil {
		t.Fatal(err)
	}
	p.company.ExpireTokens()
	evaluate[bool](t, ctx, `(window.fresh = `+p.tokens(2, true)+`, true)`)
	evaluate[bool](t, inside, `(setTimeout(() => location.reload(), 0), true)`)
	until(t, ctx, `window.told.includes("refreshAuth")`)
	until(t, inside, `!!document.querySelector("#chip-3") && !!document.querySelector("#chip-2")`)
	if address := evaluate[string](t, inside, "location.href"); !strings.HasPrefix(address, p.app+"/find?") || strings.Contains(address, "session") {
		t.Errorf("the frame is at %s", address)
	}

	// The session ends on the server; the next search asks the portal again.
	if err := db.DeleteSessionsOf(t.Context(), portalsim.CompanyMember, 2); err != nil {
		t.Fatal(err)
	}
	evaluate[bool](t, ctx, `(window.first = `+p.tokens(2, false)+`, window.told = [], true)`)
	evaluate[bool](t, inside, `(document.querySelector("#chip-3 .x").click(), true)`)
	until(t, ctx, `window.told.includes("getInitData")`)
	until(t, inside, `!!document.querySelector("#chip-2") && !document.querySelector("#chip-3")`)

	// A silent portal leaves the way into a tab.
	if err := db.DeleteSessionsOf(t.Context(), portalsim.CompanyMember, 2); err != nil {
		t.Fatal(err)
	}
	evaluate[bool](t, ctx, `(window.silent = true)`)
	evaluate[bool](t, inside, `(document.querySelector(".bar a[href='/hours']").click(), true)`)
	until(t, inside, `!document.querySelector("[data-again]").hidden`)
	if tab := evaluate[string](t, inside, `document.querySelector("[target=_blank]").href`); !strings.Contains(tab, "/login?next=%2Fhours&portal="+"localhost") {
		t.Errorf("the way out is %s", tab)
	}
	evaluate[bool](t, ctx, `(window.silent = false, true)`)
	evaluate[bool](t, inside, `(document.querySelector("[data-again]").click(), true)`)
	until(t, inside, `!!document.querySelector("form[action^='/hours']")`)

	opened := chromedp.WaitNewTarget(ctx, func(i *target.Info) bool { return i.Type == "page" })
	do(t, inside, chromedp.Click(chromedp.CSS(".bar [data-out] button")))
	tab, stop := chromedp.NewContext(ctx, chromedp.WithTargetID(<-opened))
	defer stop()
	until(t, tab, `location.pathname == "/hours" && !document.documentElement.classList.contains("framed") && !!document.querySelector("header.top")`)
}

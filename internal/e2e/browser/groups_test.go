package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"slotfinder/internal/e2e/harness"
)

// TestBrowserKeepsGroups: saved, offered before anything is typed, and added with the
// parts that everybody has, by keyboard alone.
func TestBrowserKeepsGroups(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	signInBy(p, ctx, "1")
	search(t, ctx, p.App+"/find?me=0&who=2,3&opt=5")
	address := evaluate[string](t, ctx, "location.href")
	do(t, ctx, chromedp.Focus(chromedp.CSS("#keep-more > summary")), chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent("Team"), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector("#keep-more [role=status]").textContent.includes("Team")`)
	if now := evaluate[string](t, ctx, "location.href"); now != address || strings.Contains(now, "Team") {
		t.Errorf("the address is %s", now)
	}
	search(t, ctx, p.App+"/find")
	do(t, ctx, chromedp.Focus(chromedp.CSS("#f-who")))
	until(t, ctx, `document.querySelector("#f-who").getAttribute("aria-expanded") == "true" && document.querySelector("#q-list [role=option]").innerText.includes("Team")`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `new URLSearchParams(location.search).get("who") == "1,2,3" && new URLSearchParams(location.search).get("opt") == "5" && !!document.querySelector("#chip-5.optional")`)
}

// TestBrowserKeepsGroupsWithoutScript does the same with scripts switched off.
func TestBrowserKeepsGroupsWithoutScript(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	scriptsOff(t, ctx)
	signInBy(p, ctx, "1")
	search(t, ctx, p.App+"/find?me=0&who=2,3&opt=5")
	do(t, ctx, chromedp.Click(chromedp.CSS("#keep-more > summary")),
		chromedp.SendKeys(chromedp.CSS("#f-name"), "Team\r"), chromedp.WaitVisible(chromedp.CSS(".saved-group")))
	until(t, ctx, `location.pathname == "/groups" && document.body.innerText.includes("Team")`)
	search(t, ctx, p.App+"/find")
	do(t, ctx, chromedp.Click(chromedp.CSS("button[name=find]")),
		chromedp.WaitVisible(chromedp.CSS(".found button[name=group]")), chromedp.Click(chromedp.CSS(".found button[name=group]")))
	until(t, ctx, `new URLSearchParams(location.search).get("who") == "1,2,3" && new URLSearchParams(location.search).get("opt") == "5"`)
	do(t, ctx, chromedp.Navigate(p.App+"/groups"), chromedp.Click(chromedp.CSS("form[action='/groups/delete'] button")))
	until(t, ctx, `!document.body.innerText.includes("Team")`)
}

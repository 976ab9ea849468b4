package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"slotfinder/internal/e2e/harness"
)

// A whole department is added, and one of some asked for, without a mouse.
func TestBrowserAddsCircles(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	signInBy(p, ctx, "1")
	staff := p.DepartmentStaff("Support")
	search := chromedp.CSS("people-picker input")
	shown := `document.querySelectorAll("people-picker [role=option].suboption").length == 2`
	do(t, ctx, chromedp.SendKeys(search, "support"))
	until(t, ctx, shown)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	for id := range strings.SplitSeq(staff, ",") {
		until(t, ctx, `!!document.querySelector("#chip-`+id+`")`)
	}
	until(t, ctx, `new URLSearchParams(location.search).get("who") == "1,`+staff+`"`)

	do(t, ctx, chromedp.SendKeys(search, "support"))
	until(t, ctx, shown)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.ArrowDown), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `new URLSearchParams(location.search).get("any") == "1:`+staff+`"`)
	do(t, ctx, chromedp.Focus(chromedp.CSS(".chip.any input[name=n]")), chromedp.KeyEvent(kb.ArrowUp))
	until(t, ctx, `new URLSearchParams(location.search).get("any") == "2:`+staff+`"`)
	do(t, ctx, chromedp.Focus(chromedp.CSS(".chip.any .remove")), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `!new URLSearchParams(location.search).has("any") && !document.querySelector(".chip.any")`)
}

// The same without script.
func TestBrowserAddsCirclesWithoutScript(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	signInBy(p, ctx, "1")
	scriptsOff(t, ctx)
	staff := p.DepartmentStaff("Support")
	first, _, _ := strings.Cut(staff, ",")
	find := func(button string) {
		search(t, ctx, p.App+"/find")
		do(t, ctx, chromedp.SendKeys(chromedp.CSS("input[name=q]"), "support\r"))
		do(t, ctx, chromedp.WaitVisible(chromedp.CSS(button)), chromedp.Click(chromedp.CSS(button)))
	}
	find(`.found button[name=add][value="` + staff + `"]`)
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS("#chip-"+first)))
	until(t, ctx, `new URLSearchParams(location.search).get("who") == "1,`+staff+`"`)
	find(`.found button[name=addany]`)
	do(t, ctx, chromedp.WaitVisible(chromedp.CSS(".chip.any .any-count")))
	until(t, ctx, `new URLSearchParams(location.search).get("any") == "1:`+staff+`"`)
	do(t, ctx, chromedp.Click(chromedp.CSS(".chip.any .remove")))
	until(t, ctx, `!document.querySelector(".chip.any")`)
	find(`.found button[name=optional]`)
	until(t, ctx, `new URLSearchParams(location.search).get("opt") == "`+staff+`"`)
}

package browser

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"slotfinder/internal/e2e/harness"
)

// TestKeyboardFromSignInToSlot uses nothing but keys, and the focus is always to be seen.
func TestKeyboardFromSignInToSlot(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromiumFor(t, 3*time.Minute)
	do(t, ctx, chromedp.Navigate(p.App+"/"))
	tabTo(t, ctx, `input[name=portal]`)
	do(t, ctx, chromedp.KeyEvent(p.Company.Host+kb.Enter))
	until(t, ctx, `!!document.querySelector("button[name=user]") && document.readyState == "complete"`)
	tabTo(t, ctx, `button[name=user][value="1"]`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `location.pathname == "/find" && `+answered+` && document.documentElement.classList.contains("js")`)
	tabTo(t, ctx, `#f-who`)
	do(t, ctx, chromedp.KeyEvent(p.Colleagues(2)[0]))
	until(t, ctx, `document.querySelectorAll("people-picker [role=option]").length == 1`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `!!document.querySelector("#chip-2")`)
	tabTo(t, ctx, `.best .slot[aria-current=false]`)
	want := ask[string](t, ctx, `document.activeElement.querySelector("time").dateTime`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".detail-time time").dateTime == "`+want+`"`)
	tabTo(t, ctx, `.point`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".detail-time time").dateTime != "`+want+`" && !!document.querySelector(".everyone .chosen") && location.search.includes("slot=")`)
}

// TestKeyboardOnAPhone: the sheet of filters opens, answers and closes by keys, stays
// open while it answers, and gives the focus back.
func TestKeyboardOnAPhone(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromiumFor(t, 3*time.Minute)
	bringCookie(p, ctx, 1)
	emulate(t, ctx, 390, 844, 2, "light")
	search(t, ctx, p.App+"/find?me=0&who=2,3&dur=30")
	until(t, ctx, `document.readyState == "complete" && document.documentElement.classList.contains("js")`)
	tabTo(t, ctx, `.summary`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector("#fbox").matches(":popover-open")`)
	tabTo(t, ctx, `input[name=dur]`)
	do(t, ctx, chromedp.KeyEvent(kb.ArrowRight))
	until(t, ctx, `location.search.includes("dur=45") && document.activeElement.value == "45" && document.querySelector(".summary").innerText.includes("45")`)
	if !ask[bool](t, ctx, `document.querySelector("#fbox").matches(":popover-open")`) {
		t.Error("the sheet closes when it has answered")
	}
	do(t, ctx, chromedp.KeyEvent(kb.Escape))
	until(t, ctx, `!document.querySelector("#fbox").matches(":popover-open") && document.activeElement.matches(".summary")`)
}

// tabTo presses Tab until an element has the focus, and looks after the focus on the
// way. Fields for dates have several stops inside, on which the browser shows it itself.
func tabTo(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	for range 120 {
		do(t, ctx, chromedp.KeyEvent(kb.Tab))
		if hidden := ask[string](t, ctx, `(() => { const e = document.activeElement, r = e.getBoundingClientRect()
			return e == document.body || e.type == 'date' || e.matches(':focus-visible') && r.width > 0 && r.height > 0 ? '' : e.outerHTML.slice(0, 200) })()`); hidden != "" {
			t.Errorf("the focus is not to be seen on %s", hidden)
		}
		if ask[bool](t, ctx, `document.activeElement.matches(`+strconv.Quote(selector)+`)`) {
			return
		}
	}
	t.Fatalf("Tab never reaches %s\n%s", selector, whereabouts(ctx))
}

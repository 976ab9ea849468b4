package browser

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
)

// TestBrowserTwoPortalsOfOneSite: somebody who works for two companies has both portals
// open. What the second one's launch did to the jar, the first one's page puts right.
func TestBrowserTwoPortalsOfOneSite(t *testing.T) {
	t.Parallel()
	p := overTLSBesideHTTP(t)
	q := p.Neighbour()
	q.App = p.App
	q.Company.Move(strings.Replace(q.Company.Host, "127.0.0.1", "localhost", 1))
	ctx := chromiumFor(t, 2*harness.HangLimit, chromedp.Flag("ignore-certificate-errors", true), chromedp.Flag("test-third-party-cookie-phaseout", true))
	first := openFrame(p, ctx, 2)
	until(t, first, `!!document.querySelector("#chip-2")`)
	beside, stop := chromedp.NewContext(ctx)
	defer stop()
	do(t, beside, chromedp.Navigate("about:blank"))
	second := openFrame(q, beside, 2)
	until(t, second, `!!document.querySelector("#chip-2")`)

	do(t, first, chromedp.SendKeys(chromedp.CSS("people-picker input"), p.Colleagues(3)[0]))
	until(t, ctx, `window.told.includes("getInitData")`)
	until(t, first, `document.querySelectorAll("people-picker [role=option]").length == 1`)
}

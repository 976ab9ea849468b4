package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
)

// TestBrowserConsentWithoutScript gives and withdraws consent as people do.
func TestBrowserConsentWithoutScript(t *testing.T) {
	t.Parallel()
	p := harness.StartWithHiddenCalendar(t)
	ctx := chromium(t)
	scriptsOff(t, ctx)
	signInBy(p, ctx, "1")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.top nav a[href="/settings"]`)), chromedp.WaitVisible(chromedp.CSS("#consent")),
		chromedp.Click(chromedp.CSS(`button[value="designate"]`)), chromedp.WaitVisible(chromedp.CSS("#err-consent")),
		chromedp.Click(chromedp.CSS("#consent")),
		chromedp.Click(chromedp.CSS(`button[value="designate"]`)), chromedp.WaitVisible(chromedp.CSS(`button[value="withdraw"]`)))
	p.WantReader("agreed", p.SignIn(harness.AnnaID), "company")
	do(t, ctx, chromedp.Click(chromedp.CSS(`button[value="withdraw"]`)), chromedp.WaitVisible(chromedp.CSS("#consent")))
	p.WantReader("withdrawn", p.SignIn(harness.AnnaID), "own")
}

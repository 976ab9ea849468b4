package browser

import (
	"testing"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
)

// TestBrowserBackKeepsUnsentForms: pages that no browser may store come back at Back, with
// what somebody has typed and not sent.
func TestBrowserBackKeepsUnsentForms(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromiumFor(t, 2*harness.HangLimit)
	signInBy(p, ctx, "2")
	for path, field := range map[string]string{"/hours": "select[name=mo_from]", "/links/new?who=3&" + harness.ComingWeek(): "#l-title"} {
		do(t, ctx, chromedp.Navigate(p.App+path), chromedp.WaitReady(chromedp.CSS(field)), chromedp.SetValue(chromedp.CSS(field), "10:15"))
		do(t, ctx, chromedp.Navigate(p.App+"/links"))
		until(t, ctx, `location.pathname == "/links" && document.readyState == "complete"`)
		evaluate[bool](t, ctx, `(setTimeout(() => history.back(), 0), true)`)
		until(t, ctx, `location.pathname != "/links" && document.readyState == "complete"`)
		until(t, ctx, `document.querySelector("`+field+`")?.value == "10:15"`)
	}
}

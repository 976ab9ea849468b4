package browser

import (
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
)

// TestBrowserHoursWithoutScript sets hours as people do and sees the search change.
func TestBrowserHoursWithoutScript(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	scriptsOff(t, ctx)
	signInBy(p, ctx, "1")
	do(t, ctx, chromedp.Click(chromedp.CSS(`.top nav a[href="/hours"]`)), chromedp.WaitReady(chromedp.CSS("#me-mo")))
	for _, day := range []string{"mo", "tu", "we", "th", "fr", "sa", "su"} {
		do(t, ctx, chromedp.SetValue(chromedp.CSS("#me-"+day), "02:00"), chromedp.SetValue(chromedp.CSS("#me-"+day+"-to"), "03:00"))
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("#me button[value=save]")), chromedp.WaitVisible(chromedp.CSS(".note[role=status]")),
		chromedp.Click(chromedp.CSS(`.top nav a[href="/find"]`)), chromedp.Click(chromedp.CSS(".tabs a:nth-child(3)")), chromedp.WaitReady(chromedp.CSS(".start time")))
	shown, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[[]string](`Array.from(document.querySelectorAll(".openings .start time"), t => t.textContent.trim())`))
	if err != nil {
		t.Fatal(err)
	}
	if len(shown) == 0 || slices.ContainsFunc(shown, func(text string) bool { return !strings.HasPrefix(text, "02:") }) {
		t.Errorf("the search shows %q", shown)
	}
}

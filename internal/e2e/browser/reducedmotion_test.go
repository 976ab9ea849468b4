package browser

import (
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
)

// TestBrowserReducedMotion: whoever asks for less motion sees none; what turns
// otherwise while a search is under way stands still.
func TestBrowserReducedMotion(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	bringCookie(p, ctx, 1)
	for wish, moves := range map[string]bool{"no-preference": true, "reduce": false} {
		_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
			Features: []*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: wish}},
		})
		if err != nil {
			t.Fatal(err)
		}
		for _, path := range []string{"/find?me=0&who=2,3&dur=30", "/find?me=0&who=2,3&dur=30&view=heat", "/hours", "/links"} {
			do(t, ctx, chromedp.Navigate(p.App+path))
			until(t, ctx, `document.readyState == "complete" && !document.querySelector("#reading")`)
			if moving := ask[int](t, ctx, `document.getAnimations().length`); moving > 0 && !moves {
				t.Errorf("%s: %d things move", path, moving)
			} else if moving == 0 && moves && path[:5] == "/find" {
				t.Errorf("%s: nothing moves, so that this test sees nothing", path)
			}
			if scroll := ask[string](t, ctx, `getComputedStyle(document.documentElement).scrollBehavior`); scroll != "auto" && !moves {
				t.Errorf("%s scrolls %sly", path, scroll)
			}
		}
	}
}

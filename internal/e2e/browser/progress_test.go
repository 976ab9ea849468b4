package browser

import (
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// shifts begins to note what moves on a page without anybody having touched it.
const shifts = `(window.shifts = [], new PerformanceObserver(list => {
	for (const e of list.getEntries()) if (!e.hadRecentInput) shifts.push(e.value)
}).observe({type: "layout-shift", buffered: true}), true)`

// TestBrowserShowsProgress: the page fills in while somebody types. Nothing moves, and
// nothing of the typing is lost.
func TestBrowserShowsProgress(t *testing.T) {
	t.Parallel()
	for name, width := range map[string]int64{"wide": 1280, "phone": 390} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t)
			ctx := chromium(t)
			signInBy(p, ctx, "1")
			_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
			if err != nil {
				t.Fatal(err)
			}
			p.Company.Fail(harness.CalendarMethod, portalsim.Slow(4*time.Second).Times(1))
			do(t, ctx, chromedp.Navigate(p.App+"/find?me=0&dur=30&who="+p.FirstPeople(60)))
			until(t, ctx, `document.querySelector("#reading-text[role=status]")?.textContent.match(/^4[01] of 60 calendars read$/) != null`)
			evaluate[bool](t, ctx, shifts)
			if width > 860 {
				do(t, ctx, chromedp.SendKeys(chromedp.CSS("#f-who"), "zz"))
			}
			until(t, ctx, `!document.querySelector("#reading") && !!document.querySelector(".board")`)
			if width > 860 {
				if got := evaluate[string](t, ctx, `document.activeElement.id + " " + document.activeElement.value`); got != "f-who zz" {
					t.Errorf("the focus and what was typed: %q", got)
				}
			}
			evaluate[bool](t, ctx, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))) && true`)
			if moved := evaluate[[]float64](t, ctx, `window.shifts`); len(moved) > 0 {
				t.Errorf("the page moves: %v", moved)
			}
			if path := evaluate[string](t, ctx, `location.search`); !strings.Contains(path, "tz=") {
				t.Errorf("the address is %q", path)
			}
		})
	}
}

// TestBrowserChangesItsMind: what is asked while another search is still under way is
// what the page shows in the end.
func TestBrowserChangesItsMind(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	signInBy(p, ctx, "1")
	p.Company.Fail(harness.CalendarMethod, portalsim.Slow(3*time.Second).Times(1))
	do(t, ctx, chromedp.Navigate(p.App+"/find?me=0&who=2,3"))
	until(t, ctx, `!!document.querySelector("#reading") && document.querySelectorAll("#filters .chip").length == 2`)
	do(t, ctx, chromedp.Click(chromedp.CSS("#chip-3 .remove")))
	until(t, ctx, `!document.querySelector("#reading") && !!document.querySelector(".board") && new URLSearchParams(location.search).get("who") == "2"`)
	if chips := evaluate[int](t, ctx, `document.querySelectorAll("#filters .chip").length`); chips != 1 {
		t.Errorf("%d people in the form", chips)
	}
}

// TestBrowserLosesItsScript: the cookie says that our script runs, but it does not any
// more. The page does not wait for ever.
func TestBrowserLosesItsScript(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	signInBy(p, ctx, "1")
	until(t, ctx, `document.cookie.includes("script=1")`)
	scriptsOff(t, ctx)
	p.Company.Fail(harness.CalendarMethod, portalsim.Slow(3*time.Second).Times(1))
	do(t, ctx, chromedp.Navigate(p.App+"/find?me=0&who=2,3"))
	until(t, ctx, `!!document.querySelector("#reading")`)
	until(t, ctx, `!document.querySelector("#reading") && !!document.querySelector(".board")`)
}

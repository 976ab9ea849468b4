package main

import (
	"context"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// look is a way in which people see a page.
type look struct {
	name   string
	width  int64
	scale  float64
	scheme string
	rtl    bool // right to left, while no such language is shipped
	layout bool // only what depends on the width, the rest is as in others
}

var (
	wide  = look{name: "light", width: 1280, scale: 1, scheme: "light"}
	looks = []look{
		wide,
		{name: "dark", width: 1280, scale: 1, scheme: "dark"},
		{name: "phone", width: 390, scale: 2, scheme: "light"},
		{name: "right to left", width: 1280, scale: 1, scheme: "light", rtl: true},
		{name: "zoom of 200 %", width: 640, scale: 2, scheme: "light", layout: true},
		{name: "320 px", width: 320, scale: 2, scheme: "light", layout: true},
	}
)

// as makes the browser show pages in a way.
func (l look) as(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: l.width, Height: 900, DeviceScaleFactor: l.scale, Mobile: l.width < 600,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: l.scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// guestPages and memberPages are addresses of every page in every state worth checking.
var guestPages = map[string]string{
	"landing":         "/",
	"a wrong address": "/login?portal=%3Cnonsense%3E",
	"sign-in expired": "/find?who=2",
	"not found":       "/there/is/nothing",
}

func memberPages() map[string]string {
	monday := nextMonday(time.Now())
	days := "&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 4).Format(time.DateOnly)
	all := "1,2,3,4,5,6,7,8,9,10,11,12"
	many := all
	for id := 13; id <= 60; id++ {
		many += "," + strconv.Itoa(id)
	}
	return map[string]string{
		"first visit":         "/find",
		"timeline":            "/find?me=0&who=2,3,4,5&opt=6,7&dur=30" + days,
		"heat map":            "/find?me=0&who=2,3,4,5&opt=6,7&dur=30&view=heat" + days,
		"nothing fits":        "/find?me=0&who=" + all + "&dur=240" + days,
		"somebody is unknown": "/find?me=0&who=2,99999&dur=30" + days,
		"60 people":           "/find?me=0&who=" + many + days,
		"60 people, unfolded": "/find?me=0&open=1&who=" + many + days,
		"series":              "/find?me=0&who=2,3,7&weeks=6&dur=30" + days,
		"errors in the form":  "/find?who=2&hours=9-17&dur=x&from=soon&quorum=-1&tz=Mars/Olympus&work=2",
		"people found":        "/find?who=2&find=1&q=a",
		"people search":       "/people?q=a",
		"nobody found":        "/people?q=zzzzzz",
		"own hours":           "/hours",
		"not found":           "/there/is/nothing",
	}
}

// TestAccessible runs axe-core on every page in every look. Beside that no page
// needs sideways scrolling or moves while it loads, and chromium fails the test for
// anything a page writes to the console.
func TestAccessible(t *testing.T) {
	t.Parallel()
	p, script := start(t), axe(t)
	for _, l := range looks {
		t.Run(l.name, func(t *testing.T) {
			ctx := chromiumFor(t, 3*time.Minute)
			watchShifts(t, ctx)
			l.as(t, ctx)
			for name, path := range guestPages {
				check(t, ctx, l, name, p.app+path, script)
			}
			wide.as(t, ctx)
			p.signInBy(ctx, "1")
			l.as(t, ctx)
			for name, path := range memberPages() {
				check(t, ctx, l, name, p.app+path, script)
			}
		})
	}
}

// stillness is the layout shift that is called 0 everywhere: it is written with three
// decimals. On a busy machine the browser may paint half of a page's text.
const stillness = 0.001

// watchShifts notes how much pages move while they load.
func watchShifts(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: `
		window.shifted = 0, window.movers = []
		const node = n => n?.outerHTML?.slice(0, 80) ?? n?.nodeName
		const add = entries => entries.forEach(e => { if (!e.hadRecentInput) shifted += e.value, movers.push(...e.sources.map(s => node(s.node))) })
		window.shifts = new PerformanceObserver(list => add(list.getEntries()))
		shifts.observe({type: 'layout-shift'})
		window.shiftsNow = () => { add(shifts.takeRecords()); return shifted }`})
	if err != nil {
		t.Fatal(err)
	}
}

// check looks at one page in one look.
func check(t *testing.T, ctx context.Context, l look, name, address, script string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(address))
	until(t, ctx, `document.readyState == "complete"`)
	if shift := ask[float64](t, ctx, `shiftsNow()`); shift > stillness {
		t.Errorf("%s moves by %g while it loads: %s", name, shift, ask[[]string](t, ctx, `movers`))
	}
	if l.rtl {
		ask[string](t, ctx, `document.documentElement.dir = "rtl"`)
	}
	if wide := ask[int64](t, ctx, `document.documentElement.scrollWidth`); wide > l.width {
		t.Errorf("%s is %d px wide in a window of %d", name, wide, l.width)
	}
	if l.layout {
		return
	}
	ask[int](t, ctx, script+";1")
	for _, fault := range ask[[]string](t, ctx, `axe.run(document, {resultTypes: ['violations'], runOnly: {type: 'tag',
		values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}).then(found =>
		found.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + n.failureSummary).join(" | ")))`) {
		t.Errorf("%s: %s", name, fault)
	}
}

// ask evaluates a script, or waits for its promise, past the page's policy.
func ask[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestKeyboardFromSignInToSlot uses nothing but keys, and the focus is always to be seen.
func TestKeyboardFromSignInToSlot(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := chromiumFor(t, time.Minute)
	do(t, ctx, chromedp.Navigate(p.app+"/"))
	tabTo(t, ctx, `input[name=portal]`)
	do(t, ctx, chromedp.KeyEvent(p.company.Host+kb.Enter))
	until(t, ctx, `!!document.querySelector("button[name=user]") && document.readyState == "complete"`)
	tabTo(t, ctx, `button[name=user][value="1"]`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `location.pathname == "/find" && document.readyState == "complete" && document.documentElement.classList.contains("js")`)
	tabTo(t, ctx, `#f-who`)
	do(t, ctx, chromedp.KeyEvent(p.colleagues(2)[0]))
	until(t, ctx, `document.querySelectorAll("people-picker [role=option]").length == 1`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `!!document.querySelector("#chip-2")`)
	tabTo(t, ctx, `.best .slot[aria-current=false]`)
	want := ask[string](t, ctx, `document.activeElement.querySelector("time").dateTime`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `document.querySelector(".det-h time").dateTime == "`+want+`"`)
	tabTo(t, ctx, `.ev a`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `!!document.querySelector(".ev .sel") && location.search.includes("slot=")`)
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

// TestPrint: ten people and five days fit on two sheets, and patterns don't make
// them megabytes.
func TestPrint(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := chromiumFor(t, time.Minute)
	p.signInBy(ctx, "2")
	monday := nextMonday(time.Now())
	do(t, ctx, chromedp.Navigate(p.app+"/find?me=0&who=2,3,4,5,6&opt=7,8,9,10,11&dur=30&from="+monday.Format(time.DateOnly)+"&to="+monday.AddDate(0, 0, 4).Format(time.DateOnly)))
	until(t, ctx, `document.readyState == "complete" && document.querySelectorAll(".tl tbody tr").length == 11`)
	for name, landscape := range map[string]bool{"landscape": true, "portrait": false} {
		sheets, err := chromedp.Call(ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{Landscape: &landscape, PaperWidth: 8.27, PaperHeight: 11.69})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(sheets.Data, -1)); n < 1 || n > 2 {
			t.Errorf("%s: %d sheets", name, n)
		}
		if size := len(sheets.Data); size > 400<<10 {
			t.Errorf("%s: %d kB", name, size>>10)
		}
	}
}

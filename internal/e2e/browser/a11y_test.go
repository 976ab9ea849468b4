package browser

import (
	"cmp"
	"context"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/locale"
)

// look is a way in which people see pages.
type look struct {
	name     string
	width    int64
	scale    float64
	language string
	schemes  []string
	narrower int64  // also this width must do without sideways scrolling
	rules    string // of axe-core; "" = all of the guidelines
}

// Other looks have the same tags in the same order. Only what depends on colours, or on
// where things stand, can differ there, and axe-core takes seconds for all of it.
const (
	colours = "['color-contrast', 'link-in-text-block']"
	places  = "['target-size', 'scrollable-region-focusable']"
)

var looks = []look{
	{"wide", 1280, 1, "en", []string{"light", "dark"}, 640, ""}, // 640 is 1280 with a zoom of 200 %
	{"phone", 390, 2, "en", []string{"light"}, 320, ""},
	{"right to left", 1280, 1, locale.Pseudo, []string{"light"}, 320, places},
}

// TestAccessible looks at every page in every look: axe-core finds nothing, nothing
// moves while the page arrives in pieces, nothing needs sideways scrolling, and
// nothing is written to the console (see listen).
func TestAccessible(t *testing.T) {
	t.Parallel()
	script, scene := axe(t), newScene(t)
	p := scene.Product
	// The looks wait for their turn among all other tests; this only ends what hangs.
	browser := chromiumFor(t, 11*time.Minute)
	bringCookie(p, browser, 1)
	for _, l := range looks {
		t.Run(l.name, func(t *testing.T) {
			t.Parallel()
			apps := map[string]string{"": trickling(t, p.App, l.language, nil)}
			for where, place := range scene.places {
				apps[where] = trickling(t, place.App, l.language, place.Change)
			}
			member, guest := tab(t, browser), tab(t, browser, chromedp.WithNewBrowserContext())
			watchShifts(t, member)
			watchShifts(t, guest)
			for _, s := range scene.sights() {
				if s.Guest {
					l.check(t, guest, s, apps[s.Where], script)
				} else {
					l.check(t, member, s, apps[s.Where], script)
				}
			}
		})
	}
}

// check looks at one page in one look.
func (l look) check(t *testing.T, ctx context.Context, s sight, app, script string) {
	t.Helper()
	emulate(t, ctx, l.width, 900, l.scale, l.schemes[0])
	do(t, ctx, chromedp.Navigate(app+s.Path))
	until(t, ctx, `document.readyState == "complete"`)
	if status := ask[int](t, ctx, `performance.getEntriesByType("navigation")[0].responseStatus`); status != cmp.Or(s.Status, http.StatusOK) {
		t.Errorf("%s is answered with %d", s.Name, status)
	}
	if dir := ask[string](t, ctx, `document.dir`); dir != locale.Match(l.language).Dir() {
		t.Errorf("%s runs %s", s.Name, dir)
	}
	if shift := ask[float64](t, ctx, `shiftsNow()`); shift > 0 {
		t.Errorf("%s moves by %g while it loads: %s", s.Name, shift, ask[[]string](t, ctx, `movers`))
	}
	part := "html"
	if s.Open != "" {
		part = ask[string](t, ctx, s.Open)
	}
	ask[int](t, ctx, script+";1")
	for i, scheme := range l.schemes {
		emulate(t, ctx, l.width, 900, l.scale, scheme)
		rules := l.rules
		if i > 0 {
			rules = colours
		}
		for _, fault := range ask[[]string](t, ctx, runAxe+"("+strconv.Quote(part)+", "+cmp.Or(rules, "null")+")") {
			t.Errorf("%s, %s: %s", s.Name, scheme, fault)
		}
	}
	fits(t, ctx, s, l.width)
	emulate(t, ctx, l.narrower, 900, l.scale, l.schemes[0])
	fits(t, ctx, s, l.narrower)
}

// runAxe says what is wrong with a part of the page as it stands, by some rules or, with
// null, by all.
const runAxe = `((part, rules) => axe.run(part, {resultTypes: ['violations'], preload: false, runOnly: rules ? {type: 'rule', values: rules} : {type: 'tag',
	values: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']}}).then(found =>
	found.violations.map(v => v.id + ": " + v.help + " " + v.nodes.slice(0, 3).map(n => n.html.slice(0, 200) + " " + n.failureSummary).join(" | "))))`

// fits fails for a page that has to be scrolled sideways.
func fits(t *testing.T, ctx context.Context, s sight, width int64) {
	t.Helper()
	if wide := ask[int64](t, ctx, `document.documentElement.scrollWidth`); wide > width {
		t.Errorf("%s is %d px wide in a window of %d", s.Name, wide, width)
	}
}

// emulate gives the tab a window and a colour scheme.
func emulate(t *testing.T, ctx context.Context, width, height int64, scale float64, scheme string) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: scale, Mobile: width < 600,
	})
	if err != nil {
		t.Fatal(err)
	}
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: scheme}},
	})
	if err != nil {
		t.Fatal(err)
	}
}

// watchShifts notes how much pages move while they load, and what moves.
func watchShifts(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: `
		window.shifted = 0, window.movers = []
		const node = n => n?.outerHTML?.slice(0, 80) ?? n?.nodeName
		const add = entries => entries.forEach(e => { if (!e.hadRecentInput) shifted += e.value, movers.push(...e.sources.map(s => node(s.node))) })
		window.shifts = new PerformanceObserver(list => add(list.getEntries()))
		shifts.observe({type: 'layout-shift'})
		window.shiftsNow = async () => { // the last picture must be painted
			for (const _ of [1, 2]) await new Promise(requestAnimationFrame)
			add(shifts.takeRecords())
			return shifted
		}`})
	if err != nil {
		t.Fatal(err)
	}
}

// The line of a trickling page: the browser paints it some twenty times while it
// arrives, as it does on its own when the machine is busy.
const (
	piece = 4 << 10 // bytes
	pause = 20 * time.Millisecond
)

// trickling serves the app to people of a language, its pages piece by piece. Their
// requests may be changed on the way.
func trickling(t *testing.T, app, language string, change func(*http.Request)) string {
	t.Helper()
	target, err := url.Parse(app)
	if err != nil {
		t.Fatal(err)
	}
	line := httptest.NewServer(&httputil.ReverseProxy{
		FlushInterval: -1,
		Transport:     &http.Transport{DisableCompression: true},
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Header.Set("Accept-Language", language)
			if change != nil {
				change(r.Out)
			}
			if strings.HasPrefix(r.In.Header.Get("Accept"), "text/html") {
				r.Out.Header.Del("Accept-Encoding")
			}
		},
		ModifyResponse: func(r *http.Response) error {
			if strings.HasPrefix(r.Header.Get("Content-Type"), "text/html") {
				r.Body = trickle{r.Body}
			}
			return nil
		},
		ErrorLog: slog.NewLogLogger(slog.DiscardHandler, slog.LevelError), // says when a browser leaves a stream
	})
	t.Cleanup(line.Close)
	return line.URL
}

type trickle struct{ io.ReadCloser }

func (tr trickle) Read(p []byte) (int, error) {
	time.Sleep(pause)
	return tr.ReadCloser.Read(p[:min(len(p), piece)])
}

package templates_test

import (
	"context"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// watchShifts sums up all that moves on a page from now on, also what moves just after a
// click, which browsers leave out of their own sum.
const watchShifts = `(window.shifted = [], new PerformanceObserver(list => {
	for (const e of list.getEntries()) shifted.push(e.value.toFixed(4) + ' ' + e.sources.map(s => (s.node?.className?.baseVal ?? s.node?.className) + ' ' + s.node?.nodeName + ' ' + s.previousRect.x + ',' + s.previousRect.y + ',' + s.previousRect.width + ' to ' + s.currentRect.x + ',' + s.currentRect.y + ',' + s.currentRect.width).join('; '))
}).observe({ type: 'layout-shift' }), true)`

// settled waits until the browser has had time to report what moved.
const settled = `new Promise(done => setTimeout(() => requestAnimationFrame(() => requestAnimationFrame(() => done(true))), 120))`

// Nothing on the page moves when a time is chosen, whoever can come, or when something is
// unfolded.
func TestChoosingMovesNothing(t *testing.T) {
	ctx, server := browser(t), company(t)
	for _, window := range []struct {
		name          string
		width, height int64
	}{{"wide", 1280, 800}, {"phone", 390, 844}} {
		for name, c := range map[string]struct {
			address string
			acts    []string // what to click; those that lead to a slot wait for it
		}{
			"timeline": {"/find?who=1,2,3,4,5,6,7", []string{".best li:nth-child(2) a", ".everyone a", ".detail-clocks summary", ".best li:nth-child(1) a"}},
			"list":     {"/find?who=1,2,3,4,5&view=list", []string{".openings tr:nth-child(2) .start", ".openings .tick input", ".openings tr:nth-child(1) .start", ".best li:nth-child(1) a"}},
			"heat map": {"/find?who=1,2,3,4,5&view=heat", []string{".heat-map .heat-3 a", ".heat-map .heat-5 a", ".heat-map .heat-2 a", ".best li:nth-child(1) a"}},
		} {
			t.Run(window.name+" "+name, func(t *testing.T) {
				do(t, ctx, "opening", chromedp.EmulateViewport(window.width, window.height), chromedp.Navigate(server.URL+c.address))
				until(t, ctx, "the script", `document.readyState === 'complete' && document.documentElement.classList.contains('js') && !!window.htmx`)
				value[bool](t, ctx, watchShifts)
				for _, selector := range c.acts {
					act(t, ctx, selector)
				}
				if moved := value[[]string](t, ctx, `shifted`); len(moved) > 0 {
					t.Errorf("these moved:\n%s", strings.Join(moved, "\n"))
				}
				if !value[bool](t, ctx, `(b => b.bottom <= innerHeight + 1 && b.top > 0)(document.querySelector('.detail').getBoundingClientRect())`) {
					t.Error("the chosen slot is out of sight")
				}
			})
		}
	}
}

// Another view of the board moves nothing around it, wherever one looks from.
func TestAnotherViewMovesNothing(t *testing.T) {
	ctx, server := browser(t), company(t)
	for _, window := range [][2]int64{{1280, 800}, {1440, 900}, {390, 844}} {
		do(t, ctx, "opening", chromedp.EmulateViewport(window[0], window[1]), chromedp.Navigate(server.URL+"/find?who=1,2,3,4,5"))
		until(t, ctx, "the script", `document.readyState === 'complete' && !!window.htmx`)
		value[bool](t, ctx, watchShifts)
		for _, to := range []struct{ tab, shows string }{
			{"2", ".heat-map"}, {"3", "#openings"}, {"1", ".timeline"}, {"3", "#openings"}, {"2", ".heat-map"}, {"1", ".timeline"},
		} {
			act(t, ctx, ".tabs a:nth-child("+to.tab+")")
			until(t, ctx, to.shows, `!!document.querySelector('.board `+to.shows+`')`)
			act(t, ctx, ".detail .tick input")
		}
		if moved := value[[]string](t, ctx, `shifted`); len(moved) > 0 {
			t.Errorf("%d wide, these moved:\n%s", window[0], strings.Join(moved, "\n"))
		}
	}
}

// act clicks on something that can be seen, and waits for what it leads to.
func act(t *testing.T, ctx context.Context, selector string) {
	t.Helper()
	href := value[string](t, ctx, `(e => { window.acted = e; return e.getAttribute('href') ?? '' })([...document.querySelectorAll('`+selector+`')].find(e => e.checkVisibility()))`)
	value[bool](t, ctx, `(acted.dispatchEvent(new MouseEvent('click', { bubbles: true, cancelable: true })), true)`)
	if at := strings.Index(href, "slot="); at >= 0 {
		until(t, ctx, selector+" to be chosen", `location.search.includes('`+href[at:]+`') && document.querySelector('.detail-time time').dateTime.replace(/\D/g, '').slice(8, 12) !== ''`)
	}
	if _, err := chromedp.Run(ctx, chromedp.Evaluate[bool](settled, chromedp.EvalAwaitPromise)); err != nil {
		t.Fatal(err)
	}
}

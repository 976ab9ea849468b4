package templates_test

import (
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// at is a place in the row of everyone: a day's column from 1, and a share of its width.
const at = `((column, share) => { const r = document.querySelector('.timeline .all').cells[column].getBoundingClientRect(); return [r.left + r.width * share, r.top + r.height / 2] })`

// TestPointingAtTheTimeline: any time can be pointed at; the ghost says who would be missing
// and why, and a click chooses that time, in a green block and beside it.
func TestPointingAtTheTimeline(t *testing.T) {
	ctx, server := browser(t), company(t)
	do(t, ctx, "opening", chromedp.Navigate(server.URL+"/find?who=1,2,3,4,5,6,7"))
	until(t, ctx, "the script", `document.readyState === 'complete' && !!window.htmx && document.querySelector('.point').tabIndex === 0`)
	value[bool](t, ctx, watchShifts)
	for _, c := range []struct {
		column, share string
		misfit        bool
	}{{"2", ".51", true}, {"5", ".47", false}} {
		spot := value[[]float64](t, ctx, at+`(`+c.column+`, `+c.share+`)`)
		do(t, ctx, "pointing", chromedp.MouseEvent("mouseMoved", spot[0], spot[1]))
		until(t, ctx, "the ghost", `!document.querySelector('.pointed').hidden`)
		said := value[string](t, ctx, `document.querySelector('.pointed').innerText`)
		if got := value[bool](t, ctx, `document.querySelector('.pointed').hasAttribute('data-misfit')`); got != c.misfit {
			t.Errorf("%s: a misfit %v, want %v", said, got, c.misfit)
		}
		if away := value[int](t, ctx, `document.querySelectorAll('.timeline .absent').length`); away > 0 != c.misfit {
			t.Errorf("%s: %d people are marked", said, away)
		}
		ghost := value[[]float64](t, ctx, `(r => [r.left, r.right])(document.querySelector('.pointed').getBoundingClientRect())`)
		if ghost[0] > spot[0] || ghost[1] < spot[0] {
			t.Errorf("the pointer at %v is beside its ghost %v", spot[0], ghost)
		}
		do(t, ctx, "clicking", chromedp.MouseClickXY(spot[0], spot[1]))
		until(t, ctx, "the choice", `document.querySelector('.detail-time').innerText.trim() === '`+strings.Fields(said)[0]+`'`)
		missing := value[int](t, ctx, `document.querySelectorAll('.detail .people-list li').length`)
		if missing > 0 != c.misfit {
			t.Errorf("%s: the bar names %d people who can't come", said, missing)
		}
		if address := value[string](t, ctx, `location.search`); !strings.Contains(address, "slot=") {
			t.Errorf("the address is %s", address)
		}
	}
	if moved := value[[]string](t, ctx, `shifted`); len(moved) > 0 {
		t.Errorf("these moved:\n%s", strings.Join(moved, "\n"))
	}
}

// TestTimelineByKeyboard: the row of everyone is one stop from which arrows reach any time.
func TestTimelineByKeyboard(t *testing.T) {
	ctx, server := browser(t), company(t)
	do(t, ctx, "opening", chromedp.Navigate(server.URL+"/find?who=1,2,3,4,5,6,7"))
	until(t, ctx, "the script", `document.readyState === 'complete' && !!window.htmx && document.querySelector('.point').tabIndex === 0`)
	if n := value[int](t, ctx, `[...document.querySelectorAll('.all a, .all [tabindex]')].filter(e => e.tabIndex >= 0).length`); n != 1 {
		t.Errorf("the row of everyone has %d stops", n)
	}
	before := value[string](t, ctx, `document.querySelector('.detail-time').innerText.trim()`)
	spoken := map[string]bool{}
	do(t, ctx, "focusing", chromedp.Focus(chromedp.CSS(".point")))
	for _, key := range []string{kb.ArrowRight, kb.ArrowDown, kb.End, kb.Home} {
		do(t, ctx, "moving", chromedp.KeyEvent(key))
		spoken[value[string](t, ctx, `document.getElementById('pointed').textContent`)] = true
	}
	if len(spoken) != 4 || spoken[""] {
		t.Errorf("spoken: %v", spoken)
	}
	do(t, ctx, "leaving", chromedp.KeyEvent(kb.Escape))
	until(t, ctx, "no ghost", `document.querySelector('.pointed').hidden && !document.querySelector('.absent')`)
	do(t, ctx, "choosing", chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the choice", `location.search.includes('slot=') && document.querySelector('.detail-time').innerText.trim() !== '`+before+`'`)
	until(t, ctx, "the focus", `document.activeElement.matches('.point')`)
}

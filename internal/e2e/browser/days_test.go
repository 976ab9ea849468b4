package browser

import (
	"strconv"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"slotfinder/internal/e2e/harness"
)

const searches = `performance.getEntriesByType("resource").filter(r => r.name.includes("/find?")).length`

// TestTypedDaySearchesOnce: a day that is typed is searched when its field is left, the
// last day moves along, and Back undoes all of it as one step.
func TestTypedDaySearchesOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromiumFor(t, 2*time.Minute)
	bringCookie(p, ctx, 1)
	search(t, ctx, p.App+"/find?me=0&who=2,3&dur=30")
	until(t, ctx, `document.readyState == "complete" && document.documentElement.classList.contains("js")`)
	before := ask[string](t, ctx, `document.querySelector("#f-from").value`)
	count, steps := ask[int](t, ctx, searches), ask[int](t, ctx, `history.length`)
	year := strconv.Itoa(time.Now().Year() + 1)
	do(t, ctx, chromedp.Focus(chromedp.CSS("#f-from")), chromedp.KeyEvent("1212"+year), chromedp.Sleep(300*time.Millisecond))
	if n := ask[int](t, ctx, searches) - count; n != 0 {
		t.Errorf("%d searches while a day is typed", n)
	}
	do(t, ctx, chromedp.Focus(chromedp.CSS("#f-to")))
	until(t, ctx, `location.search.includes("from=`+year+`-12-12") && location.search.includes("to=`+year+`-12-18")`)
	until(t, ctx, `document.querySelector("#f-to").value == "`+year+`-12-18"`)
	if n, more := ask[int](t, ctx, searches)-count, ask[int](t, ctx, `history.length`)-steps; n != 1 || more != 1 {
		t.Errorf("%d searches and %d steps of history for one day", n, more)
	}
	do(t, ctx, chromedp.NavigateBack())
	until(t, ctx, `document.querySelector("#f-from")?.value == "`+before+`"`)
}

// TestDaysOfTheCalendar: the first click is the first day, the second the last, by mouse
// and by keys, also in another month. Months turn without a request.
func TestDaysOfTheCalendar(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromiumFor(t, 2*time.Minute)
	bringCookie(p, ctx, 1)
	search(t, ctx, p.App+"/find?me=0&who=2,3&dur=30")
	until(t, ctx, `document.readyState == "complete" && document.documentElement.classList.contains("js")`)
	count := ask[int](t, ctx, searches)
	today := ask[string](t, ctx, `document.querySelector(".range-calendar").dataset.today`)
	month := ask[string](t, ctx, `document.querySelector(".range-month b").textContent`)
	shaded := ask[string](t, ctx, `document.querySelector(".range-calendar tbody").textContent`)
	turn := chromedp.Click(chromedp.CSS(".range-calendar [data-turn=right]"))
	do(t, ctx, chromedp.Click(chromedp.CSS("#pick-days summary")), turn)
	until(t, ctx, `document.querySelector(".range-month b").textContent != "`+month+`" && document.querySelector("#pick-days").open`)
	do(t, ctx, chromedp.Focus(chromedp.CSS(`.range-calendar button`)), chromedp.KeyEvent(kb.PageDown))
	until(t, ctx, `document.activeElement.matches(".range-calendar button")`)
	last := ask[string](t, ctx, `document.activeElement.value`)
	do(t, ctx, chromedp.KeyEvent(kb.Enter), chromedp.KeyEvent(kb.PageUp), chromedp.KeyEvent(kb.PageUp+kb.ArrowLeft))
	if got := ask[string](t, ctx, `document.querySelector(".range-calendar tbody").textContent`); got != shaded || ask[int](t, ctx, searches) != count {
		t.Errorf("turned back it shows %q, not %q, after %d requests", got, shaded, ask[int](t, ctx, searches)-count)
	}
	first := ask[string](t, ctx, `document.activeElement.value`)
	if first < today || first >= last || ask[bool](t, ctx, `location.search.includes("`+last+`")`) {
		t.Errorf("from %s to %s, today is %s", first, last, today)
	}
	do(t, ctx, chromedp.KeyEvent(kb.Enter))
	until(t, ctx, `location.search.includes("from=`+first+`") && location.search.includes("to=`+last+`") && !document.querySelector("#pick-days").open`)
}

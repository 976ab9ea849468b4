package browser

import (
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/e2e/harness"
)

// TestBrowserIsLive: while somebody types, a colleague's calendar changes. The page
// shows it, and nothing is taken out of the typing hand.
func TestBrowserIsLive(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		name    string
		prepare []chromedp.Action[chromedp.Void] // what somebody is in the middle of
		state   string                           // a script that tells how it stands
		want    []any
	}{
		{
			"the people search",
			[]chromedp.Action[chromedp.Void]{
				chromedp.SendKeys(chromedp.CSS("#f-who"), "a"),
				chromedp.WaitVisible(chromedp.CSS("#q-list [role=option]")),
				chromedp.KeyEvent(kb.ArrowDown),
			},
			`[document.activeElement.id, document.activeElement.value, document.activeElement.selectionStart,
				document.activeElement.getAttribute("aria-expanded"), document.querySelector("#q-list").hidden,
				document.querySelector("#q-list [aria-selected=true]").id == document.activeElement.getAttribute("aria-activedescendant")]`,
			[]any{"f-who", "a", 1.0, "true", false, true},
		},
		{
			"an open part of the form",
			[]chromedp.Action[chromedp.Void]{chromedp.Click(chromedp.CSS("#more-lengths > summary"))},
			`[document.activeElement.parentElement.id, document.querySelector("#more-lengths").open]`,
			[]any{"more-lengths", true},
		},
		{
			"a number",
			[]chromedp.Action[chromedp.Void]{
				chromedp.Click(chromedp.CSS("#more-options > summary")),
				chromedp.WaitVisible(chromedp.CSS("#f-buffer")),
				chromedp.SendKeys(chromedp.CSS("#f-buffer"), "1"),
			},
			`[document.activeElement.id, document.activeElement.value.length, document.querySelector("#more-options").open, location.search.includes("buffer")]`,
			[]any{"f-buffer", 2.0, true, false},
		},
	} {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t)
			client := p.SignIn(1)
			p.BindEvents(1)
			ctx := chromium(t)
			signInBy(p, ctx, "1")
			monday := harness.NextMonday(time.Now())
			days := "&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 4).Format(time.DateOnly)
			search(t, ctx, p.App+"/find?me=0&who=2"+days)
			do(t, ctx, test.prepare...)
			until(t, ctx, `!!document.querySelector("[hx-sse\\:connect]")._htmx?.sse?.reader`)

			taken := p.Find(client, "me=0&who=2"+days).Slots[0].Interval
			if diff := cmp.Diff(test.want, evaluate[[]any](t, ctx, test.state)); diff != "" {
				t.Fatalf("before: %s", diff)
			}
			history := evaluate[int](t, ctx, "history.length")
			evaluate[bool](t, ctx, `(window.old = document.querySelector("#page").innerText, true)`)
			p.Occupy(2, taken.Start, taken.End)
			until(t, ctx, `document.querySelector("#page").innerText != window.old`)
			if diff := cmp.Diff(test.want, evaluate[[]any](t, ctx, test.state)); diff != "" {
				t.Errorf("what somebody was doing (-before +after): %s", diff)
			}
			if now := evaluate[int](t, ctx, "history.length"); now != history {
				t.Errorf("the history grew from %d to %d", history, now)
			}
		})
	}
}

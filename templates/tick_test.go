package templates_test

import (
	"net/url"
	"slices"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/meet"
)

// TestTickedTimesAreShared: ticks on cards are fields of one form, which asks for a link
// with the same search and these times. It works without script.
func TestTickedTimesAreShared(t *testing.T) {
	t.Parallel()
	f := sample(t, 8, 5)
	doc := findPage(t, view(f))
	form := all(t, doc, "#ticked")
	if len(form) != 1 || attribute(form[0], "action") != "/links/new" || attribute(form[0], "method") != "get" {
		t.Fatalf("forms: %d", len(form))
	}
	sent := url.Values{}
	for _, field := range all(t, doc, `#ticked input`) {
		sent.Add(attribute(field, "name"), attribute(field, "value"))
	}
	want, _ := url.ParseQuery(f.Query)
	want.Set("offer", "picked")
	if sent.Encode() != want.Encode() {
		t.Errorf("the form sends %s, want %s", sent.Encode(), want.Encode())
	}
	ticks := all(t, doc, `.tick input[form=ticked][name=slot]`)
	if len(ticks) == 0 || len(ticks) != len(all(t, doc, ".best .slot")) {
		t.Errorf("%d ticks", len(ticks))
	}
	for _, tick := range ticks {
		at, err := time.Parse(time.RFC3339, attribute(tick, "value"))
		if err != nil || !slices.ContainsFunc(f.Slots, func(s meet.Slot) bool { return s.Start.Time().Equal(at) }) {
			t.Errorf("%s is no time that is offered", attribute(tick, "value"))
		}
	}
	if n := len(all(t, findPage(t, view(nothingFits(t))), ".tick, .tray")); n > 0 {
		t.Errorf("%d ticks where nothing fits", n)
	}
}

// TestTrayCountsTicks: the tray comes with the first tick, moves nothing and goes with the
// last one; another choice keeps the ticks.
func TestTrayCountsTicks(t *testing.T) {
	ctx, server := browser(t), company(t)
	do(t, ctx, "opening", chromedp.Navigate(server.URL+"/find?who=1,2,3"))
	until(t, ctx, "the script", `document.readyState === 'complete' && !!window.htmx`)
	value[bool](t, ctx, watchShifts)
	tray := `getComputedStyle(document.querySelector('.tray')).display`
	if shown := value[string](t, ctx, tray); shown != "none" {
		t.Errorf("the tray is there without ticks: %s", shown)
	}
	for _, selector := range []string{".best li:nth-child(1) .tick input", ".best li:nth-child(2) .tick input", ".best li:nth-child(3) .slot"} {
		act(t, ctx, selector)
	}
	if n := value[int](t, ctx, `document.querySelectorAll('.tick input:checked').length`); n != 2 || value[string](t, ctx, tray) != "flex" {
		t.Errorf("%d ticks are kept", n)
	}
	if moved := value[[]string](t, ctx, `shifted`); len(moved) > 0 {
		t.Errorf("these moved: %q", moved)
	}
	act(t, ctx, ".tray [type=reset]")
	until(t, ctx, "no tray", tray+` === 'none'`)
}

package templates_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
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
	ticks := all(t, doc, `.best .tick input[form=ticked][name=slot]`)
	if len(ticks) == 0 || len(ticks) != len(all(t, doc, ".best .slot")) || len(all(t, doc, `.detail .tick input[form=ticked][name=slot]`)) != 1 {
		t.Errorf("%d ticks", len(ticks))
	}
	f.Choice.View = find.List
	if rows := all(t, findPage(t, view(f)), `.openings tbody tr`); len(rows) == 0 || len(rows) != len(all(t, findPage(t, view(f)), `.openings .tick input[form=ticked-list][name=slot]`)) {
		t.Errorf("%d openings, not each with a box", len(rows))
	}
	for _, tick := range ticks {
		at, err := time.Parse(time.RFC3339, attribute(tick, "value"))
		if err != nil || !slices.ContainsFunc(f.Slots, func(s meet.Slot) bool { return s.Start.Time().Equal(at) }) {
			t.Errorf("%s is no time that is offered", attribute(tick, "value"))
		}
	}
	if n := len(all(t, findPage(t, view(nothingFits(t))), ".tick :enabled, .tray")); n > 0 {
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
	first := `document.querySelector('.best li:nth-child(1) .tick input')`
	for _, selector := range []string{".best li:nth-child(1) .slot", ".detail .tick input", ".best li:nth-child(2) .tick input", ".best li:nth-child(3) .slot"} {
		act(t, ctx, selector)
	}
	if !value[bool](t, ctx, first+`.checked && !document.querySelector('.detail .tick input').checked`) {
		t.Error("a time that is ticked in the bar is not so on its card, or another one is in the bar")
	}
	tally := `document.querySelector('.tally').textContent`
	if said := value[string](t, ctx, tally); said != "2 times chosen" || value[string](t, ctx, tray) != "flex" {
		t.Errorf("the tray says %q", said)
	}
	act(t, ctx, ".best li:nth-child(2) .tick input")
	act(t, ctx, ".best li:nth-child(2) .tick input")
	if moved := value[[]string](t, ctx, `shifted`); len(moved) > 0 {
		t.Errorf("these moved: %q", moved)
	}
	act(t, ctx, ".tabs a:nth-child(3)")
	until(t, ctx, "the list", `!!document.querySelector('.openings .start') && `+tally+` === '2 times chosen'`)
	if n := value[int](t, ctx, `new FormData(document.querySelector('.tray')).getAll('slot').length`); n != 2 {
		t.Errorf("%d times are sent", n)
	}
	value[bool](t, ctx, `(navigator.clipboard.writeText = async text => { window.copied = text }, true)`)
	act(t, ctx, ".tray [formaction]")
	lines := strings.Split(value[string](t, ctx, `window.copied`), "\n")
	if len(lines) != 3 || !strings.Contains(lines[1], " Berlin / ") {
		t.Errorf("copied: %q", lines)
	}
	act(t, ctx, ".ticked-times li:first-child button")
	until(t, ctx, "one time less", tally+` === '1 time chosen' && !`+first+`.checked`)
	act(t, ctx, ".tray [type=reset]")
	until(t, ctx, "no tray", tray+` === 'none'`)
}

// TestTextOfTicks: each time stands once, in order, with everybody's clock.
func TestTextOfTicks(t *testing.T) {
	t.Parallel()
	f := sample(t, 4, 5)
	starts := find.ReadStarts([]string{"2026-11-24T09:00:00Z", "x", "2026-11-23T09:00:00Z", "2026-11-24T10:00:00+01:00"})
	doc := parse(t, render(t, locale.For("en"), find.Text(find.TextView{Starts: starts, Answer: f.answer(), Back: "/find?who=1"})))
	lines := strings.Split(all(t, doc, "textarea")[0].FirstChild.Data, "\n")
	if len(lines) != 3 || !strings.HasPrefix(lines[1], "Mon 23 Nov, 10:00–10:30 Berlin / ") || !strings.HasPrefix(lines[2], "Tue 24 Nov, ") {
		t.Errorf("the text is %q", lines)
	}
	if said := words(t, parse(t, render(t, locale.For("en"), find.Text(find.TextView{Back: "/find"}))), "p"); !strings.Contains(said, "No time is chosen") {
		t.Errorf("without times it says %q", said)
	}
}

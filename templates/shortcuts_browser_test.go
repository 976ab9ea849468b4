package templates_test

import (
	"strconv"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// Single keys lead to the people and to the times, never while somebody types, and not at
// all once they are switched off. The list of them opens by mouse, too.
func TestBrowserShortcuts(t *testing.T) {
	ctx := browser(t)
	do(t, ctx, "opening", chromedp.Navigate(company(t).URL+"/find?who=1&who=2"))
	until(t, ctx, "the script", `document.documentElement.classList.contains('js') && !!document.querySelector('#f-who[role=combobox]')`)
	// A key pressed by hand types nothing once its keydown is taken; the browser's protocol sends the letter anyway.
	if value[bool](t, ctx, `document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '/', bubbles: true, cancelable: true }))`) {
		t.Error("the key types a letter, too")
	}
	until(t, ctx, "the field", `document.activeElement.id === 'f-who' && document.activeElement.value === ''`)
	do(t, ctx, "typing", chromedp.KeyEvent("t/?"))
	until(t, ctx, "the text", `document.activeElement.value === 't/?' && !document.querySelector('dialog[open]')`)
	do(t, ctx, "from the people to the times in two steps", chromedp.KeyEvent(kb.Tab), chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the first time", `document.activeElement === document.querySelector('.best a')`)
	do(t, ctx, "asking for the keys", chromedp.KeyEvent("?"))
	until(t, ctx, "the list", `document.querySelector('#shortcuts').matches(':modal')`)
	do(t, ctx, "closing it", chromedp.KeyEvent(kb.Escape))
	until(t, ctx, "the focus again", `!document.querySelector('dialog[open]') && document.activeElement === document.querySelector('.best a')`)
	do(t, ctx, "opening it by mouse", chromedp.Click(chromedp.CSS(".account summary")), chromedp.Click(chromedp.CSS("[data-shortcuts]")),
		chromedp.Click(chromedp.CSS("[data-single-keys]")), chromedp.Click(chromedp.CSS("#shortcuts button")))
	do(t, ctx, "pressing a key in vain", chromedp.KeyEvent("t"), chromedp.KeyEvent("?"))
	if value[bool](t, ctx, `document.activeElement.matches('.best a') || !!document.querySelector('dialog[open]')`) {
		t.Error("keys work that are switched off")
	}
}

// On the proposals arrows move, Space ticks and Enter chooses, also from right to left.
func TestBrowserKeysOnProposals(t *testing.T) {
	ctx := browser(t)
	do(t, ctx, "opening", chromedp.Navigate(company(t).URL+"/find?who=1&who=2"))
	until(t, ctx, "the script", `document.documentElement.classList.contains('js') && !!document.querySelector('#f-who[role=combobox]')`)
	do(t, ctx, "going to the times", chromedp.KeyEvent("t"), chromedp.KeyEvent(kb.ArrowRight+kb.ArrowDown+kb.ArrowLeft))
	const at = `[...document.querySelectorAll('.best .slot')].indexOf(document.activeElement)`
	until(t, ctx, "the second proposal", at+` === 1`)
	const box = `document.querySelectorAll('.best li')[1].querySelector('.tick input')`
	do(t, ctx, "ticking", chromedp.KeyEvent(" "))
	until(t, ctx, "the tick", box+`.checked && `+at+` === 1`)
	do(t, ctx, "ticking again", chromedp.KeyEvent(" "))
	until(t, ctx, "no tick", `!`+box+`.checked`)
	value[bool](t, ctx, `(document.dir = 'rtl', true)`)
	do(t, ctx, "going left", chromedp.KeyEvent(kb.ArrowLeft))
	until(t, ctx, "the third proposal", at+` === 2`)
	address := value[string](t, ctx, `document.activeElement.getAttribute('href')`)
	do(t, ctx, "choosing", chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the chosen proposal", `location.pathname + location.search === `+strconv.Quote(address)+` && document.querySelectorAll('.best .slot')[2].getAttribute('aria-current') === 'true'`)
}

// In forced colours the open menu and the open list of keys still have edges, and what is chosen is marked.
func TestBrowserMenuInForcedColours(t *testing.T) {
	ctx := browser(t)
	_, err := chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "forced-colors", Value: "active"}}})
	if err != nil {
		t.Fatal(err)
	}
	do(t, ctx, "opening", chromedp.Navigate(company(t).URL+"/find?who=1&who=2"))
	until(t, ctx, "forced colours", `matchMedia('(forced-colors: active)').matches && !!document.querySelector('.account')`)
	const edge = `(e => { const s = getComputedStyle(e); return s.borderStyle !== 'none' && parseFloat(s.borderWidth) > 0 || s.outlineStyle !== 'none' && parseFloat(s.outlineWidth) > 0 })`
	value[bool](t, ctx, `(document.querySelector('.account').open = true)`)
	for _, part := range []string{".menu.card", ".choices .segmented", ".choices select", ".choices input:checked + span"} {
		if !value[bool](t, ctx, edge+`(document.querySelector('`+part+`'))`) {
			t.Errorf("%s has no edge", part)
		}
	}
	value[bool](t, ctx, `(document.querySelector('#shortcuts').showModal(), true)`)
	for _, part := range []string{"#shortcuts", "#shortcuts kbd", "#shortcuts .btn"} {
		if !value[bool](t, ctx, edge+`(document.querySelector('`+part+`'))`) {
			t.Errorf("%s has no edge", part)
		}
	}
}

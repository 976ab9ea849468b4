package templates_test

import (
	"testing"

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

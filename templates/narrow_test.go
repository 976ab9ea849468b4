package templates_test

import (
	"fmt"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/browsertest"
	"slotfinder/internal/locale"
	"slotfinder/static"
)

// lost lists, for each frame of a sheet, what of its page can't be read. A text is lost
// where it reaches beyond its window, cell, button or card, or where something above it
// cuts it off. What can be scrolled to is not lost, nor is a name that ends in three
// dots and stands in full in its title.
const lost = `(() => {
	const beyond = (inner, outer) => inner.left < outer.left - 1.5 || inner.right > outer.right + 1.5
	const spare = e => e.closest('.sr-only, .skip-link, script, style, svg, select')
	const bounds = rects => ({
		left: Math.min(...rects.map(r => r.left)), right: Math.max(...rects.map(r => r.right)),
		top: Math.min(...rects.map(r => r.top)), bottom: Math.max(...rects.map(r => r.bottom)),
	})
	function fault(win, parent, box) {
		for (let e = parent; e !== win.document.body; e = e.parentElement) {
			const style = win.getComputedStyle(e), rect = e.getBoundingClientRect()
			if (/auto|scroll/.test(style.overflowX) || style.clipPath !== 'none') return ''
			const cut = beyond(box, rect) || box.top < rect.top - 3 || box.bottom > rect.bottom + 3
			if (/hidden|clip/.test(style.overflowX) && cut) return style.textOverflow === 'ellipsis' && e.closest('[title]') ? '' : 'cut off by'
			if (e.matches('td, th, button, .btn, .card, .chip, .slot') && beyond(box, rect)) return 'reaches out of'
		}
		return box.left < -1.5 || box.right > win.innerWidth + 1.5 ? 'out of the window' : ''
	}
	function faults(win) {
		const doc = win.document, found = new Set(), range = doc.createRange()
		const texts = doc.createTreeWalker(doc.body, NodeFilter.SHOW_TEXT)
		for (let node; (node = texts.nextNode());) {
			const parent = node.parentElement
			if (!node.textContent.trim() || spare(parent)) continue
			range.selectNodeContents(node)
			const rects = [...range.getClientRects()].filter(r => r.width && r.height)
			if (!rects.length || !parent.checkVisibility({opacityProperty: true, visibilityProperty: true})) continue
			const why = fault(win, parent, bounds(rects))
			if (why) found.add(why + ': ' + parent.localName + ' in ' + (parent.closest('[class]')?.getAttribute('class') ?? '') + ': ' + node.textContent.trim().slice(0, 40))
		}
		for (const cell of doc.querySelectorAll('td, th')) {
			const card = cell.closest('.card'), rect = cell.getBoundingClientRect()
			if (card && rect.width && !cell.closest('.scroller') && beyond(rect, card.getBoundingClientRect())) found.add('a cell out of its card: ' + cell.textContent.trim().slice(0, 40))
		}
		if (doc.documentElement.scrollWidth > win.innerWidth) found.add('the page is ' + doc.documentElement.scrollWidth + ' px wide')
		return [...found]
	}
	return [...document.querySelectorAll('iframe')].flatMap(f => faults(f.contentWindow).slice(0, 6).map(x => f.title + ': ' + x))
})()`

// TestNarrowWindows: on a phone no page is wider than its window and no word of it is
// lost: in any language with a wide font, and in some with an ordinary one, which needs
// less room.
func TestNarrowWindows(t *testing.T) {
	pages := samples(t)
	languages := append(locale.All(), locale.For("de").Mirrored(), locale.For("es").With12Hours())
	ordinary := []*locale.Catalogue{locale.For("en"), locale.For("de"), locale.For("de").Mirrored(), locale.For("es").With12Hours(), locale.For("en").With12Hours()}
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }) // what pages ask for later
	for name, component := range pages {
		for _, c := range append(languages[:len(languages):len(languages)], locale.For("en").With12Hours()) {
			serve(mux, "/"+name+"/"+c.Tag+"/"+c.Dir()+c.ClockHours(), policy, render(t, c, component))
		}
		serve(mux, "/"+name+"/sans", "", sheet(name, ordinary, 320, 390))
		serve(mux, "/"+name+"/wide", "", sheet(name, languages, 320))
	}
	server := httptest.NewServer(mux)
	defer server.Close()
	for _, font := range []browsertest.Font{browsertest.Sans, browsertest.Wide} {
		ctx := browserWith(t, font, 10*time.Minute)
		for _, name := range slices.Sorted(maps.Keys(pages)) {
			do(t, ctx, name, chromedp.Navigate(server.URL+"/"+name+"/"+string(font)))
			if faults := value[[]string](t, ctx, lost); len(faults) > 0 {
				t.Errorf("with the font %s:\n\t%s", font, strings.Join(faults, "\n\t"))
			}
		}
	}
}

// sheet is a page of frames, one for each language and width, so that a browser lays
// out all of them at once.
func sheet(name string, languages []*locale.Catalogue, widths ...int) []byte {
	b := []byte("<!doctype html><title>" + name + "</title>")
	for _, c := range languages {
		for _, width := range widths {
			b = fmt.Appendf(b, `<iframe src="/%s/%s/%s" title="%[1]s, %[2]s, %[3]s at %[4]d px" width="%[4]d" height="640" style="border:0"></iframe>`, name, c.Tag, c.Dir()+c.ClockHours(), width)
		}
	}
	return b
}

// serve answers with a page and the policy of its content, "" for none: that of pages
// forbids frames.
func serve(mux *http.ServeMux, path, policy string, body []byte) {
	mux.HandleFunc("GET "+path, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", policy)
		w.Write(body)
	})
}

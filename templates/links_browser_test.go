package templates_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/a-h/templ"
	"github.com/chromedp/cdproto/emulation"
	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/locale"
	"slotfinder/static"
	"slotfinder/templates/layout"
	"slotfinder/templates/links"
	"slotfinder/templates/share"
)

// guests serves a link as the real server does: a zone that it doesn't know counts as
// none. asked are the requests so far.
func guests(t *testing.T) (address string, asked *[]string) {
	t.Helper()
	asked = new([]string)
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /s/x", func(w http.ResponseWriter, r *http.Request) {
		*asked = append(*asked, r.URL.RawQuery)
		v := shareView(t)
		v.Path, v.Day, v.Month, v.Guess = "/s/x", r.URL.Query().Get("day"), r.URL.Query().Get("month"), true
		if zone, err := tz.Load(r.URL.Query().Get("tz")); err == nil && r.URL.Query().Has("tz") {
			v.Zone, v.Guess = zone, false
		}
		w.Header().Set("Content-Security-Policy", policy)
		w.Write(render(t, locale.For("en"), layout.Public(layout.Frame{Plain: true}, share.Page(v))))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/s/x", asked
}

func inZone(t *testing.T, ctx context.Context, zone string) {
	t.Helper()
	if _, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: zone}); err != nil {
		t.Fatal(err)
	}
}

func TestShareGuessesTheZone(t *testing.T) {
	ctx := browser(t)
	address, asked := guests(t)
	inZone(t, ctx, "Asia/Tokyo")
	do(t, ctx, "opening", chromedp.Navigate(address+"?day=2026-12-03"))
	until(t, ctx, "the guest's zone", `new URL(location).searchParams.get('tz') == 'Asia/Tokyo' && document.readyState == 'complete' && document.getElementById('tz').value == 'Asia/Tokyo'`)
	if got := value[string](t, ctx, `document.querySelector('.times a[href$="2026-12-03T08:00:00Z"]').textContent`); got != "17:00, Save as a calendar file" {
		t.Errorf("09:00 in Berlin is %q in Tokyo", got)
	}
	if got := value[string](t, ctx, `document.getElementById('day-h').textContent`); got != "Thursday 3 December" {
		t.Errorf("the day asked for became %q", got)
	}
	if len(*asked) != 2 {
		t.Errorf("asked %d times: %q", len(*asked), *asked)
	}
	do(t, ctx, "choosing another", chromedp.Navigate(address+"?tz=America/New_York"))
	until(t, ctx, "the page", `document.readyState == 'complete'`)
	if got := value[string](t, ctx, `document.getElementById('tz').value`); got != "America/New_York" {
		t.Errorf("the zone chosen became %s", got)
	}
	inZone(t, ctx, "Europe/Berlin")
	do(t, ctx, "opening at home", chromedp.Navigate(address))
	until(t, ctx, "the page", `document.readyState == 'complete'`)
	if got := value[string](t, ctx, `location.search`); got != "" {
		t.Errorf("asked again with %s", got)
	}
}

// A zone that the server refuses is asked for once, not for ever.
func TestShareGuessesOnce(t *testing.T) {
	ctx := browser(t)
	address, asked := guests(t)
	inZone(t, ctx, "Asia/Tokyo")
	do(t, ctx, "opening", chromedp.Navigate(address+"?tz=Mars/Olympus"))
	until(t, ctx, "the page", `document.readyState == 'complete'`)
	if got := value[string](t, ctx, `document.getElementById('tz').value`); got != "Europe/Berlin" || len(*asked) != 1 {
		t.Errorf("zone %s after %d requests", got, len(*asked))
	}
}

func TestShareWithoutScript(t *testing.T) {
	ctx := browser(t)
	address, _ := guests(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, "choosing a zone, a month and a day", chromedp.Navigate(address),
		chromedp.Focus(chromedp.CSS("#tz")), chromedp.KeyEvent("Tok"),
		chromedp.Click(chromedp.CSS("form.guest-fact button")),
		chromedp.Query(chromedp.CSS(`#tz option[selected][value="Asia/Tokyo"]`), chromedp.NodeReady),
		chromedp.Click(chromedp.CSS(`.month-head a[aria-label="Next month"]`)),
		chromedp.Query(chromedp.CSS(`.month a[href*="2027-01-12"][href*="Tokyo"]`), chromedp.NodeVisible),
		chromedp.Click(chromedp.CSS(`.month a[href*="2027-01-12"]`)),
		chromedp.Query(chromedp.CSS(`.times a[href="/s/x.ics?start=2027-01-12T10:00:00Z"]`), chromedp.NodeVisible))
}

// ownPage serves one page of the owner, and that of the first link.
func ownPage(t *testing.T, content templ.Component) string {
	t.Helper()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /page", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Security-Policy", policy)
		w.Write(render(t, locale.For("en"), layout.Standalone(layout.Frame{Scripts: true}, content)))
	})
	mux.HandleFunc("GET /links/1", func(w http.ResponseWriter, _ *http.Request) {
		w.Write(render(t, locale.For("en"), layout.Standalone(layout.Frame{}, links.Page(linkView(t)))))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server.URL + "/page"
}

// before runs a script before those of any page.
func before(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	_, err := chromedp.Call(ctx, cdppage.AddScriptToEvaluateOnNewDocument, cdppage.AddScriptToEvaluateOnNewDocumentParams{Source: script})
	if err != nil {
		t.Fatal(err)
	}
}

func TestCopyALink(t *testing.T) {
	ctx := browser(t)
	before(t, ctx, `navigator.clipboard.writeText = async text => { window.copied = text }`)
	do(t, ctx, "opening", chromedp.Navigate(ownPage(t, links.Page(linkView(t)))))
	until(t, ctx, "the script", `document.documentElement.classList.contains('js')`)
	do(t, ctx, "copying the link", chromedp.Click(chromedp.CSS(`[data-from="link-url"]`)))
	until(t, ctx, "the word", `document.querySelector('[data-from="link-url"]').innerText.trim() == 'Link copied'`)
	if got := value[string](t, ctx, `copied`); got != linkView(t).Link.URL {
		t.Errorf("copied %q", got)
	}
	do(t, ctx, "copying the message", chromedp.Click(chromedp.CSS(`[data-from="message-text"]`)))
	until(t, ctx, "the word", `document.querySelector('[data-from="message-text"]').innerText.trim() == 'Message copied'`)
	if got, want := value[string](t, ctx, `copied`), linkView(t).Message.Text(locale.For("ru")); got != want {
		t.Errorf("copied %q, want %q", got, want)
	}
}

// In a portal's frame the clipboard is often closed: the address is then selected,
// and the button says by which keys it is copied.
func TestCopyWithoutClipboard(t *testing.T) {
	ctx := browser(t)
	before(t, ctx, `navigator.clipboard.writeText = async () => { throw new DOMException('blocked', 'NotAllowedError') }`)
	do(t, ctx, "opening", chromedp.Navigate(ownPage(t, links.Page(linkView(t)))))
	until(t, ctx, "the script", `document.documentElement.classList.contains('js')`)
	do(t, ctx, "copying", chromedp.Click(chromedp.CSS(`[data-from="link-url"]`)))
	until(t, ctx, "the word", `document.querySelector('[data-from="link-url"]').innerText.trim() == 'Now copy it with Ctrl+C or ⌘C'`)
	selected := value[string](t, ctx, `(f => document.activeElement == f ? f.value.slice(f.selectionStart, f.selectionEnd) : '')(document.getElementById('link-url'))`)
	if selected != linkView(t).Link.URL {
		t.Errorf("selected: %q", selected)
	}
	do(t, ctx, "the list", chromedp.Navigate(ownPage(t, links.List(linksView(t)))))
	until(t, ctx, "the script", `document.documentElement.classList.contains('js')`)
	do(t, ctx, "copying", chromedp.Click(chromedp.CSS(`[data-copy]`)), chromedp.Query(chromedp.CSS(`#link-url`), chromedp.NodeVisible))
	if got := value[string](t, ctx, `location.pathname + location.hash`); got != "/links/1#link-url" {
		t.Errorf("the link leads to %s", got)
	}
}

// Without script nothing that needs one is shown, and what can't be undone asks again.
func TestLinkWithoutScript(t *testing.T) {
	ctx := browser(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, "asking to delete", chromedp.Navigate(ownPage(t, links.Page(linkView(t)))),
		chromedp.Query(chromedp.CSS(`[data-from]`), chromedp.NodeNotVisible),
		chromedp.Query(chromedp.CSS(`#close details:last-child:not([open])`), chromedp.NodeReady),
		chromedp.Click(chromedp.CSS(`#close details:last-child summary`)),
		chromedp.Query(chromedp.CSS(`#close details[open] form[action="/links/17/delete"] button`), chromedp.NodeVisible))
}

// What belongs to a choice shows up with it, by style alone.
func TestNewLinkShowsWhatIsChosen(t *testing.T) {
	ctx := browser(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, "choosing", chromedp.Navigate(ownPage(t, links.NewPage(linkForm(t)))),
		chromedp.Query(chromedp.CSS(`.slot-picks`), chromedp.NodeNotVisible), chromedp.Query(chromedp.CSS(`#l-ahead`), chromedp.NodeNotVisible),
		chromedp.Click(chromedp.CSS(`[name=offer][value=picked]`)), chromedp.Query(chromedp.CSS(`.slot-picks`), chromedp.NodeVisible),
		chromedp.Click(chromedp.CSS(`[name=offer][value=rolling]`)), chromedp.Query(chromedp.CSS(`#l-ahead`), chromedp.NodeVisible),
		chromedp.Query(chromedp.CSS(`.slot-picks`), chromedp.NodeNotVisible), chromedp.Query(chromedp.CSS(`#l-expires`), chromedp.NodeNotVisible),
		chromedp.Click(chromedp.CSS(`[name=expires][value=""]`)), chromedp.Query(chromedp.CSS(`#l-expires`), chromedp.NodeVisible))
}

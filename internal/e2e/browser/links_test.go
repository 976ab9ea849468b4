package browser

import (
	"context"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/locale"
)

// TestBrowserShares makes a link out of a search as people do, with script and
// without, opens it in a browser that is nobody's, on the other side of the ocean, and
// withdraws it.
func TestBrowserShares(t *testing.T) {
	t.Parallel()
	for name, script := range map[string]bool{"with script": true, "without script": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := harness.Start(t)
			ctx, stranger := chromiumFor(t, 2*harness.HangLimit), chromiumFor(t, 2*harness.HangLimit)
			if !script {
				scriptsOff(t, ctx)
				scriptsOff(t, stranger)
			}
			signInBy(p, ctx, "2")
			search(t, ctx, p.App+"/find?who=5,6&"+harness.ComingWeek())
			do(t, ctx,
				chromedp.Click(chromedp.CSS(`main a[href^="/links/new?"]`)), chromedp.WaitReady(chromedp.CSS("#l-title")),
				chromedp.SetValue(chromedp.CSS("#l-title"), "Product demo"), chromedp.SetValue(chromedp.CSS("#l-note"), "First line\nsecond line"),
				chromedp.Click(chromedp.CSS(`input[name=show][value=number]`)),
				chromedp.Click(chromedp.CSS(`form[action="/links"] button.btn`)), chromedp.WaitReady(chromedp.CSS("#link-url")),
			)
			token := path.Base(text(t, ctx, `document.querySelector("#link-url").value`))
			offered := p.Offered(harness.Guest(), token)
			if offered.Title != "Product demo" || offered.Note != "First line\nsecond line" || offered.Number != 3 {
				t.Fatalf("%+v", offered)
			}
			looksAt(p, stranger, token, offered, script)
			until(t, ctx, `document.readyState == "complete"`)
			do(t, ctx,
				chromedp.Click(chromedp.CSS(`#close details:has(form[action$="/revoke"]) summary`)), chromedp.Click(chromedp.CSS(`form[action$="/revoke"] button`)),
				chromedp.WaitReady(chromedp.CSS(`.tag.off`)),
				chromedp.Click(chromedp.CSS(`a[href="/links"]`)), chromedp.WaitReady(chromedp.CSS(`.link-item .tag.off`)),
			)
			if response, _ := p.Get(harness.Guest(), "/s/"+token, harness.AsJSON); response.StatusCode != http.StatusGone {
				t.Errorf("after it was withdrawn: %s", response.Status)
			}
			do(t, stranger, chromedp.Navigate(p.App+"/s/"+token))
			if h1 := text(t, stranger, `document.querySelector("h1").innerText`); h1 == "Product demo" || h1 == "" {
				t.Errorf("guests read %q", h1)
			}
		})
	}
}

// looksAt opens a link in New York. With script its times are those of the clocks there.
func looksAt(p *harness.Product, ctx context.Context, token string, offered harness.Shared, script bool) {
	p.T.Helper()
	if _, err := chromedp.Call(ctx, emulation.SetTimezoneOverride, emulation.SetTimezoneOverrideParams{TimezoneID: "America/New_York"}); err != nil {
		p.T.Fatal(err)
	}
	do(p.T, ctx, chromedp.Navigate(p.App+"/s/"+token))
	zone := "Europe/Berlin"
	if script {
		zone = "America/New_York"
		until(p.T, ctx, `location.search.includes("New_York") && document.readyState == "complete"`)
	}
	place, err := tz.Load(zone)
	if err != nil {
		p.T.Fatal(err)
	}
	shown := strings.Split(text(p.T, ctx, `Array.from(document.querySelectorAll("time[datetime]"), t => t.getAttribute("datetime") + "=" + t.innerText.trim()).join("\n")`), "\n")
	for _, line := range shown {
		at, clock, _ := strings.Cut(line, "=")
		start, err := time.Parse(time.RFC3339, at)
		if err != nil || !slices.ContainsFunc(offered.Slots, func(s harness.Interval) bool { return s.Start.Equal(start) }) {
			p.T.Errorf("%q is not free", line)
		}
		if !strings.HasPrefix(clock, start.In(place).Format("15:04")) {
			p.T.Errorf("%s in %s is written as %q", at, zone, clock)
		}
	}
	if cookies := text(p.T, ctx, "document.cookie"); cookies != "" {
		p.T.Errorf("guests have cookies: %s", cookies)
	}
}

// text is the value of an expression, also with scripts switched off.
func text(t *testing.T, ctx context.Context, expression string) string {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[string](expression))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// TestBrowserSharedPageFits small screens in every language, and costs a guest on the
// road less than 15 kB.
func TestBrowserSharedPageFits(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&title="+strings.Repeat("Verylongword", 10)+"&show=names&who=5,6")
	ctx := chromiumFor(t, 2*harness.HangLimit)
	scriptsOff(t, ctx)
	for _, width := range []int64{320, 390} {
		if _, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 844, DeviceScaleFactor: 1}); err != nil {
			t.Fatal(err)
		}
		for _, language := range locale.All() {
			do(t, ctx, chromedp.Navigate(p.App+"/s/"+link.Token+"?tz=Europe/Berlin&lang="+language.Tag))
			wide, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[int64](`document.documentElement.scrollWidth`))
			if err != nil {
				t.Fatal(err)
			}
			if wide > width {
				t.Errorf("%s is %d wide on a screen of %d", language.Tag, wide, width)
			}
		}
	}
	for _, language := range locale.All() {
		if _, body := p.Get(harness.Guest(), "/s/"+link.Token+"?lang="+language.Tag, ""); len(body) > 15_000 {
			t.Errorf("%s: %d bytes", language.Tag, len(body))
		}
	}
}

// TestBrowserLinkPagesFit small screens, the navigation among them.
func TestBrowserLinkPagesFit(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromiumFor(t, 2*harness.HangLimit)
	signInBy(p, ctx, "2")
	link := p.Share(p.SignIn(2), harness.ComingWeek()+"&title="+strings.Repeat("Verylongword", 10)+"&who=5,6")
	for _, width := range []int64{320, 390} {
		if _, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 844, DeviceScaleFactor: 1}); err != nil {
			t.Fatal(err)
		}
		for _, language := range []string{"en", "de", "ru", "fr", "uk"} {
			if _, err := chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "test", AcceptLanguage: language}); err != nil {
				t.Fatal(err)
			}
			for _, page := range []string{"/find", "/links", "/links/" + link.ID, "/links/new?" + harness.ComingWeek()} {
				do(t, ctx, chromedp.Navigate(p.App+page))
				if wide := evaluate[int64](t, ctx, `document.documentElement.scrollWidth`); wide > width {
					t.Errorf("%s in %s is %d wide on a screen of %d", page, language, wide, width)
				}
			}
		}
	}
}

// TestBrowserInsertsIntoTheChat: in the popup of a chat a link and its message go into
// what is being written there. Elsewhere in the portal nothing offers it.
func TestBrowserInsertsIntoTheChat(t *testing.T) {
	t.Parallel()
	p, app := onTwoSites(t), "/marketplace/app/"+harness.ClientID+"/"
	browser := chromiumWith(t, thirdPartyBlocked)
	installer := tab(t, browser, chromedp.WithNewBrowserContext())
	enter(p, installer, "1", app)
	until(t, installer, `location.search.includes("install_finished=Y")`)
	do(t, installer, chromedp.Navigate("about:blank")) // its frame must not be taken for the next
	ctx := tab(t, browser)
	inside := enter(p, ctx, "2", app)
	until(t, inside, `!!document.querySelector("#chip-2")`)
	link := harness.Decode[harness.MadeLink](t, ask[string](t, inside, `fetch("/links", {method: "POST", headers: {Accept: "application/json"}, body: new URLSearchParams("`+harness.ComingWeek()+`&title=Product+demo&who=5,6&key=0123456789abcdef")}).then(r => r.text())`))
	visit := func() { // the page of the link; widgets have no navigation to click
		until(t, inside, `document.readyState == "complete" && "bridge" in document.documentElement.dataset`)
		do(t, inside, script(`void setTimeout(() => location.assign("/links/`+link.ID+`"), 0)`))
		until(t, inside, `!!document.querySelector("#link-url") && "bridge" in document.documentElement.dataset`)
	}

	do(t, ctx, chromedp.Navigate("https://"+p.Company.Host+"/online/?IM_DIALOG=chat71"), chromedp.Click(chromedp.CSS(".talk form a.btn")))
	inside = insideOf(t, ctx, p.App)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("[data-message]"), "How about"))
	visit()
	until(t, inside, `[...document.querySelectorAll("[data-insert]")].filter(b => b.checkVisibility()).length == 2`)
	do(t, inside, script(`void document.querySelector("[data-insert^=http]").click()`))
	until(t, ctx, `document.querySelector("[data-message]").value == "How about\n`+link.URL+`"`)
	do(t, inside, script(`void document.querySelector("#message [data-insert]").click()`))
	until(t, ctx, `document.querySelector("[data-message]").value.includes("`+link.URL+`\nProduct demo")`)

	inside = enter(p, ctx, "2", app)
	visit()
	do(t, inside, script(`portal("getInterface")`)) // what was asked before has been answered, or never is
	if evaluate[bool](t, inside, `[...document.querySelectorAll("[data-insert]")].some(b => b.checkVisibility())`) {
		t.Error("there is no chat, but the page offers it")
	}
}

// TestBrowserNavigationFits: an administrator's six entries are all there to be pressed,
// in every language.
func TestBrowserNavigationFits(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromiumFor(t, 2*harness.HangLimit)
	bringCookie(p, ctx, 1)
	const hidden = `[...document.querySelectorAll(".top nav a, .account summary")].filter(link => {
		const box = link.getBoundingClientRect()
		return !link.contains(document.elementFromPoint(box.x + 2, box.y + box.height / 2)) || !link.contains(document.elementFromPoint(box.right - 2, box.y + box.height / 2))
	}).map(link => link.innerText)`
	languages := []string{locale.Pseudo}
	for _, language := range locale.All() {
		languages = append(languages, language.Tag)
	}
	for _, width := range []int64{320, 390, 640, 1280} {
		emulate(t, ctx, width, 800, 1, "light")
		for _, language := range languages {
			if _, err := chromedp.Call(ctx, emulation.SetUserAgentOverride, emulation.SetUserAgentOverrideParams{UserAgent: "test", AcceptLanguage: language}); err != nil {
				t.Fatal(err)
			}
			do(t, ctx, chromedp.Navigate(p.App+"/links"))
			if out := evaluate[[]string](t, ctx, hidden); len(out) > 0 || evaluate[int](t, ctx, `document.querySelectorAll(".top nav a").length`) != 6 {
				t.Errorf("%s, %d px: cut off: %q", language, width, out)
			}
		}
	}
}

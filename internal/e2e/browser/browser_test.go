package browser

import (
	"context"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/browsertest"
	"slotfinder/internal/e2e/harness"
)

// chromium opens a window for the test, with cookies and storage of its own, in a browser
// that all tests share. Whatever a page writes to the console, every script error and
// every breach of the policy fails the test.
func chromium(t *testing.T) context.Context {
	t.Helper()
	return chromiumFor(t, harness.HangLimit)
}

// chromiumFor is chromium with another limit. With more options it is a browser of its
// own.
func chromiumFor(t *testing.T, limit time.Duration, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	if len(more) > 0 {
		return chromiumIn(t, browsertest.Sans, limit, more...)
	}
	return watched(t, browsertest.Window(t, usual...), limit)
}

// chromiumIn starts a browser of its own for the test, with a font.
func chromiumIn(t *testing.T, font browsertest.Font, limit time.Duration, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	return watched(t, browsertest.Start(t, font, append(slices.Clone(usual), more...)...), limit)
}

// usual is what all browsers have in common.
var usual = []chromedp.ExecAllocatorOption{
	chromedp.Flag("disable-quic", true), chromedp.WindowSize(1280, 900), chromedp.Flag("lang", "en-GB"), chromedp.Flag("accept-lang", "en-GB,en"),
}

// watched opens the window of a context, for limit, which fails the test for all that it
// has to complain about.
func watched(t *testing.T, ctx context.Context, limit time.Duration) context.Context {
	t.Helper()
	if err := chromedp.Do(ctx, chromedp.Navigate("about:blank")); err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithTimeout(ctx, limit)
	t.Cleanup(stop)
	listen(t, ctx)
	return ctx
}

// tab opens another tab of a browser, as attentive as the first.
func tab(t *testing.T, browser context.Context, options ...chromedp.ContextOption) context.Context {
	t.Helper()
	ctx, stop := chromedp.NewContext(browser, options...)
	t.Cleanup(stop)
	do(t, ctx, chromedp.Navigate("about:blank"))
	listen(t, ctx)
	return ctx
}

// listen fails the test for all that a tab has to complain about.
func listen(t *testing.T, ctx context.Context) {
	t.Helper()
	err := chromedp.Listen(ctx, func(event any) {
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			t.Errorf("script error: %s %v", e.ExceptionDetails.Text, e.ExceptionDetails.Exception.Description)
		case *runtime.EventConsoleAPICalled:
			t.Errorf("console: %s %v", e.Type, e.Args)
		case *log.EventEntryAdded:
			// The browser itself notes every answer of 4xx, which are asserted on elsewhere,
			// and a wrong day in a date field, which the page shows in words beside it.
			if e.Entry.Source != "network" && !strings.Contains(e.Entry.Text, "does not conform to the required format") {
				t.Errorf("%s: %s", e.Entry.Source, e.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
}

// do runs steps in the browser. A step that has found its element in a page that the
// next one is just replacing has done nothing yet, and looks again.
func do(t *testing.T, ctx context.Context, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	for i, step := range steps {
		err := chromedp.Do(ctx, step)
		for err != nil && ctx.Err() == nil && strings.Contains(strings.ToLower(err.Error()), "node with given id") {
			err = chromedp.Do(ctx, step)
		}
		if err != nil {
			t.Fatalf("step %d: %v\n%s", i+1, err, whereabouts(ctx))
		}
	}
}

// whereabouts says what the browser shows, for the message of a failure.
func whereabouts(ctx context.Context) string {
	ctx, stop := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
	defer stop()
	text, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[string](`location.href + "\n" + document.body.innerText.slice(0, 1500)`))
	if err != nil {
		return err.Error()
	}
	return text
}

// evaluate returns the value of a script expression.
func evaluate[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.Evaluate[T](script))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// ask evaluates a script, or waits for its promise, past the page's policy.
func ask[T any](t *testing.T, ctx context.Context, script string) T {
	t.Helper()
	value, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[T](script, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatal(err)
	}
	return value
}

// until waits for a script expression to become true.
func until(t *testing.T, ctx context.Context, script string) {
	t.Helper()
	for {
		value, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[bool](script))
		if err == nil && value {
			return
		}
		select {
		case <-ctx.Done():
			t.Fatalf("never true: %s\n%v\n%s", script, err, whereabouts(ctx))
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// answered holds once a page is there, and a search has its answer: one that is still
// reading calendars asks for the next by itself, and takes what stands on it along.
const answered = `document.readyState == "complete" && !!document.querySelector("#results") && !document.querySelector("#reading")`

// search opens a search and waits for its answer, which on a busy machine comes late.
func search(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	do(t, ctx, chromedp.Navigate(address))
	until(t, ctx, answered)
}

// signInBy opens the app and signs in through the portal's own pages.
func signInBy(p *harness.Product, ctx context.Context, user string) {
	p.T.Helper()
	do(p.T, ctx,
		chromedp.Navigate(p.App+"/"),
		chromedp.SendKeys(chromedp.CSS("input[name=portal]"), p.Company.Host+"\r"),
		chromedp.Click(chromedp.CSS("button[name=user][value='"+user+"']")),
	)
	until(p.T, ctx, `location.pathname == "/find" && `+answered)
}

// bringCookie signs the browser in as a user of the portal, past the portal's pages.
func bringCookie(p *harness.Product, ctx context.Context, user int) {
	p.T.Helper()
	app, err := url.Parse(p.App)
	if err != nil {
		p.T.Fatal(err)
	}
	for _, cookie := range p.SignIn(user).Jar.Cookies(app) {
		_, err := chromedp.Call(ctx, network.SetCookie, network.SetCookieParams{Name: cookie.Name, Value: cookie.Value, URL: p.App})
		if err != nil {
			p.T.Fatal(err)
		}
	}
}

func scriptsOff(t *testing.T, ctx context.Context) {
	t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true})
	if err != nil {
		t.Fatal(err)
	}
}

// TestBrowserByKeyboard signs in, adds two colleagues without touching the mouse
// and reads the slots.
func TestBrowserByKeyboard(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	signInBy(p, ctx, "1")
	for i, name := range p.Colleagues(2, 3) {
		do(t, ctx, chromedp.SendKeys(chromedp.CSS("people-picker input"), name))
		until(t, ctx, `document.querySelectorAll("people-picker [role=option]").length == 1`)
		do(t, ctx, chromedp.KeyEvent("\r"))
		until(t, ctx, `!!document.querySelector("#chip-`+strconv.Itoa(i+2)+`") && location.search.includes("%2C`+strconv.Itoa(i+2)+`")`)
	}
	url := evaluate[string](t, ctx, "location.href")
	if !strings.Contains(url, "who=1%2C2%2C3") {
		t.Errorf("the address is %s", url)
	}
	sameSlots(p, ctx, url)
}

// TestBrowserWithoutScript does the same with scripts switched off.
func TestBrowserWithoutScript(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	ctx := chromium(t)
	scriptsOff(t, ctx)
	signInBy(p, ctx, "1")
	for i, name := range p.Colleagues(2, 3) {
		do(t, ctx, chromedp.SendKeys(chromedp.CSS("input[name=q]"), name+"\r"))
		button := chromedp.CSS("button[name=add][value='" + []string{"2", "3"}[i] + "']")
		do(t, ctx, chromedp.WaitVisible(button), chromedp.Click(button), chromedp.WaitReady(chromedp.CSS("#chip-"+strconv.Itoa(i+2))))
	}
	location, err := chromedp.Run(ctx, chromedp.Location())
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(location, "who=1%2C2%2C3") {
		t.Errorf("the address is %s", location)
	}
	sameSlots(p, ctx, location)
}

// sameSlots compares the times on the page with the JSON of the same address.
func sameSlots(p *harness.Product, ctx context.Context, address string) {
	p.T.Helper()
	client := p.SignIn(1)
	_, query, _ := strings.Cut(address, "?")
	want := p.Find(client, query)
	if len(want.Slots) == 0 {
		p.T.Fatal("no slots to compare; the seed should have some")
	}
	search(p.T, ctx, address+"&view=list")
	until(p.T, ctx, `document.readyState == "complete" && !!document.querySelector(".openings")`)
	shown, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[[]string](
		`Array.from(document.querySelectorAll(".openings .start time"), t => t.getAttribute("datetime"))`))
	if err != nil {
		p.T.Fatal(err)
	}
	on := map[string]bool{}
	for _, at := range shown {
		start, err := time.Parse(time.RFC3339, at)
		if err != nil {
			p.T.Errorf("the page says %q", at)
		}
		on[start.UTC().Format(time.RFC3339)] = true
	}
	for _, s := range want.Slots {
		if !on[s.Start.Format(time.RFC3339)] {
			p.T.Errorf("the page lacks the slot of %s", s.Start)
		}
	}
}

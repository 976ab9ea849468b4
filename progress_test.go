package main

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/portalsim"
)

const (
	calendars = "calendar.accessibility.get"
	forever   = 12 * time.Second // longer than anybody waits
)

// scripted makes a client that asks as a browser does which has run our script.
func (p *product) scripted(client *http.Client) *http.Client {
	p.t.Helper()
	site, err := url.Parse(p.app)
	if err != nil {
		p.t.Fatal(err)
	}
	client.Jar.SetCookies(site, []*http.Cookie{{Name: "script", Value: "1"}})
	return client
}

// staffed returns the ids of n people who can be asked.
func (p *product) staffed(n int) string {
	p.t.Helper()
	var ids []string
	for _, u := range p.company.Users {
		if u.Active && !u.Extranet && len(ids) < n {
			ids = append(ids, strconv.Itoa(u.ID))
		}
	}
	if len(ids) < n {
		p.t.Fatalf("only %d people", len(ids))
	}
	return strings.Join(ids, ",")
}

// again asks as an open page does that shows how far the search is.
func (p *product) again(client *http.Client, page string) (*http.Response, string) {
	p.t.Helper()
	path, mark := between(page, `id="reading"`, ">"), between(page, `X-Reading&#34;:&#34;`, "&#34;")
	path = strings.ReplaceAll(between(path, `hx-get="`, `"`), "&amp;", "&")
	if path == "" || mark == "" {
		p.t.Fatalf("the page does not ask again: %.300s", page)
	}
	request, err := http.NewRequest(http.MethodGet, p.app+path, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	request.Header.Set("HX-Request", "true")
	request.Header.Set("X-Reading", mark)
	response, err := client.Do(request)
	if err != nil {
		p.t.Fatal(err)
	}
	return response, readBody(p.t, response)
}

// follow asks until the page has an answer.
func (p *product) follow(client *http.Client, page string) (response *http.Response, last string) {
	p.t.Helper()
	for last = page; strings.Contains(last, `id="reading"`); {
		response, last = p.again(client, last)
	}
	return response, last
}

func (p *product) countRequests(method string) (n int) {
	for _, r := range p.company.Requests() {
		if r.Method == method {
			n++
		}
	}
	return n
}

// mostRead is what a page says of 60 people when one of three requests has not come
// back; one's own calendar may be remembered from signing in.
var mostRead = regexp.MustCompile(`\b4[01] of 60 calendars read`)

// TestProgress: one of three requests for calendars does not come back. The page comes
// with everybody on it and counts what has been read; then it has all that could be.
func TestProgress(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.scripted(p.signIn(1))
	query := "/find?me=0&dur=30&who=" + p.staffed(60)
	p.company.Fail(calendars, portalsim.Slow(forever).Times(1))
	p.company.Reset()
	response, page := p.get(client, query, "")
	if response.StatusCode != http.StatusOK || !strings.Contains(page, `id="reading"`) {
		t.Fatalf("%s without progress: %.300s", response.Status, page)
	}
	if !strings.Contains(page, `<noscript><meta http-equiv="refresh"`) {
		t.Error("without script the page would stay so")
	}
	_, page = p.again(client, page)
	for !mostRead.MatchString(page) {
		_, page = p.again(client, page)
	}
	for _, want := range []string{`id="filters"`, `id="chip-2"`, p.colleagues(2)[0], `<progress max="60" value="4`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "noscript") {
		t.Error("htmx would load the page anew")
	}
	// The same page in a second tab meets the same search.
	other, beside := p.get(client, query, "")
	if other.StatusCode != http.StatusOK || !mostRead.MatchString(beside) {
		t.Errorf("beside it: %s", other.Status)
	}
	response, page = p.follow(client, page)
	if response.StatusCode != http.StatusOK || !strings.Contains(page, `class="card board"`) {
		t.Errorf("the end: %s: %.300s", response.Status, page)
	}
	if replaced := response.Header.Get("HX-Replace-Url"); !strings.HasPrefix(replaced, "/find?") || !strings.Contains(replaced, "tz=Europe") || response.Header.Get("HX-Push-Url") != "" {
		t.Errorf("the address becomes %q", replaced)
	}
	if n := p.countRequests(calendars); n > 4 { // the one that was lost is repeated
		t.Errorf("%d requests for calendars, want 4", n)
	}
}

// TestProgressInFrame: the first page in a portal's frame need not wait for a slow portal
// either, whether the browser keeps our cookie there or the script sends a pass.
func TestProgressInFrame(t *testing.T) {
	t.Parallel()
	p := start(t)
	client, _ := p.launch(2, "DEFAULT", "")
	for name, headers := range map[string][]string{
		"cookie": {inFrame, "iframe"}, "pass": {"X-Frame-Session", p.pass(2)},
	} {
		jar := client
		if name == "pass" {
			jar = p.browser()
		}
		p.company.Fail(calendars, portalsim.Slow(2*time.Second).Times(1))
		response, page := p.getWith(jar, "/find?me=0&who=1"+strconv.Itoa(len(name)), append(headers, "Accept", "text/html")...)
		if response.StatusCode != http.StatusOK || !strings.Contains(page, `id="reading"`) {
			t.Errorf("%s: %s without progress: %.300s", name, response.Status, page)
		}
		if reloads := strings.Contains(page, "http-equiv"); reloads != (name == "cookie") {
			t.Errorf("%s: the page loads itself again: %t", name, reloads)
		}
		p.company.Heal()
	}
}

// TestProgressWithoutScript: whoever can't ask again waits, and gets the answer.
func TestProgressWithoutScript(t *testing.T) {
	t.Parallel()
	p := start(t)
	client := p.signIn(1)
	p.company.Fail(calendars, portalsim.Slow(time.Second).Times(1))
	response, page := p.get(client, "/find?me=0&who=2,3", "")
	if response.StatusCode != http.StatusOK || strings.Contains(page, "reading") || !strings.Contains(page, `id="list-h"`) {
		t.Errorf("%s: %.300s", response.Status, page)
	}
	p.scripted(client)
	p.company.Fail(calendars, portalsim.Slow(time.Second).Times(1))
	if a := p.find(client, "me=0&who=4,5"); len(a.People) != 2 {
		t.Errorf("a program gets %v", a.People)
	}
}

// TestPortalThatHangs: within ten seconds everybody is told, with and without script,
// also where the page asks another instance.
func TestPortalThatHangs(t *testing.T) {
	t.Parallel()
	p := start(t)
	q := p.beside()
	plain, scripted := p.signIn(1), p.scripted(p.signIn(1))
	p.company.Fail("*", portalsim.Slow(forever))
	began := time.Now()
	told := func(who string, response *http.Response, page string) {
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("%s: told after %s", who, took)
		}
		if response.StatusCode != http.StatusServiceUnavailable || !strings.Contains(page, `id="filters"`) || strings.Contains(page, `id="reading"`) {
			t.Errorf("%s: %s: %.300s", who, response.Status, page)
		}
	}
	done := make(chan bool)
	go func() {
		defer close(done)
		response, page := p.get(plain, "/find?me=0&who=2,3", "")
		told("without script", response, page)
	}()
	_, page := p.get(scripted, "/find?me=0&who=4,5", "")
	if !strings.Contains(page, `id="reading"`) || !strings.Contains(page, "Asking your Bitrix24") || !strings.Contains(page, `id="chip-4"`) {
		t.Errorf("no progress: %.300s", page)
	}
	instances := []*product{p, q}
	response := &http.Response{}
	for i := 0; strings.Contains(page, `id="reading"`); i++ {
		response, page = instances[i%2].again(scripted, page)
	}
	told("with script, at two instances", response, page)
	<-done
}

// shifts begins to note what moves on a page without anybody having touched it.
const shifts = `(window.shifts = [], new PerformanceObserver(list => {
	for (const e of list.getEntries()) if (!e.hadRecentInput) shifts.push(e.value)
}).observe({type: "layout-shift", buffered: true}), true)`

// TestBrowserShowsProgress: the page fills in while somebody types. Nothing moves, and
// nothing of the typing is lost.
func TestBrowserShowsProgress(t *testing.T) {
	t.Parallel()
	for name, width := range map[string]int64{"wide": 1280, "phone": 390} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := start(t)
			ctx := chromium(t)
			p.signInBy(ctx, "1")
			_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: width, Height: 900, DeviceScaleFactor: 1})
			if err != nil {
				t.Fatal(err)
			}
			p.company.Fail(calendars, portalsim.Slow(4*time.Second).Times(1))
			do(t, ctx, chromedp.Navigate(p.app+"/find?me=0&dur=30&who="+p.staffed(60)))
			until(t, ctx, `document.querySelector("#reading-text[role=status]")?.textContent.match(/^4[01] of 60 calendars read$/) != null`)
			evaluate[bool](t, ctx, shifts)
			if width > 860 {
				do(t, ctx, chromedp.SendKeys(chromedp.CSS("#f-who"), "zz"))
			}
			until(t, ctx, `!document.querySelector("#reading") && !!document.querySelector(".board")`)
			if width > 860 {
				if got := evaluate[string](t, ctx, `document.activeElement.id + " " + document.activeElement.value`); got != "f-who zz" {
					t.Errorf("the focus and what was typed: %q", got)
				}
			}
			evaluate[bool](t, ctx, `new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(true)))) && true`)
			if moved := evaluate[[]float64](t, ctx, `window.shifts`); len(moved) > 0 {
				t.Errorf("the page moves: %v", moved)
			}
			if path := evaluate[string](t, ctx, `location.search`); !strings.Contains(path, "tz=") {
				t.Errorf("the address is %q", path)
			}
		})
	}
}

// TestBrowserChangesItsMind: what is asked while another search is still under way is
// what the page shows in the end.
func TestBrowserChangesItsMind(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := chromium(t)
	p.signInBy(ctx, "1")
	p.company.Fail(calendars, portalsim.Slow(3*time.Second).Times(1))
	do(t, ctx, chromedp.Navigate(p.app+"/find?me=0&who=2,3"))
	until(t, ctx, `!!document.querySelector("#reading") && document.querySelectorAll("#filters .chip").length == 2`)
	do(t, ctx, chromedp.Click(chromedp.CSS("#chip-3 .x")))
	until(t, ctx, `!document.querySelector("#reading") && !!document.querySelector(".board") && new URLSearchParams(location.search).get("who") == "2"`)
	if chips := evaluate[int](t, ctx, `document.querySelectorAll("#filters .chip").length`); chips != 1 {
		t.Errorf("%d people in the form", chips)
	}
}

// TestBrowserLosesItsScript: the cookie says that our script runs, but it does not any
// more. The page does not wait for ever.
func TestBrowserLosesItsScript(t *testing.T) {
	t.Parallel()
	p := start(t)
	ctx := chromium(t)
	p.signInBy(ctx, "1")
	until(t, ctx, `document.cookie.includes("script=1")`)
	scriptsOff(t, ctx)
	p.company.Fail(calendars, portalsim.Slow(3*time.Second).Times(1))
	do(t, ctx, chromedp.Navigate(p.app+"/find?me=0&who=2,3"))
	until(t, ctx, `!!document.querySelector("#reading")`)
	until(t, ctx, `!document.querySelector("#reading") && !!document.querySelector(".board")`)
}

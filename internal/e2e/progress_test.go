package e2e

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// again asks as an open page does that shows how far the search is.
func again(p *harness.Product, client *http.Client, page string) (*http.Response, string) {
	p.T.Helper()
	path, mark := between(page, `id="reading"`, ">"), between(page, `X-Reading&#34;:&#34;`, "&#34;")
	path = strings.ReplaceAll(between(path, `hx-get="`, `"`), "&amp;", "&")
	if path == "" || mark == "" {
		p.T.Fatalf("the page does not ask again: %.300s", page)
	}
	request, err := http.NewRequest(http.MethodGet, p.App+path, nil)
	if err != nil {
		p.T.Fatal(err)
	}
	request.Header.Set("HX-Request", "true")
	request.Header.Set("X-Reading", mark)
	response, err := client.Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	return response, harness.ReadBody(p.T, response)
}

// follow asks until the page has an answer.
func follow(p *harness.Product, client *http.Client, page string) (response *http.Response, last string) {
	p.T.Helper()
	for last = page; strings.Contains(last, `id="reading"`); {
		response, last = again(p, client, last)
	}
	return response, last
}

func countRequests(p *harness.Product, method string) (n int) {
	for _, r := range p.Company.Requests() {
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
	p := harness.Start(t)
	client := p.Scripted(p.SignIn(1))
	query := "/find?me=0&dur=30&who=" + p.FirstPeople(60)
	p.Company.Fail(harness.CalendarMethod, portalsim.Slow(harness.Forever).Times(1))
	p.Company.Reset()
	response, page := p.Get(client, query, "")
	if response.StatusCode != http.StatusOK || !strings.Contains(page, `id="reading"`) {
		t.Fatalf("%s without progress: %.300s", response.Status, page)
	}
	if !strings.Contains(page, `<noscript><meta http-equiv="refresh"`) {
		t.Error("without script the page would stay so")
	}
	_, page = again(p, client, page)
	for !mostRead.MatchString(page) {
		_, page = again(p, client, page)
	}
	for _, want := range []string{`id="filters"`, `id="chip-2"`, p.Colleagues(2)[0], `<progress max="60" value="4`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %s", want)
		}
	}
	if strings.Contains(page, "noscript") {
		t.Error("htmx would load the page anew")
	}
	// The same page in a second tab meets the same search.
	other, beside := p.Get(client, query, "")
	if other.StatusCode != http.StatusOK || !mostRead.MatchString(beside) {
		t.Errorf("beside it: %s", other.Status)
	}
	response, page = follow(p, client, page)
	if response.StatusCode != http.StatusOK || !strings.Contains(page, `class="card board"`) {
		t.Errorf("the end: %s: %.300s", response.Status, page)
	}
	if replaced := response.Header.Get("HX-Replace-Url"); !strings.HasPrefix(replaced, "/find?") || !strings.Contains(replaced, "tz=Europe") || response.Header.Get("HX-Push-Url") != "" {
		t.Errorf("the address becomes %q", replaced)
	}
	if n := countRequests(p, harness.CalendarMethod); n > 4 { // the one that was lost is repeated
		t.Errorf("%d requests for calendars, want 4", n)
	}
}

// TestProgressInFrame: the first page in a portal's frame need not wait for a slow portal
// either, whether the browser keeps our cookie there or the script sends a pass.
func TestProgressInFrame(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, _ := p.Launch(2, "DEFAULT", "")
	for name, headers := range map[string][]string{
		"cookie": {harness.FrameHeader, "iframe"}, "pass": {"X-Frame-Session", pass(p, 2)},
	} {
		jar := client
		if name == "pass" {
			jar = p.Browser()
		}
		p.Company.Fail(harness.CalendarMethod, portalsim.Slow(2*time.Second).Times(1))
		response, page := p.GetWith(jar, "/find?me=0&who=1"+strconv.Itoa(len(name)), append(headers, "Accept", "text/html")...)
		if response.StatusCode != http.StatusOK || !strings.Contains(page, `id="reading"`) {
			t.Errorf("%s: %s without progress: %.300s", name, response.Status, page)
		}
		if reloads := strings.Contains(page, "http-equiv"); reloads != (name == "cookie") {
			t.Errorf("%s: the page loads itself again: %t", name, reloads)
		}
		p.Company.Heal()
	}
}

// TestProgressWithoutScript: whoever can't ask again waits, and gets the answer.
func TestProgressWithoutScript(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	p.Company.Fail(harness.CalendarMethod, portalsim.Slow(time.Second).Times(1))
	response, page := p.Get(client, "/find?me=0&who=2,3", "")
	if response.StatusCode != http.StatusOK || strings.Contains(page, "reading") || !strings.Contains(page, `class="openings"`) {
		t.Errorf("%s: %.300s", response.Status, page)
	}
	p.Scripted(client)
	p.Company.Fail(harness.CalendarMethod, portalsim.Slow(time.Second).Times(1))
	if a := p.Find(client, "me=0&who=4,5"); len(a.People) != 2 {
		t.Errorf("a program gets %v", a.People)
	}
}

// TestPortalThatHangs: within ten seconds everybody is told, with and without script,
// also where the page asks another instance.
func TestPortalThatHangs(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	q := anotherInstance(p)
	plain, scripted := p.SignIn(1), p.Scripted(p.SignIn(1))
	p.Company.Fail("*", portalsim.Slow(harness.Forever))
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
		response, page := p.Get(plain, "/find?me=0&who=2,3", "")
		told("without script", response, page)
	}()
	_, page := p.Get(scripted, "/find?me=0&who=4,5", "")
	if !strings.Contains(page, `id="reading"`) || !strings.Contains(page, "in your Bitrix24") || !strings.Contains(page, `id="chip-4"`) {
		t.Errorf("no progress: %.300s", page)
	}
	instances := []*harness.Product{p, q}
	response := &http.Response{}
	for i := 0; strings.Contains(page, `id="reading"`); i++ {
		response, page = again(instances[i%2], scripted, page)
	}
	told("with script, at two instances", response, page)
	<-done
}

package templates_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"slotfinder/internal/browsertest"
	"slotfinder/internal/locale"
	"slotfinder/static"
	"slotfinder/templates/find"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
)

const policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'"

// company serves the search page about the sample people, with the policy of the
// real server.
func company(t *testing.T) *httptest.Server {
	t.Helper()
	staff := sample(t, 10, 5)
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /find", func(w http.ResponseWriter, r *http.Request) {
		asked := strings.Split(strings.Join(append(r.URL.Query()["who"], r.URL.Query()["add"]...), ","), ",")
		f := staff
		f.People, f.Choice = nil, find.ReadChoice(r.URL.Query())
		for _, p := range staff.People {
			if id := strconv.FormatInt(p.ID, 10); slices.Contains(asked, id) && r.URL.Query().Get("drop") != id {
				f.People = append(f.People, p)
			}
		}
		f.Query = url.Values{"who": asked, "dur": {"30"}, "from": {"2026-11-23"}, "to": {"2026-11-27"}}.Encode()
		f.fill()
		v := view(f)
		if r.URL.Query().Has("find") {
			v.Form.Found = search(staff, r.URL.Query().Get("q"))
		}
		w.Header().Set("Content-Security-Policy", policy)
		if r.Header.Get("HX-Request") == "true" {
			w.Write(render(t, locale.For("en"), find.Page(v)))
			return
		}
		w.Write(render(t, locale.For("en"), layout.Standalone(layout.Frame{Scripts: true, Me: named(1, "Anna Becker"), Next: "/find"}, find.Page(v))))
	})
	mux.HandleFunc("GET /people", func(w http.ResponseWriter, r *http.Request) {
		found := search(staff, r.URL.Query().Get("q"))
		found.Asked = map[int64]bool{}
		for _, p := range staff.People {
			found.Asked[p.ID] = slices.Contains(strings.Split(r.URL.Query().Get("who"), ","), strconv.FormatInt(p.ID, 10))
		}
		w.Write(render(t, locale.For("en"), part.SuggestionOptions(*found)))
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return server
}

func search(f facts, text string) *part.Suggestions {
	v := &part.Suggestions{Typed: text}
	for _, p := range f.People {
		if text != "" && strings.Contains(strings.ToLower(p.Name), strings.ToLower(text)) {
			v.Found = append(v.Found, p.Person)
		}
	}
	return v
}

// TestMain ends the browser that the tests share.
func TestMain(m *testing.M) {
	code := m.Run()
	browsertest.Stop()
	os.Exit(code)
}

// browser opens a window of the browser that the tests share. Whatever it complains about
// fails the test.
func browser(t *testing.T) context.Context {
	t.Helper()
	return watched(t, browsertest.Window(t), 2*time.Minute)
}

// browserWith starts a browser of its own, with a font and another limit.
func browserWith(t *testing.T, font browsertest.Font, limit time.Duration) context.Context {
	t.Helper()
	return watched(t, browsertest.Start(t, font), limit)
}

// watched gives a window a size and a time limit, and fails the test for all that it
// complains about.
func watched(t *testing.T, ctx context.Context, limit time.Duration) context.Context {
	t.Helper()
	do(t, ctx, "starting", chromedp.EmulateViewport(1280, 900))
	ctx, cancel := context.WithTimeout(ctx, limit)
	t.Cleanup(cancel)
	var mu sync.Mutex
	var complaints []string
	err := chromedp.Listen(ctx, func(event any) {
		mu.Lock()
		defer mu.Unlock()
		switch e := event.(type) {
		case *runtime.EventExceptionThrown:
			complaints = append(complaints, fmt.Sprint("exception: ", e.ExceptionDetails))
		case *log.EventEntryAdded:
			// A date field can't hold a wrong day, which the browser notes; the page shows it
			// in words beside the field.
			// A page may ask for something when the test has ended and its server is closed.
			late := strings.Contains(e.Entry.Text, "ERR_CONNECTION_REFUSED")
			if !late && !strings.Contains(e.Entry.URL, "favicon") && !strings.Contains(e.Entry.Text, "does not conform to the required format") {
				complaints = append(complaints, e.Entry.Text)
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		mu.Lock()
		defer mu.Unlock()
		if len(complaints) > 0 {
			t.Errorf("the browser complains: %q", complaints)
		}
	})
	return ctx
}

func do(t *testing.T, ctx context.Context, what string, steps ...chromedp.Action[chromedp.Void]) {
	t.Helper()
	if err := chromedp.Do(ctx, steps...); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

// until waits for a JavaScript expression to become true.
func until(t *testing.T, ctx context.Context, what, expression string) {
	t.Helper()
	if _, err := chromedp.Run(ctx, chromedp.Poll[bool](expression)); err != nil {
		t.Fatalf("%s: %v", what, err)
	}
}

func value[T any](t *testing.T, ctx context.Context, expression string) T {
	t.Helper()
	v, err := chromedp.Run(ctx, chromedp.Evaluate[T](expression))
	if err != nil {
		t.Fatalf("%s: %v", expression, err)
	}
	return v
}

func TestPeoplePickerByKeyboard(t *testing.T) {
	ctx := browser(t)
	do(t, ctx, "opening", chromedp.Navigate(company(t).URL+"/find?who=1"))
	until(t, ctx, "the combobox", `document.querySelector('#f-who')?.getAttribute('role') === 'combobox'`)
	do(t, ctx, "typing", chromedp.Focus(chromedp.CSS("#f-who")), chromedp.KeyEvent("we"))
	until(t, ctx, "the list", `document.querySelectorAll('#q-list [data-id]').length === 1 && !document.querySelector('#q-list').hidden`)
	until(t, ctx, "the first marked", `document.querySelector('#f-who').getAttribute('aria-activedescendant') === 'o-6'`)
	do(t, ctx, "adding", chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the chip", `!!document.querySelector('#chip-6') && document.querySelector('#filters input[name=who]').value === '1,6'`)
	until(t, ctx, "the focus", `document.activeElement.id === 'f-who' && document.activeElement.value === ''`)
	until(t, ctx, "the word", `document.querySelector('[data-status]').textContent === 'Lukas Weber added'`)
	until(t, ctx, "the heading", `document.querySelector('.head [role=status]').textContent.includes('2 people')`)
	do(t, ctx, "adding another before the list is there", chromedp.KeyEvent("tom"+kb.Enter))
	until(t, ctx, "three people", `document.querySelectorAll('.chip').length === 3 && document.querySelectorAll('#filters input[name=who]').length === 1`)
	do(t, ctx, "adding them again", chromedp.KeyEvent("tom"))
	until(t, ctx, "the mark of those asked", `document.querySelector('#o-8')?.innerText.includes('in the search')`)
	do(t, ctx, "adding them again", chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the word", `document.querySelector('[data-status]').textContent === 'Tom Fischer is in the search already' && document.activeElement.value === ''`)
	until(t, ctx, "three people", `document.querySelectorAll('.chip').length === 3`)
	do(t, ctx, "taking one back", chromedp.KeyEvent(kb.Backspace))
	until(t, ctx, "two people", `document.querySelectorAll('.chip').length === 2 && !document.querySelector('#chip-8')`)
	do(t, ctx, "looking again", chromedp.KeyEvent("a"))
	until(t, ctx, "the list", `!document.querySelector('#q-list').hidden`)
	do(t, ctx, "escaping", chromedp.KeyEvent(kb.Escape))
	until(t, ctx, "the list shut", `document.querySelector('#q-list').hidden && document.querySelector('#f-who').getAttribute('aria-expanded') === 'false'`)
}

func TestFormAnswersAtOnceAndKeepsTheFocus(t *testing.T) {
	ctx := browser(t)
	do(t, ctx, "opening", chromedp.Navigate(company(t).URL+"/find?who=1&who=2&view=heat"))
	until(t, ctx, "the script", `document.documentElement.classList.contains('js') && !!window.htmx`)
	do(t, ctx, "choosing a cell", chromedp.Focus(chromedp.CSS(".heat-map .heat-5 a")))
	first := value[string](t, ctx, `document.activeElement.getAttribute('aria-label')`)
	do(t, ctx, "moving", chromedp.KeyEvent(kb.ArrowDown))
	if second := value[string](t, ctx, `document.activeElement.getAttribute('aria-label')`); second == first {
		t.Errorf("an arrow leads from %q to itself", first)
	}
	label := value[string](t, ctx, `document.activeElement.getAttribute('aria-label')`)
	do(t, ctx, "choosing", chromedp.KeyEvent(kb.Enter))
	until(t, ctx, "the cell chosen", `document.activeElement.getAttribute('aria-current') === 'true'`)
	if now := value[string](t, ctx, `document.activeElement.getAttribute('aria-label')`); now != label {
		t.Errorf("the focus went from %q to %q", label, now)
	}
	until(t, ctx, "the address", `location.search.includes('slot=')`)
	do(t, ctx, "going back", chromedp.NavigateBack())
	until(t, ctx, "the page before", `!location.search.includes('slot=') && !!document.querySelector('.heat-map')`)
}

func TestEverythingWithoutScript(t *testing.T) {
	ctx := browser(t)
	server := company(t)
	if _, err := chromedp.Call(ctx, emulation.SetScriptExecutionDisabled, emulation.SetScriptExecutionDisabledParams{Value: true}); err != nil {
		t.Fatal(err)
	}
	do(t, ctx, "opening", chromedp.Navigate(server.URL+"/find?who=1"),
		chromedp.Focus(chromedp.CSS("#f-who")), chromedp.KeyEvent("we"),
		chromedp.Click(chromedp.CSS(".picker-input button")),
		chromedp.Query(chromedp.CSS(".found button[value='6']"), chromedp.NodeVisible),
		chromedp.Click(chromedp.CSS(".found button[value='6']")),
		chromedp.Query(chromedp.CSS("#chip-6"), chromedp.NodeVisible),
		chromedp.Click(chromedp.CSS("#chip-1 .remove")),
		chromedp.Query(chromedp.CSS("#chip-1"), chromedp.NodeNotPresent),
		chromedp.Query(chromedp.CSS("#chip-6"), chromedp.NodeVisible),
		chromedp.Click(chromedp.CSS(".tabs a:nth-child(3)")),
		chromedp.Query(chromedp.CSS(".openings .start"), chromedp.NodeVisible))
}

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/locale"
	"slotfinder/internal/portalsim"
	"slotfinder/static"
	"slotfinder/templates/layout"
)

// framed is an app that is nothing but a page with the bridge, inside the
// simulated portal, which is another site.
type framed struct {
	t       *testing.T
	company *portalsim.Portal
	sim     *portalsim.Sim
	portal  string // origin
	app     string // origin

	mu     sync.Mutex
	body   string       // of the app's page
	whom   string       // origin of the portal, as the app's page has it
	posts  []url.Values // launches and forms, with the path as "path"
	finds  []url.Values // searches
	cookie []string     // names of the cookies that the page was asked for with
}

// content is the inside of a page as it is.
type content string

func (c content) Render(_ context.Context, w io.Writer) error {
	_, err := io.WriteString(w, string(c))
	return err
}

// otherSite names a loopback address so that browsers take it for another site than the
// app's: only then do frames and cookies behave as in Bitrix24.
func otherSite(address net.Addr) string {
	return strings.Replace(address.String(), "127.0.0.1", "localhost", 1)
}

// startFramed starts the portal with the app installed.
func startFramed(t *testing.T, body string) *framed {
	t.Helper()
	f := &framed{t: t, body: body, sim: portalsim.New(portalsim.Config{Insecure: true}), company: portalsim.Company(portalsim.On(time.Now().Date()))}
	portal, auth, app := httptest.NewServer(f.company), httptest.NewServer(f.sim.AuthServer()), httptest.NewServer(f.routes())
	for _, server := range []*httptest.Server{portal, auth, app} {
		t.Cleanup(server.Close)
	}
	f.company.Host = otherSite(portal.Listener.Addr())
	f.portal, f.app = "http://"+f.company.Host, app.URL
	f.whom = f.portal
	f.sim.SetAuthURL(auth.URL)
	f.sim.AddPortal(f.company)
	f.sim.AddApp(portalsim.App{
		ClientID: harness.ClientID, ClientSecret: harness.ClientSecret, Name: "Slotfinder", Code: "acme.slots",
		RedirectURL: f.app + "/open", InstallURL: f.app + "/install",
		Scopes: []string{"calendar", "user_brief", "placement", "im", "sonet_group", "task", "crm"},
	})
	f.company.Install(harness.ClientID)
	return f
}

func (f *framed) routes() http.Handler {
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("POST /{path}", func(w http.ResponseWriter, r *http.Request) {
		_ = r.ParseForm()
		r.PostForm.Set("path", r.URL.Path)
		f.mu.Lock()
		f.posts = append(f.posts, r.PostForm)
		f.mu.Unlock()
		for _, name := range []string{"__Host-frame", "frame"} {
			http.SetCookie(w, &http.Cookie{Name: name, Value: "1", Path: "/", Secure: true, HttpOnly: true, SameSite: http.SameSiteNoneMode, Partitioned: true})
		}
		http.Redirect(w, r, "/find", http.StatusSeeOther)
	})
	mux.HandleFunc("GET /find", func(w http.ResponseWriter, r *http.Request) {
		f.mu.Lock()
		defer f.mu.Unlock()
		f.finds = append(f.finds, r.URL.Query())
		f.cookie = nil
		for _, c := range r.Cookies() {
			f.cookie = append(f.cookie, c.Name)
		}
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		w.Header().Set("Content-Security-Policy", "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'")
		frame := layout.Frame{Title: "Find a time", Framed: true, Scripts: true, PortalOrigin: f.whom}
		if err := layout.Standalone(frame, content(f.body)).Render(locale.With(r.Context(), locale.For("en")), w); err != nil {
			f.t.Error(err)
		}
	})
	mux.HandleFunc("GET /people", func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Query().Get("q") == "Sales" {
			fmt.Fprint(w, `<li id="o-department-2-all" data-id="2,3,4">Sales</li>`)
		}
	})
	return mux
}

// sent are the forms that came to a path.
func (f *framed) sent(path string) (forms []url.Values) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, form := range f.posts {
		if form.Get("path") == path {
			forms = append(forms, form)
		}
	}
	return forms
}

func (f *framed) searches() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.finds)
}

// asked is the latest search, once there are more than n.
func (f *framed) asked(ctx context.Context, n int) url.Values {
	f.t.Helper()
	f.wait(ctx, "a search", func() bool { return f.searches() > n })
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.finds[len(f.finds)-1]
}

// wait waits until something holds.
func (f *framed) wait(ctx context.Context, what string, holds func() bool) {
	f.t.Helper()
	for !holds() {
		select {
		case <-ctx.Done():
			f.t.Fatalf("never came: %s\n%s\n%+v", what, whereabouts(ctx), f.company.Messages())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// bind binds a widget as the app's installer does.
func (f *framed) bind(code string) {
	f.t.Helper()
	token := f.company.IssueToken(harness.ClientID, 1).Access
	body, err := json.Marshal(map[string]any{"PLACEMENT": code, "HANDLER": f.app + "/open", "TITLE": "Slots here", "auth": token})
	if err != nil {
		f.t.Fatal(err)
	}
	response, err := http.Post(f.portal+"/rest/placement.bind", "application/json", strings.NewReader(string(body)))
	if err != nil {
		f.t.Fatal(err)
	}
	if answer := harness.ReadBody(f.t, response); response.StatusCode != http.StatusOK || strings.Contains(answer, `"error"`) {
		f.t.Fatalf("%s: %s", code, answer)
	}
}

// visit opens a page of the portal as a user.
func (f *framed) visit(ctx context.Context, user, path string) {
	f.t.Helper()
	do(f.t, ctx, chromedp.Navigate(f.portal+"/"))
	if evaluate[bool](f.t, ctx, `!!document.querySelector("button[name=user]")`) {
		do(f.t, ctx, chromedp.Click(chromedp.CSS("button[name=user][value='"+user+"']")), chromedp.WaitReady(chromedp.CSS(".menu")))
	}
	do(f.t, ctx, chromedp.Navigate(f.portal+path))
}

// inside is the app's frame on the page, loaded.
func (f *framed) inside(ctx context.Context) context.Context {
	f.t.Helper()
	inner := f.frameAt(ctx, f.app+"/find")
	until(f.t, inner, `document.readyState == "complete"`)
	return inner
}

// frameAt is a frame of another site: it is a target of its own.
func (f *framed) frameAt(ctx context.Context, address string) context.Context {
	f.t.Helper()
	var inner context.Context
	f.wait(ctx, "the frame", func() bool {
		targets, err := chromedp.Targets(ctx)
		if err != nil {
			return false
		}
		for _, info := range slices.Backward(targets) {
			if info.Type == "iframe" && strings.HasPrefix(info.URL, address) {
				next, stop := chromedp.NewContext(ctx, chromedp.WithTargetID(info.TargetID))
				f.t.Cleanup(stop)
				inner = next
				return true
			}
		}
		return false
	})
	return inner
}

// outcomes counts what the portal's page did with a command.
func (f *framed) outcomes(command, outcome string) (n int) {
	for _, m := range f.company.Messages() {
		if m.Command == command && m.Outcome == outcome {
			n++
		}
	}
	return n
}

func (f *framed) came(ctx context.Context, command, outcome string) {
	f.t.Helper()
	f.wait(ctx, command+" "+outcome, func() bool { return f.outcomes(command, outcome) > 0 })
}

const findForm = `<div id="page"><form id="filters" action="/find" method="get">
<input type="date" id="f-from" name="from" value="2026-11-23"><input type="date" id="f-to" name="to" value="2026-11-27">
<ul id="q-list"></ul>
<div class="in-portal"><button id="choose" data-select-people data-missing="{name} is missing">Choose</button><output></output></div>
</form>
<button id="profile" class="in-portal" data-open-path="/company/personal/user/3/">Profile</button>
<button id="refused" class="in-portal" data-open-path="/settings/">Settings</button>
<button id="insert" class="in-portal" data-insert="https://slots.example/s/abc">Insert</button>
<p id="pad">text</p></div>`

// The frame gets the height of its content, also when it grows; a page that always
// wants more than it has comes to rest.
func TestBridgeFitsHeightAndTitle(t *testing.T) {
	t.Parallel()
	f := startFramed(t, findForm)
	ctx := chromium(t)
	f.visit(ctx, "2", "/marketplace/app/"+harness.ClientID+"/")
	frame := f.inside(ctx)
	until(t, ctx, `document.querySelector("h1").textContent == "Find a time – Slotfinder" && document.title == "Find a time – Slotfinder"`)
	fits := `document.querySelector("iframe").clientHeight == `
	height := evaluate[int](t, frame, `document.body.scrollHeight`)
	until(t, ctx, fits+fmt.Sprint(height))
	do(t, frame, script(`document.getElementById("pad").style.cssText = "height: 1500px"`))
	until(t, ctx, `document.querySelector("iframe").clientHeight > 1500`)
	do(t, frame, script(`document.getElementById("pad").style.cssText = ""`))
	until(t, ctx, fits+fmt.Sprint(height))

	do(t, frame, script(`document.getElementById("pad").style.cssText = "height: calc(100vh + 50px)"`))
	before := f.outcomes("resizeWindow", "taken")
	do(t, frame, script(`new Promise(done => setTimeout(done, 1500))`))
	if more := f.outcomes("resizeWindow", "taken") - before; more > 6 {
		t.Errorf("the frame asked %d times for more height", more)
	}
	// What the demo lives on: on loopback addresses browsers keep Secure cookies over
	// http, and in a frame of another site partitioned ones.
	if f.mu.Lock(); !slices.Equal(f.cookie, []string{"__Host-frame", "frame"}) {
		t.Errorf("the page in the frame was asked for with the cookies %q", f.cookie)
	}
	f.mu.Unlock()
}

// Paths of the portal open in its slider; what it refuses opens in a window.
func TestBridgeOpensPaths(t *testing.T) {
	t.Parallel()
	f := startFramed(t, findForm)
	ctx := chromium(t)
	f.visit(ctx, "2", "/marketplace/app/"+harness.ClientID+"/")
	frame := f.inside(ctx)
	do(t, frame, chromedp.Click(chromedp.CSS("#profile")))
	until(t, ctx, `document.querySelector("dialog.slide iframe")?.contentDocument.querySelector("h1")?.textContent == "`+f.company.Users[2].FullName()+`"`)
	src := evaluate[string](t, ctx, `document.querySelector("dialog.slide iframe").src`)
	for _, part := range []string{"/company/personal/user/3/?", "IFRAME=Y", "from=rest_placement", "from_app=acme.slots"} {
		if !strings.Contains(src, part) {
			t.Errorf("the slider shows %s", src)
		}
	}
	if evaluate[bool](t, ctx, `!!document.querySelector("dialog.slide iframe").contentDocument.querySelector(".menu")`) {
		t.Error("the page in the slider has a menu of its own")
	}
	do(t, ctx, chromedp.Click(chromedp.CSS("dialog.slide .close")))
	until(t, ctx, `!document.querySelector("dialog.slide")`)

	do(t, frame, chromedp.Click(chromedp.CSS("#refused")))
	f.wait(ctx, "a window with the portal's page", func() bool {
		targets, err := chromedp.Targets(ctx)
		return err == nil && slices.ContainsFunc(targets, func(i *target.Info) bool { return i.Type == "page" && i.URL == f.portal+"/settings/" })
	})
}

// Bitrix24's own selector adds people and departments; nothing comes of closing it.
func TestBridgeSelectsPeople(t *testing.T) {
	t.Parallel()
	f := startFramed(t, findForm)
	ctx := chromium(t)
	f.visit(ctx, "2", "/marketplace/app/"+harness.ClientID+"/")
	frame := f.inside(ctx)
	// Not by the mouse: the browser sends its clicks to the page or to the frame, which
	// are two processes, and loses one while a dialog comes between them.
	press := func(ctx context.Context, selector string) {
		until(t, ctx, `!!document.querySelector("`+selector+`")`)
		do(t, ctx, script(`document.querySelector("`+selector+`").click()`))
	}
	do(t, frame, chromedp.Click(chromedp.CSS("#choose")))
	press(ctx, "dialog.pick button[value='']")
	until(t, ctx, `!document.querySelector("dialog.pick")`)

	tick := func(codes ...string) {
		press(frame, "#choose")
		for _, code := range codes {
			press(ctx, "dialog.pick input[value="+code+"]")
		}
		press(ctx, "dialog.pick button[value=ok]")
	}
	tick("DR3")
	until(t, frame, `document.querySelector("output").value == "Product is missing"`)
	before := f.searches()
	tick("U7", "DR2")
	if who := f.asked(ctx, before).Get("who"); who != "7,2,3,4" {
		t.Errorf("asked for %q", who)
	}
}

// In the calendar the arrows around the frame move the period of the search.
func TestBridgeFollowsTheCalendar(t *testing.T) {
	t.Parallel()
	f := startFramed(t, findForm)
	f.bind("CALENDAR_GRIDVIEW")
	ctx := chromium(t)
	f.visit(ctx, "2", "/company/personal/user/2/calendar/?view=month&date=2026-08-15")
	do(t, ctx, script(`[...document.querySelectorAll(".tabs a")].at(-1).click()`))
	f.inside(ctx)
	if options := f.sent("/open")[0].Get("PLACEMENT_OPTIONS"); !strings.Contains(options, `"viewRangeFrom":"2026-07-27","viewRangeTo":"2026-09-07","URI":"\/company\/personal\/user\/2\/calendar\/?view=month`) {
		t.Errorf("options: %s", options)
	}
	f.came(ctx, "setTitle", "denied")
	for i, turn := range []struct{ control, from, to string }{
		{`document.querySelector("[data-calendar$=decreaseViewRangeDate]").click()`, "2026-11-18", "2026-11-22"},
		{`document.querySelector("[data-calendar$=increaseViewRangeDate]").click()`, "2026-11-28", "2026-12-02"},
		{`(d => { d.value = "2027-02-01"; d.dispatchEvent(new Event("change")) })(document.querySelector("input[data-calendar]"))`, "2027-02-01", "2027-02-05"},
	} {
		// Each search loads the page anew, which binds its events anew.
		f.wait(ctx, "three events bound", func() bool { return f.outcomes("placementBindEvent", "taken") == 3*(i+1) })
		before := f.searches()
		do(t, ctx, script(turn.control))
		if q := f.asked(ctx, before); q.Get("from") != turn.from || q.Get("to") != turn.to {
			t.Errorf("%s: asked for %v", turn.control, q)
		}
	}
	f.wait(ctx, "the last page", func() bool { return f.outcomes("placementBindEvent", "taken") == 12 })
	if n := f.searches(); n != 4 {
		t.Errorf("three turns made %d searches", n-1)
	}
}

// A link goes into the message of the chat that the widget belongs to.
func TestBridgeInsertsIntoMessages(t *testing.T) {
	t.Parallel()
	f := startFramed(t, findForm)
	f.bind("IM_TEXTAREA")
	ctx := chromium(t)
	f.visit(ctx, "2", "/online/?IM_DIALOG=chat71")
	do(t, ctx, chromedp.Click(chromedp.CSS(".talk form a.btn")))
	frame := f.inside(ctx)
	do(t, ctx, chromedp.SendKeys(chromedp.CSS("[data-message]"), "How about"))
	do(t, frame, chromedp.Click(chromedp.CSS("#insert")))
	until(t, ctx, `document.querySelector("[data-message]").value == "How about\nhttps://slots.example/s/abc"`)
	f.came(ctx, "resizeWindow", "denied")
	if f.outcomes("resizeWindow", "taken") > 0 {
		t.Error("a popup let the frame set its height")
	}
	do(t, ctx, chromedp.Click(chromedp.CSS(".talk button")))
	until(t, ctx, `document.querySelector(".talk ol a")?.href == "https://slots.example/s/abc"`)
}

// The installer's page ends the installation, and only then do events and widgets
// come.
func TestBridgeFinishesTheInstallation(t *testing.T) {
	t.Parallel()
	f := startFramed(t, `<p data-install-finish>Installed.</p>`)
	f.company.Offer(harness.ClientID)
	f.bind("LEFT_MENU")
	ctx := chromium(t)
	f.visit(ctx, "1", "/marketplace/app/"+harness.ClientID+"/")
	until(t, ctx, `location.search == "?install_finished=Y" && document.readyState == "complete" && document.querySelector(".menu").innerText.includes("Slots here")`)
	f.wait(ctx, "the app's own page", func() bool { return len(f.sent("/open")) > 0 })
	if len(f.sent("/install")) != 1 {
		t.Errorf("the installer was opened %d times", len(f.sent("/install")))
	}
}

// askPortal says something to the portal's page and returns its answer. Messages keep their
// order, so it was silent when a question that came after has been answered.
func askPortal(t *testing.T, frame context.Context, said string, silence bool) string {
	t.Helper()
	text := fmt.Sprintf(`new Promise(done => {
		const sid = window.name.split("|")[2], id = Math.random().toString(36).slice(2)
		addEventListener("message", e => {
			if (e.data.startsWith(id + ":")) done(e.data.slice(id.length + 1))
			if (%[2]t && e.data.startsWith("end" + id + ":")) done("silence")
		})
		parent.postMessage('%[1]s:' + id + ':' + sid, document.documentElement.dataset.portal)
		parent.postMessage('getInterface:end' + id + ':' + sid, document.documentElement.dataset.portal)
	})`, said, silence)
	answer, err := chromedp.Run(frame, chromedp.Evaluate[string](text, chromedp.EvalAwaitPromise))
	if err != nil {
		t.Fatalf("%s: %v", said, err)
	}
	return answer
}

// script runs a script, to the end of its promise when it is one. "" is its result:
// what it returns need not be a value.
func script(text string) chromedp.Action[chromedp.Void] {
	return func(ctx context.Context, t *chromedp.Target) (chromedp.Void, error) {
		_, err := chromedp.EvaluateAsDevTools[string]("Promise.resolve("+text+").then(() => '')", chromedp.EvalAwaitPromise)(ctx, t)
		return chromedp.Void{}, err
	}
}

package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"regexp"
	"testing"

	"slotfinder/internal/e2e/harness"
)

// The page of the portal answers each command as Bitrix24's does, or not at all.
func TestPortalAnswersCommands(t *testing.T) {
	t.Parallel()
	f := startFramed(t, "<p>quiet</p>")
	f.bind("LEFT_MENU")
	ctx := chromium(t)
	const silence = "silence"
	for _, place := range []struct {
		path    string
		answers map[string]string // to what is said, a regular expression
	}{
		{"/marketplace/app/" + harness.ClientID + "/", map[string]string{
			`getInitData`:                 `"AUTH_EXPIRES":"3600".*"INSTALL":false.*"PLACEMENT":"DEFAULT"`,
			`setInstall:{"install":true}`: `^\{"install":true\}$`,
			`refreshAuth`:                 `"AUTH_EXPIRES":"3600","AUTH_ID":"\w{70}","REFRESH_ID":"\w{70}"`,
			`resizeWindow:{"width":"100%","height":300}`: `^\{"width":[\d.]+,"height":300\}$`,
			`setTitle:{"title":"a:b"}`:                   `^\{"title":"a:b"\}$`,
			`setScroll:{"scroll":0}`:                     `^\{"scroll":0\}$`,
			`setUserOption:{"name":"k","value":"v:1"}`:   `^\{"name":"k","value":"v:1"\}$`,
			`setAppOption:{"name":"k","value":1}`:        silence, // not from an employee
			`getInterface`:                               `^\{"command":\[\],"event":\[\]\}$`,
			`openPath:{"path":"/settings/x/"}`:           `^\{"result":"error","errorCode":"PATH_NOT_AVAILABLE"\}$`,
			`placementBindEvent:{"event":"x"}`:           silence,
			`unheardOf:{"x":1}`:                          silence,
			`setTitle:{"title":`:                         silence,
		}},
		{"/marketplace/placement/1/", map[string]string{
			`setTitle:{"title":"a"}`: silence,
			`setScroll:{"scroll":0}`: silence,
			`reloadWindow`:           silence,
			`getInitData`:            `"PLACEMENT":"LEFT_MENU"`,
			`getInterface`:           `^\{"command":\[\],"event":\[\]\}$`,
			`resizeWindow:{"width":"100%","height":300}`: `"height":300`,
		}},
	} {
		f.visit(ctx, "2", place.path)
		frame := f.inside(ctx)
		for said, want := range place.answers {
			got := askPortal(t, frame, said, want == silence)
			if !regexp.MustCompile(want).MatchString(got) {
				t.Errorf("%s: %s is answered %s, want %s", place.path, said, got, want)
			}
		}
	}
}

// With a portal that never answers nothing of the bridge shows, and the page works.
func TestBridgeWithSilentPortal(t *testing.T) {
	t.Parallel()
	f := startFramed(t, findForm)
	ctx := chromium(t)
	f.visit(ctx, "2", "/company/")
	do(t, ctx, script(`document.body.append(Object.assign(document.createElement("iframe"), { name: "`+f.company.Host+`|0|nobody", src: "`+f.app+`/find" }))`))
	frame := f.inside(ctx)
	f.came(ctx, "getInterface", "unknown session")
	if !evaluate[bool](t, frame, `!("bridge" in document.documentElement.dataset) && document.querySelector("#choose").offsetParent === null && document.querySelector("#profile").offsetParent === null`) {
		t.Error("the page offers what the portal does not answer")
	}
	before := f.searches()
	do(t, frame, script(`document.getElementById("filters").requestSubmit()`))
	f.asked(ctx, before)
}

// Neither side listens to anybody but the other.
func TestBridgeIgnoresForeigners(t *testing.T) {
	t.Parallel()
	f := startFramed(t, findForm)
	ctx := chromium(t)
	stranger := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html")
		fmt.Fprint(w, "<!doctype html><title>stranger</title>")
	}))
	defer stranger.Close()
	t.Run("the page of the portal", func(t *testing.T) {
		f.visit(ctx, "2", "/marketplace/app/"+harness.ClientID+"/")
		f.inside(ctx)
		f.came(ctx, "resizeWindow", "taken")
		until(t, ctx, `document.querySelector(".app iframe").style.height != ""`)
		height := evaluate[int](t, ctx, `document.querySelector(".app iframe").clientHeight`)
		do(t, ctx, script(`document.body.append(Object.assign(document.createElement("iframe"), { id: "stranger", src: "`+stranger.URL+`" }))`))
		inner := f.frameAt(ctx, stranger.URL)
		sid := evaluate[string](t, ctx, `document.querySelector(".app iframe").name.split("|")[2]`)
		do(t, inner, script(`parent.postMessage('resizeWindow:{"width":"100%","height":7}:x:`+sid+`', "*")`))
		f.came(ctx, "resizeWindow", "foreign origin")
		if now := evaluate[int](t, ctx, `document.querySelector(".app iframe").clientHeight`); now != height {
			t.Errorf("a stranger made the frame %d high, it was %d", now, height)
		}
	})
	t.Run("the page in the frame", func(t *testing.T) {
		f.mu.Lock()
		f.whom = stranger.URL // another origin than the one that is around the frame
		f.mu.Unlock()
		f.visit(ctx, "2", "/company/")
		do(t, ctx, script(`document.body.append(Object.assign(document.createElement("iframe"), { name: "`+f.company.Host+`|0|x", src: "`+f.app+`/find" }))`))
		frame := f.inside(ctx)
		loaded := evaluate[float64](t, frame, `performance.timeOrigin`)
		do(t, ctx, script(fmt.Sprintf(`(() => { for (let n = %.0f; n < Date.now() + 9; n++) frames[0].postMessage('f' + n + ':{"command":[],"event":[]}', "*") })()`, loaded-1)))
		do(t, frame, script(`new Promise(done => setTimeout(done, 100))`)) // what was posted before has come by now
		if evaluate[bool](t, frame, `"bridge" in document.documentElement.dataset`) {
			t.Error("the page believed an origin that is not its portal's")
		}
	})
}

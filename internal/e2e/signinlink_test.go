package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"

	"slotfinder/internal/e2e/harness"
)

// TestNobodyIsSentToAPortalByOthers: an address that leads to a sign-in goes straight on
// only from our own page, or at the portal where the browser is signed in, or was last.
// Everywhere else the page asks for a click, with everything filled in, whoever has
// brought the browser there.
func TestNobodyIsSentToAPortalByOthers(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	q := p.Neighbour()
	leftFrom := func(portal *harness.Product) *http.Client {
		client := portal.SignIn(2)
		p.Post(client, "/logout", nil, "Sec-Fetch-Site", "same-origin")
		return client
	}
	visitors := map[string]*http.Client{
		"signed out": p.Browser(), "same portal": p.SignIn(2), "other portal": q.SignIn(2),
		"was at the same portal": leftFrom(p), "was at the other portal": leftFrom(q),
	}
	address := "/login?next=%2Fhours&portal=" + url.QueryEscape(p.Company.Host)
	sites := []string{"none", "", "cross-site", "same-site", "same-origin", "same-origin, none"}
	for who, client := range visitors {
		for _, site := range sites {
			before := rows(p, "sessions")
			response, body := p.GetWith(client, address, "Sec-Fetch-Site", site, "Sec-Fetch-Mode", "navigate")
			if strings.HasSuffix(who, "same portal") || site == "same-origin" {
				if to := response.Header.Get("Location"); response.StatusCode != http.StatusSeeOther || !strings.HasPrefix(to, "http://"+p.Company.Host+"/oauth/authorize/?") {
					t.Errorf("%s from %q: %s to %q", who, site, response.Status, to)
				}
				continue
			}
			form := cascadia.Query(parse(t, body), cascadia.MustCompile(`form[action="/login"][method=post]`))
			if response.StatusCode != http.StatusOK || form == nil || len(response.Cookies()) > 0 {
				t.Errorf("%s from %q: %s, %v", who, site, response.Status, response.Cookies())
				continue
			}
			for name, want := range map[string]string{"portal": p.Company.Host, "next": "/hours"} {
				if got := attribute(cascadia.Query(form, cascadia.MustCompile("[name="+name+"]")), "value"); got != want {
					t.Errorf("%s from %q: %s is %q", who, site, name, got)
				}
			}
			if n := rows(p, "sessions"); n != before {
				t.Errorf("%s from %q: %d sessions have begun", who, site, n-before)
			}
		}
		for _, site := range []string{"cross-site", "same-site"} {
			if response, _ := p.Post(client, "/login", url.Values{"portal": {p.Company.Host}}, "Sec-Fetch-Site", site); response.StatusCode != http.StatusForbidden {
				t.Errorf("%s: a form from %q: %s", who, site, response.Status)
			}
		}
	}
	t.Logf("figure: %d visitors come to /login from %d kinds of sites: sent on only from our own page, or to their own portal", len(visitors), len(sites))
}

// TestThePortalRememberedCannotBeForged: a browser remembers where it signed in last only
// as we have said it.
func TestThePortalRememberedCannotBeForged(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, site := p.SignIn(2), site(p)
	sealed := ""
	for _, cookie := range client.Jar.Cookies(site) {
		if cookie.Name == "slotfinder-portal" {
			sealed = cookie.Value
		}
	}
	for name, value := range map[string]string{"plain": p.Company.Host, "cut": sealed[:len(sealed)-4], "nothing": ""} {
		forger := p.Browser()
		forger.Jar.SetCookies(site, []*http.Cookie{{Name: "slotfinder-portal", Value: value, Path: "/"}})
		if response, _ := p.GetWith(forger, "/login?portal="+p.Company.Host); response.StatusCode != http.StatusOK {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if _, body := p.GetWith(p.Browser(), "/"); strings.Contains(body, p.Company.Host) {
		t.Error("a stranger is told a portal")
	}
	p.Post(client, "/logout", nil)
	if _, body := p.GetWith(client, "/"); !strings.Contains(body, `value="`+p.Company.Host+`"`) {
		t.Error("the portal is forgotten")
	}
}

func site(p *harness.Product) *url.URL {
	site, err := url.Parse(p.App)
	if err != nil {
		p.T.Fatal(err)
	}
	return site
}

// TestWhatIsNoPortalStaysHere: what somebody types that is no portal comes back on our
// own page, with a message at the field and nothing lost, before the browser leaves.
func TestWhatIsNoPortalStaysHere(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	elsewhere := newTrap(t) // answers with something else than Bitrix24
	other := strings.TrimPrefix(elsewhere.url, "http://")
	for _, typed := range []string{"nonsense", other, "http://" + other + "/page", p.Company.Host + "x y", ""} {
		response, body := p.Post(p.Browser(), "/login", url.Values{"portal": {typed}, "next": {"/hours"}})
		page := parse(t, body)
		field := cascadia.Query(page, cascadia.MustCompile(`input[name=portal][aria-invalid=true]`))
		if response.StatusCode != http.StatusUnprocessableEntity || field == nil || attribute(field, "value") != typed || response.Header.Get("Location") != "" || len(response.Cookies()) > 0 {
			t.Errorf("%q: %s", typed, response.Status)
			continue
		}
		if message := cascadia.Query(page, cascadia.MustCompile("#"+attribute(field, "aria-describedby"))); message == nil {
			t.Errorf("%q: no message", typed)
		}
		if next := cascadia.Query(page, cascadia.MustCompile("[name=next]")); attribute(next, "value") != "/hours" {
			t.Errorf("%q: next is lost", typed)
		}
		response, body = p.Post(p.Browser(), "/login", url.Values{"portal": {typed}}, "Accept", harness.AsJSON)
		if code, fields := errorOf(t, body); response.StatusCode != http.StatusUnprocessableEntity || code != "invalid" || fields["portal"] == "" {
			t.Errorf("%q: JSON %s %s", typed, response.Status, body)
		}
	}
}

// TestStrangersStoreNothing: however many sign-ins are begun and broken off, with
// whatever they bring, the database holds nothing of them.
func TestStrangersStoreNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.SignIn(2) // the portal is known
	before := dump(p, "sessions", "used_states", "portals", "grants")
	for i := range 20 {
		client := p.Browser()
		response := login(p, client, p.Company.Host, "/find?who="+strings.Repeat("9", 3000*i))
		to, err := url.Parse(response.Header.Get("Location"))
		if err != nil || response.StatusCode != http.StatusSeeOther {
			t.Fatal(response.Status, err)
		}
		state := to.Query().Get("state")
		for _, query := range []string{"code=nobodys&state=" + state, "error=denied&state=" + state, "code=x&state=" + strings.Repeat("x", 1000)} {
			p.GetWith(client, "/bitrix24?"+query)
		}
		for _, cookie := range response.Cookies() {
			if n := len(cookie.String()); n > 4096 {
				t.Errorf("a cookie of %d bytes", n)
			}
		}
	}
	if after := dump(p, "sessions", "used_states", "portals", "grants"); after != before {
		t.Errorf("stored: %s instead of %s", after, before)
	}
	t.Logf("figure: 20 sign-ins begun by strangers, with up to 57 kB to go on to, and 60 false ways back: 0 rows")
}

// TestSignInsOfSeveralTabs: each tab comes back to where it began, in any order, and what
// a browser holds for them stays small.
func TestSignInsOfSeveralTabs(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.Browser()
	client.Jar.SetCookies(portalURL(p), []*http.Cookie{p.Company.SignIn(2)})
	var tabs []string
	for i := range 2 {
		tabs = append(tabs, login(p, client, p.Company.Host, fmt.Sprint("/find?who=", 3+i, "&hours=", strings.Repeat("x", 1500))).Header.Get("Location"))
	}
	for i, tab := range []string{tabs[1], tabs[0]} {
		back, err := harness.NoRedirects(client).Get(tab)
		if err != nil {
			t.Fatal(err)
		}
		harness.ReadBody(t, back)
		response, _ := p.GetWith(client, strings.TrimPrefix(back.Header.Get("Location"), p.App))
		if to := response.Header.Get("Location"); !strings.HasPrefix(to, fmt.Sprint("/find?who=", 4-i)) {
			t.Errorf("tab %d leads to %.100s", i, to)
		}
	}
	for range 20 {
		login(p, client, p.Company.Host, "/find?hours="+strings.Repeat("x", 2000))
	}
	size := 0
	for _, cookie := range client.Jar.Cookies(site(p)) {
		if strings.Contains(cookie.Name, "-signin-") {
			size += len(cookie.Name) + len(cookie.Value)
		}
	}
	if size == 0 || size > 7000 {
		t.Errorf("sign-ins under way take %d bytes of cookies", size)
	}
	last := login(p, client, p.Company.Host, "/find?hours="+strings.Repeat("x", 5000))
	back, err := client.Get(last.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if harness.ReadBody(t, back); back.Request.URL.RequestURI() != "/find" {
		t.Errorf("a page too long to come back to leads to %.100s", back.Request.URL)
	}
}

// TestCopiedSignInWorksOnce: a sign-in that ended well is over, also for somebody who
// copied the browser's cookie, and in another process on the same database.
func TestCopiedSignInWorksOnce(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.Browser()
	client.Jar.SetCookies(portalURL(p), []*http.Cookie{p.Company.SignIn(2)})
	begun := login(p, client, p.Company.Host, "")
	copied := begun.Cookies()[0]
	first, err := client.Get(begun.Header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	harness.ReadBody(t, first)
	other := &harness.Product{T: t, Sim: p.Sim, Company: p.Company}
	other.Serve(p.Env)
	for name, at := range map[string]*harness.Product{"here": p, "another process": other} {
		thief := at.Browser()
		thief.Jar.SetCookies(portalURL(at), []*http.Cookie{p.Company.SignIn(2)})
		thief.Jar.SetCookies(site(at), []*http.Cookie{{Name: copied.Name, Value: copied.Value, Path: "/"}})
		back, err := harness.NoRedirects(thief).Get(begun.Header.Get("Location")) // a fresh code for the old state
		if err != nil {
			t.Fatal(err)
		}
		harness.ReadBody(t, back)
		callback, err := url.Parse(back.Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		if response, _ := at.GetWith(thief, "/bitrix24?"+callback.RawQuery); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: %s", name, response.Status)
		}
		if response, _ := at.Get(thief, "/find", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: signed in: %s", name, response.Status)
		}
	}
}

// TestAnotherPersonIsAskedFor: when the portal brings back somebody else than is signed
// in, or a code from a frame does, nothing changes before a click, and the page names both.
func TestAnotherPersonIsAskedFor(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	names := p.Colleagues(2, 3)
	who := func(client *http.Client, user int) bool {
		_, body := p.Get(client, "/find", harness.AsJSON)
		return strings.Contains(body, fmt.Sprintf(`"who":[%d]`, user))
	}
	comeBack := func() *http.Client {
		client := p.SignIn(2)
		client.Jar.SetCookies(portalURL(p), []*http.Cookie{p.Company.SignIn(3)})
		response, err := client.Get(login(p, client, p.Company.Host, "/hours").Header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		body := harness.ReadBody(t, response)
		if response.Request.URL.Path != "/login/person" || !strings.Contains(body, names[0]) || !strings.Contains(body, names[1]) || response.Header.Get("Cache-Control") != "no-store" {
			t.Fatalf("%s %s: %.500s", response.Request.URL, response.Status, body)
		}
		if !who(client, 2) {
			t.Error("the person has changed without a click")
		}
		return client
	}
	client := comeBack()
	if response, _ := p.Post(client, "/login/person", url.Values{"do": {"change"}}, "Sec-Fetch-Site", "cross-site"); response.StatusCode != http.StatusForbidden || !who(client, 2) {
		t.Errorf("another site's click: %s", response.Status)
	}
	held := client.Jar.Cookies(site(p))
	if response, _ := p.Post(client, "/login/person", url.Values{"do": {"change"}}); response.Header.Get("Location") != "/hours" || !who(client, 3) {
		t.Errorf("the click leads to %q", response.Header.Get("Location"))
	}
	thief := p.Browser() // has copied all cookies before the click
	thief.Jar.SetCookies(site(p), held)
	if response, _ := p.Post(thief, "/login/person", url.Values{"do": {"change"}}); response.StatusCode != http.StatusGone || who(thief, 3) {
		t.Errorf("the same again: %s", response.Status)
	}

	client = comeBack()
	if p.Post(client, "/login/person", url.Values{"do": {"stay"}}); !who(client, 2) {
		t.Error("who stays is somebody else")
	}
	if response, _ := p.Post(client, "/login/person", url.Values{"do": {"change"}}); response.StatusCode != http.StatusGone || !who(client, 2) {
		t.Errorf("after staying: %s", response.Status)
	}

	client = comeBack()
	p.Post(client, "/logout", nil)
	if response, _ := p.Post(client, "/login/person", url.Values{"do": {"change"}}); response.StatusCode != http.StatusGone || who(client, 3) {
		t.Errorf("after signing out: %s", response.Status)
	}

	framed, _ := p.Launch(3, "DEFAULT", "")
	_, body := p.Post(framed, "/frame/out", nil, "Accept", harness.AsJSON, "X-Frame-Session", "cookie")
	client = p.SignIn(2)
	response, _ := p.Post(client, "/open", url.Values{"code": {strings.Split(body, `"`)[3]}, "next": {"/hours"}})
	if to := response.Header.Get("Location"); to != "/login/person" || !who(client, 2) {
		t.Errorf("a code of somebody else's frame leads to %q", to)
	}
	if response, _ := p.GetWith(p.SignIn(2), "/login/person"); response.Header.Get("Location") != "/" {
		t.Errorf("nobody waits, and yet: %s", response.Status)
	}
	t.Logf("figure: another person comes back 3 times, 1 code of another's frame: 0 changes of person without a click")
}

// TestHeadDoesNothing: no route that answers GET sets a cookie, makes a row or changes one
// when it is asked with HEAD, nor does OPTIONS anywhere, whoever asks.
func TestHeadDoesNothing(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	tab := p.SignIn(1)
	link := p.Share(tab, harness.ComingWeek())
	pass := pass(p, 2)
	tables := []string{"portals", "grants", "sessions", "used_states", "hours", "links", "saved_groups", "recent_people", "settings", "frame_codes", "jobs"}
	before := dump(p, tables...)
	paths := []string{
		"/", "/login?portal=" + p.Company.Host, "/login/person", "/bitrix24", "/bitrix24?code=x&state=y", "/bitrix24/install", "/find", "/find?who=3", "/people?q=a", "/groups",
		"/photo/3", "/faces/2.3", "/hours", "/settings", "/sessions", "/links", "/links/new", "/links/" + link.ID, "/s/" + link.Token, "/s/" + link.Token + ".ics", "/live", "/logout", "/nothing",
	}
	for name, client := range map[string]*http.Client{"stranger": p.Browser(), "tab": tab, "frame": nil} {
		headers := []string{"Sec-Fetch-Site", "same-origin"}
		if client == nil {
			client, headers = p.Browser(), append(headers, "X-Frame-Session", pass)
		}
		for _, path := range paths {
			for _, method := range []string{http.MethodHead, http.MethodOptions} {
				request, err := http.NewRequest(method, p.App+path, nil)
				if err != nil {
					t.Fatal(err)
				}
				for i := 0; i < len(headers); i += 2 {
					request.Header.Set(headers[i], headers[i+1])
				}
				response, err := harness.NoRedirects(client).Do(request)
				if err != nil {
					t.Fatal(err)
				}
				if _, err := io.Copy(io.Discard, response.Body); err != nil {
					t.Fatal(err)
				}
				response.Body.Close()
				if len(response.Cookies()) > 0 || response.StatusCode >= 500 {
					t.Errorf("%s: %s %s: %s, cookies %v", name, method, path, response.Status, response.Cookies())
				}
			}
		}
	}
	if after := dump(p, tables...); after != before {
		t.Errorf("something was written: %s instead of %s", after, before)
	}
	t.Logf("figure: %d HEAD and OPTIONS requests: 0 rows, 0 cookies", 3*2*len(paths))
}

package e2e

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// Where a canary may be heard although it is a secret.
const (
	inHeaders  = 1 << iota // headers of answers, but for Location
	inBodies               // bodies of answers, but for those below
	inMeetings             // bodies of answers about the reader's own meetings
	inDatabase
	inLocations
)

// aviary notes all secrets that come into being and all that the program gives out.
type aviary struct {
	mu       sync.Mutex
	canaries map[string]int    // secret: where it may be heard
	kinds    map[string]string // secret: what it is
	heard    map[int]*strings.Builder
}

func newAviary() *aviary {
	a := &aviary{canaries: map[string]int{}, kinds: map[string]string{}, heard: map[int]*strings.Builder{}}
	for _, place := range []int{inHeaders, inBodies, inMeetings, inDatabase, inLocations} {
		a.heard[place] = &strings.Builder{}
	}
	return a
}

func (a *aviary) add(kind, secret string, may int) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if len(secret) >= 8 {
		a.canaries[secret], a.kinds[secret] = may, kind
	}
}

func (a *aviary) addForm(fields url.Values) {
	a.add("access token", fields.Get("AUTH_ID"), 0)
	a.add("refresh token", fields.Get("REFRESH_ID"), 0)
	a.add("application token", fields.Get("APPLICATION_TOKEN"), 0)
}

// Secrets as they are told: by an authorization server, by a page, by a program's answer.
var (
	toldTokens = regexp.MustCompile(`"(access_token|refresh_token)":"([^"]+)"`)
	toldPass   = regexp.MustCompile(`name="frame[-_]session" (?:value|content)="([^"]+)"|"session":"([^"]+)"`)
	toldCode   = regexp.MustCompile(`name="code" value="([^"]+)"|"code":"([\w-]{40,})"`)
	toldLink   = regexp.MustCompile(`/s/([\w-]{20,})|"token":"([\w-]{20,})"`)
)

func (a *aviary) listen(body string, how *regexp.Regexp, kind string, may int) {
	for _, found := range how.FindAllStringSubmatch(body, -1) {
		for _, secret := range found[1:] {
			a.add(kind, secret, may)
		}
	}
}

// authServer passes requests on and notes the tokens in the answers.
func (a *aviary) authServer(t *testing.T, sim *atomic.Pointer[portalsim.Sim]) *httptest.Server {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		answer := httptest.NewRecorder()
		sim.Load().AuthServer().ServeHTTP(answer, r)
		for _, found := range toldTokens.FindAllStringSubmatch(answer.Body.String(), -1) {
			a.add(found[1], found[2], 0)
		}
		maps.Copy(w.Header(), answer.Header())
		w.WriteHeader(answer.Code)
		_, _ = w.Write(answer.Body.Bytes())
	}))
	t.Cleanup(server.Close)
	return server
}

// visitorAddresses are those that the proxy before the program tells of.
var visitorAddresses = []string{"198.51.100.77", "2001:db8:77:77::7777"}

// before is a proxy in front of the program that notes all that goes through.
func (a *aviary) before(t *testing.T, app string) *httptest.Server {
	target, err := url.Parse(app)
	if err != nil {
		t.Fatal(err)
	}
	var n atomic.Int64
	server := httptest.NewServer(&httputil.ReverseProxy{
		FlushInterval: -1,
		Rewrite: func(r *httputil.ProxyRequest) {
			r.SetURL(target)
			r.Out.Host = r.In.Host
			r.Out.Header.Del("Accept-Encoding") // what is compressed can't be searched
			r.Out.Header.Set("X-Forwarded-For", visitorAddresses[n.Add(1)%2])
			if query := r.In.URL.Query(); r.In.URL.Path == "/bitrix24" {
				a.add("code of the sign-in", query.Get("code"), 0)
				a.add("state of the sign-in", query.Get("state"), inDatabase|inLocations)
			}
		},
		ModifyResponse: func(r *http.Response) error {
			body := &bytes.Buffer{}
			a.mu.Lock()
			fmt.Fprintln(a.heard[inLocations], r.Header.Get("Location"), r.Header.Get("HX-Redirect"), r.Header.Get("HX-Push-Url"), r.Header.Get("HX-Replace-Url"))
			for name, values := range r.Header {
				if name != "Location" {
					fmt.Fprintln(a.heard[inHeaders], name, values)
				}
			}
			a.mu.Unlock()
			for _, cookie := range r.Cookies() {
				a.add("cookie", cookie.Value, inHeaders)
			}
			a.add("pass", r.Header.Get("X-Frame-Session"), inHeaders|inBodies)
			r.Body = struct {
				io.Reader
				io.Closer
			}{io.TeeReader(r.Body, body), closing{r.Body, func() {
				text := body.String()
				a.listen(text, toldPass, "pass", inHeaders|inBodies)
				a.listen(text, toldCode, "code", inBodies)
				a.listen(text, toldLink, "link", inBodies)
				a.mu.Lock()
				defer a.mu.Unlock()
				place := inBodies
				if strings.HasPrefix(r.Request.URL.Path, "/meetings") {
					place = inMeetings
				}
				a.heard[place].WriteString(text)
			}}}
			return nil
		},
	})
	t.Cleanup(server.Close)
	return server
}

type closing struct {
	io.Closer
	then func()
}

func (c closing) Close() error {
	c.then()
	return c.Closer.Close()
}

// step is one request of a walk.
type step struct{ method, path, form string }

// walk is a visit to every route of those who are signed in, right and wrong.
func walk(link harness.MadeLink) []step {
	week := week("09:00-17:00", "do", "save").Encode()
	steps := []step{}
	for _, path := range []string{
		"/", "/healthz", "/readyz", "/static/app.css", "/login?portal=%3Ccanary", "/find?who=3,7", "/find?who=x", "/find?who=3&q=zz&find=1", "/find?dur=999&" + harness.ComingWeek(), "/find/text?who=3&slot=2099-01-05T10:00:00Z&" + harness.ComingWeek(), "/find/text?slot=canary",
		"/people?q=an", "/people?q=Canary+group", "/people?q=" + strings.Repeat("z", 120), "/groups", "/photo/3", "/photo/x", "/faces/1,2,3", "/faces/x", "/hours", "/hours?user=3", "/settings", "/sessions", "/login/person",
		"/links", "/links/" + link.ID, "/links/" + link.ID + "/edit", "/links/nobody", "/links/new?who=3&" + harness.ComingWeek(), "/s/" + link.Token, "/s/" + link.Token + ".ics?start=soon", "/s/guessed-token-of-many-letters",
		"/meetings", "/meetings/m_nobody", "/meetings/b24-1", "/meetings/b24-canary", "/meetings/m_nobody/move", "/meetings/new?start=canary&" + harness.ComingWeek(), "/meetings/new?start=2099-01-05T10:00:00Z&" + harness.ComingWeek(),
		"/nothing", "/bitrix24?code=canary-code-of-nobody&state=canary-state-of-nobody", "/bitrix24?error=access_denied&state=x", "/live",
	} {
		steps = append(steps, step{http.MethodGet, path, ""})
	}
	return append(steps,
		step{http.MethodHead, "/bitrix24", ""}, step{http.MethodHead, "/bitrix24/install", ""},
		step{http.MethodPost, "/hours", week}, step{http.MethodPost, "/hours", "do=save&mo=canary-hours"},
		step{http.MethodPost, "/groups", "name=Canary+group+one&who=3,7"}, step{http.MethodPost, "/groups", "name=Canary+group+one&who=x"},
		step{http.MethodPost, "/groups", "name=Canary%00group+two&who=3"}, step{http.MethodPost, "/groups/delete", "name=Canary+group+one"},
		step{http.MethodPost, "/settings", "do=designate&consent=1"}, step{http.MethodGet, "/find?who=3&from=2099-01-05&to=2099-01-06", ""},
		step{http.MethodPost, "/settings", "do=withdraw"}, step{http.MethodPost, "/settings", "do=canary"},
		step{http.MethodPost, "/links", harness.ComingWeek() + "&title=Canary+title&note=Canary+note&who=3"}, step{http.MethodPost, "/links", "title=" + strings.Repeat("Canary", 40)},
		step{http.MethodPost, "/links/" + link.ID, "title=Canary+title&expires=30"}, step{http.MethodPost, "/links/" + link.ID, "title=Canary+title&expires=canary"},
		step{http.MethodPost, "/links/new?who=3&" + harness.ComingWeek(), "title=" + strings.Repeat("Canary", 40)},
		step{http.MethodPost, "/links/" + link.ID + "/edit", "title=Canary+title&expires=canary"}, step{http.MethodPost, "/look", "theme=dark&next=/canary-page"},
		step{http.MethodPost, "/links/" + link.ID + "/pause", ""}, step{http.MethodGet, "/s/" + link.Token, ""}, step{http.MethodPost, "/links/" + link.ID + "/resume", ""},
		step{http.MethodPost, "/links/" + link.ID + "/revoke", ""}, step{http.MethodGet, "/s/" + link.Token, ""}, step{http.MethodPost, "/links/" + link.ID + "/delete", ""},
		step{http.MethodPost, "/meetings", harness.ComingWeek() + "&start=2099-01-05T10:00:00Z&title=Canary+title&description=Canary+note"}, step{http.MethodPost, "/meetings/new", "title=" + strings.Repeat("Canary", 60)},
		step{http.MethodPost, "/meetings/m_nobody/move", "start=canary"}, step{http.MethodPost, "/meetings/m_nobody/cancel", ""}, step{http.MethodPost, "/meetings/m_nobody/answer", "status=canary"},
		step{http.MethodPost, "/sessions/canary-session/end", ""}, step{http.MethodPost, "/login/person", "do=change"},
		step{http.MethodPost, "/login", "portal=canary-portal&next=/find"}, step{http.MethodPost, "/frame/out", "next=/find"}, step{http.MethodPost, "/open", "code=canary-code-of-nobody-whatsoever-it-may-be"},
		step{http.MethodPost, "/logout", ""}, step{http.MethodGet, "/find", ""},
	)
}

// take sends a request without waiting for the end of streams, and returns the body.
func take(p *harness.Product, client *http.Client, s step, headers ...string) string {
	p.T.Helper()
	ctx, cancel := context.WithTimeout(p.T.Context(), 20*time.Second)
	defer cancel()
	request, err := http.NewRequestWithContext(ctx, s.method, p.App+s.path, strings.NewReader(s.form))
	if err != nil {
		p.T.Fatal(err)
	}
	request.Header.Set("Accept", "text/html")
	if s.method == http.MethodPost {
		request.Header.Set("Content-Type", harness.FormType)
		request.Header.Set("Sec-Fetch-Site", "same-origin")
	}
	for i := 0; i < len(headers); i += 2 {
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := harness.NoRedirects(client).Do(request)
	if err != nil {
		p.T.Fatal(err)
	}
	if s.path == "/live" {
		_, _ = response.Body.Read(make([]byte, 64))
		_ = response.Body.Close()
		return ""
	}
	return harness.ReadBody(p.T, response)
}

// TestNoSecretInAnyAnswer walks through every route in a tab, in the frame with its
// cookie and with its pass, as HTML and as JSON, right and wrong, with a portal that is
// well and one that is not, at the most talkative log level. Then each secret that was
// told on the way is looked for in the log, in Location, in other headers, in bodies and
// in the bytes of the database.
func TestNoSecretInAnyAnswer(t *testing.T) {
	t.Parallel()
	a := newAviary()
	var sim atomic.Pointer[portalsim.Sim]
	authServer := a.authServer(t, &sim)
	p := harness.Start(t, "BITRIX24_AUTH_SERVERS", authServer.URL, "SLOTFINDER_TRUSTED_PROXIES", "127.0.0.0/8")
	sim.Store(p.Sim)
	p.Sim.SetAuthURL(authServer.URL)
	p.App = a.before(t, p.App).URL
	p.Sim.AddApp(portalsim.App{
		ClientID: harness.ClientID, ClientSecret: harness.ClientSecret, RedirectURL: p.App + "/bitrix24",
		Scopes: []string{"calendar", "user_brief", "department", "placement", "im", "sonet_group"},
	})
	a.add("client secret", harness.ClientSecret, 0)
	a.add("application token", p.Company.ApplicationToken(harness.ClientID), 0)
	a.add("secret of the program", p.Env["SLOTFINDER_SECRET"], 0)
	a.add("group's name", "Canary group one", inBodies|inDatabase)
	a.add("group's name", "Canary+group", 0)
	a.add("link's title", "Canary title", inBodies|inMeetings|inDatabase)
	a.add("link's note", "Canary note", inBodies|inMeetings|inDatabase)
	for _, address := range visitorAddresses {
		a.add("visitor's address", address, 0)
	}
	for _, title := range p.Company.Secrets() {
		may := 0
		if len(eventsTitled(p, 1, title)) > 0 { // 1 walks
			may = inMeetings
		}
		a.add("title of an event", title, may)
	}
	walkAsCanary(p, a)
	db := databaseBytes(p)
	p.Stop()
	a.heard[inDatabase].WriteString(db + databaseBytes(p))
	logged := p.Log.Text()

	kinds := map[string]int{}
	for secret, may := range a.canaries {
		kind := a.kinds[secret]
		kinds[kind]++
		if strings.Contains(logged, secret) || strings.Contains(logged, url.QueryEscape(secret)) {
			t.Errorf("the log tells a %s: %.12s…", kind, secret)
		}
		for place, name := range map[int]string{inHeaders: "a header", inBodies: "a body", inMeetings: "a page of meetings", inDatabase: "the database", inLocations: "a Location"} {
			if may&place == 0 && strings.Contains(a.heard[place].String(), secret) {
				t.Errorf("%s tells a %s: %.12s…", name, kind, secret)
			}
		}
	}
	for _, kind := range []string{
		"access token", "refresh token", "access_token", "refresh_token", "application token", "client secret", "pass", "code", "cookie", "link",
		"code of the sign-in", "state of the sign-in", "title of an event", "group's name", "visitor's address",
	} {
		if kinds[kind] == 0 {
			t.Errorf("no %s has come up", kind)
		}
	}
	wantEveryRoute(p, logged)
}

// since is an address from a mark on.
func since(mark, address string) string {
	_, rest, _ := strings.Cut(address, mark)
	return mark + rest
}

func walkAsCanary(p *harness.Product, a *aviary) {
	frame := p.LaunchForm(1, "IM_SIDEBAR", `{"dialogId":"3"}`)
	a.addForm(frame.Fields)
	installer := strings.Replace(since("/bitrix24", frame.Action), "/bitrix24", "/bitrix24/install", 1)
	take(p, p.Browser(), step{http.MethodPost, installer, frame.Fields.Encode()}, p.CrossSite()...)
	// Spoilt in each part.
	for _, part := range []string{"AUTH_ID", "REFRESH_ID", "member_id", "PLACEMENT_OPTIONS"} {
		frame := p.LaunchForm(2, "DEFAULT", "")
		a.addForm(frame.Fields)
		frame.Fields.Set(part, "canary-"+strings.Repeat("x", 300))
		for _, path := range []string{installer, strings.Replace(installer, "/install", "", 1)} {
			take(p, p.Browser(), step{http.MethodPost, path, frame.Fields.Encode()}, p.CrossSite()...)
		}
	}
	// Portals don't like to be asked too often: not every way in every form.
	for _, way := range []struct{ way, accept string }{{"tab", "text/html"}, {"tab", harness.AsJSON}, {"frame", "text/html"}, {"pass", "text/html"}} {
		link := p.Share(p.SignIn(1), harness.ComingWeek()+"&title=Canary+title")
		a.add("link", link.Token, inBodies)
		frame := p.LaunchForm(1, "USER_PROFILE_TOOLBAR", `{"USER_ID":"3"}`)
		a.addForm(frame.Fields)
		query := since("?", frame.Action)
		client, headers := p.Browser(), []string{"Accept", way.accept}
		switch way.way {
		case "tab":
			client = p.SignIn(1)
		case "frame":
			take(p, client, step{http.MethodPost, "/bitrix24" + query, frame.Fields.Encode()}, p.CrossSite()...)
			headers = append(headers, harness.FrameHeader, "iframe")
		case "pass":
			body := take(p, client, step{http.MethodPost, "/frame" + query, frame.Fields.Encode()}, "Accept", harness.AsJSON)
			client, headers = harness.Guest(), append(headers, "X-Frame-Session", harness.Decode[struct{ Session string }](p.T, body).Session, "HX-Request", "true")
		}
		for _, s := range walk(link) {
			take(p, client, s, headers...)
		}
	}
	p.Company.ExpireTokens()
	toldInTrouble(p, a)
}

// toldInTrouble is what comes out while the portal, then the authorization server fails,
// and of events.
func toldInTrouble(p *harness.Product, a *aviary) {
	tab, colleague := p.SignIn(1), p.SignIn(4)
	for path, fault := range map[string]portalsim.Fault{
		"/find?who=5&from=2099-01-05&to=2099-01-06": portalsim.HTML502(), "/find?who=6&from=2099-01-05&to=2099-01-06": portalsim.Cut(),
		"/people?q=canary": portalsim.Truncated(), "/settings": portalsim.Failure("INTERNAL_SERVER_ERROR"), "/hours": portalsim.Redirect("http://evil.example/?token=x"),
	} {
		p.Company.Fail("*", fault)
		take(p, tab, step{http.MethodGet, path, ""})
		p.Company.Heal()
	}
	p.Company.ExpireTokens()
	p.Sim.FailAuth("*", portalsim.Failure("invalid_grant"))
	take(p, tab, step{http.MethodGet, "/find?who=6", ""})
	frame := p.LaunchForm(6, "DEFAULT", "")
	a.addForm(frame.Fields)
	take(p, p.Browser(), step{http.MethodPost, since("/bitrix24", frame.Action), frame.Fields.Encode()}, p.CrossSite()...)
	p.Sim.HealAuth()
	take(p, colleague, step{http.MethodGet, "/find?who=5", ""})
	for _, event := range append(slices.Clone(wantedEvents), "ONUSERADD", "canary-event") {
		token := p.Company.IssueToken(harness.ClientID, 1)
		a.add("access token", token.Access, 0)
		a.add("refresh token", token.Refresh, 0)
		for _, app := range []string{p.Company.ApplicationToken(harness.ClientID), "canary-application-token"} {
			postEvent(p, "", formKind, eventForm(p, "event", event, "auth[access_token]", token.Access, "auth[refresh_token]", token.Refresh, "auth[application_token]", app).Encode())
		}
	}
	a.add("application token", "canary-application-token", 0)
	settled(p)
}

// databaseBytes is the database as it lies on the disk.
func databaseBytes(p *harness.Product) string {
	p.T.Helper()
	file := strings.TrimPrefix(p.Env["SLOTFINDER_DATABASE"], "sqlite:")
	var all strings.Builder
	for _, name := range []string{file, file + "-wal"} {
		text, err := os.ReadFile(name)
		if err != nil && !os.IsNotExist(err) {
			p.T.Fatal(err)
		}
		all.Write(text)
	}
	return all.String()
}

// wantEveryRoute checks that each route of the golden list was asked for: what is added
// there is walked here as well.
func wantEveryRoute(p *harness.Product, logged string) {
	p.T.Helper()
	source, err := os.ReadFile("../app/route_test.go")
	if err != nil {
		p.T.Fatal(err)
	}
	list := regexp.MustCompile(`"(GET|POST|HEAD) (/[^"]*)": `).FindAllStringSubmatch(string(source), -1)
	if len(list) < 30 {
		p.T.Fatalf("%d routes", len(list))
	}
	for _, route := range list {
		if !strings.Contains(logged, `"method":"`+route[1]+`","route":"`+route[2]+`"`) {
			p.T.Errorf("%s %s is not walked", route[1], route[2])
		}
	}
}

package e2e

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// TestNothingSentDecidesWho: no field, header or cookie of a request makes
// somebody else of whoever has a session, in a tab and in the frame.
func TestNothingSentDecidesWho(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	frame := p.LaunchForm(2, "DEFAULT", `{"user_id":"3","USER_ID":"3"}`)
	for name, value := range map[string]string{"user_id": "3", "USER_ID": "3", "ID": "3", "ADMIN": "1", "IS_ADMIN": "1", "portal": portalsim.BranchMember} {
		frame.Fields.Set(name, value)
	}
	framed := p.Browser()
	if response, _ := p.Post(framed, frame.Action+"&user_id=3&member_id="+portalsim.BranchMember, frame.Fields, p.CrossSite()...); response.StatusCode != http.StatusSeeOther {
		t.Fatal(response.Status)
	}
	for name, client := range map[string]*http.Client{"tab": p.SignIn(2), "frame": framed} {
		response, body := p.GetWith(client, "/find?me=1&user=3&user_id=3&portal="+portalsim.BranchMember+"&member_id=x&AUTH_ID=y",
			"Accept", harness.AsJSON, "X-User", "3", "X-Forwarded-User", "3", "Authorization", "Bearer 3", "X-Remote-User", "3")
		if response.StatusCode != http.StatusOK || !strings.Contains(body, `"who":[2]`) {
			t.Errorf("%s: %s %.200s", name, response.Status, body)
		}
		if response, _ := setHours(p, client, week("09:00-17:00", "do", "save", "for", "company", "user", "3"), harness.AsJSON); response.StatusCode != http.StatusForbidden {
			t.Errorf("%s: the company's hours as an administrator: %s", name, response.Status)
		}
	}
}

// TestCompaniesSeeNothingOfEachOther: two companies whose people have the same ids see nothing
// of each other, whatever they ask for.
func TestCompaniesSeeNothingOfEachOther(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	branch := portalsim.Branch(portalsim.On(time.Now().Date()))
	server := httptest.NewServer(branch)
	t.Cleanup(server.Close)
	branch.Host = server.Listener.Addr().String()
	p.Sim.AddPortal(branch)
	branch.Install(harness.ClientID)
	branch.Change(func(c *portalsim.Portal) { c.Users[2].Photo = nil }) // both draw the same face
	other := &harness.Product{T: t, Sim: p.Sim, Company: branch, App: p.App, Env: p.Env, Log: p.Log}

	mine, theirs := p.SignIn(2), other.SignIn(2)
	framed, _ := other.Launch(2, "DEFAULT", "")
	names := map[*harness.Product]string{}
	for _, world := range []*harness.Product{p, other} {
		world.Company.Change(func(c *portalsim.Portal) {
			for _, u := range c.Users[:4] {
				names[world] += u.LastName + "|"
			}
		})
	}
	seen := func(world *harness.Product, client *http.Client, path string) {
		_, body := p.GetWith(client, path, "Accept", "text/html")
		for name := range strings.SplitSeq(strings.Trim(names[world], "|"), "|") {
			if strings.Contains(body, name) {
				t.Errorf("%s shows %s of the other company", path, name)
			}
		}
	}
	// What each does first fills every cache there is.
	for _, path := range []string{"/find?who=3,4", "/people?q=", "/hours", "/find?who=1,3,4&me=0"} {
		p.Get(mine, path, "")
		seen(p, theirs, path)
		seen(p, framed, path)
		seen(other, mine, path)
	}
	var photo string
	if _, body := p.Get(mine, "/people?q="+url.QueryEscape(p.Colleagues(3)[0]), ""); strings.Contains(body, "/photo/3?v=") {
		_, rest, _ := strings.Cut(body, "/photo/3?v=")
		mark, _, _ := strings.Cut(rest, `"`)
		photo = "/photo/3?v=" + mark
	}
	own, _ := p.Get(mine, photo, "")
	if stolen, _ := p.Get(theirs, photo, ""); photo == "" || own.StatusCode != http.StatusOK || stolen.StatusCode != http.StatusNotFound {
		t.Errorf("photo %q: %s and %s", photo, own.Status, stolen.Status)
	}
	// What one sets, the other does not have.
	setHours(p, mine, week("10:00-11:00", "do", "save"), harness.AsJSON)
	if a := other.Find(theirs, "from="+harness.NextMonday(time.Now()).Format(time.DateOnly)); len(readings(t, a, "UTC")) < 10 {
		t.Error("one company's working hours hold for the other")
	}
	// An event of one is not heard by the other, not even with its own token.
	branchToken := branch.ApplicationToken(harness.ClientID)
	_, portals := p.Database()
	if err := portals.SetAppToken(t.Context(), portalsim.BranchMember, branchToken); err != nil {
		t.Fatal(err)
	}
	if status := postEvent(p, "", formKind, eventForm(p, "auth[application_token]", branchToken).Encode()); status != http.StatusForbidden {
		t.Errorf("an event with the other company's token: %d", status)
	}
	// The end of one is not that of the other.
	branch.Uninstall(harness.ClientID)
	if status := postEvent(other, "", formKind, eventForm(other, "event", "ONAPPUNINSTALL", "auth[application_token]", branchToken, "data[CLEAN]", "1").Encode()); status != http.StatusOK {
		t.Error(status)
	}
	settled(p)
	for name, c := range map[string]struct {
		client *http.Client
		want   int
	}{"mine": {mine, 200}, "theirs": {theirs, 401}, "their frame": {framed, 401}} {
		if response, _ := p.Get(c.client, "/find", harness.AsJSON); response.StatusCode != c.want {
			t.Errorf("%s: %s, want %d", name, response.Status, c.want)
		}
	}
	if n := rows(p, "portals"); n != 1 {
		t.Errorf("%d portals are left", n)
	}
}

// TestNoSecretLeaves runs through everything that handles a secret and looks
// for each of them in all that comes out: pages, headers, addresses and the log.
func TestNoSecretLeaves(t *testing.T) {
	t.Parallel()
	p := startInstallable(t, "placement", "im", "sonet_group")
	var out strings.Builder
	keep := func(response *http.Response, body string) {
		fmt.Fprintf(&out, "%s\n%v\n%s\n", response.Request.URL, response.Header, body)
	}
	secrets := map[string]string{"client secret": harness.ClientSecret, "application token": p.Company.ApplicationToken(harness.ClientID)}
	note := func(frame portalsim.Frame) {
		secrets["access token "+strconv.Itoa(len(secrets))] = frame.Fields.Get("AUTH_ID")
		secrets["refresh token "+strconv.Itoa(len(secrets))] = frame.Fields.Get("REFRESH_ID")
	}
	client := p.Browser()
	for user, path := range map[int]string{1: "/bitrix24/install", 2: "/bitrix24", 3: "/frame"} {
		for _, spoil := range []string{"", "member_id", "REFRESH_ID", "AUTH_EXPIRES"} {
			frame := p.LaunchForm(user, "IM_SIDEBAR", `{"dialogId":"3"}`)
			note(frame)
			if spoil != "" {
				frame.Fields.Set(spoil, "x")
			}
			keep(p.Post(client, strings.Replace(frame.Action, "/bitrix24", path, 1), frame.Fields))
		}
	}
	p.Company.ExpireTokens() // so that tokens are renewed
	for _, path := range []string{"/find?who=3", "/people?q=a", "/hours", "/nothing", "/find?who=x", "/login?portal=" + p.Company.Host} {
		keep(p.GetWith(client, path))
	}
	tab := p.SignIn(2)
	keep(p.GetWith(tab, "/find"))
	p.Company.Fail("*", portalsim.Failure("INTERNAL_SERVER_ERROR"))
	keep(p.GetWith(tab, "/find?who=5&from=2099-01-05&to=2099-01-06"))
	p.Company.Heal()
	admin := p.Company.IssueToken(harness.ClientID, 1)
	secrets["event's access token"], secrets["event's refresh token"] = admin.Access, admin.Refresh
	for _, event := range []string{"ONAPPUPDATE", "ONAPPUNINSTALL", "ONCALENDARENTRYADD"} {
		postEvent(p, "", formKind, eventForm(p, "event", event, "auth[access_token]", admin.Access, "auth[refresh_token]", admin.Refresh).Encode())
	}
	settled(p)
	_, portals := p.Database()
	for user := range int64(3) {
		if _, token, err := portals.Token(t.Context(), meet.Member{Portal: p.Company.MemberID, User: user + 1}); err == nil {
			secrets["stored token of "+strconv.FormatInt(user+1, 10)] = token
		}
	}
	p.Stop()
	logged := p.Log.Text()
	if len(secrets) < 25 {
		t.Fatalf("only %d secrets", len(secrets))
	}
	for name, secret := range secrets {
		switch {
		case len(secret) < 8:
			t.Errorf("%s is %q", name, secret)
		case strings.Contains(logged, secret):
			t.Errorf("the log holds the %s", name)
		case strings.Contains(out.String(), secret):
			t.Errorf("an answer holds the %s", name)
		}
	}
}

// TestPeopleSearchUsesOwnRights: the people search shows what the portal shows to
// whoever asks, also when somebody who sees more has just asked.
func TestPeopleSearchUsesOwnRights(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	outsider := 0
	p.Company.Change(func(c *portalsim.Portal) {
		for _, u := range c.Users {
			if u.Extranet && u.Active {
				outsider = u.ID
			}
		}
	})
	if outsider == 0 {
		t.Fatal("the company has no guest")
	}
	name := p.Colleagues(2)[0]
	admin, _ := p.Launch(1, "DEFAULT", "")
	if _, body := p.Get(admin, "/people?q="+url.QueryEscape(name), harness.AsJSON); !strings.Contains(body, `"id":2`) {
		t.Fatalf("the administrator does not find %s: %s", name, body)
	}
	guest, _ := p.Launch(outsider, "DEFAULT", "")
	if response, body := p.Get(guest, "/people?q="+url.QueryEscape(name), harness.AsJSON); strings.Contains(body, `"id":2`) {
		t.Errorf("a guest finds %s: %s", name, response.Status)
	}
	if response, _ := p.Get(guest, "/people?q="+strings.Repeat("a", 101), harness.AsJSON); response.StatusCode != http.StatusUnprocessableEntity {
		t.Errorf("101 characters: %s", response.Status)
	}
}

// TestSearchUsesOwnRights: a search names only people whom the portal shows to
// whoever searches, though an administrator has just searched for them.
func TestSearchUsesOwnRights(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	name, outsider := p.Colleagues(2)[0], 0
	p.Company.Change(func(c *portalsim.Portal) {
		for _, u := range c.Users {
			if u.Extranet && u.Active {
				outsider = u.ID
			}
		}
	})
	admin, _ := p.Launch(1, "DEFAULT", "")
	if _, body := p.GetWith(admin, "/find?who=2"); !strings.Contains(body, name) {
		t.Fatalf("the administrator's search does not name %s", name)
	}
	guest, _ := p.Launch(outsider, "USER_PROFILE_TOOLBAR", `{"USER_ID":"2"}`)
	for _, accept := range []string{"text/html", harness.AsJSON} {
		if response, body := p.GetWith(guest, "/find?who=2", "Accept", accept); strings.Contains(body, name) {
			t.Errorf("a guest's search names %s: %s", name, response.Status)
		}
	}
}

// TestRedirectsStayHere: wherever something that was sent decides where a
// browser goes next, it stays on our pages.
func TestRedirectsStayHere(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	tab := p.SignIn(4)
	for _, evil := range []string{
		"//evil.example", "/\\evil.example", "https:evil.example", "https://evil.example/find", "/find\r\nX: y", "/find\x00", "javascript:alert(1)",
		"/logout", "/static/app.js", "/find/../logout", "/findx", "/find/../login?portal=evil.example", "/find/%2e%2e/login?portal=evil.example",
		"/links/.%2E/login?portal=evil.example", "/links/x/../../login?portal=evil.example", "/find/./../login?portal=evil.example", "/hours/..%2flogin", "http://" + p.Company.Host + "/find", "/find@evil.example", "\t//evil.example",
	} {
		_, launched := p.Launch(2, "REST_APP_URI", `{"path":`+strconv.Quote(strings.ReplaceAll(evil, "\x00", ""))+`}`)
		client, _ := p.Launch(2, "DEFAULT", "")
		_, body := p.Post(client, "/frame/out", nil, "Accept", harness.AsJSON, "X-Frame-Session", "cookie")
		opened, _ := p.Post(p.Browser(), "/open", url.Values{"code": {strings.Split(body, `"`)[3]}, "next": {evil}})
		landed, _ := p.GetWith(tab, "/?next="+url.QueryEscape(evil))
		for name, response := range map[string]*http.Response{"launch": launched, "open": opened, "landing": landed} {
			if to := response.Header.Get("Location"); to != "/find" {
				t.Errorf("%s: %q leads to %q", name, evil, to)
			}
		}
	}
}

// TestOnlyPostsChange: nothing is changed by GET, HEAD or OPTIONS, nor by a
// POST from another site, in the frame as in a tab.
func TestOnlyPostsChange(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	framed, _ := p.Launch(2, "DEFAULT", "")
	posts := []string{"/frame", "/frame/out", "/open", "/hours", "/logout"}
	for name, client := range map[string]*http.Client{"tab": p.SignIn(2), "frame": framed} {
		for _, path := range append(posts, "/bitrix24/install", "/bitrix24/events") {
			for _, method := range []string{http.MethodGet, http.MethodHead, http.MethodOptions, http.MethodPut, http.MethodDelete} {
				request, err := http.NewRequest(method, p.App+path+"?do=reset&everywhere=1", nil)
				if err != nil {
					t.Fatal(err)
				}
				response, err := harness.NoRedirects(client).Do(request)
				if err != nil {
					t.Fatal(err)
				}
				harness.ReadBody(t, response)
				if len(response.Cookies()) > 0 {
					t.Errorf("%s %s sets a cookie", method, path)
				}
			}
		}
		for _, path := range posts {
			for _, headers := range [][]string{
				{"Sec-Fetch-Site", "cross-site"},
				{"Sec-Fetch-Site", "same-site"},
				{"Origin", "https://evil.example"},
				{"Origin", "null"},
				{"Origin", "http://" + p.Company.Host, "Sec-Fetch-Site", "cross-site"},
			} {
				if response, _ := p.Post(client, path, url.Values{"do": {"save"}, "everywhere": {"1"}}, headers...); response.StatusCode != http.StatusForbidden {
					t.Errorf("%s: POST %s with %v: %s", name, path, headers, response.Status)
				}
			}
		}
		if response, _ := p.Get(client, "/find", harness.AsJSON); response.StatusCode != http.StatusOK || rows(p, "hours")+rows(p, "frame_codes") != 0 {
			t.Errorf("%s: something has changed: %s", name, response.Status)
		}
	}
}

// TestProxyHeadersOfStrangersAreIgnored: what only proxies set changes neither who somebody
// is nor where an answer leads or how a cookie is marked.
func TestProxyHeadersOfStrangersAreIgnored(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	forged := []string{
		"X-Forwarded-Host", "evil.example", "X-Forwarded-Proto", "https", "X-Forwarded-For", "10.0.0.1", "Forwarded", "host=evil.example;proto=https",
		"X-Original-URL", "/readyz", "X-Rewrite-URL", "/readyz", "X_Forwarded_Host", "evil.example", "X-Forwarded-Prefix", "/evil", "X-HTTP-Method-Override", "GET",
	}
	frame := p.LaunchForm(2, "DEFAULT", "")
	client := p.Browser()
	response, _ := p.Post(client, frame.Action, frame.Fields, append(p.CrossSite(), forged...)...)
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/find" || ancestors(response) != "http://"+p.Company.Host {
		t.Errorf("launch: %s to %q, framed by %s", response.Status, response.Header.Get("Location"), ancestors(response))
	}
	if cookie := response.Header.Get("Set-Cookie"); strings.Contains(cookie, "Secure") || strings.Contains(cookie, "evil") {
		t.Errorf("cookie %q", cookie)
	}
	response, body := p.GetWith(client, "/find", append([]string{"Accept", harness.AsJSON}, forged...)...)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, `"who":[2]`) {
		t.Errorf("search: %s %.200s", response.Status, body)
	}
	response, _ = p.Post(p.Browser(), "/login", url.Values{"portal": {p.Company.Host}}, forged...)
	if to := response.Header.Get("Location"); !strings.HasPrefix(to, "http://"+p.Company.Host+"/") || strings.Contains(to, "evil") {
		t.Errorf("login leads to %q", to)
	}
	response, _ = p.Post(client, "/hours", url.Values{"do": {"reset"}}, append([]string{"Origin", "https://evil.example", "Host", "evil.example"}, forged...)...)
	if response.StatusCode != http.StatusForbidden {
		t.Errorf("a forged form: %s", response.Status)
	}
}

// TestTokenIsRefreshedOnce: twenty requests at once, at two instances, with a token
// that has just expired cost one renewal, and all are answered.
func TestTokenIsRefreshedOnce(t *testing.T) {
	t.Parallel()
	var refreshes atomic.Int64
	var sim atomic.Pointer[portalsim.Sim]
	counting := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		if strings.Contains(string(body), "grant_type=refresh_token") {
			refreshes.Add(1)
		}
		r.Body = io.NopCloser(strings.NewReader(string(body)))
		sim.Load().AuthServer().ServeHTTP(w, r)
	}))
	t.Cleanup(counting.Close)
	p := harness.Start(t, "BITRIX24_AUTH_SERVERS", counting.URL)
	sim.Store(p.Sim)
	p.Sim.SetAuthURL(counting.URL)
	q := anotherInstance(p)
	client, _ := p.Launch(2, "DEFAULT", "")
	p.Find(client, "")
	p.Company.ExpireTokens()
	before := refreshes.Load()
	var all sync.WaitGroup
	from := harness.NextMonday(time.Now())
	for i := range 16 { // as many as one person may ask at a time, at two instances
		all.Go(func() {
			at := []*harness.Product{p, q}[i%2]
			request, err := http.NewRequest(http.MethodGet, at.App+"/find?who="+strconv.Itoa(i%5+3)+"&from="+from.AddDate(0, 0, i).Format(time.DateOnly)+"&to="+from.AddDate(0, 0, i).Format(time.DateOnly), nil)
			if err != nil {
				t.Error(err)
				return
			}
			request.Header.Set("Accept", harness.AsJSON)
			response, err := client.Do(request)
			if err != nil {
				t.Error(err)
				return
			}
			defer response.Body.Close()
			if body, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
				t.Errorf("%s %.200s", response.Status, body)
			}
		})
	}
	all.Wait()
	if n := refreshes.Load() - before; n != 1 {
		t.Errorf("%d renewals", n)
	}
}

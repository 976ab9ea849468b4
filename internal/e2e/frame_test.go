package e2e

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// ancestors is who may frame an answer.
func ancestors(response *http.Response) string {
	_, after, _ := strings.Cut(response.Header.Get("Content-Security-Policy"), "frame-ancestors ")
	return after
}

// TestLaunch opens the app in the portal, looks at the page and at what it carries.
func TestLaunch(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, response := p.Launch(2, "DEFAULT", "")
	if to := response.Header.Get("Location"); to != "/find" {
		t.Errorf("the launch leads to %q", to)
	}
	page, body := p.GetWith(client, "/find", harness.FrameHeader, "iframe")
	if page.StatusCode != http.StatusOK || !strings.Contains(body, `class="framed"`) || strings.Contains(body, `<header class="top"`) || !strings.Contains(body, `data-theme="light"`) {
		t.Errorf("the page in the frame: %s %.400s", page.Status, body)
	}
	for _, link := range []string{`href="/find"`, `href="/hours"`, `action="/frame/out"`} {
		if !strings.Contains(body, link) {
			t.Errorf("no %s in the frame", link)
		}
	}
	if strings.Contains(body, "frame-session") || page.Header.Get("X-Frame-Session") != "" {
		t.Error("a browser that keeps the cookie got a pass as well")
	}
	portal := "http://" + p.Company.Host
	for name, r := range map[string]*http.Response{"launch": response, "page": page} {
		if got := ancestors(r); got != portal {
			t.Errorf("%s: framed by %q, want %q", name, got, portal)
		}
		if r.Header.Get("X-Frame-Options") != "" {
			t.Errorf("%s: X-Frame-Options", name)
		}
	}
	if a := p.Find(client, ""); len(a.People) != 1 || a.People[0].ID != 2 {
		t.Errorf("%+v", a.People)
	}
	if response, _ := p.Get(p.SignIn(2), "/find", ""); ancestors(response) != "'none'" {
		t.Errorf("a tab may be framed by %s", ancestors(response))
	}
}

// TestFrameCookie holds the cookie to what browsers demand of one in another site's
// frame, and apart from the tab's.
func TestFrameCookie(t *testing.T) {
	t.Parallel()
	p := harness.Start(t, "SLOTFINDER_PUBLIC_URL", "https://slots.example")
	_, response := p.Launch(2, "DEFAULT", "")
	cookies := response.Header.Values("Set-Cookie")
	if len(cookies) != 1 {
		t.Fatalf("cookies %q", cookies)
	}
	for _, part := range []string{"__Host-slotfinder-frame=", "Path=/", "Secure", "HttpOnly", "SameSite=None", "Partitioned"} {
		if !strings.Contains(cookies[0], part) {
			t.Errorf("cookie %q lacks %s", cookies[0], part)
		}
	}
	value := response.Cookies()[0].Value
	for name, want := range map[string]int{"__Host-slotfinder-frame": 200, "__Host-slotfinder": 401} {
		if got, _ := p.GetWith(p.Browser(), "/find", "Accept", harness.AsJSON, "Cookie", name+"="+value); got.StatusCode != want {
			t.Errorf("as %s: %s, want %d", name, got.Status, want)
		}
	}
}

// TestLaunchOfOlderPortals: what newer portals send is not needed.
func TestLaunchOfOlderPortals(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	for _, options := range []string{"", "[]", "undefined", "null", `"x"`, `{"a":{"b":1}}`, `{"USER_ID":[1]}`} {
		for _, placement := range []string{"DEFAULT", "", "USER_PROFILE_TOOLBAR", "CALENDAR_GRIDVIEW", "IM_SIDEBAR", "NEW_PLACE"} {
			frame := p.LaunchForm(2, placement, options)
			for _, name := range []string{"SERVER_ENDPOINT", "APPLICATION_TOKEN", "APPLICATION_SCOPE"} {
				frame.Fields.Del(name)
			}
			response, body := p.Post(p.Browser(), frame.Action, frame.Fields, p.CrossSite()...)
			if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/find" {
				t.Errorf("%s with %s: %s to %q %.200s", placement, options, response.Status, response.Header.Get("Location"), body)
			}
		}
	}
}

// TestWidgetsDecideWhatIsShown: where the app was opened decides what it shows, and
// options that make no sense lead to the plain search.
func TestWidgetsDecideWhatIsShown(t *testing.T) {
	t.Parallel()
	p := startGranting(t, "im", "sonet_group")
	for _, c := range []struct{ placement, options, want string }{
		{"LEFT_MENU", `{"URI":"/"}`, "/find"},
		{"USER_PROFILE_TOOLBAR", `{"USER_ID":"3","URI":"/company/personal/user/3/"}`, "/find?who=3"},
		{"USER_PROFILE_TOOLBAR", `{"USER_ID":3}`, "/find?who=3"},
		{"USER_PROFILE_TOOLBAR", `{"USER_ID":"2"}`, "/find"},
		{"USER_PROFILE_TOOLBAR", `{"USER_ID":"3,4"}`, "/find"},
		{"USER_PROFILE_TOOLBAR", `{"USER_ID":"-3"}`, "/find"},
		{"IM_SIDEBAR", `{"dialogId":"3"}`, "/find?who=3"},
		{"IM_SIDEBAR", `{"dialogId":"chat999999"}`, "/find"},
		{"IM_TEXTAREA", `{"dialogId":"chat;drop"}`, "/find"},
		{"SONET_GROUP_DETAIL_TAB", `{"GROUP_ID":"32"}`, "/find?who="},
		{"SONET_GROUP_DETAIL_TAB", `{"GROUP_ID":"0"}`, "/find"},
		{"TASK_VIEW_TAB", `{"taskId":"31"}`, "/find"},
		{"CRM_DEAL_DETAIL_TAB", `{"ID":"8061"}`, "/find"},
		{"CALENDAR_GRIDVIEW", `{"viewRangeFrom":"2099-07-26","viewRangeTo":"2099-09-06"}`, "/find?from=2099-07-26&to=2099-09-05"},
		{"CALENDAR_GRIDVIEW", `{"viewRangeFrom":"2099-07-26","viewRangeTo":"2099-07-27"}`, "/find?from=2099-07-26&to=2099-07-26"},
		{"CALENDAR_GRIDVIEW", `{"viewRangeFrom":"2099-07-26","viewRangeTo":"2099-07-26"}`, "/find"},
		{"CALENDAR_GRIDVIEW", `{"viewRangeFrom":"2099-01-01","viewRangeTo":"2099-12-31"}`, "/find?from=2099-01-01&to=2099-04-02"},
		{"CALENDAR_GRIDVIEW", `{"viewRangeFrom":"1999-01-01","viewRangeTo":"1999-02-01"}`, "/find"},
		{"CALENDAR_GRIDVIEW", `{"viewRangeFrom":"2099-02-01","viewRangeTo":"2099-01-01"}`, "/find"},
		{"REST_APP_URI", `{"path":"/find?who=3&dur=30"}`, "/find?who=3&dur=30"},
		{"REST_APP_URI", `{"path":"//evil.example/find"}`, "/find"},
		{"REST_APP_URI", `{"path":"/find\r\nSet-Cookie: a=b"}`, "/find"},
		{"REST_APP_URI", `{"path":"/logout"}`, "/find"},
		{"DEFAULT", `{"path":"https://evil.example/"}`, "/find"},
	} {
		_, response := p.Launch(2, c.placement, c.options)
		got := response.Header.Get("Location")
		if got != c.want && !(strings.HasSuffix(c.want, "who=") && strings.HasPrefix(got, c.want)) {
			t.Errorf("%s with %s leads to %q, want %q", c.placement, c.options, got, c.want)
		}
	}
	_, response := p.Launch(2, "IM_SIDEBAR", `{"dialogId":"chat71"}`)
	at, _ := url.Parse(response.Header.Get("Location"))
	if n := len(strings.Split(at.Query().Get("who"), ",")); n < 4 {
		t.Errorf("the chat's members: %s", at)
	}
}

// startGranting is start with more scopes granted.
func startGranting(t *testing.T, scopes ...string) *harness.Product {
	t.Helper()
	p := harness.Start(t)
	p.Sim.AddApp(portalsim.App{
		ClientID: harness.ClientID, ClientSecret: harness.ClientSecret, Name: "Slotfinder", RedirectURL: p.App + "/bitrix24", InstallURL: p.App + "/bitrix24/install",
		Scopes: append([]string{"calendar", "user_brief", "department"}, scopes...),
	})
	return p
}

var passInPage = regexp.MustCompile(`name="frame_session" value="([^"]+)"`)

// pass renews a session as the script in the frame does.
func pass(p *harness.Product, user int) string {
	p.T.Helper()
	frame := p.LaunchForm(user, "DEFAULT", "")
	action, err := url.Parse(frame.Action)
	if err != nil {
		p.T.Fatal(err)
	}
	response, body := p.Post(p.Browser(), "/frame?"+action.RawQuery, frame.Fields, "Accept", harness.AsJSON, "Sec-Fetch-Site", "same-origin", "Origin", p.App)
	var answer struct{ Session string }
	if err := json.Unmarshal([]byte(body), &answer); err != nil || response.StatusCode != http.StatusOK || answer.Session == "" {
		p.T.Fatalf("renewal: %s %.300s", response.Status, body)
	}
	return answer.Session
}

// TestFrameWithoutCookies: where no cookie comes back, the frame shows a page that
// only its portal may frame; what the portal tells its script opens a session that
// headers and hidden fields carry.
func TestFrameWithoutCookies(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	_, response := p.Launch(2, "DEFAULT", "")
	if policy := response.Header.Get("Referrer-Policy"); policy != "strict-origin" {
		t.Errorf("the next request will not tell where it comes from: %q", policy)
	}
	nobody := func() *http.Client { return &http.Client{} }
	page, body := p.GetWith(nobody(), "/find?who=3&dur=45", harness.FrameHeader, "iframe", "Referer", "http://"+p.Company.Host+"/")
	if page.StatusCode != http.StatusUnauthorized || ancestors(page) != "http://"+p.Company.Host {
		t.Errorf("without the cookie: %s, framed by %s", page.Status, ancestors(page))
	}
	if !strings.Contains(body, `data-session-ended="/find?who=3&amp;dur=45"`) || !strings.Contains(body, `target="_blank"`) || strings.Contains(body, "Anna") {
		t.Errorf("without a session: %.600s", body)
	}
	for _, referer := range []string{"", "http://evil.example/", "http://" + p.Company.Host + ".evil.example/", "https://" + p.Company.Host + "/"} {
		if page, _ := p.GetWith(nobody(), "/find", harness.FrameHeader, "iframe", "Referer", referer); ancestors(page) != "'none'" {
			t.Errorf("from %q it may be framed by %s", referer, ancestors(page))
		}
	}

	pass := pass(p, 2)
	page, body = p.GetWith(nobody(), "/find?who=3", "X-Frame-Session", pass)
	renewed := page.Header.Get("X-Frame-Session")
	hidden := passInPage.FindStringSubmatch(body)
	if page.StatusCode != http.StatusOK || renewed == "" || hidden == nil || page.Header.Get("Cache-Control") != "no-store" {
		t.Fatalf("with the pass: %s, renewed %q, %q, %s", page.Status, renewed, hidden, page.Header.Get("Cache-Control"))
	}
	page, body = p.Post(nobody(), "/hours", url.Values{"frame_session": {hidden[1]}, "do": {"reset"}}, harness.FrameHeader, "iframe", "Sec-Fetch-Site", "same-origin")
	if page.StatusCode != http.StatusSeeOther {
		t.Errorf("a form with the hidden field: %s %.200s", page.Status, body)
	}
	if page, _ := p.GetWith(nobody(), "/find?frame_session="+url.QueryEscape(pass), "Accept", harness.AsJSON); page.StatusCode != http.StatusUnauthorized {
		t.Errorf("a pass in the address: %s", page.Status)
	}
	for name, bad := range map[string]string{"forged": pass + "x", "garbage": "x", "cut": pass[:len(pass)-4]} {
		if page, _ := p.GetWith(p.SignIn(2), "/find", "X-Frame-Session", bad, "Accept", harness.AsJSON); page.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s pass beside a good cookie: %s", name, page.Status)
		}
	}
	// A cookie is no pass, nor is a pass a cookie.
	_, launched := p.Launch(2, "DEFAULT", "")
	cookie := launched.Cookies()[0]
	if page, _ := p.GetWith(nobody(), "/find", "X-Frame-Session", cookie.Value, "Accept", harness.AsJSON); page.StatusCode != http.StatusUnauthorized {
		t.Errorf("the cookie as a pass: %s", page.Status)
	}
	if page, _ := p.GetWith(nobody(), "/find", "Cookie", cookie.Name+"="+pass, "Accept", harness.AsJSON); page.StatusCode != http.StatusUnauthorized {
		t.Errorf("the pass as a cookie: %s", page.Status)
	}
	// Ending the sessions ends the pass.
	p.Post(nobody(), "/logout", url.Values{"everywhere": {"1"}, "frame_session": {pass}})
	if page, _ := p.GetWith(nobody(), "/find", "X-Frame-Session", renewed, "Accept", harness.AsJSON); page.StatusCode != http.StatusUnauthorized {
		t.Errorf("the pass of an ended session: %s", page.Status)
	}
}

// TestOutOfTheFrame: a code leads into a tab of its own, once.
func TestOutOfTheFrame(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, _ := p.Launch(2, "DEFAULT", "")
	code := func() string {
		response, body := p.Post(client, "/frame/out", nil, "Accept", harness.AsJSON, "X-Frame-Session", "cookie", "Sec-Fetch-Site", "same-origin")
		var answer struct{ Code string }
		if err := json.Unmarshal([]byte(body), &answer); err != nil || len(answer.Code) < 40 {
			t.Fatalf("%s %.200s", response.Status, body)
		}
		return answer.Code
	}
	one, tab := code(), p.Browser()
	response, _ := p.Post(tab, "/open", url.Values{"code": {one}, "next": {"/find?who=3"}}, "Sec-Fetch-Site", "same-origin")
	if response.StatusCode != http.StatusSeeOther || response.Header.Get("Location") != "/find?who=3" {
		t.Fatalf("%s to %q", response.Status, response.Header.Get("Location"))
	}
	page, body := p.Get(tab, "/find", "")
	if page.StatusCode != http.StatusOK || ancestors(page) != "'none'" || strings.Contains(body, `class="framed"`) {
		t.Errorf("the tab: %s, framed by %s", page.Status, ancestors(page))
	}
	if response, _ := p.Post(p.Browser(), "/open", url.Values{"code": {one}}); response.StatusCode != http.StatusGone {
		t.Errorf("the code again: %s", response.Status)
	}
	two := code()
	if response, _ := p.Post(p.Browser(), "/open?code="+two, nil); response.StatusCode != http.StatusGone {
		t.Errorf("a code in the address: %s", response.Status)
	}
	if response, _ := p.Post(p.Browser(), "/open", url.Values{"code": {two}}, "Sec-Fetch-Site", "cross-site", "Origin", "https://evil.example"); response.StatusCode != http.StatusForbidden {
		t.Errorf("a code from another site: %s", response.Status)
	}
	if response, _ := p.Post(p.Browser(), "/open", url.Values{"code": {two}, "next": {"//evil.example"}}); response.Header.Get("Location") != "/find" {
		t.Errorf("the tab leads to %q", response.Header.Get("Location"))
	}
	three := code()
	p.Post(client, "/logout", nil, "X-Frame-Session", "cookie")
	if response, _ := p.Post(p.Browser(), "/open", url.Values{"code": {three}}); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("the code of an ended session: %s", response.Status)
	}
	// Without the script there is a page with a button.
	client, _ = p.Launch(2, "DEFAULT", "")
	response, body = p.Post(client, "/frame/out", url.Values{"next": {"/find?who=4"}}, harness.FrameHeader, "iframe")
	if response.StatusCode != http.StatusOK || !strings.Contains(body, `action="/open"`) || !strings.Contains(body, `value="/find?who=4"`) || response.Header.Get("Cache-Control") != "no-store" {
		t.Errorf("without the script: %s %.300s", response.Status, body)
	}
}

// TestSessionsStayApart: a launch never becomes part of a tab's session, nor does a
// sign-in become part of a frame's, whoever they are.
func TestSessionsStayApart(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	frame := p.LaunchForm(3, "DEFAULT", "") // somebody else's tokens, posted into this browser
	response, _ := p.Post(client, frame.Action, frame.Fields, "Origin", "https://evil.example", "Sec-Fetch-Site", "cross-site", harness.FrameHeader, "document")
	if response.StatusCode != http.StatusSeeOther {
		t.Fatal(response.Status)
	}
	for dest, chip := range map[string]string{"document": `id="chip-2"`, "iframe": `id="chip-3"`} {
		_, body := p.GetWith(client, "/find", harness.FrameHeader, dest)
		if !strings.Contains(body, chip) {
			t.Errorf("a %s shows another person's page", dest)
		}
	}
	if a := p.Find(client, ""); a.People[0].ID != 2 {
		t.Errorf("the tab is now user %d's", a.People[0].ID)
	}
	// Each launch is a session of its own.
	_, first := p.Launch(2, "DEFAULT", "")
	planted := first.Cookies()[0]
	victim := p.Browser()
	site, _ := url.Parse(p.App)
	victim.Jar.SetCookies(site, []*http.Cookie{planted})
	again := p.LaunchForm(2, "DEFAULT", "")
	response, _ = p.Post(victim, again.Action, again.Fields, p.CrossSite()...)
	if response.Cookies()[0].Value == planted.Value {
		t.Error("a launch took over the session that was there")
	}
}

// TestSignInLostInTheFrame: when the portal does not accept the tokens any more, the
// frame says so, keeps the query and can be renewed by the portal's word.
func TestSignInLostInTheFrame(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client, _ := p.Launch(2, "DEFAULT", "")
	p.Find(client, "")
	p.Sim.RevokeRefresh(p.Company.MemberID, 0)
	p.Company.ExpireTokens()
	page, body := p.GetWith(client, "/find?who=3&from=2099-01-05&to=2099-01-06", harness.FrameHeader, "iframe")
	if page.StatusCode != http.StatusUnauthorized || !strings.Contains(body, "data-session-ended=\"/find?who=3&amp;from=2099-01-05&amp;to=2099-01-06\"") {
		t.Errorf("%s %.500s", page.Status, body)
	}
	if ancestors(page) != "http://"+p.Company.Host {
		t.Errorf("framed by %s", ancestors(page))
	}
	pass := pass(p, 2)
	if page, _ := p.GetWith(&http.Client{}, "/find?who=3", "X-Frame-Session", pass, "Accept", harness.AsJSON); page.StatusCode != http.StatusOK {
		t.Errorf("renewed: %s", page.Status)
	}
}

// TestSignInLostInATab: the tab ends on the first page, not in a circle.
func TestSignInLostInATab(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	p.Sim.RevokeRefresh(p.Company.MemberID, 0)
	p.Company.ExpireTokens()
	response, body := p.Get(client, "/find?who=3&from=2099-01-05&to=2099-01-06", "")
	if response.StatusCode != http.StatusOK || response.Request.URL.Path != "/" || !strings.Contains(body, "who=3") {
		t.Errorf("%s at %s", response.Status, response.Request.URL)
	}
}

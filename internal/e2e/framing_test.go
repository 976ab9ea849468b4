package e2e

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
)

// TestFrameTokenCannotBeReplayed: a pass that somebody has copied is worth nothing any more
// once the session has ended: by signing out there, everywhere, or by dismissal.
func TestFrameTokenCannotBeReplayed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	db, _ := p.Database()
	for name, end := range map[string]func(pass string){
		"signing out": func(pass string) { p.Post(harness.Guest(), "/logout", nil, "X-Frame-Session", pass) },
		"signing out by form": func(pass string) {
			p.Post(harness.Guest(), "/logout", url.Values{"frame_session": {pass}})
		},
		"everywhere": func(string) {
			p.Post(p.SignIn(2), "/logout", url.Values{"everywhere": {"1"}}, "Sec-Fetch-Site", "same-origin")
		},
		"dismissal": func(string) {
			if err := db.CloseMember(t.Context(), meet.Member{Portal: p.Company.MemberID, User: 2}); err != nil {
				t.Error(err)
			}
		},
	} {
		pass := pass(p, 2)
		renewed, _ := p.GetWith(harness.Guest(), "/find", "X-Frame-Session", pass)
		if next := renewed.Header.Get("X-Frame-Session"); renewed.StatusCode != http.StatusOK || next == "" {
			t.Fatalf("%s: before: %s", name, renewed.Status)
		}
		end(pass)
		for _, replayed := range []string{pass, renewed.Header.Get("X-Frame-Session")} {
			for _, path := range []string{"/find", "/people?q=a", "/links", "/hours", "/live"} {
				response, body := p.GetWith(harness.Guest(), path, "X-Frame-Session", replayed, "Accept", harness.AsJSON)
				if response.StatusCode != http.StatusUnauthorized || response.Header.Get("X-Frame-Session") != "" {
					t.Errorf("after %s: %s: %s %.100s", name, path, response.Status, body)
				}
			}
			if response, _ := p.Post(harness.Guest(), "/frame/out", url.Values{"frame_session": {replayed}}, "Accept", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
				t.Errorf("after %s: a way out: %s", name, response.Status)
			}
		}
	}
}

// TestFrameTokenIsNotFixed: a renewal opens the session of whom its tokens prove,
// whatever session was brought along; that one stays whose it was. Of another site's
// page it opens none.
func TestFrameTokenIsNotFixed(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	planted := pass(p, 3)
	frame := p.LaunchForm(2, "DEFAULT", "")
	action := strings.Replace(frame.Action, "/bitrix24?", "/frame?", 1)
	frame.Fields.Set("frame_session", planted)
	response, body := p.Post(harness.Guest(), action, frame.Fields, "Accept", harness.AsJSON, "X-Frame-Session", planted, "Sec-Fetch-Site", "same-origin")
	fresh := harness.Decode[struct{ Session string }](t, body).Session
	if response.StatusCode != http.StatusOK || fresh == planted {
		t.Fatal(response.Status)
	}
	for pass, want := range map[string]string{planted: `"who":[3]`, fresh: `"who":[2]`} {
		if _, body := p.GetWith(harness.Guest(), "/find", "X-Frame-Session", pass, "Accept", harness.AsJSON); !strings.Contains(body, want) {
			t.Errorf("want %s: %.100s", want, body)
		}
	}
	// What stands in a pass is ours: parts of two make none, nor do the cookie's words.
	half := len(planted) / 2
	cookie := ""
	if client, _ := p.Launch(2, "DEFAULT", ""); true {
		site, _ := url.Parse(p.App)
		cookie = client.Jar.Cookies(site)[0].Value
	}
	for name, forged := range map[string]string{"mixed": planted[:half] + fresh[half:], "cut": fresh[:half], "cookie": cookie, "empty id": "e30", "long": strings.Repeat("A", 8000)} {
		if response, _ := p.GetWith(harness.Guest(), "/find", "X-Frame-Session", forged, "Accept", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	if response, _ := p.GetWith(harness.Guest(), "/find?frame_session="+fresh, "Accept", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("in the address: %s", response.Status)
	}
	for _, headers := range [][]string{p.CrossSite(), {"Sec-Fetch-Site", "same-site"}, {"Origin", "null"}, {"Origin", "https://evil.example"}} {
		frame := p.LaunchForm(2, "DEFAULT", "")
		response, _ := p.Post(harness.Guest(), strings.Replace(frame.Action, "/bitrix24?", "/frame?", 1), frame.Fields, headers...)
		if response.StatusCode != http.StatusForbidden || len(response.Cookies()) > 0 {
			t.Errorf("a renewal with %v: %s", headers, response.Status)
		}
	}
}

// TestOnlyThePortalFramesItsPages: nobody but the portal of a session can put its pages into
// a frame. A portal that we know, any stranger's, may only frame a page that has nothing
// of anybody, and begins nothing: also when the browser sends every cookie along.
func TestOnlyThePortalFramesItsPages(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	q := p.Neighbour()
	q.Launch(1, "DEFAULT", "") // now it is known
	mine, evil := "http://"+p.Company.Host, "http://"+q.Company.Host
	client := p.SignIn(2)
	anna := "Anna"
	look := func(when string, client *http.Client, ancestor string, named bool, headers ...string) {
		t.Helper()
		for _, path := range []string{"/find", "/find?who=3", "/hours", "/links", "/settings", "/groups", "/"} {
			response, body := p.GetWith(client, path, headers...)
			if got := ancestors(response); got != ancestor {
				t.Errorf("%s: %s may be framed by %s, not %s", when, path, got, ancestor)
			}
			if named && path == "/find" && !strings.Contains(body, anna) {
				t.Errorf("%s: nobody's page: %s", when, response.Status)
			}
			// The landing page leads to a sign-in, but nobody can frame it.
			if ancestor == "'none'" {
				body = strings.ReplaceAll(body, `action="/login" method="post"`, "")
			}
			if !named && (strings.Contains(body, anna) || strings.Contains(body, p.Company.Host) || strings.Contains(body, `method="post"`) ||
				ancestor != "'none'" && strings.Contains(body, `"/login`)) {
				t.Errorf("%s: %s shows whose it is, or has a button that does something", when, path)
			}
		}
	}
	dest := []string{harness.FrameHeader, "iframe", "Sec-Fetch-Site", "cross-site"}
	look("a tab's cookie in a stranger's frame", client, evil, false, append(dest, "Referer", evil+"/")...)
	look("the same by Origin", client, evil, false, append(dest, "Origin", evil)...)
	look("nobody in a stranger's frame", harness.Guest(), evil, false, append(dest, "Referer", evil+"/page")...)
	for _, address := range []string{
		"https://evil.example/", mine + ".evil.example/", mine + "@evil.example/", "https://" + p.Company.Host + "/", mine + "evil", "x" + mine, "javascript:" + mine, "//" + p.Company.Host,
		mine + "; script-src *", mine + " https://evil.example", "null", "",
	} {
		look(address, harness.Guest(), "'none'", false, append(dest, "Referer", address)...)
	}
	for _, said := range []string{"", "document", "embed", "object", "empty"} {
		look("as "+said, harness.Guest(), "'none'", false, harness.FrameHeader, said, "Referer", evil+"/")
	}
	look("a tab", client, "'none'", true, harness.FrameHeader, "document", "Referer", evil+"/")
	look("a tab without its word", client, "'none'", true, "Referer", evil+"/")
	framed, _ := p.Launch(2, "DEFAULT", "")
	look("a frame in another portal", framed, mine, true, append(dest, "Referer", evil+"/", "Origin", evil)...)
	look("a frame without its word", framed, mine, true, "Referer", evil+"/")
}

// TestEndedSessionLeadsToTheLandingPage: the way out of a frame without a session ends on
// a page that no portal can frame, with everything filled in; people who are signed in there get
// what they asked for.
func TestEndedSessionLeadsToTheLandingPage(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	p.Launch(2, "DEFAULT", "")
	portal := "http://" + p.Company.Host
	_, body := p.GetWith(harness.Guest(), "/find?who=3", harness.FrameHeader, "iframe", "Sec-Fetch-Site", "cross-site", "Referer", portal+"/")
	out := attribute(cascadia.Query(parse(t, body), cascadia.MustCompile(`a[target=_blank]`)), "href")
	response, body := p.GetWith(harness.Guest(), out, harness.FrameHeader, "document", "Sec-Fetch-Site", "same-origin")
	form := cascadia.Query(parse(t, body), cascadia.MustCompile(`form[action="/login"]`))
	if form == nil || ancestors(response) != "'none'" {
		t.Fatalf("%s leads to %s, framed by %s", out, response.Status, ancestors(response))
	}
	for name, want := range map[string]string{"portal": p.Company.Host, "next": "/find?who=3"} {
		if got := attribute(cascadia.Query(form, cascadia.MustCompile("[name="+name+"]")), "value"); got != want {
			t.Errorf("%s is %q, not %q", name, got, want)
		}
	}
	if response, _ := p.GetWith(p.SignIn(2), out, harness.FrameHeader, "document"); response.Header.Get("Location") != "/find?who=3" {
		t.Errorf("somebody signed in is led to %q", response.Header.Get("Location"))
	}
	if _, body := p.GetWith(harness.Guest(), "/?portal=%22%3E%3Cscript%3E"); strings.Contains(body, "<script>") || strings.Contains(body, "&lt;script") {
		t.Error("nonsense is filled in")
	}
}

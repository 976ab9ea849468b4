package browser

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// scene is a program with all that there is to be seen in it, beside two others whose
// portals have faults.
type scene struct {
	*harness.Product
	Open, Closed harness.MadeLink // of user 1
	Slow, Dead   *harness.Product // their portals answer late, and not at all
	places       map[string]place
	asked        atomic.Int32
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{Product: harness.Start(t), Slow: harness.Start(t), Dead: harness.Start(t)}
	client := s.SignIn(1)
	s.Open = s.Share(client, harness.ComingWeek()+"&title=Product+demo&note=See+you&show=names&who=2,5")
	s.Closed = s.Share(client, harness.ComingWeek()+"&who=2")
	s.SendForm(client, "/links/"+s.Closed.ID+"/revoke", "", harness.AsPage)
	s.Send(client, "/groups", url.Values{"name": {"Weekly round"}, "who": {"2,3"}, "opt": {"5"}})
	s.places = s.allPlaces()
	return s
}

// place is where a page is seen from: which program answers, and what the requests of
// a browser there are like.
type place struct {
	App    string
	Change func(*http.Request)
}

// allPlaces are all but a tab of the app. Their portals are out of order from then on.
func (s *scene) allPlaces() map[string]place {
	spoken := regexp.MustCompile(`LANG=\w*&?`) // without, pages have the browser's language
	frame, installer := s.LaunchForm(2, "DEFAULT", ""), s.LaunchForm(1, "DEFAULT", "")
	client := s.Browser()
	s.Post(client, spoken.ReplaceAllString(frame.Action, ""), frame.Fields, s.CrossSite()...)
	_, installed, _ := strings.Cut(spoken.ReplaceAllString(installer.Action, ""), "?")
	slow, dead := s.Slow.Scripted(s.Slow.SignIn(1)), s.Dead.SignIn(1)
	s.Slow.Company.Fail("*", portalsim.Slow(harness.Forever))
	s.Dead.Company.Fail("*", portalsim.HTML502())
	return map[string]place{
		"frame": {s.App, func(r *http.Request) { bring(r, client); r.Header.Set(harness.FrameHeader, "iframe") }},
		"no session": {s.App, func(r *http.Request) {
			r.Header.Del("Cookie")
			if !strings.HasPrefix(r.URL.Path, "/static/") {
				s.framed(r)
			}
		}},
		"installer": {s.App, func(r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/bitrix24") {
				return
			}
			r.Method, r.URL.RawQuery = http.MethodPost, installed
			r.Body = io.NopCloser(strings.NewReader(installer.Fields.Encode()))
			r.ContentLength = int64(len(installer.Fields.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			s.framed(r)
		}},
		"slow portal": {s.Slow.App, func(r *http.Request) { bring(r, slow) }},
		"dead portal": {s.Dead.App, func(r *http.Request) { bring(r, dead) }},
	}
}

// framed makes a request one that the portal's page sends into its frame.
func (s *scene) framed(r *http.Request) {
	r.Header.Set("Referer", "http://"+s.Company.Host+"/")
	for i, headers := 0, s.CrossSite(); i < len(headers); i += 2 {
		r.Header.Set(headers[i], headers[i+1])
	}
}

// others are people whom no search has asked for yet: that a portal has just failed is
// remembered for a while.
func (s *scene) others() string { return strconv.Itoa(20 + int(s.asked.Add(1))) }

// bring makes a request one of a client.
func bring(r *http.Request, client *http.Client) {
	r.Header.Del("Cookie")
	for _, c := range client.Jar.Cookies(&url.URL{Scheme: "http", Host: r.URL.Host, Path: "/"}) {
		r.AddCookie(c)
	}
}

package main

import (
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"

	"slotfinder/internal/portalsim"
)

// scene is a program with all that there is to be seen in it, beside two others whose
// portals have faults.
type scene struct {
	*product
	open, closed madeLink // of user 1
	slow, dead   *product // their portals answer late, and not at all
	places       map[string]place
	asked        atomic.Int32
}

func newScene(t *testing.T) *scene {
	t.Helper()
	s := &scene{product: start(t), slow: start(t), dead: start(t)}
	client := s.signIn(1)
	s.open = s.share(client, comingWeek()+"&title=Product+demo&note=See+you&show=names&who=2,5")
	s.closed = s.share(client, comingWeek()+"&who=2")
	s.sendForm(client, "/links/"+s.closed.ID+"/revoke", "", asPage)
	s.send(client, "/groups", url.Values{"name": {"Weekly round"}, "who": {"2,3"}, "opt": {"5"}})
	s.places = s.allPlaces()
	return s
}

// place is where a page is seen from: which program answers, and what the requests of
// a browser there are like.
type place struct {
	app    string
	change func(*http.Request)
}

// allPlaces are all but a tab of the app. Their portals are out of order from then on.
func (s *scene) allPlaces() map[string]place {
	spoken := regexp.MustCompile(`LANG=\w*&?`) // without, pages have the browser's language
	frame, installer := s.form(2, "DEFAULT", ""), s.form(1, "DEFAULT", "")
	client := s.browser()
	s.post(client, spoken.ReplaceAllString(frame.Action, ""), frame.Fields, s.crossSite()...)
	_, installed, _ := strings.Cut(spoken.ReplaceAllString(installer.Action, ""), "?")
	slow, dead := s.slow.scripted(s.slow.signIn(1)), s.dead.signIn(1)
	s.slow.company.Fail("*", portalsim.Slow(forever))
	s.dead.company.Fail("*", portalsim.HTML502())
	return map[string]place{
		"frame": {s.app, func(r *http.Request) { bring(r, client); r.Header.Set(inFrame, "iframe") }},
		"no session": {s.app, func(r *http.Request) {
			r.Header.Del("Cookie")
			if !strings.HasPrefix(r.URL.Path, "/static/") {
				s.framed(r)
			}
		}},
		"installer": {s.app, func(r *http.Request) {
			if !strings.HasPrefix(r.URL.Path, "/bitrix24") {
				return
			}
			r.Method, r.URL.RawQuery = http.MethodPost, installed
			r.Body = io.NopCloser(strings.NewReader(installer.Fields.Encode()))
			r.ContentLength = int64(len(installer.Fields.Encode()))
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			s.framed(r)
		}},
		"slow portal": {s.slow.app, func(r *http.Request) { bring(r, slow) }},
		"dead portal": {s.dead.app, func(r *http.Request) { bring(r, dead) }},
	}
}

// framed makes a request one that the portal's page sends into its frame.
func (s *scene) framed(r *http.Request) {
	r.Header.Set("Referer", "http://"+s.company.Host+"/")
	for i, headers := 0, s.crossSite(); i < len(headers); i += 2 {
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

package web

import (
	"context"
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/auth"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/templates/page"
	"slotfinder/templates/part"
)

// Inside a portal's frame a browser may keep no cookie for us, however it is marked.
// A pass stands in for it: our signature under the session's id and an hour. It goes
// with requests in a header or a hidden field and comes back renewed with each
// answer, and never is in a URL. What it is worth, the session in the database
// decides: where that has ended, so has the pass.
const (
	passHeader = "X-Frame-Session"
	passField  = "frame_session"
	passName   = "frame pass" // what the signature is for
	passLife   = time.Hour

	// byCookie is sent in place of a pass by pages in the frame whose browser keeps
	// the cookie, to tell them from the same browser's other tabs. The origin of the
	// portal around the page follows it: portals of one site, such as all those of
	// Bitrix24's cloud, share a jar, and each launch puts its own cookie there.
	byCookie = "cookie"
)

// codeLife is how long a code is good that opens a tab outside of the frame.
const codeLife = time.Minute

// frameName is the cookie's name in the frame.
func (s *sessionStore) frameName() string { return s.tabName() + "-frame" }

// frameOptions lets a cookie live in a frame of another site, and there in the jar
// of that site only. Without https, as in the demo, browsers take no such cookie, and
// a pass stands in.
func frameOptions(o sessions.Options) sessions.Options {
	if o.Secure {
		o.SameSite, o.Partitioned = http.SameSiteNoneMode, true
	}
	return o
}

// sessionOf finds the session of a request. One that brings a pass has that one and
// no other. A browser that does not keep the jars of frames apart may bring the
// cookies of both a tab and a frame; where it says which it is, that counts.
func (s *Server) sessionOf(r *http.Request) (*sessions.Session, error) {
	pass, err := passOf(r)
	if err != nil {
		return nil, err
	}
	around, marked := strings.CutPrefix(pass, byCookie)
	if pass != "" && !marked {
		return s.sessions.byPass(r, pass)
	}
	tab, err := s.sessions.Get(r, s.sessions.tabName())
	if err != nil || r.Header.Get("Sec-Fetch-Dest") == "document" {
		return tab, err
	}
	frame, err := s.sessions.Get(r, s.sessions.frameName())
	if err != nil {
		return nil, err
	}
	inFrame := framing(r) || marked
	around = strings.TrimSpace(around)
	switch {
	case around != "" && around != frame.Values[visitKey].(*visit).Frame:
		return s.sessions.blank(s.sessions.frameName()), nil // the cookie is another portal's
	case !frame.IsNew && (inFrame || !tab.Values[visitKey].(*visit).signedIn()):
		return frame, nil
	}
	if inFrame {
		return s.sessions.blank(s.sessions.frameName()), nil
	}
	return tab, nil
}

// endOlder ends the session in the frame that this browser's cookie has, if it is of the
// person who has just launched the app again: nothing leads to it any more. Somebody
// else's is left alone, because anybody can post a launch of theirs from any page.
func (s *sessionStore) endOlder(r *http.Request, m meet.Member) error {
	older, err := s.Get(r, s.frameName())
	if err != nil || older.Values[visitKey].(*visit).Member != m {
		return err
	}
	return s.end(r.Context(), older)
}

// framing reports whether a browser says that it fills a frame.
func framing(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	return dest == "iframe" || dest == "frame"
}

// passOf returns the pass of a request, or what stands in its place; "" without both.
func passOf(r *http.Request) (string, error) {
	if pass := r.Header.Get(passHeader); pass != "" {
		return pass, nil
	}
	if r.Method != http.MethodPost {
		return "", nil
	}
	if err := r.ParseForm(); err != nil {
		return "", unreadable(err)
	}
	return r.PostForm.Get(passField), nil
}

// byPass returns the session of a pass; an empty one when it is no good.
func (s *sessionStore) byPass(r *http.Request, pass string) (*sessions.Session, error) {
	session := s.blank(s.frameName())
	t := s.open(passName, pass)
	if t.ID == "" || s.now().Unix() >= t.Until {
		return session, nil
	}
	err := s.load(r.Context(), session, t.ID)
	session.Values[visitKey].(*visit).pass = s.ticket(r, s.frameName()).ID != t.ID
	return session, err
}

// pass makes a pass for a session of a frame.
func (s *sessionStore) pass(session *sessions.Session, v *visit) (string, error) {
	until := s.now().Add(passLife).Unix()
	pass, err := securecookie.EncodeMulti(passName, ticket{ID: session.ID, Frame: v.Frame, Until: until}, s.codecs...)
	if err != nil {
		return "", fmt.Errorf("writing a pass: %w", err)
	}
	return pass, nil
}

// enterFrame prepares the answer to a request of a session in a frame.
func (s *Server) enterFrame(c echo.Context, session *sessions.Session, v *visit) {
	s.frameBy(c, v.Frame)
	s.speak(c, v.Lang)
	if !v.pass {
		return
	}
	pass, err := s.sessions.pass(session, v)
	if err != nil {
		s.config.Log.Error("a frame gets no pass", "error", err)
		return
	}
	c.Response().Header().Set(passHeader, pass)
	// Images are asked for with cookies or with nothing.
	c.SetRequest(c.Request().WithContext(part.WithoutPhotos(c.Request().Context())))
}

// frameBy lets one portal put the answer into its frame, and nobody else.
func (s *Server) frameBy(c echo.Context, origin string) {
	c.Response().Header().Set("Content-Security-Policy", policy("'self'", origin))
}

// speak changes to the portal's language; the browser's is the next best.
func (s *Server) speak(c echo.Context, lang string) {
	r := c.Request()
	catalogue := locale.Match(lang, r.Header.Get("Accept-Language"))
	c.SetRequest(r.WithContext(locale.With(r.Context(), catalogue)))
	c.Response().Header().Set("Content-Language", catalogue.Tag)
}

// dressFrame makes a page of a signed-in person fit for the frame.
func (s *Server) dressFrame(c echo.Context, v *visit, f *layout.Frame) {
	f.Framed, f.Theme, f.PortalOrigin = true, "light", v.Frame
	f.Pass = c.Response().Header().Get(passHeader)
	f.Here = here(c)
}

// here is the path to come back to, as far as the request tells: that of the page
// asked for or, when only a part of one was asked for, of the page it belongs to.
func here(c echo.Context) string {
	r := c.Request()
	if isPage(r.URL) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		return safeNext(r.URL.RequestURI())
	}
	if back, err := url.Parse(r.Referer()); err == nil && back.Host == r.Host {
		return safeNext(back.RequestURI())
	}
	return safeNext("")
}

// inFrame reports whether an answer will stand in a portal's frame.
func (s *Server) inFrame(c echo.Context) bool {
	return c.Request().Header.Get(passHeader) != "" || s.embedder(c) != ""
}

// embedder returns the origin of the portal whose frame an answer will stand in
// although it has no session, "" outside of one. We have it in writing from an
// earlier launch, or the browser comes from the page of a portal that we know.
func (s *Server) embedder(c echo.Context) string {
	r := c.Request()
	dest := r.Header.Get("Sec-Fetch-Dest")
	if dest == "document" {
		return ""
	}
	pass, _ := passOf(r) // broken forms have none
	for _, t := range []ticket{s.sessions.open(passName, pass), s.sessions.ticket(r, s.sessions.frameName())} {
		if t.Frame != "" {
			return t.Frame
		}
	}
	if !framing(r) {
		return ""
	}
	for _, header := range []string{"Origin", "Referer"} {
		if origin := s.config.Portals.Embedder(r.Context(), r.Header.Get(header)); origin != "" {
			return origin
		}
	}
	return ""
}

// showSessionEnded says in the frame that there is no session, or no launch.
func (s *Server) showSessionEnded(c echo.Context, f fault) error {
	v := page.SessionEndedView{Key: f.key, Next: here(c), Renew: f.code == "signed_out"}
	if f.status >= http.StatusInternalServerError {
		v.Request = requestID(c)
	}
	origin := s.embedder(c)
	if origin != "" {
		s.frameBy(c, origin)
	}
	// Not straight to the sign-in: any portal may frame this page, and lay something of
	// its own over it that asks for a click.
	tab := url.Values{"next": {v.Next}}
	if portal, err := url.Parse(origin); err == nil && portal.Host != "" {
		tab.Set("portal", portal.Host)
	}
	v.Tab = "/?" + tab.Encode()
	if v.Renew {
		v.Key = "frame.ended"
	}
	if swapping(c) {
		return s.show(c, f.status, page.SessionEnded(v))
	}
	frame := layout.Frame{Title: s.text(c, v.Key, nil), Framed: true, Theme: "light", PortalOrigin: origin, Scripts: true}
	return s.show(c, f.status, layout.Standalone(frame, page.SessionEnded(v)))
}

// renewFrame opens a session anew with the tokens that the page in the frame has got
// from the portal around it. It is a launch in all but who posts it: the script of
// our own page, to which it answers with a pass.
func (s *Server) renewFrame(c echo.Context) error {
	session, v, _, err := s.enter(c)
	if err != nil {
		return err
	}
	pass, err := s.sessions.pass(session, v)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]string{"session": pass})
}

// leaveFrame gives somebody in the frame a code that opens a tab of its own: as JSON
// to the script, else as a page with a button.
func (s *Server) leaveFrame(c echo.Context) error {
	session, v, err := s.session(c)
	if err != nil {
		return err
	}
	next := safeNext(c.FormValue("next"))
	switch {
	case !v.signedIn():
		return &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	case !v.framed():
		return c.Redirect(http.StatusSeeOther, next)
	}
	code := newID()
	if err := s.config.Sessions.SaveFrameCode(c.Request().Context(), hashID(code), v.Member.Portal, hashID(session.ID), codeLife); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, map[string]string{"code": code})
	}
	return s.showApp(c, http.StatusOK, v, "frame.new_tab", page.WayOut(page.WayOutView{Code: code, Next: next}))
}

// openTab takes a code and signs the tab in as whoever got it. The code comes in the
// body, from a form in our own page: no address leads here.
func (s *Server) openTab(c echo.Context) error {
	if err := c.Request().ParseForm(); err != nil {
		return unreadable(err)
	}
	form := c.Request().PostForm
	v, err := s.redeem(c.Request().Context(), form.Get("code"))
	if err != nil {
		return err
	}
	return s.arrive(c, v, safeNext(form.Get("next")))
}

// redeem uses a code up and returns who got it, for a session of a tab.
func (s *Server) redeem(ctx context.Context, code string) (visit, error) {
	idHash, err := s.config.Sessions.TakeFrameCode(ctx, hashID(code))
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return visit{}, &meet.Error{Kind: meet.Gone, Key: "error.code_used"}
	case err != nil:
		return visit{}, err
	}
	row, err := s.config.Sessions.LoadSession(ctx, idHash, s.config.Now())
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return visit{}, &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	case err != nil:
		return visit{}, err
	}
	v, err := readVisit(row)
	if err != nil {
		return visit{}, err
	}
	v.Frame, v.Lang, v.row = "", "", auth.Session{}
	return *v, nil
}

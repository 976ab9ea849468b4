package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/gorilla/securecookie"
	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
)

// Inside a portal's frame a browser may keep no cookie for us, however it is marked.
// A token of the frame stands in for it: our signature under the session's id and an hour. It goes
// with requests in a header or a hidden field and comes back renewed with each
// answer, and never is in a URL. What it is worth, the session in the database
// decides: where that has ended, so has the token.
const (
	FrameTokenHeader = "X-Frame-Session"
	frameTokenField  = "frame_session"
	frameTokenName   = "frame pass" // what the signature is for; another text would end the sessions of today
	frameTokenLife   = time.Hour

	// byCookie is sent in place of a token by pages in the frame whose browser keeps
	// the cookie, to tell them from the same browser's other tabs. The origin of the
	// portal around the page follows it: portals of one site, such as all those of
	// Bitrix24's cloud, share a jar, and each launch puts its own cookie there.
	byCookie = "cookie"
)

// FrameName is the cookie's name in the frame.
func (s *SessionStore) FrameName() string { return s.TabName() + "-frame" }

// frameOptions lets a cookie live in a frame of another site, and there in the jar
// of that site only. Without https, as in the demo, browsers take no such cookie, and
// a frame token stands in.
func frameOptions(o sessions.Options) sessions.Options {
	if o.Secure {
		o.SameSite, o.Partitioned = http.SameSiteNoneMode, true
	}
	return o
}

// SessionOf finds the session of a request. One that brings a frame token has that one and
// no other. A browser that does not keep the jars of frames apart may bring the
// cookies of both a tab and a frame; where it says which it is, that counts.
func (s *Server) SessionOf(r *http.Request) (*sessions.Session, error) {
	token, err := frameTokenOf(r)
	if err != nil {
		return nil, err
	}
	around, marked := strings.CutPrefix(token, byCookie)
	if token != "" && !marked {
		return s.Cookies.byFrameToken(r, token)
	}
	tab, err := s.Cookies.Get(r, s.Cookies.TabName())
	if err != nil || r.Header.Get("Sec-Fetch-Dest") == "document" {
		return tab, err
	}
	frame, err := s.Cookies.Get(r, s.Cookies.FrameName())
	if err != nil {
		return nil, err
	}
	inFrame := Framing(r) || marked
	around = strings.TrimSpace(around)
	switch {
	case around != "" && around != frame.Values[IdentityKey].(*Identity).Frame:
		return s.Cookies.Blank(s.Cookies.FrameName()), nil // the cookie is another portal's
	case !frame.IsNew && (inFrame || !tab.Values[IdentityKey].(*Identity).SignedIn()):
		return frame, nil
	}
	if inFrame {
		return s.Cookies.Blank(s.Cookies.FrameName()), nil
	}
	return tab, nil
}

// EndOlder ends the session in the frame that this browser's cookie has, if it is of the
// person who has just launched the app again: nothing leads to it any more. Somebody
// else's is left alone, because anybody can post a launch of theirs from any page.
func (s *SessionStore) EndOlder(r *http.Request, m meet.Member) error {
	older, err := s.Get(r, s.FrameName())
	if err != nil || older.Values[IdentityKey].(*Identity).Member != m {
		return err
	}
	return s.End(r.Context(), older)
}

// Framing reports whether a browser says that it fills a frame.
func Framing(r *http.Request) bool {
	dest := r.Header.Get("Sec-Fetch-Dest")
	return dest == "iframe" || dest == "frame"
}

// frameTokenOf returns the frame token of a request, or what stands in its place; "" without both.
func frameTokenOf(r *http.Request) (string, error) {
	if token := r.Header.Get(FrameTokenHeader); token != "" {
		return token, nil
	}
	if r.Method != http.MethodPost {
		return "", nil
	}
	if err := r.ParseForm(); err != nil {
		return "", UnreadableForm(err)
	}
	return r.PostForm.Get(frameTokenField), nil
}

// byFrameToken returns the session of a frame token; an empty one when it is no good.
func (s *SessionStore) byFrameToken(r *http.Request, token string) (*sessions.Session, error) {
	session := s.Blank(s.FrameName())
	t := s.open(frameTokenName, token)
	if t.ID == "" || s.now().Unix() >= t.Until {
		return session, nil
	}
	err := s.load(r.Context(), session, t.ID)
	session.Values[IdentityKey].(*Identity).byToken = s.ticket(r, s.FrameName()).ID != t.ID
	return session, err
}

// FrameToken makes a token for a session of a frame.
func (s *SessionStore) FrameToken(session *sessions.Session, v *Identity) (string, error) {
	until := s.now().Add(frameTokenLife).Unix()
	token, err := securecookie.EncodeMulti(frameTokenName, Ticket{ID: session.ID, Frame: v.Frame, Until: until}, s.Codecs...)
	if err != nil {
		return "", fmt.Errorf("writing a frame token: %w", err)
	}
	return token, nil
}

// EnterFrame prepares the answer to a request of a session in a frame.
func (s *Server) EnterFrame(c echo.Context, session *sessions.Session, v *Identity) {
	s.frameBy(c, v.Frame)
	s.speak(c, v.Lang)
	if !v.byToken {
		return
	}
	token, err := s.Cookies.FrameToken(session, v)
	if err != nil {
		s.Config.Log.Error("a frame gets no token", "error", err)
		return
	}
	c.Response().Header().Set(FrameTokenHeader, token)
	s.withPhotoPasses(c, v)
}

// frameBy lets one portal put the answer into its frame, and nobody else.
func (s *Server) frameBy(c echo.Context, origin string) {
	c.Response().Header().Set("Content-Security-Policy", policy("'self'", origin))
}

// speak changes to the language chosen in the menu, else the portal's; the browser's is
// the next best.
func (s *Server) speak(c echo.Context, lang string) {
	readIn(c, lang, c.Request().Header.Get("Accept-Language"))
}

// fillFrame makes a page of a signed-in person fit for the frame.
func (s *Server) fillFrame(c echo.Context, v *Identity, f *layout.Frame) {
	f.Framed, f.Theme, f.PortalOrigin = true, "light", v.Frame
	f.Token = c.Response().Header().Get(FrameTokenHeader)
	f.Here = here(c)
}

// here is the path to come back to, as far as the request tells: that of the page
// asked for or, when only a part of one was asked for, of the page it belongs to.
func here(c echo.Context) string {
	r := c.Request()
	if isPage(r.URL) && (r.Method == http.MethodGet || r.Method == http.MethodHead) {
		return SafeNext(r.URL.RequestURI())
	}
	if back, err := url.Parse(r.Referer()); err == nil && back.Host == r.Host {
		return SafeNext(back.RequestURI())
	}
	return SafeNext("")
}

// InFrame reports whether an answer will stand in a portal's frame.
func (s *Server) InFrame(c echo.Context) bool {
	return c.Request().Header.Get(FrameTokenHeader) != "" || s.embedder(c) != ""
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
	token, _ := frameTokenOf(r) // broken forms have none
	for _, t := range []Ticket{s.Cookies.open(frameTokenName, token), s.Cookies.ticket(r, s.Cookies.FrameName())} {
		if t.Frame != "" {
			return t.Frame
		}
	}
	if !Framing(r) {
		return ""
	}
	for _, header := range []string{"Origin", "Referer"} {
		if origin := s.Config.Portals.Embedder(r.Context(), r.Header.Get(header)); origin != "" {
			return origin
		}
	}
	return ""
}

// showSessionEnded says in the frame that there is no session, or no launch.
func (s *Server) showSessionEnded(c echo.Context, f fault) error {
	v := layout.SessionEndedView{Key: f.key, Next: here(c), Renew: f.Code == "signed_out"}
	if f.Status >= http.StatusInternalServerError {
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
	if WantsPart(c) {
		return s.Show(c, f.Status, layout.SessionEnded(v))
	}
	frame := layout.Frame{Title: s.text(c, v.Key), Framed: true, Theme: "light", PortalOrigin: origin, Scripts: true}
	return s.Show(c, f.Status, layout.Standalone(frame, layout.SessionEnded(v)))
}

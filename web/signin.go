package web

import (
	"crypto/subtle"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// maxPending is how many sign-ins a browser may have under way, one a tab.
const maxPending = 5

// pending is a sign-in that has left for the portal and not come back. It lies in
// the session, so that only the browser that began it can end it.
type pending struct {
	auth.Pending
	Next string // path to go to afterwards
}

// landing shows what the product is and asks for the portal's address.
func (s *Server) landing(c echo.Context) error {
	_, v, err := s.session(c)
	if err != nil {
		return err
	}
	next := safeNext(c.QueryParam("next"))
	if v.signedIn() {
		return c.Redirect(http.StatusSeeOther, next)
	}
	if s.inFrame(c) {
		return &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	}
	portal, err := s.config.Portals.ParseAddress(c.QueryParam("portal"))
	if err != nil {
		portal = s.config.DemoPortal
	}
	return s.showLanding(c, http.StatusOK, page.LandingView{Portal: portal, Next: next})
}

func (s *Server) showLanding(c echo.Context, status int, v page.LandingView) error {
	if s.config.DemoPortal != "" {
		v.Demo = "/login?" + url.Values{"portal": {s.config.DemoPortal}, "next": {v.Next}}.Encode()
		v.Inside = "http://" + s.config.DemoPortal + "/"
	}
	s.signInPolicy(c)
	return s.showPublic(c, status, "landing.title", page.Landing(v))
}

// askToSignIn sends a browser without a session, or with one that has lost its
// tokens, to the landing page, which leads back to where it wanted to go.
func (s *Server) askToSignIn(c echo.Context) error {
	session, v, err := s.tabSession(c)
	if err == nil && v.signedIn() {
		session.Options.MaxAge = -1 // or the landing page would lead straight back here
		err = session.Save(c.Request(), c.Response())
	}
	if err != nil {
		return err
	}
	next := safeNext(c.Request().URL.RequestURI())
	return c.Redirect(http.StatusSeeOther, "/?"+url.Values{"next": {next}}.Encode())
}

// login sends the browser to the portal's sign-in.
func (s *Server) login(c echo.Context) error {
	typed, next := c.QueryParam("portal"), safeNext(c.QueryParam("next"))
	host, err := s.config.Portals.ParseAddress(typed)
	if err != nil {
		return s.refuseAddress(c, err, typed, next)
	}
	if sentByOthers(c.Request()) {
		return s.showLanding(c, http.StatusOK, page.LandingView{Portal: typed, Next: next})
	}
	begun := s.config.Portals.NewPending(host)
	target, err := s.config.Portals.Begin(host, begun.State)
	if err != nil {
		return err
	}
	session, v, err := s.tabSession(c)
	if err != nil {
		return err
	}
	v.Pending = append(v.Pending, pending{begun, next})
	v.Pending = v.Pending[max(0, len(v.Pending)-maxPending):]
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, target)
}

// sentByOthers reports whether another site has sent the browser here. Whoever chooses the
// portal also chooses who comes back from it: his own would answer with his own code,
// and whoever follows his link would work in his account. So it takes a click here.
func sentByOthers(r *http.Request) bool {
	switch r.Header.Get("Sec-Fetch-Site") {
	case "cross-site", "same-site":
		return true
	}
	return false
}

// refuseAddress shows the landing page with the message beside the field.
func (s *Server) refuseAddress(c echo.Context, err error, typed, next string) error {
	f := faultOf(err)
	if f.status != http.StatusUnprocessableEntity || wantsJSON(c) {
		return err
	}
	return s.showLanding(c, f.status, page.LandingView{Portal: typed, Next: next, Errors: f.fields})
}

// callback ends a sign-in: the portal has sent the browser back with a code.
func (s *Server) callback(c echo.Context) error {
	query := c.QueryParams()
	if !query.Has("code") && !query.Has("state") && !query.Has("error") {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	session, v, err := s.tabSession(c)
	if err != nil {
		return err
	}
	p, err := s.take(c, session, v, query.Get("state"))
	if err != nil {
		return err
	}
	if query.Has("error") {
		return &meet.Error{Kind: meet.Forbidden, Key: "error.signin_denied"}
	}
	in, err := s.config.Portals.Finish(c.Request().Context(), p.Pending, auth.Callback{
		Code: query.Get("code"), State: query.Get("state"), ServerDomain: query.Get("server_domain"),
		MemberID: query.Get("member_id"), Domain: query.Get("domain"),
	})
	if err != nil {
		return err
	}
	*v = visit{Member: in.Member, Name: in.Profile.Name, Zone: in.Profile.Zone, Admin: in.Profile.Admin, Host: in.Portal.Host}
	if err := s.renew(c, session); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, p.Next)
}

// take removes the sign-in with this state from the session, so that a state
// works once, and returns it.
func (s *Server) take(c echo.Context, session *sessions.Session, v *visit, state string) (pending, error) {
	at := slices.IndexFunc(v.Pending, func(p pending) bool {
		return subtle.ConstantTimeCompare([]byte(p.State), []byte(state)) == 1
	})
	if at < 0 {
		return pending{}, &meet.Error{Kind: meet.Forbidden, Key: "error.state_mismatch"}
	}
	p := v.Pending[at]
	v.Pending = slices.Delete(v.Pending, at, at+1)
	return p, session.Save(c.Request(), c.Response())
}

// logout ends the session, here and on the server; with everywhere=1 all of the
// person's sessions.
func (s *Server) logout(c echo.Context) error {
	session, v, err := s.session(c)
	if err != nil {
		return err
	}
	if v.signedIn() && c.FormValue("everywhere") == "1" {
		if err := s.config.Sessions.DeleteSessionsOf(c.Request().Context(), v.Member.Portal, v.Member.User); err != nil {
			return err
		}
	}
	session.Options.MaxAge = -1
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, "/")
}

// safeNext returns where to go after signing in: a page of ours, whatever the
// URL asked for.
func safeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.ContainsAny(next, "\\\r\n\t\x00") || !isPage(u) {
		return "/find"
	}
	return u.RequestURI()
}

// isPage reports whether a path is that of a whole page of people who are signed in.
// Browsers walk up at dots, also at those that are escaped: /find/../login is another
// page, and one that leads to any address.
func isPage(u *url.URL) bool {
	return path.Clean(u.Path) == u.Path && slices.ContainsFunc([]string{"/find", "/groups", "/hours", "/links", "/settings"}, func(page string) bool {
		return u.Path == page || strings.HasPrefix(u.Path, page+"/")
	})
}

package web

import (
	"cmp"
	"net/http"
	"net/url"
	"path"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// landing shows what the product is and asks for the portal's address.
func (s *Server) landing(c echo.Context) error {
	_, v, err := s.session(c)
	if err != nil {
		return err
	}
	next := nextOf(c.QueryParam("next"))
	if v.signedIn() {
		return c.Redirect(http.StatusSeeOther, next)
	}
	if s.inFrame(c) {
		return &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	}
	portal, err := s.config.Portals.ParseAddress(c.QueryParam("portal"))
	if err != nil {
		portal = cmp.Or(s.lastPortal(c), s.config.DemoPortal)
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
	next := nextOf(c.Request().URL.RequestURI())
	return c.Redirect(http.StatusSeeOther, "/?"+url.Values{"next": {next}}.Encode())
}

// login shows the landing page with the portal filled in. A click here goes straight on,
// and so does whoever has signed in at that portal before: whoever chooses the portal also
// chooses who comes back from it. Their own would answer with their own code, and whoever
// followed their link would work in their account.
func (s *Server) login(c echo.Context) error {
	typed, next := c.QueryParam("portal"), nextOf(c.QueryParam("next"))
	host, err := s.config.Portals.ParseAddress(typed)
	if err != nil {
		return s.refuseAddress(c, err, typed, next)
	}
	_, v, err := s.tabSession(c)
	if err != nil {
		return err
	}
	ours := c.Request().Header.Get("Sec-Fetch-Site") == "same-origin"
	if isHead(c) || !ours && v.Host != host && s.lastPortal(c) != host {
		return s.showLanding(c, http.StatusOK, page.LandingView{Portal: typed, Next: next})
	}
	return s.leave(c, host, typed, next)
}

// beginLogin sends the browser to the sign-in of the portal in the form of our own page.
func (s *Server) beginLogin(c echo.Context) error {
	typed, next := c.FormValue("portal"), nextOf(c.FormValue("next"))
	host, err := s.config.Portals.ParseAddress(typed)
	if err != nil {
		return s.refuseAddress(c, err, typed, next)
	}
	return s.leave(c, host, typed, next)
}

// leave sends the browser to a portal's sign-in, if there is a portal.
func (s *Server) leave(c echo.Context, host, typed, next string) error {
	ctx := c.Request().Context()
	if err := s.config.Portals.Probe(ctx, host); err != nil {
		return s.refuseAddress(c, err, typed, next)
	}
	begun := s.config.Portals.NewPending(ctx, host)
	target, err := s.config.Portals.Begin(host, begun.State)
	if err != nil {
		return err
	}
	if err := s.keepPending(c, pending{begun, next}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, target)
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
	p, found := s.takePending(c, query.Get("state"))
	switch {
	case !found:
		return &meet.Error{Kind: meet.Forbidden, Key: "error.state_mismatch"}
	case query.Has("error"):
		return &meet.Error{Kind: meet.Forbidden, Key: "error.signin_denied"}
	}
	ctx := c.Request().Context()
	in, err := s.config.Portals.Finish(ctx, p.Pending, auth.Callback{
		Code: query.Get("code"), State: query.Get("state"), ServerDomain: query.Get("server_domain"),
		MemberID: query.Get("member_id"), Domain: query.Get("domain"),
	})
	if err != nil {
		return err
	}
	// The cookie has gone with this answer, but somebody may have copied it.
	first, err := s.config.Sessions.UseState(ctx, in.Member.Portal, hashID(p.State), p.Started.Add(auth.PendingTime))
	if err != nil {
		return err
	}
	if !first {
		return &meet.Error{Kind: meet.Forbidden, Key: "error.state_mismatch"}
	}
	return s.arrive(c, s.visitOf(in), p.Next)
}

// logout ends the session, here and on the server; with everywhere=1 all of the
// person's sessions. What the browser keeps of our pages goes, too; that it remembers the
// portal stays.
func (s *Server) logout(c echo.Context) error {
	session, v, err := s.session(c)
	if err != nil {
		return err
	}
	reason := ""
	if v.signedIn() && c.FormValue("everywhere") == "1" {
		reason = "everywhere"
		if err := s.config.Sessions.DeleteSessionsOf(c.Request().Context(), v.Member); err != nil {
			return err
		}
	}
	session.Options.MaxAge = -1
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	if v.signedIn() {
		s.record(c, audit.SignedOut, reason)
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return c.Redirect(http.StatusSeeOther, "/")
}

// nextOf is safeNext for what a browser brings along while nobody is signed in.
func nextOf(next string) string {
	if len(next) > nextLimit {
		next = ""
	}
	return safeNext(next)
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
	return path.Clean(u.Path) == u.Path && slices.ContainsFunc([]string{"/find", "/groups", "/hours", "/links", "/sessions", "/settings"}, func(page string) bool {
		return u.Path == page || strings.HasPrefix(u.Path, page+"/")
	})
}

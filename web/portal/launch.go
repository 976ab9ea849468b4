package portal

import (
	"context"
	"errors"
	"net/http"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/web"
)

// launch opens the app in a portal's frame: the portal's page has posted a form with
// the tokens of whoever looks at it. Everybody can post such a form, so nothing of
// it counts but what the tokens prove, and its options only choose what is shown.
func (h *Handlers) launch(c echo.Context) error {
	in, l, err := h.verify(c)
	if err != nil {
		return err
	}
	_, v, err := h.openFrame(c, in, l)
	if err != nil {
		return err
	}
	if l.Placement == leftMenu && v.Admin {
		h.removeSecondEntry(c, in)
	}
	// The browser's next request still tells which portal it comes from, should it
	// come without the cookie.
	c.Response().Header().Set("Referrer-Policy", "strict-origin")
	return c.Redirect(http.StatusSeeOther, h.destination(c.Request().Context(), v, l))
}

// removeSecondEntry takes a second entry out of the menu of a portal that an earlier version
// was installed in: an administrator has come through it. The page is shown whether that
// succeeds or not; the next administrator tries again.
func (h *Handlers) removeSecondEntry(c echo.Context, in auth.SignIn) {
	ctx, cancel := context.WithTimeout(c.Request().Context(), placementLimit)
	defer cancel()
	if err := h.Rebind(ctx, in.Portal, in.Member); err != nil {
		h.Site.Log.Warn("a second menu entry stays", "error", err)
	}
}

// enter verifies a posted form and opens a session for whoever it proves. It is
// always a new one, in a cookie of its own: somebody else's tokens, posted from some
// page, must not become part of a session that exists.
func (h *Handlers) enter(c echo.Context) (*sessions.Session, *web.Identity, auth.Launch, error) {
	in, l, err := h.verify(c)
	if err != nil {
		return nil, nil, l, err
	}
	session, v, err := h.openFrame(c, in, l)
	return session, v, l, err
}

// openFrame opens a session in the frame for somebody who has been verified.
func (h *Handlers) openFrame(c echo.Context, in auth.SignIn, l auth.Launch) (*sessions.Session, *web.Identity, error) {
	session := h.Site.Cookies.Blank(h.Site.Cookies.FrameName())
	v := session.Values[web.IdentityKey].(*web.Identity)
	*v = h.Site.NewIdentity(in)
	v.Frame, v.Lang = in.Portal.Origin(), l.Language
	if err := h.Site.Cookies.EndOlder(c.Request(), in.Member); err != nil {
		return nil, nil, err
	}
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return nil, nil, err
	}
	h.Site.RecordOf(c, audit.Launched, v.Member, "")
	h.Site.EnterFrame(c, session, v)
	return session, v, nil
}

// verify asks what a posted form is worth.
func (h *Handlers) verify(c echo.Context) (auth.SignIn, auth.Launch, error) {
	r := c.Request()
	if err := r.ParseForm(); err != nil {
		return auth.SignIn{}, auth.Launch{}, web.UnreadableForm(err)
	}
	l, err := h.Site.Portals.ParseLaunch(r.URL.Query(), r.PostForm)
	if err != nil {
		return auth.SignIn{}, l, err
	}
	ctx, cancel := context.WithTimeout(r.Context(), web.RequestLimit)
	defer cancel()
	in, err := h.Site.Portals.Launch(ctx, l)
	return in, l, unverified(err)
}

// unverified tells "try again later" as what it is to somebody who posts a form: it
// could not be verified. The usual status of it, 429, would say that it was refused.
func unverified(err error) error {
	var busy *meet.Error
	if errors.As(err, &busy) && busy.Kind == meet.Busy {
		return meet.Errorf(meet.Unavailable, busy.Key, "%w", err)
	}
	return err
}

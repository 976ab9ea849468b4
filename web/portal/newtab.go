package portal

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	page "slotfinder/templates/portal"
	"slotfinder/web"
)

// codeLife is how long a code is good that opens a tab outside of the frame.
const codeLife = time.Minute

// renewFrame opens a session anew with the tokens that the page in the frame has got
// from the portal around it. It is a launch in all but who posts it: the script of
// our own page, to which it answers with a frame token.
func (h *Handlers) renewFrame(c echo.Context) error {
	session, v, _, err := h.enter(c)
	if err != nil {
		return err
	}
	token, err := h.Site.Cookies.FrameToken(session, v)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	return c.JSON(http.StatusOK, map[string]string{"session": token})
}

// leaveFrame gives somebody in the frame a code that opens a tab of its own: as JSON
// to the script, else as a page with a button.
func (h *Handlers) leaveFrame(c echo.Context) error {
	session, v, err := h.Site.Session(c)
	if err != nil {
		return err
	}
	next := web.SafeNext(c.FormValue("next"))
	switch {
	case !v.SignedIn():
		return &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	case !v.Framed():
		return c.Redirect(http.StatusSeeOther, next)
	}
	code := web.NewID()
	if err := h.Site.Sessions.SaveFrameCode(c.Request().Context(), web.HashID(code), v.Member.Portal, web.HashID(session.ID), codeLife); err != nil {
		return err
	}
	c.Response().Header().Set("Cache-Control", "no-store")
	if web.WantsJSON(c) {
		return c.JSON(http.StatusOK, map[string]string{"code": code})
	}
	return h.Site.ShowApp(c, http.StatusOK, v, "frame.new_tab", page.WayOut(page.WayOutView{Code: code, Next: next}))
}

// openTab takes a code and signs the tab in as whoever got it. The code comes in the
// body, from a form in our own page: no address leads here.
func (h *Handlers) openTab(c echo.Context) error {
	if err := c.Request().ParseForm(); err != nil {
		return web.UnreadableForm(err)
	}
	form := c.Request().PostForm
	v, err := h.redeem(c.Request().Context(), form.Get("code"))
	if err != nil {
		return err
	}
	return h.finishSignIn(c, v, web.SafeNext(form.Get("next")))
}

// redeem uses a code up and returns who got it, for a session of a tab.
func (h *Handlers) redeem(ctx context.Context, code string) (web.Identity, error) {
	idHash, err := h.Site.Sessions.TakeFrameCode(ctx, web.HashID(code))
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return web.Identity{}, &meet.Error{Kind: meet.Gone, Key: "error.code_used"}
	case err != nil:
		return web.Identity{}, err
	}
	row, err := h.Site.Sessions.LoadSession(ctx, idHash, h.Site.Now())
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return web.Identity{}, &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	case err != nil:
		return web.Identity{}, err
	}
	v, err := web.ReadIdentity(row)
	if err != nil {
		return web.Identity{}, err
	}
	v.Frame, v.Lang, v.Row = "", "", auth.Session{}
	return *v, nil
}

package portal

import (
	"cmp"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	page "slotfinder/templates/portal"
	"slotfinder/web"
)

// landing shows what the product is and asks for the portal's address.
func (h *Handlers) landing(c echo.Context) error {
	_, v, err := h.Site.Session(c)
	if err != nil {
		return err
	}
	next := web.NextOf(c.QueryParam("next"))
	if v.SignedIn() {
		return c.Redirect(http.StatusSeeOther, next)
	}
	if h.Site.InFrame(c) {
		return &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	}
	portal, err := h.Site.Portals.ParseAddress(c.QueryParam("portal"))
	if err != nil {
		portal = cmp.Or(h.lastPortal(c), h.Site.DemoPortal)
	}
	return h.showLanding(c, http.StatusOK, page.LandingView{Portal: portal, Next: next})
}

func (h *Handlers) showLanding(c echo.Context, status int, v page.LandingView) error {
	if h.Site.DemoPortal != "" {
		v.Demo = "/login?" + url.Values{"portal": {h.Site.DemoPortal}, "next": {v.Next}}.Encode()
		v.Inside = "http://" + h.Site.DemoPortal + "/"
	}
	h.Site.SignInPolicy(c)
	return h.Site.ShowPublic(c, status, "landing.title", page.Landing(v))
}

// login shows the landing page with the portal filled in. A click here goes straight on,
// and so does whoever has signed in at that portal before: whoever chooses the portal also
// chooses who comes back from it. Their own would answer with their own code, and whoever
// followed their link would work in their account.
func (h *Handlers) login(c echo.Context) error {
	typed, next := c.QueryParam("portal"), web.NextOf(c.QueryParam("next"))
	host, err := h.Site.Portals.ParseAddress(typed)
	if err != nil {
		return h.refuseAddress(c, err, typed, next)
	}
	_, v, err := h.Site.TabSession(c)
	if err != nil {
		return err
	}
	ours := c.Request().Header.Get("Sec-Fetch-Site") == "same-origin"
	if web.IsHead(c) || !ours && v.Host != host && h.lastPortal(c) != host {
		return h.showLanding(c, http.StatusOK, page.LandingView{Portal: typed, Next: next})
	}
	return h.leave(c, host, typed, next)
}

// beginLogin sends the browser to the sign-in of the portal in the form of our own page.
func (h *Handlers) beginLogin(c echo.Context) error {
	typed, next := c.FormValue("portal"), web.NextOf(c.FormValue("next"))
	host, err := h.Site.Portals.ParseAddress(typed)
	if err != nil {
		return h.refuseAddress(c, err, typed, next)
	}
	return h.leave(c, host, typed, next)
}

// leave sends the browser to a portal's sign-in, if there is a portal.
func (h *Handlers) leave(c echo.Context, host, typed, next string) error {
	ctx := c.Request().Context()
	if err := h.Site.Portals.Probe(ctx, host); err != nil {
		return h.refuseAddress(c, err, typed, next)
	}
	begun := h.Site.Portals.NewPending(ctx, host)
	target, err := h.Site.Portals.Begin(host, begun.State)
	if err != nil {
		return err
	}
	if err := h.keepPending(c, pending{begun, next}); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, target)
}

// refuseAddress shows the landing page with the message beside the field.
func (h *Handlers) refuseAddress(c echo.Context, err error, typed, next string) error {
	f := web.FaultOf(err)
	if f.Status != http.StatusUnprocessableEntity || web.WantsJSON(c) {
		return err
	}
	return h.showLanding(c, f.Status, page.LandingView{Portal: typed, Next: next, Errors: f.Fields})
}

// callback ends a sign-in: the portal has sent the browser back with a code.
func (h *Handlers) callback(c echo.Context) error {
	query := c.QueryParams()
	if !query.Has("code") && !query.Has("state") && !query.Has("error") {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	p, found := h.takePending(c, query.Get("state"))
	switch {
	case !found:
		return &meet.Error{Kind: meet.Forbidden, Key: "error.state_mismatch"}
	case query.Has("error"):
		return &meet.Error{Kind: meet.Forbidden, Key: "error.signin_denied"}
	}
	ctx := c.Request().Context()
	in, err := h.Site.Portals.Finish(ctx, p.Pending, auth.Callback{
		Code: query.Get("code"), State: query.Get("state"), ServerDomain: query.Get("server_domain"),
		MemberID: query.Get("member_id"), Domain: query.Get("domain"),
	})
	if err != nil {
		return err
	}
	// The cookie has gone with this answer, but somebody may have copied it.
	first, err := h.Site.Sessions.UseState(ctx, in.Member.Portal, web.HashID(p.State), p.Started.Add(auth.PendingTime))
	if err != nil {
		return err
	}
	if !first {
		return &meet.Error{Kind: meet.Forbidden, Key: "error.state_mismatch"}
	}
	return h.finishSignIn(c, h.Site.NewIdentity(in), p.Next)
}

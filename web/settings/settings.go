package settings

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
	page "slotfinder/templates/settings"
	"slotfinder/web"
)

// settings shows what holds for the whole portal to those who may change it.
func (h *Handlers) settings(c echo.Context, v *web.Identity) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	view := page.View{Saved: c.QueryParams().Has("saved"), Agreed: h.agreed(v, c.QueryParam("agreed"))}
	return h.showSettings(ctx, c, v, http.StatusOK, view)
}

// saveSettings does what a button of the page says. Whose account it is about is
// not asked for: it is that of whoever is signed in.
func (h *Handlers) saveSettings(c echo.Context, v *web.Identity) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	var err error
	consent, done := c.FormValue("consent") == "1", audit.AccountLent
	switch c.FormValue("do") {
	case "designate":
		if consent && !h.fresh(v) {
			return h.askAgain(ctx, c, v)
		}
		err = h.Settings.Designate(ctx, v.Member, consent)
	case "withdraw":
		done = audit.AccountTakenBack
		err = h.Settings.Withdraw(ctx, v.Member)
	default:
		err = echo.NewHTTPError(http.StatusBadRequest)
	}
	var fault *meet.Error
	switch {
	case errors.As(err, &fault) && fault.Kind == meet.Invalid && !web.WantsJSON(c):
		return h.showSettings(ctx, c, v, web.FaultOf(err).Status, page.View{Errors: fault.Fields})
	case err != nil:
		return err
	}
	h.Site.Record(c, done, "")
	h.Changes.Publish(v.Member.Portal) // open searches see it at once
	return c.Redirect(http.StatusSeeOther, "/settings?saved=1")
}

// freshFor is how long a sign-in, or a launch from the portal, is proof enough that it is
// the administrator themselves who lends their account to everybody.
const freshFor = 10 * time.Minute

func (h *Handlers) fresh(v *web.Identity) bool { return h.Site.Now().Sub(v.Proved) < freshFor }

// askAgain asks an administrator to go through the portal once more, and keeps what they
// have ticked.
func (h *Handlers) askAgain(ctx context.Context, c echo.Context, v *web.Identity) error {
	if web.WantsJSON(c) {
		return &meet.Error{Kind: meet.Forbidden, Key: "error.sign_in_again"}
	}
	until := h.Site.Now().Add(freshFor).Format(time.RFC3339)
	back := "/settings?" + url.Values{"agreed": {h.Site.Seal.Seal("consent", consenter(v), until)}}.Encode()
	view := page.View{Agreed: true, Again: &page.SignInAgain{Portal: v.Host, Next: back, Framed: v.Framed()}}
	return h.showSettings(ctx, c, v, http.StatusForbidden, view)
}

// agreed reports whether the person has just agreed, and been sent through the portal
// then. Nobody else can make the mark that says so.
func (h *Handlers) agreed(v *web.Identity, mark string) bool {
	text, err := h.Site.Seal.Open("consent", consenter(v), mark)
	until, bad := time.Parse(time.RFC3339, text)
	return err == nil && bad == nil && h.Site.Now().Before(until) && h.fresh(v)
}

func consenter(v *web.Identity) string { return fmt.Sprint(v.Member.Portal, " ", v.Member.User) }

func (h *Handlers) showSettings(ctx context.Context, c echo.Context, v *web.Identity, status int, view page.View) error {
	standing, err := h.Settings.Read(ctx, v.Member)
	if view.Saved && meet.KindOf(err) == meet.Forbidden {
		// They have withdrawn what they agreed to while they were an administrator.
		return c.Redirect(http.StatusSeeOther, "/find")
	}
	if err != nil {
		return err
	}
	view.Status, view.Zone = standing, web.ZoneOf(v, time.UTC)
	view.Consent = standing.Admin && standing.Designated != v.Member.User
	if view.Again != nil && !v.Framed() {
		h.Site.SignInPolicy(c)
	}
	return h.Site.ShowApp(c, status, v, "settings.title", page.Page(view))
}

package web

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
	"slotfinder/templates/page"
)

// settings shows what holds for the whole portal to those who may change it.
func (s *Server) settings(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	view := page.SettingsView{Saved: c.QueryParams().Has("saved"), Agreed: s.agreed(v, c.QueryParam("agreed"))}
	return s.showSettings(ctx, c, v, http.StatusOK, view)
}

// saveSettings does what a button of the page says. Whose account it is about is
// not asked for: it is that of whoever is signed in.
func (s *Server) saveSettings(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	consent, done := c.FormValue("consent") == "1", audit.AccountLent
	switch c.FormValue("do") {
	case "designate":
		if consent && !s.fresh(v) {
			return s.askAgain(ctx, c, v)
		}
		err = s.config.Settings.Designate(ctx, v.Member, consent)
	case "withdraw":
		done = audit.AccountTakenBack
		err = s.config.Settings.Withdraw(ctx, v.Member)
	default:
		err = echo.NewHTTPError(http.StatusBadRequest)
	}
	var fault *meet.Error
	switch {
	case errors.As(err, &fault) && fault.Kind == meet.Invalid && !wantsJSON(c):
		return s.showSettings(ctx, c, v, faultOf(err).status, page.SettingsView{Errors: fault.Fields})
	case err != nil:
		return err
	}
	s.record(c, done, "")
	s.config.Changes.Publish(v.Member.Portal) // open searches see it at once
	return c.Redirect(http.StatusSeeOther, "/settings?saved=1")
}

// freshFor is how long a sign-in, or a launch from the portal, is proof enough that it is
// the administrator themselves who lends their account to everybody.
const freshFor = 10 * time.Minute

func (s *Server) fresh(v *visit) bool { return s.config.Now().Sub(v.Proved) < freshFor }

// askAgain asks an administrator to go through the portal once more, and keeps what they
// have ticked.
func (s *Server) askAgain(ctx context.Context, c echo.Context, v *visit) error {
	if wantsJSON(c) {
		return &meet.Error{Kind: meet.Forbidden, Key: "error.sign_in_again"}
	}
	until := s.config.Now().Add(freshFor).Format(time.RFC3339)
	back := "/settings?" + url.Values{"agreed": {s.config.Seal.Seal("consent", consenter(v), until)}}.Encode()
	view := page.SettingsView{Agreed: true, Again: &page.SignInAgain{Portal: v.Host, Next: back, Framed: v.framed()}}
	return s.showSettings(ctx, c, v, http.StatusForbidden, view)
}

// agreed reports whether the person has just agreed, and been sent through the portal
// then. Nobody else can make the mark that says so.
func (s *Server) agreed(v *visit, mark string) bool {
	text, err := s.config.Seal.Open("consent", consenter(v), mark)
	until, bad := time.Parse(time.RFC3339, text)
	return err == nil && bad == nil && s.config.Now().Before(until) && s.fresh(v)
}

func consenter(v *visit) string { return fmt.Sprint(v.Member.Portal, " ", v.Member.User) }

func (s *Server) showSettings(ctx context.Context, c echo.Context, v *visit, status int, view page.SettingsView) error {
	standing, err := s.config.Settings.Read(ctx, v.Member)
	if view.Saved && meet.KindOf(err) == meet.Forbidden {
		// They have withdrawn what they agreed to while they were an administrator.
		return c.Redirect(http.StatusSeeOther, "/find")
	}
	if err != nil {
		return err
	}
	view.Fault = string(standing.Delegate)
	view.Consent = standing.Admin && standing.Designated != v.Member.User
	if id := standing.Designated; id != 0 {
		account := newPerson(id, standing.Person, v.Member, false)
		view.Account, view.Since = &account, standing.Since.In(zoneOf(v, time.UTC))
	}
	if view.Again != nil && !v.framed() {
		s.signInPolicy(c)
	}
	return s.showApp(c, status, v, "settings.title", page.Settings(view))
}

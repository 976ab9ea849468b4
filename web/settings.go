package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

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
	return s.showSettings(ctx, c, v, http.StatusOK, nil)
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
	done := "designated account set"
	switch c.FormValue("do") {
	case "designate":
		err = s.config.Steward.Designate(ctx, v.Member, c.FormValue("consent") == "1")
	case "withdraw":
		done = "designated account cleared"
		err = s.config.Steward.Withdraw(ctx, v.Member)
	default:
		err = echo.NewHTTPError(http.StatusBadRequest)
	}
	var fault *meet.Error
	switch {
	case errors.As(err, &fault) && fault.Kind == meet.Invalid && !wantsJSON(c):
		return s.showSettings(ctx, c, v, faultOf(err).status, fault.Fields)
	case err != nil:
		return err
	}
	s.config.Log.Info(done, "portal", v.Member.Portal, "user", v.Member.User)
	s.config.Board.Publish(v.Member.Portal) // open searches see it at once
	return c.Redirect(http.StatusSeeOther, "/settings?saved=1")
}

func (s *Server) showSettings(ctx context.Context, c echo.Context, v *visit, status int, faults map[string]string) error {
	saved := c.QueryParams().Has("saved")
	standing, err := s.config.Steward.Read(ctx, v.Member)
	if saved && meet.KindOf(err) == meet.Forbidden {
		// He has withdrawn what he agreed to while he was an administrator.
		return c.Redirect(http.StatusSeeOther, "/find")
	}
	if err != nil {
		return err
	}
	view := page.SettingsView{
		Saved: saved, Fault: string(standing.Fitness),
		Consent: standing.Admin && standing.Designated != v.Member.User, Errors: faults,
	}
	if id := standing.Designated; id != 0 {
		account := newPerson(id, standing.Person, v.Member, false)
		view.Account, view.Since = &account, standing.Since.In(zoneOf(v, time.UTC))
	}
	return s.showApp(c, status, v, "settings.title", page.Settings(view))
}

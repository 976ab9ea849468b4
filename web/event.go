package web

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
)

// eventLimit bounds the look into the database: Bitrix24 sends its next events
// later to those who answer slowly, and never sends one again.
const eventLimit = 2 * time.Second

// event takes what Bitrix24's cloud tells of a portal. Of its body three texts are
// read: which event, which portal, and the token that makes it believable. The
// rest is not looked at, least of all its addresses and the refresh tokens of
// whoever changed a calendar, and nothing of it is logged or kept.
//
// An event of a calendar means "drop what you know of the portal's calendars", so
// that one that comes twice, late or out of order does no harm. What tells of the app
// itself needs a look at the authorization server and is only written down here. A
// wrong token and a portal that is not ours are answered alike.
func (s *Server) event(c echo.Context) error {
	r := c.Request()
	if err := r.ParseForm(); err != nil {
		return unreadable(err)
	}
	name, portal := r.PostForm.Get("event"), r.PostForm.Get("auth[member_id]")
	ctx, cancel := context.WithTimeout(r.Context(), eventLimit)
	defer cancel()
	switch name {
	case "ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL":
		if err := s.config.Portals.ReceiveEvent(ctx, r.PostForm); err != nil {
			return err
		}
		return c.NoContent(http.StatusOK)
	}
	if err := s.config.Portals.CheckEvent(ctx, portal, r.PostForm.Get("auth[application_token]")); err != nil {
		return err
	}
	switch name {
	case "ONCALENDARENTRYADD", "ONCALENDARENTRYUPDATE", "ONCALENDARENTRYDELETE":
		s.config.Board.Publish(portal)
	}
	return c.NoContent(http.StatusOK)
}

// unreadable refuses a form. The parser's text quotes the form, so it is dropped.
func unreadable(err error) error {
	var http *echo.HTTPError
	if errors.As(err, &http) { // too large
		return http
	}
	return meet.Errorf(meet.Invalid, "error.invalid", "the form can't be read")
}

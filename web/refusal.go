package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
)

// Record writes an event of a request to the security log. Whose it is, says the
// session, if the request has been asked for it.
func (s *Server) Record(c echo.Context, event audit.Event, reason string) {
	var m meet.Member
	if v, ok := c.Get(IdentityKey).(*Identity); ok {
		m = v.Member
	}
	s.RecordOf(c, event, m, reason)
}

// RecordOf is record for an event that is about somebody else than the session says.
func (s *Server) RecordOf(c echo.Context, event audit.Event, m meet.Member, reason string) {
	s.Config.Audit.Record(audit.Entry{
		Event: event, Portal: m.Portal, User: m.User, Reason: reason, Address: Network(c.RealIP()),
	})
}

// recordRefusal writes the errors that tell of an attempt on security. The reason is the
// key of the error: a word of ours.
func (s *Server) recordRefusal(c echo.Context, f fault) {
	if event := refusalOf(c, f); event != "" {
		s.Record(c, event, f.key)
	}
}

// refusalOf is the event that an error is, "" for none. An error of ours, or of a portal
// that is away, refuses nobody.
func refusalOf(c echo.Context, f fault) audit.Event {
	posted := c.Request().Method == http.MethodPost
	_, signedIn := c.Get(IdentityKey).(*Identity)
	switch path := c.Path(); {
	case f.Status >= http.StatusInternalServerError:
		return ""
	case f.key == "error.cross_site":
		return audit.CrossSite
	case f.key == "error.too_many":
		return audit.RateLimited
	case path == CallbackPath && !posted:
		return audit.SignInRefused
	case path == LaunchPath, path == FramePath:
		return audit.LaunchRefused
	case path == InstallPath:
		return audit.InstallRefused
	case path == EventsPath && f.Status == http.StatusForbidden:
		return audit.EventRefused
	case f.Code == "not_found" && signedIn && strings.Contains(path, "/:id"):
		return audit.ObjectRefused
	}
	return ""
}

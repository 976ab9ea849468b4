package web

import (
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
)

// record writes an event of a request to the security log. Whose it is, says the
// session, if the request has been asked for it.
func (s *Server) record(c echo.Context, event audit.Event, reason string) {
	var m meet.Member
	if v, ok := c.Get(visitKey).(*visit); ok {
		m = v.Member
	}
	s.recordOf(c, event, m, reason)
}

// recordOf is record for an event that is about somebody else than the session says.
func (s *Server) recordOf(c echo.Context, event audit.Event, m meet.Member, reason string) {
	s.config.Audit.Record(audit.Entry{
		Event: event, Portal: m.Portal, User: m.User, Reason: reason, Address: network(c.RealIP()),
	})
}

// recordRefusal writes the errors that tell of an attempt on security. The reason is the
// key of the error: a word of ours.
func (s *Server) recordRefusal(c echo.Context, f fault) {
	if event := refusalOf(c, f); event != "" {
		s.record(c, event, f.key)
	}
}

// refusalOf is the event that an error is, "" for none. An error of ours, or of a portal
// that is away, refuses nobody.
func refusalOf(c echo.Context, f fault) audit.Event {
	posted := c.Request().Method == http.MethodPost
	_, signedIn := c.Get(visitKey).(*visit)
	switch path := c.Path(); {
	case f.status >= http.StatusInternalServerError:
		return ""
	case f.key == "error.cross_site":
		return audit.CrossSite
	case f.key == "error.too_many":
		return audit.RateLimited
	case path == callbackPath && !posted:
		return audit.SignInRefused
	case path == launchPath, path == framePath:
		return audit.LaunchRefused
	case path == installPath:
		return audit.InstallRefused
	case path == eventsPath && f.status == http.StatusForbidden:
		return audit.EventRefused
	case f.code == "not_found" && signedIn && strings.Contains(path, "/:id"):
		return audit.ObjectRefused
	}
	return ""
}

package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

const sessionsPath = "/sessions"

// sessionID names a session to its owner: a part of what is stored, which opens nothing.
func sessionID(row auth.Session) string { return row.IDHash[:min(len(row.IDHash), 16)] }

// visitsJSON is the JSON form of the list.
type visitsJSON struct {
	Sessions []visitJSON `json:"sessions"`
}

type visitJSON struct {
	ID      string    `json:"id"`
	Begun   time.Time `json:"begun"`
	Used    time.Time `json:"used"`
	Place   string    `json:"place"` // "tab" or "frame"
	Current bool      `json:"current"`
}

// showSessions lists where somebody is signed in.
func (s *Server) showSessions(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	rows, err := s.config.Sessions.SessionsOf(c.Request().Context(), v.Member, s.config.Now())
	if err != nil {
		return err
	}
	zone := zoneOf(v, time.UTC)
	list, view := visitsJSON{Sessions: []visitJSON{}}, page.SessionsView{Ended: c.QueryParams().Has("ended")}
	for _, row := range rows {
		its, err := readVisit(row)
		if err != nil {
			return err
		}
		place, current := "tab", row.IDHash == v.row.IDHash
		if its.framed() {
			place = "frame"
		}
		begun, used := row.Begun.Truncate(time.Second), row.Used.Truncate(time.Second)
		list.Sessions = append(list.Sessions, visitJSON{sessionID(row), begun, used, place, current})
		view.Sessions = append(view.Sessions, page.Visit{
			ID: sessionID(row), Begun: begun.In(zone), Used: used.In(zone), Framed: its.framed(), Current: current,
		})
	}
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, list)
	}
	return s.showApp(c, http.StatusOK, v, "sessions.title", page.Sessions(view))
}

// endSession ends one of the person's own sessions.
func (s *Server) endSession(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	ctx := c.Request().Context()
	rows, err := s.config.Sessions.SessionsOf(ctx, v.Member, s.config.Now())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if sessionID(row) != c.Param("id") {
			continue
		}
		if row.IDHash == v.row.IDHash {
			return s.logout(c)
		}
		if err := s.config.Sessions.DeleteSession(ctx, row.IDHash); err != nil {
			return err
		}
		s.record(c, audit.SessionEnded, "")
		if wantsJSON(c) {
			return c.NoContent(http.StatusNoContent)
		}
		return c.Redirect(http.StatusSeeOther, sessionsPath+"?ended")
	}
	return &meet.Error{Kind: meet.NotFound, Key: "error.not_found"}
}

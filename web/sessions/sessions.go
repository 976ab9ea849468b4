package sessions

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	page "slotfinder/templates/sessions"
	"slotfinder/web"
)

// sessionID names a session to its owner: a part of what is stored, which opens nothing.
func sessionID(row auth.Session) string { return row.IDHash[:min(len(row.IDHash), 16)] }

// sessionsJSON is the JSON form of the list.
type sessionsJSON struct {
	Sessions []sessionJSON `json:"sessions"`
}

type sessionJSON struct {
	ID      string    `json:"id"`
	Begun   time.Time `json:"begun"`
	Used    time.Time `json:"used"`
	Place   string    `json:"place"` // "tab" or "frame"
	Current bool      `json:"current"`
}

// showSessions lists where somebody is signed in.
func (h *Handlers) showSessions(c echo.Context, v *web.Identity) error {
	rows, err := h.Site.Sessions.SessionsOf(c.Request().Context(), v.Member, h.Site.Now())
	if err != nil {
		return err
	}
	zone := web.ZoneOf(v, time.UTC)
	list, view := sessionsJSON{Sessions: []sessionJSON{}}, page.View{Ended: c.QueryParams().Has("ended")}
	for _, row := range rows {
		its, err := web.ReadIdentity(row)
		if err != nil {
			return err
		}
		place, current := "tab", row.IDHash == v.Row.IDHash
		if its.Framed() {
			place = "frame"
		}
		begun, used := row.Begun.Truncate(time.Second), row.Used.Truncate(time.Second)
		list.Sessions = append(list.Sessions, sessionJSON{sessionID(row), begun, used, place, current})
		view.Sessions = append(view.Sessions, page.Session{
			ID: sessionID(row), Begun: begun.In(zone), Used: used.In(zone), Framed: its.Framed(), Current: current,
		})
	}
	if web.WantsJSON(c) {
		return c.JSON(http.StatusOK, list)
	}
	return h.Site.ShowApp(c, http.StatusOK, v, "sessions.title", page.Page(view))
}

// endSession ends one of the person's own sessions.
func (h *Handlers) endSession(c echo.Context, v *web.Identity) error {
	ctx := c.Request().Context()
	rows, err := h.Site.Sessions.SessionsOf(ctx, v.Member, h.Site.Now())
	if err != nil {
		return err
	}
	for _, row := range rows {
		if sessionID(row) != c.Param("id") {
			continue
		}
		if row.IDHash == v.Row.IDHash {
			return h.logout(c)
		}
		if err := h.Site.Sessions.DeleteSession(ctx, row.IDHash); err != nil {
			return err
		}
		h.Site.Record(c, audit.SessionEnded, "")
		if web.WantsJSON(c) {
			return c.NoContent(http.StatusNoContent)
		}
		return c.Redirect(http.StatusSeeOther, web.SessionsPath+"?ended")
	}
	return &meet.Error{Kind: meet.NotFound, Key: "error.not_found"}
}

// logout ends the session, here and on the server; with everywhere=1 all of the
// person's sessions. What the browser keeps of our pages goes, too; that it remembers the
// portal stays.
func (h *Handlers) logout(c echo.Context) error {
	session, v, err := h.Site.Session(c)
	if err != nil {
		return err
	}
	reason := ""
	if v.SignedIn() && c.FormValue("everywhere") == "1" {
		reason = "everywhere"
		if err := h.Site.Sessions.DeleteSessionsOf(c.Request().Context(), v.Member); err != nil {
			return err
		}
	}
	session.Options.MaxAge = -1
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	if v.SignedIn() {
		h.Site.Record(c, audit.SignedOut, reason)
	}
	c.Response().Header().Set("Clear-Site-Data", `"cache", "storage"`)
	return c.Redirect(http.StatusSeeOther, "/")
}

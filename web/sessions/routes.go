package sessions

import (
	"slotfinder/web"
)

// Handlers answers for the list of a person's own sessions, and their end.
type Handlers struct {
	Site *web.Server
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	s.GET(web.SessionsPath, s.SignedIn(h.showSessions))
	s.POST(web.SessionsPath+"/:id/end", s.SignedIn(h.endSession))
	s.POST("/logout", s.Anyone(h.logout)) // ending a session that is not there is no fault
}

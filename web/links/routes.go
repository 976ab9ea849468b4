package links

import (
	"slotfinder/internal/finder"
	"slotfinder/internal/sharer"
	"slotfinder/web"
)

// Handlers answers for the links that people share: making, changing and ending them. Only a link's owner finds it.
type Handlers struct {
	Site   *web.Server
	Sharer *sharer.Sharer
	Finder *finder.Finder
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	s.GET("/links", s.SignedIn(h.links))
	s.POST("/links", s.SignedIn(h.makeLink))
	s.GET("/links/new", s.SignedIn(h.newLink))
	s.GET("/links/:id", s.SignedIn(h.link))
	s.POST("/links/:id", s.SignedIn(h.editLink))
	s.POST("/links/:id/pause", s.SignedIn(h.pauseLink))
	s.POST("/links/:id/resume", s.SignedIn(h.resumeLink))
	s.POST("/links/:id/revoke", s.SignedIn(h.revokeLink))
	s.POST("/links/:id/delete", s.SignedIn(h.deleteLink))
}

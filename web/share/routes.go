package share

import (
	"slotfinder/internal/sharer"
	"slotfinder/web"
)

// Handlers answers for the pages that anyone may open who has a link.
type Handlers struct {
	Site   *web.Server
	Sharer *sharer.Sharer

	shared answerCache
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	s.GET(web.SharePath+":token", s.Anyone(h.share), h.guests) // by the token
}

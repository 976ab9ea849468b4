package hours

import (
	"slotfinder/internal/changefeed"
	"slotfinder/internal/finder"
	"slotfinder/internal/settings"
	"slotfinder/web"
)

// Handlers answers for the page on which people set their working time.
type Handlers struct {
	Site         *web.Server
	WorkingHours *finder.WorkingHours
	Settings     *settings.Settings
	Changes      *changefeed.Feed
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	s.GET("/hours", s.SignedIn(h.hours))
	s.POST("/hours", s.SignedIn(h.saveHours))
}

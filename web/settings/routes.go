package settings

import (
	"slotfinder/internal/changefeed"
	"slotfinder/internal/settings"
	"slotfinder/web"
)

// Handlers answers for what administrators decide for their portal. Whether somebody is one, Bitrix24 is asked each time.
type Handlers struct {
	Site     *web.Server
	Settings *settings.Settings
	Changes  *changefeed.Feed
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	s.GET("/settings", s.SignedIn(h.settings))
	s.POST("/settings", s.SignedIn(h.saveSettings))
}

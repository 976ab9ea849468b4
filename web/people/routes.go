package people

import (
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	"slotfinder/web"
)

// Handlers answers for the people search, photos, and the groups that people keep.
type Handlers struct {
	Site   *web.Server
	Picker *picker.Picker
	Photos meet.Photos
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	s.GET("/people", s.SignedIn(h.people))
	s.GET("/photo/:id", s.Pictured(h.photo))
	s.GET(web.PhotoSpritePath+":ids", s.Pictured(h.photoSprite))
	s.GET(web.GroupsPath, s.SignedIn(h.groups))
	s.POST(web.GroupsPath, s.SignedIn(h.saveGroup))
	s.POST(web.GroupsPath+"/delete", s.SignedIn(h.deleteGroup))
}

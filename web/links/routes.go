package links

import (
	"github.com/labstack/echo/v4"

	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
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
	s.POST("/links/new", s.SignedIn(h.makeLink))
	s.GET("/links/:id", s.SignedIn(h.owner(h.link)))
	s.POST("/links/:id", s.SignedIn(h.owner(h.editLink)))
	s.GET("/links/:id/edit", s.SignedIn(h.owner(h.linkForm)))
	s.POST("/links/:id/edit", s.SignedIn(h.owner(h.editLink)))
	s.POST("/links/:id/pause", s.SignedIn(h.owner(h.pauseLink)))
	s.POST("/links/:id/resume", s.SignedIn(h.owner(h.resumeLink)))
	s.POST("/links/:id/revoke", s.SignedIn(h.owner(h.revokeLink)))
	s.POST("/links/:id/delete", s.SignedIn(h.owner(h.deleteLink)))
}

// ownerHandler answers a request of the owner of a link.
type ownerHandler func(c echo.Context, v *web.Identity, link meet.Link) error

// owner is for the owner of the link in the address. For everybody else there is no such
// link, whatever they have sent.
func (h *Handlers) owner(handle ownerHandler) web.Handler {
	return func(c echo.Context, v *web.Identity) error {
		link, err := h.Sharer.One(c.Request().Context(), v.Member, c.Param("id"))
		if err != nil {
			return err
		}
		return handle(c, v, link)
	}
}

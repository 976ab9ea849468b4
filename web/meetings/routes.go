package meetings

import (
	"github.com/labstack/echo/v4"

	"slotfinder/internal/booker"
	"slotfinder/internal/finder"
	"slotfinder/web"
)

// Handlers answers for meetings: booking, showing, moving and cancelling them. A meeting is
// found by its host, and one of the portal by those who are invited; by nobody else.
type Handlers struct {
	Site   *web.Server
	Booker *booker.Booker
	Finder *finder.Finder
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	s.GET("/meetings", s.SignedIn(h.list))
	s.POST("/meetings", s.SignedIn(h.book))
	s.GET("/meetings/new", s.SignedIn(h.form))
	s.POST("/meetings/new", s.SignedIn(h.book))
	s.GET("/meetings/:id", s.SignedIn(h.meeting(h.show)))
	s.GET("/meetings/:id/move", s.SignedIn(h.meeting(h.moveTimes)))
	s.POST("/meetings/:id/move", s.SignedIn(h.move))
	s.POST("/meetings/:id/cancel", s.SignedIn(h.cancel))
	s.POST("/meetings/:id/answer", s.SignedIn(h.answer))
}

// meetingHandler answers a request about a meeting of the visitor.
type meetingHandler func(c echo.Context, v *web.Identity, m booker.View) error

// meeting is for those who may see the meeting in the address. For everybody else there is no
// such meeting.
func (h *Handlers) meeting(handle meetingHandler) web.Handler {
	return func(c echo.Context, v *web.Identity) error {
		ctx, cancel := requestContext(c)
		defer cancel()
		m, err := h.Booker.One(ctx, v.Member, meetingID(c))
		if err != nil {
			return web.OutOfTime(ctx, err)
		}
		return handle(c, v, m)
	}
}

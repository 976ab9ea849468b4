package web

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
)

// How long a browser may keep a photo: its address changes with it. One that
// isn't there is asked for again soon.
const (
	photoKept   = "private, max-age=86400"
	noPhotoKept = "private, max-age=60"
	photoLimit  = 6 * time.Second
)

// photo answers with the picture of a colleague, as the member's portal has it.
// Whatever goes wrong is no picture: the page shows initials then.
func (s *Server) photo(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	ctx, cancel := context.WithTimeout(c.Request().Context(), photoLimit)
	defer cancel()
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return c.NoContent(http.StatusNotFound)
	}
	photo, err := s.config.Photos.Photo(ctx, v.Member, id)
	if err != nil {
		if meet.KindOf(err) != meet.NotFound {
			s.note(c, err, faultOf(err))
		}
		h.Set("Cache-Control", noPhotoKept)
		return c.NoContent(http.StatusNotFound)
	}
	h.Set("Cache-Control", photoKept)
	return c.Blob(http.StatusOK, photo.Type, photo.Data)
}

// photoOf returns the address of somebody's photo here, "" without one. The mark
// in it keeps a browser from showing an old photo, or one of another portal's
// person with the same id.
func photoOf(p meet.Person, m meet.Member) string {
	mark := p.Mark(m.Portal)
	if mark == "" {
		return ""
	}
	return "/photo/" + strconv.FormatInt(p.ID, 10) + "?v=" + mark
}

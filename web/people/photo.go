package people

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/web"
)

// Photos come two ways. A page about people has them on one sheet, so that ten or
// sixty people cost one request; the people search, which finds others with every
// letter, has them one by one, so that a browser keeps each.
const (
	photosAtOnce = 6 // photos that one sheet waits for at the same time
)

// photoSprite answers with the photos of several colleagues on one sheet: an SVG with a
// view for each, of which a page shows one as /faces/2.7#p7. One that can't be had
// leaves a hole, through which the initials are seen.
func (h *Handlers) photoSprite(c echo.Context, v *web.Identity) error {
	ids, ok := spriteIDs(c.Param("ids"))
	if !ok {
		return echo.ErrNotFound
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), photoLimit)
	defer cancel()
	photos := make([]meet.Photo, len(ids))
	var all sync.WaitGroup
	free := make(chan struct{}, photosAtOnce)
	for i, id := range ids {
		all.Go(rescue.Func(func(err error) { h.Site.Note(c, err, web.FaultOf(err)) }, func() {
			select {
			case free <- struct{}{}:
			case <-ctx.Done():
				return // whoever asked has gone, or waits no longer
			}
			defer func() { <-free }()
			photo, err := h.Photos.Photo(ctx, v.Member, id)
			if err != nil && meet.KindOf(err) != meet.NotFound {
				h.Site.Note(c, err, web.FaultOf(err))
			}
			photos[i] = photo
		}))
	}
	all.Wait()
	header := c.Response().Header()
	header.Set("Content-Security-Policy", "default-src 'none'; img-src data:; sandbox; frame-ancestors 'none'")
	header.Set("Cache-Control", photoKept)
	if slices.ContainsFunc(photos, func(p meet.Photo) bool { return len(p.Data) == 0 }) {
		header.Set("Cache-Control", noPhotoKept)
	}
	return c.Blob(http.StatusOK, "image/svg+xml", drawSprite(ids, photos))
}

// spriteIDs reads the people of a sheet, such as 2.7.12.
func spriteIDs(text string) (ids []int64, ok bool) {
	for part := range strings.SplitSeq(text, ".") {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil || len(ids) == web.MostInSprite {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// drawSprite draws photos side by side, each a square of one unit.
func drawSprite(ids []int64, photos []meet.Photo) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d 1">`, len(ids))
	for i, id := range ids {
		fmt.Fprintf(&b, `<view id="p%d" viewBox="%d 0 1 1"/>`, id, i)
		if photo := photos[i]; len(photo.Data) > 0 {
			fmt.Fprintf(&b, `<image x="%d" width="1" height="1" href="data:%s;base64,%s"/>`, i, photo.Type, base64.StdEncoding.EncodeToString(photo.Data))
		}
	}
	b.WriteString(`</svg>`)
	return b.Bytes()
}

// How long a browser may keep a photo: its address changes with it. One that
// isn't there is asked for again soon.
const (
	photoKept   = "private, max-age=86400"
	noPhotoKept = "private, max-age=60"
	photoLimit  = 6 * time.Second
)

// photo answers with the picture of a colleague, as the member's portal has it.
// Whatever goes wrong is no picture: the page shows initials then.
func (h *Handlers) photo(c echo.Context, v *web.Identity) error {
	header := c.Response().Header()
	header.Set("Content-Security-Policy", "default-src 'none'; sandbox; frame-ancestors 'none'")
	ctx, cancel := context.WithTimeout(c.Request().Context(), photoLimit)
	defer cancel()
	id, err := strconv.ParseInt(c.Param("id"), 10, 64)
	if err != nil {
		return c.NoContent(http.StatusNotFound)
	}
	photo, err := h.Photos.Photo(ctx, v.Member, id)
	if err != nil {
		if meet.KindOf(err) != meet.NotFound {
			h.Site.Note(c, err, web.FaultOf(err))
		}
		header.Set("Cache-Control", noPhotoKept)
		return c.NoContent(http.StatusNotFound)
	}
	header.Set("Cache-Control", photoKept)
	return c.Blob(http.StatusOK, photo.Type, photo.Data)
}

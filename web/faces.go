package web

import (
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/templates/page"
)

// Photos come two ways. A page about people has them on one sheet, so that ten or
// sixty people cost one request; the people search, which finds others with every
// letter, has them one by one, so that a browser keeps each.
const (
	facesPath   = "/faces/"
	mostFaces   = 100 // on a sheet; those beyond come one by one as they are scrolled to
	facesAtOnce = 6   // photos that one sheet waits for at the same time
)

// faces answers with the photos of several colleagues on one sheet: an SVG with a
// view for each, of which a page shows one as /faces/2.7#p7. One that can't be had
// leaves a hole, through which the initials are seen.
func (s *Server) faces(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	ids, ok := faceIDs(c.Param("ids"))
	if !ok {
		return echo.ErrNotFound
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), photoLimit)
	defer cancel()
	photos := make([]meet.Photo, len(ids))
	var all sync.WaitGroup
	free := make(chan struct{}, facesAtOnce)
	for i, id := range ids {
		all.Go(rescue.Func(func(err error) { s.note(c, err, faultOf(err)) }, func() {
			select {
			case free <- struct{}{}:
			case <-ctx.Done():
				return // whoever asked has gone, or waits no longer
			}
			defer func() { <-free }()
			photo, err := s.config.Photos.Photo(ctx, v.Member, id)
			if err != nil && meet.KindOf(err) != meet.NotFound {
				s.note(c, err, faultOf(err))
			}
			photos[i] = photo
		}))
	}
	all.Wait()
	h := c.Response().Header()
	h.Set("Content-Security-Policy", "default-src 'none'; img-src data:; sandbox; frame-ancestors 'none'")
	h.Set("Cache-Control", photoKept)
	if slices.ContainsFunc(photos, func(p meet.Photo) bool { return len(p.Data) == 0 }) {
		h.Set("Cache-Control", noPhotoKept)
	}
	return c.Blob(http.StatusOK, "image/svg+xml", sheet(ids, photos))
}

// faceIDs reads the people of a sheet, such as 2.7.12.
func faceIDs(text string) (ids []int64, ok bool) {
	for part := range strings.SplitSeq(text, ".") {
		id, err := strconv.ParseInt(part, 10, 64)
		if err != nil || len(ids) == mostFaces {
			return nil, false
		}
		ids = append(ids, id)
	}
	return ids, true
}

// sheet draws photos side by side, each a square of one unit.
func sheet(ids []int64, photos []meet.Photo) []byte {
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

// gather puts the photos of a page's people on one sheet. Its address changes with
// every photo on it.
func gather(people []page.Person) {
	var with []*page.Person
	for i := range people {
		if people[i].Photo != "" {
			with = append(with, &people[i])
		}
	}
	slices.SortFunc(with, func(a, b *page.Person) int { return cmp.Compare(a.ID, b.ID) })
	with = with[:min(len(with), mostFaces)]
	marks, ids := sha256.New(), make([]string, len(with))
	for i, p := range with {
		marks.Write([]byte(p.Photo))
		ids[i] = strconv.FormatInt(p.ID, 10)
	}
	address := facesPath + strings.Join(ids, ".") + "?v=" + base64.RawURLEncoding.EncodeToString(marks.Sum(nil)[:6])
	for i, p := range with {
		p.Photo = address + "#p" + ids[i]
	}
}

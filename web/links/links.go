package links

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/internal/sharer"
	page "slotfinder/templates/links"
	"slotfinder/web"
)

// links lists what the visitor shares.
func (h *Handlers) links(c echo.Context, v *web.Identity) error {
	number := pageNumber(c)
	all, more, err := h.Sharer.All(c.Request().Context(), v.Member, number)
	if err != nil {
		return err
	}
	var older, newer string
	if more {
		older = linksPage(number + 1)
	}
	if number > 1 {
		newer = linksPage(number - 1)
	}
	if web.WantsJSON(c) {
		return c.JSON(http.StatusOK, h.linksJSON(all, older))
	}
	view := page.ListView{Zone: web.ZoneOf(v, time.UTC), Done: page.DoneKey(c.QueryParam("done")), Older: older, Newer: newer}
	for _, l := range all {
		view.Links = append(view.Links, h.linkShown(l))
	}
	return h.Site.ShowApp(c, http.StatusOK, v, "links.title", page.List(view))
}

// pageNumber is the parameter page, from 1 to sharer.MaxLinks; 1 when it is none.
func pageNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || n < 1 || n > sharer.MaxLinks {
		return 1
	}
	return n
}

func linksPage(number int) string { return "/links?page=" + strconv.Itoa(number) }

// link shows one link of the visitor: to hand it out, to change or close it.
func (h *Handlers) link(c echo.Context, v *web.Identity, link meet.Link) error {
	if web.WantsJSON(c) {
		return c.JSON(http.StatusOK, h.newLinkJSON(link))
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	return h.showLink(ctx, c, v, link)
}

func (h *Handlers) showLink(ctx context.Context, c echo.Context, v *web.Identity, link meet.Link) error {
	zone := web.ZoneOf(v, link.Query.Zone)
	view := page.View{
		Link: h.linkShown(link), Zone: zone, Now: h.Site.Now(), Lang: locale.From(ctx).Tag, Done: page.DoneKey(c.QueryParam("done")),
	}
	if lang := c.QueryParam("lang"); web.HasLanguage(lang) {
		view.Lang = lang
	}
	view.Message = page.Message{
		Title: link.Title, Duration: link.Query.Duration, URL: view.Link.URL,
		Zones: messageZones(c.QueryParams()["tz"], zone), Starts: h.bestNow(ctx, link),
	}
	return h.Site.ShowApp(c, http.StatusOK, v, "links.title", page.Page(view))
}

// bestNow are the starts that a link's message names now, none when the link is closed or
// nobody can tell: the message then has the link alone.
func (h *Handlers) bestNow(ctx context.Context, link meet.Link) []time.Time {
	offer, err := h.Sharer.Preview(ctx, link)
	if err != nil {
		h.Site.Log.Debug("a message without times", "error", err)
	}
	return sharer.Starts(offer.Best)
}

// messageZones are the zones asked for that exist, at most three; by default the
// reader's.
func messageZones(names []string, home *time.Location) []*time.Location {
	var zones []*time.Location
	for _, name := range names {
		if wanted, err := zone.Load(name); err == nil && len(zones) < 3 {
			zones = append(zones, wanted)
		}
	}
	if zones == nil {
		zones = []*time.Location{home}
	}
	return zones
}

func (h *Handlers) pauseLink(c echo.Context, v *web.Identity, link meet.Link) error {
	return h.changeLink(c, v, link, "paused", h.Sharer.Pause)
}

func (h *Handlers) resumeLink(c echo.Context, v *web.Identity, link meet.Link) error {
	return h.changeLink(c, v, link, "resumed", h.Sharer.Resume)
}

func (h *Handlers) revokeLink(c echo.Context, v *web.Identity, link meet.Link) error {
	err := h.changeLink(c, v, link, "revoked", h.Sharer.Revoke)
	if err == nil {
		h.Site.Record(c, audit.LinkRevoked, "")
	}
	return err
}

func (h *Handlers) deleteLink(c echo.Context, v *web.Identity, link meet.Link) error {
	return h.changeLink(c, v, link, "deleted", h.Sharer.Delete)
}

// changeLink does to a link of the visitor what a button says.
func (h *Handlers) changeLink(c echo.Context, v *web.Identity, link meet.Link, done string, change func(context.Context, meet.Member, string) error) error {
	if _, err := web.Posted(c); err != nil {
		return err
	}
	return h.linkChanged(c, v, link, done, change(c.Request().Context(), v.Member, link.ID))
}

// linkChanged answers what has been done to a link.
func (h *Handlers) linkChanged(c echo.Context, v *web.Identity, link meet.Link, done string, err error) error {
	if err != nil {
		return err
	}
	id := link.ID
	switch {
	case done == "deleted" && web.WantsJSON(c):
		return c.NoContent(http.StatusNoContent)
	case done == "deleted":
		id = ""
	case web.WantsJSON(c):
		link, err := h.Sharer.One(c.Request().Context(), v.Member, id)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, h.newLinkJSON(link))
	}
	return linkDone(c, id, done)
}

// linkDone leads to the page of a link, or to the list without an id, so that loading
// it again does nothing twice.
func linkDone(c echo.Context, id, done string) error {
	path := "/links"
	if id != "" {
		path += "/" + url.PathEscape(id)
	}
	return c.Redirect(http.StatusSeeOther, path+"?done="+done)
}

func (h *Handlers) linkShown(l meet.Link) page.Link {
	return page.Link{Link: l, URL: h.shareURL(l), State: l.State(h.Site.Now())}
}

// shareURL is the address to hand out, "" when it can't be told any more.
func (h *Handlers) shareURL(l meet.Link) string {
	token, ok := h.Sharer.Token(l)
	if !ok {
		return ""
	}
	return h.Site.PublicURL.JoinPath(web.SharePath, token).String()
}

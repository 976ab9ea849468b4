package web

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
	"slotfinder/templates/page"
)

// links lists what the visitor shares.
func (s *Server) links(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	number := pageNumber(c)
	all, more, err := s.config.Sharer.All(c.Request().Context(), v.Member, number)
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
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, s.linksJSON(all, older))
	}
	view := page.LinksView{Zone: zoneOf(v, time.UTC), Done: page.LinkDone(c.QueryParam("done")), Older: older, Newer: newer}
	for _, l := range all {
		view.Links = append(view.Links, s.linkShown(l))
	}
	return s.showApp(c, http.StatusOK, v, "links.title", page.Links(view))
}

// pageNumber is the parameter page, from 1 to meet.MaxLinks; 1 when it is none.
func pageNumber(c echo.Context) int {
	n, err := strconv.Atoi(c.QueryParam("page"))
	if err != nil || n < 1 || n > sharer.MaxLinks {
		return 1
	}
	return n
}

func linksPage(number int) string { return "/links?page=" + strconv.Itoa(number) }

// newLink shows the form that makes a link out of the search in the URL.
func (s *Server) newLink(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	return s.showLinkForm(ctx, c, v, sent(c.Request()), nil)
}

// makeLink makes a link. What is wrong is shown at its field, beside all that was
// typed.
func (s *Server) makeLink(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	values, err := posted(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	var link meet.Link
	form, err := meet.ParseLink(values)
	if err == nil {
		link, err = s.config.Sharer.Make(ctx, v.Member, form, locale.From(ctx).Tag)
	}
	switch {
	case meet.KindOf(err) == meet.Invalid && !wantsJSON(c):
		return s.showLinkForm(ctx, c, v, values, err)
	case err != nil:
		return err
	case wantsJSON(c):
		return c.JSON(http.StatusCreated, s.newLinkJSON(link))
	}
	return linkDone(c, link.ID, "made")
}

// showLinkForm shows the form with what was sent and, if there is one, the error. An
// error in the search itself can't be put right here.
func (s *Server) showLinkForm(ctx context.Context, c echo.Context, v *visit, values url.Values, wrong error) error {
	query, err := meet.ParseQuery(values)
	if err != nil {
		return err
	}
	query.Weeks = 1 // a link shows single times
	answer, err := s.search(ctx, v, query)
	if err != nil {
		return err
	}
	form := page.LinkForm{
		Query: answer.Query.Values(), Values: values, Key: values.Get("key"), Duration: answer.Query.Duration,
		Zone: answer.Query.Zone, Back: findURL(answer.Query),
	}
	status := http.StatusOK
	if wrong != nil {
		f := faultOf(wrong)
		status, form.Errors = f.status, f.fields
	}
	if form.Key == "" {
		form.Key = newID()
	}
	for _, slot := range answer.Found.Slots {
		form.Starts = append(form.Starts, slot.Start.Time())
	}
	for _, p := range answer.People {
		if p.Name != "" {
			form.Names = append(form.Names, p.Name)
		}
	}
	return s.showApp(c, status, v, "links.new", page.NewLink(form))
}

// link shows one link of the visitor: to hand it out, to change or close it.
func (s *Server) link(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	link, err := s.config.Sharer.One(ctx, v.Member, c.Param("id"))
	if err != nil {
		return err
	}
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, s.newLinkJSON(link))
	}
	return s.showLink(ctx, c, v, link, nil, nil)
}

// editLink changes title and expiry.
func (s *Server) editLink(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	typed, err := posted(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	link, err := s.config.Sharer.One(ctx, v.Member, c.Param("id"))
	if err != nil {
		return err // before what is wrong in the form: whose link it is comes first
	}
	title, expires, err := meet.ParseLinkEdit(typed)
	if err == nil {
		err = s.config.Sharer.Edit(ctx, v.Member, link.ID, title, expires)
	}
	if meet.KindOf(err) == meet.Invalid && !wantsJSON(c) {
		return s.showLink(ctx, c, v, link, typed, err)
	}
	return s.linkChanged(c, v, "changed", err)
}

func (s *Server) showLink(ctx context.Context, c echo.Context, v *visit, link meet.Link, typed url.Values, wrong error) error {
	zone := zoneOf(v, link.Query.Zone)
	view := page.LinkView{
		Link: s.linkShown(link), Zone: zone, Now: s.config.Now(), Lang: locale.From(ctx).Tag, Values: typed,
		Done: page.LinkDone(c.QueryParam("done")),
	}
	if typed == nil {
		last := link.Expires.In(link.Query.Zone).Add(-time.Minute)
		view.Values = url.Values{"title": {link.Title}, "expires": {last.Format(time.DateOnly)}}
	}
	status := http.StatusOK
	if wrong != nil {
		f := faultOf(wrong)
		status, view.Errors = f.status, f.fields
	}
	if lang := c.QueryParam("lang"); shipped(lang) {
		view.Lang = lang
	}
	view.Message = page.Message{
		Title: link.Title, Duration: link.Query.Duration, URL: view.Link.URL,
		Zones: messageZones(c.QueryParams()["tz"], zone), Starts: s.freeNow(ctx, link),
	}
	return s.showApp(c, status, v, "links.title", page.LinkPage(view))
}

// freeNow are the starts that a link offers now, none when it is closed or nobody can
// tell: the message then has the link alone.
func (s *Server) freeNow(ctx context.Context, link meet.Link) []time.Time {
	offer, err := s.config.Sharer.Preview(ctx, link)
	if err != nil {
		s.config.Log.Debug("a message without times", "error", err)
	}
	return startsOf(offer)
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

func (s *Server) pauseLink(c echo.Context) error {
	return s.changeLink(c, "paused", s.config.Sharer.Pause)
}

func (s *Server) resumeLink(c echo.Context) error {
	return s.changeLink(c, "resumed", s.config.Sharer.Resume)
}

func (s *Server) revokeLink(c echo.Context) error {
	err := s.changeLink(c, "revoked", s.config.Sharer.Revoke)
	if err == nil {
		s.record(c, audit.LinkRevoked, "")
	}
	return err
}

func (s *Server) deleteLink(c echo.Context) error {
	return s.changeLink(c, "deleted", s.config.Sharer.Delete)
}

// changeLink does to a link of the visitor what a button says.
func (s *Server) changeLink(c echo.Context, done string, change func(context.Context, meet.Member, string) error) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	if _, err := posted(c); err != nil {
		return err
	}
	return s.linkChanged(c, v, done, change(c.Request().Context(), v.Member, c.Param("id")))
}

// linkChanged answers what has been done to a link.
func (s *Server) linkChanged(c echo.Context, v *visit, done string, err error) error {
	if err != nil {
		return err
	}
	id := c.Param("id")
	switch {
	case done == "deleted" && wantsJSON(c):
		return c.NoContent(http.StatusNoContent)
	case done == "deleted":
		id = ""
	case wantsJSON(c):
		link, err := s.config.Sharer.One(c.Request().Context(), v.Member, id)
		if err != nil {
			return err
		}
		return c.JSON(http.StatusOK, s.newLinkJSON(link))
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

// zoneOf is the visitor's zone, else another.
func zoneOf(v *visit, otherwise *time.Location) *time.Location {
	if own, err := zone.Load(v.Zone); err == nil {
		return own
	}
	return otherwise
}

// linkStates are the states of links as pages name them.
var linkStates = map[meet.LinkState]page.LinkState{
	meet.LinkOpen: page.LinkOpen, meet.LinkPaused: page.LinkPaused,
	meet.LinkExpired: page.LinkExpired, meet.LinkRevoked: page.LinkRevoked,
}

func (s *Server) linkShown(l meet.Link) page.Link {
	return page.Link{
		ID: l.ID, Title: l.Title, URL: s.shareURL(l), State: linkStates[l.State(s.config.Now())],
		Opens: int(l.Opens), Created: l.Created, Expires: l.Expires,
	}
}

// shareURL is the address to hand out, "" when it can't be told any more.
func (s *Server) shareURL(l meet.Link) string {
	token, ok := s.config.Sharer.Token(l)
	if !ok {
		return ""
	}
	return s.config.PublicURL.JoinPath(sharePath, token).String()
}

// linkJSON is a link for its owner's programs.
type linkJSON struct {
	ID      string         `json:"id"`
	URL     string         `json:"url"`
	Token   string         `json:"token"`
	Title   string         `json:"title"`
	Mode    meet.Mode      `json:"mode"`
	State   meet.LinkState `json:"state"`
	Created time.Time      `json:"created"`
	Expires time.Time      `json:"expires"`
	Opens   int64          `json:"opens"`
}

func (s *Server) newLinkJSON(l meet.Link) linkJSON {
	token, _ := s.config.Sharer.Token(l)
	return linkJSON{
		ID: l.ID, URL: s.shareURL(l), Token: token, Title: l.Title, Mode: l.Mode,
		State: l.State(s.config.Now()), Created: l.Created, Expires: l.Expires, Opens: l.Opens,
	}
}

// linksJSON is a page of somebody's links, the newest first.
type linksJSON struct {
	Links []linkJSON `json:"links"`
	Next  string     `json:"next,omitempty"` // where the older ones are
}

func (s *Server) linksJSON(some []meet.Link, next string) linksJSON {
	list := linksJSON{Links: []linkJSON{}, Next: next}
	for _, l := range some {
		list.Links = append(list.Links, s.newLinkJSON(l))
	}
	return list
}

package links

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"github.com/a-h/templ"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	page "slotfinder/templates/links"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// newLink shows the form that makes a link out of the search in the URL.
func (h *Handlers) newLink(c echo.Context, v *web.Identity) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	return h.showNew(ctx, c, v, web.SentValues(c.Request()), nil)
}

// makeLink makes a link. What is wrong is shown at its field, beside all that was
// typed. Browsers send the form to its own address, so that a wrong one stays there.
func (h *Handlers) makeLink(c echo.Context, v *web.Identity) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	values, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	var link meet.Link
	form, err := meet.ParseLink(values)
	if err == nil {
		link, err = h.Sharer.Make(ctx, v.Member, form, locale.From(ctx).Tag)
	}
	switch {
	case meet.KindOf(err) == meet.Invalid && !web.WantsJSON(c):
		return h.showNew(ctx, c, v, values, err)
	case err != nil:
		return err
	case web.WantsJSON(c):
		return c.JSON(http.StatusCreated, h.newLinkJSON(link))
	}
	return linkDone(c, link.ID, "made")
}

// showNew shows the form with what was sent and, if there is one, the error. An error
// in the search itself can't be put right here.
func (h *Handlers) showNew(ctx context.Context, c echo.Context, v *web.Identity, values url.Values, wrong error) error {
	query, err := meet.ParseQuery(values)
	if err != nil {
		return err
	}
	form, err := h.found(ctx, v.Member, query)
	if err != nil {
		return err
	}
	form.Values, form.Key = values, values.Get("key")
	if form.Key == "" {
		form.Key = web.NewID()
	}
	return h.showForm(c, v, "links.new", page.NewPage, form, wrong)
}

// found is the form with what a search finds.
func (h *Handlers) found(ctx context.Context, m meet.Member, q meet.Query) (page.Form, error) {
	q.Weeks = 1 // a link shows single times
	answer, err := h.Finder.FindOnly(ctx, m, q)
	if err != nil {
		return page.Form{}, web.OutOfTime(ctx, err)
	}
	form := page.Form{
		Query: answer.Query.Values(), Slots: answer.Found.Slots, Duration: answer.Query.Duration, Now: answer.AsOf,
		Zone: answer.Query.Zone, Host: answer.Searcher.Name, Back: part.FindURL(answer.Query),
	}
	for _, p := range answer.People {
		if p.Name != "" {
			form.Names = append(form.Names, p.Name)
		}
	}
	return form, nil
}

func (h *Handlers) showForm(c echo.Context, v *web.Identity, title string, content func(page.Form) templ.Component, form page.Form, wrong error) error {
	status := http.StatusOK
	if wrong != nil {
		f := web.FaultOf(wrong)
		status, form.Errors = f.Status, f.Fields
	}
	return h.Site.ShowApp(c, status, v, title, content(form))
}

// linkForm shows the form that changes a link.
func (h *Handlers) linkForm(c echo.Context, v *web.Identity, link meet.Link) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	return h.showEdit(ctx, c, v, link, valuesOf(link, h.Site.Now()), nil)
}

// editLink changes what is given of a link.
func (h *Handlers) editLink(c echo.Context, v *web.Identity, link meet.Link) error {
	typed, err := web.Posted(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	if typed.Has("times") && !web.WantsJSON(c) { // only to see the times of other days
		_, err = meet.ParseLinkEdit(typed, link, h.Site.Now())
		return h.showEdit(ctx, c, v, link, orOwn(typed, link, h.Site.Now()), err)
	}
	err = h.Sharer.Edit(ctx, link, typed)
	if meet.KindOf(err) == meet.Invalid && !web.WantsJSON(c) {
		return h.showEdit(ctx, c, v, link, orOwn(typed, link, h.Site.Now()), err)
	}
	return h.linkChanged(c, v, link, "changed", err)
}

// showEdit shows the form with the values of the link, or those that were sent, and what
// is wrong with them.
func (h *Handlers) showEdit(ctx context.Context, c echo.Context, v *web.Identity, link meet.Link, values url.Values, wrong error) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	if link.Revoked {
		return &meet.Error{Kind: meet.Gone, Key: "error.link_revoked"}
	}
	q := link.Search(h.Site.Now())
	if edit, err := meet.ParseLinkEdit(values, link, h.Site.Now()); err == nil && edit.Days == 0 {
		q.From, q.To = edit.Query.From, edit.Query.To
	}
	if today := civil.DateOf(h.Site.Now().In(q.Zone)); q.From.Before(today) {
		q.From = today // what is over can't be ticked
		if q.To.Before(today) {
			q.To = today
		}
	}
	form, err := h.found(ctx, v.Member, q)
	if err != nil {
		return err
	}
	form.Link, form.Values = h.linkShown(link), values
	return h.showForm(c, v, "links.edit", page.EditPage, form, wrong)
}

// valuesOf are the fields of the form that changes a link, as the link is.
func valuesOf(l meet.Link, now time.Time) url.Values {
	days := l.Search(now)
	last := l.Expires.In(l.Query.Zone).Add(-time.Minute)
	values := url.Values{
		"title": {l.Title}, "note": {l.Note}, "show": {string(l.Show)}, "host": {"0"}, "reply": {l.Reply},
		"offer": {offerOf(l)}, "from": {days.From.String()}, "to": {days.To.String()}, "expires": {"", last.Format(time.DateOnly)},
	}
	if l.Host {
		values.Set("host", "1")
	}
	if l.Days > 0 {
		values.Set("ahead", strconv.Itoa(l.Days))
	}
	for _, start := range l.Starts {
		values.Add("slot", part.ISO(start))
	}
	return values
}

// offerOf says which times a link shows, as its form does.
func offerOf(l meet.Link) string {
	switch {
	case l.Days > 0:
		return "rolling"
	case l.Starts != nil:
		return "picked"
	}
	return "all"
}

// orOwn is what was typed and, where nothing was sent, what the link has.
func orOwn(typed url.Values, l meet.Link, now time.Time) url.Values {
	values := valuesOf(l, now)
	if typed.Has("offer") || typed.Has("slot") || typed.Has("ahead") {
		values.Del("offer")
		values.Del("slot")
		values.Del("ahead")
	}
	for name, texts := range typed {
		values[name] = texts
	}
	return values
}

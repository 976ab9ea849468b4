package find

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	page "slotfinder/templates/find"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// groupedFrom is the number of people above which the page groups them by department.
const groupedFrom = 12

// find is the search: one URL, answered as a page, as the part of the page that
// htmx swaps, or as JSON.
func (h *Handlers) find(c echo.Context, v *web.Identity) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	c.Response().Header().Set("Vary", "Accept, Cookie, HX-Request")
	if web.WantsJSON(c) {
		return h.findJSON(ctx, c, v)
	}
	asked := web.SentValues(c.Request())
	faults := tooMuch(asked)
	values, edited := edit(asked, v.Member.User)
	if faults == nil {
		faults = meet.TooMuch(values) // with what was in groups
	}
	switch {
	case faults != nil:
		return h.refuse(c, v, values, faults)
	case edited && !web.WantsPart(c):
		return c.Redirect(http.StatusSeeOther, "/find?"+values.Encode())
	}
	return h.findPage(ctx, c, v, values)
}

// refuse shows the form of a query that names too much, with all that was typed.
// Nothing of it is looked up.
func (h *Handlers) refuse(c echo.Context, v *web.Identity, values url.Values, faults map[string]string) error {
	form := page.Form{Values: values, Choice: page.ReadChoice(values), Typed: values.Get("q"), Errors: faults}
	return h.Site.ShowApp(c, http.StatusUnprocessableEntity, v, "find.title", page.Page(page.View{Form: form}))
}

func (h *Handlers) findJSON(ctx context.Context, c echo.Context, v *web.Identity) error {
	query, err := meet.ParseQuery(web.SentValues(c.Request()))
	if err != nil {
		return err
	}
	answer, err := h.search(ctx, v, query)
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, c.QueryParam("at"))
	if err != nil {
		at = time.Time{}
	}
	leave, err := h.Gate.Enter(ctx, v.Member)
	if err != nil {
		return err
	}
	defer leave()
	c.Response().Header().Set(echo.HeaderContentType, echo.MIMEApplicationJSON)
	return writeAnswer(c.Response(), answer, at)
}

// findPage shows the form and, if the query is right and the portal answers, what
// was found. Whatever is wrong, the form keeps what was typed. While a portal is
// slow, a page that runs our script shows how far the search is, and asks again.
func (h *Handlers) findPage(ctx context.Context, c echo.Context, v *web.Identity, values url.Values) error {
	form := page.Form{Values: values, Choice: page.ReadChoice(values), Typed: values.Get("q")}
	view := page.View{Welcome: !values.Has("who")}
	query, err := meet.ParseQuery(values)
	var found outcome
	switch {
	case err != nil:
	case web.RefreshesItself(c):
		found, found.err = h.searchWithDepartments(ctx, v, query)
	default:
		var at *meet.Progress
		p := h.patience(c)
		if found, at = h.searchInBackground(ctx, v, values, query, p); at != nil {
			view.Reading = &page.Reading{Read: at.Read, Asked: at.Asked, Mark: p.mark(h.Site.Now(), *at), Whole: !web.WantsPart(c) && c.Request().Header.Get(web.FrameTokenHeader) == ""}
			return h.findReading(c, v, view, form, query, *at)
		}
	}
	if !web.WantsPart(c) && (values.Has("find") || form.Typed != "") {
		var foundErr error
		if form.Found, foundErr = h.Suggest(ctx, v, form.Typed, values, false); foundErr != nil {
			return foundErr
		}
	}
	if err = cmp.Or(err, found.err); err == nil && !web.RefreshesItself(c) && !web.IsHead(c) {
		h.remember(ctx, v, found.answer.Query)
	}
	if err == nil { // when this is read, what remains is to compute
		view.Left = h.LeftOut(ctx, v, form.Choice.Left)
		var leave func()
		if leave, err = h.Gate.Enter(ctx, v.Member); err == nil {
			defer leave()
		}
	}
	form.AudienceNames = h.audienceNames(ctx, v, query)
	status := http.StatusOK
	switch f := web.FaultOf(err); {
	case err == nil:
		found.answer.WeekStart = web.BeginWeeks(c, found.answer.WeekStart)
		h.fill(v, &form, found)
		view.Result = page.NewResult(found.answer, form)
		h.setURL(c, form)
	case f.Code == "signed_out":
		return err
	case web.RefreshesItself(c) && (f.Code == "busy" || f.Code == "unavailable"):
		h.Site.Note(c, err, f)
		return c.NoContent(http.StatusNoContent) // what is shown is better than an error
	case f.Fields != nil:
		form.Today = h.today(v, query)
		status, form.Errors = f.Status, f.Fields
		form.People = h.asked(ctx, v, query)
	default:
		h.Site.Note(c, err, f)
		form.Today = h.today(v, query)
		status, view.Problem = f.Status, h.Site.Problem(c, f)
		form.People = h.asked(meet.FromMemory(ctx), v, query) // a portal in trouble is not asked again
		web.AskLater(c, f)
	}
	view.Form = form
	return h.Site.ShowApp(c, status, v, "find.title", page.Page(view))
}

// fill puts the question that was answered into the form.
func (h *Handlers) fill(v *web.Identity, form *page.Form, found outcome) {
	form.Values, form.People = found.answer.Query.Values(), attendeesOf(found.answer.Query, found.answer.People, v.Member)
	for i, attendee := range found.answer.People {
		if len(attendee.Departments) > 0 {
			form.People[i].Department = found.departments[attendee.Departments[0]]
		}
	}
}

// findReading shows how far the search is. The page asks again with the same words,
// or it would not meet the same search.
func (h *Handlers) findReading(c echo.Context, v *web.Identity, view page.View, form page.Form, query meet.Query, at meet.Progress) error {
	form.Values = question(form.Values)
	view.Reading.URL = form.Choice.Append(form.Values.Encode())
	if at.People == nil {
		form.People = h.unnamed(v, query)
	} else {
		form.Values, form.People = at.Query.Values(), attendeesOf(at.Query, at.People, v.Member)
	}
	form.AudienceNames = h.audienceNames(c.Request().Context(), v, query)
	view.Form = form
	h.setURL(c, form)
	return h.Site.ShowApp(c, http.StatusOK, v, "find.title", page.Page(view))
}

// setURL tells htmx the URL that this answer has. Pages that ask on their own must
// not fill the browser's history.
func (h *Handlers) setURL(c echo.Context, form page.Form) {
	header := "HX-Push-Url"
	switch {
	case !web.WantsPart(c) || web.RefreshesItself(c):
		return
	case c.Request().Header.Get(layout.ReadingHeader) != "":
		header = "HX-Replace-Url"
	}
	c.Response().Header().Set(header, form.Choice.Append(form.Values.Encode()))
}

// asked names the people of a query that can't be answered, as far as the portal
// knows them.
func (h *Handlers) asked(ctx context.Context, v *web.Identity, query meet.Query) []part.Person {
	known, err := h.Finder.Persons(ctx, v.Member, query)
	if err != nil {
		known = nil // the page then shows ids; its error is another one
	}
	return personsOf(v, query, known)
}

// unnamed are the people of a query as long as the portal has not said who they are.
func (h *Handlers) unnamed(v *web.Identity, query meet.Query) []part.Person {
	people := personsOf(v, query, nil)
	for i := range people {
		if people[i].Name = v.Name; !people[i].Me {
			people[i].Name = "…"
		}
	}
	return people
}

// personsOf lists the people of a query that is not resolved.
func personsOf(v *web.Identity, query meet.Query, known map[int64]meet.Person) []part.Person {
	var people []part.Person
	listed := map[int64]bool{}
	add := func(ids []int64, required bool) {
		for _, id := range ids {
			listed[id] = true
			p := known[id]
			p.ID = id // also of somebody whom the portal does not know
			people = append(people, web.NewAttendee(meet.Attendee{Person: p, Required: required}, v.Member))
		}
	}
	if query.Me {
		add([]int64{v.Member.User}, true)
	}
	add(query.Required, true)
	add(query.Optional, false)
	for _, group := range query.Any {
		for _, id := range group.IDs {
			if !listed[id] {
				add([]int64{id}, false)
				people[len(people)-1].Grouped = true
			}
		}
	}
	web.PhotoSprite(people)
	return people
}

// remember notes with whom somebody has searched. A search is worth an answer without
// that, too.
func (h *Handlers) remember(ctx context.Context, v *web.Identity, q meet.Query) {
	if err := h.Picker.Remember(ctx, v.Member, q, h.Site.Now()); err != nil {
		h.Site.Log.Warn("latest people are not kept", "error", err)
	}
}

// audienceNames are the names of those of a query's groups that are audiences of the portal.
func (h *Handlers) audienceNames(ctx context.Context, v *web.Identity, query meet.Query) map[string]string {
	groups := make([][]int64, len(query.Any))
	for i, group := range query.Any {
		groups[i] = group.IDs
	}
	names := map[string]string{}
	for i, name := range h.Picker.Names(ctx, v.Member, groups) {
		if name != "" {
			names[meet.JoinIDs(groups[i])] = name
		}
	}
	return names
}

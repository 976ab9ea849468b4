package web

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// groupedFrom is the number of people above which the page groups them by department.
const groupedFrom = 12

// find is the search: one URL, answered as a page, as the part of the page that
// htmx swaps, or as JSON.
func (s *Server) find(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	if err := s.begin(c, v.Member); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	c.Response().Header().Set("Vary", "Accept, Cookie, HX-Request")
	if wantsJSON(c) {
		return s.findJSON(ctx, c, v)
	}
	asked := sent(c.Request())
	faults := tooMuch(asked)
	values, edited := edit(asked, v.Member.User)
	if faults == nil {
		faults = meet.TooMuch(values) // with what was in groups
	}
	switch {
	case faults != nil:
		return s.refuse(c, v, values, faults)
	case edited && !swapping(c):
		return c.Redirect(http.StatusSeeOther, "/find?"+values.Encode())
	}
	return s.findPage(ctx, c, v, values)
}

// refuse shows the form of a query that names too much, with all that was typed.
// Nothing of it is looked up.
func (s *Server) refuse(c echo.Context, v *visit, values url.Values, faults map[string]string) error {
	form := page.Form{Values: values, Choice: page.ReadChoice(values), Typed: values.Get("q"), Errors: faults}
	return s.showApp(c, http.StatusUnprocessableEntity, v, "find.title", page.Find(page.FindView{Form: form}))
}

func (s *Server) findJSON(ctx context.Context, c echo.Context, v *visit) error {
	query, err := meet.ParseQuery(sent(c.Request()))
	if err != nil {
		return err
	}
	answer, err := s.search(ctx, v, query)
	if err != nil {
		return err
	}
	at, err := time.Parse(time.RFC3339, c.QueryParam("at"))
	if err != nil {
		at = time.Time{}
	}
	leave, err := s.config.Gate.Enter(ctx, v.Member)
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
func (s *Server) findPage(ctx context.Context, c echo.Context, v *visit, values url.Values) error {
	form := page.Form{Values: values, Choice: page.ReadChoice(values), Typed: values.Get("q")}
	view := page.FindView{Welcome: !values.Has("who")}
	query, err := meet.ParseQuery(values)
	var found outcome
	switch {
	case err != nil:
	case refreshing(c):
		found = s.look(ctx, v, query)
	default:
		var at *meet.Progress
		p := s.patience(c)
		if found, at = s.seek(ctx, v, values, query, p); at != nil {
			view.Reading = &page.Reading{Read: at.Read, Asked: at.Asked, Mark: p.mark(s.config.Now(), *at), Whole: !swapping(c) && c.Request().Header.Get(passHeader) == ""}
			return s.findReading(c, v, view, form, query, *at)
		}
	}
	if !swapping(c) && (values.Has("find") || form.Typed != "") {
		var foundErr error
		if form.Found, foundErr = s.found(ctx, v, form.Typed, values, false); foundErr != nil {
			return foundErr
		}
	}
	if err = cmp.Or(err, found.err); err == nil && !refreshing(c) && !isHead(c) {
		s.remember(ctx, v, found.answer.Query)
	}
	if err == nil { // when this is read, what remains is to compute
		view.Left = s.outsiders(ctx, v, form.Choice.Left)
		var leave func()
		if leave, err = s.config.Gate.Enter(ctx, v.Member); err == nil {
			defer leave()
		}
	}
	form.Circle = s.circleNames(ctx, v, query)
	status := http.StatusOK
	switch f := faultOf(err); {
	case err == nil:
		s.fill(ctx, v, &form, found)
		view.Result = page.NewResult(factsOf(found.answer, form))
		s.setURL(c, form)
	case f.code == "signed_out":
		return err
	case refreshing(c) && (f.code == "busy" || f.code == "unavailable"):
		s.note(c, err, f)
		return c.NoContent(http.StatusNoContent) // what is shown is better than an error
	case f.fields != nil:
		status, form.Errors = f.status, f.fields
		form.People = s.asked(ctx, v, query)
	default:
		s.note(c, err, f)
		status, view.Problem = f.status, s.problem(c, f)
		form.People = s.asked(meet.FromMemory(ctx), v, query) // a portal in trouble is not asked again
		askLater(c, f)
	}
	view.Form = form
	return s.showApp(c, status, v, "find.title", page.Find(view))
}

// fill puts the question that was answered into the form.
func (s *Server) fill(ctx context.Context, v *visit, form *page.Form, found outcome) {
	form.Values, form.People = found.answer.Query.Values(), peopleOf(found.answer, v.Member)
	for i, attendee := range found.answer.People {
		if len(attendee.Departments) > 0 {
			form.People[i].Department = found.departments[attendee.Departments[0]]
		}
	}
}

// findReading shows how far the search is. The page asks again with the same words,
// or it would not meet the same search.
func (s *Server) findReading(c echo.Context, v *visit, view page.FindView, form page.Form, query meet.Query, at meet.Progress) error {
	form.Values = question(form.Values)
	view.Reading.URL = form.Choice.Append(form.Values.Encode())
	if at.People == nil {
		form.People = s.unnamed(v, query)
	} else {
		form.Values, form.People = at.Query.Values(), attendeesOf(at.Query, at.People, v.Member)
	}
	form.Circle = s.circleNames(c.Request().Context(), v, query)
	view.Form = form
	s.setURL(c, form)
	return s.showApp(c, http.StatusOK, v, "find.title", page.Find(view))
}

// setURL tells htmx the URL that this answer has. Pages that ask on their own must
// not fill the browser's history.
func (s *Server) setURL(c echo.Context, form page.Form) {
	header := "HX-Push-Url"
	switch {
	case !swapping(c) || refreshing(c):
		return
	case c.Request().Header.Get(page.ReadingHeader) != "":
		header = "HX-Replace-Url"
	}
	c.Response().Header().Set(header, form.Choice.Append(form.Values.Encode()))
}

// asked names the people of a query that can't be answered, as far as the portal
// knows them.
func (s *Server) asked(ctx context.Context, v *visit, query meet.Query) []page.Person {
	known, err := s.config.Finder.Persons(ctx, v.Member, query)
	if err != nil {
		known = nil // the page then shows ids; its error is another one
	}
	return personsOf(v, query, known)
}

// unnamed are the people of a query as long as the portal has not said who they are.
func (s *Server) unnamed(v *visit, query meet.Query) []page.Person {
	people := personsOf(v, query, nil)
	for i := range people {
		if people[i].Name = v.Name; !people[i].Me {
			people[i].Name = "…"
		}
	}
	return people
}

// personsOf lists the people of a query that is not resolved.
func personsOf(v *visit, query meet.Query, known map[int64]meet.Person) []page.Person {
	var people []page.Person
	listed := map[int64]bool{}
	add := func(ids []int64, required bool) {
		for _, id := range ids {
			listed[id] = true
			people = append(people, newPerson(id, known[id], v.Member, required))
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
	gather(people)
	return people
}

// refreshing reports whether the page asks on its own, because calendars changed.
func refreshing(c echo.Context) bool {
	return c.Request().Header.Get("HX-Source") == "div#"+page.RefreshID
}

// sent reads the parameters of a URL. Unlike url.ParseQuery it leaves out nothing
// that is malformed: a value that can't be decoded stays as it came, so that it is
// refused at its field instead of being taken for a question not asked.
func sent(r *http.Request) url.Values {
	values := url.Values{}
	for _, pair := range strings.Split(r.URL.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name = unescape(name); name != "" {
			values.Add(name, unescape(value))
		}
	}
	return values
}

func unescape(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// swapping reports whether htmx asks for a part of a page.
func swapping(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-History-Restore-Request") != "true"
}

package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// searchLimit is how long a search may take in all; a portal that is slower gets
// a page that says so.
const searchLimit = 9 * time.Second

// groupedFrom is the number of people above which the page groups them by department.
const groupedFrom = 12

// find is the search: one URL, answered as a page, as the part of the page that
// htmx swaps, or as JSON.
func (s *Server) find(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	c.Response().Header().Set("Vary", "Accept, HX-Request")
	if wantsJSON(c) {
		return s.findJSON(ctx, c, v)
	}
	values, edited := edit(sent(c.Request()), v.Member.User)
	if edited && !swapping(c) {
		return c.Redirect(http.StatusSeeOther, "/find?"+values.Encode())
	}
	return s.findPage(ctx, c, v, values)
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
	body := newAnswerJSON(answer)
	if at, err := time.Parse(time.RFC3339, c.QueryParam("at")); err == nil {
		body.Explain = newExplainJSON(answer, at)
	}
	return c.JSON(http.StatusOK, body)
}

// search asks the Finder. A search that ran out of time is the portal's slowness.
func (s *Server) search(ctx context.Context, v *visit, query meet.Query) (meet.Answer, error) {
	answer, err := s.config.Finder.Find(ctx, v.Member, query)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return answer, meet.Errorf(meet.Unavailable, "error.portal_slow", "searching: %w", err)
	}
	return answer, err
}

// findPage shows the form and, if the query is right and the portal answers, what
// was found. Whatever is wrong, the form keeps what was typed.
func (s *Server) findPage(ctx context.Context, c echo.Context, v *visit, values url.Values) error {
	form := page.Form{Values: values, Choice: page.ReadChoice(values), Typed: values.Get("q")}
	view := page.FindView{Welcome: !values.Has("who")}
	query, err := meet.ParseQuery(values)
	var answer meet.Answer
	if err == nil {
		answer, err = s.search(ctx, v, query)
	}
	status := http.StatusOK
	switch f := faultOf(err); {
	case err == nil:
		form.Values, form.People = answer.Query.Values(), peopleOf(answer, v.Member)
		s.group(ctx, v, answer, form.People)
		view.Result = page.NewResult(factsOf(answer, form))
		s.pushURL(c, form)
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
		form.People = s.asked(ctx, v, query)
	}
	if !swapping(c) && (values.Has("find") || form.Typed != "") {
		if form.Found, err = s.found(ctx, v, form.Typed); err != nil {
			return err
		}
	}
	view.Form = form
	return s.showApp(c, status, v, "find.title", page.Find(view))
}

// group names the departments when there are more people than one sees at a
// glance. They only order the page: without them it is shown as it is.
func (s *Server) group(ctx context.Context, v *visit, a meet.Answer, people []page.Person) {
	if len(people) <= groupedFrom {
		return
	}
	names, err := s.config.Picker.DepartmentNames(ctx, v.Member)
	if err != nil {
		s.config.Log.Warn("departments are missing", "error", err)
		return
	}
	for i, attendee := range a.People {
		if len(attendee.Departments) > 0 {
			people[i].Department = names[attendee.Departments[0]]
		}
	}
}

// pushURL tells htmx the URL that this answer has. Pages that refresh themselves
// must not fill the browser's history.
func (s *Server) pushURL(c echo.Context, form page.Form) {
	if swapping(c) && !refreshing(c) {
		c.Response().Header().Set("HX-Push-Url", form.Choice.Append(form.Values.Encode()))
	}
}

// asked names the people of a query that can't be answered, as far as the portal
// knows them.
func (s *Server) asked(ctx context.Context, v *visit, query meet.Query) []page.Person {
	known, err := s.config.Finder.Persons(ctx, v.Member, query)
	if err != nil {
		known = nil // the page then shows ids; its error is another one
	}
	var people []page.Person
	add := func(ids []int64, required bool) {
		for _, id := range ids {
			people = append(people, newPerson(id, known[id], v.Member, required))
		}
	}
	if query.Me {
		add([]int64{v.Member.User}, true)
	}
	add(query.Who, true)
	add(query.Opt, false)
	for _, group := range query.Any {
		for _, id := range group.IDs {
			if !slices.ContainsFunc(people, func(p page.Person) bool { return p.ID == id }) {
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

package web

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// maxTyped is how long a text in the people search may be, in characters.
const maxTyped = 100

// people answers the picker: as JSON, as the list that htmx swaps in, or, for
// those who open its address, as a page of its own.
func (s *Server) people(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	c.Response().Header().Set("Vary", "Accept, HX-Request")
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	found, err := s.found(ctx, v, c.QueryParam("q"), sent(c.Request()), swapping(c) && !wantsJSON(c))
	if err != nil {
		return err
	}
	if wantsJSON(c) {
		return c.JSON(http.StatusOK, newPeopleJSON(found))
	}
	if swapping(c) {
		return s.show(c, http.StatusOK, page.People(*found))
	}
	return s.showApp(c, http.StatusOK, v, "people.title", page.PeoplePage(*found))
}

// found searches people for the picker. The list that opens before anything has been
// typed holds only what somebody keeps. Who is asked already need not be offered as the
// latest.
func (s *Server) found(ctx context.Context, v *visit, typed string, asked url.Values, list bool) (*page.PeopleView, error) {
	if utf8.RuneCountInString(typed) > maxTyped {
		return nil, &meet.Error{Kind: meet.Invalid, Key: "error.invalid", Fields: map[string]string{"q": "field.q"}}
	}
	view := &page.PeopleView{Typed: typed}
	saved, latest, err := s.config.Picker.SearchGroups(ctx, v.Member, typed)
	if err != nil {
		return nil, err
	}
	view.Saved, view.Latest = keptOf(saved, v), others(keptOf(latest, v), asked)
	if typed == "" && list {
		return view, nil
	}
	found, more, err := s.config.Picker.Search(ctx, v.Member, typed)
	if err != nil {
		return nil, err
	}
	view.More, view.Circles = more, s.circles(ctx, v, typed)
	for _, f := range found {
		p := newPerson(f.ID, f.Person, v.Member, false)
		if len(f.Departments) > 0 {
			p.Department = f.Departments[0]
		}
		view.Found = append(view.Found, p)
		if f.Named {
			view.Named++
		}
	}
	return view, nil
}

// others leaves out the groups all of whose people are in a query already.
func others(groups []page.Kept, asked url.Values) []page.Kept {
	ids := setOf(meet.Items(slices.Concat(asked["who"], asked["opt"], asked["of"])))
	missing := func(p page.Person) bool { return !ids[strconv.FormatInt(p.ID, 10)] }
	return slices.DeleteFunc(groups, func(k page.Kept) bool { return !slices.ContainsFunc(k.Staff, missing) })
}

// circles searches departments, groups and chats for the picker. People are found
// without them, too.
func (s *Server) circles(ctx context.Context, v *visit, typed string) []page.Circle {
	found, err := s.config.Picker.SearchAudiences(ctx, v.Member, typed)
	if err != nil {
		s.config.Log.Warn("circles are missing", "error", err)
		return nil
	}
	var outside []int64
	for _, c := range found {
		outside = append(outside, c.Outside...)
	}
	left := s.outsiders(ctx, v, outside)
	circles := make([]page.Circle, len(found))
	for i, c := range found {
		circles[i] = page.Circle{Kind: string(c.Kind), ID: c.ID, Name: c.Name}
		for _, o := range left {
			if slices.Contains(c.Outside, o.Person.ID) {
				circles[i].Left = append(circles[i].Left, o)
			}
		}
		if len(c.Members) <= meet.MaxPeople {
			circles[i].People = c.Members
		}
	}
	return circles
}

// outsiders tells who is not asked and why. A page is good without them, too.
func (s *Server) outsiders(ctx context.Context, v *visit, ids []int64) []page.Outsider {
	found, err := s.config.Picker.Outsiders(ctx, v.Member, ids)
	if err != nil {
		s.config.Log.Warn("who is left out is not known", "error", err)
		return nil
	}
	left := make([]page.Outsider, len(found))
	for i, o := range found {
		left[i] = page.Outsider{Person: page.Person{ID: o.ID, Name: o.Name}, Why: string(o.Kind)}
	}
	return left
}

// circleNames are the names of those of a query's groups that are circles of the portal.
func (s *Server) circleNames(ctx context.Context, v *visit, query meet.Query) map[string]string {
	groups := make([][]int64, len(query.Any))
	for i, group := range query.Any {
		groups[i] = group.IDs
	}
	names := map[string]string{}
	for i, name := range s.config.Picker.Names(ctx, v.Member, groups) {
		if name != "" {
			names[meet.JoinIDs(groups[i])] = name
		}
	}
	return names
}

// peopleJSON is the people search for programs.
type peopleJSON struct {
	People []foundJSON `json:"people"`
	More   bool        `json:"more"`

	Circles []circleJSON `json:"circles,omitempty"`
}

type circleJSON struct {
	Kind   string  `json:"kind"`
	ID     int64   `json:"id"`
	Name   string  `json:"name"`
	People []int64 `json:"people,omitempty"` // missing: more than a search takes
}

type foundJSON struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Position   string `json:"position,omitempty"`
	Department string `json:"department,omitempty"`
}

func newPeopleJSON(v *page.PeopleView) peopleJSON {
	j := peopleJSON{People: []foundJSON{}, More: v.More}
	for _, p := range v.Found {
		j.People = append(j.People, foundJSON{ID: p.ID, Name: p.Name, Position: p.Position, Department: p.Department})
	}
	for _, c := range v.Circles {
		j.Circles = append(j.Circles, circleJSON{c.Kind, c.ID, c.Name, c.People})
	}
	return j
}

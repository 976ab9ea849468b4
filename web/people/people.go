package people

import (
	"context"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"unicode/utf8"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/part"
	page "slotfinder/templates/people"
	"slotfinder/web"
)

// maxTyped is how long a text in the people search may be, in characters.
const maxTyped = 100

// people answers the picker: as JSON, as the list that htmx swaps in, or, for
// those who open its address, as a page of its own.
func (h *Handlers) people(c echo.Context, v *web.Identity) error {
	c.Response().Header().Set("Vary", "Accept, HX-Request")
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	found, err := h.Suggest(ctx, v, c.QueryParam("q"), web.SentValues(c.Request()), web.WantsPart(c) && !web.WantsJSON(c))
	if err != nil {
		return err
	}
	if web.WantsJSON(c) {
		return c.JSON(http.StatusOK, newPeopleJSON(found))
	}
	if web.WantsPart(c) {
		return h.Site.Show(c, http.StatusOK, part.SuggestionOptions(*found))
	}
	return h.Site.ShowApp(c, http.StatusOK, v, "people.title", page.Page(*found))
}

// Suggest searches people for the picker. The list that opens before anything has been
// typed holds only what somebody keeps. Who is asked already need not be offered as the
// latest.
func (h *Handlers) Suggest(ctx context.Context, v *web.Identity, typed string, asked url.Values, list bool) (*part.Suggestions, error) {
	if utf8.RuneCountInString(typed) > maxTyped {
		return nil, &meet.Error{Kind: meet.Invalid, Key: "error.invalid", Fields: map[string]string{"q": "field.q"}}
	}
	view := &part.Suggestions{Typed: typed, Reader: v.Member.User}
	saved, latest, err := h.Picker.SearchGroups(ctx, v.Member, typed)
	if err != nil {
		return nil, err
	}
	view.Asked, view.Enough = askedIn(asked), asked.Get("quorum") != "" && asked.Get("quorum") != "0"
	view.Saved, view.Latest = saved, others(latest, view.Asked)
	if typed == "" && list {
		return view, nil
	}
	found, more, err := h.Picker.Search(ctx, v.Member, typed)
	if err != nil {
		return nil, err
	}
	view.More, view.Audiences = more, h.audiences(ctx, v, typed)
	for _, f := range found {
		p := web.NewPerson(f.Person, v.Member)
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

// askedIn is who is in a query already, as the form sends it or an address has it. It
// is read only to mark them: what is no number is nobody.
func askedIn(sent url.Values) map[int64]bool {
	lists := slices.Concat(sent["who"], sent["opt"], sent["of"])
	for _, group := range sent["any"] {
		_, ids, _ := meet.CutAny(group)
		lists = append(lists, ids)
	}
	asked := map[int64]bool{}
	for _, item := range meet.Items(lists) {
		if id, err := strconv.ParseInt(item, 10, 64); err == nil {
			asked[id] = true
		}
	}
	return asked
}

// others leaves out the groups all of whose people are asked already.
func others(groups []meet.Kept, asked map[int64]bool) []meet.Kept {
	missing := func(p meet.Person) bool { return !asked[p.ID] }
	return slices.DeleteFunc(slices.Clone(groups), func(k meet.Kept) bool { return !slices.ContainsFunc(k.Staff, missing) })
}

// audiences searches departments, groups and chats for the picker. People are found
// without them, too.
func (h *Handlers) audiences(ctx context.Context, v *web.Identity, typed string) []part.Audience {
	found, err := h.Picker.SearchAudiences(ctx, v.Member, typed)
	if err != nil {
		h.Site.Log.Warn("audiences are missing", "error", err)
		return nil
	}
	var outside []int64
	for _, c := range found {
		outside = append(outside, c.Outside...)
	}
	left := h.LeftOut(ctx, v, outside)
	audiences := make([]part.Audience, len(found))
	for i, c := range found {
		audiences[i].Audience = c
		for _, o := range left {
			if slices.Contains(c.Outside, o.ID) {
				audiences[i].Left = append(audiences[i].Left, o)
			}
		}
	}
	return audiences
}

// LeftOut tells who is not asked and why. A page is good without them, too.
func (h *Handlers) LeftOut(ctx context.Context, v *web.Identity, ids []int64) []meet.Outsider {
	found, err := h.Picker.Outsiders(ctx, v.Member, ids)
	if err != nil {
		h.Site.Log.Warn("who is left out is not known", "error", err)
		return nil
	}
	return found
}

// peopleJSON is the people search for programs.
type peopleJSON struct {
	People []foundJSON `json:"people"`
	More   bool        `json:"more"`

	Audiences []audienceJSON `json:"circles,omitempty"`
}

type audienceJSON struct {
	Kind   meet.AudienceKind `json:"kind"`
	ID     int64             `json:"id"`
	Name   string            `json:"name"`
	People []int64           `json:"people,omitempty"` // missing: more than a search takes
}

type foundJSON struct {
	ID         int64  `json:"id"`
	Name       string `json:"name"`
	Position   string `json:"position,omitempty"`
	Department string `json:"department,omitempty"`
}

func newPeopleJSON(v *part.Suggestions) peopleJSON {
	j := peopleJSON{People: []foundJSON{}, More: v.More}
	for _, p := range v.Found {
		j.People = append(j.People, foundJSON{ID: p.ID, Name: p.Name, Position: p.Position, Department: p.Department})
	}
	for _, c := range v.Audiences {
		if len(c.Members) == 0 {
			continue
		}
		shown := audienceJSON{Kind: c.Kind, ID: c.ID, Name: c.Name}
		if !c.TooMany() {
			shown.People = c.Members
		}
		j.Audiences = append(j.Audiences, shown)
	}
	return j
}

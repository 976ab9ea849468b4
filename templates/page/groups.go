package page

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// Kept is a saved group of people.
type Kept struct {
	Name   string // "" for the people of a recent search
	People string // as in the query of a search, encoded
	Staff  []Person
}

// GroupsView is the page of somebody's saved groups.
type GroupsView struct {
	Saved, Latest []Kept
	Keep          Keep // with Errors: what could not be saved, to be corrected
}

// Keep is the form that saves people under a name.
type Keep struct {
	Name   string // as typed
	People url.Values
	Errors map[string]string // field to text key
	Saved  bool
}

var maxName = itoa(meet.MaxGroupName)

// title is the group's name, or those of its people.
func (k Kept) title(ctx context.Context) string {
	if k.Name != "" {
		return k.Name
	}
	return k.names(ctx)
}

// names are those of the others; the reader knows that they belong to it.
func (k Kept) names(ctx context.Context) string {
	return namesOf(ctx, slices.DeleteFunc(slices.Clone(k.Staff), func(p Person) bool { return p.Me }))
}

func (k Kept) kind(ctx context.Context) string {
	key := "groups.recent"
	if k.Name != "" {
		key = "groups.kind"
	}
	return locale.T(ctx, key)
}

// key is the id of the i-th option of its kind.
func (k Kept) key(i int) string {
	if k.Name == "" {
		return "o-latest-" + itoa(i)
	}
	return "o-saved-" + itoa(i)
}

// url searches with the people.
func (k Kept) url() string { return "/find?me=0&" + k.People }

// people are the parameters of the people in a form that can be sent.
func (f Form) people() url.Values {
	people := url.Values{}
	add := func(name string, n int64) {
		people.Set(name, strings.TrimPrefix(people.Get(name)+","+id(n), ","))
	}
	for _, p := range f.People {
		switch {
		case p.Required:
			add("who", p.ID)
		case !p.Grouped:
			add("opt", p.ID)
		}
	}
	for _, group := range f.anyOf() {
		people.Add("any", group.count+":"+group.ids)
	}
	return people
}

// namesOf names the first of some people.
func namesOf(ctx context.Context, people []Person) string {
	var names []string
	for _, p := range people[:min(len(people), mostGrouped)] {
		names = append(names, p.said(ctx))
	}
	if rest := len(people) - mostGrouped; rest > 0 {
		names = append(names, locale.N(ctx, "chosen.more", rest))
	}
	return strings.Join(names, ", ")
}

// nobody reports whether a search for a text found nothing. It is false without a text.
func (v PeopleView) nobody() bool {
	return v.Typed != "" && len(v.Found)+len(v.Audiences)+len(v.Saved)+len(v.Latest) == 0
}

package page

import (
	"context"
	"net/url"
	"slices"
	"strings"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
)

// Kept is a group of people that somebody keeps.
type Kept struct {
	Name   string // "" for people with whom somebody searched lately
	People string // as the query of a search has them, encoded
	Staff  []Person
}

// GroupsView is the page of what somebody keeps.
type GroupsView struct {
	Saved, Latest []Kept
	Keep          Keep // with Errors: what could not be saved, to be put right
}

// Keep is the form that keeps people under a name.
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

// names are those of the others: whose list it is knows that.
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

// nobody reports whether a text has found nothing. Without one there is nothing to say.
func (v PeopleView) nobody() bool {
	return v.Typed != "" && len(v.Found)+len(v.Circles)+len(v.Saved)+len(v.Latest) == 0
}

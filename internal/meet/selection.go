package meet

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Selection is who is asked. It is the parameters who, opt and any of a URL:
// ParseSelection reads it and Values writes it.
type Selection struct {
	Required []int64 // must come
	Optional []int64 // may come
	Any      []AnyOf // groups of which some must come
}

// ParseSelection reads who is asked, as ParseQuery does; other parameters are ignored.
func ParseSelection(values url.Values) (Selection, error) {
	q, err := ParseQuery(url.Values{"who": values["who"], "opt": values["opt"], "any": values["any"]})
	return q.Selection, err
}

// Values writes who is asked so that ParseSelection reads it.
func (s Selection) Values() url.Values {
	v := url.Values{}
	if len(s.Required) > 0 {
		v.Set("who", JoinIDs(s.Required))
	}
	if len(s.Optional) > 0 {
		v.Set("opt", JoinIDs(s.Optional))
	}
	for _, group := range s.Any {
		v.Add("any", fmt.Sprintf("%d:%s", group.N, JoinIDs(group.IDs)))
	}
	return v
}

// Once names everybody once. Whoever is required is not optional, too.
func (s Selection) Once() Selection {
	s.Required = Distinct(s.Required)
	s.Optional = Without(Distinct(s.Optional), s.Required)
	return s
}

// People returns everybody once: required, then optional, then those of the groups.
func (s Selection) People() []int64 {
	ids := slices.Concat(s.Required, s.Optional)
	for _, group := range s.Any {
		ids = append(ids, group.IDs...)
	}
	return Distinct(ids)
}

// Add requires somebody, before all others.
func (s Selection) Add(id int64) Selection {
	s.Required = append([]int64{id}, s.Required...)
	return s
}

// MakeOptional makes a required person optional.
func (s Selection) MakeOptional(id int64) Selection {
	s.Required = Without(s.Required, []int64{id})
	s.Optional = append(slices.Clone(s.Optional), id)
	return s
}

// DropFunc leaves out those of whom gone is true. Groups never ask for more people than
// are left in them, and a group of nobody is none.
func (s Selection) DropFunc(gone func(id int64) bool) Selection {
	s.Required = slices.DeleteFunc(slices.Clone(s.Required), gone)
	s.Optional = slices.DeleteFunc(slices.Clone(s.Optional), gone)
	var groups []AnyOf
	for _, group := range s.Any {
		ids := slices.DeleteFunc(slices.Clone(group.IDs), gone)
		if len(ids) > 0 {
			groups = append(groups, AnyOf{N: min(group.N, len(ids)), IDs: ids})
		}
	}
	s.Any = groups
	return s
}

// Within reports whether everybody is also asked by another selection.
func (s Selection) Within(other Selection) bool {
	return len(Without(s.People(), other.People())) == 0
}

// CutAny splits a value of the parameter any, which is N:IDS, as it was typed. found
// tells whether there was a colon.
func CutAny(text string) (count, ids string, found bool) { return strings.Cut(text, ":") }

// anyOf reads groups of which some must come.
func (f *form) anyOf(name string) []AnyOf {
	var groups []AnyOf
	for _, given := range given(f.values[name]) {
		count, list, _ := CutAny(given)
		ids, ok := parseIDs(strings.Split(list, ","))
		ids = Distinct(ids)
		n, isNumber := parseNumber(strings.TrimSpace(count), int64(len(ids)))
		if !ok || !isNumber || n < 1 {
			f.fault(name, "field.any")
			continue
		}
		groups = append(groups, AnyOf{N: int(n), IDs: ids})
	}
	return groups
}

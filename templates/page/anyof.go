package page

import (
	"context"
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/locale"
)

// anyOf is a group of people of whom some must come, as the form shows it.
type anyOf struct {
	count  string // as typed
	ids    string // as the parameter has them
	people []Person
}

const mostGrouped = 3 // people of a group who are named

// anyOf reads the groups from the parameter any, wrong ones too.
func (f Form) anyOf() []anyOf {
	var groups []anyOf
	for _, given := range f.Values["any"] {
		count, list, _ := strings.Cut(given, ":")
		group := anyOf{count: count, ids: list}
		for _, text := range strings.Split(list, ",") {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				continue
			}
			at := slices.IndexFunc(f.People, func(p Person) bool { return p.ID == n })
			if at < 0 {
				group.people = append(group.people, Person{ID: n})
			} else {
				group.people = append(group.people, f.People[at])
			}
		}
		groups = append(groups, group)
	}
	return groups
}

// names names the first of the group.
func (a anyOf) names(ctx context.Context) string {
	var names []string
	for _, p := range a.people[:min(len(a.people), mostGrouped)] {
		names = append(names, p.name(ctx))
	}
	if rest := len(a.people) - mostGrouped; rest > 0 {
		names = append(names, locale.N(ctx, "chosen.more", rest))
	}
	return strings.Join(names, ", ")
}

// circleKeys are the text keys of the kinds of circles.
var circleKeys = map[string]string{"department": "people.department", "group": "people.group", "chat": "people.chat"}

// joined are the ids as parameters have them.
func (c Circle) joined() string {
	texts := make([]string, len(c.People))
	for i, n := range c.People {
		texts[i] = id(n)
	}
	return strings.Join(texts, ",")
}

// key is the id of a way to choose the circle.
func (c Circle) key(way string) string { return "o-" + c.Kind + "-" + id(c.ID) + "-" + way }

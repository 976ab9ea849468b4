package find

import (
	"context"
	"strconv"
	"strings"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// anyOf is a group of people of whom some must come, as the form shows it.
type anyOf struct {
	count    string // as typed
	ids      string // as the parameter writes them
	audience string // its name at the portal; "" = none
	people   []part.Person
}

// anyBeyond are the groups beyond those that a search takes, as they were typed.
func (f Form) anyBeyond() []string {
	given := f.Values["any"]
	return given[min(len(given), meet.MaxAny):]
}

// anyOf reads the groups from the parameter any, wrong ones too.
func (f Form) anyOf() []anyOf {
	given := f.Values["any"]
	if len(given) == 0 {
		return nil
	}
	known := make(map[int64]part.Person, len(f.People))
	for _, p := range f.People {
		known[p.ID] = p
	}
	var groups []anyOf
	for _, given := range given[:min(len(given), meet.MaxAny)] {
		count, list, _ := meet.CutAny(given)
		group := anyOf{count: count, ids: list}
		var ids []int64
		for _, text := range strings.Split(list, ",") {
			n, err := strconv.ParseInt(text, 10, 64)
			if err != nil {
				continue
			}
			ids = append(ids, n)
			if p, shown := known[n]; shown {
				group.people = append(group.people, p)
			} else {
				group.people = append(group.people, unnamed(n))
			}
		}
		group.audience = f.AudienceNames[meet.JoinIDs(ids)]
		groups = append(groups, group)
	}
	return groups
}

// label says who the group is: by the name that the portal has for it, or how many.
func (a anyOf) label(ctx context.Context) string {
	if a.audience != "" {
		return a.audience
	}
	return locale.N(ctx, "list.people", len(a.people))
}

// names names the first of the group.
func (a anyOf) names(ctx context.Context) string { return part.NamesOf(ctx, a.people) }

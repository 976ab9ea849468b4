package meet

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"slotfinder/internal/spelling"
)

// MaxFound is the number of people a search of the picker returns.
const MaxFound = 20

// Picker finds people to invite, with the member's own eyes: whom the portal
// does not show to the member is not found.
type Picker struct {
	Directory Directory
	Circles   Circles // work groups and chats; nil: only departments
	Groups    Groups  // what members keep
}

// Found is a person the picker offers, with the names of the departments.
type Found struct {
	Person
	Departments []string
	Named       bool // by the name alone; else position and departments had a part
	close       spelling.Closeness
}

// Search finds active people by the beginnings of the words in their names,
// positions and departments, in any order and however they are spelt: see package
// spelling. Every word of the text must be found. An empty text finds everybody. At
// most MaxFound come back, names first, and of these those that are written as was
// typed; more tells whether there are others.
func (p *Picker) Search(ctx context.Context, m Member, text string) (found []Found, more bool, err error) {
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil {
		return nil, false, err
	}
	names, err := p.DepartmentNames(ctx, m)
	if err != nil {
		return nil, false, err
	}
	matches := match(people, names, spelling.NewQuery(text))
	more = len(matches) > MaxFound
	return matches[:min(len(matches), MaxFound)], more, nil
}

// DepartmentNames returns the names of the portal's departments by id.
func (p *Picker) DepartmentNames(ctx context.Context, m Member) (map[int64]string, error) {
	departments, err := p.Directory.Departments(ctx, m)
	if err != nil {
		return nil, err
	}
	names := make(map[int64]string, len(departments))
	for _, d := range departments {
		names[d.ID] = d.Name
	}
	return names, nil
}

// match returns the people that have every word, those with all of them in the
// name before others; each group is ordered by how closely they are found, and by name.
func match(people []Person, departments map[int64]string, query spelling.Query) []Found {
	var byName, byRest []Found
	for _, person := range people {
		found := Found{Person: person}
		for _, id := range person.Departments {
			if name := departments[id]; name != "" {
				found.Departments = append(found.Departments, name)
			}
		}
		if found.close = query.In(person.Name); found.close != spelling.Not {
			found.Named = true
			byName = append(byName, found)
			continue
		}
		rest := person.Name + " " + person.Position + " " + strings.Join(found.Departments, " ")
		if found.close = query.In(rest); found.close != spelling.Not {
			byRest = append(byRest, found)
		}
	}
	sortFound(byName)
	sortFound(byRest)
	return append(byName, byRest...)
}

// sortFound folds each name once: people may be thousands, and this is asked for at
// every letter typed.
func sortFound(found []Found) {
	folded := make(map[int64]string, len(found))
	for _, f := range found {
		folded[f.ID] = spelling.Fold(f.Name)
	}
	slices.SortFunc(found, func(a, b Found) int {
		return cmp.Or(cmp.Compare(b.close, a.close), cmp.Compare(folded[a.ID], folded[b.ID]), cmp.Compare(a.ID, b.ID))
	})
}

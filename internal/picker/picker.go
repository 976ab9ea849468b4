package picker

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"slotfinder/internal/meet"
	"slotfinder/internal/spelling"
)

// MaxFound is the number of people a search of the picker returns.
const MaxFound = 20

// Picker finds people to invite, with the member's own eyes: whom the portal
// does not show to the member is not found.
type Picker struct {
	Directory meet.Directory
	Audiences meet.Audiences // work groups and chats; nil: only departments
	Groups    meet.Groups    // what members keep
}

// Search finds active people by the beginnings of the words in their names,
// positions and departments, in any order and however they are spelt: see package
// spelling. Every word of the text must be found. An empty text finds everybody. At
// most MaxFound come back, names first, and of these those that are written as was
// typed; more tells whether there are others.
func (p *Picker) Search(ctx context.Context, m meet.Member, text string) (found []meet.Found, more bool, err error) {
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil {
		return nil, false, err
	}
	names, err := p.DepartmentNames(ctx, m)
	if err != nil {
		return nil, false, err
	}
	matches := matching(people, names, spelling.NewQuery(text))
	more = len(matches) > MaxFound
	return matches[:min(len(matches), MaxFound)], more, nil
}

// DepartmentNames returns the names of the portal's departments by id.
func (p *Picker) DepartmentNames(ctx context.Context, m meet.Member) (map[int64]string, error) {
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

// match is a found person, and how closely.
type match struct {
	meet.Found
	close spelling.Closeness
}

// matching returns the people that have every word, those with all of them in the
// name before others; each group is ordered by how closely they are found, and by name.
func matching(people []meet.Person, departments map[int64]string, query spelling.Query) []meet.Found {
	var byName, byRest []match
	for _, person := range people {
		found := match{Found: meet.Found{Person: person}}
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
	sortMatches(byName)
	sortMatches(byRest)
	found := make([]meet.Found, 0, len(byName)+len(byRest))
	for _, one := range slices.Concat(byName, byRest) {
		found = append(found, one.Found)
	}
	return found
}

// sortMatches folds each name once: people may be thousands, and this is asked for at
// every letter typed.
func sortMatches(found []match) {
	folded := make(map[int64]string, len(found))
	for _, f := range found {
		folded[f.ID] = spelling.Fold(f.Name)
	}
	slices.SortFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(b.close, a.close), cmp.Compare(folded[a.ID], folded[b.ID]), cmp.Compare(a.ID, b.ID))
	})
}

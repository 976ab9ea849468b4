package picker

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"slotfinder/internal/meet"
	"slotfinder/internal/spelling"
)

const (
	fewestRecent = 2                // people; nobody needs oneself again
	stepWithin   = 10 * time.Minute // from one search to the next, see remember
)

// Remember notes that the member has searched with the people of a resolved query.
// It writes only when they are others than the last time.
func (p *Picker) Remember(ctx context.Context, m meet.Member, q meet.Query, now time.Time) error {
	g := meet.GroupOf(q.Selection)
	if g.At = now; len(g.People()) < fewestRecent {
		return nil
	}
	latest, err := p.Groups.Recent(ctx, m)
	if err != nil {
		return err
	}
	if latest, changed := remember(latest, g); changed {
		return p.Groups.SaveRecent(ctx, m, latest)
	}
	return nil
}

// remember puts a group in front. It takes the place of the one before when that was
// only a step on the way to it: somebody adds or removes people one by one.
func remember(latest []meet.Group, g meet.Group) (kept []meet.Group, changed bool) {
	if len(latest) > 0 && same(latest[0], g) {
		return latest, false
	}
	kept = []meet.Group{g}
	for i, old := range latest {
		step := i == 0 && g.At.Sub(old.At) < stepWithin && (old.Within(g.Selection) || g.Within(old.Selection))
		if !step && !same(old, g) && len(kept) < meet.MaxRecent {
			kept = append(kept, old)
		}
	}
	return kept, true
}

// SearchGroups finds the member's saved groups by the beginnings of the words in
// their names, written as for Search, the closest first, then by name. An empty text finds all of
// them and the latest ones, too, less those that are saved. People who have left are
// not shown.
func (p *Picker) SearchGroups(ctx context.Context, m meet.Member, text string) (saved, latest []meet.Kept, err error) {
	groups, err := p.Groups.Groups(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	query := spelling.NewQuery(text)
	groups = slices.DeleteFunc(groups, func(g meet.Group) bool { return query.In(g.Name) == spelling.Not })
	slices.SortFunc(groups, func(a, b meet.Group) int {
		return cmp.Or(
			cmp.Compare(query.In(b.Name), query.In(a.Name)),
			cmp.Compare(spelling.Fold(a.Name), spelling.Fold(b.Name)), cmp.Compare(a.Name, b.Name),
		)
	})
	var recent []meet.Group
	if query.Empty() {
		if recent, err = p.Groups.Recent(ctx, m); err != nil {
			return nil, nil, err
		}
	}
	if len(groups)+len(recent) == 0 {
		return nil, nil, nil // the portal need not be asked
	}
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	staff := make(map[int64]meet.Person, len(people))
	for _, person := range people {
		staff[person.ID] = person
	}
	recent = slices.DeleteFunc(recent, func(g meet.Group) bool {
		return len(employed(g, staff).People()) < fewestRecent || slices.ContainsFunc(groups, func(other meet.Group) bool { return same(g, other) })
	})
	return keptOf(groups, staff), keptOf(recent, staff), nil
}

func keptOf(groups []meet.Group, staff map[int64]meet.Person) []meet.Kept {
	var all []meet.Kept
	for _, g := range groups {
		k := meet.Kept{Group: employed(g, staff)}
		for _, id := range k.People() {
			k.Staff = append(k.Staff, staff[id])
		}
		all = append(all, k)
	}
	return all
}

// SaveGroup keeps people under a name; those who were kept under it are replaced.
//
// Errors: Invalid with the field name, or who when there are no people or too many.
func (p *Picker) SaveGroup(ctx context.Context, m meet.Member, g meet.Group) error {
	g.Name = strings.Join(strings.Fields(g.Name), " ")
	faults := map[string]string{}
	if !soundName(g.Name) {
		faults["name"] = "groups.bad_name"
	}
	switch n := len(g.People()); {
	case n == 0:
		faults["who"] = "field.nobody"
	case n > meet.MaxPeople:
		faults["who"] = "field.too_many_people"
	}
	if err := meet.InvalidFields(faults); err != nil {
		return err
	}
	saved, err := p.Groups.SaveGroup(ctx, m, g, meet.MaxGroups)
	if err == nil && !saved {
		return meet.InvalidFields(map[string]string{"name": "groups.too_many"})
	}
	return err
}

// DeleteGroup forgets a group; the name is taken as SaveGroup takes it.
func (p *Picker) DeleteGroup(ctx context.Context, m meet.Member, name string) error {
	return p.Groups.DeleteGroup(ctx, m, strings.Join(strings.Fields(name), " "))
}

// soundName reports whether a name can be shown on one line. Joiners make letters and
// signs of several.
func soundName(name string) bool {
	odd := func(r rune) bool { return !unicode.IsPrint(r) && r != '\u200c' && r != '\u200d' }
	n := utf8.RuneCountInString(name)
	return 0 < n && n <= meet.MaxGroupName && utf8.ValidString(name) && !strings.ContainsFunc(name, odd)
}

// same reports whether the people are, and their parts.
func same(g, other meet.Group) bool { return g.Values().Encode() == other.Values().Encode() }

// employed leaves out those who are no employees any more.
func employed(g meet.Group, staff map[int64]meet.Person) meet.Group {
	g.Selection = g.DropFunc(func(id int64) bool { _, known := staff[id]; return !known })
	return g
}

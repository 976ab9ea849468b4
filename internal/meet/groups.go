package meet

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"slotfinder/internal/spelling"
	"slotfinder/internal/sweep"
)

// The bounds of what a member keeps.
const (
	MaxGroups    = 30 // saved under a name
	MaxGroupName = 60 // characters
	MaxRecent    = 5
)

const (
	fewestRecent = 2                // people; nobody needs oneself again
	stepWithin   = 10 * time.Minute // from one search to the next, see remember
)

// Group is a set of people that a member keeps, each with the part they have in a
// search. It is the member's own; what the portal calls a group is a Circle.
type Group struct {
	Name string // "" for people with whom the member searched lately
	Who  []int64
	Opt  []int64
	Any  []sweep.AnyOf
	At   time.Time // of the latest: when they were searched with
}

// Groups keeps groups. Nobody sees those of another member. Errors are faults of the
// database; NotFound when the portal has gone.
type Groups interface {
	// Groups returns the named ones, in no order.
	Groups(ctx context.Context, m Member) ([]Group, error)
	// SaveGroup inserts or replaces the one of that name. It is not saved when that
	// would make more than most.
	SaveGroup(ctx context.Context, m Member, g Group, most int) (saved bool, err error)
	// DeleteGroup forgets the one of that name. Nothing happens when it is not there.
	DeleteGroup(ctx context.Context, m Member, name string) error
	// Recent returns the latest, the newest first, as SaveRecent has written them.
	Recent(ctx context.Context, m Member) ([]Group, error)
	SaveRecent(ctx context.Context, m Member, latest []Group) error
}

// ParseGroup reads people as the parameters who, opt and any have them; others are
// ignored. The error is that of ParseQuery.
func ParseGroup(values url.Values) (Group, error) {
	q, err := ParseQuery(url.Values{"who": values["who"], "opt": values["opt"], "any": values["any"]})
	return groupOf(q), err
}

// groupOf is the group of a query that is about somebody in particular.
func groupOf(q Query) Group {
	g := Group{Who: distinct(q.Who), Any: q.Any}
	g.Opt = without(distinct(q.Opt), g.Who)
	slices.Sort(g.Who)
	slices.Sort(g.Opt)
	return g
}

// Values writes the people so that ParseGroup reads them.
func (g Group) Values() url.Values {
	v := url.Values{}
	if len(g.Who) > 0 {
		v.Set("who", joinIDs(g.Who))
	}
	if len(g.Opt) > 0 {
		v.Set("opt", joinIDs(g.Opt))
	}
	for _, some := range g.Any {
		v.Add("any", formatAnyOf(some))
	}
	return v
}

// People are all of the group once each: required, optional, those of whom some
// must come.
func (g Group) People() []int64 { return Query{Who: g.Who, Opt: g.Opt, Any: g.Any}.people() }

// same reports whether the people are, and their parts.
func (g Group) same(other Group) bool { return g.Values().Encode() == other.Values().Encode() }

// within reports whether all people are among those of another group.
func (g Group) within(other Group) bool { return len(without(g.People(), other.People())) == 0 }

// among leaves out those who are no employees any more.
func (g Group) among(staff map[int64]Person) Group {
	gone := func(id int64) bool { _, known := staff[id]; return !known }
	g.Who = slices.DeleteFunc(slices.Clone(g.Who), gone)
	g.Opt = slices.DeleteFunc(slices.Clone(g.Opt), gone)
	var groups []sweep.AnyOf
	for _, some := range g.Any {
		ids := slices.DeleteFunc(slices.Clone(some.IDs), gone)
		if len(ids) > 0 {
			groups = append(groups, sweep.AnyOf{N: min(some.N, len(ids)), IDs: ids})
		}
	}
	g.Any = groups
	return g
}

// Kept is a group as it is shown: with the people who are still there.
type Kept struct {
	Group
	Staff []Person // in the order of People
}

// Remember notes that the member has searched with the people of a resolved query.
// It writes only when they are others than the last time.
func (p *Picker) Remember(ctx context.Context, m Member, q Query, now time.Time) error {
	g := groupOf(q)
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
func remember(latest []Group, g Group) (kept []Group, changed bool) {
	if len(latest) > 0 && latest[0].same(g) {
		return latest, false
	}
	kept = []Group{g}
	for i, old := range latest {
		step := i == 0 && g.At.Sub(old.At) < stepWithin && (old.within(g) || g.within(old))
		if !step && !old.same(g) && len(kept) < MaxRecent {
			kept = append(kept, old)
		}
	}
	return kept, true
}

// SearchGroups finds the member's saved groups by the beginnings of the words in
// their names, written as for Search, the closest first, then by name. An empty text finds all of
// them and the latest ones, too, less those that are saved. People who have left are
// not shown.
func (p *Picker) SearchGroups(ctx context.Context, m Member, text string) (saved, latest []Kept, err error) {
	groups, err := p.Groups.Groups(ctx, m)
	if err != nil {
		return nil, nil, err
	}
	query := spelling.NewQuery(text)
	groups = slices.DeleteFunc(groups, func(g Group) bool { return query.In(g.Name) == spelling.Not })
	slices.SortFunc(groups, func(a, b Group) int {
		return cmp.Or(
			cmp.Compare(query.In(b.Name), query.In(a.Name)),
			cmp.Compare(spelling.Fold(a.Name), spelling.Fold(b.Name)), cmp.Compare(a.Name, b.Name),
		)
	})
	var recent []Group
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
	staff := make(map[int64]Person, len(people))
	for _, person := range people {
		staff[person.ID] = person
	}
	recent = slices.DeleteFunc(recent, func(g Group) bool {
		return len(g.among(staff).People()) < fewestRecent || slices.ContainsFunc(groups, g.same)
	})
	return keptOf(groups, staff), keptOf(recent, staff), nil
}

func keptOf(groups []Group, staff map[int64]Person) []Kept {
	var all []Kept
	for _, g := range groups {
		k := Kept{Group: g.among(staff)}
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
func (p *Picker) SaveGroup(ctx context.Context, m Member, g Group) error {
	g.Name = strings.Join(strings.Fields(g.Name), " ")
	faults := map[string]string{}
	if !soundName(g.Name) {
		faults["name"] = "groups.bad_name"
	}
	switch n := len(g.People()); {
	case n == 0:
		faults["who"] = "field.nobody"
	case n > MaxPeople:
		faults["who"] = "field.too_many_people"
	}
	if err := invalid(faults); err != nil {
		return err
	}
	saved, err := p.Groups.SaveGroup(ctx, m, g, MaxGroups)
	if err == nil && !saved {
		return invalid(map[string]string{"name": "groups.too_many"})
	}
	return err
}

// DeleteGroup forgets a group; the name is taken as SaveGroup takes it.
func (p *Picker) DeleteGroup(ctx context.Context, m Member, name string) error {
	return p.Groups.DeleteGroup(ctx, m, strings.Join(strings.Fields(name), " "))
}

// soundName reports whether a name can be shown on one line. Joiners make letters and
// signs of several.
func soundName(name string) bool {
	odd := func(r rune) bool { return !unicode.IsPrint(r) && r != '\u200c' && r != '\u200d' }
	n := utf8.RuneCountInString(name)
	return 0 < n && n <= MaxGroupName && utf8.ValidString(name) && !strings.ContainsFunc(name, odd)
}

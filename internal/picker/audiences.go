package picker

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"slotfinder/internal/meet"
	"slotfinder/internal/spelling"
)

// MaxOutsiders is the number of outsiders that are named.
const MaxOutsiders = 20

// MaxAudiences is the number of audiences a search of the picker returns.
const MaxAudiences = 5

// SearchAudiences finds departments, work groups and chats by the beginnings of the
// words in their names, written as for Search, with their members. Those without
// any are left out, so is everything for an empty text. An audience may have more
// members than a query takes, or only such as can't be asked.
func (p *Picker) SearchAudiences(ctx context.Context, m meet.Member, text string) ([]meet.Audience, error) {
	query := spelling.NewQuery(text)
	if query.Empty() {
		return nil, nil
	}
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil {
		return nil, err
	}
	departments, err := p.Directory.Departments(ctx, m)
	if err != nil {
		return nil, err
	}
	found := staffed(matchingAudiences(companyParts(departments), query), departments, people)
	if p.Audiences != nil && len(found) < MaxAudiences {
		others, err := p.others(ctx, m, query, people, MaxAudiences-len(found))
		if err != nil {
			return nil, err
		}
		found = append(found, others...)
	}
	return found, nil
}

// others finds up to most groups and chats.
func (p *Picker) others(ctx context.Context, m meet.Member, query spelling.Query, people []meet.Person, most int) ([]meet.Audience, error) {
	all, err := p.Audiences.Audiences(ctx, m)
	if err != nil {
		return nil, fmt.Errorf("audiences: %w", err)
	}
	found := matchingAudiences(all, query)
	found = found[:min(len(found), most)]
	if len(found) == 0 {
		return nil, nil
	}
	members, err := p.Audiences.Members(ctx, m, found)
	if err != nil {
		return nil, fmt.Errorf("members of audiences: %w", err)
	}
	for i := range found {
		found[i].Members = active(members[i], people)
		found[i].Outside = meet.Without(meet.Distinct(members[i]), found[i].Members)
	}
	return slices.DeleteFunc(found, func(c meet.Audience) bool { return len(c.Members)+len(c.Outside) == 0 }), nil
}

// Members fills in who belongs to an audience of which kind and number are known. There is
// nobody where the portal tells the member nothing.
func (p *Picker) Members(ctx context.Context, m meet.Member, audience meet.Audience) (meet.Audience, error) {
	if p.Audiences == nil {
		return audience, nil
	}
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil {
		return audience, err
	}
	members, err := p.Audiences.Members(ctx, m, []meet.Audience{audience})
	if err != nil {
		return audience, fmt.Errorf("members of an audience: %w", err)
	}
	audience.Members = active(members[0], people)
	audience.Outside = meet.Without(meet.Distinct(members[0]), audience.Members)
	return audience, nil
}

// Outsiders tells who people are who are no employees: who belongs to an audience and is
// not asked, so that somebody can say so. Employees among them are left out, and those
// beyond MaxOutsiders.
func (p *Picker) Outsiders(ctx context.Context, m meet.Member, ids []int64) ([]meet.Outsider, error) {
	if p.Audiences == nil || len(ids) == 0 {
		return nil, nil
	}
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil {
		return nil, err
	}
	if ids = meet.Without(meet.Distinct(ids), active(ids, people)); len(ids) == 0 {
		return nil, nil
	}
	outsiders, err := p.Audiences.Outsiders(ctx, m, ids[:min(len(ids), MaxOutsiders)])
	if err != nil {
		return nil, fmt.Errorf("outsiders: %w", err)
	}
	return outsiders, nil
}

// Names returns, for each of some groups of people, the name of a department, work
// group or chat that has exactly these members, as far as that is remembered: nothing
// is asked of the portal, since a name is not worth waiting for. "" means that there is
// none, or that it is not known.
func (p *Picker) Names(ctx context.Context, m meet.Member, groups [][]int64) []string {
	names := make([]string, len(groups))
	ctx = meet.FromMemory(ctx)
	people, err := p.Directory.Everybody(ctx, m)
	if err != nil || len(groups) == 0 {
		return names
	}
	wanted := map[string][]int{} // which groups have these members
	for i, ids := range groups {
		key := meet.JoinIDs(slices.Compact(slices.Sorted(slices.Values(ids))))
		wanted[key] = append(wanted[key], i)
	}
	name := func(members []int64, name string) {
		key := meet.JoinIDs(members)
		for _, i := range wanted[key] {
			names[i] = name
		}
		delete(wanted, key)
	}
	delete(wanted, "") // nobody
	p.nameDepartments(ctx, m, people, groups, name)
	if len(wanted) > 0 {
		p.nameAudiences(ctx, m, people, name)
	}
	return names
}

// nameDepartments names the departments with somebody of the groups in them, those
// closest to the people first. Each is looked at once.
func (p *Picker) nameDepartments(ctx context.Context, m meet.Member, people []meet.Person, groups [][]int64, name func([]int64, string)) {
	departments, err := p.Directory.Departments(ctx, m)
	if err != nil {
		return
	}
	tree := make(map[int64]meet.Department, len(departments))
	for _, d := range departments {
		tree[d.ID] = d
	}
	belongs := make(map[int64][]int64, len(people))
	for _, person := range people {
		belongs[person.ID] = person.Departments
	}
	children, seen := childrenOf(departments), map[int64]bool{}
	for _, ids := range groups {
		if len(ids) == 0 {
			continue
		}
		for _, d := range above(belongs[slices.Min(ids)], tree) {
			if !seen[d.ID] {
				seen[d.ID] = true
				name(staffOf(below(d.ID, children), people), d.Name)
			}
		}
	}
}

// nameAudiences names work groups and chats, one by one: all that is remembered, whatever
// is not.
func (p *Picker) nameAudiences(ctx context.Context, m meet.Member, people []meet.Person, name func([]int64, string)) {
	if p.Audiences == nil {
		return
	}
	audiences, err := p.Audiences.Audiences(ctx, m)
	if err != nil {
		return
	}
	employed := employees(people)
	for i, c := range audiences {
		if members, err := p.Audiences.Members(ctx, m, audiences[i:i+1]); err == nil {
			name(employed(members[0]), c.Name)
		}
	}
}

// above are some departments and those that they lie in, from the closest to the root.
// No others can have among their members a person who belongs to these.
func above(next []int64, tree map[int64]meet.Department) []meet.Department {
	var found []meet.Department
	known := map[int64]bool{}
	for next = slices.Clone(next); len(next) > 0; next = next[1:] {
		if d, ok := tree[next[0]]; ok && !known[d.ID] {
			known[d.ID] = true
			found = append(found, d)
			next = append(next, d.Parent)
		}
	}
	return found
}

func companyParts(departments []meet.Department) []meet.Audience {
	audiences := make([]meet.Audience, len(departments))
	for i, d := range departments {
		audiences[i] = meet.Audience{Kind: meet.AudienceDepartment, ID: d.ID, Name: d.Name}
	}
	return audiences
}

// staffed returns the first departments in which, or below which, somebody works.
func staffed(audiences []meet.Audience, departments []meet.Department, people []meet.Person) []meet.Audience {
	children := childrenOf(departments)
	var found []meet.Audience
	for _, c := range audiences {
		if c.Members = staffOf(below(c.ID, children), people); len(c.Members) > 0 {
			found = append(found, c)
		}
		if len(found) == MaxAudiences {
			break
		}
	}
	return found
}

// childrenOf returns the departments directly below each.
func childrenOf(departments []meet.Department) map[int64][]int64 {
	children := map[int64][]int64{}
	for _, d := range departments {
		children[d.Parent] = append(children[d.Parent], d.ID)
	}
	return children
}

// matchingAudiences returns the audiences that have every word: by kind as given, those found most
// closely first, and by name.
func matchingAudiences(audiences []meet.Audience, query spelling.Query) []meet.Audience {
	type match struct {
		meet.Audience
		close  spelling.Closeness
		folded string
	}
	var found []match
	for _, c := range audiences {
		if at := query.In(c.Name); at != spelling.Not {
			found = append(found, match{c, at, spelling.Fold(c.Name)})
		}
	}
	order := []meet.AudienceKind{meet.AudienceDepartment, meet.AudienceGroup, meet.AudienceChat}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(slices.Index(order, a.Kind), slices.Index(order, b.Kind)), cmp.Compare(b.close, a.close), cmp.Compare(a.folded, b.folded))
	})
	sorted := make([]meet.Audience, len(found))
	for i, f := range found {
		sorted[i] = f.Audience
	}
	return sorted
}

// below returns a department and all departments under it, at any depth. A tree
// that bites its own tail is no harm.
func below(root int64, children map[int64][]int64) map[int64]bool {
	found := map[int64]bool{root: true}
	for next := []int64{root}; len(next) > 0; next = next[1:] {
		for _, child := range children[next[0]] {
			if !found[child] {
				found[child] = true
				next = append(next, child)
			}
		}
	}
	return found
}

// staffOf returns who works in one of the departments.
func staffOf(departments map[int64]bool, people []meet.Person) []int64 {
	var ids []int64
	for _, person := range people {
		if slices.ContainsFunc(person.Departments, func(d int64) bool { return departments[d] }) {
			ids = append(ids, person.ID)
		}
	}
	slices.Sort(ids)
	return ids
}

// active returns those of ids who are employees: the calendars of guests can't be
// read, and bots have none.
func active(ids []int64, people []meet.Person) []int64 { return employees(people)(ids) }

// employees is active for many lists of ids.
func employees(people []meet.Person) func(ids []int64) []int64 {
	known := make(map[int64]bool, len(people))
	for _, person := range people {
		known[person.ID] = true
	}
	return func(ids []int64) []int64 {
		kept := slices.DeleteFunc(slices.Clone(ids), func(id int64) bool { return !known[id] })
		slices.Sort(kept)
		return slices.Compact(kept)
	}
}

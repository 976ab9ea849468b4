package find

import "slotfinder/templates/part"

// foldedFrom is the number of people from which their rows are folded, group by
// group, until somebody wants to see them.
const foldedFrom = 25

// group is a part of the people's rows; name is "" for those of no department, and
// when there is only one group.
type group struct {
	name   string
	rows   []int  // indexes of Result.people
	toggle string // URL that folds or unfolds the group, "" = it can't be folded
	folded bool
}

// newGroups sorts many people into their departments, few into one group.
func (r *Result) newGroups() []group {
	people := r.people
	if len(people) <= mostNamed {
		return []group{{rows: everybody(people)}}
	}
	var groups []group
	byName := map[string]int{}
	for i, p := range people {
		at, known := byName[p.Department]
		if !known {
			at = len(groups)
			byName[p.Department] = at
			groups = append(groups, group{name: p.Department})
		}
		groups[at].rows = append(groups[at].rows, i)
	}
	if len(people) >= foldedFrom && len(groups) > 1 {
		r.fold(groups)
	}
	return groups
}

// fold folds the groups that the URL does not name.
func (r *Result) fold(groups []group) {
	open := map[int]bool{}
	for _, n := range r.choice.Open {
		open[n] = true
	}
	for i := range groups {
		groups[i].toggle = r.choice.toggled(i + 1).Append(r.query)
		groups[i].folded = !open[i+1]
	}
}

// fewer leaves out the rows beyond those that are drawn, and says of how many people
// these are. The heads of groups come first: without them nobody could unfold another.
func fewer(groups []group) (kept []group, left int) {
	room := mostLanes - min(len(groups), mostLanes)
	for i, g := range groups {
		switch {
		case i >= mostLanes:
			left += len(g.rows)
			continue
		case !g.folded:
			rows := min(len(g.rows), room+1)
			left += len(g.rows) - rows
			room -= rows - 1
			g.rows = g.rows[:rows]
		}
		kept = append(kept, g)
	}
	return kept, left
}

// everybody is the indexes of all people.
func everybody(people []part.Person) []int {
	all := make([]int, len(people))
	for i := range all {
		all[i] = i
	}
	return all
}

// come counts those of a group who can come to the chosen slot.
func (r *Result) come(g group) int {
	missing := make(map[int64]bool, len(r.chosen.missing))
	for _, m := range r.chosen.missing {
		missing[m.Person] = true
	}
	n := 0
	for _, i := range g.rows {
		if !missing[r.people[i].ID] {
			n++
		}
	}
	return n
}

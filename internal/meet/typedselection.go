package meet

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// TypedSelection is a selection while somebody edits it: what was typed for each person,
// once each, in the order in which they came to their part. What is wrong in it stays, so
// that whoever typed it can mend it.
type TypedSelection struct {
	roles map[string]role
	order [optional + 1][]string // may name people who have another role by now
	any   []string               // N:IDS
	known map[string]bool        // those of any, once somebody adds to it
}

// role is the part that somebody has in a selection.
type role uint8

const (
	nobody role = iota
	required
	optional
)

// ReadSelection reads the parameters who, opt and any without judging them.
func ReadSelection(values url.Values) *TypedSelection {
	t := &TypedSelection{roles: map[string]role{}, any: values["any"]}
	t.MakeOptional(Items(values["opt"]))
	t.Require(Items(values["who"]))
	return t
}

// Require makes people required.
func (t *TypedSelection) Require(ids []string) { t.put(required, ids) }

// MakeOptional makes people optional.
func (t *TypedSelection) MakeOptional(ids []string) { t.put(optional, ids) }

// Drop takes people out, also of the groups of which some must come. Groups that lose
// somebody never ask for more than are left.
func (t *TypedSelection) Drop(ids []string) {
	if len(ids) == 0 {
		return
	}
	t.put(nobody, ids)
	gone := SetOf(ids)
	var kept []string
	for _, group := range t.any {
		count, list, _ := CutAny(group)
		all := Items([]string{list})
		left := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return gone[id] })
		if n, err := strconv.Atoi(count); err == nil && len(left) < len(all) && n > len(left) {
			count = strconv.Itoa(len(left))
		}
		if len(left) > 0 || len(all) == 0 {
			kept = append(kept, count+":"+strings.Join(left, ","))
		}
	}
	t.any = kept
}

// Add asks the people of another selection, each in the part they have there. Those who
// are asked already stay as they are.
func (t *TypedSelection) Add(other url.Values) {
	t.join(required, Items(other["who"]))
	t.join(optional, Items(other["opt"]))
	if t.known == nil {
		t.known = SetOf(t.any)
	}
	for _, group := range other["any"] {
		if !t.known[group] {
			t.known[group] = true
			t.any = append(t.any, group)
		}
	}
}

// Write sets the parameters who, opt and any.
func (t *TypedSelection) Write(values url.Values) {
	values.Set("who", t.list(required))
	values.Set("opt", t.list(optional))
	values["any"] = t.any
}

// put gives people a part.
func (t *TypedSelection) put(r role, ids []string) {
	for _, id := range ids {
		if t.roles[id] != r {
			t.roles[id] = r
			t.order[r] = append(t.order[r], id)
		}
	}
}

// join gives people a part who have none.
func (t *TypedSelection) join(r role, ids []string) {
	for _, id := range ids {
		if t.roles[id] == nobody {
			t.put(r, []string{id})
		}
	}
}

// list writes those who have a part.
func (t *TypedSelection) list(r role) string {
	written := map[string]bool{}
	return strings.Join(slices.DeleteFunc(t.order[r], func(id string) bool {
		gone := t.roles[id] != r || written[id]
		written[id] = true
		return gone
	}), ",")
}

// Items are the members of comma-separated lists.
func Items(lists []string) []string {
	return slices.DeleteFunc(strings.Split(strings.Join(lists, ","), ","), func(item string) bool { return item == "" })
}

// SetOf makes a set of texts.
func SetOf(items []string) map[string]bool {
	set := make(map[string]bool, len(items))
	for _, item := range items {
		set[item] = true
	}
	return set
}

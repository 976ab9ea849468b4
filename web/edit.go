package web

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/meet"
)

// edit applies the buttons and fields of the filter form that are no parameters
// themselves to the query it was sent with. IDS are one or more, with commas:
//
//	add=IDS, required=IDS  they must be there
//	optional=IDS           they may be missing
//	drop=IDS               they are not asked
//	of=IDS and n=N         as many of them: any=N:IDS, in pairs
//	addany=N:IDS           another such group
//	leave=IDS              no such group
//	group=QUERY            all of a kept group; who is asked already stays as they are
//	length=N               dur=N
//	after=…, before=…      hours=after-before
//
// It works on texts, so that a wrong value elsewhere stays as it was typed. The
// required people are made explicit, so that the signed-in person can be dropped.
// Moves of one kind are joined and done at once, so that the work grows with what was
// sent and no faster. edited tells whether there was anything to apply.
func edit(sent url.Values, me int64) (values url.Values, edited bool) {
	values = url.Values{}
	for name, all := range sent {
		values[name] = slices.Clone(all)
	}
	edited = regroup(values)
	if movePeople(values, me) {
		values.Del("q") // what was searched for has been found
		values.Del("find")
		edited = true
	}
	if length := pluck(values, "length"); len(length) > 0 {
		values["dur"], edited = length[:1], true
	}
	after, before := pluck(values, "after"), pluck(values, "before")
	if len(after)+len(before) > 0 {
		values.Del("hours")
		if hours := first(after, "00:00") + "-" + first(before, "24:00"); hours != "00:00-24:00" {
			values.Set("hours", hours)
		}
		edited = true
	}
	return values, edited
}

// shownAt are the fields at which the page says what is wrong with a button or field
// that is no parameter of a query.
var shownAt = map[string]string{
	"add": "who", "required": "who", "optional": "who", "drop": "who", "group": "who",
	"of": "any", "n": "any", "addany": "any", "leave": "any", "length": "dur", "after": "hours", "before": "hours",
}

// tooMuch says, by the fields of the form, what of a request is more than is edited or
// looked up.
func tooMuch(sent url.Values) map[string]string {
	found := meet.TooMuch(sent, slices.Collect(maps.Keys(shownAt))...)
	if found == nil {
		return nil
	}
	faults := map[string]string{}
	for name, fault := range found {
		if field, button := shownAt[name]; button {
			name = field
		}
		faults[name] = fault
	}
	return faults
}

// regroup makes the parameter any out of the fields and buttons that speak of
// groups of which some must come.
func regroup(values url.Values) (edited bool) {
	counts := values["n"]
	delete(values, "n")
	leave := setOf(pluck(values, "leave"))
	for i, ids := range pluck(values, "of") {
		edited = true
		count := "1"
		if i < len(counts) {
			count = counts[i]
		}
		if !leave[ids] {
			values.Add("any", count+":"+ids)
		}
	}
	for _, group := range pluck(values, "addany") {
		values.Add("any", group)
		values.Del("q")
		values.Del("find")
		edited = true
	}
	return edited
}

// pluck removes a parameter and returns its values that are not empty.
func pluck(values url.Values, name string) []string {
	given := values[name]
	delete(values, name)
	return slices.DeleteFunc(given, func(v string) bool { return strings.TrimSpace(v) == "" })
}

func first(given []string, missing string) string {
	if len(given) == 0 {
		return missing
	}
	return given[0]
}

// movePeople does what the buttons say that are about people, and reports whether there
// was one.
func movePeople(values url.Values, me int64) bool {
	groups, moves := pluck(values, "group"), map[string][]string{}
	for _, button := range []string{"add", "required", "optional", "drop"} {
		if ids := items(pluck(values, button)); len(ids) > 0 {
			moves[button] = ids
		}
	}
	if len(groups)+len(moves) == 0 {
		return false
	}
	nameMe(values, me)
	a := newAsked(values)
	a.enlist(values, groups)
	a.put(required, moves["add"])
	a.put(required, moves["required"])
	a.put(optional, moves["optional"])
	if gone := moves["drop"]; len(gone) > 0 {
		a.put(nobody, gone)
		values["any"] = without(values["any"], setOf(gone))
	}
	values.Set("who", a.list(required))
	values.Set("opt", a.list(optional))
	return true
}

// nameMe makes the signed-in person one of the required people by name.
func nameMe(values url.Values, me int64) {
	if values.Get("me") != "0" {
		values["who"] = append([]string{strconv.FormatInt(me, 10)}, values["who"]...)
		values.Set("me", "0")
	}
}

// role is the part that somebody has in a query.
type role uint8

const (
	nobody role = iota
	required
	optional
)

// asked are the people of a query that is being edited: what was typed for them, once
// each, in the order in which they came to their part.
type asked struct {
	roles map[string]role
	order [optional + 1][]string // may name people who have another role by now
}

func newAsked(values url.Values) *asked {
	a := &asked{roles: map[string]role{}}
	a.put(optional, items(values["opt"]))
	a.put(required, items(values["who"]))
	return a
}

// put gives people a part.
func (a *asked) put(r role, ids []string) {
	for _, id := range ids {
		if a.roles[id] != r {
			a.roles[id] = r
			a.order[r] = append(a.order[r], id)
		}
	}
}

// enlist adds the people of groups, each with the part they have there. Those who are
// asked already stay as they are.
func (a *asked) enlist(values url.Values, groups []string) {
	known := setOf(values["any"])
	for _, group := range groups {
		added := sent(&http.Request{URL: &url.URL{RawQuery: group}})
		a.join(required, items(added["who"]))
		a.join(optional, items(added["opt"]))
		for _, some := range added["any"] {
			if !known[some] {
				known[some] = true
				values.Add("any", some)
			}
		}
	}
}

// join gives people a part who have none.
func (a *asked) join(r role, ids []string) {
	for _, id := range ids {
		if a.roles[id] == nobody {
			a.put(r, []string{id})
		}
	}
}

// list writes those who have a part.
func (a *asked) list(r role) string {
	written := map[string]bool{}
	return strings.Join(slices.DeleteFunc(a.order[r], func(id string) bool {
		gone := a.roles[id] != r || written[id]
		written[id] = true
		return gone
	}), ",")
}

// without takes ids out of groups of which some must come. Those that lose somebody
// never ask for more than there are left.
func without(groups []string, gone map[string]bool) []string {
	var kept []string
	for _, group := range groups {
		count, list, _ := strings.Cut(group, ":")
		all := items([]string{list})
		left := slices.DeleteFunc(slices.Clone(all), func(id string) bool { return gone[id] })
		if n, err := strconv.Atoi(count); err == nil && len(left) < len(all) && n > len(left) {
			count = strconv.Itoa(len(left))
		}
		if len(left) > 0 || len(all) == 0 {
			kept = append(kept, count+":"+strings.Join(left, ","))
		}
	}
	return kept
}

// items are the members of comma-separated lists.
func items(lists []string) []string {
	return slices.DeleteFunc(strings.Split(strings.Join(lists, ","), ","), func(item string) bool { return item == "" })
}

func setOf(items []string) map[string]bool {
	set := make(map[string]bool, len(items))
	for _, item := range items {
		set[item] = true
	}
	return set
}

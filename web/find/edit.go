package find

import (
	"maps"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"slotfinder/internal/meet"
	"slotfinder/web"
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
//	was, pick              see moveAlong
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
	edited = moveAlong(values)
	edited = regroup(values) || edited
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
		if hours := first(after, "00:00") + "-" + first(before, "24:00"); hours != wholeDay {
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
	"was": "from", "pick": "from",
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
	leave := meet.SetOf(pluck(values, "leave"))
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
		if ids := meet.Items(pluck(values, button)); len(ids) > 0 {
			moves[button] = ids
		}
	}
	if len(groups)+len(moves) == 0 {
		return false
	}
	nameMe(values, me)
	people := meet.ReadSelection(values)
	for _, group := range groups {
		people.Add(web.SentValues(&http.Request{URL: &url.URL{RawQuery: group}}))
	}
	people.Require(moves["add"])
	people.Require(moves["required"])
	people.MakeOptional(moves["optional"])
	people.Drop(moves["drop"])
	people.Write(values)
	return true
}

// nameMe makes the signed-in person one of the required people by name.
func nameMe(values url.Values, me int64) {
	if values.Get("me") != "0" {
		values["who"] = append([]string{strconv.FormatInt(me, 10)}, values["who"]...)
		values.Set("me", "0")
	}
}

package meet

import (
	"net/url"
	"slices"
	"strings"
)

// The bounds of how much one query names. A URL holds more: without them a page could
// be made to work for minutes on what somebody typed in a second.
const (
	MaxIDs     = 5000 // in all its lists, each time that somebody is named
	MaxAny     = 50   // groups of which some must come
	MaxRooms   = 10   // choices of rooms
	MaxRepeats = 200  // of one parameter
)

// lists are the parameters of a query that hold ids.
var lists = []string{"who", "opt", "any", "room", "ignore"}

// TooMuch says which parameters name more than a query takes, before anybody has
// looked at what they name: the text key of the fault by the parameter's name, nil
// when nothing is too much. Of too many ids it names the longest list. Callers with
// lists of their own beside those of a query name them.
func TooMuch(values url.Values, also ...string) map[string]string {
	faults := map[string]string{}
	longest, most, all := "", 0, 0
	for _, name := range slices.Concat(lists, also) {
		n := countItems(values[name])
		if all += n; n > most {
			longest, most = name, n
		}
	}
	if all > MaxIDs {
		faults[longest] = "field.too_many_ids"
	}
	for name, most := range map[string]int{"any": MaxAny, "room": MaxRooms} {
		if len(given(values[name])) > most {
			faults[name] = "field.too_many_" + name
		}
	}
	for name := range values {
		if len(values[name]) > MaxRepeats {
			faults[name] = "field.too_often"
		}
	}
	if len(faults) > 0 {
		return faults
	}
	return tooManyPeople(values)
}

// countItems counts the members of comma-separated lists.
func countItems(values []string) int {
	n := 0
	for _, value := range values {
		if value != "" {
			n += 1 + strings.Count(value, ",")
		}
	}
	return n
}

// given are the values that are not empty.
func given(values []string) []string {
	return slices.DeleteFunc(slices.Clone(values), func(v string) bool { return strings.TrimSpace(v) == "" })
}

// tooManyPeople names the longest list when a query asks for more people than may be
// asked. They are counted once each, by what is written for them.
func tooManyPeople(values url.Values) map[string]string {
	longest, most, all := "", 0, map[string]bool{}
	for _, name := range []string{"who", "opt", "any"} {
		n := 0
		for _, value := range values[name] {
			if _, list, grouped := CutAny(value); grouped && name == "any" {
				value = list
			}
			for item := range strings.SplitSeq(value, ",") {
				if item = strings.TrimSpace(item); item != "" {
					all[item] = true
					n++
				}
			}
		}
		if n > most {
			longest, most = name, n
		}
	}
	if len(all) <= MaxPeople {
		return nil
	}
	return map[string]string{longest: "field.too_many_people"}
}

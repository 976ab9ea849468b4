package web

import (
	"net/url"
	"slices"
	"strconv"
	"strings"
)

// edit applies the buttons of the filter form to the query it was sent with:
//
//	add=ID, required=ID  ID must be there       optional=ID  ID may be missing
//	drop=ID              ID is not asked        length=N     dur=N
//	after=…, before=…    hours=after-before
//
// It works on texts, so that a wrong value elsewhere stays as it was typed. The
// required people are made explicit, so that the signed-in person can be dropped.
// edited tells whether there was anything to apply.
func edit(sent url.Values, me int64) (values url.Values, edited bool) {
	values = url.Values{}
	for name, all := range sent {
		values[name] = slices.Clone(all)
	}
	for _, button := range []string{"add", "required", "optional", "drop"} {
		for _, id := range pluck(values, button) {
			move(values, button, id, me)
			values.Del("q") // what was searched for has been found
			values.Del("find")
			edited = true
		}
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

// move takes an id out of all lists and puts it where the button says.
func move(values url.Values, button, id string, me int64) {
	if values.Get("me") != "0" {
		values["who"] = append([]string{strconv.FormatInt(me, 10)}, values["who"]...)
		values.Set("me", "0")
	}
	who, opt := items(values["who"], id), items(values["opt"], id)
	switch button {
	case "add", "required":
		who = append(who, id)
	case "optional":
		opt = append(opt, id)
	}
	values.Set("who", strings.Join(who, ","))
	values.Set("opt", strings.Join(opt, ","))
}

// items are the members of comma-separated lists, less one.
func items(lists []string, drop string) []string {
	return slices.DeleteFunc(strings.Split(strings.Join(lists, ","), ","), func(item string) bool {
		return item == "" || item == drop
	})
}

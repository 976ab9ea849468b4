package web

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
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
// edited tells whether there was anything to apply.
func edit(sent url.Values, me int64) (values url.Values, edited bool) {
	values = url.Values{}
	for name, all := range sent {
		values[name] = slices.Clone(all)
	}
	edited = regroup(values)
	for _, group := range pluck(values, "group") {
		enlist(values, group, me)
		values.Del("q")
		values.Del("find")
		edited = true
	}
	for _, button := range []string{"add", "required", "optional", "drop"} {
		for _, ids := range pluck(values, button) {
			move(values, button, items([]string{ids}, nil), me)
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

// regroup makes the parameter any out of the fields and buttons that speak of
// groups of which some must come.
func regroup(values url.Values) (edited bool) {
	counts := values["n"]
	delete(values, "n")
	leave := pluck(values, "leave")
	for i, ids := range pluck(values, "of") {
		edited = true
		count := "1"
		if i < len(counts) {
			count = counts[i]
		}
		if !slices.Contains(leave, ids) {
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

// move takes ids out of all lists and puts them where the button says.
func move(values url.Values, button string, ids []string, me int64) {
	nameMe(values, me)
	who, opt := values["who"], values["opt"]
	if button != "add" { // those added stay where they stand, if they must come already
		who = items(who, ids)
	}
	opt = items(opt, ids)
	switch button {
	case "add", "required":
		who = append(items(who, nil), ids...)
	case "optional":
		opt = append(opt, ids...)
	case "drop":
		values["any"] = without(values["any"], ids)
	}
	values.Set("who", strings.Join(distinct(items(who, nil)), ","))
	values.Set("opt", strings.Join(distinct(opt), ","))
}

// nameMe makes the signed-in person one of the required people by name.
func nameMe(values url.Values, me int64) {
	if values.Get("me") != "0" {
		values["who"] = append([]string{strconv.FormatInt(me, 10)}, values["who"]...)
		values.Set("me", "0")
	}
}

// enlist adds the people of a group, each with the part they have in it.
func enlist(values url.Values, group string, me int64) {
	nameMe(values, me)
	added := sent(&http.Request{URL: &url.URL{RawQuery: group}})
	who, opt := items(values["who"], nil), items(values["opt"], nil)
	who = append(who, items(added["who"], opt)...)
	opt = append(opt, items(added["opt"], who)...)
	values.Set("who", strings.Join(distinct(who), ","))
	values.Set("opt", strings.Join(distinct(opt), ","))
	for _, some := range added["any"] {
		if !slices.Contains(values["any"], some) {
			values.Add("any", some)
		}
	}
}

// without takes ids out of groups of which some must come. Those that lose somebody
// never ask for more than there are left.
func without(groups []string, ids []string) []string {
	var kept []string
	for _, group := range groups {
		count, list, _ := strings.Cut(group, ":")
		all := items([]string{list}, nil)
		left := items([]string{list}, ids)
		if n, err := strconv.Atoi(count); err == nil && len(left) < len(all) && n > len(left) {
			count = strconv.Itoa(len(left))
		}
		if len(left) > 0 || len(all) == 0 {
			kept = append(kept, count+":"+strings.Join(left, ","))
		}
	}
	return kept
}

// items are the members of comma-separated lists, less some.
func items(lists, drop []string) []string {
	gone := map[string]bool{"": true}
	for _, item := range drop {
		gone[item] = true
	}
	return slices.DeleteFunc(strings.Split(strings.Join(lists, ","), ","), func(item string) bool { return gone[item] })
}

func distinct(items []string) []string {
	seen := make(map[string]bool, len(items))
	return slices.DeleteFunc(items, func(item string) bool {
		known := seen[item]
		seen[item] = true
		return known
	})
}

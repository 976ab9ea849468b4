package templates_test

import (
	"net/url"
	"testing"

	"slotfinder/templates/find"
	"slotfinder/templates/part"

	"golang.org/x/net/html"
)

func TestFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	typed := url.Values{"from": {"tomorrow"}, "to": {"2026-11-20"}, "hours": {"9-17"}, "dur": {"abc"}, "tz": {"Mars/Olympus"}, "buffer": {"-1"}, "notice": {"x"}, "quorum": {"0"}, "weeks": {"99"}, "step": {"7"}, "days": {"monday"}, "work": {"2"}, "tentative": {"maybe"}, "allday": {"x"}}
	v := find.View{Form: find.Form{Values: typed, Errors: map[string]string{"who": "field.people"}}}
	for name := range typed {
		v.Form.Errors[name] = "field." + name
	}
	v.Form.Errors["from"], v.Form.Errors["to"] = "field.date", "field.to_before_from"
	doc := findPage(t, v)
	for name, value := range typed {
		fields := all(t, doc, "#f-"+name)
		if len(fields) != 1 {
			t.Errorf("%s: %d fields", name, len(fields))
			continue
		}
		if got := attribute(fields[0], "value"); got != value[0] {
			t.Errorf("%s: shows %q, typed was %q", name, got, value[0])
		}
		if attribute(fields[0], "aria-invalid") != "true" || len(all(t, doc, "#"+attribute(fields[0], "aria-describedby"))) != 1 {
			t.Errorf("%s: not tied to a message", name)
		}
	}
	for _, link := range all(t, doc, ".faults a") {
		if len(all(t, doc, attribute(link, "href"))) != 1 {
			t.Errorf("the summary leads to %q, which is not there", attribute(link, "href"))
		}
	}
}

// What is no person's number stays beside the people, to be put right.
func TestFormKeepsWrongPeople(t *testing.T) {
	t.Parallel()
	form := find.Form{
		Values: url.Values{"who": {"1,x", "1"}, "opt": {"2,,0,3"}}, People: []part.Person{attendee(1, true), attendee(2, false)},
		Errors: map[string]string{"who": "field.people", "opt": "field.people"},
	}
	if got := sent(t, findPage(t, find.View{Form: form})); got["who"][0]+" "+got["who"][1] != "x 1" || got["opt"][0]+" "+got["opt"][1] != "0,3 2" {
		t.Errorf("who %q, opt %q", got["who"], got["opt"])
	}
	form.Errors = nil
	if got := sent(t, findPage(t, find.View{Form: form})); len(got["who"]) != 1 || len(got["opt"]) != 1 {
		t.Errorf("without a fault: who %q, opt %q", got["who"], got["opt"])
	}
}

// What the form sends without any change must be the query it shows.
func TestFormSendsItsQuery(t *testing.T) {
	t.Parallel()
	f := sample(t, 3, 5)
	f.People[2].Required = false
	v := view(f)
	v.Form.Values = url.Values{
		"from": {"2026-11-23"}, "to": {"2026-11-27"}, "dur": {"75"}, "step": {"10"}, "tz": {"Asia/Kathmandu"}, "hours": {"08:30-17:15"},
		"days": {"mo,we"}, "work": {"0"}, "tentative": {"free"}, "allday": {"free"}, "buffer": {"15"}, "quorum": {"2"}, "weeks": {"3"}, "notice": {"120"}, "any": {"1:7,9"},
	}
	want := url.Values{
		"me": {"0"}, "who": {"1,2"}, "opt": {"3"}, "q": {""}, "after": {"08:30"}, "before": {"17:15"},
		"from": {"2026-11-23"}, "to": {"2026-11-27"}, "dur": {"75"}, "step": {"10"}, "tz": {"Asia/Kathmandu"}, "days": {"mo", "we"},
		"work": {"0"}, "tentative": {"free"}, "allday": {"free"}, "buffer": {"15"}, "quorum": {"2"}, "weeks": {"3"}, "notice": {"120"}, "of": {"7,9"}, "n": {"1"},
	}
	if got := sent(t, findPage(t, v)); got.Encode() != want.Encode() {
		t.Errorf("sends\n%s\nwant\n%s", got.Encode(), want.Encode())
	}
}

// sent is what a browser sends for the form.
func sent(t *testing.T, doc *html.Node) url.Values {
	t.Helper()
	values := url.Values{}
	for _, n := range all(t, doc, "#filters input[name]:not([form])") {
		kind := attribute(n, "type")
		if (kind == "radio" || kind == "checkbox") && !has(n, "checked") {
			continue
		}
		values.Add(attribute(n, "name"), attribute(n, "value"))
	}
	for _, n := range all(t, doc, "#filters select") {
		for _, o := range all(t, n, "option[selected]") {
			values.Add(attribute(n, "name"), attribute(o, "value"))
		}
	}
	return values
}

func has(n *html.Node, name string) bool {
	for _, a := range n.Attr {
		if a.Key == name {
			return true
		}
	}
	return false
}

package templates_test

import (
	"net/url"
	"testing"

	"golang.org/x/net/html"

	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/part"
)

func TestFormKeepsWhatWasTyped(t *testing.T) {
	t.Parallel()
	typed := url.Values{"from": {"tomorrow"}, "to": {"2026-11-20"}, "hours": {"early-late"}, "dur": {"abc"}, "tz": {"Mars/Olympus"}, "buffer": {"-1"}, "notice": {"x"}, "quorum": {"0"}, "weeks": {"99"}, "step": {"7"}, "days": {"monday"}, "work": {"2"}, "tentative": {"maybe"}, "allday": {"x"}}
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
		got := attribute(fields[0], "value")
		if fields[0].Data == "select" {
			got = attribute(all(t, fields[0], "option[selected]")[0], "value")
		}
		if name == "hours" { // a field each
			got += "-" + attribute(all(t, doc, "#f-before option[selected]")[0], "value")
		}
		if got != value[0] {
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

// A wrong value stands in the control that the field always has, and one choice corrects it.
func TestWrongValuesDoNotTurnFieldsIntoOthers(t *testing.T) {
	t.Parallel()
	right := view(sample(t, 2, 5))
	wrong := right
	wrong.Result, wrong.Form.Values, wrong.Form.Errors = nil, url.Values{}, map[string]string{}
	for _, name := range []string{"from", "to", "hours", "dur", "tz", "buffer", "notice", "quorum", "weeks", "step", "days", "work", "tentative", "allday"} {
		wrong.Form.Values.Set(name, "wrong")
		wrong.Form.Errors[name] = "field.twice"
	}
	before, after := kinds(t, findPage(t, right)), kinds(t, findPage(t, wrong))
	for name, kind := range after {
		if before[name] != kind {
			t.Errorf("%s is a field of the kind %q, and with a wrong value %q", name, before[name], kind)
		}
	}
}

// kinds are the kinds of the form's fields by name.
func kinds(t *testing.T, doc *html.Node) map[string]string {
	t.Helper()
	kinds := map[string]string{}
	for _, n := range all(t, doc, "#filters input[name], #filters select[name]") {
		kinds[attribute(n, "name")] = n.Data + " " + attribute(n, "type")
	}
	return kinds
}

// Without any day there is nothing to search; the days say so and can be chosen.
func TestNoDayOfTheWeekIsSaidAtTheDays(t *testing.T) {
	t.Parallel()
	v := find.View{Form: find.Form{Values: url.Values{"days": {meet.NoDays}}, Errors: map[string]string{"days": "field.no_days"}}}
	doc := findPage(t, v)
	if got := words(t, doc, "#err-days"); got != "Choose at least one day of the week." {
		t.Errorf("says %q", got)
	}
	if n, on := len(all(t, doc, "[name=days]")), len(all(t, doc, "[name=days][checked]")); n != 7 || on != 0 {
		t.Errorf("%d days of which %d are on", n, on)
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
		"me": {"0"}, "was": {"days=mo%2Cwe&from=2026-11-23&hours=08%3A30-17%3A15&to=2026-11-27"}, "who": {"1,2"}, "opt": {"3"}, "q": {""}, "after": {"08:30"}, "before": {"17:15"},
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

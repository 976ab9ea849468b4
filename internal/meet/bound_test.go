package meet

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
	"testing"
)

// people are so many ids as a parameter has them.
func people(first, n int) string {
	texts := make([]string, n)
	for i := range texts {
		texts[i] = fmt.Sprint(first + i)
	}
	return strings.Join(texts, ",")
}

// TestQueriesAreBounded: what is too much is named, and nobody is asked for; what is
// just enough is taken.
func TestQueriesAreBounded(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name   string
		values url.Values
		field  string // "" = it is taken
	}{
		{"500 people", url.Values{"me": {"0"}, "who": {people(1, 500)}}, ""},
		{"501 people", url.Values{"who": {people(1, 501)}}, "who"},
		{"501 optional people", url.Values{"opt": {people(1, 501)}}, "opt"},
		{"501 people in one group", url.Values{"any": {"1:" + people(1, 501)}}, "any"},
		{"501 people in two lists", url.Values{"who": {people(1, 251)}, "opt": {people(252, 250)}}, "who"},
		{"the same 500 in many lists", url.Values{"who": {people(1, 500)}, "any": slices.Repeat([]string{"1:" + people(1, 500)}, 9)}, ""},
		{"5001 ids", url.Values{"who": {people(1, 501)}, "any": slices.Repeat([]string{"1:" + people(1, 500)}, 9)}, "any"},
		{"one person 5000 times", url.Values{"who": slices.Repeat([]string{strings.Repeat("7,", 24) + "7"}, 200)}, ""},
		{"one person 5001 times", url.Values{"who": {strings.Repeat("7,", 5000) + "7"}}, "who"},
		{"50 groups", url.Values{"any": slices.Repeat([]string{"1:2"}, 50)}, ""},
		{"51 groups", url.Values{"any": slices.Repeat([]string{"1:2"}, 51)}, "any"},
		{"10 rooms", url.Values{"room": slices.Repeat([]string{"any"}, 10)}, ""},
		{"11 rooms", url.Values{"room": slices.Repeat([]string{"3,4"}, 11)}, "room"},
		{"5001 rooms", url.Values{"room": {people(1, 5001)}}, "room"},
		{"no room", url.Values{"room": {"any,x"}}, "room"},
		{"5001 ignored events", url.Values{"ignore": {people(1, 5001)}}, "ignore"},
		{"an event that is none", url.Values{"ignore": {"-3"}}, "ignore"},
		{"200 times", url.Values{"dur": slices.Repeat([]string{"30"}, 200)}, ""},
		{"201 times", url.Values{"dur": slices.Repeat([]string{"30"}, 201)}, "dur"},
		{"201 times nothing", url.Values{"opt": slices.Repeat([]string{""}, 201)}, "opt"},
		{"201 times what nobody reads", url.Values{"utm": slices.Repeat([]string{"x"}, 201)}, "utm"},
	} {
		q, err := ParseQuery(c.values)
		got := fields(err)
		if c.field == "" && err != nil || c.field != "" && (len(got) != 1 || got[c.field] == "") {
			t.Errorf("%s: fields %v, want %q", c.name, got, c.field)
		}
		if err != nil && len(q.People()) > 0 {
			t.Errorf("%s: %d people are to be looked up", c.name, len(q.People()))
		}
	}
}

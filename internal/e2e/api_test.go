package e2e

import (
	"encoding/json"
	"maps"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
)

// apiExample is a JSON example of docs/api.md with its name.
var apiExample = regexp.MustCompile("(?s)<!-- example: ([a-z ]+) -->\n```json\n(.*?)```")

// TestExamplesOfTheAPIAreTrue compares the fields of the JSON examples in docs/api.md with
// real answers: each of them exists, and no answer has a field that the page doesn't name.
func TestExamplesOfTheAPIAreTrue(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	answers := apiAnswers(t)
	for _, m := range apiExample.FindAllStringSubmatch(string(text), -1) {
		name, example := m[1], fieldsOf(t, m[2])
		answer, asked := answers[name]
		if !asked {
			t.Errorf("nothing is asked for the example %q", name)
			continue
		}
		delete(answers, name)
		real := fieldsOf(t, answer)
		for _, field := range slices.Sorted(maps.Keys(example)) {
			if !real[field] {
				t.Errorf("%s: no answer has %s", name, field)
			}
		}
		for field := range real {
			last := field[strings.LastIndex(field, ".")+1:]
			if !strings.Contains(string(text), `"`+last+`"`) && !strings.Contains(string(text), "`"+last+"`") {
				t.Errorf("%s: %s is not documented", name, field)
			}
		}
	}
	for name := range answers {
		t.Errorf("there is no example %q", name)
	}
}

// apiAnswers asks the product for what the examples show, by their names.
func apiAnswers(t *testing.T) map[string]string {
	t.Helper()
	p := harness.Start(t)
	client := p.SignIn(1)
	monday := harness.NextMonday(time.Now())
	days := "from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 20).Format(time.DateOnly)
	get := func(path string) string {
		t.Helper()
		_, body := p.Get(client, path, harness.AsJSON)
		return body
	}
	link := p.Share(client, "title=Product+demo&dur=15&work=0&"+days)
	return map[string]string{
		"error":              get("/find?dur=3"),
		"find":               get("/find?opt=12&work=0&" + days),
		"find without slots": get("/find?who=9998,9999&any=1:2,3&quorum=2&weeks=2&at=" + monday.UTC().Format(time.RFC3339) + "&" + days),
		"people":             get("/people?q=sales"),
		"links":              get("/links"),
		"shared page":        get("/s/" + link.Token),
		"sessions":           get("/sessions"),
	}
}

// fieldsOf returns the paths of all fields in a JSON text, such as people.id. Those of an
// error's fields are names of parameters.
func fieldsOf(t *testing.T, text string) map[string]bool {
	t.Helper()
	var value any
	if err := json.Unmarshal([]byte(text), &value); err != nil {
		t.Fatalf("%v in %.500s", err, text)
	}
	fields := map[string]bool{}
	var walk func(path string, value any)
	walk = func(path string, value any) {
		switch v := value.(type) {
		case map[string]any:
			for name, member := range v {
				if path != "error.fields" {
					fields[strings.TrimPrefix(path+"."+name, ".")] = true
				}
				walk(strings.TrimPrefix(path+"."+name, "."), member)
			}
		case []any:
			for _, item := range v {
				walk(path, item)
			}
		}
	}
	walk("", value)
	return fields
}

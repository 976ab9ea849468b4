package e2e

import (
	"encoding/json"
	"fmt"
	"maps"
	"net/http"
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
	text := apiText(t)
	answers := apiAnswers(t)
	for _, m := range apiExample.FindAllStringSubmatch(text, -1) {
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
			if !strings.Contains(text, `"`+last+`"`) && !strings.Contains(text, "`"+last+"`") {
				t.Errorf("%s: %s is not documented", name, field)
			}
		}
	}
	for name := range answers {
		t.Errorf("there is no example %q", name)
	}
}

// apiText is docs/api.md.
func apiText(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile("../../docs/api.md")
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
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
	query := "dur=15&work=0&" + days
	_, booked := p.Send(client, "/meetings", bookingForm(query, firstSlot(p, client, query).Start, "k"), "Accept", harness.AsJSON)
	return map[string]string{
		"meeting":            booked,
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

// apiSection is the part of docs/api.md from a heading to the next one.
func apiSection(t *testing.T, heading string) string {
	t.Helper()
	_, rest, found := strings.Cut(apiText(t), "\n"+heading+"\n")
	if !found {
		t.Fatalf("docs/api.md has no %q", heading)
	}
	section, _, _ := strings.Cut(rest, "\n##")
	return section
}

// firstCell is the first cell of a row of a table, names in backticks.
var (
	firstCell = regexp.MustCompile("(?m)^\\| (`[^|]+) \\|")
	inTicks   = regexp.MustCompile("`([^`]+)`")
)

// TestParametersOfTheAPIAreChecked: every parameter of a search that docs/api.md names is
// read, as a wrong value is refused at its field.
func TestParametersOfTheAPIAreChecked(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(1)
	rows := firstCell.FindAllStringSubmatch(apiSection(t, "### Parameters"), -1)
	if len(rows) < 15 {
		t.Fatalf("only %d parameters are listed", len(rows))
	}
	for _, row := range rows {
		for _, name := range inTicks.FindAllStringSubmatch(row[1], -1) {
			if name[1] == "at" {
				continue // explains, and is no part of the question
			}
			_, body := p.Get(client, "/find?"+name[1]+"=x", harness.AsJSON)
			if fault := harness.Decode[apiFault](t, body); fault.Error.Fields[name[1]] == "" {
				t.Errorf("%s: %s", name[1], body)
			}
		}
	}
}

// apiFault is the JSON of an error.
type apiFault struct {
	Error struct {
		Code   string
		Fields map[string]string
	}
}

// TestErrorsOfTheAPIAreTrue: errors have the statuses and codes that docs/api.md lists.
func TestErrorsOfTheAPIAreTrue(t *testing.T) {
	t.Parallel()
	listed := apiSection(t, "### Errors")
	p := harness.Start(t)
	client := p.SignIn(1)
	closed := p.Share(client, "title=Closed")
	p.SendForm(client, "/links/"+closed.ID+"/revoke", "", harness.AsJSON)
	form, text := []string{"Content-Type", harness.FormType, "Accept", harness.AsJSON}, []string{"Content-Type", "text/plain", "Accept", harness.AsJSON}
	tests := []struct {
		client       *http.Client
		method, path string
		body         string
		headers      []string
	}{
		{p.Browser(), http.MethodGet, "/find", "", form},
		{client, http.MethodPost, "/links", "title=x", append([]string{"Origin", "https://evil.example"}, form...)},
		{client, http.MethodGet, "/nothing", "", form},
		{client, http.MethodPost, "/find", "", form},
		{client, http.MethodGet, "/s/" + closed.Token, "", form},
		{client, http.MethodPost, "/links", "title=" + strings.Repeat("x", 70_000), form},
		{client, http.MethodPost, "/links", "title=x", text},
		{client, http.MethodPost, "/links", "dur=1", form},
		{client, http.MethodPost, "/links", "{", []string{"Content-Type", harness.AsJSON}},
	}
	for _, test := range tests {
		response, body := p.Ask(test.client, test.method, test.path, test.body, test.headers...)
		row := fmt.Sprintf("| %d | `%s` |", response.StatusCode, harness.Decode[apiFault](t, body).Error.Code)
		if response.StatusCode < 400 || !strings.Contains(listed, row) {
			t.Errorf("%s %s answers %s, which is not listed: %.300s", test.method, test.path, row, body)
		}
	}
}

package e2e

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/andybalholm/cascadia"

	"slotfinder/internal/e2e/harness"
)

// some are n people who may exist or not.
func some(n int) string {
	ids := make([]string, n)
	for i := range ids {
		ids[i] = fmt.Sprint(i + 1)
	}
	return strings.Join(ids, ",")
}

// TestQueriesThatNameTooMuch are refused at their field before the portal is asked for
// anything, in JSON and on a page that keeps what was typed.
func TestQueriesThatNameTooMuch(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	p.Find(client, harness.ComingWeek()) // what every search needs is known from here on
	queries := []struct {
		name, query, field string
		kept               string // a selector: what stands in the form
	}{
		{"too many people", "who=" + some(501), "who", `input[name=who][value="` + some(501) + `"]`},
		{"too many ids", "opt=" + strings.Repeat("3,", 5000) + "3", "opt", `input[name=opt][value^="3,3,3,"]`},
		{"too many groups", "me=0&who=2,3&any=1:" + strings.Repeat("4,5&any=1:", 50) + "6,7", "any", `input[name=any][value="1:6,7"]`},
		{"too many rooms", "who=2,3" + strings.Repeat("&room=any", 11), "room", `input[name=who][value="2,3"]`},
		{"too often", "who=2,3" + strings.Repeat("&dur=30", 201), "dur", `#f-dur[value="30"]`},
		{"too many buttons", "who=2,3" + strings.Repeat("&add=4", 201), "who", `input[name=who][value$="2,3,4"]`},
		{"too many in a group", "who=2,3&group=who%3D" + some(5001), "who", `input[name=who]`},
	}
	for _, c := range queries {
		query := c.query + "&buffer=15&from=tomorrow"
		if pressed := strings.Contains(c.query, "add=") || strings.Contains(c.query, "group="); !pressed {
			query += "&find=1&q=anna"
		}
		before := len(p.Company.Requests())
		response, body := p.Get(client, "/find?"+query, "")
		doc := parse(t, body)
		if response.StatusCode != http.StatusUnprocessableEntity {
			t.Errorf("%s: %s", c.name, response.Status)
		}
		for _, want := range []string{c.kept, `.faults li`, `#f-buffer[value="15"]`, `#f-from[value=tomorrow]`} {
			if cascadia.Query(doc, cascadia.MustCompile(want)) == nil {
				t.Errorf("%s: the page has no %.80s", c.name, want)
			}
		}
		if strings.Contains(query, "find=1") {
			if cascadia.Query(doc, cascadia.MustCompile(`#f-who[value=anna]`)) == nil {
				t.Errorf("%s: what was searched for is lost", c.name)
			}
			response, body = p.Get(client, "/find?"+query, harness.AsJSON)
			if fields := harness.Decode[struct {
				Error struct{ Fields map[string]string }
			}](t, body).Error.Fields; response.StatusCode != http.StatusUnprocessableEntity || len(fields) != 1 || fields[c.field] == "" {
				t.Errorf("%s: %s %v", c.name, response.Status, fields)
			}
		}
		if asked := len(p.Company.Requests()) - before; asked > 0 {
			t.Errorf("%s: the portal was asked %d times", c.name, asked)
		}
	}
	t.Logf("figure: %d queries that name too much: each is refused with 422, none makes us ask the portal", len(queries))
}

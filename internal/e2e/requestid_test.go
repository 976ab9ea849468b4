package e2e

import (
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// TestFaultsHaveTheNumberOfTheirRequest: a page that tells of a fault shows the number
// by which an administrator finds the request and its error in the log; each request
// has another one.
func TestFaultsHaveTheNumberOfTheirRequest(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	anna := p.SignIn(2)
	p.Company.Fail("batch", portalsim.HTML502())
	shown := regexp.MustCompile(`Reference for your administrator: ([A-Z2-7]{10})<`)
	var numbers []string
	for range 2 {
		response, body := p.Get(anna, "/find?who=3&dur=45", "")
		match := shown.FindStringSubmatch(body)
		if response.StatusCode != http.StatusServiceUnavailable || match == nil {
			t.Fatalf("%s, number %q", response.Status, match)
		}
		numbers = append(numbers, match[1])
	}
	_, body := p.Get(anna, "/find?who=3&dur=45", harness.AsJSON)
	var fault struct {
		Error struct{ Request string }
	}
	if err := json.Unmarshal([]byte(body), &fault); err != nil {
		t.Fatal(err)
	}
	numbers = append(numbers, fault.Error.Request)
	if _, body := p.Get(anna, "/nowhere", ""); shown.MatchString(body) {
		t.Error("a page that is the visitor's mistake shows a number")
	}
	p.Stop()
	log := p.Log.Text()
	for i, number := range numbers {
		for _, line := range []string{`"msg":"request"`, `"msg":"request failed"`} {
			if !regexp.MustCompile(line + `.*"request":"` + number + `"`).MatchString(log) {
				t.Errorf("%d: the log has no line with %s and %q", i, line, number)
			}
		}
		if strings.Count(strings.Join(numbers, " "), number) != 1 {
			t.Errorf("two requests are %s", number)
		}
	}
}

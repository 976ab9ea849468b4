package e2e

import (
	"net/http"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
)

// TestWrongSearchOffersOtherDays: weeks and arrows stand on a page with an error, too, and
// keep all that was typed.
func TestWrongSearchOffersOtherDays(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	client := p.SignIn(2)
	for query, arrows := range map[string]int{"from=2027-02-01&to=2027-02-05&quorum=-1": 2, "from=2027-02-30&to=2027-02-05": 0, "tz=Mars/Olympus&days=none": 0} {
		response, page := p.Get(client, "/find?me=0&who=2,3&"+query, "")
		weeks, moves := strings.Count(page, `class="range-choice" href="/find?`), strings.Count(page, `class="icon-button" href="/find?from=`)
		if response.StatusCode != http.StatusUnprocessableEntity || weeks != 3 || moves != arrows {
			t.Errorf("%s: %s with %d weeks and %d arrows", query, response.Status, weeks, moves)
		}
		if !strings.Contains(page, "who=2%2C3") {
			t.Errorf("%s: the people are lost", query)
		}
	}
	long := strings.Repeat("&who=2", 300)
	if response, page := p.Get(client, "/find?"+long, ""); response.StatusCode != http.StatusUnprocessableEntity || strings.Contains(page, `class="range-choice"`) {
		t.Errorf("too much: %s, repeated in links", response.Status)
	}
}

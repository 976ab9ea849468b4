package templates_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// A change says what one does, what it costs and what it gives.
func TestRelaxationsSayWhatTheyChange(t *testing.T) {
	t.Parallel()
	var got []string
	for _, n := range all(t, findPage(t, view(nothingFits(t))), ".relax a") {
		line := []string{words(t, n, "b"), "", words(t, n, ".gain")}
		if len(all(t, n, "small")) > 0 {
			line[1] = words(t, n, "small")
		}
		got = append(got, strings.Join(line, " | "))
	}
	want := []string{
		"Make Marta optional | away | 2 openings, 3 h 30 min",
		"Meet for 30 min | instead of 90 min | 1 opening, 30 min",
		"Make Priya optional | works 04:00–13:30 your time | 1 opening, 1 h 30 min",
		"Allow 07:00–20:00 | instead of 08:00–15:00 | 1 time",
		"Try Mon 30 Nov – Fri 4 Dec |  | 6 times",
		"Ignore tentative events |  | 3 times",
		"Meet outside working hours | early, late or on a day off for somebody | 8 times",
		"Make Marta optional + Ignore tentative events |  | 9 times",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Who stands in the way is shown with what would open up without them; the others are
// named in one line.
func TestWhoStandsInTheWay(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	doc := findPage(t, view(f))
	var got []string
	for _, n := range all(t, doc, ".obstacles li") {
		got = append(got, words(t, n, "bdi")+" "+words(t, n, ".gain")+" "+attribute(all(t, n, ".amount-fill")[0], "width")+" "+words(t, n, "small"))
	}
	if diff := cmp.Diff([]string{"Marta Kowalska 3 h 30 min 100% away", "Priya Raman 1 h 30 min 42% works 04:00–13:30 your time"}, got); diff != "" {
		t.Error(diff)
	}
	if got := words(t, doc, ".ways-out"); !strings.Contains(got, "Anna, Дмитрий, Aigerim, João, Lukas, Олена, Emre: nothing would change.") {
		t.Errorf("does not name those without whom nothing would change: %q", got)
	}
	if got, want := words(t, doc, ".why-none"), "You asked for 90 min. The longest time that the required people share is 30 min: Thu 26 Nov 13:00–13:30"; got != want {
		t.Errorf("says %q, want %q", got, want)
	}

	f.Relax = nil
	if got, want := words(t, findPage(t, view(f)), "section[aria-labelledby=way-h] .muted"), "No single person: leaving any one of them out would not help."; got != want {
		t.Errorf("without an obstacle: %q", got)
	}
	f.Why = "too_long"
	if n := len(all(t, findPage(t, view(f)), "[aria-labelledby=way-h]")); n > 0 {
		t.Error("somebody stands in the way of a meeting that is too long for the hours")
	}
}

// Somebody whose calendar could not be read stands in the way by that.
func TestObstaclesThatAreUnknownSaySo(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	f.People[4].Unknown = "unreadable"
	if got, want := words(t, findPage(t, view(f)), ".obstacles small"), "unreadable entry"; got != want {
		t.Errorf("says %q, want %q", got, want)
	}
}

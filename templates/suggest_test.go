package templates_test

import (
	"strings"
	"testing"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// Who is asked already is marked, with and without script, and can't be added again.
func TestSuggestionsMarkWhoIsAsked(t *testing.T) {
	t.Parallel()
	v := part.Suggestions{
		Typed: "a", Found: sample(t, 4, 1).people(), Named: 4, Asked: map[int64]bool{1: true, 2: true},
		Audiences: []part.Audience{{Audience: meet.Audience{Kind: meet.AudienceDepartment, ID: 7, Name: "Sales", Members: []int64{1, 2}}}},
		Saved:     []meet.Kept{{Group: meet.Group{Name: "Twins", Selection: meet.Selection{Required: []int64{1, 3}}}}},
	}
	options := parse(t, render(t, locale.For("en"), part.SuggestionOptions(v)))
	var asked []string
	for _, n := range all(t, options, "[data-asked]") {
		asked = append(asked, attribute(n, "id"))
		if !strings.Contains(attribute(n, "data-said"), "in the search already") || len(all(t, n, ".asked-mark")) != 1 {
			t.Errorf("%s says %q", attribute(n, "id"), attribute(n, "data-said"))
		}
	}
	if got := strings.Join(asked, " "); got != "o-1 o-2 o-department-7-all" {
		t.Errorf("marked are %s", got)
	}
	buttons := parse(t, render(t, locale.For("en"), part.SuggestionButtons(v)))
	if got := len(all(t, buttons, "button[disabled]")); got != 3 {
		t.Errorf("%d buttons can't be pressed", got)
	}
}

// An audience says how many it has, and names those who can't be asked; one of such
// people only is no choice.
func TestSuggestionsNameWhoCannotBeAsked(t *testing.T) {
	t.Parallel()
	left := []meet.Outsider{{ID: 98, Name: "Olga Guest", Kind: meet.OutsiderGuest}, {ID: 99, Name: "Max Gone", Kind: meet.OutsiderDismissed}}
	v := part.Suggestions{Typed: "team", Audiences: []part.Audience{
		{Audience: meet.Audience{Kind: meet.AudienceChat, ID: 1, Name: "Team", Members: []int64{1, 2, 3}, Outside: []int64{98, 99, 100}}, Left: left},
		{Audience: meet.Audience{Kind: meet.AudienceChat, ID: 2, Name: "Team of guests", Outside: []int64{98}}, Left: left[:1]},
	}}
	for name, body := range map[string][]byte{
		"options": render(t, locale.For("en"), part.SuggestionOptions(v)), "buttons": render(t, locale.For("en"), part.SuggestionButtons(v)),
	} {
		text := words(t, parse(t, body), "body")
		for _, want := range []string{"Chat · 3 people", "Olga Guest (from outside the company, has no calendar here)", "Max Gone (no longer works here)", "1 more", "Team of guests: nobody in it can be added"} {
			if !strings.Contains(text, want) {
				t.Errorf("%s lack %q: %s", name, want, text)
			}
		}
		if chosen := all(t, parse(t, body), `[value="98"], [data-id="98"]`); len(chosen) != 0 {
			t.Errorf("%s offer a guest", name)
		}
	}
}

package portal

import (
	"slices"
	"testing"
)

func TestFormerAddressesLeadToThePresentOne(t *testing.T) {
	t.Parallel()
	p := New(Data{Host: "Alpha.localhost", Insecure: true})
	if _, moved := p.MovedTo("alpha.localhost"); moved {
		t.Error("the portal has not moved yet")
	}
	p.Move("beta.localhost:8080")
	if origin, moved := p.MovedTo("ALPHA.localhost"); !moved || origin != "http://beta.localhost:8080" {
		t.Errorf("moved %t, to %s", moved, origin)
	}
	for host, want := range map[string]bool{"alpha.localhost": true, "BETA.localhost:8080": true, "beta.localhost": false} {
		if p.AnswersTo(host) != want {
			t.Errorf("answers to %s: %t", host, !want)
		}
	}
	p.Move("alpha.localhost")
	if _, moved := p.MovedTo("alpha.localhost"); moved {
		t.Error("the portal is back at its first address")
	}
}

func TestSectionsAndRooms(t *testing.T) {
	t.Parallel()
	seen := map[int]bool{}
	for _, kind := range []string{"user", "group", "company_calendar", "location"} {
		seen[SectionOf(kind, 15)] = true
	}
	if len(seen) != 4 || !seen[15] {
		t.Errorf("sections %v, want four with the room among them", seen)
	}
	for location, want := range map[string][2]int{
		"calendar_15": {15, 0}, "calendar_15_1001": {15, 1001}, "Cafe": {}, "calendar_x": {},
	} {
		if room, booking := RoomOf(location); [2]int{room, booking} != want {
			t.Errorf("%s: room %d, booking %d", location, room, booking)
		}
	}
}

func TestSecretsAreTheTitlesOfEvents(t *testing.T) {
	t.Parallel()
	p := New(Data{Events: []*Event{
		{Name: "Plan", Type: "user"}, {Name: "Plan", Type: "group"}, {Name: "Anna Becker", Type: "location"}, {Type: "user"},
	}})
	if got := p.Secrets(); !slices.Equal(got, []string{"Plan"}) {
		t.Errorf("secrets %q", got)
	}
}

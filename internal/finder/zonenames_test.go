package finder

import (
	"net/url"
	"slices"
	"testing"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// Names of zones as tzdata doesn't write them, and some of its files that are no zones.
var (
	oddZones = []string{"localtime", "posixrules", "Factory", "posix/Europe/Berlin", "right/Europe/Berlin", "Europe//Berlin", "Europe/./Berlin", "/Europe/Berlin", "europe/berlin", "Local", "../UTC"}
	oldZones = []string{"Europe/Kiev", "Asia/Calcutta", "US/Pacific", "UTC"}
)

// Odd names are refused wherever a zone is taken; old ones stay valid.
func TestZoneNamesWhereverAZoneIsTaken(t *testing.T) {
	t.Parallel()
	takes := map[string]func(name string) bool{
		"a query": func(name string) bool {
			q, err := meet.ParseQuery(url.Values{"tz": {name}})
			return err == nil && q.Zone.String() == name
		},
		"own hours": func(name string) bool {
			s := meet.Schedule{Zone: name}
			s.Week[1] = []civil.Range{{Start: 540, End: 600}}
			return s.Validate() == nil
		},
		"a profile": func(name string) bool {
			q := meet.Query{Selection: meet.Selection{Required: []int64{7}}}
			all := attendees(q, map[int64]meet.Person{7: {ID: 7, Zone: name, Active: true}}, nil)
			return all[0].Unknown == "" && all[0].Zone.String() == name
		},
		"one's own profile": func(name string) bool {
			home := homeZone(meet.Person{Zone: name}, meet.Office{})
			return home != nil && home.String() == name
		},
	}
	for place, take := range takes {
		for _, name := range slices.Concat(oddZones, oldZones) {
			if got, want := take(name), slices.Contains(oldZones, name); got != want {
				t.Errorf("%s takes %q: %v, want %v", place, name, got, want)
			}
		}
	}
	t.Logf("figure: %d odd names in %d places: all refused; %d old ones: all taken", len(oddZones), len(takes), len(oldZones))
	if all := attendees(meet.Query{Selection: meet.Selection{Required: []int64{7}}}, map[int64]meet.Person{7: {ID: 7, Zone: "Europe//Berlin", Active: true}}, nil); all[0].Unknown != meet.UnknownZone {
		t.Errorf("a profile with an odd zone is %q", all[0].Unknown)
	}
}

package templates_test

import (
	"slices"
	"testing"

	tz "slotfinder/internal/civil/zone"
)

// A list of zones has each zone once and no label twice, whatever name of it is chosen.
func TestListsOfZonesNameEachOnce(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ chosen, label string }{
		{"Europe/Berlin", "Berlin (UTC+1)"},
		{"Asia/Calcutta", "Kolkata (UTC+5:30)"},
		{"Europe/Kiev", "Kyiv (UTC+2)"},
		{"US/Pacific", "Pacific (UTC−8)"},
		{"Etc/GMT+5", "UTC−5"},
		{"Etc/GMT-3", "UTC+3"},
		{"UTC", "UTC"},
		{"Zulu", "Zulu (UTC+0)"},
		{"Asia/Katmandu", "Kathmandu (UTC+5:45)"},
	} {
		v := shareView(t)
		v.Zone = zone(t, c.chosen)
		var names, labels, chosen []string
		for _, n := range all(t, sharePage(t, v), "select[name=tz] option") {
			names, labels = append(names, tz.Canonical(attribute(n, "value"))), append(labels, n.FirstChild.Data)
			if hasAttribute(n, "selected") {
				chosen = append(chosen, attribute(n, "value")+": "+n.FirstChild.Data)
			}
		}
		if want := []string{c.chosen + ": " + c.label}; !slices.Equal(chosen, want) {
			t.Errorf("%s: chosen is %q, want %q", c.chosen, chosen, want)
		}
		for _, list := range [][]string{names, labels} {
			slices.Sort(list)
			if len(slices.Compact(slices.Clone(list))) != len(list) {
				t.Errorf("%s: something is there twice: %q", c.chosen, list)
			}
		}
	}
}

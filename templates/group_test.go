package templates_test

import (
	"strings"
	"testing"

	"slotfinder/templates/find"
)

func TestPeopleAreGroupedWhenMany(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name           string
		people         int
		open           []int
		heads, shut    int
		rows           int
		leadsToFolding string // what the link of the first group does to the URL
	}{
		{"few", 12, nil, 0, 0, 12, ""},
		{"some", 24, nil, 4, 0, 24, ""},
		{"many", 60, nil, 4, 4, 0, "&open=1"},
		{"many, one unfolded", 60, []int{1}, 4, 3, 18, ""},
		{"many, a group that is not there", 60, []int{2, 77}, 4, 3, 24, "&open=1,2,77"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := sample(t, c.people, 5)
			f.Choice.Open = c.open
			doc := findPage(t, view(f))
			for selector, want := range map[string]int{
				".group": c.heads, ".folded": c.shut, ".timeline tbody tr:not(.group):not(.all)": c.rows,
				".folded td svg.group-chart": 5 * c.shut, `#filters .chip`: c.people, `#filters input[name="who"]`: 1, // one field, however many they are
			} {
				if n := len(all(t, doc, selector)); n != want {
					t.Errorf("%s: %d, want %d", selector, n, want)
				}
			}
			links := all(t, doc, ".group a")
			if len(links) == 0 {
				return
			}
			url := attribute(links[0], "href")
			if got := url[strings.Index(url+"&open=", "&open="):]; got != c.leadsToFolding {
				t.Errorf("the first group leads to %q, want %q", got, c.leadsToFolding)
			}
			if want := map[bool]string{true: "true", false: "false"}[len(c.open) > 0 && c.open[0] == 1]; attribute(links[0], "aria-expanded") != want {
				t.Errorf("the first group says expanded=%s, want %s", attribute(links[0], "aria-expanded"), want)
			}
		})
	}
}

// A folded group says in words how many of it can come to the chosen slot, and the
// groups together say as much as the slot itself.
func TestFoldedGroupsAddUp(t *testing.T) {
	t.Parallel()
	f := sample(t, 60, 5)
	free := len(f.People) - len(missing(f.People, f.Near[0].Start.Time(), f.Near[0].End.Time()))
	sum := 0
	for _, head := range all(t, findPage(t, view(f)), ".group small") {
		n, of := 0, 0
		scan(t, head.FirstChild.Data, "%d of %d free", &n, &of)
		sum += n
	}
	if sum != free {
		t.Errorf("the groups say %d can come, the slot %d", sum, free)
	}
}

// What is unfolded stays so when a slot, a day or a view is chosen.
func TestUnfoldedGroupsStay(t *testing.T) {
	t.Parallel()
	f := sample(t, 60, 5)
	f.Choice = find.Choice{Open: []int{2}}
	doc := findPage(t, view(f))
	for _, selector := range []string{".best a", ".tabs a", ".day-strip a", ".everyone a"} {
		for _, n := range all(t, doc, selector) {
			if !strings.Contains(attribute(n, "href"), "&open=2") {
				t.Errorf("%s leads to %s", selector, attribute(n, "href"))
			}
		}
	}
}

package picker

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

// notebook is Groups of one member, on paper.
type notebook struct {
	saved, recent []meet.Group
	writes        int
	most          int
}

func (n *notebook) Groups(context.Context, meet.Member) ([]meet.Group, error) {
	return slices.Clone(n.saved), nil
}

func (n *notebook) SaveGroup(_ context.Context, _ meet.Member, g meet.Group, most int) (bool, error) {
	n.saved, n.most = append(n.saved, g), most
	return len(n.saved) <= most, nil
}

func (n *notebook) DeleteGroup(context.Context, meet.Member, string) error { return nil }
func (n *notebook) Recent(context.Context, meet.Member) ([]meet.Group, error) {
	return slices.Clone(n.recent), nil
}

func (n *notebook) SaveRecent(_ context.Context, _ meet.Member, l []meet.Group) error {
	n.recent = l
	n.writes++
	return nil
}

func groupFrom(t *testing.T, people string) meet.Group {
	t.Helper()
	values, err := url.ParseQuery(people)
	if err != nil {
		t.Fatal(err)
	}
	g, err := meet.ParseGroup(values)
	if err != nil {
		t.Fatal(err)
	}
	return g
}

func described(groups []meet.Group) (lines []string) {
	for _, g := range groups {
		text, _ := url.QueryUnescape(g.Values().Encode())
		lines = append(lines, strings.TrimSpace(g.Name+" "+text))
	}
	return lines
}

// TestRemember: what counts are the people, not how often one searches, and not every
// step on the way to them.
func TestRemember(t *testing.T) {
	t.Parallel()
	pages := &notebook{}
	p := Picker{Groups: pages}
	now := time.Date(2026, 11, 27, 6, 0, 0, 0, time.UTC)
	for _, step := range []struct {
		name, people string
		after        time.Duration
		want         []string
		writes       int
	}{
		{"only oneself", "who=7", 0, nil, 0},
		{"two", "who=7,8", 0, []string{"who=7,8"}, 1},
		{"the same, another order", "who=8,7", 0, []string{"who=7,8"}, 0},
		{"one more, at once", "who=7,8,9", time.Minute, []string{"who=7,8,9"}, 1},
		{"another part", "who=7,8&opt=9", time.Minute, []string{"opt=9&who=7,8"}, 1},
		{"one less, at once", "who=7&opt=9", time.Minute, []string{"opt=9&who=7"}, 1},
		{"one more, later", "who=7,8&opt=9", time.Hour, []string{"opt=9&who=7,8", "opt=9&who=7"}, 1},
		{"others, at once", "who=7&any=1:2,3", time.Minute, []string{"any=1:2,3&who=7", "opt=9&who=7,8", "opt=9&who=7"}, 1},
		{"known ones come to the front", "who=7&opt=9", time.Hour, []string{"opt=9&who=7", "any=1:2,3&who=7", "opt=9&who=7,8"}, 1},
		{"a fourth", "who=20,21", time.Hour, []string{"who=20,21", "opt=9&who=7", "any=1:2,3&who=7", "opt=9&who=7,8"}, 1},
		{"a fifth", "who=22,23", time.Hour, []string{"who=22,23", "who=20,21", "opt=9&who=7", "any=1:2,3&who=7", "opt=9&who=7,8"}, 1},
		{"the oldest goes", "who=24,25", time.Hour, []string{"who=24,25", "who=22,23", "who=20,21", "opt=9&who=7", "any=1:2,3&who=7"}, 1},
	} {
		now = now.Add(step.after)
		before := pages.writes
		g := groupFrom(t, step.people)
		if err := p.Remember(t.Context(), meet.Member{}, meet.Query{Selection: g.Selection}, now); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(step.want, described(pages.recent)); diff != "" {
			t.Errorf("%s: %s", step.name, diff)
		}
		if got := pages.writes - before; got != step.writes {
			t.Errorf("%s: %d writes, want %d", step.name, got, step.writes)
		}
	}
}

func TestSearchGroups(t *testing.T) {
	t.Parallel()
	named := func(name, people string) meet.Group {
		g := groupFrom(t, people)
		g.Name = name
		return g
	}
	pages := &notebook{
		saved:  []meet.Group{named("Zebra", "who=1,2&opt=3"), named("Отдел продаж", "who=3"), named("all gone", "who=98,99"), named("Design", "who=2,99&any=2:3,99")},
		recent: []meet.Group{groupFrom(t, "who=1,3"), groupFrom(t, "opt=3&who=2,1"), groupFrom(t, "who=1,99")},
	}
	p := Picker{Groups: pages, Directory: staff{people: []meet.Person{{ID: 1, Name: "A"}, {ID: 2, Name: "B"}, {ID: 3, Name: "C"}}}}
	list := func(kept []meet.Kept) []string {
		var groups []meet.Group
		for _, k := range kept {
			groups = append(groups, k.Group)
			for i, id := range k.People() {
				if k.Staff[i].ID != id || k.Staff[i].Name == "" {
					t.Errorf("%s: person %d is %v", k.Name, id, k.Staff[i])
				}
			}
		}
		return described(groups)
	}
	for text, want := range map[string][2][]string{
		"":       {{"all gone", "Design any=1:3&who=2", "Отдел продаж who=3", "Zebra opt=3&who=1,2"}, {"who=1,3"}},
		"zeb":    {{"Zebra opt=3&who=1,2"}, nil},
		"prodaz": {{"Отдел продаж who=3"}, nil},
		"b":      {nil, nil}, // nobody's name is meant
	} {
		saved, latest, err := p.SearchGroups(t.Context(), meet.Member{}, text)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, [2][]string{list(saved), list(latest)}); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

func TestSaveGroup(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		name, given, want string
		people            string
		fields            map[string]string
	}{
		{"spaces", "  Design \t team ", "Design team", "who=2,3", nil},
		{"a sign of several", "👩‍💻", "👩‍💻", "who=2", nil},
		{"60 letters", strings.Repeat("ж", 60), strings.Repeat("ж", 60), "who=2", nil},
		{"61 letters", strings.Repeat("ж", 61), "", "who=2", map[string]string{"name": "groups.bad_name"}},
		{"none", " ", "", "who=2", map[string]string{"name": "groups.bad_name"}},
		{"turned round", "a\u202eb", "", "who=2", map[string]string{"name": "groups.bad_name"}},
		{"no text", "a\x00b", "", "who=2", map[string]string{"name": "groups.bad_name"}},
		{"broken", "a\xff", "", "who=2", map[string]string{"name": "groups.bad_name"}},
		{"nobody", "Nobody", "", "", map[string]string{"who": "field.nobody"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			pages := &notebook{}
			p := Picker{Groups: pages}
			g := groupFrom(t, c.people)
			g.Name = c.given
			err := p.SaveGroup(t.Context(), meet.Member{}, g)
			if c.fields == nil {
				if err != nil || len(pages.saved) != 1 || pages.saved[0].Name != c.want || pages.most != meet.MaxGroups {
					t.Errorf("saved %v, %v", pages.saved, err)
				}
				return
			}
			fault, _ := errors.AsType[*meet.Error](err)
			if fault == nil || fault.Kind != meet.Invalid || cmp.Diff(c.fields, fault.Fields) != "" || len(pages.saved) > 0 {
				t.Errorf("saved %v, error %v", pages.saved, err)
			}
		})
	}
	full := &notebook{saved: make([]meet.Group, meet.MaxGroups)}
	p := Picker{Groups: full}
	g := groupFrom(t, "who=2")
	g.Name = "One more"
	if fault, _ := errors.AsType[*meet.Error](p.SaveGroup(t.Context(), meet.Member{}, g)); fault == nil || fault.Fields["name"] != "groups.too_many" {
		t.Errorf("error %v", fault)
	}
}

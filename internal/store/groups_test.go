package store

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

var (
	seven = meet.Member{Portal: "m1", User: 7}
	eight = meet.Member{Portal: "m1", User: 8}
	other = meet.Member{Portal: "m2", User: 7}
)

func team(name string) meet.Group {
	return meet.Group{Name: name, Selection: meet.Selection{Required: []int64{2, 7}, Optional: []int64{9}, Any: []meet.AnyOf{{N: 2, IDs: []int64{12, 3, 4}}, {N: 1, IDs: []int64{5}}}}}
}

func pair(a, b int64) meet.Group {
	return meet.Group{Selection: meet.Selection{Required: []int64{a, b}}}
}

// savedGroups reads them by name.
func savedGroups(t *testing.T, s *Store, m meet.Member) []meet.Group {
	t.Helper()
	groups, err := s.Groups(t.Context(), m)
	must(t, err)
	slices.SortFunc(groups, func(a, b meet.Group) int { return strings.Compare(a.Name, b.Name) })
	return groups
}

func saveGroup(t *testing.T, s *Store, m meet.Member, g meet.Group, want bool) {
	t.Helper()
	saved, err := s.SaveGroup(t.Context(), m, g, 3)
	must(t, err)
	if saved != want {
		t.Errorf("%q saved: %v", g.Name, saved)
	}
}

func TestGroups(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		check := func(m meet.Member, want ...meet.Group) {
			t.Helper()
			if diff := cmp.Diff(want, savedGroups(t, s, m)); diff != "" {
				t.Errorf("%v: %s", m, diff)
			}
		}
		check(seven)
		saveGroup(t, s, seven, team("Команда “A”"), true)
		saveGroup(t, s, seven, team("Команда “A”"), true)
		saveGroup(t, s, eight, meet.Group{Name: "Команда “A”", Selection: meet.Selection{Optional: []int64{1}}}, true) // of somebody else
		saveGroup(t, s, other, meet.Group{Name: "Команда “A”", Selection: meet.Selection{Required: []int64{3}}}, true) // in another company
		check(seven, team("Команда “A”"))
		check(eight, meet.Group{Name: "Команда “A”", Selection: meet.Selection{Optional: []int64{1}}})

		saveGroup(t, s, seven, team("B"), true)
		saveGroup(t, s, seven, team("b"), true)
		saveGroup(t, s, seven, team("one too many"), false)
		saveGroup(t, s, seven, meet.Group{Name: "B", Selection: meet.Selection{Required: []int64{1}}}, true) // no more than before
		check(seven, meet.Group{Name: "B", Selection: meet.Selection{Required: []int64{1}}}, team("b"), team("Команда “A”"))

		must(t, s.DeleteGroup(ctx, seven, "b"))
		must(t, s.DeleteGroup(ctx, seven, "b"))
		must(t, s.DeleteGroup(ctx, seven, "b' OR '1'='1"))
		check(seven, meet.Group{Name: "B", Selection: meet.Selection{Required: []int64{1}}}, team("Команда “A”"))
		check(other, meet.Group{Name: "Команда “A”", Selection: meet.Selection{Required: []int64{3}}})
		saveGroup(t, s, seven, team("room again"), true)
	})
}

// TestGroupOfManyPeople: the largest possible group is stored whole.
func TestGroupOfManyPeople(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		big := meet.Group{Name: strings.Repeat("ж", meet.MaxGroupName)}
		for id := range int64(meet.MaxPeople) {
			big.Required = append(big.Required, 1<<52+id)
		}
		saveGroup(t, s, seven, big, true)
		if diff := cmp.Diff([]meet.Group{big}, savedGroups(t, s, seven)); diff != "" {
			t.Error(diff)
		}
	})
}

func TestRecent(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		savePortal(t, s, "m1")
		savePortal(t, s, "m2")
		check := func(m meet.Member, want ...meet.Group) {
			t.Helper()
			got, err := s.Recent(ctx, m)
			must(t, err)
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%v: %s", m, diff)
			}
		}
		check(seven)
		first, second := team(""), pair(1, 2)
		first.At, second.At = now.Add(1500*time.Millisecond), now
		must(t, s.SaveRecent(ctx, seven, []meet.Group{second}))
		must(t, s.SaveRecent(ctx, seven, []meet.Group{first, second}))
		must(t, s.SaveRecent(ctx, eight, []meet.Group{second}))
		check(seven, first, second)
		check(eight, second)
		check(other)
	})
}

func TestGroupsGoWithTheirPortal(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		ctx := t.Context()
		_, err := s.SaveGroup(ctx, seven, team("A"), 3)
		wantKind(t, err, meet.NotFound)
		wantKind(t, s.SaveRecent(ctx, seven, []meet.Group{team("")}), meet.NotFound)
		for _, m := range []meet.Member{seven, other} {
			savePortal(t, s, m.Portal)
			saveGroup(t, s, m, team("A"), true)
			must(t, s.SaveRecent(ctx, m, []meet.Group{team("")}))
		}
		must(t, s.DeletePortal(ctx, "m1"))
		savePortal(t, s, "m1")
		for m, want := range map[meet.Member]int{seven: 0, other: 1} {
			latest, err := s.Recent(ctx, m)
			must(t, err)
			if got := savedGroups(t, s, m); len(got) != want || len(latest) != want {
				t.Errorf("%v has %d groups and %d latest left instead of %d", m, len(got), len(latest), want)
			}
		}
	})
}

// TestUnreadableGroupsAreLeftOut: the others are still returned.
func TestUnreadableGroupsAreLeftOut(t *testing.T) {
	each(t, func(t *testing.T, s *Store) {
		savePortal(t, s, "m1")
		saveGroup(t, s, seven, team("A"), true)
		for i, people := range []string{"", "who=x", "any=9:1", "%zz"} {
			_, err := s.exec(t.Context(), "test", `INSERT INTO saved_groups (portal, user_id, name, people) VALUES ('m1', 7, $1, $2)`, fmt.Sprint("bad", i), people)
			must(t, err)
		}
		if diff := cmp.Diff([]meet.Group{team("A")}, savedGroups(t, s, seven)); diff != "" {
			t.Error(diff)
		}
		for data, want := range map[string]int{"": 0, "{": 0, `[{"people":"who=x"},{"people":"who=1,2","at":5}]`: 1} {
			_, err := s.exec(t.Context(), "test", `
				INSERT INTO recent_people (portal, user_id, data) VALUES ('m1', 7, $1)
				ON CONFLICT (portal, user_id) DO UPDATE SET data = excluded.data`, data)
			must(t, err)
			if got, err := s.Recent(t.Context(), seven); err != nil || len(got) != want {
				t.Errorf("%q: %v, %v", data, got, err)
			}
		}
	})
}

package picker

import (
	"context"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

// staff is a Directory of fixed people.
type staff struct {
	meet.Directory
	people      []meet.Person
	departments []meet.Department
}

func (s staff) Everybody(context.Context, meet.Member) ([]meet.Person, error) { return s.people, nil }

func (s staff) Departments(context.Context, meet.Member) ([]meet.Department, error) {
	return s.departments, nil
}

func TestPickerSearch(t *testing.T) {
	t.Parallel()
	picker := Picker{Directory: staff{
		people: []meet.Person{
			{ID: 1, Name: "Anna Becker", Position: "Sales lead", Departments: []int64{5}},
			{ID: 2, Name: "Пётр Иванов", Position: "Engineer"},
			{ID: 3, Name: "Ivana Novak", Position: "Annotator"},
			{ID: 4, Name: "Zoë Quinn", Departments: []int64{6}},
		},
		departments: []meet.Department{{ID: 5, Name: "Vertrieb"}, {ID: 6, Name: "Разработка"}},
	}}
	for text, want := range map[string][]int64{
		"ann":        {1, 3}, // names before positions
		"ivan":       {3, 2},
		"ИВАН":       {2, 3}, // as it is written before another script
		"petr iv":    {2},
		"becker ann": {1},
		"vertrieb":   {1},
		"razrabotka": {4},
		"zoe":        {4},
		"ecker":      nil, // beginnings of words only
		"nobody":     nil,
		"":           {1, 3, 2, 4},
	} {
		found, more, err := picker.Search(t.Context(), meet.Member{}, text)
		if err != nil || more {
			t.Fatal(err, more)
		}
		var got []int64
		for _, f := range found {
			got = append(got, f.ID)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// Who is written as was typed comes first, then those who only differ in accents or
// script, then those who are spelt otherwise, each in the order of names; those found by
// their department come last.
func TestClosestPeopleComeFirst(t *testing.T) {
	t.Parallel()
	picker := Picker{Directory: staff{
		people: []meet.Person{
			{ID: 1, Name: "Anna Mueller"},
			{ID: 2, Name: "Jörg Müller"},
			{ID: 3, Name: "Zoe Muller"},
			{ID: 4, Name: "Иван Муллер"},
			{ID: 5, Name: "Adam Muller"},
			{ID: 6, Name: "Eve", Departments: []int64{9}},
			{ID: 7, Name: "Ada Miller"},
		},
		departments: []meet.Department{{ID: 9, Name: "Muller & Sons"}},
	}}
	found, _, err := picker.Search(t.Context(), meet.Member{}, "muller")
	if err != nil {
		t.Fatal(err)
	}
	var got []int64
	for _, f := range found {
		got = append(got, f.ID)
	}
	if diff := cmp.Diff([]int64{5, 3, 4, 2, 1, 6}, got); diff != "" {
		t.Error(diff)
	}
}

package picker

import (
	"context"
	"errors"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

// However a name is transliterated, it is found.
func TestPickerHearsNames(t *testing.T) {
	t.Parallel()
	for name, typed := range map[string][]string{
		"Иванов Сергей":    {"ivanov", "IVANOV", "иванов", "Ivanov Sergei", "sergey", "sergej", "serg"},
		"Sergei Petrov":    {"Сергей", "sergey", "Петров", "petr"},
		"Юрий Хабаров":     {"yuri", "yuriy", "juri", "iurii", "khabarov", "habarov"},
		"Алексей Дмитриев": {"alexey", "aleksei", "alexei", "dmitriev", "dmitri"},
		"Андрій Мельник":   {"andrij", "andrii", "andriy", "melnyk", "melnik"},
		"Jörg Łukasz":      {"jorg", "lukasz", "łuk"},
	} {
		p := Picker{Directory: staff{people: []meet.Person{{ID: 1, Name: name}, {ID: 2, Name: "Zoë Quinn"}}}}
		for _, text := range typed {
			found, _, err := p.Search(t.Context(), meet.Member{}, text)
			if err != nil || len(found) != 1 || found[0].ID != 1 || !found[0].Named {
				t.Errorf("%q does not find %s: %v %v", text, name, found, err)
			}
		}
	}
}

// clubs are fixed groups and chats.
type clubs struct {
	list    []meet.Audience
	members map[int64][]int64
	err     error
	asked   *int
}

func (c clubs) Audiences(context.Context, meet.Member) ([]meet.Audience, error) { return c.list, c.err }

func (c clubs) Members(_ context.Context, _ meet.Member, audiences []meet.Audience) ([][]int64, error) {
	*c.asked += len(audiences)
	var all [][]int64
	for _, audience := range audiences {
		all = append(all, c.members[audience.ID])
	}
	return all, nil
}

func (c clubs) Outsiders(_ context.Context, _ meet.Member, ids []int64) ([]meet.Outsider, error) {
	var all []meet.Outsider
	for _, id := range ids {
		all = append(all, meet.Outsider{ID: id, Kind: meet.OutsiderGuest})
	}
	return all, nil
}

func TestSearchCircles(t *testing.T) {
	t.Parallel()
	asked := 0
	company := staff{
		people: []meet.Person{
			{ID: 5, Name: "A", Departments: []int64{12}},
			{ID: 2, Name: "B", Departments: []int64{11, 30}},
			{ID: 3, Name: "C", Departments: []int64{13}},
			{ID: 4, Name: "D", Departments: []int64{20}},
		},
		departments: []meet.Department{
			{ID: 1, Name: "Company"},
			{ID: 11, Parent: 1, Name: "Sales"},
			{ID: 12, Parent: 11, Name: "Sales North"},
			{ID: 13, Parent: 12, Name: "Продажи Берген"},
			{ID: 20, Parent: 1, Name: "Research"},
			{ID: 21, Parent: 20, Name: "Sales of patents"}, // nobody works there
			{ID: 30, Parent: 31, Name: "Ring"},
			{ID: 31, Parent: 30, Name: "Ring road"},
		},
	}
	p := Picker{Directory: company, Audiences: clubs{
		asked: &asked,
		list: []meet.Audience{
			{Kind: meet.AudienceChat, ID: 29, Name: "Sales lunch"},
			{Kind: meet.AudienceGroup, ID: 10, Name: "Sales launch"},
			{Kind: meet.AudienceGroup, ID: 11, Name: "Closed sales"},
			{Kind: meet.AudienceChat, ID: 30, Name: "Guests"},
		},
		members: map[int64][]int64{29: {4, 4, 99, 2}, 10: {5}, 11: nil, 30: {98, 99}},
	}}
	for text, want := range map[string][]string{
		"sales":        {"department 11 2,3,5", "department 12 3,5", "group 10 5", "chat 29 2,4"},
		"SALES lun":    {"chat 29 2,4"},
		"prodazhi":     {"department 13 3"},
		"ring":         {"department 30 2", "department 31 2"},
		"comp":         {"department 1 2,3,4,5"},
		"guests":       {"chat 30 "}, // they are named, and can't be asked
		"nothing here": nil,
		"":             nil,
		" … ":          nil,
	} {
		got, err := p.SearchAudiences(t.Context(), meet.Member{}, text)
		if err != nil {
			t.Fatal(err)
		}
		var lines []string
		for _, c := range got {
			lines = append(lines, string(c.Kind)+" "+strconv.FormatInt(c.ID, 10)+" "+meet.JoinIDs(c.Members))
		}
		if diff := cmp.Diff(want, lines); diff != "" {
			t.Errorf("%q: %s", text, diff)
		}
	}
}

// However many audiences have a name, only those that are shown are asked for.
func TestSearchCirclesIsBounded(t *testing.T) {
	t.Parallel()
	asked := 0
	c := clubs{asked: &asked, members: map[int64][]int64{}}
	for id := range int64(50) {
		c.list = append(c.list, meet.Audience{Kind: meet.AudienceGroup, ID: id, Name: "Team " + strings.Repeat("x", int(id))})
		c.members[id] = []int64{1}
	}
	p := Picker{Directory: staff{people: []meet.Person{{ID: 1}}}, Audiences: c}
	got, err := p.SearchAudiences(t.Context(), meet.Member{}, "team")
	if err != nil || len(got) != MaxAudiences || asked != MaxAudiences {
		t.Errorf("%d audiences, %d asked for, %v", len(got), asked, err)
	}
	c.err = errors.New("down")
	p.Audiences = c
	if _, err := p.SearchAudiences(t.Context(), meet.Member{}, "team"); err == nil {
		t.Error("an error is lost")
	}
}

// TestNames: the ids of an audience are called by its name, the closest department first.
func TestNames(t *testing.T) {
	t.Parallel()
	asked := 0
	p := Picker{
		Directory: staff{
			people: []meet.Person{
				{ID: 2, Departments: []int64{12}},
				{ID: 3, Departments: []int64{13, 30}},
				{ID: 4, Departments: []int64{13}},
				{ID: 5, Departments: []int64{20, 77}},
				{ID: 6},
			},
			departments: []meet.Department{
				{ID: 1, Name: "Company"},
				{ID: 11, Parent: 1, Name: "Sales"},
				{ID: 12, Parent: 11, Name: "North"},
				{ID: 13, Parent: 11, Name: "South"},
				{ID: 20, Parent: 1, Name: "Research"},
				{ID: 30, Parent: 31, Name: "Ring"},
				{ID: 31, Parent: 30, Name: "Ring road"},
			},
		},
		Audiences: clubs{
			asked: &asked, list: []meet.Audience{{Kind: meet.AudienceGroup, ID: 10, Name: "Secret"}, {Kind: meet.AudienceGroup, ID: 11, Name: "Launch"}, {Kind: meet.AudienceChat, ID: 12, Name: "Lunch"}},
			members: map[int64][]int64{11: {6, 99, 5}, 12: {5, 6}},
		},
	}
	for ids, want := range map[string]string{
		"2,3,4": "Sales", "4,2,3": "Sales", "3,4": "South", "2": "North", "3": "Ring", "2,3,4,5": "Company", "5": "Research",
		"5,6": "Launch", "6": "", "2,3": "", "99": "", "": "",
	} {
		var list []int64
		for id := range strings.FieldsFuncSeq(ids, func(r rune) bool { return r == ',' }) {
			n, _ := strconv.ParseInt(id, 10, 64)
			list = append(list, n)
		}
		if got := p.Names(t.Context(), meet.Member{}, [][]int64{list})[0]; got != want {
			t.Errorf("%s is %q, want %q", ids, got, want)
		}
	}
}

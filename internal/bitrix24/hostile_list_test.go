package bitrix24

import (
	"fmt"
	"strings"
	"testing"

	"slotfinder/internal/meet"
)

// TestAPersonsRowIsBounded: whatever a portal writes into the row of a person, what is kept of it
// is short, and counts by its size.
func TestAPersonsRowIsBounded(t *testing.T) {
	t.Parallel()
	row := fmt.Sprintf(`{"ID":"9","ACTIVE":true,"NAME":%q,"LAST_NAME":%q,"WORK_POSITION":%q,"TIME_ZONE":%q,"PERSONAL_PHOTO":%q,"UF_DEPARTMENT":[1%s]}`,
		strings.Repeat("n", 5000), strings.Repeat("l", 5000), strings.Repeat("p", 5000), strings.Repeat("z", 5000),
		"https://portal.example/"+strings.Repeat("f", 1900), strings.Repeat(",1", 40_000))
	f := newFake(map[string]func(request) answer{"batch": ok(`{"result":{"result":{"c0":[` + row + `]},"result_total":{"c0":1}}}`)})
	c := f.client(t)
	people, err := c.Everybody(t.Context(), anna)
	if err != nil || len(people) != 1 {
		t.Fatalf("%v %v", people, err)
	}
	p := people[0]
	if len(p.Departments) != maxDepartments || len(p.Name)+len(p.Position)+len(p.Zone) > 700 {
		t.Errorf("%d departments, %d bytes", len(p.Departments), len(p.Name)+len(p.Position)+len(p.Zone))
	}
	if got := c.persons.weight; got < 10 {
		t.Errorf("it weighs %d", got)
	}
}

// TestAYearHasItsDays: a portal that repeats holidays endlessly has no more of them.
func TestAYearHasItsDays(t *testing.T) {
	t.Parallel()
	var all []string
	for day := range 366 * 50 {
		all = append(all, fmt.Sprintf("%d.%02d", day%31+1, day%12+1))
	}
	if n := len(yearDays(strings.Join(all, ","))); n != 366 {
		t.Errorf("%d days", n)
	}
}

// TestBindingsAreBounded: a portal can't have us send commands for hours.
func TestBindingsAreBounded(t *testing.T) {
	t.Parallel()
	var all []string
	for i := range maxBindings + 1 {
		all = append(all, fmt.Sprintf(`{"event":"ONTASKADD","handler":"https://old.example/%d"}`, i))
	}
	f := newFake(map[string]func(request) answer{"batch": ok(`{"result":{"result":{"c0":[` + strings.Join(all, ",") + `],"c1":[]}}}`)})
	_, err := NewInstaller(f.client(t)).Install(t.Context(), anna, meet.Setup{EventsURL: "https://app.example/events", Events: []string{"ONAPPINSTALL"}})
	if meet.KindOf(err) != meet.Unavailable || len(f.requests) != 1 {
		t.Errorf("%d requests, %v", len(f.requests), err)
	}
}

package bitrix24

import (
	"fmt"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/meet"
)

// commandsOf returns the commands of a batch request, parsed.
func commandsOf(t testing.TB, r request) map[string]url.Values {
	t.Helper()
	commands := map[string]url.Values{}
	for key, cmd := range r.params["cmd"].(map[string]any) {
		method, query, _ := strings.Cut(cmd.(string), "?")
		values, err := url.ParseQuery(query)
		if err != nil {
			t.Fatal(err)
		}
		values.Set("method", method)
		commands[key] = values
	}
	return commands
}

func TestPeople(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"batch": ok(`{"result":{"result":{"c0":[
		{"ID":"7","ACTIVE":true,"NAME":"Anna","LAST_NAME":"Becker","WORK_POSITION":"Lead","TIME_ZONE":"Europe\/Berlin","PERSONAL_PHOTO":"https:\/\/portal.example\/a.png","UF_DEPARTMENT":[1,7],"TIMESTAMP_X":{},"LAST_ACTIVITY_DATE":{}},
		{"ID":12,"ACTIVE":false,"NAME":null,"LAST_NAME":"Петров","UF_DEPARTMENT":false,"PERSONAL_PHOTO":"javascript:alert(1)","TIME_ZONE":""},
		{"ID":"13","ACTIVE":"Y","NAME":["odd"],"UF_DEPARTMENT":{"1":"3"}},
		{"ID":"99","ACTIVE":true,"NAME":"Nobody asked"}]},
		"result_error":[],"result_total":{"c0":4},"result_next":[]}}`)})
	c := f.client(t)
	got, err := c.People(t.Context(), anna, []int64{12, 7, 13, 404, 7, 0, -1})
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]meet.Person{
		7:  {ID: 7, Name: "Anna Becker", Position: "Lead", Departments: []int64{1, 7}, Photo: "https://portal.example/a.png", Zone: "Europe/Berlin", Active: true},
		12: {ID: 12, Name: "Петров"},
		13: {ID: 13, Departments: []int64{3}, Active: true},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	q := commandsOf(t, f.requests[0])["c0"]
	if q.Get("method") != "user.get" || q.Get("FILTER[ID][0]") != "7" || q.Get("FILTER[ID][3]") != "404" || q.Has("FILTER[ID][4]") || q.Has("FILTER[ACTIVE]") {
		t.Errorf("asked for %v", q)
	}
	if _, err := c.People(t.Context(), anna, []int64{7, 12, 13}); err != nil || f.count() != 1 {
		t.Errorf("known people were asked for again: %d requests, %v", f.count(), err)
	}
}

// usersPage answers a batch of user.get with the people a company of n would give.
func usersPage(t testing.TB, n int) func(request) answer {
	return func(r request) answer {
		var result, total, next []string
		for key, q := range commandsOf(t, r) {
			start := 0
			_, _ = fmt.Sscan(q.Get("start"), &start)
			var rows []string
			for id := start + 1; id <= min(n, start+pageSize); id++ {
				rows = append(rows, fmt.Sprintf(`{"ID":"%d","ACTIVE":true,"NAME":"N%d"}`, id, id))
			}
			result = append(result, fmt.Sprintf(`%q:[%s]`, key, strings.Join(rows, ",")))
			total = append(total, fmt.Sprintf(`%q:%d`, key, n))
			if start+pageSize < n {
				next = append(next, fmt.Sprintf(`%q:%d`, key, start+pageSize))
			}
		}
		object := func(members []string) string {
			if len(members) == 0 {
				return "[]"
			}
			return "{" + strings.Join(members, ",") + "}"
		}
		return answer{body: fmt.Sprintf(`{"result":{"result":%s,"result_error":[],"result_total":%s,"result_next":%s}}`, object(result), object(total), object(next))}
	}
}

func TestEverybody(t *testing.T) {
	t.Parallel()
	for people, requests := range map[int]int{0: 1, 49: 1, 50: 1, 51: 2, 1000: 2, 2550: 2, 2551: 3} {
		t.Run(fmt.Sprint(people), func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{"batch": usersPage(t, people)})
			c := f.client(t)
			got, err := c.Everybody(t.Context(), anna)
			if err != nil || len(got) != people || f.count() != requests {
				t.Fatalf("%d people in %d requests, %v; want %d in %d", len(got), f.count(), err, people, requests)
			}
			for i, p := range got {
				if p.ID != int64(i+1) {
					t.Fatalf("person %d has id %d", i, p.ID)
				}
			}
			if _, err := c.Everybody(t.Context(), anna); err != nil || f.count() != requests {
				t.Errorf("asked again: %d requests, %v", f.count(), err)
			}
			if _, err := c.Everybody(t.Context(), meet.Member{Portal: anna.Portal, User: 8}); err != nil || f.count() == requests {
				t.Errorf("another member got what was read for this one")
			}
		})
	}
}

// A page that is missing must not look like a smaller company.
func TestEverybodyWithAPageMissing(t *testing.T) {
	t.Parallel()
	first := usersPage(t, 120)
	f := newFake(map[string]func(request) answer{"batch": inTurn(first,
		ok(`{"result":{"result":{"c0":[]},"result_error":{"c1":{"error":"INTERNAL_SERVER_ERROR"}},"result_total":[],"result_next":[]}}`))})
	if got, err := f.client(t).Everybody(t.Context(), anna); meet.KindOf(err) != meet.Unavailable {
		t.Errorf("got %d people, %v; want Unavailable", len(got), err)
	}
}

func TestDepartments(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name, body string
		want       []meet.Department
		kind       meet.Kind
	}{
		{
			"a tree", `{"result":{"result":{"c0":[{"ID":"1","NAME":"All","SORT":500},{"ID":"15","NAME":"R&D","SORT":500,"PARENT":"1","UF_HEAD":"7"}]},"result_error":[],"result_total":{"c0":2},"result_next":[]}}`,
			[]meet.Department{{ID: 1, Name: "All"}, {ID: 15, Parent: 1, Name: "R&D"}},
			0,
		},
		{"no scope", `{"result":{"result":[],"result_error":{"c0":{"error":"insufficient_scope","error_description":""}}}}`, nil, 0},
		{"no such method", `{"result":{"result":[],"result_error":{"c0":{"error":"ERROR_METHOD_NOT_FOUND","error_description":""}}}}`, nil, 0},
		{"out of order", `{"result":{"result":[],"result_error":{"c0":{"error":"INTERNAL_SERVER_ERROR","error_description":""}}}}`, nil, meet.Unavailable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{"batch": ok(test.body)})
			got, err := f.client(t).Departments(t.Context(), anna)
			if err != nil != (test.kind != 0) || err != nil && meet.KindOf(err) != test.kind {
				t.Fatalf("got %v", err)
			}
			if len(got) != len(test.want) || len(got) > 0 && cmp.Diff(test.want, got) != "" {
				t.Errorf("got %+v, want %+v", got, test.want)
			}
		})
	}
}

func TestLongNamesAreCut(t *testing.T) {
	t.Parallel()
	if got := tidyText(long("я", 1<<20)); len(got) > 210 || !strings.HasSuffix(got, "я…") {
		t.Errorf("%d bytes: %q", len(got), got)
	}
	if got := tidyText("Анна"); got != "Анна" {
		t.Errorf("got %q", got)
	}
}

// Names come from people who may want to deceive other people.
func TestNamesAreTidied(t *testing.T) {
	t.Parallel()
	for name, want := range map[string]string{
		"Anna \u202Etxe.exe\u202C":             "Anna txe.exe",
		"\u2066a\u2069\u200Eb\u200F\u061C":     "ab",
		"\u202A\u202B\u202D\u2067\u2068":       "",
		"  Anna\r\n\tMaria\u2028\u2029B\u0085": "Anna Maria B",
		"\x00\x1b[31mred\x7f":                  "[31mred",
		"a \u202E b":                           "a b",
		"\uFEFFzero\u200Bwidth":                "zerowidth",
		"می\u200Cخواهم":                        "می\u200Cخواهم",
		"क्\u200Dष 👩\u200D💻 Đặng":              "क्\u200Dष 👩\u200D💻 Đặng",
		"<script>alert('x')</script>":          "<script>alert('x')</script>",
		strings.Repeat("\u202E", 1<<20) + "Al": "Al",
		strings.Repeat("\n", 1<<20) + "Al":     "Al",
	} {
		if got := tidyText(name); got != want {
			t.Errorf("%.40q: got %q, want %q", name, got, want)
		}
	}
}

// Whatever text of people and departments gets out is tidy.
func TestEveryNameIsTidied(t *testing.T) {
	t.Parallel()
	nasty := `\u202eX\u2066\n` + long("я", 10_000)
	f := newFake(map[string]func(request) answer{
		"batch": func(r request) answer {
			row := `{"ID":"7","ACTIVE":true,"NAME":"` + nasty + `","LAST_NAME":"` + nasty + `","WORK_POSITION":"` + nasty + `","TIME_ZONE":"` + nasty + `"}`
			if strings.Contains(fmt.Sprint(r.params["cmd"]), "department.get") {
				row = `{"ID":"1","NAME":"` + nasty + `"}`
			}
			return answer{body: `{"result":{"result":{"c0":[` + row + `]},"result_error":[],"result_total":{"c0":1},"result_next":[]}}`}
		},
		"profile": ok(`{"result":{"ID":"7","NAME":"` + nasty + `","LAST_NAME":"","TIME_ZONE":"` + nasty + `"}}`),
	})
	c := f.client(t)
	people, err := c.People(t.Context(), anna, []int64{7})
	if err != nil {
		t.Fatal(err)
	}
	tree, err := c.Departments(t.Context(), anna)
	if err != nil || len(tree) != 1 {
		t.Fatal(tree, err)
	}
	profile, err := c.Profile(t.Context(), f.endpoint, "x")
	if err != nil {
		t.Fatal(err)
	}
	for what, got := range map[string]string{
		"name": people[7].Name, "position": people[7].Position, "zone": people[7].Zone,
		"department": tree[0].Name, "own name": profile.Name, "own zone": profile.Zone,
	} {
		if len(got) > 210 || !strings.HasPrefix(got, "X я") || strings.ContainsAny(got, "\u202e\u2066\n") {
			t.Errorf("%s: %d bytes: %.40q", what, len(got), got)
		}
	}
}

package calendar

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/truth"
)

func TestAccessibilityComplaints(t *testing.T) {
	t.Parallel()
	full := func() php.Params {
		return php.Params{{"from", "2026-03-01"}, {"to", "2026-03-31"}, {"users", []any{olga}}}
	}
	with := func(name string, value any) php.Params { return php.Params(php.Array(full()).With(name, value)) }
	text := func(param string) string {
		return `The required parameter "` + param + `" for the method "calendar.accessibility.get" is not set`
	}
	tests := []struct {
		name string
		user int
		sent php.Params
		want string
	}{
		{"no from", asker, full().Without("from"), text("from")},
		{"from is empty", asker, with("from", ""), text("from")},
		{"from is zero", asker, with("from", "0"), text("from")},
		{"to is null", asker, with("to", nil), text("to")},
		{"no users", asker, full().Without("users"), text("users")},
		{"an empty list of users", asker, with("users", []any{}), text("users")},
		{"from is complained of first", asker, php.Params{}, text("from")},
		{"a guest asks, even without parameters", guest, php.Params{}, "Access denied"},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			_, err := do(t, example(t), tc.user, "calendar.accessibility.get", tc.sent)
			if err == nil {
				t.Fatal("no complaint")
			}
			got := fault.From(err)
			want := &fault.Error{Code: "", Text: tc.want, Status: 400}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAccessibilityUsers(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		users any
		want  string
	}{
		"numbers":                    {[]any{7, 8}, `{"7":[],"8":[]}`},
		"in the order asked":         {[]any{8, 7}, `{"8":[],"7":[]}`},
		"texts":                      {[]any{"7", "8"}, `{"7":[],"8":[]}`},
		"a map":                      {php.Array{{"a", 7}}, `{"7":[]}`},
		"twice the same":             {[]any{7, "7"}, `{"7":[]}`},
		"unknown looks like free":    {[]any{999, -5}, `{"999":[],"-5":[]}`},
		"zero and words are none":    {[]any{0, "abc", "U5", 7}, `{"7":[]}`},
		"a list in a list is user 1": {[]any{[]any{5}}, `{"1":[]}`},
		"only nonsense":              {[]any{"abc"}, `[]`},
		"a number":                   {7, `[]`},
		"a text of numbers":          {"7,8", `[]`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := mustDo(t, example(t), asker, "calendar.accessibility.get",
				php.Params{{"from", "2026-03-01"}, {"to", "2026-03-02"}, {"users", tc.users}})
			if string(got) != tc.want {
				t.Errorf("got %s, want %s", got, tc.want)
			}
		})
	}
}

func TestWhoSeesWhat(t *testing.T) {
	t.Parallel()
	meeting := func(owner int, access string, private bool) portal.Event {
		return portal.Event{
			Owner: owner, Name: "Plan", Access: access, Private: private,
			From: clock.On(2026, 3, 10).At(9, 0), To: clock.On(2026, 3, 10).At(10, 0), ZoneFrom: "UTC", ZoneTo: "UTC",
		}
	}
	tests := []struct {
		name  string
		lang  string
		asks  int
		event portal.Event
		want  []string
	}{
		{"everything", "en", asker, meeting(olga, "busy", false), []string{"Plan"}},
		{"times only", "en", asker, meeting(peter, "busy", false), []string{"[Busy]"}},
		{"times only, tentative", "en", asker, meeting(peter, "quest", false), []string{"[Undecided]"}},
		{"titles", "en", asker, meeting(titled, "absent", false), []string{"Plan [Away]"}},
		{"nothing: looks free", "en", asker, meeting(hidden, "busy", false), []string{}},
		{"nothing, but for the admin", "en", boss, meeting(hidden, "busy", false), []string{"Plan"}},
		{"nothing, but for themselves", "en", hidden, meeting(hidden, "busy", false), []string{"Plan"}},
		{"their own private event is masked", "en", olga, meeting(olga, "busy", true), []string{"[Busy]"}},
		{"private to the admin", "ru", boss, meeting(olga, "quest", true), []string{"[Под вопросом]"}},
		{"private with full sight", "de", asker, meeting(olga, "absent", true), []string{"[Abwesend]"}},
		{"free is not told", "en", asker, meeting(olga, "free", false), []string{}},
		{"of a holiday calendar", "en", asker, portal.Event{Owner: olga, Virtual: true, AllDay: true, From: clock.On(2026, 3, 10).At(0, 0), To: clock.On(2026, 3, 10).At(0, 0)}, []string{}},
		{"of the company calendar", "en", asker, portal.Event{Type: "company_calendar", Owner: olga, From: clock.On(2026, 3, 10).At(9, 0), To: clock.On(2026, 3, 10).At(9, 0)}, []string{}},
		{"an open event", "en", asker, portal.Event{Type: "open_event", Owner: olga, From: clock.On(2026, 3, 10).At(9, 0), To: clock.On(2026, 3, 10).At(9, 0)}, []string{}},
	}
	for _, tc := range tests {
		t.Run(tc.name, func(t *testing.T) {
			t.Parallel()
			p := example(t)
			p.Lang = tc.lang
			p.AddEvent(tc.event)
			names := []string{}
			for _, r := range busyRaw(t, p, tc.asks, tc.event.Owner, "2026-03-10", "2026-03-10") {
				names = append(names, r.Name)
			}
			if diff := cmp.Diff(tc.want, names); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestManagersSeeTheirPeople(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.Departments = []*portal.Department{{ID: 1, Name: "All", Head: peter}, {ID: 2, Name: "Sales", Parent: 1, Head: titled}}
	p.User(hidden).Departments = []int{2}
	for viewer, want := range map[int]accessLevel{peter: seesAll, titled: seesAll, asker: seesNothing, olga: seesTime} {
		if got := p.accessTo(p.User(viewer), p.User(hidden)); got != want {
			t.Errorf("user %d sees %d, want %d", viewer, got, want)
		}
	}
}

func TestOddImports(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.Events = append(p.Events, &portal.Event{
		ID: 50, Type: "user", Owner: peter, Creator: peter, Name: "It's <b>", Kind: "#shared#",
		From: clock.On(2026, 3, 10).At(9, 0), To: clock.On(2026, 3, 10).At(10, 0), Importance: "high",
	})
	got := busy(t, p, asker, peter, "2026-03-10", "2026-03-10")
	want := compact(t, `{"ID":"50","NAME":"[]","DATE_FROM":"10.03.2026 09:00:00","DATE_TO":"10.03.2026 10:00:00",
 "DATE_FROM_TS_UTC":"1773122400","DATE_TO_TS_UTC":"1773126000","~USER_OFFSET_FROM":-3600,"~USER_OFFSET_TO":-3600,
 "DT_SKIP_TIME":"N","TZ_FROM":null,"TZ_TO":null,"ACCESSIBILITY":"","IMPORTANCE":"high","EVENT_TYPE":"#shared#"}`)
	if len(got) != 1 || string(got[0]) != want {
		t.Errorf("got %s\nwant %s", got, want)
	}
}

func TestRowsComeUnordered(t *testing.T) {
	t.Parallel()
	p := example(t)
	for day := 1; day <= 9; day++ {
		p.AddEvent(portal.Event{Owner: olga, Name: "E", From: clock.On(2026, 3, day).At(9, 0), To: clock.On(2026, 3, day).At(10, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	}
	list := busyRaw(t, p, asker, olga, "2026-03-01", "2026-03-31")
	var order []string
	for _, r := range list {
		order = append(order, r.DateFrom)
	}
	if len(order) != 9 || cmp.Equal(order, starts(list)) {
		t.Errorf("entries come sorted: %v", order)
	}
}

func TestSettings(t *testing.T) {
	t.Parallel()
	tests := []struct {
		start, end string
		want       string
	}{
		{"", "", `{"work_time_start":9,"work_time_end":19}`},
		{"9", "19", `{"work_time_start":"9","work_time_end":"19"}`},
		{"8.30", "17.30", `{"work_time_start":"8.30","work_time_end":"17.30"}`},
		{"10", "9", `{"work_time_start":"10","work_time_end":11}`},
		{"10", "23.59", `{"work_time_start":"10","work_time_end":23.3}`},
	}
	for _, tc := range tests {
		from, to := workTime(tc.start, tc.end)
		if got := string(php.Encode(php.Array{{"work_time_start", from}, {"work_time_end", to}})); got != tc.want {
			t.Errorf("%q to %q: got %s, want %s", tc.start, tc.end, got, tc.want)
		}
	}
	p := example(t)
	if got, want := string(mustDo(t, p, guest, "calendar.settings.get", nil)), tests[0].want; got != want {
		t.Errorf("a guest reads %s, want %s", got, want)
	}
	var read map[string]any
	if err := json.Unmarshal(mustDo(t, p, asker, "calendar.settings.get", nil), &read); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]any{}, read["week_holidays"]); diff != "" {
		t.Error(diff)
	}
}

func TestUserSettings(t *testing.T) {
	t.Parallel()
	p := example(t)
	read := func(user int) map[string]any {
		var m map[string]any
		if err := json.Unmarshal(mustDo(t, p, user, "calendar.user.settings.get", nil), &m); err != nil {
			t.Fatal(err)
		}
		return m
	}
	mine := read(asker)
	if mine["timezoneName"] != "Europe/Berlin" || mine["timezoneOffsetUTC"] != 3600.0 {
		t.Errorf("zone %v, offset %v", mine["timezoneName"], mine["timezoneOffsetUTC"])
	}
	if _, has := mine["work_time_start"]; has {
		t.Error("working hours although none are set")
	}
	p.User(asker).PersonalStart, p.User(asker).PersonalEnd = "10:30", "18"
	p.User(asker).Zone = ""
	mine = read(asker)
	got := []any{mine["work_time_start"], mine["work_time_end"], mine["timezoneName"]}
	if diff := cmp.Diff([]any{"10.00", "18.00", "Europe/Moscow"}, got); diff != "" {
		t.Error(diff)
	}
}

func TestMixedAbsence(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.AddAbsence(portal.Absence{User: olga, Timed: true, From: clock.On(2026, 3, 19).At(0, 0), To: clock.On(2026, 3, 19).At(12, 0)})
	list := busyRaw(t, p, asker, olga, "2026-03-19", "2026-03-19")
	if len(list) != 1 || list[0].From != "19.03.2026" || list[0].To != "19.03.2026 10:00:00" {
		t.Errorf("got %+v", list)
	}
	if got := truth.Busy(p.Portal, olga, march2, march2.AddDate(0, 1, 0)); len(got) != 1 || got[0].AllDay || got[0].To.Sub(got[0].From) != 12*time.Hour {
		t.Errorf("truth %v", got)
	}
}

package calendar

import (
	"bytes"
	"encoding/json"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim/clock"
	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// The people of the example portal.
const (
	asker  = 1 // the token's user, in Berlin
	olga   = 7 // shows their calendar to the asker
	peter  = 8 // shows the asker times only
	hidden = 9 // shows the asker nothing
	titled = 10
	boss   = 11 // portal admin
	guest  = 12 // extranet
)

// fataler is a test of either kind, ordinary or of rapid.
type fataler interface {
	Helper()
	Fatal(...any)
}

func loc(t fataler, name string) *time.Location {
	t.Helper()
	zone, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return zone
}

// example is a portal in Moscow with one user for each level of access.
func example(t testing.TB) *Calendar {
	t.Helper()
	return New(portal.New(portal.Data{
		ServerZone: loc(t, "Europe/Moscow"), Culture: clock.CultureDMY, Lang: "en", AbsenceBlock: true,
		Users: []*portal.User{
			{ID: asker, Name: "Anna", LastName: "Ask", Zone: "Europe/Berlin", Active: true, Departments: []int{1}},
			{ID: olga, Name: "Olga", Zone: "Europe/Moscow", Active: true, Departments: []int{1}, FullFor: []int{asker}},
			{ID: peter, Name: "Peter", Zone: "America/New_York", Active: true, Departments: []int{1}},
			{ID: hidden, Name: "Hidden", Zone: "UTC", Active: true, Departments: []int{1}, HiddenFrom: []int{asker}},
			{ID: titled, Name: "Tina", Zone: "Asia/Tokyo", Active: true, Departments: []int{1}, TitlesFor: []int{asker}},
			{ID: boss, Name: "Bo", Zone: "UTC", Active: true, Admin: true, Departments: []int{1}},
			{ID: guest, Name: "Gus", Zone: "UTC", Active: true, Extranet: true},
		},
		Departments: []*portal.Department{{ID: 1, Name: "All"}},
		Groups:      []*portal.Group{{ID: 3, Name: "Team", Members: []portal.GroupMember{{User: asker, Role: "A"}}}},
		Rooms:       []*portal.Room{{ID: 15, Name: "Blue", Capacity: 6}},
	}))
}

var march2 = time.Date(2026, time.March, 2, 12, 0, 0, 0, time.UTC)

// do calls a method as the user and gives the encoded answer.
func do(t testing.TB, p *Calendar, user int, name string, sent php.Params) (json.RawMessage, error) {
	t.Helper()
	p.Lock()
	defer p.Unlock()
	m, ok := p.Methods()[name]
	if !ok {
		t.Fatalf("no method %s", name)
	}
	res, err := m.Run(&rest.Call{User: p.User(user), Params: sent, Now: march2})
	if err != nil {
		return nil, err
	}
	return php.Encode(res.Value), nil
}

func mustDo(t testing.TB, p *Calendar, user int, name string, sent php.Params) json.RawMessage {
	t.Helper()
	answer, err := do(t, p, user, name, sent)
	if err != nil {
		t.Fatalf("%s: %v: %+v", name, err, fault.From(err))
	}
	return answer
}

// busy asks for the accessibility of one user and gives the raw entries.
func busy(t testing.TB, p *Calendar, as, of int, from, to string) []json.RawMessage {
	t.Helper()
	answer := mustDo(t, p, as, "calendar.accessibility.get", php.Params{{"from", from}, {"to", to}, {"users", []any{of}}})
	var byUser map[string][]json.RawMessage
	if err := json.Unmarshal(answer, &byUser); err != nil {
		t.Fatalf("answer %s: %v", answer, err)
	}
	if len(byUser) != 1 {
		t.Fatalf("answer %s has not one user", answer)
	}
	for _, list := range byUser {
		return list
	}
	return nil
}

// raw is an entry as a client reads it.
type raw struct {
	ID       string
	Name     string `json:"NAME"`
	DateFrom string `json:"DATE_FROM"`
	DateTo   string `json:"DATE_TO"`
	ZoneFrom string `json:"TZ_FROM"`
	ZoneTo   string `json:"TZ_TO"`
	SkipTime string `json:"DT_SKIP_TIME"`
	Access   string `json:"ACCESSIBILITY"`
	HR       bool   `json:"FROM_HR"`
	From     string `json:"DT_FROM"`
	To       string `json:"DT_TO"`
}

func busyRaw(t testing.TB, p *Calendar, as, of int, from, to string) []raw {
	t.Helper()
	list := []raw{}
	for _, m := range busy(t, p, as, of, from, to) {
		var r raw
		if err := json.Unmarshal(m, &r); err != nil {
			t.Fatal(err)
		}
		list = append(list, r)
	}
	return list
}

func starts(list []raw) []string {
	all := []string{}
	for _, r := range list {
		all = append(all, r.DateFrom)
	}
	slices.Sort(all)
	return all
}

func TestEntriesLookAsBitrix24WritesThem(t *testing.T) {
	t.Parallel()
	weekly := func(days ...time.Weekday) *portal.Rule { return &portal.Rule{Freq: "WEEKLY", Interval: 1, ByDay: days} }
	berlin, none := "Europe/Berlin", ""
	event := func(id int, name string, from, to clock.Wall, zone string) portal.Event {
		return portal.Event{ID: id, Owner: olga, Name: name, From: from, To: to, ZoneFrom: zone, ZoneTo: zone}
	}
	allDay := func(e portal.Event, access string, rule *portal.Rule) portal.Event {
		e.AllDay, e.Access, e.Rule = true, access, rule
		return e
	}
	series := event(4100, "Weekly sync", clock.On(2025, 9, 1).At(10, 0), clock.On(2025, 9, 1).At(11, 0), berlin)
	series.Rule = weekly(time.Monday)
	private := event(5012, "Secret", clock.On(2026, 3, 10).At(14, 0), clock.On(2026, 3, 10).At(15, 0), "Asia/Yekaterinburg")
	private.Private = true

	tests := map[string]struct {
		event portal.Event
		day   string
		want  string
	}{
		"timed, private": {private, "2026-03-10", `{"ID":"5012","NAME":"[Busy]","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00",
 "DATE_FROM_TS_UTC":"1773122400","DATE_TO_TS_UTC":"1773126000",
 "~USER_OFFSET_FROM":14400,"~USER_OFFSET_TO":14400,"DT_SKIP_TIME":"N",
 "TZ_FROM":"Asia\/Yekaterinburg","TZ_TO":"Asia\/Yekaterinburg",
 "ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`},
		"all day, one day": {allDay(event(5013, "Day off", clock.On(2026, 3, 11).At(0, 0), clock.On(2026, 3, 11).At(0, 0), none), "absent", nil), "2026-03-11", `{"ID":"5013","NAME":"Day off","DATE_FROM":"11.03.2026 00:00:00","DATE_TO":"11.03.2026 00:00:00",
 "DATE_FROM_TS_UTC":"1773176400","DATE_TO_TS_UTC":"1773176400",
 "~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"Y","TZ_FROM":null,"TZ_TO":null,
 "ACCESSIBILITY":"absent","IMPORTANCE":"normal","EVENT_TYPE":null}`},
		"all day, several days, with a zone left over": {allDay(event(5014, "Conference", clock.On(2026, 3, 11).At(0, 0), clock.On(2026, 3, 13).At(0, 0), berlin), "busy", nil), "2026-03-12", `{"ID":"5014","NAME":"Conference","DATE_FROM":"11.03.2026 00:00:00","DATE_TO":"13.03.2026 00:00:00",
 "DATE_FROM_TS_UTC":"1773176400","DATE_TO_TS_UTC":"1773349200",
 "~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"Y","TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin",
 "ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`},
		"instance of a series": {series, "2026-03-30", `{"ID":"4100","NAME":"Weekly sync","DATE_FROM":"30.03.2026 10:00:00","DATE_TO":"30.03.2026 11:00:00",
 "DATE_FROM_TS_UTC":"1756702800","DATE_TO_TS_UTC":"2145992400",
 "~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"N",
 "TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin",
 "ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`},
		"instance of an all-day series": {allDay(event(4101, "On duty", clock.On(2026, 2, 2).At(0, 0), clock.On(2026, 2, 2).At(0, 0), none), "busy", weekly(time.Monday)), "2026-03-16", `{"ID":"4101","NAME":"On duty","DATE_FROM":"16.03.2026","DATE_TO":"16.03.2026",
 "DATE_FROM_TS_UTC":"1769979600","DATE_TO_TS_UTC":"2145992400",
 "~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"Y","TZ_FROM":null,"TZ_TO":null,
 "ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`},
		"no length": {event(5020, "Reminder", clock.On(2026, 3, 12).At(18, 0), clock.On(2026, 3, 12).At(17, 0), berlin), "2026-03-12", `{"ID":"5020","NAME":"Reminder","DATE_FROM":"12.03.2026 18:00:00","DATE_TO":"12.03.2026 18:00:00",
 "DATE_FROM_TS_UTC":"1773324000","DATE_TO_TS_UTC":"1773324000","~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,
 "DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin","ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`},
	}
	for name, tc := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			p := example(t)
			p.AddEvent(tc.event)
			got := busy(t, p, asker, olga, tc.day, tc.day)
			if len(got) != 1 {
				t.Fatalf("%d entries: %s", len(got), got)
			}
			if diff := cmp.Diff(compact(t, tc.want), string(got[0])); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestAbsencesLookAsBitrix24WritesThem(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.AddAbsence(portal.Absence{User: olga, From: clock.On(2026, 3, 18).At(0, 0), To: clock.On(2026, 3, 20).At(0, 0)})
	p.AddAbsence(portal.Absence{User: olga, Timed: true, From: clock.On(2026, 3, 19).At(15, 30), To: clock.On(2026, 3, 19).At(18, 0)})
	p.AddEvent(portal.Event{Owner: olga, From: clock.On(2026, 3, 18).At(9, 0), To: clock.On(2026, 3, 18).At(10, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	want := []string{
		compact(t, `{"FROM_HR":true,"ID":"345","DT_FROM":"18.03.2026","DT_TO":"20.03.2026",
 "ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773781200,"TO":1773954000}`),
		compact(t, `{"FROM_HR":true,"ID":"346","DT_FROM":"19.03.2026 13:30:00","DT_TO":"19.03.2026 16:00:00",
 "ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773916200,"TO":1773925200}`),
	}
	got := busy(t, p, asker, olga, "2026-03-18", "2026-03-20")
	if len(got) != 3 {
		t.Fatalf("%d entries, want the event and then two records: %s", len(got), got)
	}
	if diff := cmp.Diff(want, []string{string(got[1]), string(got[2])}); diff != "" {
		t.Error(diff)
	}
	if got := busy(t, p, asker, olga, "2026-03-21", "2026-03-25"); len(got) != 0 {
		t.Errorf("absences after their last day: %s", got)
	}
	p.AbsenceBlock = false
	if got := busy(t, p, asker, olga, "2026-03-19", "2026-03-20"); len(got) != 0 {
		t.Errorf("absences without an absence chart: %s", got)
	}
}

func TestEntriesOfAnAmericanPortal(t *testing.T) {
	t.Parallel()
	p := example(t)
	p.Culture = clock.CultureMDY
	p.AddEvent(portal.Event{ID: 77, Owner: olga, Name: "Call", From: clock.On(2026, 3, 10).At(14, 0), To: clock.On(2026, 3, 10).At(15, 0), ZoneFrom: "UTC", ZoneTo: "UTC"})
	got := busy(t, p, asker, olga, "2026-03-10", "2026-03-10")
	want := `{"ID":"77","NAME":"Call","DATE_FROM":"03\/10\/2026 02:00:00 pm","DATE_TO":"03\/10\/2026 03:00:00 pm",`
	if len(got) != 1 || !bytes.HasPrefix(got[0], []byte(want)) {
		t.Errorf("got %s\nwant it to begin with %s", got, want)
	}
}

func compact(t testing.TB, text string) string {
	t.Helper()
	var b bytes.Buffer
	if err := json.Compact(&b, []byte(text)); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

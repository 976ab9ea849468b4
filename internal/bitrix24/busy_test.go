package bitrix24

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
)

// minute parses an instant in UTC.
func minute(t testing.TB, s string) civil.Minute {
	t.Helper()
	at, err := time.Parse("2006-01-02 15:04", s)
	if err != nil {
		t.Fatal(err)
	}
	return civil.Floor(at)
}

func between(t testing.TB, from, to string) civil.Span {
	t.Helper()
	return civil.Span{Start: minute(t, from), End: minute(t, to)}
}

// show writes blocks down for comparison.
func show(a meet.Availability) string {
	if a.Unknown != "" {
		return "unknown: " + string(a.Unknown)
	}
	var lines []string
	for _, b := range a.Blocks {
		line := fmt.Sprint(b.Start.Time().Format("01-02 15:04"), " - ", b.End.Time().Format("01-02 15:04"))
		if b.AllDay {
			line += " all-day"
		}
		if b.Tentative {
			line += " tentative"
		}
		if b.Absent {
			line += " absent"
		}
		lines = append(lines, fmt.Sprint(line, " #", b.Row))
	}
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// Entries as portals write them, and what they mean for an owner in Novosibirsk (UTC+7)
// when the token user lives in Berlin.
func TestEntriesBecomeBlocks(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, entry, want string }{
		{
			"timed event in its own zone",
			`{"ID":"5012","NAME":"[Busy]","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DATE_FROM_TS_UTC":"1773122400","DATE_TO_TS_UTC":"1773126000","~USER_OFFSET_FROM":14400,"~USER_OFFSET_TO":14400,"DT_SKIP_TIME":"N","TZ_FROM":"Asia\/Yekaterinburg","TZ_TO":"Asia\/Yekaterinburg","ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`,
			"03-10 09:00 - 03-10 10:00 #5012",
		},
		{
			"all-day, one day",
			`{"ID":"5013","NAME":"Day off","DATE_FROM":"11.03.2026 00:00:00","DATE_TO":"11.03.2026 00:00:00","DATE_FROM_TS_UTC":"1773176400","DATE_TO_TS_UTC":"1773176400","~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"Y","TZ_FROM":null,"TZ_TO":null,"ACCESSIBILITY":"absent","IMPORTANCE":"normal","EVENT_TYPE":null}`,
			"03-10 17:00 - 03-11 17:00 all-day absent #5013",
		},
		{
			"all-day, several days, leftover zone",
			`{"ID":"5014","NAME":"Conference","DATE_FROM":"11.03.2026 00:00:00","DATE_TO":"13.03.2026 00:00:00","DATE_FROM_TS_UTC":"1773176400","DATE_TO_TS_UTC":"1773349200","~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"Y","TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin","ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`,
			"03-10 17:00 - 03-13 17:00 all-day #5014",
		},
		{
			"recurring instance with the series' numbers",
			`{"ID":"4100","NAME":"Weekly sync","DATE_FROM":"30.03.2026 10:00:00","DATE_TO":"30.03.2026 11:00:00","DATE_FROM_TS_UTC":"1756702800","DATE_TO_TS_UTC":"2145992400","~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin","ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`,
			"03-30 08:00 - 03-30 09:00 #4100",
		},
		{
			"all-day recurring instance, bare dates",
			`{"ID":"4101","NAME":"On duty","DATE_FROM":"16.03.2026","DATE_TO":"16.03.2026","DATE_FROM_TS_UTC":"1769979600","DATE_TO_TS_UTC":"2145992400","~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"Y","TZ_FROM":null,"TZ_TO":null,"ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`,
			"03-15 17:00 - 03-16 17:00 all-day #4101",
		},
		{
			"absence of whole days",
			`{"FROM_HR":true,"ID":"345","DT_FROM":"18.03.2026","DT_TO":"20.03.2026","ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773781200,"TO":1773954000}`,
			"03-17 17:00 - 03-20 17:00 all-day absent #0",
		},
		{
			"absence with times, in the token user's zone",
			`{"FROM_HR":true,"ID":"346","DT_FROM":"19.03.2026 13:30:00","DT_TO":"19.03.2026 16:00:00","ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773916200,"TO":1773925200}`,
			"03-19 12:30 - 03-19 15:00 absent #0",
		},
		{
			"absence of hours that begins on a whole day",
			`{"FROM_HR":true,"ID":"346","DT_FROM":"19.03.2026","DT_TO":"19.03.2026 16:00:00","ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773867600,"TO":1773925200}`,
			"03-18 17:00 - 03-19 15:00 absent #0",
		},
		{
			"absence that ends on a day before it begins",
			`{"FROM_HR":true,"ID":"345","DT_FROM":"20.03.2026","DT_TO":"19.03.2026","ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773954000,"TO":1773867600}`,
			"unknown: unreadable",
		},
		{
			"absence that ends an hour before it begins",
			`{"FROM_HR":true,"ID":"346","DT_FROM":"19.03.2026 16:00:00","DT_TO":"19.03.2026 15:00:00","ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773925200,"TO":1773921600}`,
			"unknown: unreadable",
		},
		{
			"absence with times that ends the day before it begins",
			`{"FROM_HR":true,"ID":"346","DT_FROM":"19.03.2026 16:00:00","DT_TO":"18.03.2026","ACCESSIBILITY":"absent","IMPORTANCE":"normal","FROM":1773925200,"TO":1773781200}`,
			"unknown: unreadable",
		},
		{
			"zero length",
			`{"ID":"5020","NAME":"Reminder","DATE_FROM":"12.03.2026 18:00:00","DATE_TO":"12.03.2026 18:00:00","DATE_FROM_TS_UTC":"1773324000","DATE_TO_TS_UTC":"1773324000","~USER_OFFSET_FROM":0,"~USER_OFFSET_TO":0,"DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin","ACCESSIBILITY":"busy","IMPORTANCE":"normal","EVENT_TYPE":null}`,
			"",
		},
		{
			"US culture",
			`{"ID":"77","NAME":"Call","DATE_FROM":"03\/20\/2026 02:00:00 pm","DATE_TO":"03\/20\/2026 03:00:00 pm","DATE_FROM_TS_UTC":"1773999000","DT_SKIP_TIME":"N"}`,
			"03-20 14:00 - 03-20 15:00 #77",
		},
		{
			"ends in another zone",
			`{"ID":"6","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Moscow","TZ_TO":"Europe\/Berlin","ACCESSIBILITY":"quest"}`,
			"03-10 11:00 - 03-10 14:00 tentative #6",
		},
		{
			"alias of a zone",
			`{"ID":"7","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N","TZ_FROM":"Asia\/Calcutta","TZ_TO":"Asia\/Calcutta","ACCESSIBILITY":"busy"}`,
			"03-10 08:30 - 03-10 09:30 #7",
		},
		{
			"zone nobody knows: by the distance to the token user's",
			`{"ID":"8","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","~USER_OFFSET_FROM":14400,"~USER_OFFSET_TO":"14400","DT_SKIP_TIME":"N","TZ_FROM":"Ekaterinburg Standard Time","TZ_TO":"Ekaterinburg Standard Time","ACCESSIBILITY":"busy"}`,
			"03-10 09:00 - 03-10 10:00 #8",
		},
		{
			"zone nobody knows and no distance",
			`{"ID":"9","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N","TZ_FROM":"Mars\/Olympus","TZ_TO":"Mars\/Olympus","ACCESSIBILITY":"busy"}`,
			"unknown: unreadable",
		},
		{
			"end before start",
			`{"ID":"10","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 13:00:00","DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Moscow","TZ_TO":"Europe\/Moscow","ACCESSIBILITY":"busy"}`,
			"",
		},
		{
			"begins in the hour the clock skips",
			`{"ID":"11","DATE_FROM":"29.03.2026 02:30:00","DATE_TO":"29.03.2026 03:15:00","DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Berlin","TZ_TO":"Europe\/Berlin","ACCESSIBILITY":"busy"}`,
			"03-29 01:30 - 03-29 02:15 #11",
		},
		{
			"seconds are rounded outward",
			`{"ID":"12","DATE_FROM":"10.03.2026 14:00:59","DATE_TO":"10.03.2026 14:30:01","DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Moscow","TZ_TO":"Europe\/Moscow","ACCESSIBILITY":"busy"}`,
			"03-10 11:00 - 03-10 11:31 #12",
		},
		{
			"cut to the wanted time",
			`{"ID":"13","DATE_FROM":"01.01.2020 00:00:00","DATE_TO":"02.03.2026 03:00:00","DT_SKIP_TIME":"N","TZ_FROM":"Europe\/Moscow","TZ_TO":"Europe\/Moscow","ACCESSIBILITY":"busy"}`,
			"03-01 00:00 - 03-02 00:00 #13",
		},
		{
			"unknown and empty availability is busy",
			`{"ID":14,"DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N","TZ_FROM":"","TZ_TO":"","ACCESSIBILITY":null}`,
			"03-10 14:00 - 03-10 15:00 #14",
		},
		{
			"free doesn't block",
			`{"ID":"15","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N","TZ_FROM":"","TZ_TO":"","ACCESSIBILITY":"free"}`,
			"",
		},
		{"a date nobody can read", `{"ID":"16","DATE_FROM":"31.02.2026 14:00:00","DATE_TO":"31.02.2026 15:00:00","DT_SKIP_TIME":"N"}`, "unknown: unreadable"},
		{"no dates", `{"ID":"17","ACCESSIBILITY":"busy"}`, "unknown: unreadable"},
		{"not an object", `"busy"`, "unknown: unreadable"},
		{"null", `null`, "unknown: unreadable"},
		{"a date that is an object", `{"ID":"18","DATE_FROM":{"date":"10.03.2026"},"DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N"}`, "unknown: unreadable"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{
				"batch":                      ok(berlinSettings),
				"calendar.accessibility.get": ok(`{"result":{"12":[` + test.entry + `],"20":[]},"time":{"start":1761911982,"processing":0}}`),
			})
			people := []meet.Resident{{ID: 12, Zone: zoneNamed(t, "Asia/Novosibirsk")}, {ID: 20, Zone: time.UTC}}
			got, err := f.client(t).Busy(t.Context(), anna, people, between(t, "2026-03-01 00:00", "2026-04-05 00:00"), false)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(test.want, show(got[12])); diff != "" {
				t.Errorf("blocks (-want +got):\n%s", diff)
			}
			if got[20].Unknown != "" || len(got[20].Blocks) != 0 {
				t.Errorf("the other person: got %v, want free", got[20])
			}
		})
	}
}

func TestWhatIsAskedFor(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": ok(`{"result":{"7":[]}}`)})
	_, err := f.client(t).Busy(t.Context(), anna, []meet.Resident{{ID: 7, Zone: time.UTC}},
		between(t, "2026-03-10 22:00", "2026-03-12 00:00"), false)
	if err != nil {
		t.Fatal(err)
	}
	r := f.requests[0]
	want := map[string]any{"auth": "fresh", "users": []any{7.0}, "from": "2026-01-24", "to": "2026-03-12"}
	if diff := cmp.Diff(want, r.params); diff != "" {
		t.Errorf("parameters (-want +got):\n%s", diff)
	}
	if got := r.header.Get("Content-Type"); got != "application/json" {
		t.Errorf("Content-Type %q", got)
	}
	if got := r.header.Get("User-Agent"); !strings.HasPrefix(got, "Slotfinder") {
		t.Errorf("User-Agent %q", got)
	}
}

// Answers that look like "everybody is free" to a naive reader.
func TestScalarUsers(t *testing.T) {
	t.Parallel()
	tests := []struct{ name, body, want string }{
		{"empty array", `{"result":[],"time":{}}`, "unknown: missing"},
		{"scalar", `{"result":"Access denied","time":{}}`, "unknown: missing"},
		{"null", `{"result":null}`, "unknown: missing"},
		{"missing key", `{"result":{"99":[]}}`, "unknown: missing"},
		{"entries are an object", `{"result":{"12":{"1":{}}}}`, "unknown: unreadable"},
		{"entries are null", `{"result":{"12":null}}`, "unknown: unreadable"},
		{"entries are false", `{"result":{"12":false}}`, "unknown: unreadable"},
		{"the same person twice", `{"result":{"12":[],"12":[]}}`, "unknown: unreadable"},
		{"free at last", `{"result":{"12":[]}}`, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{"calendar.accessibility.get": ok(test.body)})
			got, err := f.client(t).Busy(t.Context(), anna, []meet.Resident{{ID: 12, Zone: time.UTC}},
				between(t, "2026-03-01 00:00", "2026-03-02 00:00"), false)
			if err != nil {
				t.Fatal(err)
			}
			if show(got[12]) != test.want {
				t.Errorf("got %q, want %q", show(got[12]), test.want)
			}
		})
	}
}

func TestPeopleWhoCannotBeAskedFor(t *testing.T) {
	t.Parallel()
	f := newFake(nil)
	people := []meet.Resident{{ID: 0, Zone: time.UTC}, {ID: -3, Zone: time.UTC}, {ID: 4}}
	got, err := f.client(t).Busy(t.Context(), anna, people, between(t, "2026-03-01 00:00", "2026-03-02 00:00"), false)
	if err != nil {
		t.Fatal(err)
	}
	want := map[int64]meet.Availability{
		0: {Unknown: meet.UnknownPerson}, -3: {Unknown: meet.UnknownPerson}, 4: {Unknown: meet.UnknownZone},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if f.count() != 0 {
		t.Errorf("%d requests, want none", f.count())
	}
}

// everyone returns n residents of Berlin, 1 to n.
func everyone(t testing.TB, n int) []meet.Resident {
	t.Helper()
	berlin := zoneNamed(t, "Europe/Berlin")
	people := make([]meet.Resident, n)
	for i := range people {
		people[i] = meet.Resident{ID: int64(i + 1), Zone: berlin}
	}
	return people
}

// freeAll answers that everybody asked for is free.
func freeAll(r request) answer {
	var b strings.Builder
	b.WriteString(`{"result":{`)
	for i, id := range r.params["users"].([]any) {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `"%v":[]`, id)
	}
	b.WriteString(`},"time":{}}`)
	return answer{body: b.String()}
}

func TestNumberOfAvailabilityRequests(t *testing.T) {
	t.Parallel()
	for people, want := range map[int]int{1: 1, 5: 1, 25: 1, 26: 2, 60: 3, 300: 12, 500: 20} {
		t.Run(fmt.Sprint(people), func(t *testing.T) {
			t.Parallel()
			f := newFake(map[string]func(request) answer{"calendar.accessibility.get": freeAll})
			c := f.client(t)
			during := between(t, "2026-03-01 00:00", "2026-04-01 00:00")
			got, err := c.Busy(t.Context(), anna, everyone(t, people), during, false)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) != people || f.count() != want {
				t.Errorf("%d answers in %d requests, want %d in %d", len(got), f.count(), people, want)
			}
			for id, a := range got {
				if a.Unknown != "" {
					t.Errorf("person %d: %s", id, a.Unknown)
				}
			}
		})
	}
}

func TestPartialFailure(t *testing.T) {
	t.Parallel()
	broken := func(r request) answer {
		if slices.Contains(r.params["users"].([]any), any(30.0)) {
			return answer{status: 403, body: `{"error":"ACCESS_DENIED","error_description":"<b>secret</b>"}`}
		}
		return freeAll(r)
	}
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": broken})
	got, err := f.client(t).Busy(t.Context(), anna, everyone(t, 60), between(t, "2026-03-01 00:00", "2026-03-02 00:00"), false)
	if err != nil {
		t.Fatal(err)
	}
	for id, a := range got {
		want := meet.Unknown("")
		if id > 20 && id <= 40 {
			want = meet.UnknownPortal
		}
		if a.Unknown != want {
			t.Errorf("person %d: %q, want %q", id, a.Unknown, want)
		}
	}
}

func TestTotalFailure(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{
		"calendar.accessibility.get": status(403, `{"error":"ACCESS_DENIED","error_description":"<b>secret</b>"}`),
	})
	got, err := f.client(t).Busy(t.Context(), anna, everyone(t, 60), between(t, "2026-03-01 00:00", "2026-03-02 00:00"), false)
	if meet.KindOf(err) != meet.Unsupported || got != nil {
		t.Errorf("got %v, %v; want Unsupported", got, err)
	}
	if strings.Contains(err.Error(), "secret") {
		t.Errorf("the portal's text is in the error: %v", err)
	}
}

func TestRemembering(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": freeAll})
	c := f.client(t)
	c.cfg.Now = func() time.Time { return now }
	c.calendars.now, c.portals.now = c.cfg.Now, c.cfg.Now
	wide, narrow := between(t, "2026-03-01 00:00", "2026-03-15 00:00"), between(t, "2026-03-02 00:00", "2026-03-03 00:00")
	bob := meet.Member{Portal: anna.Portal, User: 8}
	ask := func(m meet.Member, n int, during civil.Span, fresh bool) {
		t.Helper()
		got, err := c.Busy(t.Context(), m, everyone(t, n), during, fresh)
		if err != nil || len(got) != n {
			t.Fatal(len(got), err)
		}
	}
	steps := []struct {
		name string
		do   func()
		want int // requests
	}{
		{"cold", func() { ask(anna, 5, wide, false) }, 1},
		{"again", func() { ask(anna, 5, wide, false) }, 0},
		{"a part of it", func() { ask(anna, 3, narrow, false) }, 0},
		{"one person more: only that one", func() { ask(anna, 6, narrow, false) }, 1},
		{"more time", func() { ask(anna, 5, between(t, "2026-03-01 00:00", "2026-03-16 00:00"), false) }, 1},
		{"fresh", func() { ask(anna, 5, wide, true) }, 1},
		{"another member sees with their own rights", func() { ask(bob, 5, wide, false) }, 1},
		{"14 seconds later", func() { now = now.Add(14 * time.Second); ask(anna, 5, wide, false) }, 0},
		{"15 seconds later", func() { now = now.Add(time.Second); ask(anna, 5, wide, false) }, 1},
		{"forgotten", func() { c.Forget(anna.Portal); now = now.Add(time.Second); ask(anna, 5, wide, false) }, 1},
		{"another portal forgotten", func() { c.Forget("other"); ask(anna, 5, wide, false) }, 0},
	}
	for _, step := range steps {
		before := f.count()
		step.do()
		if got := f.count() - before; got != step.want {
			t.Errorf("%s: %d requests, want %d", step.name, got, step.want)
		}
	}
	if got := f.requests[1].params["users"]; !slices.Equal(got.([]any), []any{6.0}) {
		t.Errorf("one person more asked for %v", got)
	}
}

// The owner's zone decides where whole days lie, so a person who moved is read again.
func TestRememberedOnlyForTheSameZone(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": freeAll})
	c := f.client(t)
	during := between(t, "2026-03-01 00:00", "2026-03-15 00:00")
	for _, name := range []string{"Europe/Berlin", "Asia/Tokyo"} {
		if _, err := c.Busy(t.Context(), anna, []meet.Resident{{ID: 1, Zone: zoneNamed(t, name)}}, during, false); err != nil {
			t.Fatal(err)
		}
	}
	if f.count() != 2 {
		t.Errorf("%d requests, want 2", f.count())
	}
}

func TestBlocksAreTheCallersOwn(t *testing.T) {
	t.Parallel()
	f := newFake(map[string]func(request) answer{"calendar.accessibility.get": ok(
		`{"result":{"1":[{"ID":"5","DATE_FROM":"10.03.2026 14:00:00","DATE_TO":"10.03.2026 15:00:00","DT_SKIP_TIME":"N"}]}}`)})
	c := f.client(t)
	during := between(t, "2026-03-01 00:00", "2026-03-15 00:00")
	for range 3 {
		got, err := c.Busy(context.Background(), anna, everyone(t, 1), during, false)
		if err != nil {
			t.Fatal(err)
		}
		if show(got[1]) != "03-10 14:00 - 03-10 15:00 #5" {
			t.Fatalf("got %s", show(got[1]))
		}
		got[1].Blocks[0] = meet.Block{}
	}
}

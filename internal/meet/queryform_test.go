package meet

import (
	"errors"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"slotfinder/internal/civil"
	"slotfinder/internal/civil/zone"
	"slotfinder/internal/sweep"
)

func TestParseQueryDefaults(t *testing.T) {
	t.Parallel()
	q, err := ParseQuery(url.Values{})
	if err != nil {
		t.Fatal(err)
	}
	want := Query{
		Me: true, Duration: 60, Step: 15, Work: true, Weeks: 1,
		Hours: civil.Range{End: 1440}, Days: [7]bool{true, true, true, true, true, true, true},
	}
	if diff := cmp.Diff(want, q, cmp.Comparer(sameZone)); diff != "" {
		t.Error(diff)
	}
}

func TestParseQueryReadsEveryParameter(t *testing.T) {
	t.Parallel()
	values, _ := url.ParseQuery("who=7,12&who=13&opt=20&any=1:30,31&any=2:40,41,40&me=0&from=2026-11-24&to=2026-11-28&dur=45&step=30" +
		"&tz=Asia/Kathmandu&hours=08:30-24:00&days=mo,we&days=su&work=0&tentative=free&allday=free&buffer=10&quorum=3&weeks=12&notice=90&view=heat")
	q, err := ParseQuery(values)
	if err != nil {
		t.Fatal(err)
	}
	kathmandu, _ := zone.Load("Asia/Kathmandu")
	want := Query{
		Selection: Selection{Required: []int64{7, 12, 13}, Optional: []int64{20}, Any: []AnyOf{{N: 1, IDs: []int64{30, 31}}, {N: 2, IDs: []int64{40, 41}}}},
		Zone:      kathmandu, From: civil.Date{Year: 2026, Month: 11, Day: 24}, To: civil.Date{Year: 2026, Month: 11, Day: 28},
		Duration: 45, Step: 30, Hours: civil.Range{Start: 510, End: 1440}, Days: [7]bool{0: true, 1: true, 3: true},
		TentativeFree: true, AllDayFree: true, Buffer: 10, Quorum: 3, Weeks: 12, Notice: 90,
	}
	if diff := cmp.Diff(want, q, cmp.Comparer(sameZone)); diff != "" {
		t.Error(diff)
	}
}

func sameZone(a, b *time.Location) bool {
	return a == nil && b == nil || a != nil && b != nil && a.String() == b.String()
}

// TestParseQueryRefuses names, for every parameter, values that are wrong, huge or
// given twice, and expects exactly that field to be named.
func TestParseQueryRefuses(t *testing.T) {
	t.Parallel()
	huge := strings.Repeat("9", 400)
	cases := map[string][]string{
		"who":       {"1,x", "x", "-1", "0", "1,,2", "1.5", "0x1", huge, "9007199254740992", "1;2", "١"},
		"opt":       {"a", "-3", huge},
		"any":       {"1", "1:", ":1", "0:1,2", "3:1,2", "x:1", "-1:1", huge + ":1", "1:x"},
		"me":        {"2", "true", "yes"},
		"from":      {"2026-13-01", "2026-02-30", "24.11.2026", "tomorrow", "1969-12-31", "6000-01-01", huge, "2026-11-24T00:00"},
		"to":        {"2026-1-1", "x"},
		"dur":       {"4", "481", "0", "-60", "1.5", "x", huge, "60m", " 6 0"},
		"step":      {"7", "0", "-15", "61", "20", "x", huge},
		"tz":        {"Mars/Olympus", "Local", "../../etc/passwd", "europe berlin", huge, "Europe/Berlin\x00"},
		"hours":     {"9-17", "09:00", "17:00-09:00", "09:00-09:00", "09:00-24:01", "25:00-26:00", "09:60-10:00", "09:00-17:00-18:00", "-", huge},
		"days":      {"monday", "mo,", "mo,xx", "MO", huge},
		"work":      {"2", "yes", "-1"},
		"tentative": {"maybe", "0", "BUSY"},
		"allday":    {"1", "off"},
		"buffer":    {"-1", "121", "x", huge},
		"quorum":    {"-1", "0", "x", "501", huge},
		"weeks":     {"0", "27", "-1", "x", huge},
		"notice":    {"-1", "x", "999999999", huge},
	}
	for name, wrong := range cases {
		for _, value := range wrong {
			_, err := ParseQuery(url.Values{name: {value}})
			if got := fields(err); len(got) != 1 || got[name] == "" {
				t.Errorf("%s=%.40q: fields %v, want only %s", name, value, got, name)
			}
		}
	}
	for _, name := range []string{"me", "work"} {
		if _, err := ParseQuery(url.Values{name: {"0", "1"}}); fields(err)[name] == "" {
			t.Errorf("%s given twice with different values is not refused", name)
		}
	}
	for name, pair := range map[string][]string{
		"dur": {"30", "60"}, "step": {"15", "30"}, "tz": {"UTC", "Europe/Berlin"}, "from": {"2026-11-24", "2026-11-25"},
		"hours": {"08:00-09:00", "09:00-10:00"}, "quorum": {"1", "2"}, "weeks": {"1", "2"}, "buffer": {"1", "2"}, "notice": {"1", "2"},
		"tentative": {"busy", "free"}, "allday": {"busy", "free"}, "to": {"2026-11-24", "2026-11-25"},
	} {
		if _, err := ParseQuery(url.Values{name: pair}); fields(err)[name] == "" {
			t.Errorf("%s given twice with different values is not refused", name)
		}
		if _, err := ParseQuery(url.Values{name: {pair[0], "", pair[0]}}); err != nil {
			t.Errorf("%s given twice with one value: %v", name, err)
		}
	}
}

func TestParseQueryReportsAllFaultsAtOnce(t *testing.T) {
	t.Parallel()
	_, err := ParseQuery(url.Values{"who": {"x"}, "dur": {"1"}, "tz": {"Mars"}})
	if diff := cmp.Diff(map[string]string{"who": "field.people", "dur": "field.dur", "tz": "field.tz"}, fields(err)); diff != "" {
		t.Error(diff)
	}
}

// settle is what Finder does with a query.
func settle(q Query, user int64, home *time.Location, now time.Time) (Query, error) {
	q, err := q.Named(Member{User: user})
	if err != nil {
		return q, err
	}
	return q.Resolve(home, now)
}

func TestResolveRefuses(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 24, 8, 0, 0, 0, time.UTC)
	many := make([]string, MaxPeople)
	for i := range many {
		many[i] = JoinIDs([]int64{int64(i + 100)})
	}
	cases := []struct{ name, query, field string }{
		{"to before from", "from=2026-11-24&to=2026-11-23", "to"},
		{"to before today", "to=2026-11-23", "to"},
		{"93 days", "from=2026-01-01&to=2026-04-03", "to"},
		{"nobody", "me=0", "who"},
		{"too many", "who=" + strings.Join(many, ","), "who"},
	}
	for _, c := range cases {
		values, _ := url.ParseQuery(c.query)
		q, err := ParseQuery(values)
		if err != nil {
			t.Fatal(err)
		}
		_, err = settle(q, 7, time.UTC, now)
		if got := fields(err); len(got) != 1 || got[c.field] == "" {
			t.Errorf("%s: fields %v, want %s", c.name, got, c.field)
		}
	}
	values, _ := url.ParseQuery("from=2026-01-01&to=2026-04-02")
	q, _ := ParseQuery(values)
	if _, err := settle(q, 7, time.UTC, now); err != nil {
		t.Errorf("92 days: %v", err)
	}
}

func TestResolveDefaultsAreDaysInTheViewersZone(t *testing.T) {
	t.Parallel()
	late := time.Date(2026, 11, 24, 23, 30, 0, 0, time.UTC) // already the 25th in Kiritimati
	home, _ := zone.Load("Pacific/Kiritimati")
	q, err := settle(NewQuery(), 7, home, late)
	if err != nil {
		t.Fatal(err)
	}
	if q.From.Day != 25 || q.To.Day != 1 || q.To.Month != time.December {
		t.Errorf("range %v to %v", q.From, q.To)
	}
	if diff := cmp.Diff([]int64{7}, q.Required); diff != "" {
		t.Error(diff)
	}
}

func fields(err error) map[string]string {
	var e *Error
	if errors.As(err, &e) && e.Kind == Invalid {
		return e.Fields
	}
	return nil
}

// TestValuesRoundTrip: what Values writes, ParseQuery and resolve read back, for
// whoever is signed in.
func TestValuesRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		q := drawQuery(t)
		back, err := ParseQuery(q.Values())
		if err != nil {
			t.Fatal(err)
		}
		back, err = settle(back, 99, time.UTC, time.Unix(0, 0))
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(q, back, cmp.Comparer(sameZone)); diff != "" {
			t.Fatal(diff)
		}
	})
}

func drawQuery(t *rapid.T) Query {
	ids := rapid.SliceOfNDistinct(rapid.Int64Range(1, 1<<53-1), 1, 6, rapid.ID[int64])
	zone, err := zone.Load(rapid.SampledFrom([]string{"UTC", "Europe/Berlin", "Australia/Lord_Howe"}).Draw(t, "zone"))
	if err != nil {
		t.Fatal(err)
	}
	start := rapid.IntRange(0, 1439).Draw(t, "start")
	from := civil.Date{Year: rapid.IntRange(2000, 2998).Draw(t, "year"), Month: time.Month(rapid.IntRange(1, 12).Draw(t, "month")), Day: rapid.IntRange(1, 28).Draw(t, "day")}
	q := Query{
		Selection: Selection{Required: ids.Draw(t, "who")}, Zone: zone, From: from, To: from.Add(rapid.IntRange(0, MaxDays-1).Draw(t, "days")),
		Duration: rapid.IntRange(MinDuration, MaxDuration).Draw(t, "dur"), Step: rapid.SampledFrom([]int{5, 10, 15, 30, 60}).Draw(t, "step"),
		Hours: civil.Range{Start: start, End: rapid.IntRange(start+1, 1440).Draw(t, "end")},
		Work:  rapid.Bool().Draw(t, "work"), TentativeFree: rapid.Bool().Draw(t, "tentative"), AllDayFree: rapid.Bool().Draw(t, "allday"),
		Buffer: rapid.IntRange(0, MaxBuffer).Draw(t, "buffer"), Quorum: rapid.IntRange(0, MaxPeople).Draw(t, "quorum"),
		Weeks: rapid.IntRange(1, MaxWeeks).Draw(t, "weeks"), Notice: rapid.IntRange(0, MaxNotice).Draw(t, "notice"),
	}
	q.Optional = Without(ids.Draw(t, "opt"), q.Required)
	for range rapid.IntRange(0, 2).Draw(t, "groups") {
		group := ids.Draw(t, "group")
		q.Any = append(q.Any, sweep.AnyOf{N: rapid.IntRange(1, len(group)).Draw(t, "n"), IDs: group})
	}
	q.Days[rapid.IntRange(0, 6).Draw(t, "weekday")] = true
	return q
}

// FuzzParseQuery: no query string panics, and what is accepted keeps the bounds.
func FuzzParseQuery(f *testing.F) {
	f.Add("who=1,2&opt=3&from=2026-11-24&to=2026-11-28&dur=60&step=15&tz=Europe/Berlin&hours=09:00-17:00&days=mo&any=1:4,5")
	f.Add("dur=9e9&hours=24:00-00:00&any=::::&tz=/etc")
	f.Fuzz(func(t *testing.T, raw string) {
		values, _ := url.ParseQuery(raw)
		q, err := ParseQuery(values)
		if err != nil {
			if len(fields(err)) == 0 {
				t.Fatalf("error without a field: %v", err)
			}
			return
		}
		if q.Duration < MinDuration || q.Duration > MaxDuration || q.Weeks < 1 || q.Weeks > MaxWeeks || 60%q.Step != 0 ||
			q.Hours.Start < 0 || q.Hours.Start >= q.Hours.End || q.Hours.End > 1440 || q.Days == [7]bool{} {
			t.Fatalf("out of bounds: %+v", q)
		}
	})
}

package templates_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/part"
)

// The chosen time tells what is against it: who bears it, and how much.
func TestChosenTimeSaysWhatItCostsWhom(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name    string
		reasons []meet.Reason
		whom    int64
		burdens []meet.Burden
		want    string
	}{
		{"nothing beside the number", []meet.Reason{"all_free", "keeps_focus"}, 0, nil, ""},
		{"somebody else", []meet.Reason{"all_free", "keeps_focus", "early_for"}, 4, nil, "early for João"},
		{"oneself", []meet.Reason{"all_free", "keeps_focus", "late_for"}, 1, nil, "late for you"},
		{
			"focus time",
			[]meet.Reason{"all_free", "breaks_focus"},
			0,
			[]meet.Burden{{Person: 1, Reason: "breaks_focus", Minutes: 45}, {Person: 2, Reason: "breaks_focus", Minutes: 15}, {Person: 4, Reason: "breaks_focus", Minutes: 60}},
			"cuts into focus time: Anna 45 min, João 60 min",
		},
		{"hardly any focus time", []meet.Reason{"all_free", "breaks_focus"}, 0, []meet.Burden{{Person: 2, Reason: "breaks_focus", Minutes: 15}}, ""},
		{
			"all",
			[]meet.Reason{"required_free", "tentative", "lunch", "no_break", "short_notice", "keeps_focus", "late_for"},
			3,
			[]meet.Burden{{Person: 4, Reason: "lunch", Minutes: 30}, {Person: 2, Reason: "no_break", Minutes: 300}, {Person: 1, Reason: "tentative"}},
			"everyone required is free · tentative event: Anna · over lunch: João · without a break: Дмитрий 5 h · starts within the hour · late for Aigerim",
		},
		{"quorum", []meet.Reason{"quorum"}, 0, nil, "enough people are free"},
		{"one of tomorrow", []meet.Reason{"all_free", "full_moon"}, 0, nil, ""},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := sample(t, 4, 5)
			f.Slots[0].Reasons, f.Slots[0].For, f.Burdens = c.reasons, c.whom, c.burdens
			if got := words(t, findPage(t, view(f)), ".detail-reasons"); got != c.want {
				t.Errorf("says %q, want %q", got, c.want)
			}
		})
	}
}

// A card says what distinguishes it, or nothing; people have first names there.
func TestCardsSayWhatDistinguishesThem(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		remark meet.Remark
		want   string
	}{
		{meet.Remark{}, ""},
		{meet.Remark{Reason: "before_lunch", For: 4}, "before João’s lunch"},
		{meet.Remark{Reason: "before_lunch", For: 1}, "before your lunch"},
		{meet.Remark{Reason: "before_lunch"}, "right before lunch"},
		{meet.Remark{Reason: "lunch"}, "over lunch"},
		{meet.Remark{Reason: "lunch", For: 4}, "João misses lunch"},
		{meet.Remark{Reason: "nobody_early"}, "no one before 09:00"},
		{meet.Remark{Reason: "edge_for", For: 4}, "10:00 for João"},
		{meet.Remark{Reason: "early_for", For: 4}, "10:00 for João"},
		{meet.Remark{Reason: "early_for", For: 1}, "early for you"},
		{meet.Remark{Reason: "soonest"}, "the soonest"},
		{meet.Remark{Reason: "full_moon"}, ""},
	} {
		f := sample(t, 4, 5)
		f.Slots[0].Reasons, f.Remarks = []meet.Reason{"all_free", "breaks_focus", "late_for"}, []meet.Remark{c.remark}
		if got := words(t, findPage(t, view(f)), ".best .slot small"); got != c.want {
			t.Errorf("%v says %q, want %q", c.remark, got, c.want)
		}
	}
}

// Who shares a first name is called by more of it.
func TestFirstNames(t *testing.T) {
	t.Parallel()
	f := sample(t, 4, 5)
	for i, name := range []string{"Anna Becker", "Anna Baum", "João Pereira", "Anna Maria Weber"} {
		f.People[i].Name = name
	}
	f.Slots[0].Reasons = []meet.Reason{"all_free", "tentative"}
	for i := range int64(4) {
		f.Burdens = append(f.Burdens, meet.Burden{Person: i + 1, Reason: "tentative"})
	}
	want := "tentative event: Anna Becker, Anna Baum, João, Anna W."
	if got := words(t, findPage(t, view(f)), ".detail-reasons"); got != want {
		t.Errorf("says %q, want %q", got, want)
	}
}

func TestEmptyAnswersSayWhy(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"in_the_past":      "These days are in the past or too soon. Choose later ones.",
		"no_day":           "None of these days is a day of the week you allow.",
		"too_long":         "90 min does not fit between 08:00 and 15:00.",
		"required_unknown": "We could not read the calendar of a required person.",
		"off_grid":         "Everyone has time, but not at a start every 30 min. Allow more start times.",
		"no_common_time":   "The required people are never all free at once for 90 min.",
		"quorum_missed":    "All required people can meet, but never at least 7 people at once.",
		"":                 "",
	}
	for why, want := range cases {
		t.Run(why, func(t *testing.T) {
			t.Parallel()
			f := nothingFits(t)
			f.Why, f.Quorum, f.Relax = meet.Reason(why), 7, nil
			if got := words(t, findPage(t, view(f)), ".why-none"); got != want {
				t.Errorf("says %q, want %q", got, want)
			}
		})
	}
}

// Somebody whose answer is not all there is reads so, where the rest would stand.
func TestPageSaysWhatWasCut(t *testing.T) {
	t.Parallel()
	for part, want := range map[string]string{
		"relax":  "Not every change could be tried.",
		"split":  "There was no time to look for several sessions.",
		"series": "Not every weekly time could be compared",
	} {
		f := nothingFits(t)
		f.Weeks = 3
		if got := words(t, findPage(t, view(f)), "main"); strings.Contains(got, want) {
			t.Errorf("nothing was cut, and yet: %q", want)
		}
		f.Cut = []meet.Part{meet.Part(part)}
		for _, found := range []bool{true, false} {
			if !found {
				f.Relax, f.Split, f.Series = nil, nil, nil
			}
			if got := words(t, findPage(t, view(f)), "main"); !strings.Contains(got, want) {
				t.Errorf("%s was cut, anything found: %v; %q is not said", part, found, want)
			}
		}
	}
}

func TestSessionsSayWhoComesToWhich(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	for _, relax := range [][]meet.Relaxation{f.Relax, nil} {
		f.Relax = relax
		doc := findPage(t, view(f))
		var got []string
		for _, n := range all(t, doc, ".plan li") {
			got = append(got, attribute(all(t, n, "a")[0], "href")+" "+attribute(all(t, n, "time")[0], "datetime")+" "+words(t, n, "span"))
		}
		at := func(i int) string { return f.Split[i].Start.Time().Format(time.RFC3339) }
		url := func(i int) string {
			q := f.answer().Query
			q.Required = f.Split[i].People
			return part.FindURL(q) + "&slot=" + f.Split[i].Start.Time().Format("20060102T1504Z")
		}
		want := []string{
			url(0) + " " + at(0) + " Anna, Дмитрий, Aigerim, João, Lukas, Priya, 2 more",
			url(1) + " " + at(1) + " Marta",
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
	}
}

// A session at somebody's dawn or in their evening says so, as a week of a plan does.
func TestSessionsSayForWhomTheyAreEarly(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	early := civil.Span{Start: f.Split[0].Start - 8*60, End: f.Split[0].End - 8*60}
	f.Split[1].Span, f.Split[1].People = early, []int64{1}
	rows := all(t, findPage(t, view(f)), ".plan li")
	if got := words(t, rows[1], "small"); got != "early for Anna Becker" {
		t.Errorf("says %q", got)
	}
}

func TestRotationNamesWhoBearsEachWeek(t *testing.T) {
	t.Parallel()
	f := series(t)
	f.Rotation[2].Early, f.Rotation[2].Late = nil, nil
	var got []string
	for _, n := range all(t, findPage(t, view(f)), "#rotation .plan li") {
		got = append(got, words(t, n, "time")+": "+words(t, n, "span"))
	}
	want := []string{
		"Mon 23 Nov 11:00–11:30: early for João Pereira",
		"Mon 30 Nov 11:00–11:30: late for Aigerim Nurlanova, Anna Becker",
		"Mon 7 Dec 11:00–11:30: good for everyone",
	}
	if len(got) != 8 {
		t.Fatalf("%d weeks: %q", len(got), got)
	}
	if diff := cmp.Diff(want, got[:3]); diff != "" {
		t.Error(diff)
	}
}

// A plan says whom it relieves: each person's share stands beside a meter, and who bears
// every week is named.
func TestRotationSaysWhomItRelieves(t *testing.T) {
	t.Parallel()
	f := series(t)
	for i := range f.Rotation {
		f.Rotation[i].Early, f.Rotation[i].Late = []int64{4}, nil
		if i < 3 {
			f.Rotation[i].Late = []int64{1}
		}
	}
	doc := findPage(t, view(f))
	var got []string
	for _, n := range all(t, doc, "#shares tbody tr") {
		got = append(got, words(t, n, "bdi")+" "+words(t, n, ".fact")+" "+words(t, n, ".week"))
	}
	if diff := cmp.Diff([]string{"João 8 of 8 weeks 10:00 early", "Anna 3 of 8 weeks 11:00 late", "Дмитрий – 11:00", "Aigerim – 15:00"}, got); diff != "" {
		t.Error(diff)
	}
	if got := words(t, doc, "#rotation p"); !strings.HasSuffix(got, "early or late every week for: João") {
		t.Errorf("promises %q", got)
	}
	href, last := attribute(all(t, doc, "#rotation .plan a")[7], "href"), f.Rotation[7]
	if want := "&slot=" + last.Start.Time().Format("20060102T1504Z"); !strings.Contains(href, want) || strings.Contains(href, "weeks=") {
		t.Errorf("the last week leads to %s", href)
	}
}

// When no week suits, the page says so once and names the nearest series and who is missing.
func TestSeriesThatNeverSuits(t *testing.T) {
	t.Parallel()
	f := series(t)
	for i := range f.Series {
		f.Series[i].OK, f.Series[i].Misses = 0, []meet.Miss{
			{Date: civil.DateOf(f.From), Busy: []int64{4, 1}, Reason: "busy"}, {Date: civil.DateOf(f.From).Add(7), Busy: []int64{1}, Reason: "busy"},
		}
	}
	doc := findPage(t, view(f))
	if rows := len(all(t, doc, ".series li")); rows > 3 || rows == 0 || len(all(t, doc, ".series svg")) > 0 {
		t.Errorf("%d rows", rows)
	}
	if got, want := words(t, doc, ".series small"), "without Anna in 2 weeks · without João in 1 week"; got != want {
		t.Errorf("says %q, want %q", got, want)
	}
	if got := words(t, doc, "main"); !strings.Contains(got, "No weekly time suits everyone in any week.") || strings.Contains(got, "0 of 8") {
		t.Errorf("says %q", got)
	}
}

// Each rule of the engine is told in words.
func TestMissingPeopleWithTheRule(t *testing.T) {
	t.Parallel()
	f := sample(t, 9, 5)
	f.People[8].Unknown, f.People[8].Stretches = "dismissed", nil
	rules := []meet.Reason{"absent", "all_day", "busy", "tentative", "buffer", "holiday", "outside", "unknown", "unknown"}
	f.Missing = func(time.Time, time.Time) (list []meet.Verdict) {
		for i, rule := range rules {
			list = append(list, meet.Verdict{Person: int64(i + 1), Rule: rule})
		}
		return list
	}
	var got []string
	for _, n := range all(t, findPage(t, view(f)), ".detail .people-list li") {
		got = append(got, words(t, n, ".fact"))
	}
	want := []string{"away", "all-day event", "busy", "tentative", "too close to another meeting", "day off", "outside working hours", "calendar unknown", "no longer works here"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// Pointing at the chart or a cell tells who can't, as long as these are few enough to
// be told.
func TestHoverNamesWhoIsMissing(t *testing.T) {
	t.Parallel()
	f := sample(t, 2, 1)
	at := func(hour int) time.Time { return time.Date(2026, 11, 23, hour, 0, 0, 0, f.Zone) }
	f.Hours = civil.Range{Start: 9 * 60, End: 12 * 60}
	f.People[0].Stretches = []stretch{{Start: at(9), End: at(10), Kind: find.Busy}}
	f.People[1].Stretches = []stretch{{Start: at(10), End: at(11), Kind: find.Busy}}
	f.fill()
	var got []string
	for _, n := range all(t, findPage(t, view(f)), ".curve title") {
		got = append(got, n.FirstChild.Data)
	}
	want := []string{
		"09:00–10:00, not free: Anna Becker", "10:00–11:00, not free: Дмитрий Соколов", "11:00–12:00: Everyone free (2)",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	f.Choice.View = find.HeatMap
	got = nil
	for _, n := range all(t, findPage(t, view(f)), ".heat-map tbody td:not(.hour) a") {
		got = append(got, attribute(n, "title"))
	}
	anna, dmitri := "Not free: Anna Becker", "Not free: Дмитрий Соколов"
	if diff := cmp.Diff([]string{anna, anna, dmitri, dmitri, "", ""}, got); diff != "" {
		t.Error(diff)
	}
	many := sample(t, 13, 1)
	if n := len(all(t, findPage(t, view(many)), ".curve title")); n != 0 {
		t.Errorf("%d tell the names of 13 people", n)
	}
}

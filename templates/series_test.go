package templates_test

import (
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"slotfinder/internal/civil"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
)

// weeklyFacts are a series that fails in four weeks of eight: in the second João is busy, in
// the third and fifth Anna and João, in the last it is a public holiday.
func weeklyFacts(t testing.TB) facts {
	f := series(t)
	day := func(week int) civil.Date { return civil.DateOf(f.From).Add(7 * week) }
	f.Series, f.Rotation = f.Series[:1], nil
	busy := map[civil.Date][]int64{day(1): {4}, day(2): {1, 4}, day(4): {1, 4}}
	off := day(7)
	f.Holidays = []civil.YearDay{{Month: off.Month, Day: off.Day}}
	f.Series[0].OK, f.Series[0].Rank, f.Series[0].Misses = 4, 1, nil
	for week := range 8 {
		if ids := busy[day(week)]; ids != nil || day(week) == off {
			f.Series[0].Misses = append(f.Series[0].Misses, meet.Miss{Date: day(week), Busy: ids, Reason: "busy"})
		}
	}
	f.Missing = func(start, _ time.Time) (list []meet.Verdict) {
		at := civil.DateOf(start.In(f.Zone))
		if at == off {
			return []meet.Verdict{{Person: 1, Rule: "holiday"}, {Person: 2, Rule: "holiday"}}
		}
		for _, id := range busy[at] {
			list = append(list, meet.Verdict{Person: id, Rule: "busy"})
		}
		return list
	}
	other := f.Series[0].Span
	other.Start, other.End = other.Start+8*civil.Day+60, other.End+8*civil.Day+60
	f.Instead = []meet.Slot{{Span: other}}
	return f
}

func weekLabels(t *testing.T, doc *html.Node) (labels []string) {
	for _, n := range all(t, doc, "#series-h ~ .scroller .week .sr-only") {
		labels = append(labels, n.FirstChild.Data)
	}
	return labels
}

// The board of weeks says who is missing where and why; a public holiday is a date.
func TestWeeksSayWhoIsMissing(t *testing.T) {
	t.Parallel()
	doc := findPage(t, view(weeklyFacts(t)))
	want := []string{
		"Mon 23 Nov: fits", "Mon 30 Nov: João: busy", "Mon 7 Dec: Anna: busy, João: busy", "Mon 14 Dec: fits",
		"Mon 21 Dec: Anna: busy, João: busy", "Mon 28 Dec: fits", "Mon 4 Jan: fits", "Mon 11 Jan: day off",
	}
	if diff := cmp.Diff(want, weekLabels(t, doc)); diff != "" {
		t.Error(diff)
	}
	last := all(t, doc, ".week-off")
	if len(last) != 1 || words(t, last[0], ".week-inside") != "11 Jan" || len(all(t, last[0], ".avatar")) > 0 {
		t.Error("the holiday is no date")
	}
	if got := words(t, doc, ".festive"); got != "11 Jan holiday" {
		t.Errorf("the head of the holiday's week says %q", got)
	}
	if got := words(t, doc, ".fit-count"); got != "4 /8" {
		t.Errorf("fits %q", got)
	}
	if n := len(all(t, doc, "tr.chosen-row a[aria-current=true]")); n != 1 {
		t.Errorf("%d rows are chosen, not the best", n)
	}
}

// Times that fit in fewer than half of the weeks are folded away, and a weekday has its
// best time first.
func TestSeldomTimesAreFolded(t *testing.T) {
	t.Parallel()
	f := weeklyFacts(t)
	first := f.Series[0]
	for i, ok := range []int{4, 3, 2} {
		s := first
		s.Start, s.End = s.Start+civil.Minute(i+1)*civil.Day, s.End+civil.Minute(i+1)*civil.Day
		s.OK, s.Rank, s.Misses = ok, i+2, nil
		f.Series = append(f.Series, s)
	}
	doc := findPage(t, view(f))
	if n := len(all(t, doc, "#series-h ~ .scroller tbody tr")); n != 2 {
		t.Errorf("%d times fit in half of the weeks", n)
	}
	if n := len(all(t, doc, "#series-h ~ details .weeks tbody tr")); n != 2 {
		t.Errorf("%d times are folded away", n)
	}
	if got, want := words(t, doc, "#series-h ~ details summary"), "2 more times fit in fewer than half of the weeks"; got != want {
		t.Errorf("says %q", got)
	}
}

// A week that fails can be swapped, kept without those who can't come, or is left out; the
// text and the link follow.
func TestPlanOfASeries(t *testing.T) {
	t.Parallel()
	f := weeklyFacts(t)
	doc := findPage(t, view(f))
	links := func(doc *html.Node, week int) (list []string) {
		for _, n := range all(t, all(t, doc, ".exceptions li")[week], "a") {
			list = append(list, strings.TrimSpace(n.FirstChild.Data))
		}
		return list
	}
	swap := "Swap this week: Tue 1 Dec 12:00–12:30"
	if diff := cmp.Diff([]string{swap, "Keep, without João"}, links(doc, 0)); diff != "" {
		t.Error(diff)
	}
	if got := links(doc, 3); len(got) > 0 {
		t.Errorf("the holiday can be %q", got)
	}
	if got := words(t, doc, "#plan-text"); !strings.Contains(got, "Mon 30 Nov: no meeting") {
		t.Errorf("the text says %q", got)
	}

	target := attribute(all(t, all(t, doc, ".exceptions li")[0], "a")[0], "href")
	u, err := url.Parse(target)
	if err != nil {
		t.Fatal(err)
	}
	f.Choice = find.ReadChoice(u.Query())
	f.Choice.Swaps = append(f.Choice.Swaps, f.Series[0].Start.Time().Add(14*24*time.Hour)) // keeps the third week
	doc = findPage(t, view(f))
	got := words(t, doc, "#plan-text")
	for _, line := range []string{"Tue 1 Dec 12:00–12:30 (instead of Mon 30 Nov)", "Mon 7 Dec 11:00–11:30 (without Anna, João)", "Mon 21 Dec: no meeting"} {
		if !strings.Contains(got, line) {
			t.Errorf("the text says %q, not %q", got, line)
		}
	}
	href := attribute(all(t, doc, "#plan .row > a[href^='/links/new']")[0], "href")
	link, err := url.Parse(href)
	if err != nil {
		t.Fatal(err)
	}
	form, err := meet.ParseLink(link.Query())
	if err != nil {
		t.Fatal(err)
	}
	if len(form.Starts) != 5 || !slices.ContainsFunc(form.Starts, f.Instead[0].Start.Time().Equal) || form.Query.Weeks != 1 || form.Query.To != civil.DateOf(f.From).Add(42) || form.Title != "Monday 11:00–11:30" {
		t.Errorf("the link shows %v until %v, called %q", form.Starts, form.Query.To, form.Title)
	}
	if undo := attribute(all(t, all(t, doc, ".exceptions li")[0], "a")[0], "href"); strings.Contains(undo, "swap="+f.Instead[0].Start.Time().Format("20060102T1504Z")) {
		t.Errorf("leaving out leads to %s", undo)
	}
}

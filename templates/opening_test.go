package templates_test

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
)

// opens is an answer in which the meeting, an hour long, fits in these openings, each as
// "2026-11-23 09:00 11:30" in Berlin, at every quarter of an hour. Earlier is better.
func opens(t *testing.T, openings ...string) facts {
	t.Helper()
	f := sample(t, 3, 5)
	f.Duration, f.Step = 60, 15
	f.Windows, f.Slots, f.Near = nil, nil, nil
	f.Missing = func(_, _ time.Time) []meet.Verdict { return nil }
	for _, text := range openings {
		day, hours, _ := strings.Cut(text, " ")
		from, to, _ := strings.Cut(hours, " ")
		start, end := berlin(t, f.Zone, day, from), berlin(t, f.Zone, day, to)
		f.Windows = append(f.Windows, civil.Span{Start: start, End: end})
		for m := (start + 14) / 15 * 15; m+60 <= end; m += 15 {
			f.Slots = append(f.Slots, meet.Slot{Span: civil.Span{Start: m, End: m + 60}, Rank: len(f.Slots) + 1})
		}
	}
	return f
}

func berlin(t *testing.T, zone *time.Location, day, clock string) civil.Minute {
	t.Helper()
	at, err := time.ParseInLocation("2006-01-02 15:04", day+" "+clock, zone)
	if err != nil {
		t.Fatal(err)
	}
	return civil.Floor(at)
}

// heading is the first heading as it is read; the number is an element of its own.
func heading(t *testing.T, doc *html.Node) string {
	t.Helper()
	return strings.ReplaceAll(words(t, doc, "h1"), " ,", ",")
}

func TestOpeningsAreCountedNotTheirStarts(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, tag string
		facts     facts
		want      string
	}{
		{"one", "en", opens(t, "2026-11-23 09:00 10:00"), "1 opening, 1 h"},
		{"several", "en", opens(t, "2026-11-23 09:00 11:30", "2026-11-25 13:00 14:00"), "2 openings, 3 h 30 min in all"},
		{"one without a start on the grid", "en", opens(t, "2026-11-23 09:00 10:00", "2026-11-23 12:05 13:10"), "1 opening, 1 h"},
		{"few in Russian", "ru", opens(t, "2026-11-23 09:00 11:00", "2026-11-25 13:00 15:00"), "2 свободных окна, всего 4 ч"},
		{"few in Polish", "pl", opens(t, "2026-11-23 09:00 11:00", "2026-11-25 13:00 15:00"), "2 wolne okna, łącznie 4 godz."},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := heading(t, parse(t, render(t, locale.For(c.tag), find.Page(view(c.facts))))); got != c.want {
				t.Errorf("heading %q, want %q", got, c.want)
			}
		})
	}
}

func TestEachDaySaysItsOpenings(t *testing.T) {
	t.Parallel()
	doc := findPage(t, view(opens(t, "2026-11-23 09:00 11:30", "2026-11-23 14:00 15:00", "2026-11-25 13:00 14:00")))
	if got := words(t, doc, ".day-strip .strip-day:nth-child(1) .sr-only"); got != "Mon 23 Nov: 2 openings, 3 h 30 min" {
		t.Errorf("a day with two says %q", got)
	}
	if got := words(t, doc, ".day-strip .strip-day:nth-child(2) .sr-only"); got != "Tue 24 Nov: no openings" {
		t.Errorf("a day without any says %q", got)
	}
}

func TestSubtitleSaysWhoIsAsked(t *testing.T) {
	t.Parallel()
	optional := sample(t, 5, 5)
	optional.People[4].Required = false
	quorum := sample(t, 5, 5)
	quorum.Quorum = 3
	grouped := sample(t, 3, 5)
	grouped.Query += "&any=1:2,3"
	for i := range grouped.People[1:] {
		grouped.People[i+1].Required, grouped.People[i+1].Grouped = false, true
	}
	cases := map[string]struct {
		facts facts
		want  string
	}{
		"required":   {sample(t, 10, 12), "· 10 people ·"},
		"optional":   {optional, "· 4 required, 1 optional ·"},
		"quorum":     {quorum, "· at least 5 of 5 people ·"},
		"some of it": {grouped, "· 1 person, 1 of Дмитрий Соколов, Aigerim Nurlanova ·"},
	}
	for name, c := range cases {
		if got := words(t, findPage(t, view(c.facts)), ".head [role=status]"); !strings.Contains(got, c.want) {
			t.Errorf("%s: %q lacks %q", name, got, c.want)
		}
	}
}

func TestProposalsDoNotOverlapAndStartOnTheHalfHour(t *testing.T) {
	t.Parallel()
	late := opens(t, "2026-11-23 09:15 10:30", "2026-11-24 13:00 14:00")
	for i := range late.Slots { // the later, the better
		late.Slots[i].Rank = len(late.Slots) - i
	}
	costly := opens(t, "2026-11-23 09:15 11:00")
	costly.Missing = func(start, _ time.Time) []meet.Verdict {
		if start.In(costly.Zone).Minute() == 15 {
			return nil
		}
		return []meet.Verdict{{Person: 2, Rule: "busy"}}
	}
	cases := []struct {
		name  string
		facts facts
		want  []string
	}{
		{"on the half hour where one fits", opens(t, "2026-11-23 09:15 11:15"), []string{"Mon 23 Nov Best 09:30–10:30"}},
		{"else on the step", opens(t, "2026-11-23 09:15 10:15"), []string{"Mon 23 Nov Best 09:15–10:15"}},
		{"never at the price of somebody", costly, []string{"Mon 23 Nov Best 09:15–10:15"}},
		{"several of one day do not overlap", opens(t, "2026-11-23 09:00 11:30", "2026-11-23 13:00 14:00"), []string{
			"Mon 23 Nov Best 09:00–10:00", "Mon 23 Nov 10:00–11:00", "Mon 23 Nov 13:00–14:00",
		}},
		{"in the order of time", late, []string{"Mon 23 Nov 09:30–10:30", "Tue 24 Nov Best 13:00–14:00"}},
		{"each day first, at most five", opens(t, "2026-11-23 09:00 12:00", "2026-11-24 09:00 10:00", "2026-11-25 09:00 10:00", "2026-11-26 09:00 10:00", "2026-11-27 09:00 10:00"), []string{
			"Mon 23 Nov Best 09:00–10:00", "Tue 24 Nov 09:00–10:00", "Wed 25 Nov 09:00–10:00", "Thu 26 Nov 09:00–10:00", "Fri 27 Nov 09:00–10:00",
		}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			doc := findPage(t, view(c.facts))
			var got []string
			for _, card := range all(t, doc, ".best .slot") {
				got = append(got, strings.TrimSpace(words(t, card, ".slot-day")+" "+words(t, card, "strong")))
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Errorf("(-want +got):\n%s", diff)
			}
		})
	}
	if got := words(t, findPage(t, view(late)), ".slot[aria-current=true]"); !strings.Contains(got, "Best") {
		t.Errorf("what is chosen at first is %q, not the best", got)
	}
}

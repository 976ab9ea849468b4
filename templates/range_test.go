package templates_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/civil"
)

// Weeks and arrows are links that keep the question and change its days. Today is Monday,
// 23 November 2026.
func TestRangeIsChosenByLinks(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name      string
		firstDay  time.Weekday
		from, to  string
		thisWeek  string
		nextWeek  string
		twoWeeks  string
		earlier   string
		later     string
		currently string
	}{
		{"the rest of this week", time.Monday, "2026-11-23", "2026-11-29", "2026-11-23 2026-11-29", "2026-11-30 2026-12-06", "2026-11-30 2026-12-13", "", "2026-11-30 2026-12-06", "This week"},
		{"weeks from Sunday on", time.Sunday, "2026-11-30", "2026-12-04", "2026-11-23 2026-11-28", "2026-11-29 2026-12-05", "2026-11-29 2026-12-12", "2026-11-25 2026-11-29", "2026-12-05 2026-12-09", "Pick days"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			f := sample(t, 3, 5)
			f.WeekStart = c.firstDay
			f.From, f.To = day(t, f.Zone, c.from), day(t, f.Zone, c.to)
			f.fill()
			doc := findPage(t, view(f))
			var got []string
			for _, link := range all(t, doc, ".range-choices > a") {
				got = append(got, rangeIn(t, attribute(link, "href")))
			}
			if diff := cmp.Diff([]string{c.thisWeek, c.nextWeek, c.twoWeeks}, got); diff != "" {
				t.Errorf("weeks (-want +got):\n%s", diff)
			}
			earlier := ""
			arrows := all(t, doc, ".range-move a")
			if len(arrows) == 2 {
				earlier = rangeIn(t, attribute(arrows[0], "href"))
			}
			if later := rangeIn(t, attribute(arrows[len(arrows)-1], "href")); earlier != c.earlier || later != c.later {
				t.Errorf("arrows lead to %q and %q, want %q and %q", earlier, later, c.earlier, c.later)
			}
			if got := words(t, doc, ".range-choice[aria-current=true], .range-choice.current"); got != c.currently {
				t.Errorf("marked is %q, want %q", got, c.currently)
			}
		})
	}
}

func day(t *testing.T, zone *time.Location, text string) time.Time {
	t.Helper()
	at, err := time.ParseInLocation(time.DateOnly, text, zone)
	if err != nil {
		t.Fatal(err)
	}
	return at
}

func rangeIn(t *testing.T, address string) string {
	t.Helper()
	u, err := url.Parse(address)
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get("from") + " " + u.Query().Get("to")
}

// The calendar says of the days of the answer what is open, of others nothing, and offers
// no day that is over.
func TestCalendarShadesDaysByTheirOpenings(t *testing.T) {
	t.Parallel()
	f := opens(t, "2026-11-24 09:00 11:30", "2026-11-25 13:00 14:00")
	f.Now = f.Now.AddDate(0, 0, 1)
	doc := findPage(t, view(f))
	want := map[string]string{
		"2026-11-24": "Tuesday 24 November: 1 opening, 2 h 30 min level-4 today", "2026-11-25": "Wednesday 25 November: 1 opening, 1 h level-2",
		"2026-11-26": "Thursday 26 November: no openings level-1", "2026-11-28": "Saturday 28 November level-0",
	}
	buttons := all(t, doc, ".range-calendar button")
	for _, b := range buttons {
		value := attribute(b, "value")
		if text := attribute(b, "aria-label") + " " + attribute(b, "class"); want[value] != "" && want[value] != text {
			t.Errorf("%s: %q, want %q", value, text, want[value])
		}
		if value < "2026-11-24" {
			t.Errorf("%s is over and can be chosen", value)
		}
	}
	if len(buttons) != 7 {
		t.Errorf("%d days, want those of November without those before", len(buttons))
	}
	if got := attribute(all(t, doc, ".range-calendar")[0], "data-open"); got != "04211" {
		t.Errorf("the script is told %q", got)
	}
}

// The calendar turns by links to months that are neither over nor far away, and is open then.
func TestCalendarTurns(t *testing.T) {
	t.Parallel()
	for _, c := range []struct{ month, shows, earlier, later string }{
		{"", "November 2026", "", "2026-12"},
		{"2026-12", "December 2026", "2026-11", "2027-01"},
		{"2028-11", "November 2028", "2028-10", ""},
		{"2026-10", "November 2026", "", "2026-12"},
		{"2028-12", "November 2026", "", "2026-12"},
	} {
		f := opens(t, "2026-11-24 09:00 11:30")
		f.Choice.Month = c.month
		doc := findPage(t, view(f))
		if got := words(t, doc, ".range-month b"); got != c.shows {
			t.Errorf("%s: it shows %s, want %s", c.month, got, c.shows)
		}
		var turns []string
		for _, link := range all(t, doc, "[data-turn]") {
			u, err := url.Parse(attribute(link, "href"))
			if err != nil || hasAttribute(link, "hidden") != (u.Query().Get("month") == "") {
				t.Errorf("%s: %v, %s", c.month, err, u)
			}
			turns = append(turns, u.Query().Get("month"))
		}
		if diff := cmp.Diff([]string{c.earlier, c.later}, turns); diff != "" {
			t.Errorf("%s: %s", c.month, diff)
		}
		if open := hasAttribute(all(t, doc, "#pick-days")[0], "open"); open != (c.month != "") {
			t.Errorf("%s: open is %v", c.month, open)
		}
	}
}

// Where something is wrong, other days are chosen as well, and all else that was typed stays.
func TestDaysAreChosenWhereSomethingIsWrong(t *testing.T) {
	t.Parallel()
	v := view(sample(t, 3, 5))
	v.Result = nil
	v.Form.Today = civil.Date{Year: 2026, Month: 11, Day: 23}
	v.Form.Values = url.Values{"who": {"1,2"}, "from": {"2026-11-30"}, "to": {"2026-12-04"}, "quorum": {"-1"}, "view": {"heat"}, "was": {"x"}, "slot": {"y"}}
	v.Form.Errors = map[string]string{"quorum": "field.quorum"}
	doc := findPage(t, v)
	var got []string
	for _, link := range all(t, doc, ".range-choices > a, .range-move a") {
		got = append(got, rangeIn(t, attribute(link, "href")))
		u, _ := url.Parse(attribute(link, "href"))
		if q := u.Query(); q.Get("who") != "1,2" || q.Get("quorum") != "-1" || q.Has("was") || q.Has("slot") {
			t.Errorf("leads to %s", u)
		}
	}
	if diff := cmp.Diff([]string{"2026-11-23 2026-11-29", "2026-11-30 2026-12-06", "2026-11-30 2026-12-13", "2026-11-25 2026-11-29", "2026-12-05 2026-12-09"}, got); diff != "" {
		t.Error(diff)
	}
	if days := all(t, doc, ".range-calendar button"); len(days) != 8 || attribute(days[0], "class") != "level-0 today" || len(all(t, doc, ".range-calendar .board-legend")) != 0 {
		t.Errorf("%d days, the first %q", len(days), attribute(days[0], "class"))
	}
	v.Form.Values.Set("to", "2026-11-20")
	if arrows := all(t, findPage(t, v), ".range-move a"); len(arrows) != 0 {
		t.Error("wrong days are moved")
	}
}

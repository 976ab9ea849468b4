package templates_test

import (
	"bytes"
	"compress/gzip"
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"slotfinder/internal/locale"
	"slotfinder/static"
	"slotfinder/templates/layout"
	"slotfinder/templates/share"
)

func sharePage(t testing.TB, v share.View) *html.Node {
	t.Helper()
	return parse(t, render(t, locale.For("en"), share.Page(v)))
}

// said are the texts of all nodes that a selector finds.
func said(t testing.TB, n *html.Node, selector string) []string {
	t.Helper()
	var list []string
	for _, found := range all(t, n, selector) {
		list = append(list, text(found))
	}
	return list
}

// text is all text inside a node, spaces put together.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestShareShowsTheDayAskedFor(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, day, month string
		heading, shown   string
		before, after    string // month parameters
	}{
		{"nothing asked: the first day", "", "", "December 2026", "Tuesday 1 December", "", "2027-01"},
		{"a day", "2026-12-03", "", "December 2026", "Thursday 3 December", "", "2027-01"},
		{"a day without times", "2026-12-05", "", "December 2026", "Tuesday 1 December", "", "2027-01"},
		{"a month: its first day", "", "2027-01", "January 2027", "Monday 11 January", "2026-12", ""},
		{"a day of another month", "2026-12-03", "2027-01", "January 2027", "Monday 11 January", "2026-12", ""},
		{"a month without times", "", "2026-11", "November 2026", "No free times in this month", "", "2026-12"},
		{"a month long after", "2026-12-03", "2031-02", "February 2031", "No free times in this month", "2027-01", ""},
		{"nonsense", "3 December", "2026-13", "December 2026", "Tuesday 1 December", "", "2027-01"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := shareView(t)
			v.Day, v.Month = c.day, c.month
			doc := sharePage(t, v)
			if got := words(t, doc, "#month-h"); got != c.heading {
				t.Errorf("month %q, want %q", got, c.heading)
			}
			if got := words(t, doc, "#day-h"); got != c.shown {
				t.Errorf("day %q, want %q", got, c.shown)
			}
			got := map[string]string{}
			for _, a := range all(t, doc, ".month-head a") {
				got[attribute(a, "aria-label")] = parameter(t, a, "month")
			}
			if got["Previous month"] != c.before || got["Next month"] != c.after {
				t.Errorf("months around: %v", got)
			}
		})
	}
}

func parameter(t testing.TB, a *html.Node, name string) string {
	t.Helper()
	u, err := url.Parse(attribute(a, "href"))
	if err != nil {
		t.Fatal(err)
	}
	return u.Query().Get(name)
}

// Every free time is on exactly one day of exactly one month, whatever the zone, and
// leads to its calendar file.
func TestShareHasEveryTimeOnce(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"Europe/Berlin", "Pacific/Auckland", "Pacific/Honolulu", "Asia/Kathmandu"} {
		v := shareView(t)
		v.Zone = zone(t, name)
		seen := map[string]int{}
		for _, month := range []string{"2026-11", "2026-12", "2027-01"} {
			v.Day, v.Month = "", month
			for _, a := range all(t, sharePage(t, v), ".month a") {
				v.Day = parameter(t, a, "day")
				doc := sharePage(t, v)
				times := all(t, doc, ".times a")
				if got := strings.Fields(words(t, a, ".sr-only"))[1]; got != strconv.Itoa(len(times)) {
					t.Errorf("%s in %s: %q says %d times", v.Day, name, words(t, a, ".sr-only"), len(times))
				}
				for _, a := range times {
					at := attribute(all(t, a, "time")[0], "datetime")
					if attribute(a, "href") != v.Path+".ics?start="+at {
						t.Errorf("%s leads to %s", at, attribute(a, "href"))
					}
					seen[at]++
				}
			}
		}
		for _, start := range v.Starts {
			if n := seen[start.UTC().Format(time.RFC3339)]; n != 1 {
				t.Errorf("%s: %v stands %d times", name, start, n)
			}
		}
		if len(seen) != len(v.Starts) {
			t.Errorf("%s: %d times for %d", name, len(seen), len(v.Starts))
		}
	}
}

// A month has each of its days once, under the right weekday, also where midnight
// does not exist on one of them.
func TestShareMonthIsWhole(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		zone, month string
		days        int
	}{
		{"Europe/Berlin", "2026-10", 31},
		{"Pacific/Auckland", "2027-04", 30},
		{"Africa/Cairo", "2026-04", 30},
		{"America/Santiago", "2026-09", 30},
		{"Asia/Beirut", "2027-03", 31},
		{"UTC", "2028-02", 29},
	} {
		for _, lang := range locale.All() {
			v := shareView(t)
			v.Zone, v.Month = zone(t, c.zone), c.month
			doc := parse(t, render(t, lang, share.Page(v)))
			first, err := time.Parse("2006-01", c.month)
			if err != nil {
				t.Fatal(err)
			}
			day := 0
			for _, row := range all(t, doc, ".month tbody tr") {
				cells := all(t, row, "td")
				if len(cells) != 7 {
					t.Errorf("%s %s: a week of %d days", c.zone, c.month, len(cells))
				}
				for i, cell := range cells {
					shown := text(cell)
					if shown == "" {
						continue
					}
					day++
					want := first.AddDate(0, 0, day-1)
					if shown != strconv.Itoa(want.Day()) || (int(lang.FirstDay)+i)%7 != int(want.Weekday()) {
						t.Errorf("%s %s in %s: %q in column %d, want %s", c.zone, c.month, lang.Tag, shown, i, want.Format("Mon 2"))
					}
				}
			}
			if day != c.days {
				t.Errorf("%s %s: %d days", c.zone, c.month, day)
			}
		}
	}
}

// On the night in which a clock is put back, two times have the same reading: their
// offsets tell them apart. When it is put forward, nothing needs telling.
func TestShareOnTheNightOfTheClock(t *testing.T) {
	t.Parallel()
	hours := func(from time.Time, n int) []time.Time {
		var list []time.Time
		for i := range n {
			list = append(list, from.Add(time.Duration(i)*time.Hour))
		}
		return list
	}
	cases := []struct {
		name, zone, day string
		starts          []time.Time
		want            []string
	}{
		{
			"back in Berlin", "Europe/Berlin", "2026-10-25", hours(time.Date(2026, 10, 24, 23, 30, 0, 0, time.UTC), 4),
			[]string{"01:30", "02:30 (UTC+2)", "02:30 (UTC+1)", "03:30"},
		},
		{
			"back in Auckland", "Pacific/Auckland", "2027-04-04", hours(time.Date(2027, 4, 3, 12, 15, 0, 0, time.UTC), 4),
			[]string{"01:15", "02:15 (UTC+13)", "02:15 (UTC+12)", "03:15"},
		},
		{
			"by half an hour on Lord Howe", "Australia/Lord_Howe", "2027-04-04", hours(time.Date(2027, 4, 3, 13, 45, 0, 0, time.UTC), 3),
			[]string{"00:45", "01:45 (UTC+11)", "02:15"},
		},
		{
			"forward in Berlin", "Europe/Berlin", "2027-03-28", hours(time.Date(2027, 3, 28, 0, 30, 0, 0, time.UTC), 2),
			[]string{"01:30", "03:30"},
		},
		{
			"a day without a change", "Europe/Berlin", "2026-10-26", hours(time.Date(2026, 10, 26, 1, 30, 0, 0, time.UTC), 2),
			[]string{"02:30", "03:30"},
		},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			v := shareView(t)
			v.Zone, v.Starts, v.Day = zone(t, c.zone), c.starts, c.day
			var got []string
			for _, n := range all(t, sharePage(t, v), ".times time") {
				got = append(got, n.FirstChild.Data)
			}
			if diff := cmp.Diff(c.want, got); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestShareHalvesOfADay(t *testing.T) {
	t.Parallel()
	doc := sharePage(t, shareView(t))
	if diff := cmp.Diff([]string{"Morning", "Afternoon"}, said(t, doc, ".guest-card h3")); diff != "" {
		t.Error(diff)
	}
	lists := all(t, doc, ".times")
	for i, want := range [][]string{{"09:00", "10:00"}, {"12:00", "14:00", "15:30", "16:30", "17:00", "17:30"}} {
		if diff := cmp.Diff(want, said(t, lists[i], "time")); diff != "" {
			t.Error(diff)
		}
	}
}

// The page says of the people what its owner allows, and no word more.
func TestShareSaysWhoOnlyAsTheOwnerWishes(t *testing.T) {
	t.Parallel()
	names, number, nothing := shareView(t), shareView(t), shareView(t)
	number.Names, number.People = nil, 2
	nothing.Names = nil
	for _, c := range []struct {
		name string
		view share.View
		want string
	}{{"names", names, "Anna Becker, Tom Fischer"}, {"number", number, "2 people"}, {"nothing", nothing, ""}} {
		for _, lang := range locale.All() {
			ctx := locale.With(context.Background(), lang)
			frame := layout.Frame{Title: share.Title(ctx, c.view), About: share.Preview(ctx, c.view), Plain: true}
			body := render(t, lang, layout.Public(frame, share.Page(c.view)))
			if got := bytes.Count(body, []byte("Anna Becker")); (got > 0) != (c.name == "names") {
				t.Errorf("%s in %s: the name stands %d times", c.name, lang.Tag, got)
			}
			doc := parse(t, body)
			for _, n := range all(t, doc, "head meta, head title") {
				if strings.Contains(attribute(n, "content")+text(n), "Becker") {
					t.Errorf("%s in %s: a preview names people: %v", c.name, lang.Tag, n.Attr)
				}
			}
			who := strings.ReplaceAll(words(t, doc, ".guest-card .avatars + .muted, .guest-card > div > .muted:first-child"), " ,", ",") // each name is an element
			if lang.Tag == "en" && who != c.want {
				t.Errorf("%s: %q", c.name, words(t, doc, ".guest-card > div > .muted"))
			}
		}
	}
}

func TestSharePreviewForMessengers(t *testing.T) {
	t.Parallel()
	v := shareView(t)
	ctx := context.Background()
	doc := parse(t, render(t, locale.For("en"), layout.Public(layout.Frame{Title: share.Title(ctx, v), About: share.Preview(ctx, v), Plain: true}, share.Page(v))))
	got := map[string]string{}
	for _, n := range all(t, doc, "meta") {
		got[attribute(n, "property")+attribute(n, "name")] = attribute(n, "content")
	}
	for name, want := range map[string]string{
		"og:title": "Product demo", "og:description": "30 min · Choose a time that suits you", "og:type": "website", "robots": "noindex",
	} {
		if got[name] != want {
			t.Errorf("%s is %q, want %q", name, got[name], want)
		}
	}
	v.Title = ""
	if got := share.Title(ctx, v); got != "Meeting" {
		t.Errorf("without a title: %q", got)
	}
	if n := all(t, doc, "header"); len(n) != 0 {
		t.Error("a guest's page has the header of the app")
	}
}

// What the guest has chosen stays chosen on every way out of the page.
func TestShareLinksKeepTheChoice(t *testing.T) {
	t.Parallel()
	v := shareView(t)
	v.Zone, v.Language = zone(t, "Asia/Tokyo"), "de"
	doc := sharePage(t, v)
	links := all(t, doc, ".month a, .month-head a, .guest-footer nav a")
	if len(links) < 20 {
		t.Fatalf("%d links", len(links))
	}
	for _, a := range links {
		if parameter(t, a, "tz") != "Asia/Tokyo" || !strings.HasPrefix(attribute(a, "href"), v.Path+"?") {
			t.Errorf("%s loses the zone", attribute(a, "href"))
		}
		if lang := parameter(t, a, "lang"); lang != "de" && attribute(a, "hreflang") != lang {
			t.Errorf("%s loses the language", attribute(a, "href"))
		}
	}
	if got := attribute(all(t, doc, "form input[name=lang]")[0], "value"); got != "de" {
		t.Errorf("choosing a zone asks for the language %q", got)
	}
	v.Guess, v.Language = true, ""
	for _, a := range all(t, sharePage(t, v), ".month a") {
		if parameter(t, a, "tz") != "" {
			t.Errorf("%s makes the link's zone the guest's choice", attribute(a, "href"))
		}
	}
	if got := attribute(all(t, sharePage(t, v), "#tz option[selected]")[0], "value"); got != "Asia/Tokyo" {
		t.Errorf("the zone shown is %s", got)
	}
}

func TestShareWithoutTimes(t *testing.T) {
	t.Parallel()
	v := shareView(t)
	v.Starts, v.Zone = nil, zone(t, "Asia/Tokyo")
	doc := sharePage(t, v)
	if got := text(all(t, doc, "main")[0]); !strings.Contains(got, "No free times at the moment") || strings.Contains(got, "all these times are free") {
		t.Errorf("the page says %q", got)
	}
	if len(all(t, doc, ".month, .times")) != 0 {
		t.Error("a month without anything to choose")
	}
	if again := all(t, doc, ".guest-empty a")[0]; attribute(again, "href") != v.Path+"?tz=Asia%2FTokyo" {
		t.Errorf("looking again leads to %s", attribute(again, "href"))
	}
}

func TestShareClosed(t *testing.T) {
	t.Parallel()
	for _, c := range locale.All() {
		seen := map[string]bool{}
		reasons := []string{"unknown", "expired", "revoked", "paused", "gone", "down", "busy"}
		for _, reason := range reasons {
			v := layout.LinkClosedView{Key: "share.closed." + reason, Wait: 61 * time.Second, Retry: "/s/x"}
			doc := parse(t, render(t, c, layout.LinkClosed(v)))
			seen[words(t, doc, "h1")] = true
			temporary := reason == "down" || reason == "busy"
			if says := strings.Contains(words(t, doc, "main"), c.N("share.again", 2)); says != temporary {
				t.Errorf("%s %s: says when to try again: %t", c.Tag, reason, says)
			}
			if got := words(t, doc, "h1"); got != c.T(v.Key) || strings.Contains(got, "share.") {
				t.Errorf("%s %s: %q", c.Tag, reason, got)
			}
		}
		if len(seen) != len(reasons) {
			t.Errorf("%s tells only %d of the reasons apart", c.Tag, len(seen))
		}
	}
}

// mostShare is what a first visit to a link may weigh over the wire, gzipped.
const mostShare = 15 << 10

func TestShareWeight(t *testing.T) {
	t.Parallel()
	v := shareView(t)
	v.Guess, v.Search, v.Note = true, "/find?who=1,2,3&dur=30", strings.Repeat("Some words about what we will speak of. ", 12)
	for minute := 0; minute < 24*60; minute += 15 { // a whole day of times
		v.Starts = append(v.Starts, time.Date(2027, 1, 20, 0, minute, 0, 0, v.Zone))
	}
	v.Day = "2027-01-20"
	weighShare(t, v)
	mail := v // half as many: each has a message
	mail.Host, mail.Reply, mail.Starts = "Anna Becker", "anna.becker@example.com", nil
	for i, start := range v.Starts {
		if start.Format(time.DateOnly) != v.Day || i%2 == 0 {
			mail.Starts = append(mail.Starts, start)
		}
	}
	weighShare(t, mail)
	v.Guess = false
	if n := all(t, sharePage(t, v), "script"); len(n) != 0 {
		t.Error("a script where there is nothing to guess")
	}
}

// weighShare holds what a first visit weighs in each language.
func weighShare(t *testing.T, v share.View) {
	t.Helper()
	for _, c := range locale.All() {
		ctx := locale.With(context.Background(), c)
		body := render(t, c, layout.Public(layout.Frame{Title: v.Title, About: share.Preview(ctx, v), Plain: true}, share.Page(v)))
		total := zipped(t, body)
		doc, scripts := parse(t, body), 0
		for _, n := range all(t, doc, "[src], link[href]:not([rel=expect]), use") {
			address := attribute(n, "src") + attribute(n, "href")
			weight := served(t, address)
			total += weight
			if n.Data == "script" {
				scripts += weight
			}
		}
		if len(all(t, doc, "script")) != 1 || scripts > 1<<10 {
			t.Errorf("%s: %d scripts of %d bytes", c.Tag, len(all(t, doc, "script")), scripts)
		}
		if total > mostShare {
			t.Errorf("%s: %d bytes, budget %d", c.Tag, total, mostShare)
		}
		t.Logf("%s: %d bytes, the page itself %d", c.Tag, total, zipped(t, body))
	}
}

func zipped(t testing.TB, body []byte) int {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	if _, err := w.Write(body); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Len()
}

// served is the weight of a file as it goes to a browser that takes gzip.
func served(t testing.TB, address string) int {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, address, nil)
	r.Header.Set("Accept-Encoding", "gzip")
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("%s: status %d", address, w.Code)
	}
	return w.Body.Len()
}

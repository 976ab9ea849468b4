package templates_test

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/locale"
	"slotfinder/templates/share"
)

// Up to ten times are one list, day by day; with one more there is a calendar.
func TestShareListsFewTimes(t *testing.T) {
	t.Parallel()
	v := shareList(t)
	doc := sharePage(t, v)
	if len(all(t, doc, ".month")) != 0 {
		t.Error("ten times are behind a calendar")
	}
	if diff := cmp.Diff([]string{"Tuesday 1 December", "Wednesday 2 December", "Thursday 3 December"}, said(t, doc, ".guest-day h3")[:3]); diff != "" {
		t.Error(diff)
	}
	times := all(t, doc, ".guest-day time")
	if got := text(all(t, doc, ".guest-day bdi")[0]); got != "10:00 –10:30" {
		t.Errorf("the first is %q", got)
	}
	if len(times) != 10 || text(times[0]) != "10:00" || attribute(times[0], "datetime") != "2026-12-01T09:00:00Z" {
		t.Errorf("%d times, the first %q", len(times), text(times[0]))
	}
	v.Starts = shareView(t).Starts[:11]
	if doc := sharePage(t, v); len(all(t, doc, ".month")) != 1 || len(all(t, doc, ".guest-day")) != 0 {
		t.Error("eleven times are a list")
	}
}

// Who invites is there by name and with a face, and once: not among the others again.
func TestShareSaysWhoInvites(t *testing.T) {
	t.Parallel()
	for _, v := range []share.View{shareList(t), func() share.View { v := shareView(t); v.Host = "Anna Becker"; return v }()} {
		doc := sharePage(t, v)
		if got := strings.Trim(words(t, doc, ".guest-host .muted"), " "); got != "\u2068Anna Becker\u2069 invites you" {
			t.Errorf("%q", got)
		}
		if got := words(t, doc, ".guest-host .avatar"); got != "AB" {
			t.Errorf("the face says %q", got)
		}
		if got := words(t, doc, ".avatars + .muted"); got != "Tom Fischer" {
			t.Errorf("the others are %q", got)
		}
		v.Host, v.Names = "", nil
		if got := text(sharePage(t, v)); strings.Contains(got, "Becker") || strings.Contains(got, "invites") {
			t.Errorf("hidden, and yet %q", got)
		}
	}
}

// With an address each time makes a message to it, which says the time on both clocks; the
// calendar file is beside it.
func TestShareAnswersByMail(t *testing.T) {
	t.Parallel()
	v := shareList(t)
	v.Zone, v.Title, v.Reply = zone(t, "America/New_York"), "A & B? "+strings.Repeat("ü", 100), "o'neil+a&b@example.com"
	doc := sharePage(t, v)
	links := all(t, doc, ".times a[href^='mailto:']")
	if len(links) != 10 || len(all(t, doc, ".times a.ics[href*='.ics?start=']")) != 10 {
		t.Fatalf("%d messages", len(links))
	}
	at, err := url.Parse(attribute(links[0], "href"))
	if err != nil {
		t.Fatal(err)
	}
	to, err := url.PathUnescape(at.Opaque)
	if err != nil || to != v.Reply {
		t.Errorf("to %q, %v", to, err)
	}
	if strings.ContainsAny(at.Opaque, "&?+") || strings.Contains(at.RawQuery, "+") {
		t.Errorf("mail programs read %s otherwise", at)
	}
	want := url.Values{
		"subject": {"A & B? " + strings.Repeat("ü", 53)},
		"body":    {"This time suits me: Tuesday 1 December, 04:00 New York / 10:00 Berlin"},
	}
	if diff := cmp.Diff(want, at.Query()); diff != "" {
		t.Error(diff)
	}
	v.Zone, v.Starts = zone(t, "Pacific/Auckland"), []time.Time{time.Date(2026, 12, 1, 13, 0, 0, 0, time.UTC)}
	at, err = url.Parse(attribute(all(t, sharePage(t, v), ".times a")[0], "href"))
	if err != nil {
		t.Fatal(err)
	}
	if got := at.Query().Get("body"); got != "This time suits me: Wednesday 2 December, 02:00 Auckland / Tuesday 1 December, 14:00 Berlin" {
		t.Errorf("%q", got)
	}
	v.Reply = ""
	if doc := sharePage(t, v); strings.Contains(text(doc), "message") || len(all(t, doc, "[href^='mailto:']")) != 0 {
		t.Error("a message to nobody")
	}
}

// Choosing a day or a month leads to the same place of the page, on phones with the week
// of the day and its times in sight.
func TestShareStaysWhereItIs(t *testing.T) {
	t.Parallel()
	doc := sharePage(t, shareView(t))
	for _, a := range all(t, doc, ".month a, .month-head a, [aria-labelledby=day-h] p a") {
		if _, place, _ := strings.Cut(attribute(a, "href"), "#"); len(all(t, doc, "section[id='"+place+"'] .month")) != 1 {
			t.Errorf("%s leads elsewhere", attribute(a, "href"))
		}
	}
	for _, week := range all(t, doc, ".month tbody tr") {
		if folded, shown := attribute(week, "class") == "folded", len(all(t, week, "[aria-current=true]")) > 0; folded == shown {
			t.Errorf("the week %q is folded: %t", text(week), folded)
		}
	}
	if next := all(t, doc, "[aria-labelledby=day-h] p a"); len(next) != 1 || text(next[0]) != "Next day with times: Fri 4 Dec" || parameter(t, next[0], "day") != "2026-12-04" {
		t.Errorf("the next day: %v", said(t, doc, "[aria-labelledby=day-h] p a"))
	}
	v := shareView(t)
	v.Month = "2026-11" // without times: nothing is chosen, so nothing is folded
	if n := all(t, sharePage(t, v), ".folded, .whole-month"); len(n) > 0 {
		t.Errorf("%d weeks are folded", len(n))
	}
	v.Day, v.Month = "2027-01-15", ""
	if n := all(t, parse(t, render(t, locale.For("en"), share.Page(v))), "[aria-labelledby=day-h] p a"); len(n) > 0 {
		t.Error("a day after the last one")
	}
}

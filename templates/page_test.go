package templates_test

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/locale"
	"slotfinder/templates/find"
	"slotfinder/templates/part"
)

func TestHeadingStatesTheAnswer(t *testing.T) {
	t.Parallel()
	quorum := sample(t, 5, 5)
	quorum.Quorum = 3
	for i := range quorum.People[1:] {
		quorum.People[i+1].Required = false
	}
	grouped := nothingFits(t)
	grouped.Query += "&any=1:2,3"
	for i := range grouped.People[1:] {
		grouped.People[i+1].Required, grouped.People[i+1].Grouped = false, i < 2
	}
	cases := []struct {
		name  string
		facts facts
		want  string
	}{
		{"series", series(t), `^\w+day \d\d:\d\d–\d\d:\d\d · \d of \d weeks$`},
		{"groups", grouped, `^No time suits .* 1 of .*, .* – here is the closest$`},
		{"all", sample(t, 10, 12), `^\d+ openings, \d+ h( \d+ min)? in all$`},
		{"quorum", quorum, `^\d+ openings?, \d+ h`},
		{"nothing fits", nothingFits(t), `^No time suits all required people \(9\) – here is the closest$`},
		{"unread", unknownPerson(t), `^No answer: 2 calendars could not be read$`},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got := heading(t, findPage(t, view(c.facts))); !regexp.MustCompile(c.want).MatchString(got) {
				t.Errorf("heading %q, want %s", got, c.want)
			}
		})
	}
}

// A zone may have two names, but its city is named once, in the reader's language.
func TestClockNamesItsCitiesOnce(t *testing.T) {
	t.Parallel()
	f := sample(t, 3, 5)
	for i, name := range []string{"Asia/Kolkata", "Asia/Calcutta", "Asia/Colombo"} {
		f.People[i].Zone = zone(t, name)
	}
	doc := parse(t, render(t, locale.For("ru"), find.Page(view(f))))
	if got := words(t, doc, ".clocks dt"); got != "Калькутта, Коломбо" {
		t.Errorf("the clock is that of %q", got)
	}
}

func TestListHasEverySlotOnce(t *testing.T) {
	t.Parallel()
	f := sample(t, 4, 12)
	var got []string
	f.Choice.View = find.List
	for _, n := range all(t, findPage(t, view(f)), ".openings .start time") {
		got = append(got, attribute(n, "datetime"))
	}
	if len(got) != len(f.Slots) {
		t.Fatalf("%d starts for %d slots", len(got), len(f.Slots))
	}
	for i, s := range f.Slots {
		if got[i] != s.Start.Time().Format(time.RFC3339) {
			t.Errorf("start %d: %s, want %s", i, got[i], s.Start.Time().Format(time.RFC3339))
		}
	}
}

func TestChosenSlotTellsWhoIsMissing(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	f.Choice.Slot = f.Near[0].Start.Time()
	doc := findPage(t, view(f))
	missing := missing(f.People, f.Near[0].Start.Time(), f.Near[0].End.Time())
	if got := all(t, doc, ".detail .people-list li"); len(got) != len(missing) || len(got) == 0 {
		t.Errorf("%d people named, %d missing", len(got), len(missing))
	}
	if got := attribute(all(t, doc, ".detail-time time")[0], "datetime"); got != f.Near[0].Start.Time().Format(time.RFC3339) {
		t.Errorf("chosen %s", got)
	}
}

func TestChosenSlotOutsideTheRangeIsForgotten(t *testing.T) {
	t.Parallel()
	f := sample(t, 3, 5)
	f.Choice.Slot = f.To.AddDate(0, 0, 20)
	doc := findPage(t, view(f))
	if got, want := attribute(all(t, doc, ".detail-time time")[0], "datetime"), f.Slots[0].Start.Time().Format(time.RFC3339); got != want {
		t.Errorf("chosen %s, want the best, %s", got, want)
	}
}

// An unknown calendar must never look free, not even to a screen reader.
func TestUnknownIsNeverFree(t *testing.T) {
	t.Parallel()
	f := unknownPerson(t)
	doc := findPage(t, view(f))
	rows := all(t, doc, ".timeline tbody + tbody tr")
	for i, p := range f.People {
		for _, cell := range all(t, rows[i], "td") {
			said := words(t, cell, ".sr-only")
			if unknown := strings.Contains(said, "unknown"); unknown != (p.Unknown != "") {
				t.Errorf("%s: the cell says %q", p.Name, said)
			}
		}
	}
	for _, want := range []string{"Aigerim Nurlanova", "Person no. 999", "unknown to your Bitrix24"} {
		if got := words(t, doc, ".warn"); !strings.Contains(got, want) {
			t.Errorf("the notice %q does not say %q", got, want)
		}
	}
}

func TestRelaxationsAreLinks(t *testing.T) {
	t.Parallel()
	f := nothingFits(t)
	links := all(t, findPage(t, view(f)), ".relax a")
	if len(links) != len(f.Relax) {
		t.Fatalf("%d links for %d relaxations", len(links), len(f.Relax))
	}
	for i, n := range links {
		if got := attribute(n, "href"); got != part.FindURL(f.Relax[i].Query) {
			t.Errorf("link %d goes to %q", i, got)
		}
	}
}

// Somebody who is away is so in one piece, whatever else stands in the calendar then.
func TestPiecesOfOneKindAreOneBar(t *testing.T) {
	t.Parallel()
	f := sample(t, 1, 1)
	at := func(hour int) time.Time { return time.Date(2026, 11, 23, hour, 0, 0, 0, f.Zone) }
	f.People[0].Stretches = []stretch{
		{Start: at(9), End: at(10), Kind: find.Away},
		{Start: at(10), End: at(11), Kind: find.Away},
		{Start: at(11), End: at(12), Kind: find.Busy},
		{Start: at(12), End: at(13), Kind: find.Busy, Free: true},
		{Start: at(14), End: at(15), Kind: find.Busy, Free: true},
	}
	f.fill()
	var got []string
	for _, n := range all(t, findPage(t, view(f)), ".lane title") {
		got = append(got, n.FirstChild.Data)
	}
	want := []string{"busy 11:00–12:00", "busy 12:00–13:00", "busy 14:00–15:00", "away 09:00–11:00"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

package templates_test

import (
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/a-h/templ"
	"golang.org/x/net/html"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/links"
	"slotfinder/templates/share"
)

// The night in which Berlin's clock is put back at 01:00 UTC: it shows 02:00 to 03:00
// twice. Two people are both free at 02:30, the first as well as the second.
var (
	firstPass  = time.Date(2026, 10, 25, 0, 30, 0, 0, time.UTC)
	secondPass = time.Date(2026, 10, 25, 1, 30, 0, 0, time.UTC)
)

func night(t *testing.T) facts {
	f := sample(t, 2, 1)
	f.From = time.Date(2026, 10, 25, 0, 0, 0, 0, f.Zone)
	f.To, f.Now, f.Hours = f.From, f.From.Add(-12*time.Hour), civil.Range{End: 24 * 60}
	f.Query = url.Values{"from": {"2026-10-25"}, "to": {"2026-10-25"}, "who": {"1,2"}, "me": {"0"}, "dur": {"30"}, "tz": {"Europe/Berlin"}}.Encode()
	f.People[0].Stretches = []stretch{
		{Start: f.From, End: firstPass, Kind: find.Busy},
		{Start: firstPass.Add(30 * time.Minute), End: secondPass, Kind: find.Busy},
		{Start: secondPass.Add(30 * time.Minute), End: f.From.Add(25 * time.Hour), Kind: find.Busy},
	}
	f.People[1].Stretches = nil
	f.fill()
	f.Windows, f.Slots = nil, nil
	for i, start := range []time.Time{firstPass, secondPass} {
		end := start.Add(30 * time.Minute)
		f.Windows = append(f.Windows, civil.Outward(start, end))
		f.Slots = append(f.Slots, meet.Slot{Span: civil.Outward(start, end), Rank: i + 1, Reasons: []meet.Reason{"all_free"}})
	}
	f.Series = []meet.Series{{Span: civil.Outward(secondPass, secondPass.Add(30*time.Minute)), Weeks: 2, OK: 1, Misses: []meet.Miss{{Date: civil.Date{Year: 2026, Month: 11, Day: 1}, Busy: []int64{1}, Reason: "busy"}}}}
	return f
}

// nightPages are all surfaces on which times stand, in that night.
func nightPages(t *testing.T) map[string]templ.Component {
	pages := map[string]templ.Component{}
	add := func(name string, change func(*facts)) {
		f := night(t)
		change(&f)
		pages[name] = find.Page(view(f))
	}
	add("search", func(*facts) {})
	add("search, the first chosen", func(f *facts) { f.Choice.Slot = firstPass })
	add("search, the second chosen", func(f *facts) { f.Choice.Slot = secondPass })
	add("heat map", func(f *facts) { f.Choice.View = find.HeatMap })
	add("series", func(f *facts) { f.Weeks = 2 })
	add("nothing free", func(f *facts) {
		f.Near, f.Slots, f.Windows = f.Slots, nil, nil
		f.Split = []meet.SplitPart{{Span: civil.Outward(firstPass, secondPass), People: []int64{1}}}
	})
	both := []time.Time{firstPass, secondPass}
	shared := shareView(t)
	shared.Starts, shared.Day = both, "2026-10-25"
	pages["shared page"] = share.Page(shared)
	link := linkView(t)
	link.Message.Starts, link.Lang = both, "en"
	link.Message.Zones = append(link.Message.Zones, link.Message.Zones[0])
	pages["link and message"] = links.Page(link)
	pages["links"] = links.List(links.ListView{Zone: link.Zone, Links: []links.Link{{State: meet.LinkOpen, URL: "/s/x", Link: meet.Link{ID: "1", Title: "x", Created: firstPass, Expires: secondPass}}}})
	pages["new link"] = links.NewPage(links.Form{
		Query: url.Values{}, Values: url.Values{"offer": {"picked"}}, Key: "k", Zone: link.Zone,
		Slots: []meet.Slot{{Span: civil.Outward(firstPass, firstPass.Add(30*time.Minute)), Rank: 1}, {Span: civil.Outward(secondPass, secondPass.Add(30*time.Minute)), Rank: 2}},
	})
	return pages
}

// reading2 is a clock that shows something from 02:00 to 02:59.
var reading2 = regexp.MustCompile(`\b02:[0-5]\d\b|\b2:[0-5]\d AM`)

// TestBothPassesOfAnHourAreToldApart: no text of any page names a time that the clock
// shows twice without saying which of the two it is.
func TestBothPassesOfAnHourAreToldApart(t *testing.T) {
	t.Parallel()
	for name, component := range nightPages(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, c := range []*locale.Catalogue{locale.For("en"), locale.For("de").With12Hours()} {
				told := 0
				for _, said := range everyText(parse(t, render(t, c, component))) {
					if strings.Contains(said, "(UTC+") {
						told++
					} else if reading2.MatchString(said) {
						t.Errorf("%s: %q says of no time which it is", c.Tag, said)
					}
				}
				if told == 0 {
					t.Errorf("%s: the page names none of the times", c.Tag)
				}
			}
		})
	}
}

// everyText is what a page says in texts and labels, and what it hands out to be copied.
func everyText(doc *html.Node) (texts []string) {
	for n := range doc.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data != "script" && !axis(n.Parent):
			texts = append(texts, strings.Split(n.Data, "\n")...)
		case n.Type == html.ElementNode:
			for _, a := range n.Attr {
				if a.Key == "aria-label" || a.Key == "title" || a.Key == "content" {
					texts = append(texts, a.Val)
				}
			}
		}
	}
	return texts
}

// axis reports whether a text is no time of a day: an hour of the axis, of the hours that
// one asks for, or of the part of all days that is shown.
func axis(n *html.Node) bool { return slices.Contains([]string{"text", "option", "caption"}, n.Data) }

// Somebody who is busy from the first 02:45 to the second 02:15 is shown to be.
func TestBusyOverTheChangeIsShown(t *testing.T) {
	t.Parallel()
	f := night(t)
	f.People[0].Stretches = []stretch{{Start: firstPass.Add(15 * time.Minute), End: firstPass.Add(45 * time.Minute), Kind: find.Busy}}
	if got := said(t, findPage(t, view(f)), ".lane + .sr-only"); len(got) == 0 || !strings.Contains(strings.Join(got, "\n"), "02:45 (UTC+2)–02:15 (UTC+1)") {
		t.Errorf("%q", got)
	}
}

// TestNoPageWritesTimesItself: times are written by package locale, which knows those
// that come twice. Only the axis of the board has bare hours.
func TestNoPageWritesTimesItself(t *testing.T) {
	t.Parallel()
	layout := regexp.MustCompile(`Format\("15|"15:04|time\.Kitchen`)
	for _, pattern := range []string{"*/*.go", "*/*.templ", "../web/*.go", "../web/*/*.go"} {
		files, err := filepath.Glob(pattern)
		if err != nil || len(files) == 0 {
			t.Fatalf("%s: %v", pattern, err)
		}
		for _, file := range files {
			src, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if name := filepath.Base(file); !strings.HasSuffix(name, "_test.go") && name != "lane.go" && layout.Match(src) {
				t.Errorf("%s formats a time by itself", file)
			}
		}
	}
}

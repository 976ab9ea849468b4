package templates_test

import (
	"bytes"
	"context"
	"flag"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/internal/sweep"
	"slotfinder/static"
	"slotfinder/templates/find"
	"slotfinder/templates/hours"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
	"slotfinder/templates/people"
	"slotfinder/templates/portal"
	"slotfinder/templates/settings"
)

// preview is a folder to write every sample page to, to be looked at in a browser.
var preview = flag.String("preview", "", "write sample pages into this folder")

// samples are the pages in all the states worth looking at.
func samples(t testing.TB) map[string]templ.Component {
	frame := layout.Frame{
		Title: "Find a time", Scripts: true, Portal: "company.bitrix24.com", Next: "/find",
		Me:  named(1, "Anna Becker"),
		Nav: []layout.Link{{Key: "nav.find", URL: "/find", Current: true}},
	}
	guest := layout.Frame{Title: "Welcome", Demo: true}
	framed, dark := frame, frame
	framed.Framed, framed.Here, dark.Theme = true, "/find?who=1", "dark"

	heat := sample(t, 8, 5)
	heat.Choice.View = find.HeatMap
	broken := view(sample(t, 3, 5))
	broken.Result = nil
	broken.Form.Values = url.Values{"from": {"2026-11-30"}, "to": {"2026-11-23"}, "hours": {"9-17"}, "dur": {"4"}, "quorum": {"-1"}, "tz": {"Mars/Olympus"}, "work": {"2"}}
	broken.Form.Errors = map[string]string{"to": "field.to_before_from", "hours": "field.hours", "dur": "field.dur", "quorum": "field.quorum", "tz": "field.tz", "work": "field.work"}
	broken.Form.Today = civil.Date{Year: 2026, Month: 11, Day: 23}
	turned := sample(t, 3, 5)
	turned.Choice.Month = "2026-12"
	searching := view(sample(t, 3, 5))
	searching.Form.Typed, searching.Form.Found = "we", &part.Suggestions{Typed: "we", Found: sample(t, 10, 1).people()[4:8], More: true}
	first := view(sample(t, 1, 7))
	first.Welcome = true
	down := view(sample(t, 3, 5))
	down.Result, down.Problem = nil, &layout.ErrorView{Key: "error.portal_down", Retry: "/find?who=1", Request: "7f3a9c"}

	slow := view(sample(t, 60, 5))
	slow.Result, slow.Reading = nil, &find.Reading{URL: "/find?who=1", Mark: "400 40", Read: 40, Asked: 60, Whole: true}
	kept := people.GroupsView{
		Saved:  []meet.Kept{kept("Release board with a rather long name", sample(t, 10, 1).people())},
		Latest: []meet.Kept{kept("", sample(t, 4, 1).people())},
		Keep:   part.Keep{Name: "", People: url.Values{"who": {"1,2"}}, Errors: map[string]string{"name": "groups.bad_name"}},
	}

	unfolded := sample(t, 60, 5)
	unfolded.Choice.Open = []int{2}

	pages := map[string]templ.Component{
		"default":    layout.Standalone(frame, find.Page(view(sample(t, 10, 12)))),
		"framed":     layout.Standalone(framed, find.Page(view(sample(t, 8, 5)))),
		"dark":       layout.Standalone(dark, find.Page(view(sample(t, 10, 12)))),
		"heat":       layout.Standalone(frame, find.Page(view(heat))),
		"nothing":    layout.Standalone(frame, find.Page(view(nothingFits(t)))),
		"unknown":    layout.Standalone(frame, find.Page(view(unknownPerson(t)))),
		"errors":     layout.Standalone(frame, find.Page(broken)),
		"unfolded":   layout.Standalone(frame, find.Page(view(unfolded))),
		"people":     layout.Standalone(frame, find.Page(view(sample(t, 60, 31)))),
		"series":     layout.Standalone(frame, find.Page(view(series(t)))),
		"search":     layout.Standalone(frame, find.Page(searching)),
		"first":      layout.Standalone(frame, find.Page(first)),
		"down":       layout.Standalone(frame, find.Page(down)),
		"reading":    layout.Standalone(frame, find.Page(slow)),
		"groups":     layout.Standalone(frame, people.Groups(kept)),
		"turned":     layout.Standalone(frame, find.Page(view(turned))),
		"hours":      layout.Standalone(frame, hours.Page(hoursView(t))),
		"settings":   layout.Standalone(frame, settings.Page(settingsView(t))),
		"landing":    layout.Public(guest, portal.Landing(portal.LandingView{Demo: "/login?portal=127.0.0.1:1", Inside: "http://localhost:1/", Portal: "example", Errors: map[string]string{"portal": "field.portal"}})),
		"peoplepage": layout.Standalone(frame, people.Page(part.Suggestions{Typed: "we", Found: sample(t, 10, 1).people()[4:8]})),
		"ended":      layout.Standalone(framed, layout.SessionEnded(layout.SessionEndedView{Key: "frame.ended", Next: "/find", Tab: "/login?portal=company.bitrix24.com", Renew: true})),
		"wayout":     layout.Standalone(framed, portal.WayOut(portal.WayOutView{Code: "abc", Next: "/find"})),
		"install":    layout.Standalone(framed, portal.Install(portal.InstallView{Places: []string{"LEFT_MENU", "CALENDAR_GRIDVIEW"}, Missing: []string{"CRM_DEAL_DETAIL_TAB"}, Unheard: true})),
		"notfound":   layout.Standalone(frame, layout.Error(layout.ErrorView{Key: "error.not_found"})),
		"expired":    layout.Public(guest, layout.Error(layout.ErrorView{Key: "error.signed_out", SignIn: "/login?next=%2Ffind", Retry: "/"})),
	}
	maps.Copy(pages, linkSamples(t, frame))
	maps.Copy(pages, meetingSamples(t, frame))
	maps.Copy(pages, accountSamples(t, frame))
	return pages
}

func nothingFits(t testing.TB) facts {
	f := sample(t, 10, 5)
	f.Duration, f.Hours = 90, civil.Range{Start: 8 * 60, End: 15 * 60}
	f.People[7].Required = false
	f.fill()
	relax := func(x sweep.Relaxation, change func(q *meet.Query)) {
		q := f.answer().Query
		change(&q)
		f.Relax = append(f.Relax, meet.Relaxation{Relaxation: x, Query: q})
	}
	week := civil.Date{Year: 2026, Month: 11, Day: 30}
	at := func(day, clock, length int) civil.Span {
		start := civil.Date{Year: 2026, Month: 11, Day: day}.Midnight(f.Zone) + civil.Minute(clock)
		return civil.Span{Start: start, End: start + civil.Minute(length)}
	}
	relax(sweep.Relaxation{Change: "make_optional", Person: 5, Slots: 4, Windows: []civil.Span{at(24, 600, 120), at(25, 630, 90)}}, func(q *meet.Query) { q.Required = []int64{1} })
	relax(sweep.Relaxation{Change: "shorter", Slots: 2, Windows: []civil.Span{at(26, 780, 30)}}, func(q *meet.Query) { q.Duration = 30 })
	relax(sweep.Relaxation{Change: "make_optional", Person: 7, Slots: 1, Windows: []civil.Span{at(27, 810, 90)}}, func(q *meet.Query) { q.Required = []int64{1} })
	relax(sweep.Relaxation{Change: "wider_hours", Slots: 1}, func(q *meet.Query) { q.Hours = civil.Range{Start: 7 * 60, End: 20 * 60} })
	relax(sweep.Relaxation{Change: "later_range", Slots: 6}, func(q *meet.Query) { q.From, q.To = week, week.Add(4) })
	relax(sweep.Relaxation{Change: "ignore_tentative", Slots: 3}, func(q *meet.Query) { q.TentativeFree = true })
	relax(sweep.Relaxation{Change: "ignore_work_hours", Slots: 8}, func(q *meet.Query) { q.Work = false })
	relax(sweep.Relaxation{Change: "make_optional", Person: 5, With: "ignore_tentative", Slots: 9}, func(q *meet.Query) { q.Required, q.TentativeFree = []int64{1}, true })
	f.Why = "no_common_time"
	f.Near[0].Reasons, f.Near[0].For = []meet.Reason{"missing_required", "breaks_focus", "early_for"}, 4
	f.Near[1].Reasons, f.Near[1].For = []meet.Reason{"missing_required", "tentative", "late_for"}, 1
	for i, people := range [][]int64{{1, 2, 3, 4, 6, 7, 9, 10}, {5}} {
		s := f.Near[5*i]
		f.Split = append(f.Split, meet.SplitPart{Span: s.Span, People: people})
	}
	return f
}

func unknownPerson(t testing.TB) facts {
	f := sample(t, 5, 5)
	f.People[2].Unknown, f.People[2].Stretches = "unreadable", nil
	stranger := person{Person: attendee(999, true)}
	stranger.Zone, stranger.Unknown = f.Zone, "unknown_person"
	f.People = append(f.People, stranger)
	f.fill()
	return f
}

func series(t testing.TB) facts {
	f := sample(t, 4, 5)
	f.Weeks = 8
	for i, s := range f.Slots[:3] {
		x := meet.Series{Span: s.Span, Weeks: 8, OK: 8 - i}
		for w := range i {
			x.Misses = append(x.Misses, meet.Miss{Date: civil.DateOf(s.Start.Time()).Add(7 * (w + 2)), Busy: []int64{2}, Reason: "busy"})
		}
		f.Series = append(f.Series, x)
	}
	for w := range 8 {
		at := f.Slots[0].Start.Time().AddDate(0, 0, 7*w)
		turn := meet.Turn{Span: civil.Outward(at, at.Add(30*time.Minute))}
		if w%2 == 0 {
			turn.Early = []int64{4}
		} else {
			turn.Late = []int64{3, 1}
		}
		f.Rotation = append(f.Rotation, turn)
	}
	return f
}

func render(t testing.TB, c *locale.Catalogue, component templ.Component) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := component.Render(locale.With(context.Background(), c), &b); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestPreview writes the sample pages with their files, when asked to.
func TestPreview(t *testing.T) {
	if *preview == "" {
		t.Skip("only with -preview")
	}
	write := func(name string, body []byte) {
		name = filepath.Join(*preview, name)
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, body, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for name, component := range samples(t) {
		write(name+".html", render(t, locale.For("en"), component))
		write(name+".rtl.html", render(t, locale.For("en").Mirrored(), component))
		write(name+".12.html", render(t, locale.For("en").With12Hours(), component))
		for _, c := range locale.All() {
			write(name+"."+c.Tag+".html", render(t, c, component))
		}
	}
	for _, name := range []string{"app.css", "guest.css", "app.js", "zone.js", "icons/sprite.svg", "icons/logo.svg", "htmx.js"} {
		w := httptest.NewRecorder()
		static.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, static.URL(name), nil))
		write(static.URL(name), w.Body.Bytes())
	}
}

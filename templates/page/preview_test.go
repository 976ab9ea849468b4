package page_test

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
	"slotfinder/static"
	"slotfinder/templates/layout"
	"slotfinder/templates/page"
	"slotfinder/templates/part"
)

// preview is a folder to write every sample page to, to be looked at in a browser.
var preview = flag.String("preview", "", "write sample pages into this folder")

// samples are the pages in all the states worth looking at.
func samples(t testing.TB) map[string]templ.Component {
	frame := layout.Frame{
		Title: "Find a time", Scripts: true, Portal: "company.bitrix24.com",
		Me:  &part.Face{ID: 1, Name: "Anna Becker"},
		Nav: []layout.Link{{Key: "nav.find", URL: "/find", Current: true}},
	}
	guest := layout.Frame{Title: "Welcome", Demo: true}
	framed, dark := frame, frame
	framed.Framed, framed.Here, dark.Theme = true, "/find?who=1", "dark"

	heat := sample(t, 8, 5)
	heat.Choice.View = page.HeatMap
	broken := view(sample(t, 3, 5))
	broken.Result = nil
	broken.Form.Values = url.Values{"from": {"2026-11-30"}, "to": {"2026-11-23"}, "hours": {"9-17"}, "dur": {"4"}, "quorum": {"-1"}, "tz": {"Mars/Olympus"}, "work": {"2"}}
	broken.Form.Errors = map[string]string{"to": "field.to_before_from", "hours": "field.hours", "dur": "field.dur", "quorum": "field.quorum", "tz": "field.tz", "work": "field.work"}
	searching := view(sample(t, 3, 5))
	searching.Form.Typed, searching.Form.Found = "we", &page.PeopleView{Typed: "we", Found: sample(t, 10, 1).People[4:8], More: true}
	first := view(sample(t, 1, 7))
	first.Welcome = true
	down := view(sample(t, 3, 5))
	down.Result, down.Problem = nil, &page.ErrorView{Key: "error.portal_down", Retry: "/find?who=1", Request: "7f3a9c"}

	slow := view(sample(t, 60, 5))
	slow.Result, slow.Reading = nil, &page.Reading{URL: "/find?who=1", Mark: "400 40", Read: 40, Asked: 60, Whole: true}
	kept := page.GroupsView{
		Saved:  []page.Kept{{Name: "Release board with a rather long name", People: "who=1%2C2", Staff: sample(t, 10, 1).People}},
		Latest: []page.Kept{{People: "who=1%2C2", Staff: sample(t, 4, 1).People}},
		Keep:   page.Keep{Name: "", People: url.Values{"who": {"1,2"}}, Errors: map[string]string{"name": "groups.bad_name"}},
	}

	unfolded := sample(t, 60, 5)
	unfolded.Choice.Open = []int{2}

	pages := map[string]templ.Component{
		"default":    layout.Standalone(frame, page.Find(view(sample(t, 10, 12)))),
		"framed":     layout.Standalone(framed, page.Find(view(sample(t, 8, 5)))),
		"dark":       layout.Standalone(dark, page.Find(view(sample(t, 10, 12)))),
		"heat":       layout.Standalone(frame, page.Find(view(heat))),
		"nothing":    layout.Standalone(frame, page.Find(view(nothingFits(t)))),
		"unknown":    layout.Standalone(frame, page.Find(view(unknownPerson(t)))),
		"errors":     layout.Standalone(frame, page.Find(broken)),
		"unfolded":   layout.Standalone(frame, page.Find(view(unfolded))),
		"people":     layout.Standalone(frame, page.Find(view(sample(t, 60, 31)))),
		"series":     layout.Standalone(frame, page.Find(view(series(t)))),
		"search":     layout.Standalone(frame, page.Find(searching)),
		"first":      layout.Standalone(frame, page.Find(first)),
		"down":       layout.Standalone(frame, page.Find(down)),
		"reading":    layout.Standalone(frame, page.Find(slow)),
		"groups":     layout.Standalone(frame, page.Groups(kept)),
		"hours":      layout.Standalone(frame, page.Hours(hours(t))),
		"settings":   layout.Standalone(frame, page.Settings(settings(t))),
		"landing":    layout.Public(guest, page.Landing(page.LandingView{Demo: "/login?portal=127.0.0.1:1", Inside: "http://localhost:1/", Portal: "example", Errors: map[string]string{"portal": "field.portal"}})),
		"peoplepage": layout.Standalone(frame, page.PeoplePage(page.PeopleView{Typed: "we", Found: sample(t, 10, 1).People[4:8]})),
		"ended":      layout.Standalone(framed, page.SessionEnded(page.SessionEndedView{Key: "frame.ended", Next: "/find", Tab: "/login?portal=company.bitrix24.com", Renew: true})),
		"wayout":     layout.Standalone(framed, page.WayOut(page.WayOutView{Code: "abc", Next: "/find"})),
		"install":    layout.Standalone(framed, page.Install(page.InstallView{Places: []string{"LEFT_MENU", "CALENDAR_GRIDVIEW"}, Missing: []string{"CRM_DEAL_DETAIL_TAB"}, Unheard: true})),
		"notfound":   layout.Standalone(frame, page.Error(page.ErrorView{Key: "error.not_found"})),
		"expired":    layout.Public(guest, page.Error(page.ErrorView{Key: "error.signed_out", SignIn: "/login?next=%2Ffind", Retry: "/"})),
	}
	maps.Copy(pages, linkSamples(t, frame))
	return pages
}

func nothingFits(t testing.TB) page.Facts {
	f := sample(t, 10, 5)
	f.Duration, f.Hours = 90, civil.Range{Start: 8 * 60, End: 15 * 60}
	f.People[7].Required = false
	answer(&f)
	f.Relax = []page.Relaxation{
		{Change: "make_optional", Person: 5, Slots: 4, URL: "/find?who=1"},
		{Change: "shorter", Duration: 30, Slots: 2, URL: "/find?dur=30"},
		{Change: "wider_hours", Hours: civil.Range{Start: 7 * 60, End: 20 * 60}, Slots: 1, URL: "/find?hours=07:00-20:00"},
		{Change: "later_range", From: f.From.AddDate(0, 0, 7), To: f.From.AddDate(0, 0, 11), Slots: 6, URL: "/find?from=2026-11-30"},
		{Change: "ignore_tentative", Slots: 3, URL: "/find?tentative=free"},
		{Change: "ignore_work_hours", Slots: 8, URL: "/find?work=0"},
		{Change: "make_optional", Person: 5, With: "ignore_tentative", Slots: 9, URL: "/find?who=1&tentative=free"},
	}
	f.Why = "no_common_time"
	f.Near[0].Reasons, f.Near[0].For = []meet.Reason{"missing_required", "breaks_focus", "early_for"}, 4
	f.Near[1].Reasons, f.Near[1].For = []meet.Reason{"missing_required", "tentative", "late_for"}, 1
	for i, people := range [][]int64{{1, 2, 3, 4, 6, 7, 9, 10}, {5}} {
		s := f.Near[5*i]
		f.Split = append(f.Split, page.Session{SplitPart: meet.SplitPart{Span: s.Span, People: people}, URL: "/find?who=5"})
	}
	return f
}

func unknownPerson(t testing.TB) page.Facts {
	f := sample(t, 5, 5)
	f.People[2].Unknown, f.People[2].Stretches = "unreadable", nil
	f.People = append(f.People, page.Person{ID: 999, Zone: f.Zone, Required: true, Unknown: "unknown_person"})
	answer(&f)
	return f
}

func series(t testing.TB) page.Facts {
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
		for _, c := range locale.All() {
			write(name+"."+c.Tag+".html", render(t, c, component))
		}
	}
	for _, name := range []string{"app.css", "app.js", "zone.js", "icons/sprite.svg", "icons/logo.svg", "htmx.js"} {
		w := httptest.NewRecorder()
		static.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodGet, static.URL(name), nil))
		write(static.URL(name), w.Body.Bytes())
	}
}

package templates_test

import (
	"net/url"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"slotfinder/internal/civil"
	tz "slotfinder/internal/civil/zone"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/hours"
	"slotfinder/templates/layout"
)

// hoursView is the page of an administrator who mistyped and who works at night.
func hoursView(t testing.TB) hours.View {
	t.Helper()
	berlin, err := tz.Load("Europe/Berlin")
	if err != nil {
		t.Fatal(err)
	}
	day := func(n int) civil.Date { return civil.Date{Year: 2026, Month: 11, Day: 23}.Add(n) }
	var week []meet.Workday
	for n := range 7 {
		week = append(week, meet.Workday{Date: day(n)})
	}
	week[0].Hours = []civil.Range{{Start: 540, End: 720}, {Start: 780, End: 1080}}
	week[1].Hours = []civil.Range{{Start: 1350, End: 1440}}
	week[2].Hours = []civil.Range{{End: 90}, {Start: 360, End: 720}}
	mine := hours.Form{
		Set: true, Default: true, Profile: "Europe/Berlin", Zone: berlin, Week: week, Unsaved: true,
		Values: url.Values{
			"mo": {"09:00-12:00, 13:00-18:00"}, "tu": {"22:30-01:30"}, "we": {"from six to noon"}, "lunch": {"12:00-13:00"},
			"prefer": {"early"}, "zone": {"Mars/Olympus"}, "off_from": {"2026-02-30"}, "off_to": {"2026-12-02"},
		},
		Off: []hours.Period{{Period: civil.Period{First: day(1), Last: day(1)}, Kept: true}, {Period: civil.Period{First: day(3), Last: day(9)}}},
		Errors: map[string]string{
			"we": "field.ranges", "prefer": "field.hours", "zone": "field.tz", "off_from": "field.date", "off": "field.too_many_days_off",
		},
	}
	company := hours.Form{Company: true, Profile: "Europe/Berlin", Zone: berlin, Week: week, Values: url.Values{"mo": {"09:00-17:00"}}}
	return hours.View{Mine: mine, Company: &company, Saved: true}
}

// TestWeekInBarsAndWords: the bars say what the words say, to the right place, also
// where time runs to the left.
func TestWeekInBarsAndWords(t *testing.T) {
	t.Parallel()
	want := map[*locale.Catalogue][][2]string{
		locale.For("en"):            {{"37.5%", "12.5%"}, {"54.17%", "20.83%"}, {"93.75%", "6.25%"}, {"0%", "6.25%"}, {"25%", "25%"}},
		locale.For("en").Mirrored(): {{"50%", "12.5%"}, {"25%", "20.83%"}, {"0%", "6.25%"}, {"93.75%", "6.25%"}, {"50%", "25%"}},
	}
	for c, bars := range want {
		doc := parse(t, render(t, c, layout.Standalone(layout.Frame{}, hours.Page(hoursView(t)))))
		var got [][2]string
		for _, bar := range all(t, doc, "#me .hours-bar .window") {
			got = append(got, [2]string{attribute(bar, "x"), attribute(bar, "width")})
		}
		if diff := cmp.Diff(bars, got); diff != "" {
			t.Errorf("%s: %s", c.Dir(), diff)
		}
		var words []string
		for _, n := range all(t, doc, "#me .hours-week bdi") {
			words = append(words, n.FirstChild.Data)
		}
		none := c.T("hours.none")
		if diff := cmp.Diff([]string{"09:00–12:00, 13:00–18:00", "22:30–24:00", "00:00–01:30, 06:00–12:00", none, none, none, none}, words); diff != "" {
			t.Errorf("%s: %s", c.Dir(), diff)
		}
	}
}

// TestEveryFaultStandsBesideItsField: each message is tied to what it speaks of, and
// hints stay tied, too.
func TestEveryFaultStandsBesideItsField(t *testing.T) {
	t.Parallel()
	v := hoursView(t)
	doc := parse(t, render(t, locale.For("en"), hours.Page(v)))
	for field := range v.Mine.Errors {
		if len(all(t, doc, "#err-me-"+field)) != 1 {
			t.Errorf("no message for %s", field)
		}
		if field == "off" { // of the whole list
			continue
		}
		input := all(t, doc, "#me-"+field)
		if len(input) != 1 || attribute(input[0], "aria-invalid") != "true" || shown(t, input[0]) != v.Mine.Values.Get(field) {
			t.Errorf("%s is not shown as typed and wrong", field)
		}
	}
	if got := attribute(all(t, doc, "#me-zone")[0], "aria-describedby"); got != "me-zone-hint err-me-zone" {
		t.Errorf("the zone is described by %q", got)
	}
	if got := attribute(all(t, doc, "#me-mo")[0], "aria-describedby"); got != "me-week" {
		t.Errorf("a weekday is described by %q", got)
	}
	for id, want := range map[string]string{
		"mo": "09:00", "mo-to": "12:00", "mo-2": "13:00", "mo-2-to": "18:00", "tu": "22:30", "tu-to": "01:30", "we": "from six to noon",
		"we-to": "", "th": "", "lunch": "12:00", "lunch-to": "13:00", "prefer": "early",
	} {
		if got := shown(t, all(t, doc, "#me-"+id)[0]); got != want {
			t.Errorf("%s shows %q, want %q", id, got, want)
		}
	}
	for _, field := range all(t, doc, "#me input, #me select") {
		if kind := attribute(field, "type"); field.Data == "input" && kind != "date" && kind != "checkbox" && kind != "hidden" {
			t.Errorf("%s is a field of text", attribute(field, "name"))
		}
	}
}

// The list of zones has all places, those of the search form among them, once each.
func TestHoursOfferEveryZone(t *testing.T) {
	t.Parallel()
	doc := parse(t, render(t, locale.For("en"), hours.Page(hoursView(t))))
	listed := map[string]bool{}
	for _, o := range all(t, doc, "#me-zone option") {
		if label := o.FirstChild.Data; listed[label] {
			t.Errorf("%s stands there twice", label)
		} else {
			listed[label] = true
		}
		listed[tz.Canonical(attribute(o, "value"))] = true
	}
	search := parse(t, render(t, locale.For("en"), find.Page(view(sample(t, 3, 5)))))
	for _, o := range all(t, search, "#f-tz option") {
		if name := attribute(o, "value"); !listed[tz.Canonical(name)] {
			t.Errorf("%s is in the search form only", name)
		}
	}
	for _, name := range []string{"America/Bogota", "Africa/Nairobi", "Asia/Tashkent"} {
		if !listed[name] {
			t.Errorf("%s is not offered", name)
		}
	}
}

// shown is what a field holds.
func shown(t *testing.T, field *html.Node) string {
	t.Helper()
	if field.Data != "select" {
		return attribute(field, "value")
	}
	chosen := all(t, field, "option[selected]")
	if len(chosen) != 1 {
		t.Errorf("%d options are chosen", len(chosen))
		return ""
	}
	return attribute(chosen[0], "value")
}

// Somebody whose zone is that of their profile finds it chosen, by its name.
func TestZoneOfTheProfileIsChosen(t *testing.T) {
	t.Parallel()
	v := hoursView(t)
	v.Mine.Values.Del("zone")
	delete(v.Mine.Errors, "zone")
	doc := parse(t, render(t, locale.For("en"), hours.Page(v)))
	if got := words(t, doc, "#me-zone option[selected]"); got != "As in Bitrix24: "+v.Mine.Profile {
		t.Errorf("chosen is %q", got)
	}
}

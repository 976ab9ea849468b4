package page_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/templates/page"
)

// shareStarts are free times in Berlin: on the working days from 1 to 23 December,
// and some in January.
func shareStarts(t testing.TB) []time.Time {
	berlin := zone(t, "Europe/Berlin")
	var starts []time.Time
	add := func(month time.Month, day, hour, minute int) {
		if at := time.Date(2026, month, day, hour, minute, 0, 0, berlin); at.Weekday() != time.Saturday && at.Weekday() != time.Sunday {
			starts = append(starts, at)
		}
	}
	for day := 1; day <= 23; day++ {
		for _, clock := range [][2]int{{9, 0}, {10, 0}, {12, 0}, {14, 0}, {15, 30}, {16, 30}, {17, 0}, {17, 30}} {
			if (day+clock[0])%5 != 0 || day == 3 {
				add(time.December, day, clock[0], clock[1])
			}
		}
	}
	for day := 11; day <= 15; day++ {
		add(time.January+12, day, 11, 0)
	}
	return starts
}

func shareView(t testing.TB) page.ShareView {
	return page.ShareView{
		Path: "/s/3f8Kq2ZpT0mVbX7yNwRc1A", Title: "Product demo", Note: "We show you the new version.\nBring your questions.",
		Duration: 30, Names: []string{"Anna Becker", "Tom Fischer"}, Starts: shareStarts(t), Now: sampleNow,
		Zone: zone(t, "Europe/Berlin"), Day: "2026-12-03",
	}
}

func linkView(t testing.TB) page.LinkView {
	v := page.LinkView{
		Link: page.Link{
			State: meet.LinkOpen,
			ID:    "17", Title: "Product demo", URL: "https://slots.example.com/s/3f8Kq2ZpT0mVbX7yNwRc1A", Opens: 12,
			Created: sampleNow, Expires: sampleNow.AddDate(0, 0, 30),
		},
		Zone: zone(t, "Europe/Berlin"), Now: sampleNow, Lang: "ru", Values: url.Values{"title": {"Product demo"}, "expires": {"2026-12-23"}},
		Done: page.LinkDone("made"),
	}
	v.Message = page.Message{
		Title: "Product demo", Duration: 30, Starts: shareStarts(t), URL: v.Link.URL,
		Zones: []*time.Location{zone(t, "Europe/Berlin"), zone(t, "Europe/Moscow")},
	}
	return v
}

func linkForm(t testing.TB) page.LinkForm {
	f := sample(t, 3, 5)
	form := page.LinkForm{
		Query:  url.Values{"who": {"2,3"}, "dur": {"30"}, "from": {"2026-11-23"}, "to": {"2026-11-27"}, "tz": {"Europe/Berlin"}},
		Values: url.Values{"expires": {"30"}, "ahead": {"14"}}, Key: "k-1", Duration: 30, Zone: f.Zone,
		Names: []string{"Anna Becker", "Дмитрий Соколов", "Aigerim Nurlanova"}, Back: "/find?" + f.Query,
	}
	for _, s := range f.Slots {
		form.Starts = append(form.Starts, s.Start.Time())
	}
	return form
}

func linksView(t testing.TB) page.LinksView {
	v := page.LinksView{Zone: zone(t, "Europe/Berlin"), Done: page.LinkDone("deleted")}
	for i, title := range []string{"Product demo", "", "Interview: second round", "Übergabe mit einem sehr langen Titel, der nirgends umbricht: " + longWord, "Old"} {
		l := page.Link{ID: string(rune('1' + i)), Title: title, URL: "https://slots.example.com/s/" + longWord[:22], State: []meet.LinkState{meet.LinkOpen, meet.LinkPaused, meet.LinkExpired, meet.LinkRevoked}[min(i, 3)], Opens: i, Created: sampleNow.AddDate(0, 0, -i)}
		if i != 1 {
			l.Expires = sampleNow.AddDate(0, 0, 10-5*i)
		}
		v.Links = append(v.Links, l)
	}
	return v
}

const longWord = "Donaudampfschifffahrtsgesellschaftskapitänsmütze"

// linkSamples are the pages of links in all states, beside those of samples.
func linkSamples(t testing.TB, frame layout.Frame) map[string]templ.Component {
	public := func(v page.ShareView) templ.Component {
		ctx := locale.With(t.Context(), locale.For("en"))
		return layout.Public(layout.Frame{Title: page.ShareTitle(ctx, v), About: page.SharePreview(ctx, v), Plain: true}, page.Share(v))
	}
	guess, number, nothing, empty, none, night := shareView(t), shareView(t), shareView(t), shareView(t), shareView(t), shareView(t)
	guess.Guess = true
	number.Names, number.People, number.Title, number.Note, number.Month = nil, 2, "", "", "2027-01"
	nothing.Names, nothing.Search = nil, "/find?who=2"
	nothing.Title, nothing.Note = "Ein Titel, der lang ist: "+longWord, longWord+longWord
	empty.Starts = nil
	none.Month = "2026-11"
	night.Zone, night.Language = zone(t, "Pacific/Auckland"), "en"
	night.Day = "2026-12-04"

	wrong := linkForm(t)
	wrong.Values = url.Values{"title": {"a\nb"}, "offer": {"picked"}, "expires": {"", "soon"}, "ahead": {"0"}, "show": {"names"}, "note": {"Kept"}}
	wrong.Errors = map[string]string{
		"title": "links.fault.title", "note": "links.fault.note", "slot": "links.fault.slot", "offer": "links.fault.offer",
		"ahead": "links.fault.ahead", "show": "links.fault.show", "expires": "links.fault.expires",
	}
	picked, rolling := linkForm(t), linkForm(t)
	picked.Values["offer"], picked.Values["slot"] = []string{"picked"}, []string{picked.Starts[0].UTC().Format(time.RFC3339)}
	rolling.Values["offer"] = []string{"rolling"}
	paused, revoked, lost := linkView(t), linkView(t), linkView(t)
	paused.Link.State, paused.Done, paused.Lang = meet.LinkPaused, page.LinkDone("paused"), "en"
	revoked.Link.State, revoked.Done = meet.LinkRevoked, page.LinkDone("revoked")
	lost.Link.State, lost.Link.URL, lost.Values, lost.Errors = meet.LinkExpired, "", wrong.Values, wrong.Errors

	pages := map[string]templ.Component{
		"share": public(shareView(t)), "share-guess": public(guess), "share-number": public(number), "share-nothing": public(nothing),
		"share-empty": public(empty), "share-month": public(none), "share-night": public(night),
		"link-new":     layout.Standalone(frame, page.NewLink(linkForm(t))),
		"link-errors":  layout.Standalone(frame, page.NewLink(wrong)),
		"link-picked":  layout.Standalone(frame, page.NewLink(picked)),
		"link-rolling": layout.Standalone(frame, page.NewLink(rolling)),
		"link":         layout.Standalone(frame, page.LinkPage(linkView(t))),
		"link-paused":  layout.Standalone(frame, page.LinkPage(paused)),
		"link-revoked": layout.Standalone(frame, page.LinkPage(revoked)),
		"link-lost":    layout.Standalone(frame, page.LinkPage(lost)),
		"links":        layout.Standalone(frame, page.Links(linksView(t))),
		"links-none":   layout.Standalone(frame, page.Links(page.LinksView{Zone: time.UTC})),
	}
	for name, reason := range map[string]string{
		"unknown": "share.closed.unknown", "expired": "share.closed.expired", "revoked": "share.closed.revoked", "paused": "share.closed.paused",
		"gone": "share.closed.gone", "down": "share.closed.down", "busy": "share.closed.busy",
	} {
		v := page.ShareClosedView{Key: reason, Wait: 90 * time.Second}
		if reason == "share.closed.down" || reason == "share.closed.busy" {
			v.Retry = "/s/3f8Kq2ZpT0mVbX7yNwRc1A"
		}
		pages["closed-"+name] = layout.Public(layout.Frame{Title: "Closed", Plain: true}, page.ShareClosed(v))
	}
	return pages
}

package templates_test

import (
	"net/url"
	"testing"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
	"slotfinder/templates/links"
	"slotfinder/templates/part"
	"slotfinder/templates/share"
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

func shareView(t testing.TB) share.View {
	return share.View{
		Path: "/s/3f8Kq2ZpT0mVbX7yNwRc1A", Title: "Product demo", Note: "We show you the new version.\nBring your questions.",
		Duration: 30, Names: []string{"Anna Becker", "Tom Fischer"}, Starts: shareStarts(t), Now: sampleNow,
		Zone: zone(t, "Europe/Berlin"), Home: zone(t, "Europe/Berlin"), Day: "2026-12-03",
	}
}

// shareList is a link with so few times that they are one list, from somebody who shows who
// they are and takes answers by e-mail.
func shareList(t testing.TB) share.View {
	v := shareView(t)
	v.Host, v.Reply = "Anna Becker", "anna.becker@example.com"
	few := make([]time.Time, 10)
	for i := range few {
		few[i] = v.Starts[3*i]
	}
	v.Starts = few
	return v
}

func linkView(t testing.TB) links.View {
	v := links.View{
		Link: links.Link{
			Link:  meet.Link{ID: "17", Title: "Product demo", Opens: 12, Created: sampleNow, Expires: sampleNow.AddDate(0, 0, 30)},
			State: meet.LinkOpen, URL: "https://slots.example.com/s/3f8Kq2ZpT0mVbX7yNwRc1A",
		},
		Zone: zone(t, "Europe/Berlin"), Now: sampleNow, Lang: "ru",
		Done: links.DoneKey("made"),
	}
	v.Message = links.Message{
		Title: "Product demo", Duration: 30, Starts: shareStarts(t), URL: v.Link.URL,
		Zones: []*time.Location{zone(t, "Europe/Berlin"), zone(t, "Europe/Moscow")},
	}
	return v
}

func linkForm(t testing.TB) links.Form {
	f := sample(t, 3, 5)
	form := links.Form{
		Query:  url.Values{"who": {"2,3"}, "dur": {"30"}, "from": {"2026-11-23"}, "to": {"2026-11-27"}, "tz": {"Europe/Berlin"}},
		Values: url.Values{"expires": {"30"}, "ahead": {"14"}}, Key: "k-1", Zone: f.Zone, Slots: f.Slots,
		Duration: 30, Now: sampleNow, Host: "Anna Becker",
		Names: []string{"Anna Becker", "Дмитрий Соколов", "Aigerim Nurlanova"}, Back: "/find?" + f.Query,
	}
	return form
}

func linksView(t testing.TB) links.ListView {
	v := links.ListView{Zone: zone(t, "Europe/Berlin"), Done: links.DoneKey("deleted")}
	for i, title := range []string{"Product demo", "", "Interview: second round", "Übergabe mit einem sehr langen Titel, der nirgends umbricht: " + longWord, "Old"} {
		l := links.Link{Link: meet.Link{ID: string(rune('1' + i)), Title: title, Opens: int64(i), Created: sampleNow.AddDate(0, 0, -i)}, URL: "https://slots.example.com/s/" + longWord[:22], State: []meet.LinkState{meet.LinkOpen, meet.LinkPaused, meet.LinkExpired, meet.LinkRevoked}[min(i, 3)]}
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
	public := func(v share.View) templ.Component {
		ctx := locale.With(t.Context(), locale.For("en"))
		return layout.Public(layout.Frame{Title: share.Title(ctx, v), About: share.Preview(ctx, v), Plain: true}, share.Page(v))
	}
	guess, number, nothing, empty, none, night := shareView(t), shareView(t), shareView(t), shareView(t), shareView(t), shareView(t)
	guess.Guess = true
	mail := shareView(t)
	mail.Host, mail.Reply, mail.Zone = "Tom Fischer", "tom@example.com", zone(t, "America/New_York")
	number.Names, number.People, number.Title, number.Note, number.Month = nil, 2, "", "", "2027-01"
	nothing.Names, nothing.Search = nil, "/find?who=2"
	nothing.Title, nothing.Note = "Ein Titel, der lang ist: "+longWord, longWord+longWord
	empty.Starts = nil
	none.Month = "2026-11"
	night.Zone, night.Language = zone(t, "Pacific/Auckland"), "en"
	night.Day = "2026-12-04"

	wrong := linkForm(t)
	wrong.Values = url.Values{"title": {"a\nb"}, "offer": {"picked"}, "expires": {"", "soon"}, "ahead": {"0"}, "show": {"names"}, "note": {"Kept"}, "host": {"0"}, "reply": {"nobody"}}
	wrong.Errors = map[string]string{
		"title": "links.fault.title", "note": "links.fault.note", "slot": "links.fault.slot", "offer": "links.fault.offer",
		"ahead": "links.fault.ahead", "show": "links.fault.show", "expires": "links.fault.expires", "reply": "links.fault.reply",
	}
	edit := linkForm(t)
	edit.Link = linkView(t).Link
	edit.Values = url.Values{
		"title": {"Product demo"}, "note": {"Kept"}, "show": {"number"}, "host": {"1"}, "reply": {"anna@example.com"}, "offer": {"picked"},
		"from": {"2026-11-23"}, "to": {"2026-11-27"}, "slot": {part.ISO(edit.Slots[0].Start.Time()), part.ISO(sampleNow.Add(5 * time.Minute))}, "expires": {"", "2026-12-23"},
	}
	picked, rolling := linkForm(t), linkForm(t)
	picked.Values["offer"], picked.Values["slot"] = []string{"picked"}, []string{part.ISO(picked.Slots[0].Start.Time())}
	rolling.Values["offer"] = []string{"rolling"}
	paused, revoked, lost := linkView(t), linkView(t), linkView(t)
	paused.Link.State, paused.Done, paused.Lang = meet.LinkPaused, links.DoneKey("paused"), "en"
	revoked.Link.State, revoked.Done = meet.LinkRevoked, links.DoneKey("revoked")
	lost.Link.State, lost.Link.URL = meet.LinkExpired, ""

	pages := map[string]templ.Component{
		"share": public(shareView(t)), "share-guess": public(guess), "share-number": public(number), "share-nothing": public(nothing),
		"share-list": public(shareList(t)), "share-mail": public(mail),
		"share-empty": public(empty), "share-month": public(none), "share-night": public(night),
		"link-new":     layout.Standalone(frame, links.NewPage(linkForm(t))),
		"link-errors":  layout.Standalone(frame, links.NewPage(wrong)),
		"link-edit":    layout.Standalone(frame, links.EditPage(edit)),
		"link-picked":  layout.Standalone(frame, links.NewPage(picked)),
		"link-rolling": layout.Standalone(frame, links.NewPage(rolling)),
		"link":         layout.Standalone(frame, links.Page(linkView(t))),
		"link-paused":  layout.Standalone(frame, links.Page(paused)),
		"link-revoked": layout.Standalone(frame, links.Page(revoked)),
		"link-lost":    layout.Standalone(frame, links.Page(lost)),
		"links":        layout.Standalone(frame, links.List(linksView(t))),
		"links-none":   layout.Standalone(frame, links.List(links.ListView{Zone: time.UTC})),
	}
	for name, reason := range map[string]string{
		"unknown": "share.closed.unknown", "expired": "share.closed.expired", "revoked": "share.closed.revoked", "paused": "share.closed.paused",
		"gone": "share.closed.gone", "down": "share.closed.down", "busy": "share.closed.busy",
	} {
		v := layout.LinkClosedView{Key: reason, Wait: 90 * time.Second}
		if reason == "share.closed.down" || reason == "share.closed.busy" {
			v.Retry = "/s/3f8Kq2ZpT0mVbX7yNwRc1A"
		}
		pages["closed-"+name] = layout.Public(layout.Frame{Title: "Closed", Plain: true}, layout.LinkClosed(v))
	}
	return pages
}

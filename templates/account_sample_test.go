package templates_test

import (
	"testing"
	"time"

	"github.com/a-h/templ"

	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/layout"
	"slotfinder/templates/part"
	"slotfinder/templates/portal"
	"slotfinder/templates/sessions"
	"slotfinder/templates/settings"
)

// sessionsView is the page of somebody who is signed in at three places and has just ended
// a fourth.
func sessionsView(t testing.TB) sessions.View {
	now := sampleNow.In(zone(t, "Europe/Berlin"))
	return sessions.View{Ended: true, Sessions: []sessions.Session{
		{ID: "1", Begun: now.Add(-26 * time.Hour), Used: now, Current: true},
		{ID: "2", Begun: now.Add(-9 * time.Hour), Used: now.Add(-20 * time.Minute), Framed: true},
		{ID: "3", Begun: now.AddDate(0, 0, -6), Used: now.Add(-23 * time.Hour)},
	}}
}

// outsiders are members of a chat who are not asked, for every reason; the last is folded in.
func outsiders() []meet.Outsider {
	return []meet.Outsider{
		{ID: 47, Name: "Hélène Marchetti", Kind: meet.OutsiderGuest},
		{ID: 190, Name: "Notetaker", Kind: meet.OutsiderBot},
		{ID: 48, Name: "Дмитрий Соколов-" + longWord, Kind: meet.OutsiderDismissed},
		{ID: 49, Kind: meet.OutsiderUnknown},
		{ID: 50, Name: "Omar Haddad", Kind: meet.OutsiderGuest},
	}
}

// leftOut is the search page with people of a chosen chat who are not asked, and with that
// chat found.
func leftOut(t testing.TB) find.View {
	v := view(sample(t, 4, 5))
	v.Left = outsiders()
	chat := func(id int64, name string, members int, left []meet.Outsider) part.Audience {
		a := part.Audience{Audience: meet.Audience{Kind: meet.AudienceChat, ID: id, Name: name}, Left: left}
		for i := range members {
			a.Members = append(a.Members, int64(i+1))
		}
		return a
	}
	v.Form.Typed = "au"
	v.Form.Found = &part.Suggestions{Typed: "au", Audiences: []part.Audience{
		chat(71, "Aurora: launch", 4, outsiders()), chat(72, "Auditors", 2, outsiders()[1:2]), chat(73, "All of Aurora and its friends", meet.MaxPeople+1, nil),
	}}
	return v
}

// accountSamples are the pages about who is signed in, and those of an error, in all
// states, beside those of samples.
func accountSamples(t testing.TB, frame layout.Frame) map[string]templ.Component {
	guest, framed := layout.Frame{Title: "Welcome"}, frame
	framed.Framed, framed.Here = true, "/settings"
	one := sessionsView(t)
	one.Ended, one.Sessions = false, one.Sessions[:1]
	tab, inside := settingsView(t), settingsView(t)
	tab.Saved, tab.Errors, tab.Agreed = false, nil, true
	tab.Again = &settings.SignInAgain{Portal: "company.bitrix24.com", Next: "/settings?agreed=1"}
	inside.Saved, inside.Errors, inside.Agreed = false, nil, true
	inside.Again = &settings.SignInAgain{Portal: "company.bitrix24.com", Next: "/settings?agreed=1", Framed: true}
	fresh := settingsView(t)
	fresh.Saved, fresh.Errors, fresh.Agreed = false, nil, true
	const request = "01JDC7Q2VX9W0N5S8T3K4M6P7R"
	return map[string]templ.Component{
		"sessions":        layout.Standalone(frame, sessions.Page(sessionsView(t))),
		"sessions-one":    layout.Standalone(frame, sessions.Page(one)),
		"sessions-framed": layout.Standalone(framed, sessions.Page(sessionsView(t))),
		"person": layout.Public(guest, portal.OtherPerson(portal.OtherPersonView{
			Name: "Дмитрий Соколов", Host: "company.bitrix24.com", OldName: "Anna Becker", OldHost: "company.bitrix24.com",
		})),
		"person-long": layout.Public(guest, portal.OtherPerson(portal.OtherPersonView{
			Name: "Anna " + longWord, Host: "sales-of-a-company-with-a-long-name.bitrix24.com", OldName: "Дмитрий Соколов", OldHost: "company.bitrix24.com",
		})),
		"left":           layout.Standalone(frame, find.Page(leftOut(t))),
		"settings-again": layout.Standalone(frame, settings.Page(tab)),
		"settings-frame": layout.Standalone(framed, settings.Page(inside)),
		"settings-fresh": layout.Standalone(frame, settings.Page(fresh)),
		"login":          layout.Public(guest, portal.Landing(portal.LandingView{Portal: "company.bitrix24.com", Next: "/links"})),
		"login-fault":    layout.Public(guest, portal.Landing(portal.LandingView{Portal: "compny.bitrix24.com", Next: "/links", Errors: map[string]string{"portal": "error.no_portal"}})),
		"internal":       layout.Standalone(frame, layout.Error(layout.ErrorView{Key: "error.internal", Retry: "/find?who=1", Request: request})),
		"crossed":        layout.Public(guest, layout.Error(layout.ErrorView{Key: "error.portal_answer", SignIn: "/login?next=%2Ffind", Retry: "/find", Request: request})),
		"ended-fault":    layout.Standalone(framed, layout.SessionEnded(layout.SessionEndedView{Key: "error.cant_read", Next: "/find", Tab: "/login", Request: request})),
	}
}

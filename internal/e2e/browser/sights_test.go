package browser

import (
	"strconv"
	"time"

	"slotfinder/internal/e2e/harness"
)

// sight is a page in a state worth checking.
type sight struct {
	Name   string
	Path   string
	Status int    // of the answer, 0 = 200
	Guest  bool   // seen by somebody who is not signed in
	Where  string // another place than a tab of the app, see places; "" = none
	Open   string // a script that opens something and returns its selector, to look at that alone; "" = nothing
}

// Sights are all pages. A new page or state is a new line, nothing else: every test
// of this file then looks at it in every look.
func (s *scene) sights() []sight {
	monday := harness.NextMonday(time.Now())
	days := "&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 4).Format(time.DateOnly)
	some := "/find?me=0&who=2,3,4,5&opt=6,7&dur=30" + days
	all := "1,2,3,4,5,6,7,8,9,10,11,12"
	many := all
	for id := 13; id <= 60; id++ {
		many += "," + strconv.Itoa(id)
	}
	return []sight{
		{Name: "landing", Path: "/", Guest: true},
		{Name: "a wrong address", Path: "/login?portal=%3Cnonsense%3E", Guest: true, Status: 422},
		{Name: "sign-in expired", Path: "/find?who=2", Guest: true},
		{Name: "not found, to a guest", Path: "/there/is/nothing", Guest: true, Status: 404},
		{Name: "first visit", Path: "/find"},
		{Name: "timeline", Path: some},
		{Name: "heat map", Path: some + "&view=heat"},
		{Name: "nothing fits", Path: "/find?me=0&who=" + all + "&dur=240" + days},
		{Name: "somebody is unknown", Path: "/find?me=0&who=2,99999&dur=30" + days},
		{Name: "60 people", Path: "/find?me=0&who=" + many + days},
		{Name: "60 people, unfolded", Path: "/find?me=0&open=1&who=" + many + days},
		{Name: "series", Path: "/find?me=0&who=2,3,7&weeks=6&dur=30" + days},
		{Name: "errors in the form", Path: "/find?who=2&hours=9-17&dur=x&from=soon&quorum=-1&tz=Mars/Olympus&work=2", Status: 422},
		{Name: "people picker", Path: some, Open: openPicker},
		{Name: "people found, without script", Path: "/find?who=2&find=1&q=a"},
		{Name: "people search", Path: "/people?q=a"},
		{Name: "nobody found", Path: "/people?q=zzzzzz"},
		{Name: "kept groups in the picker", Path: some, Open: openKept},
		{Name: "calendar of days", Path: some, Open: openDays},
		{Name: "menu", Path: some, Open: openMenu},
		{Name: "list of keys", Path: some, Open: openKeys},
		{Name: "own hours", Path: "/hours"},
		{Name: "not found", Path: "/there/is/nothing", Status: 404},
		{Name: "my links, none yet", Path: "/links", Where: "frame"},
		{Name: "my links", Path: "/links"},
		{Name: "new link", Path: "/links/new?who=2,5&dur=30" + days},
		{Name: "errors in a new link", Path: "/links/new?who=2,5&dur=30&expires=soon&offer=picked" + days},
		{Name: "a link", Path: "/links/" + s.Open.ID},
		{Name: "a closed link", Path: "/links/" + s.Closed.ID},
		{Name: "shared page", Path: "/s/" + s.Open.Token + "?tz=Europe/Berlin", Guest: true},
		{Name: "shared page, closed", Path: "/s/" + s.Closed.Token, Guest: true, Status: 410},
		{Name: "shared page, unknown", Path: "/s/AAAAAAAAAAAAAAAAAAAAAA", Guest: true, Status: 404},
		{Name: "settings", Path: "/settings"},
		{Name: "in the portal", Path: some, Where: "frame"},
		{Name: "sign-in expired in the portal", Path: "/find?who=2", Guest: true, Where: "no session", Status: 401},
		{Name: "installer", Path: "/bitrix24/install", Guest: true, Where: "installer"},
		{Name: "progress", Path: "/find?me=0&who=" + s.others(), Where: "slow portal"},
		{Name: "portal down", Path: "/find?me=0&who=8,9", Where: "dead portal", Status: 503},
	}
}

// openPicker types into the people search and waits for the list. On a phone it is
// in the sheet of filters. The list covers what is below it, which is no fault.
const openPicker = `(async () => {
	const input = document.querySelector('#f-who')
	if (innerWidth < 860) document.querySelector('#fbox').showPopover()
	input.focus()
	input.value = 'a'
	input.dispatchEvent(new Event('input', {bubbles: true}))
	while (!document.querySelector('#q-list:not([hidden]) [data-id]')) await new Promise(requestAnimationFrame)
	return 'people-picker'
})()`

// What opens by a click: the calendar of days, the menu of the person, the list of keys.
const (
	openDays = `(() => { document.querySelector('#pick-days').open = true; return '#pick-days' })()`
	openMenu = `(() => { document.querySelector('.account').open = true; return '.account' })()`
	openKeys = `(() => { document.querySelector('#shortcuts').showModal(); return '#shortcuts' })()`
)

// openKept shows what the people search offers before anything is typed.
const openKept = `(async () => {
	if (innerWidth < 860) document.querySelector('#fbox').showPopover()
	document.querySelector('#f-who').focus()
	while (!document.querySelector('#q-list:not([hidden]) [data-id]')) await new Promise(requestAnimationFrame)
	return 'people-picker'
})()`

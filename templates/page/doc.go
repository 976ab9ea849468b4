// Package page holds the pages: what each one shows (plain structs, filled by
// web) and how (templ components).
//
//	view.go      the structs that web fills for every page
//	facts.go     Facts: an answer as web knows it
//	result.go    Facts -> Result: cards, the chosen slot
//	reason.go    what the engine says of slots, people and changes, in words
//	choice.go    the parameters of the page itself: view, day, slot, open
//	reading.go   the progress of a slow search
//	groups.go    saved groups, and the form that saves them
//	form.go      the filter form: choices and what is filled in
//	anyof.go     people of whom not all must come
//	board.go     which days and hours the table shows
//	group.go     who stands in which group, and which groups are folded
//	day.go       one column: stretches -> pieces, how many are free, what can be chosen
//	lane.go      pieces -> SVG
//	list.go      all slots by day with everybody's clock
//	heat.go      the heat map
//	zone.go      zones: labels, local times, who shares a clock
//	hours.go     the page of working time and its preview
//	settings.go  the page of settings for the whole portal
//	share.go     what guests see under a link: a month, the times of a day
//	links.go     the form that makes a link, a link's own page, the list of them
//	message.go   the text that is sent along with a link
//	ended.go     in the portal's frame: without a session, and out of the frame
//	install.go   what the installer has set up
//	*.templ      the components; *_templ.go is generated from them and committed
//
// Pages know no clock, no database and no Echo: every instant, number and
// address they need is in the struct. Texts and dates come from the locale
// catalogue in the context.
//
// The filter form is one GET form to /find. Beside the parameters of the query
// it sends these, which web turns into a query and answers by 303 to its URL (or,
// for htmx, by the page with that URL pushed):
//
//	add=ID        make ID required         drop=ID      ask ID no longer
//	optional=ID   ID may be missing        required=ID  ID must be there
//	group=QUERY   add a saved group
//	length=N      dur=N                    after, before  hours=AFTER-BEFORE
//	find=1 q=TEXT show the people found by TEXT as buttons (script off)
//	view, day, slot, open   what the page shows of the answer: Choice
package page

// Package find holds the search page.
//
//	view.go      View and Form: what web fills
//	result.go    meet.Answer -> Result: the chosen slot
//	proposal.go  the times that are proposed, as cards
//	opening.go   how many openings there are, and of how many hours
//	heading.go   the answer in a sentence
//	names.go     people by their first names
//	chosen.go    the chosen slot: other clocks, who can't come and why
//	reason.go    what the engine says of slots and people, in words
//	relax.go     changes that would help when nothing fits, and what they cost
//	obstacle.go  who stands in the way, and by what
//	show.go      other texts of form and result
//	choice.go    the parameters of the page itself: view, day, slot, open, month, left
//	reading.go   the progress of a slow search
//	range.go     the days that are searched: weeks, arrows, with an answer or without
//	calendar.go  a month to choose days from
//	form.go      the filter form: choices and what is filled in
//	anyof.go     people of whom not all must come
//	board.go     which days and hours the table shows
//	group.go     who stands in which group, and which groups are folded
//	day.go       one column: stretches -> pieces, how many are free, what can be chosen
//	green.go     for whom a time is enough, the legend, what the pointing script needs
//	kind.go      why somebody is not available, as it is drawn
//	lane.go      pieces -> SVG
//	weeks.go     the board of weekly times by weeks
//	series.go    the chosen series: weeks that fail, its dates as text and as a link
//	rotation.go  who bears how much of a plan with changing hours
//	list.go      all openings with their starts and other clocks
//	tick.go      times to be shared or copied: boxes, the tray
//	text.go      these times as text, a page of its own
//	clock.go     who shares a clock, and what it shows
//	heat.go      the heat map
//
// The filter form is one GET form to /find. Beside the parameters of the query
// it sends these, which web turns into a query and answers by 303 to its URL (or,
// for htmx, by the page with that URL pushed):
//
//	add=ID        make ID required         drop=ID      ask ID no longer
//	optional=ID   ID may be missing        required=ID  ID must be there
//	group=QUERY   add a saved group
//	length=N      dur=N                    after, before  hours=AFTER-BEFORE
//	pick=DAY      from=DAY, to=DAY
//	was=QUERY     what the form showed, so that one field can move another along
//	find=1 q=TEXT show the people found by TEXT as buttons (script off)
//	view, day, slot, open, month, left, swap   what the page shows of the answer: Choice
package find

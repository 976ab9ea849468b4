// Package templates holds what people see: a folder for each feature of web, and two
// that they share.
//
//	find        the search: form, result, board, list
//	people      the people search as a page, saved groups
//	meetings    booking a time, a meeting, the coming ones
//	links       the owner's links: to make one, to change it, the list
//	share       what guests see under a link
//	hours       working time and its preview
//	settings    the portal's settings
//	sessions    where somebody is signed in
//	portal      the first page, the installer, a change of person, the way out of the frame
//	layout      what stands around every page, and the pages that say what went wrong
//	part        what several pages use: people, zones, fields, icons
//
// A folder has Go files, in which an answer becomes what is drawn, and templ files, in
// which that is written; *_templ.go is generated from them and committed. Pages know no
// clock, no database and no Echo: every instant, number and address they need is handed
// to them, in meet's own values where there are such. Texts and dates come from the
// locale catalogue in the context.
//
// The tests here look at all pages; a made-up company is in sample_test.go.
package templates

// Package find is the search: one URL, answered as a page, as the part of the page that
// htmx swaps, or as JSON.
//
//	routes.go  what it needs, and its routes
//	find.go    the page
//	edit.go    the buttons of its form
//	when.go    fields that move along when another is changed
//	view.go    what templates are given
//	text.go    chosen times as text
//	answerjson.go  the JSON, written as it is made (jsonwriter.go)
//	search.go  searches in the background, which go on while a page says how far they
//	           are, and asks again
//	live.go    the event stream that tells open pages of changes
package find

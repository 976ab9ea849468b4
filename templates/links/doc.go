// Package links holds the pages on which owners make and keep their links.
//
//	links.go      what the pages show: the form that makes a link, a link's own page, the list
//	picks.go      the times to tick
//	message.go    the text that is sent along with a link
//	form.templ    the form that makes or changes a link
//	links.templ   a link's own page, the list
package links

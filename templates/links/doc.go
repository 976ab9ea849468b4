// Package links holds the pages on which owners make and keep their links.
//
//	links.go      the form that makes a link, a link's own page, the list
//	picks.go      the times to tick
//	message.go    the text that is sent along with a link
//	links.templ   the components
package links

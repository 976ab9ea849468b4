// Package people holds the page of the people search and that of saved groups. The
// suggestions themselves are in part: the search page shows them, too.
//
//	groups.go       what the page of groups shows
//	people.templ    the people search
//	groups.templ    saved groups
package people

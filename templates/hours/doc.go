// Package hours holds the page of working time: the form, and how the next week looks.
//
//	hours.go      the form of a person or of the company
//	range.go      ranges of clock readings, in two fields each
//	hours.templ   the components
package hours

// Package meetings has the pages of meetings: booking a time that was found, one meeting,
// the coming ones, moving, cancelling and answering.
//
//	routes.go     Handlers and their routes
//	book.go       the form of a time, and booking it
//	meetings.go   one meeting and the list
//	change.go     moving, cancelling, answering
//	json.go       meetings for programs
package meetings

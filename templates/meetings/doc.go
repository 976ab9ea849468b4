// Package meetings shows the form that books a meeting, the meeting, the list of somebody's
// meetings, and the times to which one can move.
//
//	form.templ      the form of a time that was found
//	meeting.templ   one meeting: how it stands, who comes, what can be done with it
//	list.templ      the coming meetings, and the times of a move
//	meetings.go     what these pages are given
//	clocks.go       a time on the clocks of others
package meetings

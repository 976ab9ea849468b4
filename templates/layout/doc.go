// Package layout holds what stands around every page, and the pages that any feature may
// come to: those that say what went wrong.
//
//	Standalone     our own window or, with Frame.Framed, the frame inside the portal
//	               in ours with the menu of the person, in both with the list of keys
//	Public         pages for guests: no script of its own
//	Error          a page with a Problem, which also stands within others
//	SessionEnded   in the portal's frame, without a session
//	LinkClosed     under a link that shows no times
//
// What these show is in error.go, ended.go and closed.go, next to their templ files.
// refresh.go names the requests that a page makes on its own, frame.go what a page does not
// know, menu.templ with choices.go and shortcuts.templ are the menu and the list of keys.
package layout

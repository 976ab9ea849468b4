package web

import (
	"net/url"
	"path"
	"slices"
	"strings"
)

// The addresses that more than one feature knows.
const (
	PhotoSpritePath = "/faces/"
	GroupsPath      = "/groups"
	SessionsPath    = "/sessions"
	LivePath        = "/live" // the event stream's, which compression must not hold back
	SharePath       = "/s/"   // the folder of the pages that anyone may open who has a link

	// CallbackPath is where portals send people back to who are signing in, and where
	// they post the forms that open the app in a frame.
	CallbackPath = "/bitrix24"
	LaunchPath   = CallbackPath
	InstallPath  = "/bitrix24/install" // the same for the installer
	FramePath    = "/frame"            // as a launch, by the script in the frame
	EventsPath   = "/bitrix24/events"  // where Bitrix24's cloud sends its events
	PersonPath   = "/login/person"     // where somebody chooses who they are
)

// nextLimit bounds the page to come back to, in bytes; a longer one is /find.
const nextLimit = 8 << 10

// NextOf is SafeNext for what a browser brings along while nobody is signed in.
func NextOf(next string) string {
	if len(next) > nextLimit {
		next = ""
	}
	return SafeNext(next)
}

// SafeNext returns where to go after signing in: a page of ours, whatever the
// URL asked for.
func SafeNext(next string) string {
	u, err := url.Parse(next)
	if err != nil || u.IsAbs() || u.Host != "" || u.User != nil || strings.ContainsAny(next, "\\\r\n\t\x00") || !isPage(u) {
		return "/find"
	}
	return u.RequestURI()
}

// isPage reports whether a path is that of a whole page of people who are signed in.
// Browsers walk up at dots, also at those that are escaped: /find/../login is another
// page, and one that leads to any address.
func isPage(u *url.URL) bool {
	return path.Clean(u.Path) == u.Path && slices.ContainsFunc([]string{"/find", "/groups", "/hours", "/links", "/sessions", "/settings"}, func(page string) bool {
		return u.Path == page || strings.HasPrefix(u.Path, page+"/")
	})
}

package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"slotfinder/static"
)

// mount registers every route, grouped by who may call it.
func (s *Server) mount() {
	e := s.echo

	// anyone
	e.GET("/", s.landing)
	e.GET("/healthz", s.healthz)
	e.GET("/readyz", s.readyz)
	e.GET(static.Prefix+"*", s.static)

	// a browser that is signing in
	limit := throttle(signInsPerSecond, signInBurst)
	e.GET("/login", s.login, limit)
	e.POST("/login", s.beginLogin, limit)
	e.GET(personPath, s.person)
	e.POST(personPath, s.choosePerson)
	e.GET(callbackPath, s.callback, limit)

	// a portal, in whose page we are a frame; an office that opens it has one address,
	// and must not use up the sign-ins of those who come without a portal
	launches := throttle(signInsPerSecond, signInBurst)
	e.POST(launchPath, s.launch, launches)
	e.POST(installPath, s.install, launches)

	// somebody in that frame
	e.POST(framePath, s.renewFrame, launches)
	e.POST("/frame/out", s.leaveFrame)
	e.POST("/open", s.openTab, limit)

	// a portal that checks our address
	e.HEAD("/bitrix24", alive)
	e.HEAD("/bitrix24/install", alive)

	// Bitrix24's cloud
	e.POST(eventsPath, s.event)

	// signed in
	e.GET("/find", s.find)
	e.GET("/people", s.people)
	e.GET(groupsPath, s.groups)
	e.POST(groupsPath, s.saveGroup)
	e.POST(groupsPath+"/delete", s.deleteGroup)
	e.GET(livePath, s.live)
	e.GET("/photo/:id", s.photo)
	e.GET(facesPath+":ids", s.faces)
	e.GET("/hours", s.hours)
	e.POST("/hours", s.saveHours)
	e.GET("/settings", s.settings)
	e.POST("/settings", s.saveSettings)
	e.GET(sessionsPath, s.showSessions)
	e.POST(sessionsPath+"/:id/end", s.endSession)
	e.POST("/logout", s.logout)
	e.GET("/links", s.links)
	e.POST("/links", s.makeLink)
	e.GET("/links/new", s.newLink)
	e.GET("/links/:id", s.link)
	e.POST("/links/:id", s.editLink)
	e.POST("/links/:id/pause", s.pauseLink)
	e.POST("/links/:id/resume", s.resumeLink)
	e.POST("/links/:id/revoke", s.revokeLink)
	e.POST("/links/:id/delete", s.deleteLink)

	// anyone who has a link
	e.GET(sharePath+":token", s.share, s.guests)
}

// callbackPath is where portals send people back to who are signing in.
const callbackPath = "/bitrix24"

// personPath is the page on which somebody chooses who they are.
const personPath = "/login/person"

// Where portals post the forms that open the app, and its installer, in a frame.
const (
	launchPath  = callbackPath
	installPath = "/bitrix24/install"
	framePath   = "/frame" // as a launch, by the script in the frame
)

// eventsPath is where Bitrix24's cloud sends its events.
const eventsPath = "/bitrix24/events"

// How often one address may start or end a sign-in, and how often it may launch.
const (
	signInsPerSecond = 5
	signInBurst      = 100
)

// static serves the files of the pages. They name their content, so they may be
// kept for good.
func (s *Server) static(c echo.Context) error {
	if !static.Has(c.Request().URL.Path) {
		return echo.ErrNotFound
	}
	static.Handler().ServeHTTP(c.Response(), c.Request())
	return nil
}

func alive(c echo.Context) error { return c.NoContent(http.StatusOK) }

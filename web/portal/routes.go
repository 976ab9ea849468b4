package portal

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/changefeed"
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	"slotfinder/web"
)

// Handlers answers for everything between the product and portals: signing in, the app in a portal's frame, its installer, and events.
type Handlers struct {
	Site      *web.Server
	Installer meet.Installer
	Picker    *picker.Picker
	Changes   *changefeed.Feed

	appEvents, claims, refused *web.Allowance // for events
}

// Mount registers the routes.
func (h *Handlers) Mount() {
	s := h.Site
	h.appEvents = web.NewAllowance(appEventsPerSecond, appEventBurst, s.Now)
	h.claims = web.NewAllowance(claimsPerSecond, claimBurst, s.Now)
	h.refused = web.NewAllowance(refusedPerSecond, refusedBurst, s.Now)

	// a browser that is signing in
	limit := web.Throttle(signInsPerSecond, signInBurst)
	s.GET("/", s.Anyone(h.landing))
	s.GET("/login", s.Anyone(h.login), limit)
	s.POST("/login", s.Anyone(h.beginLogin), limit)
	s.GET(web.PersonPath, s.Anyone(h.person))
	s.POST(web.PersonPath, s.Anyone(h.choosePerson))
	s.GET(web.CallbackPath, s.Anyone(h.callback), limit)

	// a portal, in whose page we are a frame; an office that opens it has one address,
	// and must not use up the sign-ins of those who come without a portal
	launches := web.Throttle(signInsPerSecond, signInBurst)
	s.POST(web.LaunchPath, s.Anyone(h.launch), launches)
	s.POST(web.InstallPath, s.Anyone(h.install), launches)

	// somebody in that frame
	s.POST(web.FramePath, s.Anyone(h.renewFrame), launches)
	s.POST("/frame/out", s.Anyone(h.leaveFrame)) // by the session, of which it needs the id
	s.POST("/open", s.Anyone(h.openTab), limit)  // by a code

	// a portal that checks our address
	s.HEAD(web.CallbackPath, s.Anyone(alive))
	s.HEAD(web.InstallPath, s.Anyone(alive))

	// Bitrix24's cloud
	s.POST(web.EventsPath, s.Anyone(h.event))
}

// How often one address may start or end a sign-in, and how often it may launch.
const (
	signInsPerSecond = 5
	signInBurst      = 100
)

func alive(c echo.Context) error { return c.NoContent(http.StatusOK) }

package apps

import (
	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
	"slotfinder/internal/portalsim/rest"
)

// peopleScopes are the scopes of which any lets an app see users.
const peopleScopes = "user|user_basic|user_brief"

// Apps is what a portal knows of its applications, and what it does with them.
type Apps struct {
	*portal.Portal
	auth       *oauth.Server
	installed  map[string]*installation // by client id, of apps that the portal has or had
	handlers   []handler
	placements []Widget
	outbox     []delivery
	wake       chan struct{} // holds a value while the outbox may not be empty
	lastID     int           // of handlers and placements
}

// New keeps the applications of a portal and sends them its events.
func New(p *portal.Portal, auth *oauth.Server) *Apps {
	apps := &Apps{Portal: p, auth: auth, installed: map[string]*installation{}, wake: make(chan struct{}, 1)}
	p.Notify = apps.emit
	return apps
}

// nextID numbers handlers and placements. The portal is locked.
func (a *Apps) nextID() int {
	a.lastID++
	return a.lastID
}

// call is a call of one of the methods below.
type call struct {
	*rest.Call
	apps *Apps
}

// Methods are the REST methods of applications, by lower-case name.
func (a *Apps) Methods() map[string]rest.Method {
	table := map[string]rest.Method{}
	wrap := func(called *rest.Call) *call { return &call{called, a} }
	rest.Add(table, "", wrap, map[string]func(*call) (rest.Result, error){
		"app.info":     appInfo,
		"events":       eventNames,
		"event.bind":   handlerBind,
		"event.unbind": handlerUnbind,
		"event.get":    handlerList,
	})
	rest.Add(table, "placement", wrap, map[string]func(*call) (rest.Result, error){
		"placement.bind":   placementBind,
		"placement.unbind": placementUnbind,
		"placement.get":    placementGet,
		"placement.list":   placementList,
	})
	return table
}

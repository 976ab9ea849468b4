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
func (p *Apps) nextID() int {
	p.lastID++
	return p.lastID
}

// call is a call of one of the methods below.
type call struct {
	*rest.Call
	portal *Apps
}

// Methods are the REST methods of applications, by lower-case name.
func (p *Apps) Methods() map[string]rest.Method {
	table := map[string]rest.Method{}
	add := func(scope string, methods map[string]func(*call) (rest.Result, error)) {
		for name, run := range methods {
			table[name] = rest.Method{Scope: scope, Run: func(c *rest.Call) (rest.Result, error) { return run(&call{c, p}) }}
		}
	}
	add("", map[string]func(*call) (rest.Result, error){
		"app.info":     appInfo,
		"events":       eventNames,
		"event.bind":   handlerBind,
		"event.unbind": handlerUnbind,
		"event.get":    handlerList,
	})
	add("placement", map[string]func(*call) (rest.Result, error){
		"placement.bind":   placementBind,
		"placement.unbind": placementUnbind,
		"placement.get":    placementGet,
		"placement.list":   placementList,
	})
	return table
}

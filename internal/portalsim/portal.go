package portalsim

import (
	"net/http"
)

// ServeHTTP serves the portal: its pages, /oauth/authorize/ and REST.
func (p *Portal) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	p.routes.ServeHTTP(w, r)
}

// router is the portal's table of addresses.
func (p *Portal) router() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/rest/", p.serveREST)
	return mux
}

// Install installs a registered app on the portal.
func (p *Portal) Install(clientID string) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	p.sim.installs[install{clientID, p.MemberID}] = true
}

// Move gives the portal a new address. The old ones answer 302 to the new.
func (p *Portal) Move(newHost string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.state.oldHosts[p.Host] = true
	delete(p.state.oldHosts, newHost)
	p.Host = newHost
}

// movedTo tells whether host is a former address, and the present origin.
func (p *Portal) movedTo(host string) (origin string, moved bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.origin(), p.state.oldHosts[host]
}

package portalsim

import (
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"slotfinder/internal/portalsim/oauth"
)

// Config is what a simulator takes from outside.
type Config struct {
	Now      func() time.Time // default time.Now
	Rand     io.Reader        // source of codes and tokens; default crypto/rand
	Insecure bool             // every portal is served over http
}

// Sim is a simulated Bitrix24: the authorization server and all its portals.
// Its methods may be called at any time from any goroutine.
type Sim struct {
	auth     *oauth.Server
	insecure bool

	mu      sync.Mutex
	portals []*Portal
}

// New makes a simulator without portals.
func New(cfg Config) *Sim {
	return &Sim{auth: oauth.New(cfg.Now, cfg.Rand), insecure: cfg.Insecure}
}

// SetAuthURL sets the authorization server's origin, for example
// "http://127.0.0.1:4080", as portals and tokens report it.
func (s *Sim) SetAuthURL(url string) { s.auth.SetOrigin(url) }

// AuthURL is that origin, without a final slash.
func (s *Sim) AuthURL() string { return s.auth.Origin() }

// SetAuth sets the oddities of the authorization server.
func (s *Sim) SetAuth(switches AuthSwitches) { s.auth.SetSwitches(switches) }

// AuthServer is the authorization server: /oauth/token/ by GET and POST, and
// /rest/app.info.
func (s *Sim) AuthServer() http.Handler { return s.auth.Handler() }

// AddApp registers an application; a second one with the same client id replaces
// the first.
func (s *Sim) AddApp(app App) { s.auth.AddApp(app) }

// AddPortal takes a portal in. From then on its fields belong to the simulator.
func (s *Sim) AddPortal(p *Portal) {
	p.join(s.auth, s.insecure)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.portals = append(s.portals, p)
}

// FailAuth orders a fault for the authorization server's path, "/oauth/token/"
// or "/rest/app.info"; "*" = any.
func (s *Sim) FailAuth(path string, f Fault) { s.auth.Fail(path, f) }

// HealAuth takes back every fault ordered for the authorization server.
func (s *Sim) HealAuth() { s.auth.Heal() }

// RevokeRefresh makes the refresh tokens of a user of a portal useless, of
// everybody there with userID 0. Access tokens stay good until they expire.
func (s *Sim) RevokeRefresh(memberID string, userID int) { s.auth.RevokeRefresh(memberID, userID) }

// ServeHTTP serves the authorization server and every portal behind one
// listener, told apart by the Host header (names under .localhost, for example).
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.TrimPrefix(strings.TrimPrefix(s.auth.Origin(), "http://"), "https://") == r.Host {
		s.AuthServer().ServeHTTP(w, r)
		return
	}
	for _, p := range s.allPortals() {
		if p.portal.AnswersTo(r.Host) {
			p.ServeHTTP(w, r)
			return
		}
	}
	http.Error(w, "no portal at this address", http.StatusNotFound)
}

func (s *Sim) allPortals() []*Portal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Portal(nil), s.portals...)
}

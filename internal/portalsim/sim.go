package portalsim

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"
	"time"
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
	now      func() time.Time
	insecure bool
	methods  map[string]method // by lower-case name; never changes

	randMu sync.Mutex
	rand   io.Reader

	// mu guards what follows. While it is held no portal's mu may be taken.
	mu       sync.Mutex
	authURL  string
	portals  []*Portal
	apps     map[string]*App    // by client id; an App never changes once added
	installs map[install]string // the application token
	codes    map[string]*code
	access   map[string]*grant
	refresh  map[string]*grant
	faults   faults
	switches AuthSwitches
}

// App is a registered application.
type App struct {
	ClientID     string
	ClientSecret string
	SignInURL    string   // where the portal's page sends people who open the app on its own; "" = RedirectURL
	RedirectURL  string   // main handler address, also where the browser returns with the code
	InstallURL   string   // address of the installer; may be ""
	Scopes       []string // as in the application's card
	Portal       string   // a local app: member id of its only portal; "" = marketplace
	Code         string   // vendor.name
	Name         string
}

// install is an application on a portal.
type install struct{ clientID, memberID string }

// New makes a simulator without portals.
func New(cfg Config) *Sim {
	if cfg.Now == nil {
		cfg.Now = time.Now
	}
	if cfg.Rand == nil {
		cfg.Rand = rand.Reader
	}
	return &Sim{
		now:      cfg.Now,
		rand:     cfg.Rand,
		insecure: cfg.Insecure,
		methods:  methodTable(),
		apps:     map[string]*App{},
		installs: map[install]string{},
		codes:    map[string]*code{},
		access:   map[string]*grant{},
		refresh:  map[string]*grant{},
	}
}

// methodTable holds every REST method by lower-case name.
func methodTable() map[string]method {
	table := coreMethods()
	for name, m := range calendarMethods() {
		table[name] = m
	}
	return table
}

// SetAuthURL sets the authorization server's origin, for example
// "http://127.0.0.1:4080", as portals and tokens report it.
func (s *Sim) SetAuthURL(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.authURL = strings.TrimSuffix(url, "/")
}

// AddPortal takes a portal in. From then on its fields belong to the simulator.
func (s *Sim) AddPortal(p *Portal) {
	p.mu.Lock()
	p.sim = s
	p.Insecure = p.Insecure || s.insecure
	p.state.ready()
	p.routes = p.router()
	p.mu.Unlock()

	s.mu.Lock()
	defer s.mu.Unlock()
	s.portals = append(s.portals, p)
}

// AddApp registers an application; a second one with the same client id replaces
// the first.
func (s *Sim) AddApp(app App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps[app.ClientID] = &app
}

// ServeHTTP serves the authorization server and every portal behind one
// listener, told apart by the Host header (names under .localhost, for example).
func (s *Sim) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if strings.TrimPrefix(strings.TrimPrefix(s.authOrigin(), "http://"), "https://") == r.Host {
		s.AuthServer().ServeHTTP(w, r)
		return
	}
	for _, p := range s.allPortals() {
		if p.answersTo(r.Host) {
			p.ServeHTTP(w, r)
			return
		}
	}
	http.Error(w, "no portal at this address", http.StatusNotFound)
}

// answersTo tells whether the portal is, or once was, at host.
func (p *Portal) answersTo(host string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return sameHost(p.Host, host) || p.state.oldHosts[host]
}

// sameHost compares host names case-insensitively, ports included.
func sameHost(a, b string) bool {
	return strings.EqualFold(a, b)
}

func (s *Sim) authOrigin() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.authURL
}

// authHost is the authorization server's host without port, as server_domain
// reports it; a port other than the scheme's own is kept.
func (s *Sim) authHost() string {
	_, host, found := strings.Cut(s.authOrigin(), "://")
	if !found {
		return ""
	}
	if name, port, err := net.SplitHostPort(host); err == nil && (port == "443" || port == "80") {
		return name
	}
	return host
}

func (s *Sim) allPortals() []*Portal {
	s.mu.Lock()
	defer s.mu.Unlock()
	return append([]*Portal(nil), s.portals...)
}

func (s *Sim) portalByID(memberID string) *Portal {
	for _, p := range s.allPortals() {
		if p.MemberID == memberID {
			return p
		}
	}
	return nil
}

func (s *Sim) app(clientID string) *App {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.apps[clientID]
}

func (s *Sim) installed(clientID, memberID string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.installs[install{clientID, memberID}] != ""
}

// token makes a fresh random token of n bytes in hexadecimal digits.
func (s *Sim) token(n int) string {
	s.randMu.Lock()
	defer s.randMu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		panic(fmt.Sprintf("portalsim: source of randomness: %v", err))
	}
	return hex.EncodeToString(b)
}

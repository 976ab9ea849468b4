package oauth

import (
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/portal"
)

// Server is the authorization server of all portals. Its methods may be called
// at any time from any goroutine.
type Server struct {
	now func() time.Time

	randMu sync.Mutex
	rand   io.Reader

	// mu guards what follows. No portal may be locked while it is held.
	mu       sync.Mutex
	origin   string
	portals  []*portal.Portal
	apps     map[string]*App    // by client id; an App never changes once added
	installs map[install]string // the application token
	codes    map[string]*code
	access   map[string]*grant
	refresh  map[string]*grant
	faults   fault.Queue
	switches Switches
}

// New makes an authorization server without portals and apps. nil means
// the clock and the randomness of the machine.
func New(now func() time.Time, random io.Reader) *Server {
	if now == nil {
		now = time.Now
	}
	if random == nil {
		random = rand.Reader
	}
	return &Server{
		now:      now,
		rand:     random,
		apps:     map[string]*App{},
		installs: map[install]string{},
		codes:    map[string]*code{},
		access:   map[string]*grant{},
		refresh:  map[string]*grant{},
		faults:   fault.Queue{},
	}
}

// Now is the present time of the whole simulator.
func (s *Server) Now() time.Time { return s.now() }

// SetOrigin sets the server's own address, as portals and tokens report it.
func (s *Server) SetOrigin(url string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.origin = strings.TrimSuffix(url, "/")
}

// Origin is the server's own address: scheme, host and port.
func (s *Server) Origin() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.origin
}

// Host is the server's host, as server_domain reports it; a port other than the
// usual ones is kept.
func (s *Server) Host() string {
	_, host, found := strings.Cut(s.Origin(), "://")
	if !found {
		return ""
	}
	if name, port, err := net.SplitHostPort(host); err == nil && (port == "443" || port == "80") {
		return name
	}
	return host
}

// AddPortal lets people of a portal get tokens.
func (s *Server) AddPortal(p *portal.Portal) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.portals = append(s.portals, p)
}

func (s *Server) portal(memberID string) *portal.Portal {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, p := range s.portals {
		if p.MemberID == memberID {
			return p
		}
	}
	return nil
}

// AddApp registers an application; a second one with the same client id replaces
// the first.
func (s *Server) AddApp(app App) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.apps[app.ClientID] = &app
}

// App is the application with that client id, nil without one.
func (s *Server) App(clientID string) *App {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.apps[clientID]
}

// AppsFor are the apps that can be on a portal, by name.
func (s *Server) AppsFor(memberID string) []*App {
	return s.appsThat(func(app *App) bool { return app.Portal == "" || app.Portal == memberID })
}

// AppsOn are the apps that a portal has, by name.
func (s *Server) AppsOn(memberID string) []*App {
	return s.appsThat(func(app *App) bool { return s.installs[install{app.ClientID, memberID}] != "" })
}

// appsThat are the apps that fit, by name. fits is called while mu is held.
func (s *Server) appsThat(fits func(*App) bool) []*App {
	s.mu.Lock()
	defer s.mu.Unlock()
	var apps []*App
	for _, app := range s.apps {
		if fits(app) {
			apps = append(apps, app)
		}
	}
	slices.SortFunc(apps, func(a, b *App) int { return strings.Compare(a.Name+a.ClientID, b.Name+b.ClientID) })
	return apps
}

// install is an application on a portal.
type install struct{ clientID, memberID string }

// Install gives the app a new application token, and with it a place on the
// portal.
func (s *Server) Install(clientID, memberID string) {
	token := s.NewToken(16)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.installs[install{clientID, memberID}] = token
}

// Uninstall takes an app off a portal: its tokens there stop working.
func (s *Server) Uninstall(clientID, memberID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.installs, install{clientID, memberID})
}

// ApplicationToken is the token that a portal's events to the app carry; "" when
// the app is not installed there.
func (s *Server) ApplicationToken(clientID, memberID string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.installs[install{clientID, memberID}]
}

// Installed reports whether the portal has the app.
func (s *Server) Installed(clientID, memberID string) bool {
	return s.ApplicationToken(clientID, memberID) != ""
}

// NewToken makes a fresh random token of n bytes in hexadecimal digits.
func (s *Server) NewToken(n int) string {
	s.randMu.Lock()
	defer s.randMu.Unlock()
	b := make([]byte, n)
	if _, err := io.ReadFull(s.rand, b); err != nil {
		panic(fmt.Sprintf("portalsim: source of randomness: %v", err))
	}
	return hex.EncodeToString(b)
}

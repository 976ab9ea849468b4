package auth

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"
	"golang.org/x/time/rate"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
	"slotfinder/internal/seal"
)

// answerTimeout is how long an authorization server may take for one answer. A code lives
// for 30 seconds, and a person should get a page within ten.
const answerTimeout = 8 * time.Second

// Config is what Portals needs. All fields but Private, Insecure and Audit are required.
type Config struct {
	Vault       Vault
	Accounts    Accounts
	Queue       Queue
	Seal        *seal.Box
	HTTP        *http.Client // for the authorization servers; guarded against private addresses
	AuthServers []string     // origins that get our secret and are trusted; the first is the default
	Apps        []App
	Private     []netip.Prefix // networks in which portals may have private addresses
	Insecure    bool           // http and private addresses are allowed: demo, tests, closed networks
	Profiles    Profiles
	Now         func() time.Time
	Log         *slog.Logger
	Audit       *audit.Log
}

// App is a registration at Bitrix24.
type App struct {
	Portal       string // host[:port] of a local app's portal; "" serves all other portals
	ClientID     string
	ClientSecret string
}

// Format keeps the secret out of logs, whatever the verb.
func (a App) Format(f fmt.State, _ rune) {
	_, _ = io.WriteString(f, "App("+a.Portal+" "+a.ClientID+")")
}

// Profiles asks a portal whose token it is. The errors are those of
// meet.Directory.
type Profiles interface {
	Profile(ctx context.Context, endpoint, token string) (meet.Profile, error)
}

// Portals signs people in and hands out their tokens. It is safe for concurrent
// use; several processes may share a Vault.
type Portals struct {
	vault    Vault
	accounts Accounts
	queue    Queue
	seal     *seal.Box
	http     *http.Client
	servers  []string // origins without trailing slash, in order of preference
	apps     []App
	networks []netip.Prefix
	insecure bool
	profiles Profiles
	now      func() time.Time
	log      *slog.Logger
	audit    *audit.Log

	onInstalled func(ctx context.Context, portal Portal, admin meet.Member) error // may be nil

	installCalls, removalCalls *rate.Limiter // of events

	unsaved     *unsavedPairs
	renewals    singleflight.Group
	redemptions singleflight.Group // by owner and refresh token
	probeSlots  chan struct{}      // a place for each probe

	mu       sync.Mutex
	verdicts map[[32]byte]verdict   // by hash of the access token
	probes   map[string]probeResult // by host
}

// New makes Portals from a valid configuration.
func New(c Config) *Portals {
	// A copy that follows no redirects: authorization servers send none, and a redirect
	// would take our secret somewhere else.
	client := *c.HTTP
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	if client.Timeout == 0 || client.Timeout > answerTimeout {
		client.Timeout = answerTimeout
	}
	p := &Portals{
		vault: c.Vault, accounts: c.Accounts, queue: c.Queue, seal: c.Seal, http: &client, networks: c.Private, insecure: c.Insecure,
		profiles: c.Profiles, now: c.Now, log: c.Log, audit: c.Audit, unsaved: newUnsavedPairs(c.Log), verdicts: map[[32]byte]verdict{},
		installCalls: newEventLimiter(), removalCalls: newEventLimiter(),
		probes: map[string]probeResult{}, probeSlots: make(chan struct{}, maxProbes),
	}
	for _, server := range c.AuthServers {
		p.servers = append(p.servers, strings.TrimRight(server, "/"))
	}
	for _, app := range c.Apps {
		if host, err := p.ParseAddress(app.Portal); err == nil {
			app.Portal = host
		}
		p.apps = append(p.apps, app)
	}
	return p
}

// appFor returns the registration for a portal: its own local app, else the one
// for everybody.
func (p *Portals) appFor(host string) (App, error) {
	for _, portal := range []string{host, ""} {
		for _, app := range p.apps {
			if app.Portal == portal {
				return app, nil
			}
		}
	}
	return App{}, meet.Errorf(meet.Unsupported, "error.portal_not_served", "auth: no app is registered for this portal")
}

// appByID returns the registration with a client_id.
func (p *Portals) appByID(clientID string) (App, bool) {
	for _, app := range p.apps {
		if app.ClientID == clientID && clientID != "" {
			return app, true
		}
	}
	return App{}, false
}

// allowedServer returns the allow-listed origin that a hint names, as a host
// ("oauth.bitrix.info") or a URL. Anything else is "".
func (p *Portals) allowedServer(hint string) string {
	if _, rest, found := strings.Cut(hint, "://"); found {
		hint, _, _ = strings.Cut(rest, "/")
	}
	for _, origin := range p.servers {
		if u, err := url.Parse(origin); err == nil && strings.EqualFold(u.Host, hint) {
			return origin
		}
	}
	return ""
}

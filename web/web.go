package web

import (
	"context"
	"log/slog"
	"net/http"
	"net/netip"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/labstack/echo/v4/middleware"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/changefeed"
	"slotfinder/internal/finder"
	"slotfinder/internal/meet"
	"slotfinder/internal/picker"
	"slotfinder/internal/settings"
	"slotfinder/internal/sharer"
)

// Config is what the server needs. All fields but Audit, TrustedProxies and DemoPortal
// must be set.
type Config struct {
	PublicURL      *url.URL // the app's origin as browsers see it; https makes cookies Secure
	Sessions       Sessions
	Seal           Sealer
	SessionKeys    [][]byte // newest first; the later ones only read
	Portals        *auth.Portals
	Finder         *finder.Finder
	Gate           finder.Gate // what pages take while they are made
	Picker         *picker.Picker
	WorkingHours   *finder.WorkingHours
	Settings       *settings.Settings
	Sharer         *sharer.Sharer
	Changes        *changefeed.Feed
	Photos         meet.Photos
	Installer      meet.Installer
	Ready          func(context.Context) error // nil when the database can be read and written
	AddressKey     []byte                      // for the hashes of addresses that are stored
	TrustedProxies []netip.Prefix              // whose X-Forwarded-For is believed
	DemoPortal     string                      // address the landing page fills in; "" outside the demo
	Now            func() time.Time
	Log            *slog.Logger
	Audit          *audit.Log
}

// Server answers HTTP. It is an http.Handler without state of its own beyond
// rate limits, open event streams and searches under way.
type Server struct {
	config   Config
	sessions *sessionStore
	metrics  *metrics
	streams  streams
	answers  streams      // searches, until their answers have been read
	spool    atomic.Int64 // bytes of answers that have not been read
	searches searches
	shared   shared
	unwell   atomic.Bool // not ready, as the log knows
	leaving  atomic.Bool // see Drain
	echo     *echo.Echo

	appEvents, claims, refused *allowance // for events
}

// New wires the routes. It fails only when PublicURL is no origin.
func New(config Config) (*Server, error) {
	s := &Server{
		config:   config,
		sessions: newSessionStore(config.Sessions, config.SessionKeys, config.PublicURL.Scheme == "https", config.Now),
		metrics:  newMetrics(),
		streams:  newStreams(memberStreams, portalStreams, allStreams),
		answers:  newStreams(memberAnswers, allStreams, allStreams),
		searches: searches{log: config.Log, of: map[searchKey]*search{}},
		echo:     echo.New(),

		appEvents: newAllowance(appEventsPerSecond, appEventBurst, config.Now),
		claims:    newAllowance(claimsPerSecond, claimBurst, config.Now),
		refused:   newAllowance(refusedPerSecond, refusedBurst, config.Now),
	}
	s.echo.HideBanner = true
	s.echo.IPExtractor = clientAddress(config.TrustedProxies)
	s.echo.HTTPErrorHandler = s.showError
	sameOrigin, err := s.sameOrigin()
	if err != nil {
		return nil, err
	}
	s.echo.Use(
		s.spooled,
		numberRequests,
		s.metrics.count(config.Now),
		logRequests(config.Log, config.Now),
		s.secure,
		s.language,
		recovered,
		knownMethods,
		s.drain,
		middleware.BodyLimit(maxBody),
		middleware.GzipWithConfig(middleware.GzipConfig{MinLength: 1024, Skipper: uncompressed}),
		sameOrigin,
	)
	s.mount()
	s.metrics.know(s.echo.Routes())
	return s, nil
}

// ServeHTTP answers one request. HEAD is answered as GET wherever it has no route
// of its own; net/http sends no body then, going by its own request. An event
// stream would never end.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead && !strings.HasPrefix(r.URL.Path, callbackPath) && r.URL.Path != livePath {
		r = r.WithContext(context.WithValue(r.Context(), headOnly{}, true))
		r.Method = http.MethodGet
	}
	s.echo.ServeHTTP(w, r)
}

// Close ends the searches under way and waits for them: they need the database. It is
// called when no more requests come.
func (s *Server) Close() { s.searches.end() }

// headOnly marks, in a context, a request whose answer nobody will read.
type headOnly struct{}

// isHead reports whether nobody will read the answer to a request: it must do nothing.
func isHead(c echo.Context) bool { return c.Request().Context().Value(headOnly{}) != nil }

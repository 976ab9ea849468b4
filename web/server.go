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
)

// Config is what the server needs. All fields but Audit, TrustedProxies and DemoPortal
// must be set.
type Config struct {
	PublicURL      *url.URL // the app's origin as browsers see it; https makes cookies Secure
	Sessions       Sessions
	Seal           Sealer
	SessionKeys    [][]byte // newest first; the later ones only read
	Portals        *auth.Portals
	Ready          func(context.Context) error // nil when the database can be read and written
	AddressKey     []byte                      // for the hashes of addresses that are stored
	TrustedProxies []netip.Prefix              // whose X-Forwarded-For is believed
	DemoPortal     string                      // address the landing page fills in; "" outside the demo
	Now            func() time.Time
	Log            *slog.Logger
	Audit          *audit.Log
}

// Server answers HTTP: it is what all features stand on, and mounts none of them. It is
// an http.Handler without state of its own beyond rate limits and unread answers.
type Server struct {
	Config
	Cookies *SessionStore
	metrics *metrics
	answers Quota        // searches, until their answers have been read
	spool   atomic.Int64 // bytes of answers that have not been read
	unwell  atomic.Bool  // not ready, as the log knows
	leaving atomic.Bool  // see Drain
	echo    *echo.Echo
}

// New makes a server that answers /healthz, /readyz and the files of pages. It fails only
// when PublicURL is no origin.
func New(config Config) (*Server, error) {
	s := &Server{
		Config:  config,
		Cookies: newSessionStore(config.Sessions, config.SessionKeys, config.PublicURL.Scheme == "https", config.Now),
		metrics: newMetrics(),
		answers: NewQuota(memberAnswers, allAnswers, allAnswers),
		echo:    echo.New(),
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
	return s, nil
}

// ServeHTTP answers one request. HEAD is answered as GET wherever it has no route
// of its own; net/http sends no body then, going by its own request. An event
// stream would never end.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method == http.MethodHead && !strings.HasPrefix(r.URL.Path, CallbackPath) && r.URL.Path != LivePath {
		r = r.WithContext(context.WithValue(r.Context(), headOnly{}, true))
		r.Method = http.MethodGet
	}
	s.echo.ServeHTTP(w, r)
}

// headOnly marks, in a context, a request whose answer nobody will read.
type headOnly struct{}

// IsHead reports whether nobody will read the answer to a request: it must do nothing.
func IsHead(c echo.Context) bool { return c.Request().Context().Value(headOnly{}) != nil }

// Sealer keeps what a browser holds for us from being read or changed. A value opens only
// for the purpose and the owner that it was sealed for.
type Sealer interface {
	Seal(purpose, owner, plain string) string
	Open(purpose, owner, sealed string) (string, error)
}

package web

import (
	"net/http"

	"github.com/labstack/echo/v4"

	"slotfinder/static"
)

// Handler answers a request of somebody who is signed in.
type Handler func(c echo.Context, v *Identity) error

// SignedIn is for people who are signed in; others get a SignedOut error.
func (s *Server) SignedIn(handle Handler) echo.HandlerFunc {
	return func(c echo.Context) error {
		v, err := s.member(c)
		if err != nil {
			return err
		}
		return handle(c, v)
	}
}

// Anyone is for everybody: the handler itself decides by what a request brings, such as
// a link's token, a code, or a form that a portal has posted.
func (s *Server) Anyone(handle echo.HandlerFunc) echo.HandlerFunc { return handle }

// GET mounts a handler. HEAD is answered as GET.
func (s *Server) GET(path string, handle echo.HandlerFunc, before ...echo.MiddlewareFunc) {
	s.add(http.MethodGet, path, handle, before)
}

// POST mounts a handler of forms and of JSON in their place.
func (s *Server) POST(path string, handle echo.HandlerFunc, before ...echo.MiddlewareFunc) {
	s.add(http.MethodPost, path, handle, before)
}

// HEAD mounts a handler for a path whose HEAD means something else than its GET.
func (s *Server) HEAD(path string, handle echo.HandlerFunc) {
	s.add(http.MethodHead, path, handle, nil)
}

func (s *Server) add(method, path string, handle echo.HandlerFunc, before []echo.MiddlewareFunc) {
	s.echo.Add(method, path, handle, before...)
	s.metrics.know(method, path)
}

// Routes lists what is mounted, such as "GET /find".
func (s *Server) Routes() (all []string) {
	for _, r := range s.echo.Routes() {
		if r.Method == http.MethodGet || r.Method == http.MethodPost || r.Method == http.MethodHead {
			all = append(all, r.Method+" "+r.Path)
		}
	}
	return all
}

// mount registers the routes that belong to no feature.
func (s *Server) mount() {
	s.GET("/healthz", s.Anyone(s.healthz))
	s.GET("/readyz", s.Anyone(s.readyz))
	s.GET(static.Prefix+"*", s.Anyone(s.static))
	s.POST(LookPath, s.SignedIn(s.changeLook))
}

// static serves the files of the pages. They name their content, so they may be
// kept for good.
func (s *Server) static(c echo.Context) error {
	if !static.Has(c.Request().URL.Path) {
		return echo.ErrNotFound
	}
	static.Handler().ServeHTTP(c.Response(), c.Request())
	return nil
}

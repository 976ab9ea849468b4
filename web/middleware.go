package web

import (
	"errors"
	"log/slog"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
	"slotfinder/static"
)

// maxBody bounds what a request may send; no form of ours is near it.
const maxBody = "64K"

// methods are those of all routes, as the header Allow lists them.
const methods = http.MethodGet + ", " + http.MethodHead + ", " + http.MethodPost

// knownMethods refuses all others before anything else is done with a request: net/http
// takes any word for a method.
func knownMethods(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if !slices.Contains(strings.Split(methods, ", "), c.Request().Method) {
			c.Response().Header().Set(echo.HeaderAllow, methods)
			return echo.ErrMethodNotAllowed
		}
		return next(c)
	}
}

// logRequests writes one line a request: never the query, a cookie or a body,
// which hold codes, ids and names, and no method that a caller made up.
func logRequests(log *slog.Logger, now func() time.Time) echo.MiddlewareFunc {
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			start := now()
			err := next(c)
			if err != nil {
				c.Error(err)
			}
			method := c.Request().Method
			if c.Response().Status == http.StatusMethodNotAllowed {
				method = other
			}
			log.Info("request", "request", requestID(c), "method", method, "route", c.Path(), "status", c.Response().Status,
				"bytes", c.Response().Size, "ms", now().Sub(start).Milliseconds())
			return nil
		}
	}
}

// recovered turns a panic into an error, which gets its page and its line in the log.
// What ends an answer on purpose is left to net/http.
func recovered(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		err := rescue.Err(func() error { return next(c) })()
		var p *rescue.Panic
		if errors.As(err, &p) && p.Value == http.ErrAbortHandler { //nolint:errorlint // net/http compares as well: a wrapped one is a panic
			panic(p.Value)
		}
		return err
	}
}

// sameOrigin refuses requests that change something and come from another site.
func (s *Server) sameOrigin() (echo.MiddlewareFunc, error) {
	protection := http.NewCrossOriginProtection()
	if err := protection.AddTrustedOrigin(s.Config.PublicURL.String()); err != nil {
		return nil, err
	}
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if err := protection.Check(c.Request()); err != nil && !postedByPortals(c) {
				return meet.Errorf(meet.Forbidden, "error.cross_site", "%w", err)
			}
			return next(c)
		}
	}, nil
}

// postedByPortals reports whether a route is one that portals post forms to from
// their own pages. These change nothing but what the tokens in the form prove.
func postedByPortals(c echo.Context) bool {
	return c.Path() == LaunchPath || c.Path() == InstallPath
}

// uncompressed reports whether an answer is not to be compressed: files are stored
// compressed, and an event must not wait for more to be compressed with.
func uncompressed(c echo.Context) bool {
	return c.Path() == LivePath || strings.HasPrefix(c.Request().URL.Path, static.Prefix)
}

// Throttle bounds how often one network may use a route, such as for starting a sign-in.
func Throttle(perSecond float64, burst int) echo.MiddlewareFunc {
	allowed := NewAllowance(perSecond, burst, time.Now)
	return func(next echo.HandlerFunc) echo.HandlerFunc {
		return func(c echo.Context) error {
			if !allowed.Take(Network(c.RealIP())) {
				return meet.Errorf(meet.Busy, "error.too_many", "too many requests from one network")
			}
			return next(c)
		}
	}
}

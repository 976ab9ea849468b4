package web

import (
	"context"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"
)

// healthz says that the process lives, whatever else is broken.
func (s *Server) healthz(c echo.Context) error { return c.String(http.StatusOK, "ok") }

// readyz says whether requests are to be sent here: the database can be used, and the
// process does not end soon. Anybody may ask, as often as they like, so the log only
// tells of changes.
func (s *Server) readyz(c echo.Context) error {
	if s.leaving.Load() {
		return c.String(http.StatusServiceUnavailable, "stopping\n")
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), 2*time.Second)
	defer cancel()
	err := s.Config.Ready(ctx)
	switch {
	case err != nil && c.Request().Context().Err() != nil:
		return err // whoever asked has left
	case err != nil && !s.unwell.Swap(true):
		s.Config.Log.Error("not ready", "error", err)
	case err == nil && s.unwell.Swap(false):
		s.Config.Log.Info("ready again")
	}
	if err != nil {
		return c.String(http.StatusServiceUnavailable, "database unavailable\n")
	}
	return c.String(http.StatusOK, "ready\n")
}

// Drain has the server say that it is not ready, while it goes on to answer. Callers are
// told not to use their connections again, so that none is cut off with a request on its
// way when the server ends.
func (s *Server) Drain() { s.leaving.Store(true) }

// drain closes connections once their answers are sent, after Drain was called. That may
// be while the answer is being made.
func (s *Server) drain(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		c.Response().Before(func() {
			if s.leaving.Load() {
				c.Response().Header().Set(echo.HeaderConnection, "close")
			}
		})
		return next(c)
	}
}

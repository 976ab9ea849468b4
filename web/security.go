package web

import (
	"strings"

	"github.com/labstack/echo/v4"
)

// secure sets the headers every answer carries. A page that leads into a portal's
// sign-in widens form-action by SignInPolicy.
func (s *Server) secure(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		h := c.Response().Header()
		h.Set("Content-Security-Policy", policy("'self'", "'none'"))
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "camera=(), geolocation=(), microphone=()")
		h.Set("Cache-Control", "private, no-cache")
		if s.Config.PublicURL.Scheme == "https" {
			h.Set("Strict-Transport-Security", "max-age=63072000; includeSubDomains")
		}
		return next(c)
	}
}

// policy is the content security policy of pages whose forms may lead to formAction
// and which only ancestors may frame.
func policy(formAction, ancestors string) string {
	return strings.Join([]string{
		"default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self' data:", "connect-src 'self'",
		"form-action " + formAction, "base-uri 'none'", "object-src 'none'", "frame-ancestors " + ancestors,
	}, "; ")
}

// SignInPolicy lets the forms of a page end at a portal: browsers apply
// form-action to the redirects that follow a form, too.
func (s *Server) SignInPolicy(c echo.Context) {
	portals := "'self' https:"
	if s.Config.PublicURL.Scheme == "http" {
		portals += " http:"
	}
	c.Response().Header().Set("Content-Security-Policy", policy(portals, "'none'"))
}

package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/layout"
)

// RefreshesItself reports whether the page asks on its own, because calendars changed.
func RefreshesItself(c echo.Context) bool {
	return c.Request().Header.Get("HX-Source") == "div#"+layout.RefreshID
}

// SentValues reads the parameters of a URL. Unlike url.ParseQuery it leaves out nothing
// that is malformed: a value that can't be decoded stays as it came, so that it is
// refused at its field instead of being taken for a question not asked.
func SentValues(r *http.Request) url.Values {
	values := url.Values{}
	for _, pair := range strings.Split(r.URL.RawQuery, "&") {
		name, value, _ := strings.Cut(pair, "=")
		if name = unescape(name); name != "" {
			values.Add(name, unescape(value))
		}
	}
	return values
}

func unescape(text string) string {
	if !strings.ContainsAny(text, "%+") {
		return text
	}
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// WantsPart reports whether htmx asks for a part of a page.
func WantsPart(c echo.Context) bool {
	h := c.Request().Header
	return h.Get("HX-Request") == "true" && h.Get("HX-History-Restore-Request") != "true"
}

// RequestLimit is how long a search may take in all; a portal that is slower gets
// a page that says so.
const RequestLimit = 9 * time.Second

// SlowPortal is the error of a search that ran out of time.
func SlowPortal(err error) error {
	return meet.Errorf(meet.Unavailable, "error.portal_slow", "searching: %w", err)
}

// OutOfTime returns the error of a search: when its time is over, that is the portal's
// slowness, unless the error knows better.
func OutOfTime(ctx context.Context, err error) error {
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) && meet.KindOf(err) != meet.Unavailable {
		return SlowPortal(err)
	}
	return err
}

package find

import (
	"context"
	"net/http"
	"slices"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	page "slotfinder/templates/find"
	"slotfinder/templates/part"
	"slotfinder/web"
)

// text shows chosen times of a search as text, with everybody's clock. Times that do not
// lie in the days of the search are left out.
func (h *Handlers) text(c echo.Context, v *web.Identity) error {
	if err := h.Site.Begin(c, v.Member); err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	values := web.SentValues(c.Request())
	query, err := meet.ParseQuery(values)
	if err != nil {
		return err
	}
	answer, err := h.Finder.FindOnly(ctx, v.Member, query)
	if err != nil {
		return web.OutOfTime(ctx, err)
	}
	during := answer.Query.During()
	starts := slices.DeleteFunc(page.ReadStarts(values["slot"]), func(start time.Time) bool {
		return start.Before(during.Start.Time()) || !start.Before(during.End.Time())
	})
	return h.Site.ShowApp(c, http.StatusOK, v, "tick.page", page.Text(page.TextView{
		Starts: starts, Answer: answer, Back: part.FindURL(answer.Query),
	}))
}

package portal

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/web"
)

// eventLimit bounds the look into the database: Bitrix24 sends its next events
// later to those who answer slowly, and never sends one again.
const eventLimit = 2 * time.Second

// How many events of some kind may come in a row, and in a second. Those that come from
// anybody cost us a row and a look elsewhere: they are counted for each network, and for
// each portal that a network speaks for. Bitrix24's cloud sends the events of all portals
// from a few addresses, and a portal may have it send what the portal likes; so what is
// refused is counted for the network and that portal together, and for no other portal.
const (
	appEventBurst, appEventsPerSecond = 300, 10
	claimBurst, claimsPerSecond       = 30, 1
	refusedBurst, refusedPerSecond    = 100, 1
)

// event takes what Bitrix24's cloud tells of a portal. Of its body three texts are
// read: which event, which portal, and the token that makes it believable. The
// rest is not looked at, least of all its addresses and the refresh tokens of
// whoever changed a calendar, and nothing of it is logged or kept.
//
// An event of a calendar means "drop what you know of the portal's calendars", so
// that one that comes twice, late or out of order does no harm. What tells of the app
// itself needs a look at the authorization server and is only written down here. A
// wrong token and a portal that is not ours are answered alike.
func (h *Handlers) event(c echo.Context) error {
	r := c.Request()
	if err := r.ParseForm(); err != nil {
		return web.UnreadableForm(err)
	}
	name, portal := r.PostForm.Get("event"), r.PostForm.Get("auth[member_id]")
	ctx, cancel := context.WithTimeout(r.Context(), eventLimit)
	defer cancel()
	err := h.takeEvent(ctx, c, name, portal)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return meet.Errorf(meet.Unavailable, "error.too_many", "an event was not taken in time: %w", err)
	}
	if err != nil {
		return err
	}
	return c.NoContent(http.StatusOK)
}

// takeEvent does what an event asks for, within the limits of its network.
func (h *Handlers) takeEvent(ctx context.Context, c echo.Context, name, portal string) error {
	from, form := web.Network(c.RealIP()), c.Request().PostForm
	claim := from + " " + portal[:min(len(portal), 32)]
	tooMany := meet.Errorf(meet.Busy, "error.too_many", "too many events from one network")
	if !h.refused.Permits(claim) {
		return tooMany
	}
	var err error
	switch name {
	case "ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL":
		stranger := name != "ONAPPUNINSTALL" // that one brings the token of the portal's events
		if stranger && !(h.claims.Take(claim) && h.appEvents.Take(from)) {
			return tooMany
		}
		err = h.Site.Portals.ReceiveEvent(ctx, form, h.Site.AddressHash(c))
	default:
		err = h.Site.Portals.CheckEvent(ctx, portal, form.Get("auth[application_token]"))
	}
	if err != nil && meet.KindOf(err) == meet.Forbidden {
		h.refused.Take(claim)
	}
	if err != nil {
		return err
	}
	switch name {
	case "ONCALENDARENTRYADD", "ONCALENDARENTRYUPDATE", "ONCALENDARENTRYDELETE":
		h.Changes.Publish(portal)
	}
	return nil
}

package portal

import (
	"bytes"
	"crypto/subtle"
	"encoding/json"
	"net/http"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/auth"
	"slotfinder/web"
)

// Bounds of what a browser holds for us while it signs in. Servers in front of us take
// some 8 kB of cookies, and browsers 4 kB for one.
const (
	cookieLimit  = 3800    // of a cookie's value
	pendingLimit = 6 << 10 // of all sign-ins under way, in bytes; the oldest give way
	pendingMost  = 5       // sign-ins under way, one a tab
)

// portalLife is how long a browser remembers at which portal it signed in last.
const portalLife = 180 * 24 * time.Hour

// pending is a sign-in that has left for the portal and not come back. Nothing of it is
// stored here: it lies sealed in a cookie of the browser that began it, so that only
// that one can end it and nobody fills the database by beginning.
type pending struct {
	auth.Pending
	Next string `json:"next"` // path to go to afterwards
}

// pendingName is the name of the cookie of one sign-in, by its state.
func (h *Handlers) pendingName(state string) string {
	return h.pendingPrefix() + web.HashID(state)[:16]
}

func (h *Handlers) pendingPrefix() string { return h.Site.Cookies.TabName() + "-signin-" }

// keepPending gives a sign-in to the browser, and takes back the oldest ones if there are
// too many.
func (h *Handlers) keepPending(c echo.Context, p pending) error {
	name := h.pendingName(p.State)
	value, err := h.sealed(name, p)
	if err != nil {
		return err
	}
	if len(value) > cookieLimit {
		p.Next = web.SafeNext("")
		if value, err = h.sealed(name, p); err != nil {
			return err
		}
	}
	room, places := pendingLimit-len(value), pendingMost-1
	cookies := c.Request().Cookies()
	for i := len(cookies) - 1; i >= 0; i-- { // browsers send the oldest first
		old := cookies[i]
		if !strings.HasPrefix(old.Name, h.pendingPrefix()) {
			continue
		}
		if room, places = room-len(old.Value), places-1; room < 0 || places < 0 {
			h.dropCookie(c, old.Name)
		}
	}
	h.setCookie(c, name, value, auth.PendingTime)
	return nil
}

// takePending takes the sign-in with a state from the browser: a state works once. found
// is false if this browser has not begun it.
func (h *Handlers) takePending(c echo.Context, state string) (p pending, found bool) {
	name := h.pendingName(state)
	if !h.opened(c, name, &p) {
		return pending{}, false
	}
	h.dropCookie(c, name)
	return p, subtle.ConstantTimeCompare([]byte(p.State), []byte(state)) == 1
}

// rememberPortal lets the browser remember where it signed in last.
func (h *Handlers) rememberPortal(c echo.Context, host string) {
	name := h.portalName()
	value, err := h.sealed(name, host)
	if err == nil && len(value) <= cookieLimit {
		h.setCookie(c, name, value, portalLife)
	}
}

// lastPortal is where this browser signed in last, "" if it never did.
func (h *Handlers) lastPortal(c echo.Context) (host string) {
	h.opened(c, h.portalName(), &host)
	return host
}

func (h *Handlers) portalName() string { return h.Site.Cookies.TabName() + "-portal" }

// sealed is a value as it lies in the cookie with a name.
func (h *Handlers) sealed(name string, value any) (string, error) {
	var plain bytes.Buffer
	encoder := json.NewEncoder(&plain)
	encoder.SetEscapeHTML(false) // which would make an address longer
	if err := encoder.Encode(value); err != nil {
		return "", err
	}
	return h.Site.Seal.Seal("cookie", name, plain.String()), nil
}

// opened reads the cookie with a name, if we have sealed it.
func (h *Handlers) opened(c echo.Context, name string, into any) bool {
	cookie, err := c.Request().Cookie(name)
	if err != nil {
		return false
	}
	plain, err := h.Site.Seal.Open("cookie", name, cookie.Value)
	return err == nil && json.Unmarshal([]byte(plain), into) == nil
}

// setCookie sets a cookie of the browser's own tabs.
func (h *Handlers) setCookie(c echo.Context, name, value string, life time.Duration) {
	c.SetCookie(&http.Cookie{
		Name: name, Value: value, MaxAge: int(life.Seconds()),
		Path: "/", Secure: h.Site.Cookies.Options.Secure, HttpOnly: true, SameSite: http.SameSiteLaxMode,
	})
}

func (h *Handlers) dropCookie(c echo.Context, name string) { h.setCookie(c, name, "", -time.Second) }

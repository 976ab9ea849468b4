package portal

import (
	"net/http"
	"time"

	"github.com/gorilla/sessions"
	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
	page "slotfinder/templates/portal"
	"slotfinder/web"
)

// otherPersonLife is how long somebody may take to say that they want to go on as another
// person.
const otherPersonLife = 10 * time.Minute

// otherPerson is somebody who has signed in in a browser where another person is signed in.
// Whoever is led through a sign-in of somebody else's must not work in that one's name
// without a word, so it takes a click. Until then the present session stays, and this
// lies sealed in a cookie.
type otherPerson struct {
	Identity web.Identity `json:"visit"`
	Next     string       `json:"next"`
	After    string       `json:"after"` // hash of the id of the session that it would replace
	Until    time.Time    `json:"until"`
	State    string       `json:"state"` // random; works once
}

func (h *Handlers) otherPersonCookie() string { return h.Site.Cookies.TabName() + "-person" }

// finishSignIn takes somebody in whom a portal has vouched for: at once, unless the browser
// belongs to another person.
func (h *Handlers) finishSignIn(c echo.Context, v web.Identity, next string) error {
	session, present, err := h.Site.TabSession(c)
	if err != nil {
		return err
	}
	if present.SignedIn() && present.Member != v.Member {
		return h.askPerson(c, otherPerson{
			Identity: v, Next: next, After: present.Row.IDHash,
			Until: h.Site.Now().Add(otherPersonLife).UTC(), State: web.NewID(),
		})
	}
	if err := h.enterTab(c, session, v); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, next)
}

// askPerson leads to the page that asks.
func (h *Handlers) askPerson(c echo.Context, n otherPerson) error {
	name := h.otherPersonCookie()
	value, err := h.sealed(name, n)
	if err != nil {
		return err
	}
	if len(value) > cookieLimit {
		n.Next = web.SafeNext("")
		if value, err = h.sealed(name, n); err != nil {
			return err
		}
	}
	h.setCookie(c, name, value, otherPersonLife)
	return c.Redirect(http.StatusSeeOther, web.PersonPath)
}

// otherPersonOf is who waits at the door, and who is in. found is false if nobody waits any
// more, or the session has ended in whose place they would come.
func (h *Handlers) otherPersonOf(c echo.Context) (n otherPerson, present *web.Identity, found bool, err error) {
	if !h.opened(c, h.otherPersonCookie(), &n) {
		return otherPerson{}, nil, false, nil
	}
	_, present, err = h.Site.TabSession(c)
	if err != nil {
		return otherPerson{}, nil, false, err
	}
	found = present.SignedIn() && present.Row.IDHash == n.After && h.Site.Now().Before(n.Until)
	return n, present, found, nil
}

// person says who is signed in and who has come, and asks for one click.
func (h *Handlers) person(c echo.Context) error {
	n, present, found, err := h.otherPersonOf(c)
	if err != nil {
		return err
	}
	if !found {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	web.Unstored(c)
	return h.Site.ShowPublic(c, http.StatusOK, "person.title", page.OtherPerson(page.OtherPersonView{
		Name: n.Identity.Name, Host: n.Identity.Host, OldName: present.Name, OldHost: present.Host,
	}))
}

// choosePerson goes on as the one or the other.
func (h *Handlers) choosePerson(c echo.Context) error {
	n, _, found, err := h.otherPersonOf(c)
	if err != nil {
		return err
	}
	h.dropCookie(c, h.otherPersonCookie())
	if c.FormValue("do") != "change" {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	first := false
	if found {
		first, err = h.Site.Sessions.UseState(c.Request().Context(), n.Identity.Member.Portal, web.HashID(n.State), n.Until)
	}
	if err != nil {
		return err
	}
	if !first {
		return &meet.Error{Kind: meet.Gone, Key: "error.state_expired"}
	}
	session, _, err := h.Site.TabSession(c)
	if err != nil {
		return err
	}
	if err := h.enterTab(c, session, n.Identity); err != nil {
		return err
	}
	h.Site.RecordOf(c, audit.PersonChanged, n.Identity.Member, "")
	return c.Redirect(http.StatusSeeOther, n.Next)
}

// enterTab begins a session in the browser's own tab, in place of the one that is there:
// one planted or seen before is worth nothing afterwards.
func (h *Handlers) enterTab(c echo.Context, session *sessions.Session, v web.Identity) error {
	if err := h.Site.Cookies.End(c.Request().Context(), session); err != nil {
		return err
	}
	session.Values[web.IdentityKey] = &v
	if err := session.Save(c.Request(), c.Response()); err != nil {
		return err
	}
	h.rememberPortal(c, v.Host)
	h.Site.RecordOf(c, audit.SignedIn, v.Member, "")
	return nil
}

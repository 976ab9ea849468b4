package web

import (
	"net/http"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// newcomerLife is how long somebody may take to say that they want to go on as another
// person.
const newcomerLife = 10 * time.Minute

// newcomer is somebody who has signed in in a browser where another person is signed in.
// Whoever is led through a sign-in of somebody else's must not work in that one's name
// without a word, so it takes a click. Until then the present session stays, and this
// lies sealed in a cookie.
type newcomer struct {
	Visit visit     `json:"visit"`
	Next  string    `json:"next"`
	After string    `json:"after"` // hash of the id of the session that it would replace
	Until time.Time `json:"until"`
	State string    `json:"state"` // random; works once
}

func (s *Server) newcomerName() string { return s.sessions.tabName() + "-person" }

// arrive takes somebody in whom a portal has vouched for: at once, unless the browser
// belongs to another person.
func (s *Server) arrive(c echo.Context, v visit, next string) error {
	session, present, err := s.tabSession(c)
	if err != nil {
		return err
	}
	if present.signedIn() && present.Member != v.Member {
		return s.askPerson(c, newcomer{
			Visit: v, Next: next, After: present.row.IDHash,
			Until: s.config.Now().Add(newcomerLife).UTC(), State: newID(),
		})
	}
	if err := s.enterTab(c, session, v); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, next)
}

// askPerson leads to the page that asks.
func (s *Server) askPerson(c echo.Context, n newcomer) error {
	name := s.newcomerName()
	value, err := s.sealed(name, n)
	if err != nil {
		return err
	}
	if len(value) > cookieLimit {
		n.Next = safeNext("")
		if value, err = s.sealed(name, n); err != nil {
			return err
		}
	}
	s.setCookie(c, name, value, newcomerLife)
	return c.Redirect(http.StatusSeeOther, personPath)
}

// newcomer is who waits at the door, and who is in. found is false if nobody waits any
// more, or the session has ended in whose place they would come.
func (s *Server) newcomer(c echo.Context) (n newcomer, present *visit, found bool, err error) {
	if !s.opened(c, s.newcomerName(), &n) {
		return newcomer{}, nil, false, nil
	}
	_, present, err = s.tabSession(c)
	if err != nil {
		return newcomer{}, nil, false, err
	}
	found = present.signedIn() && present.row.IDHash == n.After && s.config.Now().Before(n.Until)
	return n, present, found, nil
}

// person says who is signed in and who has come, and asks for one click.
func (s *Server) person(c echo.Context) error {
	n, present, found, err := s.newcomer(c)
	if err != nil {
		return err
	}
	if !found {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	unstored(c)
	return s.showPublic(c, http.StatusOK, "person.title", page.Newcomer(page.NewcomerView{
		Name: n.Visit.Name, Host: n.Visit.Host, OldName: present.Name, OldHost: present.Host,
	}))
}

// choosePerson goes on as the one or the other.
func (s *Server) choosePerson(c echo.Context) error {
	n, _, found, err := s.newcomer(c)
	if err != nil {
		return err
	}
	s.dropCookie(c, s.newcomerName())
	if c.FormValue("do") != "change" {
		return c.Redirect(http.StatusSeeOther, "/")
	}
	first := false
	if found {
		first, err = s.config.Sessions.UseState(c.Request().Context(), n.Visit.Member.Portal, hashID(n.State), n.Until)
	}
	if err != nil {
		return err
	}
	if !first {
		return &meet.Error{Kind: meet.Gone, Key: "error.state_expired"}
	}
	session, _, err := s.tabSession(c)
	if err != nil {
		return err
	}
	if err := s.enterTab(c, session, n.Visit); err != nil {
		return err
	}
	s.recordOf(c, audit.PersonChanged, n.Visit.Member, "")
	return c.Redirect(http.StatusSeeOther, n.Next)
}

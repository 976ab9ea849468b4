package web

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/page"
)

// groups shows what somebody keeps: groups under a name, and the latest people.
func (s *Server) groups(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	return s.groupsPage(c, v, http.StatusOK, page.Keep{})
}

// saveGroup keeps people under a name. The name is private: it is in the body, never
// in an address. Sent twice it does the same.
func (s *Server) saveGroup(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	typed, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	keep := page.Keep{Name: typed.Get("name"), People: url.Values{"who": typed["who"], "opt": typed["opt"], "any": typed["any"]}}
	group, err := meet.ParseGroup(typed)
	if err == nil {
		group.Name = keep.Name
		err = s.config.Picker.SaveGroup(c.Request().Context(), v.Member, group)
	}
	var fault *meet.Error
	switch {
	case err == nil && swapping(c):
		keep.Saved = true
		return s.show(c, http.StatusOK, page.KeepPeople(keep))
	case err == nil:
		return c.Redirect(http.StatusSeeOther, groupsPath)
	case !errors.As(err, &fault) || fault.Kind != meet.Invalid || wantsJSON(c):
		return err
	}
	keep.Errors = fault.Fields
	if swapping(c) {
		return s.show(c, faultOf(err).status, page.KeepPeople(keep))
	}
	return s.groupsPage(c, v, faultOf(err).status, keep)
}

// deleteGroup forgets what was kept under a name.
func (s *Server) deleteGroup(c echo.Context) error {
	v, err := s.member(c)
	if err != nil {
		return err
	}
	if err := s.config.Picker.DeleteGroup(c.Request().Context(), v.Member, c.FormValue("name")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, groupsPath)
}

// groupsPath is the page of what somebody keeps.
const groupsPath = "/groups"

func (s *Server) groupsPage(c echo.Context, v *visit, status int, keep page.Keep) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), searchLimit)
	defer cancel()
	saved, latest, err := s.config.Picker.SearchGroups(ctx, v.Member, "")
	if err != nil {
		return err
	}
	view := page.GroupsView{Saved: keptOf(saved, v), Latest: keptOf(latest, v), Keep: keep}
	return s.showApp(c, status, v, "groups.title", page.Groups(view))
}

func keptOf(groups []meet.Kept, v *visit) []page.Kept {
	var all []page.Kept
	for _, g := range groups {
		k := page.Kept{Name: g.Name, People: g.Values().Encode()}
		for _, person := range g.Staff {
			k.Staff = append(k.Staff, newPerson(person.ID, person, v.Member, false))
		}
		all = append(all, k)
	}
	return all
}

// remember notes with whom somebody has searched. A search is worth an answer without
// that, too.
func (s *Server) remember(ctx context.Context, v *visit, q meet.Query) {
	if err := s.config.Picker.Remember(ctx, v.Member, q, s.config.Now()); err != nil {
		s.config.Log.Warn("latest people are not kept", "error", err)
	}
}

package people

import (
	"context"
	"errors"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/part"
	page "slotfinder/templates/people"
	"slotfinder/web"
)

// groups shows what somebody keeps: groups under a name, and the latest people.
func (h *Handlers) groups(c echo.Context, v *web.Identity) error {
	return h.groupsPage(c, v, http.StatusOK, part.Keep{})
}

// saveGroup keeps people under a name. The name is private: it is in the body, never
// in an address. Sent twice it does the same.
func (h *Handlers) saveGroup(c echo.Context, v *web.Identity) error {
	typed, err := c.FormParams()
	if err != nil {
		return echo.NewHTTPError(http.StatusBadRequest).SetInternal(err)
	}
	keep := part.Keep{Name: typed.Get("name"), People: url.Values{"who": typed["who"], "opt": typed["opt"], "any": typed["any"]}}
	group, err := meet.ParseGroup(typed)
	if err == nil {
		group.Name = keep.Name
		err = h.Picker.SaveGroup(c.Request().Context(), v.Member, group)
	}
	var fault *meet.Error
	switch {
	case err == nil && web.WantsPart(c):
		keep.Saved = true
		return h.Site.Show(c, http.StatusOK, part.KeepPeople(keep))
	case err == nil:
		return c.Redirect(http.StatusSeeOther, web.GroupsPath)
	case !errors.As(err, &fault) || fault.Kind != meet.Invalid || web.WantsJSON(c):
		return err
	}
	keep.Errors = fault.Fields
	if web.WantsPart(c) {
		return h.Site.Show(c, web.FaultOf(err).Status, part.KeepPeople(keep))
	}
	return h.groupsPage(c, v, web.FaultOf(err).Status, keep)
}

// deleteGroup forgets what was kept under a name.
func (h *Handlers) deleteGroup(c echo.Context, v *web.Identity) error {
	if err := h.Picker.DeleteGroup(c.Request().Context(), v.Member, c.FormValue("name")); err != nil {
		return err
	}
	return c.Redirect(http.StatusSeeOther, web.GroupsPath)
}

func (h *Handlers) groupsPage(c echo.Context, v *web.Identity, status int, keep part.Keep) error {
	ctx, cancel := context.WithTimeout(c.Request().Context(), web.RequestLimit)
	defer cancel()
	saved, latest, err := h.Picker.SearchGroups(ctx, v.Member, "")
	if err != nil {
		return err
	}
	view := page.GroupsView{Saved: saved, Latest: latest, Reader: v.Member.User, Keep: keep}
	return h.Site.ShowApp(c, status, v, "groups.title", page.Groups(view))
}

package portal

import (
	"context"
	"errors"
	"net/http"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/audit"
	"slotfinder/internal/auth"
	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	page "slotfinder/templates/portal"
	"slotfinder/web"
)

// installEvents are the events that a portal is asked to send: those of the app
// itself, and those that make what we know of calendars stale.
var installEvents = []string{
	"ONAPPINSTALL", "ONAPPUPDATE", "ONAPPUNINSTALL",
	"ONCALENDARENTRYADD", "ONCALENDARENTRYUPDATE", "ONCALENDARENTRYDELETE",
}

// widget is a place in a portal's pages from which the app is opened.
type widget struct {
	code    string
	title   string   // text key
	scopes  []string // one of them must have been granted, besides "placement"; none: no other is needed
	options map[string]string
}

// leftMenu is the code of a place that is not bound any more: the portal gives every app
// with pages an entry in its left menu, and this one stood beside it.
const leftMenu = "LEFT_MENU"

// widgets are all places, in the order in which the installer shows them. What else is
// bound, the installer removes.
func widgets() []widget {
	chat := map[string]string{"iconName": "fa-calendar", "context": "USER;CHAT", "role": "USER", "extranet": "N"}
	return []widget{
		{code: "CALENDAR_GRIDVIEW", title: "widget.calendar", scopes: []string{"calendar"}},
		{code: "USER_PROFILE_TOOLBAR", title: "widget.person", scopes: []string{"user", "user_basic", "user_brief"}},
		{code: "SONET_GROUP_DETAIL_TAB", title: "nav.find", scopes: []string{"sonet_group"}},
		{code: "IM_SIDEBAR", title: "nav.find", scopes: []string{"im"}, options: chat},
		{code: "IM_TEXTAREA", title: "nav.find", scopes: []string{"im"}, options: chat},
		{code: "TASK_VIEW_TAB", title: "nav.find", scopes: []string{"task"}},
		{code: "CRM_DEAL_DETAIL_TAB", title: "nav.find", scopes: []string{"crm"}},
		{code: "REST_APP_URI", title: "nav.find"},
	}
}

// install sets the app up in a portal: its administrator has opened the installer in
// the portal's frame. Doing it again repairs what is missing.
func (h *Handlers) install(c echo.Context) error {
	r := c.Request()
	if err := r.ParseForm(); err != nil {
		return web.UnreadableForm(err)
	}
	l, err := h.Site.Portals.ParseLaunch(r.URL.Query(), r.PostForm)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(r.Context(), web.RequestLimit)
	defer cancel()
	in, err := h.Site.Portals.Install(ctx, l)
	if err != nil {
		return unverified(err)
	}
	_, v, err := h.openFrame(c, in, l)
	if err != nil {
		return err
	}
	h.Site.RecordOf(c, audit.Installed, v.Member, "")
	setup, left := h.setup(in.Portal)
	report, err := h.Installer.Install(ctx, in.Member, setup)
	if err != nil && errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return meet.Errorf(meet.Unavailable, "error.portal_slow", "installing: %w", err)
	}
	if err != nil {
		return unverified(err)
	}
	view := page.InstallView{Places: append([]string{leftMenu}, report.Placements...), Missing: append(report.Missing, left...), Unheard: len(report.Unheard) > 0}
	return h.Site.ShowApp(c, http.StatusOK, v, "install.title", page.Install(view))
}

// Rebind binds what is missing in a portal after an update of the app. An administrator
// who has no tokens here opens the installer instead.
func (h *Handlers) Rebind(ctx context.Context, p auth.Portal, admin meet.Member) error {
	setup, _ := h.setup(p)
	_, err := h.Installer.Install(ctx, admin, setup)
	if meet.KindOf(err) == meet.SignedOut {
		return nil
	}
	return err
}

// setup is what to bind in a portal, and the codes of the places for which it has
// not granted the scopes.
func (h *Handlers) setup(p auth.Portal) (setup meet.Setup, left []string) {
	public := h.Site.PublicURL.String()
	setup = meet.Setup{Events: installEvents, EventsURL: public + "/bitrix24/events", FrameURL: public + web.LaunchPath}
	for _, w := range widgets() {
		granted := p.Scope == "" || p.Grants("placement") && (len(w.scopes) == 0 || p.Grants(w.scopes...))
		if !granted {
			left = append(left, w.code)
			continue
		}
		titles := map[string]string{}
		for _, language := range locale.All() {
			titles[language.Bitrix()] = locale.T(locale.With(context.Background(), language), w.title)
		}
		setup.Placements = append(setup.Placements, meet.Placement{Code: w.code, Title: titles["en"], Titles: titles, Options: w.options})
	}
	return setup, left
}

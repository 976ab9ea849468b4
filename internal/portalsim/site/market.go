package site

import (
	"net/http"
	"slices"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/portal"
)

// marketApp is an app as the page of applications shows it.
type marketApp struct {
	Name, ClientID, Path string
	Here, Pending        bool
	Installer            bool // there is one
	Version              int
	Widgets, Handlers    []string
}

// marketPage lists the registered apps with what administrators may do with them.
func (s *Site) marketPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var list []marketApp
	for _, app := range s.auth.AppsFor(s.MemberID) {
		m := marketApp{
			Name: app.Name, ClientID: app.ClientID, Path: appPath(app), Installer: app.InstallURL != "",
			Here: s.auth.Installed(app.ClientID, s.MemberID),
		}
		m.Pending, m.Version, m.Widgets, m.Handlers = s.apps.Summary(app.ClientID)
		list = append(list, m)
	}
	s.show(w, r, user, "market", "Applications", list)
}

// manageApp is what administrators do with an app. A new installation leads to
// the installer.
func (s *Site) manageApp(w http.ResponseWriter, r *http.Request, user *portal.User) {
	clientID := r.PathValue("clientID")
	at := slices.IndexFunc(s.auth.AppsFor(s.MemberID), func(app *oauth.App) bool { return app.ClientID == clientID })
	action, known := map[string]func(){
		"install":   func() { s.apps.Offer(clientID) },
		"update":    func() { s.apps.Update(clientID, user.ID) },
		"uninstall": func() { s.apps.UninstallKeeping(clientID) },
		"clean":     func() { s.apps.Uninstall(clientID) },
	}[r.PathValue("action")]
	here := s.auth.Installed(clientID, s.MemberID)
	switch {
	case !user.Admin:
		s.page(w, http.StatusForbidden, "error", "Only administrators may do this.")
		return
	case at < 0 || !known || !here && r.PathValue("action") != "install":
		s.notFound(w)
		return
	}
	action()
	to := "/marketplace/"
	if r.PathValue("action") == "install" {
		to = appPath(s.auth.App(clientID))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

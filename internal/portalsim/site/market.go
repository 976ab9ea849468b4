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
func (p *Site) marketPage(w http.ResponseWriter, r *http.Request, user *portal.User) {
	var list []marketApp
	for _, app := range p.auth.AppsFor(p.MemberID) {
		m := marketApp{
			Name: app.Name, ClientID: app.ClientID, Path: appPath(app), Installer: app.InstallURL != "",
			Here: p.auth.Installed(app.ClientID, p.MemberID),
		}
		m.Pending, m.Version, m.Widgets, m.Handlers = p.apps.Summary(app.ClientID)
		list = append(list, m)
	}
	p.show(w, r, user, "market", "Applications", list)
}

// manageApp is what administrators do with an app. A new installation leads to
// the installer.
func (p *Site) manageApp(w http.ResponseWriter, r *http.Request, user *portal.User) {
	clientID := r.PathValue("clientID")
	at := slices.IndexFunc(p.auth.AppsFor(p.MemberID), func(app *oauth.App) bool { return app.ClientID == clientID })
	action, known := map[string]func(){
		"install":   func() { p.apps.Offer(clientID) },
		"update":    func() { p.apps.Update(clientID, user.ID) },
		"uninstall": func() { p.apps.UninstallKeeping(clientID) },
		"clean":     func() { p.apps.Uninstall(clientID) },
	}[r.PathValue("action")]
	here := p.auth.Installed(clientID, p.MemberID)
	switch {
	case !user.Admin:
		p.page(w, http.StatusForbidden, "error", "Only administrators may do this.")
		return
	case at < 0 || !known || !here && r.PathValue("action") != "install":
		p.notFound(w)
		return
	}
	action()
	to := "/marketplace/"
	if r.PathValue("action") == "install" {
		to = appPath(p.auth.App(clientID))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

package portalsim

import (
	"net/http"
	"slices"
	"strings"
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
func (p *Portal) marketPage(w http.ResponseWriter, r *http.Request, user *User) {
	var list []marketApp
	for _, app := range p.registered() {
		m := marketApp{
			Name: app.Name, ClientID: app.ClientID, Path: appPath(app), Installer: app.InstallURL != "",
			Here: p.sim.installed(app.ClientID, p.MemberID),
		}
		p.mu.Lock()
		in := p.installation(app.ClientID)
		m.Pending, m.Version = in.pending, in.version
		for _, w := range p.state.placements {
			if w.clientID == app.ClientID {
				m.Widgets = append(m.Widgets, w.code)
			}
		}
		for _, h := range p.state.handlers {
			if h.clientID == app.ClientID {
				m.Handlers = append(m.Handlers, h.event)
			}
		}
		p.mu.Unlock()
		slices.Sort(m.Widgets)
		slices.Sort(m.Handlers)
		list = append(list, m)
	}
	p.show(w, r, user, "market", "Applications", list)
}

// registered are the apps that can be on this portal, by name.
func (p *Portal) registered() []*App {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	var apps []*App
	for _, app := range p.sim.apps {
		if app.Portal == "" || app.Portal == p.MemberID {
			apps = append(apps, app)
		}
	}
	slices.SortFunc(apps, func(a, b *App) int { return strings.Compare(a.Name+a.ClientID, b.Name+b.ClientID) })
	return apps
}

// manageApp is what administrators do with an app. A new installation leads to
// the installer.
func (p *Portal) manageApp(w http.ResponseWriter, r *http.Request, user *User) {
	clientID := r.PathValue("clientID")
	at := slices.IndexFunc(p.registered(), func(app *App) bool { return app.ClientID == clientID })
	action, known := map[string]func(){
		"install":   func() { p.Offer(clientID) },
		"update":    func() { p.Update(clientID, user.ID) },
		"uninstall": func() { p.UninstallKeeping(clientID) },
		"clean":     func() { p.Uninstall(clientID) },
	}[r.PathValue("action")]
	here := p.sim.installed(clientID, p.MemberID)
	switch {
	case !user.Admin:
		p.page(w, http.StatusForbidden, "error", "Only administrators may do this.")
		return
	case at < 0 || !known || !here && r.PathValue("action") != "install":
		p.missing(w)
		return
	}
	action()
	to := "/marketplace/"
	if r.PathValue("action") == "install" {
		to = appPath(p.sim.app(clientID))
	}
	http.Redirect(w, r, to, http.StatusSeeOther)
}

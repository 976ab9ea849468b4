package portalsim

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"
)

// installation is what a portal knows of an app that it has, beside its token.
type installation struct {
	version int
	pending bool // the installer has not finished
}

// installation of an app; one that was never installed has version 1. mu is held.
func (p *Portal) installation(clientID string) *installation {
	in := p.state.apps[clientID]
	if in == nil {
		in = &installation{version: 1}
		p.state.apps[clientID] = in
	}
	return in
}

// Install installs a registered app on the portal, without its installer.
// Installing it again gives it a new application token.
func (p *Portal) Install(clientID string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.renewToken(clientID)
	p.installation(clientID).pending = false
}

// Offer puts a registered app on the portal, not yet installed: it shows its
// installer to administrators, nothing to others, and gets neither widgets nor
// events until FinishInstall. An app without installer is installed at once.
func (p *Portal) Offer(clientID string) {
	app := p.sim.app(clientID)
	if app == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.renewToken(clientID)
	p.installation(clientID).pending = app.InstallURL != ""
}

// renewToken gives the app a new application token, and with it a place on the
// portal. mu is held.
func (p *Portal) renewToken(clientID string) {
	token := p.sim.token(16)
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	p.sim.installs[install{clientID, p.MemberID}] = token
}

// FinishInstall is what the portal does when the installer's page has said that
// it is done: from now on there are widgets and events, the first of them
// ONAPPINSTALL. It tells whether there was anything to finish.
func (p *Portal) FinishInstall(clientID string, admin int) bool {
	has := p.sim.installed(clientID, p.MemberID)
	p.mu.Lock()
	defer p.mu.Unlock()
	in := p.installation(clientID)
	if !has || !in.pending {
		return false
	}
	in.pending = false
	p.emitTo(clientID, "ONAPPINSTALL", obj{
		{"VERSION", in.version}, {"ACTIVE", "Y"}, {"INSTALLED", "Y"}, {"LANGUAGE_ID", p.Lang},
	}, admin)
	return true
}

// RunInstaller installs an app as an administrator does who opens it: the
// installer gets its launch, and when it answers well the installation is
// finished. No browser takes part.
func (p *Portal) RunInstaller(ctx context.Context, clientID string, admin int) error {
	p.Offer(clientID)
	app := p.sim.app(clientID)
	if app == nil || app.InstallURL == "" {
		return fmt.Errorf("portalsim: %s has no installer", clientID)
	}
	launch := p.launch(app, app.InstallURL, admin, "DEFAULT", "")
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, launch.Action, strings.NewReader(launch.Fields.Encode()))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	client := &http.Client{Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	defer client.CloseIdleConnections()
	resp, err := client.Do(r)
	if err != nil {
		return fmt.Errorf("portalsim: the installer: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode >= http.StatusBadRequest {
		return fmt.Errorf("portalsim: the installer answers %s", resp.Status)
	}
	p.FinishInstall(clientID, admin)
	return nil
}

// Update brings the next version of an app: handlers of ONAPPUPDATE are told,
// with a new application token, and then all handlers go. Widgets stay.
func (p *Portal) Update(clientID string, admin int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	in := p.installation(clientID)
	in.version++
	p.renewToken(clientID)
	p.emitTo(clientID, "ONAPPUPDATE", obj{
		{"VERSION", in.version}, {"PREVIOUS_VERSION", in.version - 1}, {"LANGUAGE_ID", p.Lang},
	}, admin)
	p.state.handlers = slices.DeleteFunc(p.state.handlers, func(h handler) bool { return h.clientID == clientID })
}

// Uninstall removes an app: its tokens stop working, its widgets and handlers
// go, and handlers of ONAPPUNINSTALL are told, without tokens, to delete its data.
func (p *Portal) Uninstall(clientID string) { p.uninstall(clientID, "1") }

// UninstallKeeping is Uninstall by somebody who wants the app's data to be kept.
func (p *Portal) UninstallKeeping(clientID string) { p.uninstall(clientID, "0") }

func (p *Portal) uninstall(clientID, clean string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.emitTo(clientID, "ONAPPUNINSTALL", obj{{"LANGUAGE_ID", p.Lang}, {"CLEAN", clean}}, 0)
	p.forget(clientID)
	delete(p.state.apps, clientID)
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	delete(p.sim.installs, install{clientID, p.MemberID})
}

// appsHere are the apps that the portal has, by name.
func (p *Portal) appsHere() []*App {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	var apps []*App
	for in := range p.sim.installs {
		if app := p.sim.apps[in.clientID]; app != nil && in.memberID == p.MemberID {
			apps = append(apps, app)
		}
	}
	slices.SortFunc(apps, func(a, b *App) int { return strings.Compare(a.Name+a.ClientID, b.Name+b.ClientID) })
	return apps
}

// appHere is an app that the portal has, by client id or code; nil without one.
func (p *Portal) appHere(name string) *App {
	for _, app := range p.appsHere() {
		if app.ClientID == name || app.Code == name {
			return app
		}
	}
	return nil
}

// pending tells whether the installer of an app has yet to finish.
func (p *Portal) pending(clientID string) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.installation(clientID).pending
}

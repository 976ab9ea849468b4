package apps

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"slotfinder/internal/portalsim/oauth"
	"slotfinder/internal/portalsim/php"
)

// installation is what a portal knows of an app beside its token.
type installation struct {
	version int
	pending bool // the installer has not finished
}

// installation of an app; an app that was never installed has version 1. The
// portal is locked.
func (p *Apps) installation(clientID string) *installation {
	in := p.installed[clientID]
	if in == nil {
		in = &installation{version: 1}
		p.installed[clientID] = in
	}
	return in
}

// Install installs a registered app on the portal, without its installer.
// Installing it again gives it a new application token.
func (p *Apps) Install(clientID string) {
	p.Lock()
	defer p.Unlock()
	p.auth.Install(clientID, p.MemberID)
	p.installation(clientID).pending = false
}

// Offer puts a registered app on the portal, not yet installed: it shows its
// installer to administrators, nothing to others, and gets neither widgets nor
// events until FinishInstall. An app without installer is installed at once.
func (p *Apps) Offer(clientID string) {
	app := p.auth.App(clientID)
	if app == nil {
		return
	}
	p.Lock()
	defer p.Unlock()
	p.auth.Install(clientID, p.MemberID)
	p.installation(clientID).pending = app.InstallURL != ""
}

// FinishInstall is what the portal does when the page of the installer says that
// it is done. From now on the app has widgets and gets events, first of all
// ONAPPINSTALL. It reports whether there was anything to finish.
func (p *Apps) FinishInstall(clientID string, admin int) bool {
	has := p.auth.Installed(clientID, p.MemberID)
	p.Lock()
	defer p.Unlock()
	in := p.installation(clientID)
	if !has || !in.pending {
		return false
	}
	in.pending = false
	p.emitTo(clientID, "ONAPPINSTALL", php.Array{
		{"VERSION", in.version}, {"ACTIVE", "Y"}, {"INSTALLED", "Y"}, {"LANGUAGE_ID", p.Lang},
	}, admin)
	return true
}

// RunInstaller installs an app without a browser, as if an administrator opened
// it: it posts the launch to the installer and finishes the installation if the
// answer is no error.
func (p *Apps) RunInstaller(ctx context.Context, clientID string, admin int) error {
	p.Offer(clientID)
	app := p.auth.App(clientID)
	if app == nil || app.InstallURL == "" {
		return fmt.Errorf("portalsim: %s has no installer", clientID)
	}
	launch := p.Open(app, app.InstallURL, admin, "DEFAULT", "")
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

// Update brings the next version of an app. Handlers of ONAPPUPDATE get a new
// application token; afterwards all handlers are removed, while widgets stay.
func (p *Apps) Update(clientID string, admin int) {
	p.Lock()
	defer p.Unlock()
	in := p.installation(clientID)
	in.version++
	p.auth.Install(clientID, p.MemberID)
	p.emitTo(clientID, "ONAPPUPDATE", php.Array{
		{"VERSION", in.version}, {"PREVIOUS_VERSION", in.version - 1}, {"LANGUAGE_ID", p.Lang},
	}, admin)
	p.handlers = slices.DeleteFunc(p.handlers, func(h handler) bool { return h.clientID == clientID })
}

// Uninstall removes an app. Its tokens stop working, its widgets and handlers are
// removed, and handlers of ONAPPUNINSTALL are told, without tokens, to delete its
// data.
func (p *Apps) Uninstall(clientID string) { p.uninstall(clientID, "1") }

// UninstallKeeping is Uninstall by somebody who wants the app's data to be kept.
func (p *Apps) UninstallKeeping(clientID string) { p.uninstall(clientID, "0") }

func (p *Apps) uninstall(clientID, clean string) {
	p.Lock()
	defer p.Unlock()
	p.emitTo(clientID, "ONAPPUNINSTALL", php.Array{{"LANGUAGE_ID", p.Lang}, {"CLEAN", clean}}, 0)
	p.unbindAll(clientID)
	delete(p.installed, clientID)
	p.auth.Uninstall(clientID, p.MemberID)
}

// Find is an app of the portal by client id or code, nil without one.
func (p *Apps) Find(name string) *oauth.App {
	for _, app := range p.auth.AppsOn(p.MemberID) {
		if app.ClientID == name || app.Code == name {
			return app
		}
	}
	return nil
}

// Pending reports whether the installer of an app has not finished yet.
func (p *Apps) Pending(clientID string) bool {
	p.Lock()
	defer p.Unlock()
	return p.installation(clientID).pending
}

// Summary is what the page of applications shows of an app.
func (p *Apps) Summary(clientID string) (pending bool, version int, widgets, events []string) {
	p.Lock()
	defer p.Unlock()
	for _, w := range p.placements {
		if w.ClientID == clientID {
			widgets = append(widgets, w.Code)
		}
	}
	for _, h := range p.handlers {
		if h.clientID == clientID {
			events = append(events, h.event)
		}
	}
	slices.Sort(widgets)
	slices.Sort(events)
	in := p.installation(clientID)
	return in.pending, in.version, widgets, events
}

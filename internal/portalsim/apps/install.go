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
func (a *Apps) installation(clientID string) *installation {
	in := a.installed[clientID]
	if in == nil {
		in = &installation{version: 1}
		a.installed[clientID] = in
	}
	return in
}

// Install installs a registered app on the portal, without its installer.
// Installing it again gives it a new application token.
func (a *Apps) Install(clientID string) {
	a.Lock()
	defer a.Unlock()
	a.auth.Install(clientID, a.MemberID)
	a.installation(clientID).pending = false
}

// Offer puts a registered app on the portal, not yet installed: it shows its
// installer to administrators, nothing to others, and gets neither widgets nor
// events until FinishInstall. An app without installer is installed at once.
func (a *Apps) Offer(clientID string) {
	app := a.auth.App(clientID)
	if app == nil {
		return
	}
	a.Lock()
	defer a.Unlock()
	a.auth.Install(clientID, a.MemberID)
	a.installation(clientID).pending = app.InstallURL != ""
}

// FinishInstall is what the portal does when the page of the installer says that
// it is done. From now on the app has widgets and gets events, first of all
// ONAPPINSTALL. It reports whether there was anything to finish.
func (a *Apps) FinishInstall(clientID string, admin int) bool {
	has := a.auth.Installed(clientID, a.MemberID)
	a.Lock()
	defer a.Unlock()
	in := a.installation(clientID)
	if !has || !in.pending {
		return false
	}
	in.pending = false
	a.emitTo(clientID, "ONAPPINSTALL", php.Array{
		{"VERSION", in.version}, {"ACTIVE", "Y"}, {"INSTALLED", "Y"}, {"LANGUAGE_ID", a.Lang},
	}, admin)
	return true
}

// RunInstaller installs an app without a browser, as if an administrator opened
// it: it posts the launch to the installer and finishes the installation if the
// answer is no error.
func (a *Apps) RunInstaller(ctx context.Context, clientID string, admin int) error {
	a.Offer(clientID)
	app := a.auth.App(clientID)
	if app == nil || app.InstallURL == "" {
		return fmt.Errorf("portalsim: %s has no installer", clientID)
	}
	launch := a.Open(app, app.InstallURL, admin, "DEFAULT", "")
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
	a.FinishInstall(clientID, admin)
	return nil
}

// Update brings the next version of an app. Handlers of ONAPPUPDATE get a new
// application token; afterwards all handlers are removed, while widgets stay.
func (a *Apps) Update(clientID string, admin int) {
	a.Lock()
	defer a.Unlock()
	in := a.installation(clientID)
	in.version++
	a.auth.Install(clientID, a.MemberID)
	a.emitTo(clientID, "ONAPPUPDATE", php.Array{
		{"VERSION", in.version}, {"PREVIOUS_VERSION", in.version - 1}, {"LANGUAGE_ID", a.Lang},
	}, admin)
	a.handlers = slices.DeleteFunc(a.handlers, func(h handler) bool { return h.clientID == clientID })
}

// Uninstall removes an app. Its tokens stop working, its widgets and handlers are
// removed, and handlers of ONAPPUNINSTALL are told, without tokens, to delete its
// data.
func (a *Apps) Uninstall(clientID string) { a.uninstall(clientID, "1") }

// UninstallKeeping is Uninstall by somebody who wants the app's data to be kept.
func (a *Apps) UninstallKeeping(clientID string) { a.uninstall(clientID, "0") }

func (a *Apps) uninstall(clientID, clean string) {
	a.Lock()
	defer a.Unlock()
	a.emitTo(clientID, "ONAPPUNINSTALL", php.Array{{"LANGUAGE_ID", a.Lang}, {"CLEAN", clean}}, 0)
	a.unbindAll(clientID)
	delete(a.installed, clientID)
	a.auth.Uninstall(clientID, a.MemberID)
}

// Find is an app of the portal by client id or code, nil without one.
func (a *Apps) Find(name string) *oauth.App {
	for _, app := range a.auth.AppsOn(a.MemberID) {
		if app.ClientID == name || app.Code == name {
			return app
		}
	}
	return nil
}

// Pending reports whether the installer of an app has not finished yet.
func (a *Apps) Pending(clientID string) bool {
	a.Lock()
	defer a.Unlock()
	return a.installation(clientID).pending
}

// Summary is what the page of applications shows of an app.
func (a *Apps) Summary(clientID string) (pending bool, version int, widgets, events []string) {
	a.Lock()
	defer a.Unlock()
	for _, w := range a.placements {
		if w.ClientID == clientID {
			widgets = append(widgets, w.Code)
		}
	}
	for _, h := range a.handlers {
		if h.clientID == clientID {
			events = append(events, h.event)
		}
	}
	slices.Sort(widgets)
	slices.Sort(events)
	in := a.installation(clientID)
	return in.pending, in.version, widgets, events
}

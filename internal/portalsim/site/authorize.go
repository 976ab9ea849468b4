package site

import (
	"net/http"
	"net/url"
	"strings"

	"slotfinder/internal/portalsim/apps"
	"slotfinder/internal/portalsim/oauth"
)

// authorize is /oauth/authorize/. It sends a signed-in user back to the app with a
// code and asks nobody for consent. When something is wrong the browser stays on
// the portal, and the app hears nothing of it.
func (p *Site) authorize(w http.ResponseWriter, r *http.Request) {
	clientID := r.URL.Query().Get("client_id")
	app := p.auth.App(clientID)
	if app == nil || app.Portal != "" && app.Portal != p.MemberID || !p.auth.Installed(clientID, p.MemberID) {
		p.page(w, http.StatusNotFound, "error", "The application is not installed on this portal.")
		return
	}
	user := p.visitor(r)
	if user == nil {
		p.loginPage(w, r)
		return
	}
	value := p.auth.NewCode(clientID, p.MemberID, user.ID)
	if app.RedirectURL == "" {
		p.page(w, http.StatusOK, "code", value)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.callback(app, value, r.URL.Query().Get("state")), http.StatusFound)
}

// callback is the address that brings a code to the app.
func (p *Site) callback(app *oauth.App, value, state string) string {
	q := url.Values{
		"code":          {value},
		"domain":        {p.CurrentHost()},
		"member_id":     {p.MemberID},
		"scope":         {strings.Join(app.Scopes, ",")},
		"server_domain": {p.auth.Host()},
	}
	if state != "" {
		q.Set("state", state)
	}
	return apps.WithQuery(app.RedirectURL, q)
}

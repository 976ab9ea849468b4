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
func (s *Site) authorize(w http.ResponseWriter, r *http.Request) {
	clientID := r.URL.Query().Get("client_id")
	app := s.auth.App(clientID)
	if app == nil || app.Portal != "" && app.Portal != s.MemberID || !s.auth.Installed(clientID, s.MemberID) {
		s.page(w, http.StatusNotFound, "error", "The application is not installed on this portal.")
		return
	}
	user := s.visitor(r)
	if user == nil {
		s.loginPage(w, r)
		return
	}
	value := s.auth.NewCode(clientID, s.MemberID, user.ID)
	if app.RedirectURL == "" {
		s.page(w, http.StatusOK, "code", value)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, s.callback(app, value, r.URL.Query().Get("state")), http.StatusFound)
}

// callback is the address that brings a code to the app.
func (s *Site) callback(app *oauth.App, value, state string) string {
	q := url.Values{
		"code":          {value},
		"domain":        {s.CurrentHost()},
		"member_id":     {s.MemberID},
		"scope":         {strings.Join(app.Scopes, ",")},
		"server_domain": {s.auth.Host()},
	}
	if state != "" {
		q.Set("state", state)
	}
	return apps.WithQuery(app.RedirectURL, q)
}

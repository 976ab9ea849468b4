package portalsim

import (
	"net/http"
	"net/url"
	"strings"
)

// authorize is /oauth/authorize/: it sends a signed-in user back to the app with
// a code and asks nobody for consent. When something is wrong the browser stays
// on the portal: the app never hears of it.
func (p *Portal) authorize(w http.ResponseWriter, r *http.Request) {
	clientID := r.URL.Query().Get("client_id")
	app := p.sim.app(clientID)
	if app == nil || app.Portal != "" && app.Portal != p.MemberID || !p.sim.installed(clientID, p.MemberID) {
		p.page(w, http.StatusNotFound, "error", "The application is not installed on this portal.")
		return
	}
	user := p.visitor(r)
	if user == nil {
		p.loginPage(w, r)
		return
	}
	value := p.sim.newCode(install{clientID, p.MemberID}, user.ID)
	if app.RedirectURL == "" {
		p.page(w, http.StatusOK, "code", value)
		return
	}
	w.Header().Set("Cache-Control", "no-store")
	http.Redirect(w, r, p.callback(app, value, r.URL.Query().Get("state")), http.StatusFound)
}

// callback is the address that brings a code to the app.
func (p *Portal) callback(app *App, value, state string) string {
	q := url.Values{
		"code":          {value},
		"domain":        {p.host()},
		"member_id":     {p.MemberID},
		"scope":         {strings.Join(app.Scopes, ",")},
		"server_domain": {p.sim.authHost()},
	}
	if state != "" {
		q.Set("state", state)
	}
	return withQuery(app.RedirectURL, q)
}

// withQuery adds parameters to an address that may have some.
func withQuery(address string, q url.Values) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + q.Encode()
}

// newCode makes an authorization code that lives for 30 seconds.
func (s *Sim) newCode(of install, userID int) string {
	value := s.token(20)
	expires := s.now().Add(codeLife)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[value] = &code{install: of, userID: userID, expires: expires}
	return value
}

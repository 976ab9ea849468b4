package oauth

import (
	"net/http"
	"slices"
	"strings"

	"slotfinder/internal/portalsim/php"
	"slotfinder/internal/portalsim/portal"
)

// App is a registered application.
type App struct {
	ClientID     string
	ClientSecret string
	SignInURL    string   // where the portal's page sends people who open the app on its own; "" = RedirectURL
	RedirectURL  string   // main handler address, also where the browser returns with the code
	InstallURL   string   // address of the installer; may be ""
	Scopes       []string // as in the application's card
	Portal       string   // a local app: member id of its only portal; "" = marketplace
	Code         string   // vendor.name
	Name         string
}

// StatusOn is the app's status on a portal: L for a local app, else the portal's
// plan.
func (a *App) StatusOn(p *portal.Portal) string {
	if a.Portal != "" {
		return "L"
	}
	if p.Plan == "" {
		return "F"
	}
	return p.Plan
}

// May reports whether the application has the scope, or one of several.
func (a *App) May(scope string) bool {
	if scope == "" {
		return true
	}
	for one := range strings.SplitSeq(scope, "|") {
		if slices.Contains(a.Scopes, one) {
			return true
		}
	}
	return false
}

// Bearer is the access token of a request: from the header, else from auth, else
// from access_token.
func Bearer(r *http.Request, sent php.Params) string {
	if token, ok := strings.CutPrefix(r.Header.Get("Authorization"), "Bearer "); ok {
		return token
	}
	if token := sent.Text("auth"); token != "" {
		return token
	}
	return sent.Text("access_token")
}

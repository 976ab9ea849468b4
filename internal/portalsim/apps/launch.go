package apps

import (
	"net/url"
	"strings"

	"slotfinder/internal/portalsim/oauth"
)

// Frame is an app inside the portal, as the browser is told to open it.
type Frame struct {
	Name   string // window name: host|protocol|session of the app
	Action string
	Fields url.Values // posted urlencoded
}

// Launch is what a browser posts when a user opens the app inside the portal: the
// urlencoded Fields to Action, from a frame called Name. placement is DEFAULT or
// the code of a widget, options is its JSON text. It is false when the app is not
// installed here.
func (a *Apps) Launch(clientID string, userID int, placement, options string) (Frame, bool) {
	app := a.auth.App(clientID)
	if app == nil || !a.auth.Installed(clientID, a.MemberID) {
		return Frame{}, false
	}
	return a.Open(app, app.RedirectURL, userID, placement, options), true
}

// Open is Launch to any address of the app: its installer, or the handler of a
// widget.
func (a *Apps) Open(app *oauth.App, address string, userID int, placement, options string) Frame {
	token := a.auth.Issue(app.ClientID, a.MemberID, userID)
	host, protocol, sid := a.CurrentHost(), "1", a.auth.NewToken(16)
	if strings.HasPrefix(a.Endpoint(), "http:") {
		protocol = "0"
	}
	fields := url.Values{
		"AUTH_ID":           {token.Access},
		"AUTH_EXPIRES":      {"3600"},
		"REFRESH_ID":        {token.Refresh},
		"SERVER_ENDPOINT":   {a.auth.Origin() + "/rest/"},
		"APPLICATION_TOKEN": {a.auth.ApplicationToken(app.ClientID, a.MemberID)},
		"APPLICATION_SCOPE": {strings.Join(app.Scopes, ",")},
		"member_id":         {a.MemberID},
		"status":            {app.StatusOn(a.Portal)},
		"PLACEMENT":         {placement},
	}
	if options != "" {
		fields.Set("PLACEMENT_OPTIONS", options)
	}
	query := url.Values{"DOMAIN": {host}, "PROTOCOL": {protocol}, "LANG": {a.Lang}, "APP_SID": {sid}}
	return Frame{
		Name:   host + "|" + protocol + "|" + sid,
		Action: WithQuery(address, query),
		Fields: fields,
	}
}

// WithQuery adds parameters to an address, which may have some already.
func WithQuery(address string, q url.Values) string {
	separator := "?"
	if strings.Contains(address, "?") {
		separator = "&"
	}
	return address + separator + q.Encode()
}

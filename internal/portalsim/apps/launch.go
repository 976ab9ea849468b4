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
func (p *Apps) Launch(clientID string, userID int, placement, options string) (Frame, bool) {
	app := p.auth.App(clientID)
	if app == nil || !p.auth.Installed(clientID, p.MemberID) {
		return Frame{}, false
	}
	return p.Open(app, app.RedirectURL, userID, placement, options), true
}

// Open is Launch to any address of the app: its installer, or the handler of a
// widget.
func (p *Apps) Open(app *oauth.App, address string, userID int, placement, options string) Frame {
	token := p.auth.Issue(app.ClientID, p.MemberID, userID)
	host, protocol, sid := p.CurrentHost(), "1", p.auth.NewToken(16)
	if strings.HasPrefix(p.Endpoint(), "http:") {
		protocol = "0"
	}
	fields := url.Values{
		"AUTH_ID":           {token.Access},
		"AUTH_EXPIRES":      {"3600"},
		"REFRESH_ID":        {token.Refresh},
		"SERVER_ENDPOINT":   {p.auth.Origin() + "/rest/"},
		"APPLICATION_TOKEN": {p.auth.ApplicationToken(app.ClientID, p.MemberID)},
		"APPLICATION_SCOPE": {strings.Join(app.Scopes, ",")},
		"member_id":         {p.MemberID},
		"status":            {app.StatusOn(p.Portal)},
		"PLACEMENT":         {placement},
	}
	if options != "" {
		fields.Set("PLACEMENT_OPTIONS", options)
	}
	query := url.Values{"DOMAIN": {host}, "PROTOCOL": {protocol}, "LANG": {p.Lang}, "APP_SID": {sid}}
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

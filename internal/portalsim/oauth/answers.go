package oauth

import (
	"net/http"
	"slices"
	"strings"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/php"
)

// The authorization server's refusals. Their statuses are documented nowhere;
// these are what the official PHP client expects.
func invalidRequest(text string) *fault.Error {
	return &fault.Error{Code: "invalid_request", Text: text, Status: http.StatusBadRequest}
}

func invalidGrant(text string) *fault.Error {
	return &fault.Error{Code: "invalid_grant", Text: text, Status: http.StatusBadRequest}
}

func invalidClient() *fault.Error {
	return &fault.Error{Code: "invalid_client", Text: "Client not found", Status: http.StatusUnauthorized}
}

// exchangeToken is /oauth/token/.
func (s *Server) exchangeToken(r *http.Request) (php.Array, *fault.Error) {
	sent := php.ReadParams(r)
	if _, _, basic := r.BasicAuth(); basic && sent.Text("client_id") == "" {
		if s.authSwitches().BasicBurnsCode {
			s.useCode(sent.Text("code"))
		}
		return nil, invalidRequest("Client credentials are missing")
	}
	app, failed := s.client(sent)
	if failed != nil {
		return nil, failed
	}
	switch sent.Text("grant_type") {
	case "authorization_code":
		return s.exchange(app, sent.Text("code"))
	case "refresh_token":
		return s.renew(app, sent.Text("refresh_token"))
	}
	return nil, invalidRequest("Unknown grant type")
}

// client finds the app that asks, and refuses what it may not have.
func (s *Server) client(sent php.Params) (*App, *fault.Error) {
	if sent.Text("grant_type") == "" || sent.Text("client_id") == "" {
		return nil, invalidRequest("Parameters are missing")
	}
	app := s.App(sent.Text("client_id"))
	if app == nil || app.ClientSecret != sent.Text("client_secret") {
		return nil, invalidClient()
	}
	if s.authSwitches().PaymentRequired {
		return nil, &fault.Error{Code: "PAYMENT_REQUIRED", Text: "Payment required", Status: http.StatusBadRequest}
	}
	asked := strings.FieldsFunc(sent.Text("scope"), func(r rune) bool { return r == ',' || r == ' ' })
	for _, scope := range asked {
		if !slices.Contains(app.Scopes, scope) {
			return nil, &fault.Error{Code: "invalid_scope", Text: "Scope is not granted", Status: http.StatusBadRequest}
		}
	}
	return app, nil
}

// useCode uses an authorization code up; it is false if there was none.
func (s *Server) useCode(value string) (*code, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.codes[value]
	delete(s.codes, value)
	return c, ok
}

// exchange gives tokens for a code: once, within 30 seconds, and only to the
// client for which the code was made. Another client does not use it up.
func (s *Server) exchange(app *App, value string) (php.Array, *fault.Error) {
	s.mu.Lock()
	waiting, ok := s.codes[value]
	mine := ok && waiting.clientID == app.ClientID
	s.mu.Unlock()
	if !mine {
		return nil, invalidGrant("Invalid code")
	}
	c, ok := s.useCode(value)
	if !ok || !s.now().Before(c.expires) {
		return nil, invalidGrant("Invalid code")
	}
	if !s.Installed(c.clientID, c.memberID) {
		return nil, invalidClient()
	}
	return s.tokenAnswer(app, s.issue(c.install, c.userID))
}

// renew gives a new pair for a refresh token, which is used up.
func (s *Server) renew(app *App, refresh string) (php.Array, *fault.Error) {
	now := s.now()
	s.mu.Lock()
	old, ok := s.refresh[refresh]
	ok = ok && old.clientID == app.ClientID && now.Before(old.refreshExpires)
	gone := ok && s.installs[old.install] == ""
	if ok && !gone && !s.switches.KeepOldRefresh {
		delete(s.refresh, refresh)
	}
	s.mu.Unlock()
	switch {
	case !ok:
		return nil, invalidGrant("Invalid refresh token")
	case gone:
		return nil, invalidClient()
	}
	return s.tokenAnswer(app, s.issue(old.install, old.userID))
}

// tokenAnswer is the answer with new tokens. Its domain is the authorization
// server's host, not the portal's, as in Bitrix24.
func (s *Server) tokenAnswer(app *App, g grant) (php.Array, *fault.Error) {
	p := s.portal(g.memberID)
	if p == nil {
		return nil, invalidClient()
	}
	var userID any = g.userID
	if s.authSwitches().UserIDText {
		userID = php.Text(g.userID)
	}
	return php.Array{
		{"access_token", g.access},
		{"expires", g.expires.Unix()},
		{"expires_in", int(AccessLife.Seconds())},
		{"scope", strings.Join(app.Scopes, ",")},
		{"domain", s.Host()},
		{"server_endpoint", s.Origin() + "/rest/"},
		{"status", app.StatusOn(p)},
		{"client_endpoint", p.Endpoint()},
		{"member_id", g.memberID},
		{"user_id", userID},
		{"refresh_token", g.refresh},
	}, nil
}

// appInfo is app.info at the authorization server. This is the only place that
// tells for sure whose token it is: of which app, on which portal.
func (s *Server) appInfo(r *http.Request) (php.Array, *fault.Error) {
	token := Bearer(r, php.ReadParams(r))
	if token == "" {
		return nil, fault.Known("NO_AUTH_FOUND")
	}
	g, ok := s.granted(token)
	switch {
	case !ok:
		return nil, fault.Known("invalid_token")
	case !s.now().Before(g.expires):
		return nil, fault.Known("expired_token")
	}
	app, p := s.App(g.clientID), s.portal(g.memberID)
	if app == nil || p == nil || !s.Installed(g.clientID, g.memberID) {
		return nil, fault.Known("APPLICATION_NOT_FOUND")
	}
	endpoint := p.Endpoint()
	return php.Array{{"result", php.Array{
		{"client_id", app.ClientID},
		{"scope", strings.Join(app.Scopes, ",")},
		{"status", app.StatusOn(p)},
		{"install", php.Array{
			{"domain", p.CurrentHost()},
			{"member_id", p.MemberID},
			{"uri", strings.TrimSuffix(endpoint, "/rest/")},
			{"client_endpoint", endpoint},
		}},
	}}}, nil
}

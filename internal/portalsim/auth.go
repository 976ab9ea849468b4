package portalsim

import (
	"net/http"
	"slices"
	"strings"
)

// AuthSwitches are oddities of the authorization server that are off by default.
type AuthSwitches struct {
	BasicBurnsCode  bool // an attempt with HTTP Basic and no client_id in the body uses the code up
	ErrorsAs200     bool // errors come with HTTP 200
	UserIDText      bool // user_id is a string
	PaymentRequired bool // every grant is refused with PAYMENT_REQUIRED
	KeepOldRefresh  bool // a refresh token stays good after its use
}

// SetAuth sets the oddities of the authorization server.
func (s *Sim) SetAuth(sw AuthSwitches) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.switches = sw
}

func (s *Sim) authSwitches() AuthSwitches {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.switches
}

// AuthServer is the authorization server: /oauth/token/ by GET and POST, and
// /rest/app.info.
func (s *Sim) AuthServer() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("/oauth/token/{$}", s.faulty(s.exchangeToken))
	mux.HandleFunc("/rest/app.info", s.faulty(s.appInfo))
	mux.HandleFunc("/rest/app.info.json", s.faulty(s.appInfo))
	return mux
}

// faulty lets the answers of the authorization server fail as ordered.
func (s *Sim) faulty(next func(*http.Request) (obj, *restError)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		fault := s.takeFault(strings.TrimSuffix(r.URL.Path, ".json"))
		if fault.before(w, r) {
			return
		}
		value, failed := obj(nil), fault.err
		if failed == nil {
			value, failed = next(r)
		}
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		fault.deliver(w, s.authAnswer(value, failed))
	}
}

func (s *Sim) takeFault(path string) Fault {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.faults.take(path)
}

func (s *Sim) authAnswer(value obj, failed *restError) answer {
	if failed == nil {
		return answer{http.StatusOK, encodeJSON(value)}
	}
	status := failed.Status
	if s.authSwitches().ErrorsAs200 {
		status = http.StatusOK
	}
	return answer{status, encodeJSON(failed.answer())}
}

// The authorization server's refusals. Their statuses are documented nowhere;
// these are what the official PHP client expects.
func invalidRequest(text string) *restError {
	return &restError{Code: "invalid_request", Text: text, Status: http.StatusBadRequest}
}

func invalidGrant(text string) *restError {
	return &restError{Code: "invalid_grant", Text: text, Status: http.StatusBadRequest}
}

func invalidClient() *restError {
	return &restError{Code: "invalid_client", Text: "Client not found", Status: http.StatusUnauthorized}
}

// exchangeToken is /oauth/token/.
func (s *Sim) exchangeToken(r *http.Request) (obj, *restError) {
	sent := readParams(r)
	if _, _, basic := r.BasicAuth(); basic && sent.str("client_id") == "" {
		if s.authSwitches().BasicBurnsCode {
			s.burn(sent.str("code"))
		}
		return nil, invalidRequest("Client credentials are missing")
	}
	app, failed := s.client(sent)
	if failed != nil {
		return nil, failed
	}
	switch sent.str("grant_type") {
	case "authorization_code":
		return s.exchange(app, sent.str("code"))
	case "refresh_token":
		return s.renew(app, sent.str("refresh_token"))
	}
	return nil, invalidRequest("Unknown grant type")
}

// client finds the app that asks and refuses what it may not ask.
func (s *Sim) client(sent params) (*App, *restError) {
	if sent.str("grant_type") == "" || sent.str("client_id") == "" {
		return nil, invalidRequest("Parameters are missing")
	}
	app := s.app(sent.str("client_id"))
	if app == nil || app.ClientSecret != sent.str("client_secret") {
		return nil, invalidClient()
	}
	if s.authSwitches().PaymentRequired {
		return nil, &restError{Code: "PAYMENT_REQUIRED", Text: "Payment required", Status: http.StatusBadRequest}
	}
	asked := strings.FieldsFunc(sent.str("scope"), func(r rune) bool { return r == ',' || r == ' ' })
	for _, scope := range asked {
		if !slices.Contains(app.Scopes, scope) {
			return nil, &restError{Code: "invalid_scope", Text: "Scope is not granted", Status: http.StatusBadRequest}
		}
	}
	return app, nil
}

// burn uses an authorization code up; false when there was none.
func (s *Sim) burn(value string) (*code, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, ok := s.codes[value]
	delete(s.codes, value)
	return c, ok
}

// exchange gives tokens for a code: once, within its 30 seconds, to the client
// it was made for. A foreign client does not use it up.
func (s *Sim) exchange(app *App, value string) (obj, *restError) {
	s.mu.Lock()
	waiting, ok := s.codes[value]
	mine := ok && waiting.clientID == app.ClientID
	s.mu.Unlock()
	if !mine {
		return nil, invalidGrant("Invalid code")
	}
	c, ok := s.burn(value)
	if !ok || !s.now().Before(c.expires) {
		return nil, invalidGrant("Invalid code")
	}
	if !s.installed(c.clientID, c.memberID) {
		return nil, invalidClient()
	}
	return s.tokenAnswer(app, s.grantNew(c.install, c.userID))
}

// renew gives a new pair for a refresh token, which is used up.
func (s *Sim) renew(app *App, refresh string) (obj, *restError) {
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
	return s.tokenAnswer(app, s.grantNew(old.install, old.userID))
}

// tokenAnswer tells a grant. Its domain is the authorization server's own host,
// not the portal's: a trap that the documentation has as well.
func (s *Sim) tokenAnswer(app *App, g grant) (obj, *restError) {
	p := s.portalByID(g.memberID)
	if p == nil {
		return nil, invalidClient()
	}
	var userID any = g.userID
	if s.authSwitches().UserIDText {
		userID = phpString(g.userID)
	}
	return obj{
		{"access_token", g.access},
		{"expires", g.expires.Unix()},
		{"expires_in", int(accessLife.Seconds())},
		{"scope", strings.Join(app.Scopes, ",")},
		{"domain", s.authHost()},
		{"server_endpoint", s.authOrigin() + "/rest/"},
		{"status", p.statusOf(app)},
		{"client_endpoint", p.endpoint()},
		{"member_id", g.memberID},
		{"user_id", userID},
		{"refresh_token", g.refresh},
	}, nil
}

// statusOf is the app's status on the portal: L for a local app, else the
// portal's plan.
func (p *Portal) statusOf(app *App) string {
	if app.Portal != "" {
		return "L"
	}
	if p.Plan == "" {
		return "F"
	}
	return p.Plan
}

// appInfo is app.info at the authorization server: the only place where a token
// can be verified, with the app and the portal that it belongs to.
func (s *Sim) appInfo(r *http.Request) (obj, *restError) {
	token := bearerOr(r, readParams(r))
	if token == "" {
		return nil, known("NO_AUTH_FOUND")
	}
	g, ok := s.granted(token)
	switch {
	case !ok:
		return nil, known("invalid_token")
	case !s.now().Before(g.expires):
		return nil, known("expired_token")
	}
	app, p := s.app(g.clientID), s.portalByID(g.memberID)
	if app == nil || p == nil || !s.installed(g.clientID, g.memberID) {
		return nil, known("APPLICATION_NOT_FOUND")
	}
	endpoint := p.endpoint()
	return obj{{"result", obj{
		{"client_id", app.ClientID},
		{"scope", strings.Join(app.Scopes, ",")},
		{"status", p.statusOf(app)},
		{"install", obj{
			{"domain", p.host()},
			{"member_id", p.MemberID},
			{"uri", strings.TrimSuffix(endpoint, "/rest/")},
			{"client_endpoint", endpoint},
		}},
	}}}, nil
}

package portalsim

import "time"

// Lifetimes of what the authorization server issues.
const (
	codeLife    = 30 * time.Second
	accessLife  = time.Hour
	refreshLife = 180 * 24 * time.Hour
)

// code is an authorization code on its way to the application.
type code struct {
	install
	userID  int
	expires time.Time
}

// grant is a pair of tokens of one user for one app on one portal.
type grant struct {
	install
	userID         int
	access         string
	refresh        string
	expires        time.Time
	refreshExpires time.Time
}

// Token is a pair of tokens as the authorization server issued it.
type Token struct {
	Access  string
	Refresh string
	Expires time.Time // of the access token
}

// grantNew issues tokens and returns a copy of what is kept. The simulator's mu
// is not held.
func (s *Sim) grantNew(of install, userID int) grant {
	now := s.now()
	g := grant{
		install: of, userID: userID,
		access: s.token(35), refresh: s.token(35),
		expires: now.Add(accessLife), refreshExpires: now.Add(refreshLife),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := g
	s.access[g.access] = &kept
	s.refresh[g.refresh] = &kept
	return g
}

// IssueToken makes tokens for a user as if he had just signed in to the app.
func (p *Portal) IssueToken(clientID string, userID int) Token {
	g := p.sim.grantNew(install{clientID, p.MemberID}, userID)
	return Token{Access: g.access, Refresh: g.refresh, Expires: g.expires}
}

// ExpireTokens lets every access token of the portal expire now; refresh tokens
// stay good.
func (p *Portal) ExpireTokens() {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	now := p.sim.now()
	for _, g := range p.sim.access {
		if g.memberID == p.MemberID && g.expires.After(now) {
			g.expires = now
		}
	}
}

// RevokeRefresh makes the refresh tokens of a user of a portal useless, of
// everybody there with userID 0. Access tokens stay good until they expire.
func (s *Sim) RevokeRefresh(memberID string, userID int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, g := range s.refresh {
		if g.memberID == memberID && (userID == 0 || g.userID == userID) {
			delete(s.refresh, token)
		}
	}
}

// granted is a copy of the grant that an access token belongs to.
func (s *Sim) granted(access string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.access[access]
	if !ok {
		return grant{}, false
	}
	return *g, true
}

// authenticate finds the app and the active user that an access token stands
// for on this portal. mu is held.
func (p *Portal) authenticate(token string) (*App, *User, error) {
	if token == "" {
		return nil, nil, known("NO_AUTH_FOUND")
	}
	g, ok := p.sim.granted(token)
	switch {
	case !ok || g.memberID != p.MemberID:
		return nil, nil, known("invalid_token")
	case !p.sim.now().Before(g.expires):
		return nil, nil, known("expired_token")
	case !p.sim.installed(g.clientID, p.MemberID):
		return nil, nil, known("APPLICATION_NOT_FOUND")
	}
	user, app := p.user(g.userID), p.sim.app(g.clientID)
	if user == nil || !user.Active || app == nil {
		return nil, nil, known("authorization_error")
	}
	return app, user, nil
}

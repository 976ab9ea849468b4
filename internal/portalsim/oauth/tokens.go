package oauth

import (
	"time"

	"slotfinder/internal/portalsim/fault"
	"slotfinder/internal/portalsim/portal"
)

// Lifetimes of what the authorization server issues.
const (
	codeLife    = 30 * time.Second
	AccessLife  = time.Hour
	refreshLife = 180 * 24 * time.Hour
)

// code is an authorization code that the application has not used yet.
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

// issue makes tokens and returns a copy of what is kept.
func (s *Server) issue(of install, userID int) grant {
	now := s.now()
	g := grant{
		install: of, userID: userID,
		access: s.NewToken(35), refresh: s.NewToken(35),
		expires: now.Add(AccessLife), refreshExpires: now.Add(refreshLife),
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	kept := g
	s.access[g.access] = &kept
	s.refresh[g.refresh] = &kept
	return g
}

// Issue makes tokens for a user of a portal as if they had just signed in to the
// app.
func (s *Server) Issue(clientID, memberID string, userID int) Token {
	g := s.issue(install{clientID, memberID}, userID)
	return Token{Access: g.access, Refresh: g.refresh, Expires: g.expires}
}

// ExpireTokens lets every access token of a portal expire now; refresh tokens stay
// good.
func (s *Server) ExpireTokens(memberID string) {
	now := s.now()
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, g := range s.access {
		if g.memberID == memberID && g.expires.After(now) {
			g.expires = now
		}
	}
}

// RevokeRefresh makes the refresh tokens of a user of a portal useless, of
// everybody there with userID 0. Access tokens stay good until they expire.
func (s *Server) RevokeRefresh(memberID string, userID int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for token, g := range s.refresh {
		if g.memberID == memberID && (userID == 0 || g.userID == userID) {
			delete(s.refresh, token)
		}
	}
}

// granted is a copy of the grant that an access token belongs to.
func (s *Server) granted(access string) (grant, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	g, ok := s.access[access]
	if !ok {
		return grant{}, false
	}
	return *g, true
}

// Authenticate finds the app and the active user that an access token stands for
// on a portal, which is locked.
func (s *Server) Authenticate(p *portal.Portal, token string) (*App, *portal.User, error) {
	if token == "" {
		return nil, nil, fault.Known("NO_AUTH_FOUND")
	}
	g, ok := s.granted(token)
	switch {
	case !ok || g.memberID != p.MemberID:
		return nil, nil, fault.Known("invalid_token")
	case !s.now().Before(g.expires):
		return nil, nil, fault.Known("expired_token")
	case !s.Installed(g.clientID, p.MemberID):
		return nil, nil, fault.Known("APPLICATION_NOT_FOUND")
	}
	user, app := p.User(g.userID), s.App(g.clientID)
	if user == nil || !user.Active || app == nil {
		return nil, nil, fault.Known("authorization_error")
	}
	return app, user, nil
}

// NewCode makes an authorization code that lives for 30 seconds.
func (s *Server) NewCode(clientID, memberID string, userID int) string {
	value := s.NewToken(20)
	expires := s.now().Add(codeLife)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.codes[value] = &code{install: install{clientID, memberID}, userID: userID, expires: expires}
	return value
}

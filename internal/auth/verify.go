package auth

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

// Verdicts are cached, so that not every click in the portal's menu costs a request to the
// authorization server: for an hour at most, which is how long a token lives.
const (
	maxVerdictLife = time.Hour
	maxVerdicts    = 4096
	maxInfo        = 1 << 20 // bytes of an answer
)

// verdict is what an authorization server said about an access token.
type verdict struct {
	portal Portal
	until  time.Time
}

// Verify asks an authorization server which app and portal an access token belongs to, and
// refuses it unless the app is ours and the portal has the given key. Without the check of
// the app, a token that somebody gave another app would open ours. The returned portal is
// as the server describes it. hint may name a server of the allow-list by host or URL. The
// verdict is cached for life.
//
//	Forbidden    the token is no good, or belongs elsewhere
//	Unsupported  the app's trial is over
//	Unavailable  no authorization server could be asked
func (p *Portals) Verify(ctx context.Context, accessToken, memberID, hint string, life time.Duration) (Portal, error) {
	key := sha256.Sum256([]byte(accessToken))
	portal, found := p.cachedVerdict(key)
	if !found {
		var err error
		if portal, err = p.askServers(ctx, accessToken, p.serversToAsk(ctx, memberID, hint)); err != nil {
			return Portal{}, err
		}
		p.cacheVerdict(key, portal, life)
	}
	if err := p.checkAppAndPortal(portal, memberID); err != nil {
		return Portal{}, err
	}
	return portal, nil
}

// checkAppAndPortal refuses a token that an authorization server says is another app's or
// another portal's.
func (p *Portals) checkAppAndPortal(portal Portal, memberID string) error {
	if _, ours := p.appByID(portal.ClientID); !ours || portal.PortalID != memberID {
		return launchRefused(errors.New("auth: verify: the token belongs to another app or portal"))
	}
	return nil
}

func launchRefused(cause error) *meet.Error {
	return &meet.Error{Kind: meet.Forbidden, Key: "error.launch_refused", Err: cause}
}

// serversToAsk returns the authorization servers that may know a portal's tokens: the one that vouched for the
// portal before, the one of the hint, or all.
func (p *Portals) serversToAsk(ctx context.Context, memberID, hint string) []string {
	if portal, err := p.vault.Portal(ctx, memberID); err == nil {
		if server := p.allowedServer(portal.AuthServer); server != "" {
			return []string{server}
		}
	}
	if server := p.allowedServer(hint); server != "" {
		return []string{server}
	}
	return p.servers
}

// askServers returns the first confirmation. If there is none, a server that could not be
// asked counts more than another one's refusal.
func (p *Portals) askServers(ctx context.Context, accessToken string, servers []string) (Portal, error) {
	var failed error
	for _, server := range servers {
		portal, err := p.askServer(ctx, accessToken, server)
		if err == nil {
			return portal, nil
		}
		if failed == nil || meet.KindOf(failed) == meet.Forbidden {
			failed = err
		}
	}
	return Portal{}, fmt.Errorf("auth: verify: %w", failed)
}

// askServer calls app.info at an authorization server. The token goes into the body,
// because addresses end up in logs.
func (p *Portals) askServer(ctx context.Context, accessToken, server string) (Portal, error) {
	body := strings.NewReader(url.Values{"auth": {accessToken}}.Encode())
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, server+"/rest/app.info", body)
	if err != nil {
		return Portal{}, fmt.Errorf("auth: %w", err)
	}
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	request.Header.Set("Accept", "application/json")
	answer, err := p.http.Do(request)
	if err != nil {
		return Portal{}, unreachable(err)
	}
	defer func() { _ = answer.Body.Close() }()
	text, err := io.ReadAll(io.LimitReader(answer.Body, maxInfo))
	if err != nil {
		return Portal{}, unreachable(err)
	}
	return p.readInfo(text, answer.StatusCode, server)
}

// appInfo holds the fields of app.info that an authorization server is known to send
// (FACTS.md fact 95).
type appInfo struct {
	Error  string `json:"error"`
	Result struct {
		ClientID string `json:"client_id"`
		Scope    any    `json:"scope"` // text as far as known
		Install  struct {
			MemberID string `json:"member_id"`
			Endpoint string `json:"client_endpoint"`
			URI      string `json:"uri"`
			Domain   string `json:"domain"`
		} `json:"install"`
	} `json:"result"`
}

// readInfo reads an answer of app.info.
func (p *Portals) readInfo(text []byte, status int, server string) (Portal, error) {
	var info appInfo
	if err := json.Unmarshal(text, &info); err != nil {
		return Portal{}, badAnswer("app.info")
	}
	if info.Error != "" {
		return Portal{}, infoError(info.Error, status)
	}
	install := info.Result.Install
	root := install.Endpoint
	if root == "" && install.URI != "" {
		root = strings.TrimRight(install.URI, "/") + "/rest/"
	}
	if root == "" {
		root = p.schemeFor(install.Domain) + "://" + install.Domain + "/rest/"
	}
	endpoint, host, ok := p.parseEndpoint(root)
	if !ok || info.Result.ClientID == "" || !memberID.MatchString(install.MemberID) {
		return Portal{}, badAnswer("app.info")
	}
	scope, _ := info.Result.Scope.(string)
	return Portal{
		PortalID: install.MemberID, Host: host, Endpoint: endpoint,
		AuthServer: server, ClientID: info.Result.ClientID, Scope: scope,
	}, nil
}

// infoError translates an error of app.info. Like all errors of REST it is known by its
// code (FACTS.md fact 1).
func infoError(code string, status int) *meet.Error {
	switch strings.ToLower(code) {
	case "expired_token", "invalid_token", "no_auth_found", "invalid_credentials", "authorization_error",
		"access_denied", "user_access_error", "insufficient_scope", "application_not_found":
		return launchRefused(fmt.Errorf("app.info says %s (HTTP %d)", strings.ToLower(code), status))
	}
	err := codeError(code, status, launchRefused)
	switch {
	case err.Kind == meet.Unsupported && err.Key == "error.app_not_installed":
		return launchRefused(err.Err)
	case err.Kind == meet.Unavailable && (status == http.StatusUnauthorized || status == http.StatusForbidden) && !temporary(code):
		return launchRefused(err.Err)
	}
	return err
}

// temporary reports whether an error code says nothing about the token. Portals send some of
// these with the status of a refusal; for undocumented codes only the status can decide.
func temporary(code string) bool {
	switch strings.ToUpper(code) {
	case "QUERY_LIMIT_EXCEEDED", "OVERLOAD_LIMIT", "OPERATION_TIME_LIMIT", "CONNECTION_ERROR",
		"INTERNAL_SERVER_ERROR", "ERROR_UNEXPECTED_ANSWER", "INVALID_REQUEST":
		return true
	}
	return false
}

func (p *Portals) cachedVerdict(key [32]byte) (Portal, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	v, ok := p.verdicts[key]
	return v.portal, ok && p.now().Before(v.until)
}

func (p *Portals) cacheVerdict(key [32]byte, portal Portal, life time.Duration) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if len(p.verdicts) >= maxVerdicts {
		clear(p.verdicts) // they are cheap to get again
	}
	p.verdicts[key] = verdict{portal, p.now().Add(min(life, maxVerdictLife))}
}

// forgetPortal drops the cached verdicts and the unsaved pairs of a portal.
func (p *Portals) forgetPortal(memberID string) {
	p.unsaved.removePortal(memberID)
	p.mu.Lock()
	defer p.mu.Unlock()
	for key, v := range p.verdicts {
		if v.portal.PortalID == memberID {
			delete(p.verdicts, key)
		}
	}
}

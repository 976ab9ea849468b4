package auth

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"golang.org/x/oauth2"

	"slotfinder/internal/meet"
)

// tokenPair is an answer with tokens, and everything it said about their owner. Fields that
// it left out are empty.
type tokenPair struct {
	access, refresh string
	expires         time.Time
	memberID        string
	user            int64 // 0: not told
	endpoint        string
	host            string
	server          string // allow-listed origin
	scope           string
}

// portal returns the portal of the pair, as the authorization server describes it.
func (got tokenPair) portal(app App) Portal {
	return Portal{
		PortalID: got.memberID, Host: got.host, Endpoint: got.endpoint,
		AuthServer: got.server, ClientID: app.ClientID, Scope: got.scope,
	}
}

// oauthConfig returns what x/oauth2 needs to know of a portal. Scopes and redirect
// address stay empty: the portal takes both from the app's card. The slash at the
// end of the token address saves a redirect, and the credentials go into the body
// at once, because a first attempt without them might use up the code.
func (p *Portals) oauthConfig(app App, host, server string) *oauth2.Config {
	return &oauth2.Config{
		ClientID:     app.ClientID,
		ClientSecret: app.ClientSecret,
		Endpoint: oauth2.Endpoint{
			AuthURL:   p.schemeFor(host) + "://" + host + "/oauth/authorize/",
			TokenURL:  server + "/oauth/token/",
			AuthStyle: oauth2.AuthStyleInParams,
		},
	}
}

// exchangeCode exchanges a code for a pair.
func (p *Portals) exchangeCode(ctx context.Context, app App, server, code string) (tokenPair, error) {
	token, err := p.oauthConfig(app, "", server).Exchange(context.WithValue(ctx, oauth2.HTTPClient, p.http), code)
	if err != nil {
		return tokenPair{}, fmt.Errorf("auth: exchange: %w", oauthError(err, codeUsed))
	}
	return p.readPair(token, server)
}

// exchangeRefreshToken exchanges a refresh token for a new pair.
func (p *Portals) exchangeRefreshToken(ctx context.Context, app App, server, refreshToken string) (tokenPair, error) {
	ctx = context.WithValue(ctx, oauth2.HTTPClient, p.http)
	token, err := p.oauthConfig(app, "", server).TokenSource(ctx, &oauth2.Token{RefreshToken: refreshToken}).Token()
	if err != nil {
		return tokenPair{}, fmt.Errorf("auth: refresh: %w", oauthError(err, signedOut))
	}
	return p.readPair(token, server)
}

// readPair reads an answer. Its other fields must be read now: x/oauth2 drops them when a
// token is rebuilt. The answer's "domain" is the authorization server's own host; the
// portal's is in client_endpoint.
func (p *Portals) readPair(token *oauth2.Token, server string) (tokenPair, error) {
	text := func(name string) string {
		s, _ := token.Extra(name).(string)
		return s
	}
	life := time.Hour
	if token.ExpiresIn > 0 && token.ExpiresIn <= 24*60*60 {
		life = time.Duration(token.ExpiresIn) * time.Second
	}
	out := tokenPair{
		access: token.AccessToken, refresh: token.RefreshToken, expires: p.now().Add(life),
		memberID: text("member_id"), server: server, scope: text("scope"),
	}
	var known bool
	out.user, known = userID(token.Extra("user_id"))
	if !known || out.memberID != "" && !memberID.MatchString(out.memberID) || out.refresh == "" {
		return tokenPair{}, badAnswer("tokens")
	}
	if endpoint := text("client_endpoint"); endpoint != "" {
		var ok bool
		if out.endpoint, out.host, ok = p.parseEndpoint(endpoint); !ok {
			return tokenPair{}, badAnswer("client_endpoint")
		}
	}
	if other := p.allowedServer(text("server_endpoint")); other != "" {
		out.server = other
	}
	return out, nil
}

// memberID matches the key of a portal.
var memberID = regexp.MustCompile(`^[0-9A-Za-z]{32}$`)

// userID reads a user id that comes as a number, as text or not at all (0).
func userID(value any) (int64, bool) {
	switch v := value.(type) {
	case nil:
		return 0, true
	case float64:
		return int64(v), v >= 0 && v < 1<<53 && v == math.Trunc(v)
	case string:
		if v == "" {
			return 0, true
		}
		n, err := strconv.ParseInt(v, 10, 64)
		return n, err == nil && n >= 0
	}
	return 0, false
}

// badAnswer is the error for an answer that makes no sense. It names the wrong part, not
// its content.
func badAnswer(part string) *meet.Error {
	return meet.Errorf(meet.Unavailable, "error.auth_server_down", "the authorization server's answer has unusable %s", part)
}

// codeUsed and signedOut are what invalid_grant means for a code and for a refresh token.
func codeUsed(cause error) *meet.Error {
	return &meet.Error{Kind: meet.Gone, Key: "error.code_used", Err: cause}
}

func signedOut(cause error) *meet.Error {
	return &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out", Err: cause}
}

// oauthError translates an error of x/oauth2. It does not wrap the original, whose text
// holds the server's whole answer.
func oauthError(err error, invalidGrant func(error) *meet.Error) *meet.Error {
	var answer *oauth2.RetrieveError
	if !errors.As(err, &answer) {
		return unreachable(err)
	}
	status := 0
	if answer.Response != nil {
		status = answer.Response.StatusCode
	}
	return codeError(errorCode(answer), status, invalidGrant)
}

// errorCode returns the error an authorization server named. x/oauth2 loses it
// when another field of the answer has an odd type.
func errorCode(answer *oauth2.RetrieveError) string {
	if answer.ErrorCode != "" {
		return answer.ErrorCode
	}
	var body struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(answer.Body, &body)
	return body.Error
}

// codeError translates an error code. The status decides nothing, because it is not
// documented (FACTS.md fact 96).
func codeError(code string, status int, invalidGrant func(error) *meet.Error) *meet.Error {
	cause := func() error {
		return fmt.Errorf("the authorization server says %s (HTTP %d)", strings.ToLower(code), status)
	}
	switch strings.ToLower(code) {
	case "invalid_grant", "bad_verification_code":
		return invalidGrant(cause())
	case "invalid_client", "wrong_client", "application_not_found":
		return &meet.Error{Kind: meet.Unsupported, Key: "error.app_not_installed", Err: cause()}
	case "payment_required":
		return &meet.Error{Kind: meet.Unsupported, Key: "error.payment_required", Err: cause()}
	case "insufficient_scope", "invalid_scope":
		return &meet.Error{Kind: meet.Unsupported, Key: "error.scope_missing", Err: cause()}
	case "invalid_request": // a bug of ours: the visitor was not refused
		return &meet.Error{Kind: meet.Unavailable, Key: "error.auth_server_down", Err: cause()}
	}
	return meet.Errorf(meet.Unavailable, "error.auth_server_down",
		"the authorization server's answer is not understood (HTTP %d)", status)
}

// unreachable is the error when there is no usable answer. It keeps only the network's part
// of the original.
func unreachable(err error) *meet.Error {
	var network *url.Error
	if errors.As(err, &network) {
		return meet.Errorf(meet.Unavailable, "error.auth_server_down", "the authorization server cannot be reached: %w", network.Err)
	}
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return meet.Errorf(meet.Unavailable, "error.auth_server_down", "the authorization server did not answer in time")
	}
	return meet.Errorf(meet.Unavailable, "error.auth_server_down", "the authorization server's answer is not understood (HTTP %d)", http.StatusOK)
}

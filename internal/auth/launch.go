package auth

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

// Limits of the posted form, in bytes.
const (
	maxToken   = 1024
	maxOptions = 16 << 10
	maxField   = 256
)

// Launch is what the portal's page posts into its frame when somebody opens the
// app. Anybody can post such a form from anywhere: only the tokens count, and only
// after the authorization server has been asked about them.
type Launch struct {
	AccessToken  string
	RefreshToken string        // "" possible
	Life         time.Duration // of the access token, at most an hour
	MemberID     string        // claimed
	Server       string        // claimed URL of the authorization server, "" from older portals
	Language     string        // Bitrix24's code, not always an ISO one
	Placement    string
	// Options is JSON or nonsense, chosen by whoever made the link that opened the app.
	// Show it, but never act on it without a click.
	Options string

	appToken string // claimed application_token, "" from older portals
}

// ParseLaunch reads the form from the query and the body of a POST. The portal's address
// in it must be well-formed, but is not used: the authorization server knows the true one.
//
// The error is meet.Forbidden.
func (p *Portals) ParseLaunch(query, body url.Values) (Launch, error) {
	r := formReader{}
	l := Launch{
		AccessToken:  r.single(body, "AUTH_ID", maxToken),
		RefreshToken: r.single(body, "REFRESH_ID", maxToken),
		MemberID:     r.single(body, "member_id", maxField),
		Server:       r.single(body, "SERVER_ENDPOINT", maxField),
		Language:     r.single(query, "LANG", maxField),
		Placement:    r.single(body, "PLACEMENT", maxField),
		Options:      r.single(body, "PLACEMENT_OPTIONS", maxOptions),
		appToken:     r.single(body, "APPLICATION_TOKEN", maxToken),
	}
	seconds, err := strconv.Atoi(r.single(body, "AUTH_EXPIRES", maxField))
	if err == nil && seconds > 0 {
		l.Life = min(time.Duration(min(seconds, 3600))*time.Second, maxVerdictLife)
	}
	domain, protocol := r.single(query, "DOMAIN", maxField), r.single(query, "PROTOCOL", maxField)
	_, addressErr := p.ParseAddress(domain)
	switch {
	case r.fault != "":
		return Launch{}, launchRefused(fmt.Errorf("auth: launch: %s is repeated or too long", r.fault))
	case l.AccessToken == "" || !memberID.MatchString(l.MemberID):
		return Launch{}, launchRefused(errors.New("auth: launch: the form has no token or no portal key"))
	case domain != "" && (addressErr != nil || strings.ContainsAny(domain, "/?# ")), protocol != "1" && !p.insecure:
		return Launch{}, launchRefused(errors.New("auth: launch: the form names no https address"))
	}
	return l, nil
}

// formReader reads fields that may occur once, and remembers the name of one that is
// repeated or too long.
type formReader struct{ fault string }

func (r *formReader) single(values url.Values, name string, limit int) string {
	all := values[name]
	switch {
	case len(all) == 0:
		return ""
	case len(all) > 1 || len(all[0]) > limit:
		r.fault = name
		return ""
	}
	return all[0]
}

// Launch verifies a posted form and returns who has opened the app. The first time
// somebody does, the refresh token is redeemed, which is the best proof of whose it is, and
// the pair is stored; later the stored pair stays as it is.
//
//	Forbidden    the form proves nothing; nothing was stored
//	Unsupported  the app's trial is over
//	Unavailable  the authorization server or the portal can't be reached or answers nonsense
func (p *Portals) Launch(ctx context.Context, l Launch) (SignIn, error) {
	portal, err := p.Verify(ctx, l.AccessToken, l.MemberID, l.Server, l.Life)
	if err != nil {
		return SignIn{}, err
	}
	profile, err := p.profiles.Profile(ctx, portal.Endpoint, l.AccessToken)
	if err != nil {
		return SignIn{}, fmt.Errorf("auth: launch: %w", err)
	}
	m := meet.Member{Portal: portal.PortalID, User: profile.User}
	c, err := p.openGrant(ctx, m)
	switch {
	case m.User <= 0:
		return SignIn{}, meet.Errorf(meet.Unavailable, "error.portal_nonsense", "auth: launch: the portal tells no user")
	case meet.KindOf(err) == meet.SignedOut, err == nil && c.portal.ClientID != portal.ClientID:
		return p.firstLaunch(ctx, l, portal, m, profile) // also after the app was registered anew
	case err != nil:
		return SignIn{}, err
	}
	if c.portal.Endpoint != portal.Endpoint {
		if err := p.vault.MovePortal(ctx, portal.PortalID, portal.Host, portal.Endpoint); err != nil {
			return SignIn{}, orSignedOut("move", err)
		}
		c.portal.Host, c.portal.Endpoint = portal.Host, portal.Endpoint
	}
	return SignIn{Member: m, Profile: profile, Portal: c.portal}, nil
}

// Install is Launch for the installer: an administrator sets the app up. The portal is
// stored as the authorization server describes it now, with the scopes granted today. The
// application_token of the form is stored, too, because an administrator's own tokens came
// with it.
//
//	Forbidden    also: the person is no administrator
func (p *Portals) Install(ctx context.Context, l Launch) (SignIn, error) {
	in, err := p.Launch(ctx, l)
	if err != nil {
		return SignIn{}, err
	}
	if !in.Profile.Admin {
		return SignIn{}, meet.Errorf(meet.Forbidden, "error.admins_only", "auth: install: not an administrator")
	}
	verified, err := p.Verify(ctx, l.AccessToken, l.MemberID, l.Server, l.Life)
	if err != nil {
		return SignIn{}, err
	}
	if verified.Scope != "" {
		in.Portal.Scope = verified.Scope
	}
	in.Portal.AppToken = "" // leaves the stored one
	if err := p.vault.SavePortal(ctx, in.Portal); err != nil {
		return SignIn{}, fmt.Errorf("auth: install: %w", err)
	}
	if l.appToken == "" {
		return in, nil
	}
	return in, p.SetAppToken(ctx, in.Member.Portal, l.appToken)
}

// Grants reports whether one of the scopes has been granted on the portal.
func (p Portal) Grants(scopes ...string) bool {
	granted := strings.FieldsFunc(p.Scope, func(r rune) bool { return r == ',' || r == ' ' })
	return slices.ContainsFunc(scopes, func(scope string) bool { return slices.Contains(granted, scope) })
}

// Origin returns scheme and address of a portal's pages, as browsers write it: without
// the port that the scheme implies.
func (p Portal) Origin() string {
	scheme, _, _ := strings.Cut(p.Endpoint, "://")
	implied := map[string]string{"https": ":443", "http": ":80"}[scheme]
	return scheme + "://" + strings.TrimSuffix(p.Host, implied)
}

// Embedder returns the origin of the installed portal at an address from a request's Origin
// or Referer, "" if there is none. It proves nothing about the caller; it only says who may
// frame a page that shows nothing.
func (p *Portals) Embedder(ctx context.Context, address string) string {
	host, err := p.ParseAddress(address)
	if err != nil {
		return ""
	}
	portal, err := p.vault.PortalByHost(ctx, host)
	if err != nil || !strings.HasPrefix(address, portal.Origin()) {
		return ""
	}
	return portal.Origin()
}

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
	tokenLimit   = 1024
	optionsLimit = 16 << 10
	wordLimit    = 256
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
	// Options is JSON or nothing sensible, chosen by whoever made the link that
	// opened the app. Show it, but never act on it without a click.
	Options string

	appToken string // claimed application_token, "" from older portals
}

// ParseLaunch reads the form from the query and the body of a POST. The portal's
// address in it is checked for its form and dropped: the authorization server
// knows the true one.
//
// The error is meet.Forbidden.
func (p *Portals) ParseLaunch(query, body url.Values) (Launch, error) {
	r := reader{}
	l := Launch{
		AccessToken:  r.one(body, "AUTH_ID", tokenLimit),
		RefreshToken: r.one(body, "REFRESH_ID", tokenLimit),
		MemberID:     r.one(body, "member_id", wordLimit),
		Server:       r.one(body, "SERVER_ENDPOINT", wordLimit),
		Language:     r.one(query, "LANG", wordLimit),
		Placement:    r.one(body, "PLACEMENT", wordLimit),
		Options:      r.one(body, "PLACEMENT_OPTIONS", optionsLimit),
		appToken:     r.one(body, "APPLICATION_TOKEN", tokenLimit),
	}
	seconds, err := strconv.Atoi(r.one(body, "AUTH_EXPIRES", wordLimit))
	if err == nil && seconds > 0 {
		l.Life = min(time.Duration(min(seconds, 3600))*time.Second, verdictTime)
	}
	domain, protocol := r.one(query, "DOMAIN", wordLimit), r.one(query, "PROTOCOL", wordLimit)
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

// reader takes single values of limited length and remembers the name of one that
// is not.
type reader struct{ fault string }

func (r *reader) one(values url.Values, name string, limit int) string {
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
// somebody does, the refresh token is traded in, which proves the strongest of all
// whose it is, and the pair is stored; later the stored pair stays as it is.
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
	m := meet.Member{Portal: portal.MemberID, User: profile.User}
	c, err := p.current(ctx, m)
	switch {
	case m.User <= 0:
		return SignIn{}, meet.Errorf(meet.Unavailable, "error.portal_nonsense", "auth: launch: the portal tells no user")
	case meet.KindOf(err) == meet.SignedOut, err == nil && c.portal.ClientID != portal.ClientID:
		return p.firstLaunch(ctx, l, portal, m, profile) // also after the app was registered anew
	case err != nil:
		return SignIn{}, err
	}
	if c.portal.Endpoint != portal.Endpoint {
		if err := p.vault.MovePortal(ctx, portal.MemberID, portal.Host, portal.Endpoint); err != nil {
			return SignIn{}, lost("move", err)
		}
		c.portal.Host, c.portal.Endpoint = portal.Host, portal.Endpoint
	}
	return SignIn{Member: m, Profile: profile, Portal: c.portal}, nil
}

// Install is Launch for the installer: an administrator sets the app up. The portal
// is stored as the authorization server describes it now, with the scopes that are
// granted today, and so is the token that its events will carry: the form came with
// an administrator's own tokens.
//
//	Forbidden    also: whoever it is, he is no administrator
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

// Embedder returns the origin of an installed portal whose page has, by its own
// account, sent a browser here: address is what stood in Origin or Referer. It is
// "" for every other address. It proves nothing about who is calling; it only says
// into whose frame a page may be put that shows nothing to anybody.
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

package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// PendingTime is how long somebody may take to sign in to the portal. The portal
// does not tell us when they give up.
const PendingTime = 15 * time.Minute

// maxCode bounds what a callback may bring, in bytes.
const maxCode = 1024

// Pending is a sign-in that has begun. It belongs to the browser that began it and must be
// removed there before Finish is called: a state is valid for one callback, even a failed
// one.
type Pending struct {
	State   string    `json:"state"`            // 130 random bits
	Host    string    `json:"host"`             // the portal's address as ParseAddress returned it
	Server  string    `json:"server,omitempty"` // the authorization server it is for; "" if none is known for the portal
	Started time.Time `json:"started,omitzero"` // UTC
}

// Callback is what the browser brings back from the portal. Nothing in it can be
// trusted.
type Callback struct {
	Code         string
	State        string
	Domain       string
	MemberID     string
	ServerDomain string
}

// SignIn is a successful sign-in: who it is, and in which portal, as the authorization
// server says. The portal's host may differ from the one that the person typed; show it.
type SignIn struct {
	Member  meet.Member
	Profile meet.Profile
	Portal  Portal
}

// NewPending starts a sign-in at a host that ParseAddress returned. A known portal has one
// authorization server, and no other can finish the sign-in. For an unknown portal the
// callback names one of the list.
func (p *Portals) NewPending(ctx context.Context, host string) Pending {
	pending := Pending{State: rand.Text(), Host: host, Started: p.now().UTC()}
	if portal, err := p.vault.PortalByHost(ctx, host); err == nil {
		pending.Server = p.allowedServer(portal.AuthServer)
	}
	return pending
}

// Begin returns the portal's address that the browser has to visit with a state.
// meet.Unsupported: we have no app for this portal.
func (p *Portals) Begin(host, state string) (authorizeURL string, err error) {
	app, err := p.appFor(host)
	if err != nil {
		return "", err
	}
	return p.oauthConfig(app, host, "").AuthCodeURL(state), nil
}

// Finish exchanges the code of a callback for tokens, asks whose they are and stores
// portal and grant.
//
//	Forbidden    the callback does not belong to this pending sign-in, or to its server
//	Gone         the sign-in took too long, or the code is used up or expired
//	Unsupported  the app is not installed there, its trial is over, scopes are missing
//	Unavailable  the authorization server or the portal can't be reached or answers nonsense
func (p *Portals) Finish(ctx context.Context, pending Pending, callback Callback) (SignIn, error) {
	if err := p.checkState(pending, callback); err != nil {
		return SignIn{}, err
	}
	app, err := p.appFor(pending.Host)
	if err != nil {
		return SignIn{}, err
	}
	server, err := p.serverFor(pending, callback.ServerDomain)
	if err != nil {
		return SignIn{}, err
	}
	done, err := p.unsaved.reserve(maxSignIns)
	if err != nil {
		return SignIn{}, err
	}
	defer done()
	got, err := p.exchangeCode(ctx, app, server, callback.Code)
	if err != nil {
		return SignIn{}, err
	}
	if got.server != server {
		return SignIn{}, otherServer()
	}
	if got.memberID == "" || got.endpoint == "" {
		return SignIn{}, fmt.Errorf("auth: exchange: %w", badAnswer("portal"))
	}
	if callback.MemberID != "" && callback.MemberID != got.memberID {
		return SignIn{}, meet.Errorf(meet.Forbidden, "error.state_mismatch", "auth: the callback names another portal than its code")
	}
	in, err := p.identify(ctx, app, got)
	if err != nil {
		return SignIn{}, err
	}
	return in, p.saveSignIn(ctx, in, got)
}

// checkState compares a callback with what was begun, before anything else is looked
// at: without it an attacker could sign somebody's browser in as the attacker.
func (p *Portals) checkState(pending Pending, callback Callback) error {
	same := subtle.ConstantTimeCompare([]byte(pending.State), []byte(callback.State)) == 1
	switch {
	case pending.State == "" || !same:
		return meet.Errorf(meet.Forbidden, "error.state_mismatch", "auth: the callback's state is not the session's")
	case p.now().Sub(pending.Started) > PendingTime:
		return meet.Errorf(meet.Gone, "error.state_expired", "auth: the sign-in took too long")
	case callback.Code == "" || len(callback.Code) > maxCode:
		return meet.Errorf(meet.Gone, "error.code_used", "auth: the callback has no usable code")
	}
	return nil
}

// serverFor returns the authorization server that gets a code: the one that the sign-in is
// for, else the one that the callback names, else the default; never one that is not on the
// list. A callback that names another server is refused: otherwise an attacker could have
// one server's code sent to another.
func (p *Portals) serverFor(pending Pending, named string) (string, error) {
	server := p.allowedServer(named)
	switch {
	case named != "" && (server == "" || pending.Server != "" && server != pending.Server):
		return "", otherServer()
	case pending.Server != "":
		return pending.Server, nil
	case server != "":
		return server, nil
	}
	return p.servers[0], nil
}

func otherServer() *meet.Error {
	return meet.Errorf(meet.Forbidden, "error.state_mismatch", "auth: the callback or its tokens are of another authorization server")
}

// saveSignIn stores a portal and a pair. If the database can't take them, they are unsaved
// and retried, but the sign-in fails for now.
func (p *Portals) saveSignIn(ctx context.Context, in SignIn, got tokenPair) error {
	sealed := p.sealPair(in.Member, got)
	opened := openGrant{portal: in.Portal, grant: Grant{Member: in.Member}, access: got.access, refresh: got.refresh, fromSignIn: true}
	return p.unsaved.save(ctx, opened, func(ctx context.Context) error {
		return p.storeSignIn(ctx, in.Portal, sealed, p.vault.SaveGrant)
	}, func(ctx context.Context) error {
		return p.storeSignIn(ctx, in.Portal, sealed, p.vault.SaveGrantLate)
	})
}

func (p *Portals) storeSignIn(ctx context.Context, portal Portal, sealed Grant, save func(context.Context, Grant) error) error {
	if err := p.vault.SavePortal(ctx, portal); err != nil {
		return fmt.Errorf("auth: sign in: %w", err)
	}
	if err := save(ctx, sealed); err != nil {
		return fmt.Errorf("auth: sign in: %w", err)
	}
	return nil
}

// identify asks the portal for the profile behind a pair. A self-hosted portal may lie
// about its people; if the authorization server names the user, its word counts.
func (p *Portals) identify(ctx context.Context, app App, got tokenPair) (SignIn, error) {
	profile, err := p.profiles.Profile(ctx, got.endpoint, got.access)
	if err != nil {
		return SignIn{}, fmt.Errorf("auth: profile: %w", err)
	}
	if profile.User <= 0 || got.user != 0 && got.user != profile.User {
		return SignIn{}, meet.Errorf(meet.Unavailable, "error.portal_nonsense",
			"auth: the portal tells another user than the authorization server")
	}
	return SignIn{
		Member:  meet.Member{Portal: got.memberID, User: profile.User},
		Profile: profile,
		Portal:  got.portal(app),
	}, nil
}

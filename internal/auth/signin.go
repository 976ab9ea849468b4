package auth

import (
	"context"
	"crypto/rand"
	"crypto/subtle"
	"fmt"
	"time"

	"slotfinder/internal/meet"
)

// pendingTime is how long somebody may take to sign in to the portal. The portal
// tells us nothing when he gives up.
const pendingTime = 15 * time.Minute

// codeLimit bounds what a callback may bring, in bytes.
const codeLimit = 1024

// Pending is a sign-in under way. It belongs into the session of the browser that
// began it and must be removed from there before Finish is called: a state is good
// for one callback, whatever becomes of it.
type Pending struct {
	State   string    // 130 random bits
	Host    string    // the portal's address as ParseAddress returned it
	Started time.Time // UTC
}

// Callback is what the browser brings back from the portal. Nothing of it is to
// be trusted.
type Callback struct {
	Code         string
	State        string
	Domain       string
	MemberID     string
	ServerDomain string
}

// SignIn is the outcome: who it is, and in which portal, as the authorization
// server says. The portal may live somewhere else than the person typed; show it.
type SignIn struct {
	Member  meet.Member
	Profile meet.Profile
	Portal  Portal
}

// NewPending starts a sign-in at a host that ParseAddress returned.
func (p *Portals) NewPending(host string) Pending {
	return Pending{State: rand.Text(), Host: host, Started: p.now().UTC()}
}

// Begin returns the portal's address that the browser has to visit with a state.
// meet.Unsupported: we have no app for this portal.
func (p *Portals) Begin(host, state string) (authorizeURL string, err error) {
	app, err := p.appFor(host)
	if err != nil {
		return "", err
	}
	return p.config(app, host, "").AuthCodeURL(state), nil
}

// Finish trades the code of a callback for tokens, asks whose they are and stores
// portal and grant.
//
//	Forbidden    the callback does not belong to this pending sign-in
//	Gone         the sign-in took too long, or the code is used up or expired
//	Unsupported  the app is not installed there, its trial is over, scopes are missing
//	Unavailable  the authorization server or the portal can't be reached or answers nonsense
func (p *Portals) Finish(ctx context.Context, pending Pending, callback Callback) (SignIn, error) {
	if err := p.check(pending, callback); err != nil {
		return SignIn{}, err
	}
	app, err := p.appFor(pending.Host)
	if err != nil {
		return SignIn{}, err
	}
	done, err := p.keeper.begin(signInsAtMost)
	if err != nil {
		return SignIn{}, err
	}
	defer done()
	got, err := p.exchange(ctx, app, p.serverFor(ctx, pending.Host, callback.ServerDomain), callback.Code)
	if err != nil {
		return SignIn{}, err
	}
	if got.memberID == "" || got.endpoint == "" {
		return SignIn{}, fmt.Errorf("auth: exchange: %w", nonsense("portal"))
	}
	if callback.MemberID != "" && callback.MemberID != got.memberID {
		return SignIn{}, meet.Errorf(meet.Forbidden, "error.state_mismatch", "auth: the callback names another portal than its code")
	}
	in, err := p.identify(ctx, app, got)
	if err != nil {
		return SignIn{}, err
	}
	return in, p.save(ctx, in, got)
}

// check compares a callback with what was begun, before anything else is looked
// at: without this an attacker could make somebody's browser sign in as himself.
func (p *Portals) check(pending Pending, callback Callback) error {
	same := subtle.ConstantTimeCompare([]byte(pending.State), []byte(callback.State)) == 1
	switch {
	case pending.State == "" || !same:
		return meet.Errorf(meet.Forbidden, "error.state_mismatch", "auth: the callback's state is not the session's")
	case p.now().Sub(pending.Started) > pendingTime:
		return meet.Errorf(meet.Gone, "error.state_expired", "auth: the sign-in took too long")
	case callback.Code == "" || len(callback.Code) > codeLimit:
		return meet.Errorf(meet.Gone, "error.code_used", "auth: the callback has no usable code")
	}
	return nil
}

// serverFor chooses the authorization server for a code: the one that the
// callback hints at, the one that vouched for the portal before, the default; but
// never one that is not on the list.
func (p *Portals) serverFor(ctx context.Context, host, hint string) string {
	if server := p.server(hint); server != "" {
		return server
	}
	if portal, err := p.vault.PortalByHost(ctx, host); err == nil {
		if server := p.server(portal.AuthServer); server != "" {
			return server
		}
	}
	return p.servers[0]
}

// save stores a portal and a pair. When the database can't take them they are kept here
// until it can; the error tells that the sign-in can't go on for now.
func (p *Portals) save(ctx context.Context, in SignIn, got pair) error {
	sealed := p.sealed(in.Member, got)
	kept := current{portal: in.Portal, grant: Grant{Member: in.Member}, access: got.access, refresh: got.refresh, signIn: true}
	return p.keeper.save(ctx, kept, func(ctx context.Context) error {
		return p.store(ctx, in.Portal, sealed, p.vault.SaveGrant)
	}, func(ctx context.Context) error {
		return p.store(ctx, in.Portal, sealed, p.vault.SaveGrantLate)
	})
}

func (p *Portals) store(ctx context.Context, portal Portal, sealed Grant, save func(context.Context, Grant) error) error {
	if err := p.vault.SavePortal(ctx, portal); err != nil {
		return fmt.Errorf("auth: sign in: %w", err)
	}
	if err := save(ctx, sealed); err != nil {
		return fmt.Errorf("auth: sign in: %w", err)
	}
	return nil
}

// identify asks the portal for the profile behind a pair. The owner of a server of
// his own may lie about his people; where the authorization server names the user,
// it knows better.
func (p *Portals) identify(ctx context.Context, app App, got pair) (SignIn, error) {
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

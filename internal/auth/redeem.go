package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// firstLaunch redeems the refresh token of a verified form, once for all requests that bring
// it: the same form may arrive several times at once, here and at other processes. What has
// begun is finished and stored even when ctx ends.
func (p *Portals) firstLaunch(ctx context.Context, l Launch, portal Portal, m meet.Member, profile meet.Profile) (SignIn, error) {
	app, ok := p.appByID(portal.ClientID)
	if !ok || l.RefreshToken == "" {
		return SignIn{}, launchRefused(errors.New("auth: launch: the form has no refresh token"))
	}
	sum := sha256.Sum256([]byte(l.RefreshToken))
	r := redemption{app: app, portal: portal, in: SignIn{Member: m, Profile: profile}, refresh: l.RefreshToken, hash: hex.EncodeToString(sum[:])}
	done := p.redemptions.DoChan(sealOwner(m)+"/"+r.hash, rescue.Value(func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTimeout)
		defer cancel()
		return p.redeemOnce(ctx, r)
	}))
	select {
	case <-ctx.Done():
		return SignIn{}, meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: launch: %w", ctx.Err())
	case result := <-done:
		if result.Err != nil {
			return SignIn{}, result.Err
		}
		return result.Val.(SignIn), nil
	}
}

// redemption is a refresh token to be redeemed, with what is known of its owner.
type redemption struct {
	app     App
	portal  Portal // as the authorization server described it
	in      SignIn // without the portal
	refresh string
	hash    string
}

// redeemOnce waits until the member has a pair, or redeems the token if nobody else does.
func (p *Portals) redeemOnce(ctx context.Context, r redemption) (SignIn, error) {
	for wait := 25 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		if in, done, err := p.alreadyRedeemed(ctx, r); done {
			return in, err
		}
		leased, err := p.vault.LeaseRedemption(ctx, r.portal.PortalID, r.hash, leaseTime)
		if err != nil {
			return SignIn{}, fmt.Errorf("auth: launch: %w", err)
		}
		if leased {
			return p.redeemLeased(ctx, r)
		}
		select {
		case <-ctx.Done():
			return SignIn{}, meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: launch: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// alreadyRedeemed tells whether the member has a pair of this app, and signs in with it.
func (p *Portals) alreadyRedeemed(ctx context.Context, r redemption) (in SignIn, done bool, err error) {
	c, err := p.openGrant(ctx, r.in.Member)
	switch {
	case meet.KindOf(err) == meet.SignedOut, err == nil && c.portal.ClientID != r.portal.ClientID:
		return SignIn{}, false, nil
	case err != nil:
		return SignIn{}, true, err
	}
	r.in.Portal = c.portal
	return r.in, true, nil
}

// redeemLeased redeems the token whose lease the caller has.
func (p *Portals) redeemLeased(ctx context.Context, r redemption) (SignIn, error) {
	defer func() {
		if err := p.vault.EndRedemption(context.WithoutCancel(ctx), r.portal.PortalID, r.hash); err != nil { // it expires by itself
			p.log.WarnContext(ctx, "the lease on a refresh token can't be ended", "portal", r.portal.PortalID, "error", err)
		}
	}()
	// Another process may have finished between the check and the lease.
	if in, done, err := p.alreadyRedeemed(ctx, r); done {
		return in, err
	}
	done, err := p.unsaved.reserve(maxSignIns)
	if err != nil {
		return SignIn{}, err
	}
	defer done()
	got, err := p.exchangeRefreshToken(ctx, r.app, r.portal.AuthServer, r.refresh)
	if meet.KindOf(err) == meet.SignedOut {
		return SignIn{}, launchRefused(err)
	}
	if err != nil {
		return SignIn{}, err
	}
	in, err := p.verifyOwner(ctx, r, got)
	if err != nil {
		return SignIn{}, err
	}
	return in, p.saveSignIn(ctx, in, got)
}

// verifyOwner checks whose pair a redemption brought. If the authorization server names the
// person, the portal is not asked: the pair must not be lost because the portal is slow.
func (p *Portals) verifyOwner(ctx context.Context, r redemption, got tokenPair) (SignIn, error) {
	if got.endpoint == "" {
		got.endpoint, got.host = r.portal.Endpoint, r.portal.Host
	}
	m, in := r.in.Member, r.in
	if got.memberID != m.Portal || got.user != 0 && got.user != m.User {
		return SignIn{}, launchRefused(errors.New("auth: launch: the two tokens belong to different people"))
	}
	if got.user == m.User {
		in.Portal = got.portal(r.app)
		return in, nil
	}
	in, err := p.identify(ctx, r.app, got)
	if err != nil {
		return SignIn{}, err
	}
	if in.Member != m {
		return SignIn{}, launchRefused(errors.New("auth: launch: the two tokens belong to different people"))
	}
	return in, nil
}

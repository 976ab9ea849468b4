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

// firstLaunch has the refresh token of a verified form traded in, once for all who bring
// it: the same form may come several times at once, here and to other processes. What has
// begun is finished and stored even when ctx ends.
func (p *Portals) firstLaunch(ctx context.Context, l Launch, portal Portal, m meet.Member, profile meet.Profile) (SignIn, error) {
	app, ok := p.appByID(portal.ClientID)
	if !ok || l.RefreshToken == "" {
		return SignIn{}, launchRefused(errors.New("auth: launch: the form has no refresh token"))
	}
	sum := sha256.Sum256([]byte(l.RefreshToken))
	t := trade{app: app, portal: portal, in: SignIn{Member: m, Profile: profile}, refresh: l.RefreshToken, hash: hex.EncodeToString(sum[:])}
	done := p.trades.DoChan(owner(m)+"/"+t.hash, rescue.Value(func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTime)
		defer cancel()
		return p.tradeOnce(ctx, t)
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

// trade is a refresh token to be traded in, with what is known of it beforehand.
type trade struct {
	app     App
	portal  Portal // as the authorization server described it
	in      SignIn // without the portal
	refresh string
	hash    string
}

// tradeOnce waits until the member has a pair, or trades the token in if nobody else does.
func (p *Portals) tradeOnce(ctx context.Context, t trade) (SignIn, error) {
	for wait := 25 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		if in, done, err := p.traded(ctx, t); done {
			return in, err
		}
		leased, err := p.vault.LeaseTrade(ctx, t.portal.MemberID, t.hash, leaseTime)
		if err != nil {
			return SignIn{}, fmt.Errorf("auth: launch: %w", err)
		}
		if leased {
			return p.tradeLeased(ctx, t)
		}
		select {
		case <-ctx.Done():
			return SignIn{}, meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: launch: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// traded tells whether the member has a pair of this app, and goes on with it.
func (p *Portals) traded(ctx context.Context, t trade) (in SignIn, done bool, err error) {
	c, err := p.current(ctx, t.in.Member)
	switch {
	case meet.KindOf(err) == meet.SignedOut, err == nil && c.portal.ClientID != t.portal.ClientID:
		return SignIn{}, false, nil
	case err != nil:
		return SignIn{}, true, err
	}
	t.in.Portal = c.portal
	return t.in, true, nil
}

// tradeLeased trades in the token whose lease the caller has.
func (p *Portals) tradeLeased(ctx context.Context, t trade) (SignIn, error) {
	defer func() {
		if err := p.vault.EndTrade(context.WithoutCancel(ctx), t.portal.MemberID, t.hash); err != nil { // it ends by itself
			p.log.WarnContext(ctx, "the lease on a refresh token can't be ended", "portal", t.portal.MemberID, "error", err)
		}
	}()
	// Somebody may have finished between the look and the lease.
	if in, done, err := p.traded(ctx, t); done {
		return in, err
	}
	done, err := p.keeper.begin(signInsAtMost)
	if err != nil {
		return SignIn{}, err
	}
	defer done()
	got, err := p.refresh(ctx, t.app, t.portal.AuthServer, t.refresh)
	if meet.KindOf(err) == meet.SignedOut {
		return SignIn{}, launchRefused(err)
	}
	if err != nil {
		return SignIn{}, err
	}
	in, err := p.proven(ctx, t, got)
	if err != nil {
		return SignIn{}, err
	}
	return in, p.save(ctx, in, got)
}

// proven checks whose pair a trade brought. Where the authorization server names the
// person, nobody else has to be asked: the pair must not be lost because the portal is
// slow just now.
func (p *Portals) proven(ctx context.Context, t trade, got pair) (SignIn, error) {
	if got.endpoint == "" {
		got.endpoint, got.host = t.portal.Endpoint, t.portal.Host
	}
	m, in := t.in.Member, t.in
	if got.memberID != m.Portal || got.user != 0 && got.user != m.User {
		return SignIn{}, launchRefused(errors.New("auth: launch: the two tokens belong to different people"))
	}
	if got.user == m.User {
		in.Portal = got.portal(t.app)
		return in, nil
	}
	in, err := p.identify(ctx, t.app, got)
	if err != nil {
		return SignIn{}, err
	}
	if in.Member != m {
		return SignIn{}, launchRefused(errors.New("auth: launch: the two tokens belong to different people"))
	}
	return in, nil
}

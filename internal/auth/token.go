package auth

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"slotfinder/internal/meet"
	"slotfinder/internal/rescue"
)

// renewTimeout bounds a renewal, waiting for another process included. It is shorter than
// leaseTime, so that a lease never expires while its holder works.
const (
	renewTimeout = 20 * time.Second
	leaseTime    = 30 * time.Second
)

// saveTimeout is how long the database may take for a new pair before the pair counts as
// unsaved, and whoever waits for it goes on.
const saveTimeout = 2 * time.Second

// The purposes that tokens are sealed for.
const (
	accessPurpose  = "access token"
	refreshPurpose = "refresh token"
)

// sealOwner is the owner that a member's tokens are sealed for.
func sealOwner(m meet.Member) string { return m.Portal + "/" + strconv.FormatInt(m.User, 10) }

// sealPair makes the grant to store of a pair.
func (p *Portals) sealPair(m meet.Member, got tokenPair) Grant {
	return Grant{
		Member:       m,
		AccessToken:  p.seal.Seal(accessPurpose, sealOwner(m), got.access),
		RefreshToken: p.seal.Seal(refreshPurpose, sealOwner(m), got.refresh),
		Expires:      got.expires,
	}
}

// openGrant is a member's pair, unsealed, with its portal.
type openGrant struct {
	portal          Portal
	grant           Grant // as it is stored, even if the pair here is newer
	access, refresh string
	unsaved         bool // the pair is newer than the stored one, and only this process has it
	fromSignIn      bool // unsaved, and from a sign-in: nothing is stored
}

// openGrant returns the member's unsaved pair, or else the stored one. meet.SignedOut: there
// is neither, and the person has to sign in (again).
func (p *Portals) openGrant(ctx context.Context, m meet.Member) (openGrant, error) {
	if c, there := p.unsaved.get(m); there {
		return c, nil
	}
	var c openGrant
	var err error
	if c.portal, err = p.vault.Portal(ctx, m.Portal); err != nil {
		return c, orSignedOut("portal", err)
	}
	if c.grant, err = p.vault.Grant(ctx, m); err != nil {
		return c, orSignedOut("grant", err)
	}
	var sealed error
	if c.access, err = p.seal.Open(accessPurpose, sealOwner(m), c.grant.AccessToken); err != nil {
		sealed = err
	}
	if c.refresh, err = p.seal.Open(refreshPurpose, sealOwner(m), c.grant.RefreshToken); err != nil {
		sealed = err
	}
	if sealed != nil {
		p.log.WarnContext(ctx, "a stored grant cannot be opened: was a secret dropped?", "portal", m.Portal)
		return c, signedOut(fmt.Errorf("auth: open grant: %w", sealed))
	}
	return c, nil
}

// orSignedOut makes meet.NotFound meet.SignedOut.
func orSignedOut(what string, err error) error {
	if meet.KindOf(err) == meet.NotFound {
		return signedOut(fmt.Errorf("auth: %s: %w", what, err))
	}
	return fmt.Errorf("auth: %s: %w", what, err)
}

// Token returns the REST root of the member's portal, with trailing slash, and
// the stored access token, which may have expired. meet.SignedOut: there is none.
func (p *Portals) Token(ctx context.Context, m meet.Member) (endpoint, token string, err error) {
	c, err := p.openGrant(ctx, m)
	if err != nil {
		return "", "", err
	}
	return c.portal.Endpoint, c.access, nil
}

// Renew returns REST root and access token after the portal has called the token stale
// expired. It asks for a new pair only if stale is still the current one, and only one
// caller does so at a time, in all processes; the others get its result. What has begun is
// finished and stored even when ctx ends, because the old pair is worthless by then.
//
//	SignedOut    the grant is lost; it is deleted
//	Unsupported  the app is no longer installed, or its trial is over
//	Unavailable  no answer in time; the grant is kept
func (p *Portals) Renew(ctx context.Context, m meet.Member, stale string) (endpoint, token string, err error) {
	key := sealOwner(m) + "/" + stale
	done := p.renewals.DoChan(key, rescue.Value(func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTimeout)
		defer cancel()
		return p.renew(ctx, m, stale)
	}))
	select {
	case <-ctx.Done():
		return "", "", meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: renew: %w", ctx.Err())
	case result := <-done:
		if result.Err != nil {
			return "", "", result.Err
		}
		c := result.Val.(openGrant)
		return c.portal.Endpoint, c.access, nil
	}
}

// renew renews the grant, or waits until another process has.
func (p *Portals) renew(ctx context.Context, m meet.Member, stale string) (openGrant, error) {
	for wait := 25 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		c, err := p.openGrant(ctx, m)
		if err != nil || c.access != stale {
			return c, err
		}
		if c.unsaved {
			unlock, locked := p.unsaved.lock(m)
			if !locked {
				continue // the pair has been stored meanwhile
			}
			defer unlock()
			return p.renewLeased(ctx, m, stale)
		}
		leased, err := p.vault.LeaseGrant(ctx, m, leaseTime)
		if err != nil {
			return c, orSignedOut("lease", err)
		}
		if leased {
			return p.renewLeased(ctx, m, stale)
		}
		select {
		case <-ctx.Done():
			return c, meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: renew: %w", ctx.Err())
		case <-time.After(wait):
		}
	}
}

// renewLeased renews the grant. The caller has its lease, or has locked the unsaved pair.
func (p *Portals) renewLeased(ctx context.Context, m meet.Member, stale string) (openGrant, error) {
	// Another process may have finished between the check and the lease.
	c, err := p.openGrant(ctx, m)
	if err != nil || c.access != stale {
		return c, p.releaseLease(ctx, c, err)
	}
	done, err := p.unsaved.reserve(maxRenewals)
	if err != nil {
		return c, p.releaseLease(ctx, c, err)
	}
	defer done()
	got, err := p.requestRenewal(ctx, c)
	if meet.KindOf(err) == meet.SignedOut {
		return p.endLostGrant(ctx, c, err)
	}
	if err != nil {
		return c, p.releaseLease(ctx, c, err)
	}
	return p.saveRenewed(ctx, c, got)
}

// releaseLease ends the lease on a pair that stays as it is.
func (p *Portals) releaseLease(ctx context.Context, c openGrant, cause error) error {
	if c.unsaved {
		return cause
	}
	return errors.Join(cause, p.vault.ReleaseGrant(ctx, c.grant.Member))
}

// requestRenewal asks for a new pair and checks that it belongs to the same person.
func (p *Portals) requestRenewal(ctx context.Context, c openGrant) (tokenPair, error) {
	app, ok := p.appByID(c.portal.ClientID)
	if !ok {
		return tokenPair{}, signedOut(errors.New("auth: renew: the app of this grant is not configured any more"))
	}
	server := p.allowedServer(c.portal.AuthServer)
	if server == "" {
		server = p.servers[0]
	}
	got, err := p.exchangeRefreshToken(ctx, app, server, c.refresh)
	if err != nil {
		return tokenPair{}, err
	}
	m := c.grant.Member
	if got.memberID != "" && got.memberID != m.Portal || got.user != 0 && got.user != m.User {
		p.log.ErrorContext(ctx, "a refresh brought somebody else's tokens", "portal", m.Portal)
		return tokenPair{}, fmt.Errorf("auth: refresh: %w", badAnswer("owner"))
	}
	return got, nil
}

// endLostGrant ends a grant that the authorization server no longer knows, unless the person
// has signed in again meanwhile.
func (p *Portals) endLostGrant(ctx context.Context, c openGrant, cause error) (openGrant, error) {
	m := c.grant.Member
	p.unsaved.remove(m)
	if err := p.vault.LoseGrant(ctx, c.grant); err != nil {
		return c, errors.Join(cause, err)
	}
	if anew, err := p.openGrant(ctx, m); err == nil {
		return anew, nil
	}
	return c, cause
}

// saveRenewed stores the new pair, and the portal's address if it has moved. A pair that the
// database can't take is unsaved, and good to use.
func (p *Portals) saveRenewed(ctx context.Context, c openGrant, got tokenPair) (openGrant, error) {
	m := c.grant.Member
	newer := c
	newer.access, newer.refresh = got.access, got.refresh
	if got.endpoint != "" && got.endpoint != c.portal.Endpoint {
		newer.portal.Host, newer.portal.Endpoint = got.host, got.endpoint
	}
	sealed := p.sealPair(m, got)
	store := func(ctx context.Context) error { return p.storeRenewed(ctx, c, newer.portal, sealed) }
	err := p.unsaved.save(ctx, newer, store, store)
	if meet.KindOf(err) == meet.NotFound {
		return p.openGrant(ctx, m) // signed in again meanwhile, or gone
	}
	return newer, nil
}

// storeRenewed stores the pair that c was renewed to.
func (p *Portals) storeRenewed(ctx context.Context, c openGrant, portal Portal, sealed Grant) error {
	if c.fromSignIn {
		return p.storeSignIn(ctx, portal, sealed, p.vault.SaveGrantLate)
	}
	if portal.Endpoint != c.portal.Endpoint {
		if err := p.vault.MovePortal(ctx, portal.PortalID, portal.Host, portal.Endpoint); err != nil {
			return fmt.Errorf("auth: move: %w", err)
		}
		p.log.InfoContext(ctx, "a portal has moved", "portal", portal.PortalID, "host", portal.Host)
	}
	if err := p.vault.RenewGrant(ctx, c.grant, sealed); err != nil {
		return fmt.Errorf("auth: renew: %w", err)
	}
	return nil
}

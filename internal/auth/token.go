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

// renewTime bounds a renewal, waiting for another process included. It is
// shorter than leaseTime, so that a lease never ends under its holder's hands.
const (
	renewTime = 20 * time.Second
	leaseTime = 30 * time.Second
)

// saveTime is how long the database may take for a new pair before the pair is kept
// here, and whoever waits for it goes on.
const saveTime = 2 * time.Second

// The purposes that tokens are sealed for.
const (
	accessPurpose  = "access token"
	refreshPurpose = "refresh token"
)

// owner is what a token is sealed to.
func owner(m meet.Member) string { return m.Portal + "/" + strconv.FormatInt(m.User, 10) }

// sealed makes the grant to store from a pair.
func (p *Portals) sealed(m meet.Member, got pair) Grant {
	return Grant{
		Member:       m,
		AccessToken:  p.seal.Seal(accessPurpose, owner(m), got.access),
		RefreshToken: p.seal.Seal(refreshPurpose, owner(m), got.refresh),
		Expires:      got.expires,
	}
}

// current is a member's opened pair with its portal.
type current struct {
	portal          Portal
	grant           Grant // as it is stored, also while the pair here is newer
	access, refresh string
	kept            bool // the pair is newer, and nobody else has it
	signIn          bool // kept, and from a sign-in: nothing is stored
}

// current tells what is kept here because it could not be stored, else reads what is
// stored. Without either the person has to sign in (again).
func (p *Portals) current(ctx context.Context, m meet.Member) (current, error) {
	if c, there := p.keeper.get(m); there {
		return c, nil
	}
	var c current
	var err error
	if c.portal, err = p.vault.Portal(ctx, m.Portal); err != nil {
		return c, lost("portal", err)
	}
	if c.grant, err = p.vault.Grant(ctx, m); err != nil {
		return c, lost("grant", err)
	}
	var sealed error
	if c.access, err = p.seal.Open(accessPurpose, owner(m), c.grant.AccessToken); err != nil {
		sealed = err
	}
	if c.refresh, err = p.seal.Open(refreshPurpose, owner(m), c.grant.RefreshToken); err != nil {
		sealed = err
	}
	if sealed != nil {
		p.log.WarnContext(ctx, "a stored grant cannot be opened: was a secret dropped?", "portal", m.Portal)
		return c, signedOut(fmt.Errorf("auth: open grant: %w", sealed))
	}
	return c, nil
}

// lost turns a missing row into meet.SignedOut.
func lost(what string, err error) error {
	if meet.KindOf(err) == meet.NotFound {
		return signedOut(fmt.Errorf("auth: %s: %w", what, err))
	}
	return fmt.Errorf("auth: %s: %w", what, err)
}

// Token returns the REST root of the member's portal, with trailing slash, and
// the stored access token, which may have expired. meet.SignedOut: there is none.
func (p *Portals) Token(ctx context.Context, m meet.Member) (endpoint, token string, err error) {
	c, err := p.current(ctx, m)
	if err != nil {
		return "", "", err
	}
	return c.portal.Endpoint, c.access, nil
}

// Renew returns REST root and access token after the portal has called the token
// stale expired. A new pair is asked for only if stale is still the stored one,
// and by one caller at a time, in all processes; the others get its result. What
// has begun is finished and stored even when ctx ends, because the old pair is
// worth nothing any more.
//
//	SignedOut    the grant is lost; it is deleted
//	Unsupported  the app is no longer installed, or its trial is over
//	Unavailable  no answer in time; the grant is kept
func (p *Portals) Renew(ctx context.Context, m meet.Member, stale string) (endpoint, token string, err error) {
	key := owner(m) + "/" + stale
	done := p.renewals.DoChan(key, rescue.Value(func() (any, error) {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), renewTime)
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
		c := result.Val.(current)
		return c.portal.Endpoint, c.access, nil
	}
}

// renew waits until the grant is no longer stale or leased to somebody else.
func (p *Portals) renew(ctx context.Context, m meet.Member, stale string) (current, error) {
	for wait := 25 * time.Millisecond; ; wait = min(2*wait, time.Second) {
		c, err := p.current(ctx, m)
		if err != nil || c.access != stale {
			return c, err
		}
		if c.kept {
			release, held := p.keeper.hold(m)
			if !held {
				continue // it has been stored meanwhile
			}
			defer release()
			return p.renewLeased(ctx, m, stale)
		}
		leased, err := p.vault.LeaseGrant(ctx, m, leaseTime)
		if err != nil {
			return c, lost("lease", err)
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

// renewLeased renews the grant whose lease the caller has, or of which nobody else has
// the newest pair.
func (p *Portals) renewLeased(ctx context.Context, m meet.Member, stale string) (current, error) {
	// Somebody may have finished between the look and the lease.
	c, err := p.current(ctx, m)
	if err != nil || c.access != stale {
		return c, p.release(ctx, c, err)
	}
	done, err := p.keeper.begin(renewalsAtMost)
	if err != nil {
		return c, p.release(ctx, c, err)
	}
	defer done()
	got, err := p.renewed(ctx, c)
	if meet.KindOf(err) == meet.SignedOut {
		return p.giveUp(ctx, c, err)
	}
	if err != nil {
		return c, p.release(ctx, c, err)
	}
	return p.saveRenewed(ctx, c, got)
}

// release ends the lease on a pair that stays as it is.
func (p *Portals) release(ctx context.Context, c current, cause error) error {
	if c.kept {
		return cause
	}
	return errors.Join(cause, p.vault.ReleaseGrant(ctx, c.grant.Member))
}

// renewed asks for a new pair and checks that it belongs to the same person.
func (p *Portals) renewed(ctx context.Context, c current) (pair, error) {
	app, ok := p.appByID(c.portal.ClientID)
	if !ok {
		return pair{}, signedOut(errors.New("auth: renew: the app of this grant is not configured any more"))
	}
	server := p.server(c.portal.AuthServer)
	if server == "" {
		server = p.servers[0]
	}
	got, err := p.refresh(ctx, app, server, c.refresh)
	if err != nil {
		return pair{}, err
	}
	m := c.grant.Member
	if got.memberID != "" && got.memberID != m.Portal || got.user != 0 && got.user != m.User {
		p.log.ErrorContext(ctx, "a refresh brought somebody else's tokens", "portal", m.Portal)
		return pair{}, fmt.Errorf("auth: refresh: %w", nonsense("owner"))
	}
	return got, nil
}

// giveUp ends a grant that the authorization server does not know any more, unless the
// person has signed in anew meanwhile.
func (p *Portals) giveUp(ctx context.Context, c current, cause error) (current, error) {
	m := c.grant.Member
	p.keeper.drop(m)
	if err := p.vault.LoseGrant(ctx, c.grant); err != nil {
		return c, errors.Join(cause, err)
	}
	if anew, err := p.current(ctx, m); err == nil {
		return anew, nil
	}
	return c, cause
}

// saveRenewed stores the new pair, and where the portal lives now. The pair is kept here
// when the database can't take it.
func (p *Portals) saveRenewed(ctx context.Context, c current, got pair) (current, error) {
	m := c.grant.Member
	newer := c
	newer.access, newer.refresh = got.access, got.refresh
	if got.endpoint != "" && got.endpoint != c.portal.Endpoint {
		newer.portal.Host, newer.portal.Endpoint = got.host, got.endpoint
	}
	sealed := p.sealed(m, got)
	store := func(ctx context.Context) error { return p.replace(ctx, c, newer.portal, sealed) }
	err := p.keeper.save(ctx, newer, store, store)
	if meet.KindOf(err) == meet.NotFound {
		return p.current(ctx, m) // signed in anew meanwhile, or gone
	}
	return newer, nil
}

// replace stores a newer pair in the place of c.
func (p *Portals) replace(ctx context.Context, c current, portal Portal, sealed Grant) error {
	if c.signIn {
		return p.store(ctx, portal, sealed, p.vault.SaveGrantLate)
	}
	if portal.Endpoint != c.portal.Endpoint {
		if err := p.vault.MovePortal(ctx, portal.MemberID, portal.Host, portal.Endpoint); err != nil {
			return fmt.Errorf("auth: move: %w", err)
		}
		p.log.InfoContext(ctx, "a portal has moved", "portal", portal.MemberID, "host", portal.Host)
	}
	if err := p.vault.RenewGrant(ctx, c.grant, sealed); err != nil {
		return fmt.Errorf("auth: renew: %w", err)
	}
	return nil
}

package auth

import (
	"context"
	"crypto/subtle"
	"fmt"

	"slotfinder/internal/meet"
)

const appTokenPurpose = "application token"

// SetAppToken stores the application_token that a portal's events will carry.
// Only an installation that the authorization server has just confirmed may set it. The
// token in the form of a launch passes through every employee's browser: they could post
// another one and so lock the portal's true events out.
//
// meet.NotFound: there is no such portal.
func (p *Portals) SetAppToken(ctx context.Context, memberID, token string) error {
	if token == "" || len(token) > maxToken {
		return meet.Errorf(meet.Invalid, "error.invalid", "auth: the application token is empty or too long")
	}
	if err := p.vault.SaveAppToken(ctx, memberID, p.seal.Seal(appTokenPurpose, memberID, token)); err != nil {
		return fmt.Errorf("auth: application token: %w", err)
	}
	return nil
}

// CheckEvent compares the application_token that came with an event with the portal's.
// Every employee can know it, so it only proves that somebody inside the portal sent the
// event: enough for reading a calendar again, not for deleting anything (FACTS.md fact 86).
//
// meet.Forbidden: the token is wrong, none is stored, or the portal is unknown;
// the caller can't tell which.
func (p *Portals) CheckEvent(ctx context.Context, memberID, token string) error {
	stored, err := p.appToken(ctx, memberID)
	if err != nil {
		return err
	}
	same := subtle.ConstantTimeCompare([]byte(stored), []byte(token)) == 1
	if stored == "" || !same {
		return meet.Errorf(meet.Forbidden, "error.launch_refused", "auth: event: the application token is not the portal's")
	}
	return nil
}

// appToken returns the application_token of a portal, "" when none is known.
func (p *Portals) appToken(ctx context.Context, key string) (string, error) {
	if !memberID.MatchString(key) {
		return "", nil
	}
	portal, err := p.vault.Portal(ctx, key)
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return "", nil
	case err != nil:
		return "", fmt.Errorf("auth: event: %w", err)
	case portal.AppToken == "":
		return "", nil
	}
	token, err := p.seal.Open(appTokenPurpose, key, portal.AppToken)
	if err != nil {
		p.log.WarnContext(ctx, "a stored application token cannot be opened: was a secret dropped?", "portal", key)
		return "", nil
	}
	return token, nil
}

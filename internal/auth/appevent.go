package auth

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"time"

	"golang.org/x/time/rate"

	"slotfinder/internal/audit"
	"slotfinder/internal/meet"
)

// Queue stores events for ProcessEvent, once for each id, also over a restart.
// meet.Unavailable: it is full, in all, for this source or about this portal.
type Queue interface {
	Add(ctx context.Context, e AppEvent) error
}

// AppEvent is an event about the app itself that a portal, or somebody in its name, sent.
type AppEvent struct {
	ID      string
	Portal  string // "" for one that is not stored
	About   string // the portal that it claims to be from, stored or not
	Source  string // who sent it: senders of one network have the same
	Payload string // sealed
	// WithToken says that it came with the application_token of the portal. Anybody can
	// send the other events, and a flood of them must not hold these up.
	WithToken bool
}

// Accounts knows who uses the app, and removes them.
type Accounts interface {
	// PortalKeys returns the keys of all portals.
	PortalKeys(ctx context.Context) ([]string, error)
	// Members returns the users of a portal who have tokens or sessions. Those with the
	// newest tokens come first.
	Members(ctx context.Context, portal string) ([]int64, error)
	// CloseMember removes a member's tokens and sessions.
	CloseMember(ctx context.Context, m meet.Member) error
	// ClosePortal removes all tokens and sessions of a portal and its application_token.
	// What people have set stays.
	ClosePortal(ctx context.Context, memberID string) error
}

const eventPurpose = "app event"

// installTimeout is how long it may take to confirm an installation and to run
// OnInstalled.
const installTimeout = 30 * time.Second

// eventTokenLife is how long the access token of an event lives, and so how long it makes
// sense to verify the event with it.
const eventTokenLife = time.Hour

// How often events may cause a call of an authorization server, in a second and at once.
// Strangers' events, insiders' events and sign-ins don't take from each other.
const (
	eventCalls       = 5
	eventCallsAtOnce = 10
)

func newEventLimiter() *rate.Limiter { return rate.NewLimiter(eventCalls, eventCallsAtOnce) }

// waitForTurn waits until events may call an authorization server again.
func waitForTurn(ctx context.Context, limit *rate.Limiter, calls int) error {
	if err := limit.WaitN(ctx, calls); err != nil {
		return meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: too many events at once: %w", err)
	}
	return nil
}

// eventPayload is what is read of an event. Its addresses and its refresh token are not.
type eventPayload struct {
	Name        string `json:"n"`
	MemberID    string `json:"m"` // claimed
	AppToken    string `json:"t"` // claimed, except for an uninstallation
	AccessToken string `json:"a,omitempty"`
	Clean       bool   `json:"c,omitempty"`
	Received    int64  `json:"w,omitempty"` // unix seconds
}

// ReceiveEvent takes an event about the app itself: ONAPPINSTALL, ONAPPUPDATE or
// ONAPPUNINSTALL. It only stores it, once; ProcessEvent verifies it.
//
// meet.Forbidden: an uninstallation without the portal's application_token, if one is
// known. A portal where people have signed in but no installer ever ran has none; there
// the authorization server's word alone counts, and what people have set is kept. The
// other two events bring an access token that nobody can know beforehand, so they are
// taken from everybody. meet.Unavailable: too many events wait, from this source (a
// network), about this portal, or in all.
func (p *Portals) ReceiveEvent(ctx context.Context, form url.Values, source string) error {
	e, id, withToken, err := p.parseEvent(ctx, form)
	if err != nil || id == "" {
		return err
	}
	portal := e.MemberID
	switch _, err := p.vault.Portal(ctx, portal); {
	case meet.KindOf(err) == meet.NotFound:
		portal = ""
	case err != nil:
		return fmt.Errorf("auth: event: %w", err)
	}
	text, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("auth: event: %w", err)
	}
	event := AppEvent{ID: id, Portal: portal, About: e.MemberID, Source: source, Payload: p.seal.Seal(eventPurpose, id, string(text)), WithToken: withToken}
	if err := p.queue.Add(ctx, event); err != nil {
		return fmt.Errorf("auth: event: %w", err)
	}
	return nil
}

// parseEvent reads the form of an event and checks the token of an uninstallation. id
// is "" for an event that could not be verified anyway.
func (p *Portals) parseEvent(ctx context.Context, form url.Values) (e eventPayload, id string, withToken bool, err error) {
	r := formReader{}
	e = eventPayload{
		Name:     r.single(form, "event", maxField),
		MemberID: r.single(form, "auth[member_id]", maxField),
		AppToken: r.single(form, "auth[application_token]", maxToken),
		Clean:    r.single(form, "data[CLEAN]", maxField) == "1",
		Received: p.now().Unix(),
	}
	at := r.single(form, "ts", maxField)
	if e.Name == "ONAPPUNINSTALL" {
		if withToken, err = p.checkUninstall(ctx, e.MemberID, e.AppToken); err != nil {
			return e, "", false, err
		}
		e.AppToken, e.Clean = "", e.Clean && withToken
	} else {
		e.AccessToken = r.single(form, "auth[access_token]", maxToken)
		if e.AccessToken == "" || e.AppToken == "" {
			return e, "", false, nil
		}
	}
	if r.fault != "" || !memberID.MatchString(e.MemberID) {
		return e, "", false, nil
	}
	// The access token is part of the id: an insider who sends the event with their own
	// token must not hide the portal's.
	sum := sha256.Sum256([]byte(e.Name + "\n" + e.MemberID + "\n" + at + "\n" + e.AccessToken))
	return e, hex.EncodeToString(sum[:]), withToken, nil
}

// checkUninstall is CheckEvent for an uninstallation, which is also taken without a token if
// the portal has none.
func (p *Portals) checkUninstall(ctx context.Context, portal, token string) (withToken bool, err error) {
	err = p.CheckEvent(ctx, portal, token)
	if meet.KindOf(err) != meet.Forbidden {
		return err == nil, err
	}
	known, missing := p.vault.Portal(ctx, portal)
	if missing == nil && known.AppToken == "" {
		return false, nil
	}
	return false, err
}

// ProcessEvent does what a stored event asks for, if the authorization server confirms it.
// An error means that the event could not be verified now, and should be tried again.
func (p *Portals) ProcessEvent(ctx context.Context, id, payload string) error {
	text, err := p.seal.Open(eventPurpose, id, payload)
	if err != nil {
		p.log.WarnContext(ctx, "a stored event cannot be opened: was a secret dropped?")
		return nil
	}
	var e eventPayload
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return fmt.Errorf("auth: event: %w", err)
	}
	if e.Name == "ONAPPUNINSTALL" {
		return p.processUninstall(ctx, e)
	}
	err = p.processInstall(ctx, e)
	late := e.Received > 0 && p.now().Sub(time.Unix(e.Received, 0)) > eventTokenLife
	switch meet.KindOf(err) {
	case meet.Unavailable, meet.Busy, meet.Internal:
		if err == nil || !late {
			return err
		}
	default: // was refused, and would be again
	}
	p.log.WarnContext(ctx, "an installation could not be confirmed", "event", e.Name, "error", err)
	p.audit.Record(audit.Entry{Event: audit.InstallRefused, Portal: e.MemberID, Reason: "event"})
	return nil
}

// processInstall stores what an installation or an update brings. Every employee has a
// token of the app and knows where its events go, so only an administrator's token
// may bring a new application_token.
func (p *Portals) processInstall(ctx context.Context, e eventPayload) error {
	ctx, cancel := context.WithTimeout(ctx, installTimeout)
	defer cancel()
	servers := p.serversToAsk(ctx, e.MemberID, "")
	if err := waitForTurn(ctx, p.installCalls, len(servers)); err != nil {
		return err
	}
	portal, err := p.askServers(ctx, e.AccessToken, servers)
	if err != nil {
		return err
	}
	if err := p.checkAppAndPortal(portal, e.MemberID); err != nil {
		return err
	}
	profile, err := p.profiles.Profile(ctx, portal.Endpoint, e.AccessToken)
	if err != nil {
		return fmt.Errorf("auth: event: %w", err)
	}
	if !profile.Admin {
		return launchRefused(errors.New("auth: event: an installation by somebody who is no administrator"))
	}
	if err := p.vault.SavePortal(ctx, portal); err != nil {
		return fmt.Errorf("auth: event: %w", err)
	}
	if err := p.SetAppToken(ctx, portal.PortalID, e.AppToken); err != nil {
		return err
	}
	p.audit.Record(audit.Entry{Event: audit.Installed, Portal: portal.PortalID, User: profile.User, Reason: "event"})
	if p.onInstalled == nil {
		return nil
	}
	return p.onInstalled(ctx, portal, meet.Member{Portal: portal.PortalID, User: profile.User})
}

// OnInstalled sets what is called after a confirmed installation or update: with an update
// a portal drops what the app has bound. admin is an administrator there, who may have no
// tokens here. It must be called before ProcessEvent.
func (p *Portals) OnInstalled(call func(ctx context.Context, portal Portal, admin meet.Member) error) {
	p.onInstalled = call
}

// processUninstall removes what a portal has here, unless the authorization server still
// confirms the installation: every employee can know the application_token.
func (p *Portals) processUninstall(ctx context.Context, e eventPayload) error {
	installed, err := p.stillInstalled(ctx, e.MemberID)
	switch {
	case err != nil:
		return err
	case installed:
		p.log.WarnContext(ctx, "an uninstallation was refused: the authorization server still confirms the installation", "portal", e.MemberID)
		p.audit.Record(audit.Entry{Event: audit.UninstallRefused, Portal: e.MemberID, Reason: "still installed"})
		return nil
	case e.Clean:
		err = p.vault.DeletePortal(ctx, e.MemberID)
	default:
		err = p.accounts.ClosePortal(ctx, e.MemberID)
	}
	if err != nil {
		return fmt.Errorf("auth: uninstall: %w", err)
	}
	p.forgetPortal(e.MemberID)
	p.log.InfoContext(ctx, "the app was uninstalled", "portal", e.MemberID, "clean", e.Clean)
	reason := map[bool]string{true: "everything deleted", false: "sessions and tokens deleted"}[e.Clean]
	p.audit.Record(audit.Entry{Event: audit.Uninstalled, Portal: e.MemberID, Reason: reason})
	return nil
}

// maxAskers is how many members' tokens are tried to ask a portal or its authorization server.
const maxAskers = 5

// stillInstalled asks the authorization server, with the tokens of people there, whether
// the app is still installed in a portal. If all tokens are refused, it is not. An error:
// the server could not be asked.
func (p *Portals) stillInstalled(ctx context.Context, memberID string) (bool, error) {
	users, err := p.accounts.Members(ctx, memberID)
	if err != nil {
		return false, fmt.Errorf("auth: uninstall: %w", err)
	}
	var failed error
	for _, user := range users[:min(len(users), maxAskers)] {
		installed, err := p.stillInstalledFor(ctx, meet.Member{Portal: memberID, User: user})
		if installed {
			return true, nil
		}
		failed = errors.Join(failed, err)
	}
	return false, failed
}

// stillInstalledFor asks with one person's tokens. A refused access token may have expired
// or have ended with the installation; a renewal tells which.
func (p *Portals) stillInstalledFor(ctx context.Context, m meet.Member) (bool, error) {
	c, err := p.openGrant(ctx, m)
	if meet.KindOf(err) == meet.SignedOut {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	servers := p.serversToAsk(ctx, m.Portal, "")
	if err := waitForTurn(ctx, p.removalCalls, len(servers)); err != nil {
		return false, err
	}
	portal, err := p.askServers(ctx, c.access, servers)
	switch meet.KindOf(err) {
	case meet.Forbidden:
		if err := waitForTurn(ctx, p.removalCalls, 1); err != nil {
			return false, err
		}
		_, _, err = p.Renew(ctx, m, c.access)
	default:
		if err == nil {
			return p.checkAppAndPortal(portal, m.Portal) == nil, nil
		}
	}
	var known *meet.Error
	switch {
	case err == nil:
		return true, nil
	case !errors.As(err, &known):
		return false, err
	case known.Kind == meet.Unsupported:
		return known.Key != "error.app_not_installed", nil // a trial that is over is still there
	case known.Kind == meet.SignedOut:
		return false, nil
	}
	return false, err
}

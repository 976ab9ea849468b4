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

// Inbox keeps what a portal told, to be worked off by Work, once for each id, also
// after a restart. meet.Unavailable: there is no room, in all or for those of the same
// source or about the same portal.
type Inbox interface {
	Keep(ctx context.Context, l Letter) error
}

// Letter is something that a portal told, or somebody in its name.
type Letter struct {
	ID      string
	Portal  string // "" for one that is not stored
	About   string // the portal it claims to be from, stored or not
	Source  string // who sent it: all of one network are one
	Payload string // sealed
	// Inside tells that it came with the token of the portal's events. The others come
	// from anybody, and however many they are, must not keep those from being read.
	Inside bool
}

// Register knows who uses the app, and ends it.
type Register interface {
	// PortalKeys returns the keys of all portals.
	PortalKeys(ctx context.Context) ([]string, error)
	// Members returns the users of a portal who have tokens or sessions, those first
	// whose tokens are the newest.
	Members(ctx context.Context, portal string) ([]int64, error)
	// CloseMember removes somebody's tokens and sessions.
	CloseMember(ctx context.Context, m meet.Member) error
	// ClosePortal removes all tokens and sessions of a portal and the token of its
	// events, and keeps what people have set.
	ClosePortal(ctx context.Context, memberID string) error
}

const eventPurpose = "app event"

// installTime is how long a portal may take to confirm an installation, and to have
// bound what the app needs.
const installTime = 30 * time.Second

// believedFor is how long the access token of an event lives, and so how long it makes
// sense to look what the event is worth.
const believedFor = time.Hour

// How often events may have an authorization server asked, in a second and at once. Those
// of strangers and those of insiders don't take from each other, and neither from people
// who sign in.
const (
	eventCalls     = 5
	eventCallBurst = 10
)

func newBudget() *rate.Limiter { return rate.NewLimiter(eventCalls, eventCallBurst) }

// spend waits until an authorization server may be asked again.
func spend(ctx context.Context, budget *rate.Limiter, calls int) error {
	if err := budget.WaitN(ctx, calls); err != nil {
		return meet.Errorf(meet.Unavailable, "error.auth_server_down", "auth: too many events at once: %w", err)
	}
	return nil
}

// appEvent is what is read of an event that tells of the app itself. Its addresses
// and its refresh token are not.
type appEvent struct {
	Name        string `json:"n"`
	MemberID    string `json:"m"` // claimed
	AppToken    string `json:"t"` // claimed, except for an uninstallation
	AccessToken string `json:"a,omitempty"`
	Clean       bool   `json:"c,omitempty"`
	Came        int64  `json:"w,omitempty"` // unix seconds
}

// ReceiveEvent takes an event of the app itself: ONAPPINSTALL, ONAPPUPDATE or
// ONAPPUNINSTALL. It only writes it down; Work finds out what it is worth. The same
// event is written down once.
//
// meet.Forbidden: an uninstallation without the token of the portal's events, where
// one is known. A portal of which people have signed in, but no installer has ever
// run, has none: there the authorization server's word alone counts, and nothing of
// what people have set is deleted. The other two events bring a token that nobody can
// know before, and are taken from everybody. meet.Unavailable: too many wait, of this
// source (a network), about this portal, or in all.
func (p *Portals) ReceiveEvent(ctx context.Context, form url.Values, source string) error {
	r := reader{}
	e := appEvent{
		Name:     r.one(form, "event", wordLimit),
		MemberID: r.one(form, "auth[member_id]", wordLimit),
		AppToken: r.one(form, "auth[application_token]", tokenLimit),
		Clean:    r.one(form, "data[CLEAN]", wordLimit) == "1",
		Came:     p.now().Unix(),
	}
	at, inside := r.one(form, "ts", wordLimit), false
	if e.Name == "ONAPPUNINSTALL" {
		var err error
		if inside, err = p.checkUninstall(ctx, e.MemberID, e.AppToken); err != nil {
			return err
		}
		e.AppToken, e.Clean = "", e.Clean && inside
	} else {
		e.AccessToken = r.one(form, "auth[access_token]", tokenLimit)
		if e.AccessToken == "" || e.AppToken == "" {
			return nil // nothing that could be verified
		}
	}
	if r.fault != "" || !memberID.MatchString(e.MemberID) {
		return nil
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
	// Whoever has a token of his own must not be able to hide the true event.
	sum := sha256.Sum256([]byte(e.Name + "\n" + e.MemberID + "\n" + at + "\n" + e.AccessToken))
	id := hex.EncodeToString(sum[:])
	letter := Letter{ID: id, Portal: portal, About: e.MemberID, Source: source, Payload: p.seal.Seal(eventPurpose, id, string(text)), Inside: inside}
	if err := p.inbox.Keep(ctx, letter); err != nil {
		return fmt.Errorf("auth: event: %w", err)
	}
	return nil
}

// checkUninstall is CheckEvent for an uninstallation: inside tells that it came with
// the portal's token, which it can't where none is known.
func (p *Portals) checkUninstall(ctx context.Context, portal, token string) (inside bool, err error) {
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

// Work does what an event of the app asks for, if the authorization server confirms
// it. An error means that it could not be found out, and is worth another try.
func (p *Portals) Work(ctx context.Context, id, payload string) error {
	text, err := p.seal.Open(eventPurpose, id, payload)
	if err != nil {
		p.log.WarnContext(ctx, "a stored event cannot be opened: was a secret dropped?")
		return nil
	}
	var e appEvent
	if err := json.Unmarshal([]byte(text), &e); err != nil {
		return fmt.Errorf("auth: event: %w", err)
	}
	if e.Name == "ONAPPUNINSTALL" {
		return p.uninstalled(ctx, e)
	}
	err = p.installed(ctx, e)
	late := e.Came > 0 && p.now().Sub(time.Unix(e.Came, 0)) > believedFor
	switch meet.KindOf(err) {
	case meet.Unavailable, meet.Busy, meet.Internal:
		if err == nil || !late {
			return err
		}
	}
	p.log.WarnContext(ctx, "an installation was not believed", "event", e.Name, "error", err)
	p.audit.Record(audit.Entry{Event: audit.InstallRefused, Portal: e.MemberID, Reason: "event"})
	return nil
}

// installed stores what an installation or an update tells. Every employee has a
// token of the app and knows where its events go, so only an administrator's token
// may bring a new application_token.
func (p *Portals) installed(ctx context.Context, e appEvent) error {
	ctx, cancel := context.WithTimeout(ctx, installTime)
	defer cancel()
	servers := p.candidates(ctx, e.MemberID, "")
	if err := spend(ctx, p.installCalls, len(servers)); err != nil {
		return err
	}
	portal, err := p.ask(ctx, e.AccessToken, servers)
	if err != nil {
		return err
	}
	if err := p.ours(portal, e.MemberID); err != nil {
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
	if err := p.SetAppToken(ctx, portal.MemberID, e.AppToken); err != nil {
		return err
	}
	p.audit.Record(audit.Entry{Event: audit.Installed, Portal: portal.MemberID, User: profile.User, Reason: "event"})
	if p.rebind == nil {
		return nil
	}
	return p.rebind(ctx, portal, meet.Member{Portal: portal.MemberID, User: profile.User})
}

// OnInstalled says what is to be done once an installation or an update is believed:
// with an update a portal drops what the app has bound. The member is an administrator
// there, who may have no tokens here. It must be called before Work.
func (p *Portals) OnInstalled(rebind func(ctx context.Context, portal Portal, admin meet.Member) error) {
	p.rebind = rebind
}

// uninstalled ends what a portal has here, unless the authorization server still
// confirms the installation: every employee can know the token of the events.
func (p *Portals) uninstalled(ctx context.Context, e appEvent) error {
	there, err := p.confirmed(ctx, e.MemberID)
	switch {
	case err != nil:
		return err
	case there:
		p.log.WarnContext(ctx, "an uninstallation was not believed: the authorization server still confirms the installation", "portal", e.MemberID)
		p.audit.Record(audit.Entry{Event: audit.UninstallRefused, Portal: e.MemberID, Reason: "still installed"})
		return nil
	case e.Clean:
		err = p.vault.DeletePortal(ctx, e.MemberID)
	default:
		err = p.register.ClosePortal(ctx, e.MemberID)
	}
	if err != nil {
		return fmt.Errorf("auth: uninstall: %w", err)
	}
	p.disown(e.MemberID)
	p.log.InfoContext(ctx, "the app was uninstalled", "portal", e.MemberID, "clean", e.Clean)
	reason := map[bool]string{true: "everything deleted", false: "sessions and tokens deleted"}[e.Clean]
	p.audit.Record(audit.Entry{Event: audit.Uninstalled, Portal: e.MemberID, Reason: reason})
	return nil
}

// askedAtMost bounds whose tokens are tried to confirm an installation.
const askedAtMost = 5

// confirmed asks the authorization server, with the tokens of people there, whether
// the app is still installed in a portal. Where no token is any good, nothing
// confirms it. An error: nobody could be asked.
func (p *Portals) confirmed(ctx context.Context, memberID string) (bool, error) {
	users, err := p.register.Members(ctx, memberID)
	if err != nil {
		return false, fmt.Errorf("auth: uninstall: %w", err)
	}
	var failed error
	for _, user := range users[:min(len(users), askedAtMost)] {
		there, err := p.confirmedBy(ctx, meet.Member{Portal: memberID, User: user})
		if there {
			return true, nil
		}
		failed = errors.Join(failed, err)
	}
	return false, failed
}

// confirmedBy asks with one person's tokens. An access token that is refused may
// have expired or have gone with the installation; a renewal tells which.
func (p *Portals) confirmedBy(ctx context.Context, m meet.Member) (bool, error) {
	c, err := p.current(ctx, m)
	if meet.KindOf(err) == meet.SignedOut {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	servers := p.candidates(ctx, m.Portal, "")
	if err := spend(ctx, p.removalCalls, len(servers)); err != nil {
		return false, err
	}
	portal, err := p.ask(ctx, c.access, servers)
	switch meet.KindOf(err) {
	case meet.Forbidden:
		if err := spend(ctx, p.removalCalls, 1); err != nil {
			return false, err
		}
		_, _, err = p.Renew(ctx, m, c.access)
	default:
		if err == nil {
			return p.ours(portal, m.Portal) == nil, nil
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

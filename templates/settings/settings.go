package settings

import (
	"context"
	"time"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// View is the page of settings for the whole portal.
type View struct {
	Status  meet.SettingsStatus
	Zone    *time.Location // the reader's
	Saved   bool           // something has just been saved
	Consent bool           // the reader may agree with an account of their own
	Agreed  bool           // they have ticked that they do
	Again   *SignInAgain
	Errors  map[string]string
}

// SignInAgain asks somebody to prove once more who they are; nil = no need.
type SignInAgain struct {
	Portal string
	Next   string // path to come back to
	Framed bool   // inside the portal, where no sign-in is possible
}

// since is when consent was given, with the zone of its clock.
func (v View) since(ctx context.Context) string {
	c, since := locale.From(ctx), v.Status.Since.In(v.Zone)
	return locale.T(ctx, "settings.since", "name", v.account(ctx), "date", c.Date(since), "time", c.Time(since), "zone", c.City(v.Zone))
}

// account names whose account is designated.
func (v View) account(ctx context.Context) string {
	return part.PersonLabel(ctx, v.Status.Designated, v.Status.Person.Name)
}

// standings are the text keys of the states of the account.
var standings = map[meet.DelegateStatus]string{
	meet.DelegateWorks: "settings.on", meet.DelegateNotAdmin: "settings.not_admin",
	meet.DelegateSignedOut: "settings.signed_out", meet.DelegateUnasked: "settings.unasked",
}

// state says whose account is used, or why it can't be.
func (v View) state(ctx context.Context) string {
	return locale.T(ctx, standings[v.Status.Delegate], "name", v.account(ctx))
}

// agree names the button that gives consent.
func (v View) agree() string {
	if v.Status.Designated != 0 {
		return "settings.replace"
	}
	return "settings.allow"
}

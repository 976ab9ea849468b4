package page

import (
	"context"
	"time"

	"slotfinder/internal/locale"
)

// SettingsView is the page of settings for the whole portal.
type SettingsView struct {
	Saved   bool      // something has just been saved
	Account *Person   // with whose rights availability is read; nil = with each person's own
	Since   time.Time // when they agreed, in the reader's zone
	Fault   string    // why the account can't be used: a meet.Fitness; "" = it can
	Consent bool      // the reader may agree with an account of their own
	Agreed  bool      // they have ticked that they do
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
func (v SettingsView) since(ctx context.Context) string {
	c := locale.From(ctx)
	return locale.T(ctx, "settings.since", "name", v.Account.name(ctx), "date", c.Date(v.Since), "time", c.Time(v.Since), "zone", c.City(v.Since.Location()))
}

// standings are the text keys of the states of the account.
var standings = map[string]string{
	"": "settings.on", "not_admin": "settings.not_admin", "signed_out": "settings.signed_out", "unasked": "settings.unasked",
}

// state says whose account is used, or why it can't be.
func (v SettingsView) state(ctx context.Context) string {
	return locale.T(ctx, standings[v.Fault], "name", v.Account.name(ctx))
}

// agree names the button that gives consent.
func (v SettingsView) agree() string {
	if v.Account != nil {
		return "settings.replace"
	}
	return "settings.allow"
}

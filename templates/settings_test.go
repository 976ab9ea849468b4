package templates_test

import (
	"testing"

	"slotfinder/internal/locale"
	"slotfinder/internal/meet"
	"slotfinder/templates/find"
	"slotfinder/templates/settings"
)

// settingsView is the page of an administrator while another one's account is lost.
func settingsView(t testing.TB) settings.View {
	t.Helper()
	return settings.View{
		Saved: true, Zone: zone(t, "Europe/Berlin"), Consent: true,
		Status: meet.SettingsStatus{
			Settings: meet.Settings{Designated: 5, Since: sampleNow}, Person: meet.Person{ID: 5, Name: `Anna <b>"Becker"</b>`}, Delegate: meet.DelegateSignedOut,
		},
		Errors: map[string]string{"consent": "settings.consent_needed"},
	}
}

// TestSettingsSayWhatHolds: whose account, since when, what is wrong with it, and only
// the buttons that do something.
func TestSettingsSayWhatHolds(t *testing.T) {
	t.Parallel()
	used, lost, own, none := settingsView(t), settingsView(t), settingsView(t), settingsView(t)
	used.Status.Delegate, lost.Status.Delegate, own.Status.Delegate = meet.DelegateWorks, meet.DelegateNotAdmin, meet.DelegateWorks
	own.Consent, none.Status.Designated = false, 0
	nameless := settingsView(t)
	nameless.Status.Person = meet.Person{}
	const agreed = `Anna <b>"Becker"</b> agreed on 23 Nov 2026 at 07:00 (Berlin).`
	const instead = "Until it works again, everyone searches with their own permissions, and every search says so. "
	for name, test := range map[string]struct {
		view              settings.View
		says, alert       string
		withdraw, consent int
		button            string
	}{
		"in use":    {used, `Included: every search reads availability with the account of Anna <b>"Becker"</b>. ` + agreed, "", 1, 1, "Use my account instead"},
		"lost":      {lost, "", `Anna <b>"Becker"</b> is no longer an administrator, so this account is not used. ` + instead + agreed, 1, 1, "Use my account instead"},
		"one's own": {own, `Included: every search reads availability with the account of Anna <b>"Becker"</b>. ` + agreed, "", 1, 0, ""},
		"none":      {none, "Not included: everyone searches with their own permissions. Every search says that hidden calendars look free.", "", 0, 1, "Allow"},
		"nameless": {nameless, "", "Bitrix24 no longer accepts the account of Person no. 5. They have left the company, may no longer use this app, or need to sign in here again. " +
			instead + "Person no. 5 agreed on 23 Nov 2026 at 07:00 (Berlin).", 1, 1, "Use my account instead"},
	} {
		doc := parse(t, render(t, locale.For("en"), settings.Page(test.view)))
		if got := words(t, doc, "#eyes .note:not(.warn)"); got != test.says {
			t.Errorf("%s says %q", name, got)
		}
		if got := words(t, doc, "#eyes .warn[role=alert]"); got != test.alert {
			t.Errorf("%s warns %q", name, got)
		}
		if a, b := len(all(t, doc, `form[method=post] button[value=withdraw]`)), len(all(t, doc, `input[name=consent][type=checkbox]:not([checked])`)); a != test.withdraw || b != test.consent {
			t.Errorf("%s: %d ways to withdraw, %d to consent", name, a, b)
		}
		if got := words(t, doc, "button[value=designate]"); got != test.button {
			t.Errorf("%s: the button says %q", name, got)
		}
	}
}

// TestEveryResultSaysWhoseEyesItSaw, in both views of the board, and when nothing fits.
func TestEveryResultSaysWhoseEyesItSaw(t *testing.T) {
	t.Parallel()
	heat := sample(t, 3, 5)
	heat.Choice.View = find.HeatMap
	for name, f := range map[string]facts{"timeline": sample(t, 3, 5), "heat map": heat, "nothing fits": nothingFits(t)} {
		for eyes, text := range map[string]string{
			"own":         "Calendars that are hidden from you look free here.",
			"company":     "Calendars that are hidden from you are included, as your administrators allow.",
			"own_instead": "Calendars that are hidden from you look free at the moment: the account that reads them can’t be used.",
		} {
			f.View = meet.View(eyes)
			if got := words(t, findPage(t, view(f)), "p.board-legend"); got != text {
				t.Errorf("%s, %s: %q", name, eyes, got)
			}
		}
	}
}

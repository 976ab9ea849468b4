package auth_test

import (
	"strings"
	"testing"

	"slotfinder/internal/auth"
	"slotfinder/internal/meet"
	"slotfinder/internal/seal"
)

func TestEventsAreBelievedForTheirToken(t *testing.T) {
	each(t, func(w *world) {
		p := w.process()
		ctx := w.t.Context()
		w.signIn(p, w.portal, 7)
		w.signIn(p, w.rival, 7)
		mine, theirs := w.portal.ApplicationToken(clientID), w.rival.ApplicationToken(clientID)
		refused := func(name, portal, token string) {
			w.t.Helper()
			err := p.CheckEvent(ctx, portal, token)
			w.t.Log(name)
			w.wantError(err, meet.Forbidden, "error.launch_refused")
		}
		refused("nothing is stored", member, mine)
		refused("nothing is stored, nothing is sent", member, "")
		must(w.t, p.SetAppToken(ctx, member, mine))
		must(w.t, p.SetAppToken(ctx, rival, theirs))
		must(w.t, p.CheckEvent(ctx, member, mine))
		must(w.t, p.CheckEvent(ctx, member, mine)) // as often as they come
		refused("another portal's", member, theirs)
		refused("none", member, "")
		refused("the beginning", member, mine[:len(mine)-1])
		refused("an unknown portal", strings.Repeat("0", 32), mine)
		refused("no portal", "", mine)
		refused("no key of a portal", "' OR 1=1 --", mine)

		stored, err := p.vault.Portal(ctx, member)
		must(w.t, err)
		w.wantNoSecret(stored.AppToken)
		must(w.t, p.vault.SaveAppToken(ctx, member, mustPortal(w, p, rival).AppToken))
		refused("a row with another portal's sealed token", member, theirs)

		must(w.t, p.SetAppToken(ctx, member, "another"))
		refused("the old one", member, mine)
		must(w.t, p.CheckEvent(ctx, member, "another"))
		w.signIn(p, w.portal, 8)
		must(w.t, p.CheckEvent(ctx, member, "another")) // signing in leaves it
	})
}

func mustPortal(w *world, p process, memberID string) auth.Portal {
	w.t.Helper()
	portal, err := p.vault.Portal(w.t.Context(), memberID)
	must(w.t, err)
	return portal
}

func TestSetAppTokenRefuses(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.wantError(p.SetAppToken(t.Context(), member, ""), meet.Invalid, "error.invalid")
	w.wantError(p.SetAppToken(t.Context(), member, strings.Repeat("x", 1025)), meet.Invalid, "error.invalid")
	if err := p.SetAppToken(t.Context(), member, "x"); meet.KindOf(err) != meet.NotFound {
		t.Errorf("a portal that is not there: %v", err)
	}
}

// TestEventAfterTheSecretWasDropped: a token that can't be opened counts as none.
func TestEventAfterTheSecretWasDropped(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	must(t, p.SetAppToken(t.Context(), member, "known"))
	other := w.process(func(c *auth.Config) {
		box, err := seal.New([][]byte{[]byte(strings.Repeat("8", seal.SecretSize))})
		must(t, err)
		c.Seal = box
	})
	w.wantError(other.CheckEvent(t.Context(), member, "known"), meet.Forbidden, "error.launch_refused")
}

package auth_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"slotfinder/internal/auth"
	"slotfinder/internal/bitrix24"
	"slotfinder/internal/meet"
	"slotfinder/internal/portalsim"
)

// remembered is longer than the client remembers people.
const remembered = 6 * time.Minute

// dismissals returns Dismissals over the portals of the world; told gets those it found.
func (w *world) dismissals(p process, told *[]meet.Member) *auth.Dismissals {
	client := bitrix24.New(bitrix24.Config{Tokens: p, HTTP: bitrix24.NewHTTPClient(true), Now: w.clock.Now})
	return &auth.Dismissals{
		Accounts: p.vault, People: client, Log: slog.New(slog.DiscardHandler),
		OnDismissed: []func(context.Context, meet.Member) error{func(_ context.Context, m meet.Member) error {
			*told = append(*told, m)
			return nil
		}},
	}
}

func (w *world) dismiss(portal *portalsim.Portal, users ...int) {
	portal.Change(func(p *portalsim.Portal) {
		for _, u := range p.Users {
			for _, id := range users {
				if u.ID == id {
					u.Active = false
				}
			}
		}
	})
}

// TestDismissalEndsTokensAndSessions: also when only colleagues' tokens can tell. The same
// user id in another company keeps them.
func TestDismissalEndsTokensAndSessions(t *testing.T) {
	each(t, func(w *world) {
		p := w.process()
		var told []meet.Member
		dismissals := w.dismissals(p, &told)
		for _, portal := range []*portalsim.Portal{w.portal, w.rival} {
			w.signIn(p, portal, 8)
			w.signIn(p, portal, 7)
			for _, user := range []int64{7, 8} {
				must(w.t, p.vault.SaveSession(w.t.Context(), auth.Session{
					IDHash: fmt.Sprint(portal.MemberID, user), Member: meet.Member{Portal: portal.MemberID, User: user}, Expires: w.clock.Now().Add(time.Hour),
				}))
			}
		}
		must(w.t, dismissals.Check(w.t.Context()))
		if len(told) != 0 {
			w.t.Errorf("left, although nobody has: %v", told)
		}
		w.clock.forward(remembered)
		w.dismiss(w.portal, 7)
		must(w.t, dismissals.Check(w.t.Context()))
		must(w.t, dismissals.Check(w.t.Context()))
		if len(told) != 1 || told[0] != anna {
			w.t.Errorf("left: %v", told)
		}
		for _, c := range []struct {
			member meet.Member
			there  bool
		}{
			{anna, false},
			{meet.Member{Portal: member, User: 8}, true},
			{meet.Member{Portal: rival, User: 7}, true},
		} {
			_, err := p.vault.Grant(w.t.Context(), c.member)
			_, sessionErr := p.vault.LoadSession(w.t.Context(), fmt.Sprint(c.member.Portal, c.member.User), w.clock.Now())
			if (err == nil) != c.there || (sessionErr == nil) != c.there {
				w.t.Errorf("%v: %v, session: %v", c.member, err, sessionErr)
			}
		}
	})
}

// TestDismissalsWhenAPortalIsDown: nobody there counts as dismissed, other portals are
// checked, and the failure is reported.
func TestDismissalsWhenAPortalIsDown(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	var told []meet.Member
	dismissals := w.dismissals(p, &told)
	for _, portal := range []*portalsim.Portal{w.portal, w.rival} {
		w.signIn(p, portal, 8)
		w.signIn(p, portal, 7)
	}
	w.dismiss(w.rival, 7)
	w.portal.Fail("*", portalsim.Failure("OVERLOAD_LIMIT"))
	if err := dismissals.Check(t.Context()); err == nil {
		t.Error("the failure is not told")
	}
	if len(told) != 1 || told[0] != (meet.Member{Portal: rival, User: 7}) {
		t.Errorf("left: %v", told)
	}
	dismissals.OnDismissed[0] = func(context.Context, meet.Member) error { return errors.New("no") }
	w.portal.Heal()
	w.dismiss(w.portal, 7)
	w.clock.forward(remembered)
	if err := dismissals.Check(t.Context()); err == nil {
		t.Error("the failure is not told")
	}
	if _, err := p.vault.Grant(t.Context(), anna); err != nil {
		t.Errorf("the tokens went before what depends on them: %v", err)
	}
}

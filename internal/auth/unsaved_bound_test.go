package auth

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"slotfinder/internal/meet"
)

// TestUnsavedPairsAreBounded: no refresh token is exchanged when there is no room for what comes
// back, and people who sign in leave room for renewals. A person has one place.
func TestUnsavedPairsAreBounded(t *testing.T) {
	t.Parallel()
	u := newUnsavedPairs(slog.New(slog.DiscardHandler))
	away := func(context.Context) error { return errors.New("away") }
	keep := func(user int64) {
		_ = u.save(t.Context(), openGrant{grant: Grant{Member: meet.Member{Portal: "m1", User: user}}}, away, away)
	}
	full := func(atMost int) bool {
		done, err := u.reserve(atMost)
		if err == nil {
			done()
		}
		return meet.KindOf(err) == meet.Unavailable && err != nil
	}
	for range 3 {
		keep(1)
	}
	for n := 1; n < maxSignIns; n++ {
		if full(maxSignIns) {
			t.Fatalf("no room for a sign-in beside %d pairs", n)
		}
		keep(int64(n + 1))
	}
	if !full(maxSignIns) || full(maxRenewals) {
		t.Error("sign-ins take the room of renewals")
	}
	for n := maxSignIns; n < maxRenewals-1; n++ {
		keep(int64(n + 1))
	}
	done, err := u.reserve(maxRenewals)
	if err != nil || !full(maxRenewals) {
		t.Errorf("the last place: %v", err)
	}
	done()
	ended, end := context.WithCancel(t.Context())
	end()
	if left := u.wait(ended); left != maxRenewals-1 {
		t.Errorf("%d are left", left)
	}
}

package auth

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"slotfinder/internal/meet"
)

// TestPairsAreBounded: no refresh token is traded in when there is no room for what comes
// back, and people who sign in leave room for renewals. A person has one place.
func TestPairsAreBounded(t *testing.T) {
	t.Parallel()
	k := newKeeper(slog.New(slog.DiscardHandler))
	away := func(context.Context) error { return errors.New("away") }
	keep := func(user int64) {
		_ = k.save(t.Context(), current{grant: Grant{Member: meet.Member{Portal: "m1", User: user}}}, away, away)
	}
	full := func(atMost int) bool {
		done, err := k.begin(atMost)
		if err == nil {
			done()
		}
		return meet.KindOf(err) == meet.Unavailable && err != nil
	}
	for range 3 {
		keep(1)
	}
	for n := 1; n < signInsAtMost; n++ {
		if full(signInsAtMost) {
			t.Fatalf("no room for a sign-in beside %d pairs", n)
		}
		keep(int64(n + 1))
	}
	if !full(signInsAtMost) || full(renewalsAtMost) {
		t.Error("sign-ins take the room of renewals")
	}
	for n := signInsAtMost; n < renewalsAtMost-1; n++ {
		keep(int64(n + 1))
	}
	done, err := k.begin(renewalsAtMost)
	if err != nil || !full(renewalsAtMost) {
		t.Errorf("the last place: %v", err)
	}
	done()
	ended, end := context.WithCancel(t.Context())
	end()
	if left := k.settle(ended); left != renewalsAtMost-1 {
		t.Errorf("%d are left", left)
	}
}

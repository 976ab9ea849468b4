package seal

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// key is a secret whose bytes are all b.
func key(b byte) []byte { return bytes.Repeat([]byte{b}, SecretSize) }

func box(t testing.TB, secrets ...[]byte) *Box {
	t.Helper()
	b, err := New(secrets)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestNewRefuses(t *testing.T) {
	t.Parallel()
	for fault, secrets := range map[string][][]byte{
		"seal: no secret": nil,
		"seal: secret 1 has 31 bytes instead of 32": {key(1)[:31]},
		"seal: secret 2 has 33 bytes instead of 32": {key(1), append(key(2), 2)},
		"seal: secret 1 has 0 bytes instead of 32":  {nil},
	} {
		if _, err := New(secrets); err == nil || err.Error() != fault {
			t.Errorf("%v, want %s", err, fault)
		}
	}
}

func TestRoundTrip(t *testing.T) {
	t.Parallel()
	b := box(t, key(1))
	rapid.Check(t, func(t *rapid.T) {
		purpose, owner, plain := rapid.String().Draw(t, "purpose"), rapid.String().Draw(t, "owner"), rapid.String().Draw(t, "plain")
		sealed := b.Seal(purpose, owner, plain)
		if got, err := b.Open(purpose, owner, sealed); err != nil || got != plain {
			t.Fatalf("got %q, %v", got, err)
		}
		if len(plain) > 3 && strings.Contains(sealed, plain) {
			t.Fatal("the plain text is visible")
		}
	})
}

func TestSealedTwiceDiffers(t *testing.T) {
	t.Parallel()
	b := box(t, key(1))
	first, second := b.Seal("p", "o", "same"), b.Seal("p", "o", "same")
	if first == second {
		t.Error("equal plain texts can be recognised")
	}
}

func TestOpensOnlyWhereItBelongs(t *testing.T) {
	t.Parallel()
	b := box(t, key(1))
	sealed := b.Seal("refresh token", "m1/7", "canary")
	short := sealed[:strings.LastIndexByte(sealed, '.')+1]
	for _, c := range []struct{ name, purpose, owner, sealed string }{
		{"other owner", "refresh token", "m1/8", sealed},
		{"other purpose", "access token", "m1/7", sealed},
		{"boundary moved", "refresh toke", "n m1/7", sealed},
		{"other format", "refresh token", "m1/7", "2" + sealed[1:]},
		{"other key id", "refresh token", "m1/7", "1.00000000" + sealed[strings.LastIndexByte(sealed, '.'):]},
		{"nothing inside", "refresh token", "m1/7", short},
		{"too short", "refresh token", "m1/7", short + "AAAA"},
		{"not base64", "refresh token", "m1/7", sealed + "*"},
		{"empty", "refresh token", "m1/7", ""},
		{"plain", "refresh token", "m1/7", "canary"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if got, err := b.Open(c.purpose, c.owner, c.sealed); !errors.Is(err, ErrOpen) || got != "" {
				t.Errorf("got %q, %v", got, err)
			}
		})
	}
}

func TestEveryByteIsProtected(t *testing.T) {
	t.Parallel()
	b := box(t, key(1))
	sealed := b.Seal("p", "o", "canary")
	for i := range sealed {
		damaged := []byte(sealed)
		damaged[i] ^= 1
		if got, err := b.Open("p", "o", string(damaged)); err == nil {
			t.Errorf("byte %d changed and it opened as %q", i, got)
		}
	}
}

func TestRotation(t *testing.T) {
	t.Parallel()
	before := box(t, key(1)).Seal("p", "o", "x")
	both := box(t, key(2), key(1))
	if got, err := both.Open("p", "o", before); err != nil || got != "x" {
		t.Errorf("a value of the older secret: %q, %v", got, err)
	}
	after := both.Seal("p", "o", "x")
	if got, err := box(t, key(2)).Open("p", "o", after); err != nil || got != "x" {
		t.Errorf("the newest secret seals: %q, %v", got, err)
	}
	if _, err := box(t, key(2)).Open("p", "o", before); !errors.Is(err, ErrOpen) {
		t.Errorf("a dropped secret still opens: %v", err)
	}
}

func TestDerive(t *testing.T) {
	t.Parallel()
	both := box(t, key(2), key(1)).Derive("session", 64)
	if len(both) != 2 || len(both[0]) != 64 {
		t.Fatalf("%d keys", len(both))
	}
	if diff := cmp.Diff(both[0], box(t, key(2)).Derive("session", 64)[0]); diff != "" {
		t.Error("the newest is not first, or the key changes between processes")
	}
	if bytes.Equal(both[0], both[1]) || bytes.Equal(both[0], box(t, key(2)).Derive("links", 64)[0]) {
		t.Error("keys are shared")
	}
}

func TestBoxHidesItsSecrets(t *testing.T) {
	t.Parallel()
	b := box(t, []byte("canary-canary-canary-canary-32by"))
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%x", "%d"} {
		for _, value := range []any{b, struct{ Seal *Box }{b}} {
			if out := fmt.Sprintf(verb, value); strings.Contains(out, "canary") || strings.Contains(out, "63616e617279") || strings.Contains(out, "99 97 110") {
				t.Errorf("%s shows %s", verb, out)
			}
		}
	}
}

package auth_test

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"slotfinder/internal/meet"
	"slotfinder/internal/seal"
)

// TestTheDatabaseFileHoldsNoSecret: not even after much use.
func TestTheDatabaseFileHoldsNoSecret(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	_, _, err := p.Renew(t.Context(), anna, w.token(p, anna))
	must(t, err)
	files, err := filepath.Glob(strings.TrimPrefix(w.address, "sqlite:") + "*")
	must(t, err)
	if len(files) == 0 {
		t.Fatal("no files")
	}
	for _, file := range files {
		content, err := os.ReadFile(file)
		must(t, err)
		for _, canary := range []string{tokenCanary, secretCanary} {
			if bytes.Contains(content, []byte(canary)) {
				t.Errorf("%s holds %s", filepath.Base(file), canary)
			}
		}
	}
}

// TestGrantOpensOnlyForItsOwner: somebody who can write to the database can't use
// a colleague's tokens.
func TestGrantOpensOnlyForItsOwner(t *testing.T) {
	w := onSQLite(t)
	p := w.process()
	w.signIn(p, w.portal, 7)
	w.signIn(p, w.rival, 7)
	stolen, err := p.vault.Grant(t.Context(), anna)
	must(t, err)
	for _, thief := range []meet.Member{boris, {Portal: rival, User: 7}} {
		stolen.Member = thief
		must(t, p.vault.SaveGrant(t.Context(), stolen))
		_, _, err = p.Token(t.Context(), thief)
		w.wantError(err, meet.SignedOut, "error.signed_out")
	}
	// Nor do the two tokens of one grant open in each other's place.
	swapped, err := p.vault.Grant(t.Context(), anna)
	must(t, err)
	swapped.AccessToken, swapped.RefreshToken = swapped.RefreshToken, swapped.AccessToken
	must(t, p.vault.SaveGrant(t.Context(), swapped))
	_, _, err = p.Token(t.Context(), anna)
	w.wantError(err, meet.SignedOut, "error.signed_out")
}

func TestSecretIsReplaced(t *testing.T) {
	w := onSQLite(t)
	w.signIn(w.process(), w.portal, 7)
	newest := bytes.Repeat([]byte{8}, seal.SecretSize)
	w.secrets = [][]byte{newest, w.secrets[0]}
	p := w.process()
	_, token, err := p.Renew(t.Context(), anna, w.token(p, anna)) // sealed anew with the newest
	must(t, err)
	w.secrets = [][]byte{newest}
	if w.token(w.process(), anna) != token {
		t.Error("lost")
	}
	w.secrets[0] = bytes.Repeat([]byte{9}, seal.SecretSize)
	p = w.process()
	_, _, err = p.Token(t.Context(), anna)
	w.wantError(err, meet.SignedOut, "error.signed_out")
	w.signIn(p, w.portal, 7)
	w.token(p, anna)
}

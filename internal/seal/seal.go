package seal

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"strings"
)

// SecretSize is the length of one secret in bytes.
const SecretSize = 32

// format is the first part of every sealed value. Another cipher would get another
// number.
const format = "1"

// ErrOpen says that a sealed value can't be opened: it is damaged, was sealed for another
// purpose or owner, or with a secret that is no longer known. It does not say which.
var ErrOpen = errors.New("seal: value cannot be opened")

// Box seals and opens values. It is safe for concurrent use. Printing it shows no secret.
type Box struct {
	secrets []secret // newest first, at least one
}

// secret is one of the operator's secrets with the name it has in sealed values.
type secret struct {
	id    string
	bytes []byte
}

// New makes a Box from secrets of 32 bytes each, newest first.
func New(secrets [][]byte) (*Box, error) {
	if len(secrets) == 0 {
		return nil, errors.New("seal: no secret")
	}
	var box Box
	for i, raw := range secrets {
		if len(raw) != SecretSize {
			return nil, fmt.Errorf("seal: secret %d has %d bytes instead of %d", i+1, len(raw), SecretSize)
		}
		box.secrets = append(box.secrets, secret{id: keyID(raw), bytes: raw})
	}
	return &box, nil
}

// keyID names a secret without revealing anything about it.
func keyID(raw []byte) string {
	return hex.EncodeToString(deriveKey(raw, "id", 4))
}

// Seal encrypts plain for one purpose ("refresh token") and one owner (a portal
// and user). Only Open with the same two gives it back.
func (b *Box) Seal(purpose, owner, plain string) string {
	newest := b.secrets[0]
	sealed := newest.aead(purpose).Seal(nil, nil, []byte(plain), associatedData(purpose, owner))
	return format + "." + newest.id + "." + base64.RawURLEncoding.EncodeToString(sealed)
}

// Open decrypts what Seal made for the same purpose and owner, with whichever
// secret it was made. The error is ErrOpen.
func (b *Box) Open(purpose, owner, sealed string) (string, error) {
	version, rest, _ := strings.Cut(sealed, ".")
	id, text, _ := strings.Cut(rest, ".")
	raw, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if version != format || err != nil {
		return "", ErrOpen
	}
	for _, s := range b.secrets {
		if s.id != id {
			continue
		}
		if plain, err := s.aead(purpose).Open(nil, nil, raw, associatedData(purpose, owner)); err == nil {
			return string(plain), nil
		}
	}
	return "", ErrOpen
}

// Derive makes one key of n bytes per secret for a purpose, newest first: sign
// or encrypt with the first, accept all. A purpose has the same keys in every
// process and after every start, and they have nothing in common with those of
// another purpose or with those that Seal uses. n is at most 8160.
func (b *Box) Derive(purpose string, n int) [][]byte {
	keys := make([][]byte, len(b.secrets))
	for i, s := range b.secrets {
		keys[i] = deriveKey(s.bytes, "derive "+purpose, n)
	}
	return keys
}

// Format hides the secrets from every fmt verb, also inside other structs.
func (b *Box) Format(f fmt.State, _ rune) { _, _ = io.WriteString(f, "seal.Box") }

// aead returns the cipher of a purpose. A key per purpose keeps the number of random
// nonces under one key far below the limit of AES-GCM.
func (s secret) aead(purpose string) cipher.AEAD {
	block, err := aes.NewCipher(deriveKey(s.bytes, "seal "+purpose, 32))
	if err != nil {
		panic("seal: " + err.Error()) // a 32-byte key is always good
	}
	aead, err := cipher.NewGCMWithRandomNonce(block)
	if err != nil {
		panic("seal: " + err.Error())
	}
	return aead
}

// deriveKey derives n bytes from a secret.
func deriveKey(raw []byte, info string, n int) []byte {
	key, err := hkdf.Key(sha256.New, raw, nil, "slotfinder "+info, n)
	if err != nil {
		panic("seal: " + err.Error()) // only for an absurd n
	}
	return key
}

// associatedData binds purpose and owner to a value. The length keeps "ab"+"c" apart from
// "a"+"bc".
func associatedData(purpose, owner string) []byte {
	return fmt.Appendf(nil, "%s %d %s %s", format, len(purpose), purpose, owner)
}

// Package seal encrypts what must not be stored in plain text, and makes the keys that
// other packages sign or encrypt with.
//
// Everything starts from the operator's secrets, 32 random bytes each. The newest
// one seals, all of them open, so a secret is replaced by putting a new one in
// front and dropping the old one once nothing sealed with it is left. The secrets
// themselves are never used as keys: each purpose gets its own by HKDF.
//
// A sealed value is text and fits a TEXT column:
//
//	1.KEYID.BASE64URL( nonce, ciphertext, tag )
//
// The cipher is AES-256-GCM with a random nonce. Purpose and owner are bound to
// the value, so it opens only in its own place: whoever can write to the database can't
// move one person's token into another's row.
//
//	seal.go   Box: New, Seal, Open, Derive
package seal

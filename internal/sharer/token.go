package sharer

import (
	"crypto/sha256"
	"encoding/hex"
)

// HashToken is what is stored of a token. A token is random throughout, so that
// nobody gets from its hash back to it.
func HashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

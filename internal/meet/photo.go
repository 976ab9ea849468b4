package meet

import (
	"context"
	"crypto/sha256"
	"encoding/base64"
)

// Photo is the picture of a colleague: a small square.
type Photo struct {
	Type string // media type: image/jpeg
	Data []byte // not empty; must not be changed
}

// Photos reads the pictures that a member's own portal shows to that member.
type Photos interface {
	// Photo returns the picture of a person. NotFound: there is none, or none that
	// can be had safely or soon. Other errors are those of Directory.
	Photo(ctx context.Context, m Member, person int64) (Photo, error)
}

// Mark tells this picture of the person from others that have the same id: an
// earlier one, or somebody's in another portal. It is "" for people without one,
// and tells nothing of where the picture lies.
func (p Person) Mark(portal string) string {
	if p.Photo == "" {
		return ""
	}
	sum := sha256.Sum256([]byte(portal + " " + p.Photo))
	return base64.RawURLEncoding.EncodeToString(sum[:6])
}

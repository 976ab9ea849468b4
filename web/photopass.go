package web

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/hex"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"slotfinder/internal/meet"
	"slotfinder/templates/part"
)

// In a frame whose browser keeps no cookie for us, photos are asked for with nothing but
// their address. There it has a pass: our signature under the path, a session in that
// frame and an hour. It opens this one sheet of photos, or this one photo, as long as
// both last, and tells nobody whose session it is.
const (
	photoPassParameter = "pass"
	photoPassPurpose   = "photo pass"
	photoPassLife      = time.Hour
	photoPassStep      = 15 * time.Minute // within it addresses stay the same, so that browsers keep the photos

	passMacSize = 16
	passSize    = sha256.Size + 4 + passMacSize // the session's hash, when it expires, the signature
)

// photoPasses adds passes to the addresses of photos on the pages of a session.
func (s *Server) photoPasses(v *Identity) func(address string) string {
	session, err := hex.DecodeString(v.Row.IDHash)
	if err != nil || len(session) != sha256.Size {
		return func(string) string { return "" }
	}
	expires := s.Config.Now().Truncate(photoPassStep).Add(photoPassLife + photoPassStep)
	signed := binary.BigEndian.AppendUint32(session, uint32(expires.Unix()))
	paths := map[string]string{} // most photos of a page are on one sheet
	return func(address string) string {
		whole, fragment, _ := strings.Cut(address, "#")
		path, _, _ := strings.Cut(whole, "?")
		pass, known := paths[path]
		if !known {
			mac := signPhoto(s.Config.SessionKeys[0], signed, path)
			pass = base64.RawURLEncoding.EncodeToString(append(signed[:len(signed):len(signed)], mac...))
			paths[path] = pass
		}
		return whole + "&" + photoPassParameter + "=" + pass + "#" + fragment
	}
}

func signPhoto(key, signed []byte, path string) []byte {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(photoPassPurpose + "\x00"))
	mac.Write(signed)
	mac.Write([]byte(path))
	return mac.Sum(nil)[:passMacSize]
}

// Pictured is SignedIn for photos, which a pass opens, too.
func (s *Server) Pictured(handle Handler) echo.HandlerFunc {
	signedIn := s.SignedIn(handle)
	return func(c echo.Context) error {
		pass := c.QueryParam(photoPassParameter)
		if pass == "" {
			return signedIn(c)
		}
		v, err := s.passed(c.Request().Context(), pass, c.Request().URL)
		if err != nil {
			return err
		}
		return handle(c, v)
	}
}

// passed returns whose session a pass is of. SignedOut: it is forged, of another address or
// expired, or the session has ended.
func (s *Server) passed(ctx context.Context, pass string, address *url.URL) (*Identity, error) {
	refused := &meet.Error{Kind: meet.SignedOut, Key: "error.signed_out"}
	if len(pass) != base64.RawURLEncoding.EncodedLen(passSize) {
		return nil, refused
	}
	raw, err := base64.RawURLEncoding.Strict().DecodeString(pass)
	if err != nil {
		return nil, refused
	}
	signed, mac := raw[:passSize-passMacSize], raw[passSize-passMacSize:]
	ours := false
	for _, key := range s.Config.SessionKeys {
		ours = ours || hmac.Equal(mac, signPhoto(key, signed, address.Path))
	}
	now := s.Config.Now()
	if expires := binary.BigEndian.Uint32(signed[sha256.Size:]); !ours || now.Unix() >= int64(expires) {
		return nil, refused
	}
	row, err := s.Cookies.rows.LoadSession(ctx, hex.EncodeToString(signed[:sha256.Size]), now)
	switch {
	case meet.KindOf(err) == meet.NotFound:
		return nil, refused
	case err != nil:
		return nil, err
	}
	v, err := ReadIdentity(row)
	if err == nil && !v.Framed() {
		return nil, refused
	}
	return v, err
}

// withPhotoPasses lets the pages of a request show photos without a cookie.
func (s *Server) withPhotoPasses(c echo.Context, v *Identity) {
	r := c.Request()
	c.SetRequest(r.WithContext(part.WithPhotoAddresses(r.Context(), s.photoPasses(v))))
}

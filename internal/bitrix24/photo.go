package bitrix24

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"slotfinder/internal/meet"
)

// The bounds of photos. Portals scale the ones we ask for to 100 pixels or so;
// those that are far larger are something else.
const (
	photoLimit    = 512 << 10                                   // bytes of one, as the portal has it
	photosKept    = 8 << 20                                     // bytes of all, made into faces of 2 kB or so
	photosOfOne   = 2 << 20                                     // of these, a single portal's
	photosAtOnce  = 48                                          // fetched and unpacked at the same time, each up to photoLimit bytes
	photosAtOne   = 6                                           // of these, a single portal's
	photoAge      = time.Hour                                   // a new photo has a new address
	photoPatience = 4 * time.Second                             // for one to arrive
	noPhotoAge    = time.Minute                                 // how long a photo that could not be had is not tried again
	noPhotoWeight = 1 << 8                                      // what remembering that counts, in bytes
	photoTypes    = "image/png image/jpeg image/gif image/webp" // no SVG: it is a document that can hold scripts
)

// Photos fetches the photos of colleagues. It implements meet.Photos and is safe
// for concurrent use.
//
// The address of a photo comes from a portal, and a portal may be anybody's: it
// must not make us fetch something else. Only the portal's own host is asked, for
// a portal in Bitrix24's cloud also the hosts from which the cloud hands out
// files; through the guarded client, without the token or any other credential,
// and no redirect is followed.
type Photos struct {
	client    *Client
	kept      *cache[photoKey, photo]
	efforts   sharing[photoKey, photo]
	fetching  *places
	unpacking *places
	unpack    func(photo []byte) (image.Image, error)
}

var _ meet.Photos = (*Photos)(nil)

// errNoPhoto is an answer that holds no picture of ours.
var errNoPhoto = errors.New("no photo")

// photoKey is a photo as a portal has it. Members of a portal share it: each was
// told its address by the portal itself.
type photoKey struct{ portal, address string }

// photo is what came when it was fetched; without data it could not be had.
type photo struct {
	meet.Photo
	read time.Time
}

// NewPhotos returns Photos that know people from the client.
func NewPhotos(c *Client) *Photos {
	kept := newCache[photoKey, photo](c.cfg.Now, photoAge, photosKept)
	kept.divide(photosOfOne, func(k photoKey) string { return k.portal })
	return &Photos{
		client: c, kept: kept, unpack: unpackPhoto,
		fetching: newPlaces(photosAtOnce, photosAtOne), unpacking: newPlaces(facesAtOnce, 1),
	}
}

// Photo implements meet.Photos.
func (p *Photos) Photo(ctx context.Context, m meet.Member, person int64) (meet.Photo, error) {
	address, err := p.address(ctx, m, person)
	if err != nil {
		return meet.Photo{}, err
	}
	if address == "" {
		return meet.Photo{}, noPhoto(nil)
	}
	key := photoKey{m.Portal, address}
	found, ok := p.recall(key)
	if !ok {
		found, err = p.efforts.do(ctx, key, func(ctx context.Context) (photo, error) { return p.fetch(ctx, m, key) })
	}
	if len(found.Data) == 0 && (err == nil || meet.KindOf(err) == meet.Internal) {
		err = noPhoto(err)
	}
	return found.Photo, err
}

// noPhoto is the absence of a photo, or of the time to get it.
func noPhoto(cause error) error {
	return &meet.Error{Kind: meet.NotFound, Key: "error.not_found", Err: cause}
}

// address returns where the portal keeps somebody's photo, as it told this member.
// People who aren't remembered are looked for among all colleagues: that is a
// request or two in five minutes, however many photos are asked for.
func (p *Photos) address(ctx context.Context, m meet.Member, person int64) (string, error) {
	if known, ok := p.client.persons.get(acquaintance{m, person}); ok {
		return known.Photo, nil
	}
	people, err := p.client.Everybody(ctx, m)
	if err != nil {
		return "", err
	}
	at := slices.IndexFunc(people, func(one meet.Person) bool { return one.ID == person })
	if at < 0 {
		return "", nil
	}
	return people[at].Photo, nil
}

// recall returns what is remembered of a photo. Putting it back makes it the last
// to go when there is no more room.
func (p *Photos) recall(key photoKey) (photo, bool) {
	found, ok := p.kept.get(key)
	if !ok || len(found.Data) == 0 && p.client.cfg.Now().Sub(found.read) >= noPhotoAge {
		return photo{}, false
	}
	p.kept.put(key, found, found.weight(), found.read)
	return found, true
}

func (p photo) weight() int { return noPhotoWeight + len(p.Data) }

// fetch gets a photo and remembers it, or that it could not be had. It ends with ctx,
// which tells nothing about the photo.
func (p *Photos) fetch(ctx context.Context, m meet.Member, key photoKey) (photo, error) {
	endpoint, _, err := p.client.cfg.Tokens.Token(ctx, m)
	if err != nil {
		return photo{}, err
	}
	leave, err := p.fetching.enter(ctx, key.portal)
	if err != nil {
		return photo{}, err
	}
	defer leave()
	got := photo{read: p.client.cfg.Now()}
	body, err := p.download(ctx, endpoint, key.address)
	if err == nil {
		got.Data, err = p.face(ctx, key.portal, body)
	}
	switch {
	case ctx.Err() != nil:
		return photo{}, context.Cause(ctx)
	case err != nil:
		// Neither address nor body: they are the portal's.
		p.client.cfg.Log.DebugContext(ctx, "bitrix24: no photo", "err", err)
	default:
		got.Type = faceType
	}
	p.kept.put(key, got, got.weight(), got.read)
	return got, nil
}

// download gets a photo from an address that a portal with this endpoint told.
func (p *Photos) download(ctx context.Context, endpoint, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, photoPatience)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil || u.User != nil || !handsOut(hostOf(endpoint), hostOf(address)) {
		return nil, errRefused
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errRefused
	}
	r.Header.Set("Accept", strings.ReplaceAll(photoTypes, " ", ", "))
	r.Header.Set("User-Agent", userAgent)
	answer, err := p.client.cfg.HTTP.Do(r)
	if err != nil {
		return nil, withoutURL(ctx, err)
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("%w: status %d", errNoPhoto, answer.StatusCode)
	}
	return readPhoto(ctx, answer)
}

// readPhoto reads the bytes, and judges by them alone what they are.
func readPhoto(ctx context.Context, answer *http.Response) ([]byte, error) {
	if answer.ContentLength > photoLimit {
		return nil, errTooLarge
	}
	var b bytes.Buffer
	n, err := b.ReadFrom(io.LimitReader(answer.Body, photoLimit+1))
	switch {
	case err != nil:
		return nil, withoutURL(ctx, err)
	case n > photoLimit:
		return nil, errTooLarge
	}
	kind := http.DetectContentType(b.Bytes())
	if !slices.Contains(strings.Fields(photoTypes), kind) {
		return nil, fmt.Errorf("%w: type", errNoPhoto)
	}
	return b.Bytes(), nil
}

// handsOut reports whether a photo of the portal may lie at the host: at the
// portal's own, or at one of those from which Bitrix24's cloud hands out files of
// its portals (cdn.bitrix24.ru, cdn-ru.bitrix24.ru, cdn.com.bitrix24.com). The
// other names of the cloud are portals, which are not for this one to name.
func handsOut(portal, host string) bool {
	if host == "" || portal == "" {
		return false
	}
	name, _, _ := strings.Cut(host, ".")
	cdn := name == "cdn" || strings.HasPrefix(name, "cdn-")
	return host == portal || cdn && inCloud(host) && inCloud(portal)
}

// inCloud reports whether a host belongs to Bitrix24's cloud . The countries are listed: any other one's may be anybody's.
func inCloud(host string) bool {
	_, country, _ := strings.Cut(host, ".bitrix24.")
	return slices.Contains([]string{
		"com", "ru", "de", "eu", "es", "fr", "it", "pl", "in", "cn", "kz", "by", "uz", "ua", "id", "vn", "jp", "uk", "mx", "co", "com.br", "com.tr",
	}, country)
}

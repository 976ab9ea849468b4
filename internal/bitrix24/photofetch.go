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

	"slotfinder/internal/gate"
	"slotfinder/internal/meet"
)

// The bounds of photos. Portals scale the ones we ask for to about 100 pixels, so much larger
// ones are something else.
const (
	photoLimit           = 512 << 10                                   // bytes of one, as the portal has it
	photoCacheSize       = 8 << 20                                     // bytes of all thumbnails, of about 2 kB each
	portalPhotoCacheSize = 2 << 20                                     // bytes of a single portal's thumbnails
	maxFetches           = 48                                          // photos that are fetched and decoded at the same time, each up to photoLimit
	maxPortalFetches     = 6                                           // photos of a single portal, of these
	photoTTL             = time.Hour                                   // a new photo has a new address
	photoTimeout         = 4 * time.Second                             // for a photo to arrive
	missingPhotoTTL      = time.Minute                                 // for how long a photo that could not be fetched is not tried again
	missingPhotoWeight   = 1 << 8                                      // bytes that such a photo counts in the cache
	photoTypes           = "image/png image/jpeg image/gif image/webp" // no SVG, which can hold scripts
)

// Photos fetches the photos of colleagues. It implements meet.Photos and is safe for concurrent
// use.
//
// The address of a photo comes from a portal, and anybody can run a portal: it must not make us
// fetch something else. Only the portal's own host is asked, and for a portal in Bitrix24's
// cloud also the cloud's file hosts (FACTS.md fact 68). The request goes through the guarded
// client and carries no token and no other credential. No redirect is followed.
type Photos struct {
	client   *Client
	cache    *cache[photoKey, photo]
	fetches  sharedWork[photoKey, photo]
	fetching *gate.Semaphore
	decoding *gate.Semaphore
	decode   func(photo []byte) (image.Image, error)
}

var _ meet.Photos = (*Photos)(nil)

// errNoPhoto is an answer without a picture that we show.
var errNoPhoto = errors.New("no photo")

// photoKey is a photo of a portal. Members share it: the portal told each of them its
// address.
type photoKey struct{ portal, address string }

// photo is the outcome of a fetch. Without data the photo could not be fetched.
type photo struct {
	meet.Photo
	read time.Time
}

// NewPhotos returns Photos of the people that the client reads.
func NewPhotos(c *Client) *Photos {
	kept := newCache[photoKey, photo](c.cfg.Now, photoTTL, photoCacheSize)
	kept.limitPerOwner(portalPhotoCacheSize, func(k photoKey) string { return k.portal })
	return &Photos{
		client: c, cache: kept, decode: decodePhoto,
		fetching: gate.NewSemaphore(maxFetches, maxPortalFetches), decoding: gate.NewSemaphore(maxDecodes, 1),
	}
}

// Photo implements meet.Photos.
func (p *Photos) Photo(ctx context.Context, m meet.Member, person int64) (meet.Photo, error) {
	address, err := p.address(ctx, m, person)
	if err != nil {
		return meet.Photo{}, err
	}
	if address == "" {
		return meet.Photo{}, photoNotFound(nil)
	}
	key := photoKey{m.Portal, address}
	found, ok := p.cached(key)
	if !ok {
		found, err = p.fetches.do(ctx, key, func(ctx context.Context) (photo, error) { return p.fetch(ctx, m, key) })
	}
	if len(found.Data) == 0 && (err == nil || meet.KindOf(err) == meet.Internal) {
		err = photoNotFound(err)
	}
	return found.Photo, err
}

// photoNotFound is the error when there is no photo, or no time to fetch it.
func photoNotFound(cause error) error {
	return &meet.Error{Kind: meet.NotFound, Key: "error.not_found", Err: cause}
}

// address returns where a person's photo lies, as the portal told this member. People who
// aren't cached are looked up among all colleagues, which costs a request or two in five
// minutes, however many photos are asked for.
func (p *Photos) address(ctx context.Context, m meet.Member, person int64) (string, error) {
	if known, ok := p.client.persons.get(personKey{m, person}); ok {
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

// cached returns a photo from the cache, and puts it back, so that it is the last to go when
// the cache is full.
func (p *Photos) cached(key photoKey) (photo, bool) {
	found, ok := p.cache.get(key)
	if !ok || len(found.Data) == 0 && p.client.cfg.Now().Sub(found.read) >= missingPhotoTTL {
		return photo{}, false
	}
	p.cache.put(key, found, found.weight(), found.read)
	return found, true
}

func (p photo) weight() int { return missingPhotoWeight + len(p.Data) }

// fetch fetches a photo and caches it, or that it could not be fetched. When ctx ends first
// nothing is cached.
func (p *Photos) fetch(ctx context.Context, m meet.Member, key photoKey) (photo, error) {
	endpoint, _, err := p.client.cfg.Tokens.Token(ctx, m)
	if err != nil {
		return photo{}, err
	}
	release, err := p.fetching.Acquire(ctx, key.portal)
	if err != nil {
		return photo{}, err
	}
	defer release()
	got := photo{read: p.client.cfg.Now()}
	body, err := p.download(ctx, endpoint, key.address)
	if err == nil {
		got.Data, err = p.thumbnail(ctx, key.portal, body)
	}
	switch {
	case ctx.Err() != nil:
		return photo{}, context.Cause(ctx)
	case err != nil:
		// The error holds neither the address nor the body, which are the portal's.
		p.client.cfg.Log.DebugContext(ctx, "bitrix24: no photo", "err", err)
	default:
		got.Type = thumbnailType
	}
	p.cache.put(key, got, got.weight(), got.read)
	return got, nil
}

// download fetches a photo from an address that the portal with this endpoint told us.
func (p *Photos) download(ctx context.Context, endpoint, address string) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, photoTimeout)
	defer cancel()
	u, err := url.Parse(address)
	if err != nil || u.User != nil || !mayServePhotos(hostOf(endpoint), hostOf(address)) {
		return nil, errAddressRefused
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodGet, u.String(), nil)
	if err != nil {
		return nil, errAddressRefused
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

// readPhoto reads the body. Its bytes alone decide what it is, and not its header.
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

// mayServePhotos reports whether a photo of the portal may lie at the host: the portal's own,
// or a file host of Bitrix24's cloud (cdn.bitrix24.ru, cdn-ru.bitrix24.ru,
// cdn.com.bitrix24.com). The cloud's other hosts are portals, at which this one has no files.
func mayServePhotos(portal, host string) bool {
	if host == "" || portal == "" {
		return false
	}
	name, _, _ := strings.Cut(host, ".")
	cdn := name == "cdn" || strings.HasPrefix(name, "cdn-")
	return host == portal || cdn && isCloudHost(host) && isCloudHost(portal)
}

// isCloudHost reports whether a host belongs to Bitrix24's cloud. The countries are listed,
// because anybody can own the name in another one.
func isCloudHost(host string) bool {
	_, country, _ := strings.Cut(host, ".bitrix24.")
	return slices.Contains([]string{
		"com", "ru", "de", "eu", "es", "fr", "it", "pl", "in", "cn", "kz", "by", "uz", "ua", "id", "vn", "jp", "uk", "mx", "co", "com.br", "com.tr",
	}, country)
}

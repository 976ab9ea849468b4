package bitrix24

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/gif"
	"image/jpeg"
	"image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/meet"
)

// gallery is a portal whose colleague 8 has a photo at an address.
type gallery struct {
	*fake
	reply func(*http.Request) (*http.Response, error) // to requests for photos

	mu    sync.Mutex
	asked []*http.Request
}

func newGallery(address string, reply func(*http.Request) (*http.Response, error)) *gallery {
	row := fmt.Sprintf(`{"result":{"result":{"c0":[{"ID":"8","ACTIVE":true,"PERSONAL_PHOTO":%q},{"ID":"9","ACTIVE":true}]},"result_error":[],"result_total":{"c0":2},"result_next":[]}}`, address)
	return &gallery{fake: newFake(map[string]func(request) answer{"batch": ok(row)}), reply: reply}
}

// RoundTrip implements http.RoundTripper.
func (g *gallery) RoundTrip(r *http.Request) (*http.Response, error) {
	if r.Method != http.MethodGet {
		return g.fake.RoundTrip(r)
	}
	g.mu.Lock()
	g.asked = append(g.asked, r)
	g.mu.Unlock()
	return g.reply(r)
}

func (g *gallery) requests() int {
	g.mu.Lock()
	defer g.mu.Unlock()
	return len(g.asked)
}

func (g *gallery) photos() *Photos {
	return NewPhotos(New(Config{
		Tokens: g, Rand: func() float64 { return 0.5 },
		HTTP: &http.Client{Transport: g, CheckRedirect: NewHTTPClient(true).CheckRedirect},
	}))
}

// picture answers with a body and always claims that it is a PNG, as a hostile portal may.
func picture(status int, body string) func(*http.Request) (*http.Response, error) {
	return func(*http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", "image/png")
		w.Header().Set("Location", "https://portal.example/other.png")
		w.WriteHeader(status)
		_, _ = w.WriteString(body)
		return w.Result(), nil
	}
}

// encoded is a picture in a format.
func encoded(t *testing.T, encode func(io.Writer, image.Image) error) string {
	t.Helper()
	var b bytes.Buffer
	if err := encode(&b, image.NewGray(image.Rect(0, 0, 2, 2))); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// blank is a large picture in few bytes.
func blank(t *testing.T, width, height int) string {
	return encoded(t, func(w io.Writer, _ image.Image) error {
		return png.Encode(w, image.NewGray(image.Rect(0, 0, width, height)))
	})
}

func aPNG(t *testing.T) string { return encoded(t, png.Encode) }

const photoAddress = "https://portal.example/photo/8.png"

func TestPhotoTypes(t *testing.T) {
	t.Parallel()
	asJPEG := func(w io.Writer, i image.Image) error { return jpeg.Encode(w, i, nil) }
	asGIF := func(w io.Writer, i image.Image) error { return gif.Encode(w, i, nil) }
	real := aPNG(t)
	for _, c := range []struct {
		name, body string
		good       bool
	}{
		{"png", real, true},
		{"jpeg", encoded(t, asJPEG), true},
		{"gif", encoded(t, asGIF), true},
		{"webp", "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00\x10\x07\x10\x11\x11\x88\x88\xfe\x07\x00", true},
		{"as large as may be", real + strings.Repeat("x", photoLimit-len(real)), true},
		{"too large", real + strings.Repeat("x", photoLimit-len(real)+1), false},
		{"only the head of a webp", "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\x00\x00\x00", false},
		{"half a png", real[:len(real)/2], false},
		{"as many pixels as may be", blank(t, maxPhotoPixels/1024, 1024), true},
		{"too many pixels", blank(t, maxPhotoPixels/1024+1, 1024), false},
		{"svg", `<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`, false},
		{"svg with a head", `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`, false},
		{"html", `<!DOCTYPE html><script>alert(1)</script>`, false},
		{"bitmap", "BM\x00\x00\x00\x00", false},
		{"pdf", "%PDF-1.7", false},
		{"text", "not a picture", false},
		{"nothing", "", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			got, err := newGallery(photoAddress, picture(http.StatusOK, c.body)).photos().Photo(t.Context(), anna, 8)
			if !c.good {
				if meet.KindOf(err) != meet.NotFound || got.Data != nil {
					t.Fatalf("%d bytes of %s, %v", len(got.Data), got.Type, err)
				}
				return
			}
			if err != nil || got.Type != "image/jpeg" || http.DetectContentType(got.Data) != "image/jpeg" || len(got.Data) > 4<<10 {
				t.Errorf("%d bytes of %q, %v", len(got.Data), got.Type, err)
			}
		})
	}
}

// A thumbnail is the middle of its photo, on white where the photo is transparent.
func TestThumbnailIsTheMiddle(t *testing.T) {
	t.Parallel()
	wide := image.NewRGBA(image.Rect(0, 0, 300, 100))
	draw.Draw(wide, image.Rect(0, 0, 100, 100), image.NewUniform(color.RGBA{R: 255, A: 255}), image.Point{}, draw.Src)
	draw.Draw(wide, image.Rect(100, 0, 200, 50), image.NewUniform(color.RGBA{B: 255, A: 255}), image.Point{}, draw.Src)
	draw.Draw(wide, image.Rect(200, 0, 300, 100), image.NewUniform(color.RGBA{R: 255, A: 255}), image.Point{}, draw.Src)
	body := encoded(t, func(w io.Writer, _ image.Image) error { return png.Encode(w, wide) })
	got, err := newGallery(photoAddress, picture(http.StatusOK, body)).photos().Photo(t.Context(), anna, 8)
	if err != nil {
		t.Fatal(err)
	}
	face, err := jpeg.Decode(bytes.NewReader(got.Data))
	if err != nil || face.Bounds() != image.Rect(0, 0, thumbnailSide, thumbnailSide) {
		t.Fatal(face.Bounds(), err)
	}
	near := func(at image.Point, want color.RGBA) {
		r, g, b, _ := face.At(at.X, at.Y).RGBA()
		for i, c := range []uint32{r, g, b} {
			if d := int(c>>8) - int([]uint8{want.R, want.G, want.B}[i]); d < -30 || d > 30 {
				t.Errorf("at %v: %d %d %d, want %v", at, r>>8, g>>8, b>>8, want)
			}
		}
	}
	for _, x := range []int{3, thumbnailSide / 2, thumbnailSide - 4} {
		near(image.Pt(x, 8), color.RGBA{B: 255})
		near(image.Pt(x, thumbnailSide-8), color.RGBA{255, 255, 255, 255})
	}
}

// An answer that doesn't say how long it is must be bounded as well.
func TestEndlessPhoto(t *testing.T) {
	t.Parallel()
	start := aPNG(t)
	g := newGallery(photoAddress, func(*http.Request) (*http.Response, error) {
		return &http.Response{StatusCode: http.StatusOK, ContentLength: -1, Body: io.NopCloser(io.MultiReader(strings.NewReader(start), zeros{}))}, nil
	})
	if _, err := g.photos().Photo(t.Context(), anna, 8); meet.KindOf(err) != meet.NotFound {
		t.Error(err)
	}
}

type zeros struct{}

func (zeros) Read(b []byte) (int, error) { return len(b), nil }

func TestPhotoStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{301, 302, 307, 401, 403, 404, 500, 204} {
		g := newGallery(photoAddress, picture(status, aPNG(t)))
		if _, err := g.photos().Photo(t.Context(), anna, 8); meet.KindOf(err) != meet.NotFound {
			t.Errorf("%d: %v", status, err)
		}
		if g.requests() != 1 {
			t.Errorf("%d: %d requests; redirects must not be followed", status, g.requests())
		}
	}
}

// Hosts at which a photo may lie. Others are not asked at all.
func TestPhotoHosts(t *testing.T) {
	t.Parallel()
	const own, cloud = "https://portal.example/rest/", "https://acme.bitrix24.de/rest/"
	for _, c := range []struct {
		name, endpoint, address string
		asked                   bool
	}{
		{"its own", own, photoAddress, true},
		{"its own, with the port", own, "https://portal.example:443/a.png", true},
		{"its own, in capitals", own, "https://PORTAL.example/a.png", true},
		{"another port", own, "https://portal.example:8443/a.png", false},
		{"another host", own, "https://intranet.example/a.png", false},
		{"below its own", own, "https://x.portal.example/a.png", false},
		{"its own as a user", own, "https://portal.example@evil.example/a.png", false},
		{"a password", own, "https://me:secret@portal.example/a.png", false},
		{"an address of the machine", own, "https://127.0.0.1/a.png", false},
		{"metadata", own, "http://169.254.169.254/latest", false},
		{"a file", own, "file:///etc/passwd", false},
		{"the cloud's files for a portal elsewhere", own, "https://cdn.bitrix24.de/b1/a.png", false},
		{"the cloud's files", cloud, "https://cdn.bitrix24.de/b1/a.png", true},
		{"the cloud's files in another country", cloud, "https://cdn-ru.bitrix24.ru/b1/a.png", true},
		{"the cloud's files, other form", cloud, "https://cdn.com.bitrix24.com/b1/a.png", true},
		{"two-part country", cloud, "https://cdn.bitrix24.com.br/b1/a.png", true},
		{"another portal of the cloud", cloud, "https://rival.bitrix24.de/a.png", false},
		{"somebody's country", cloud, "https://cdn.bitrix24.evil/a.png", false},
		{"somebody's domain", cloud, "https://cdn.bitrix24.de.evil.example/a.png", false},
		{"somebody's name", cloud, "https://cdn.notbitrix24.de/a.png", false},
		{"public sites", cloud, "https://cdn.bitrix24.site/a.png", false},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			g := newGallery(c.address, picture(http.StatusOK, aPNG(t)))
			g.endpoint = c.endpoint
			_, err := g.photos().Photo(t.Context(), anna, 8)
			if asked := g.requests() > 0; asked != c.asked || (err == nil) != c.asked {
				t.Errorf("asked %v, %v", asked, err)
			}
		})
	}
}

// Photos are fetched through the guarded client: no private address, and no http.
func TestPhotoIsGuarded(t *testing.T) {
	t.Parallel()
	asked := false
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked = true
		_, _ = io.WriteString(w, aPNG(t))
	}))
	defer server.Close()
	p := newGallery("", nil).photos()
	p.client.cfg.HTTP = NewHTTPClient(false)
	for _, address := range []string{server.URL + "/a.png", strings.Replace(server.URL, "https:", "http:", 1) + "/a.png"} {
		if _, err := p.download(t.Context(), address, address); err == nil || asked {
			t.Errorf("%s was let through: %v", address, err)
		}
	}
}

func TestPhotoCarriesNoCredentials(t *testing.T) {
	t.Parallel()
	g := newGallery(photoAddress+"?size=small", picture(http.StatusOK, aPNG(t)))
	if _, err := g.photos().Photo(t.Context(), anna, 8); err != nil {
		t.Fatal(err)
	}
	r := g.asked[0]
	if r.URL.String() != photoAddress+"?size=small" || r.Body != nil {
		t.Errorf("asked for %s with a body %v", r.URL, r.Body != nil)
	}
	for name, values := range r.Header {
		if name != "Accept" && name != "User-Agent" || strings.Contains(fmt.Sprint(values), g.token) {
			t.Errorf("sent %s: %v", name, values)
		}
	}
}

// A photo is fetched once, however many want it, and one that can't be fetched is not tried again
// at once.
func TestPhotoIsFetchedOnce(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		body := aPNG(t)
		g := newGallery(photoAddress, func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second)
			return picture(http.StatusOK, body)(r)
		})
		p := g.photos()
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := p.Photo(t.Context(), anna, 8); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if g.requests() != 1 || g.count() != 1 {
			t.Errorf("%d requests for photos, %d for people", g.requests(), g.count())
		}
		time.Sleep(photoTTL)
		if _, err := p.Photo(t.Context(), anna, 8); err != nil || g.requests() != 2 {
			t.Errorf("after an hour: %d requests, %v", g.requests(), err)
		}
	})
}

func TestSlowPhoto(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGallery(photoAddress, func(r *http.Request) (*http.Response, error) {
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		p := g.photos()
		began := time.Now()
		for range 3 {
			if _, err := p.Photo(t.Context(), anna, 8); meet.KindOf(err) != meet.NotFound {
				t.Error(err)
			}
		}
		if took := time.Since(began); took > photoTimeout || g.requests() != 1 {
			t.Errorf("took %v and %d requests", took, g.requests())
		}
		time.Sleep(missingPhotoTTL)
		_, _ = p.Photo(t.Context(), anna, 8)
		if g.requests() != 2 {
			t.Errorf("%d requests after a minute", g.requests())
		}
	})
}

// A body that trickles must not take longer than a photo may.
func TestTricklingPhoto(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		g := newGallery(photoAddress, func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: http.StatusOK, Body: io.NopCloser(trickle{r.Context()})}, nil
		})
		began := time.Now()
		if _, err := g.photos().Photo(t.Context(), anna, 8); meet.KindOf(err) != meet.NotFound || time.Since(began) > photoTimeout {
			t.Errorf("%v after %v", err, time.Since(began))
		}
	})
}

// trickle gives a byte a second until its request ends.
type trickle struct{ ctx context.Context }

func (tr trickle) Read(b []byte) (int, error) {
	select {
	case <-time.After(time.Second):
		return copy(b, "x"), nil
	case <-tr.ctx.Done():
		return 0, tr.ctx.Err()
	}
}

// Members get no photo that the portal doesn't show to them, although it is cached.
func TestPhotoIsForThoseWhoSeeIt(t *testing.T) {
	t.Parallel()
	g := newGallery(photoAddress, picture(http.StatusOK, aPNG(t)))
	p := g.photos()
	if _, err := p.Photo(t.Context(), anna, 8); err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		member meet.Member
		person int64
	}{
		"without a photo":  {anna, 9},
		"unknown":          {anna, 404},
		"nobody":           {anna, -1},
		"of somebody else": {meet.Member{Portal: anna.Portal, User: 99}, 8},
	} {
		if name == "of somebody else" {
			g.answers["batch"] = ok(`{"result":{"result":{"c0":[{"ID":"9","ACTIVE":true}]},"result_error":[],"result_total":{"c0":1},"result_next":[]}}`)
		}
		if _, err := p.Photo(t.Context(), c.member, c.person); meet.KindOf(err) != meet.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if g.requests() != 1 {
		t.Errorf("%d requests", g.requests())
	}
}

// The photos that were shown last stay when the cache is full.
func TestPhotosAreBounded(t *testing.T) {
	t.Parallel()
	p := newGallery(photoAddress, nil).photos()
	const size = portalPhotoCacheSize - missingPhotoWeight
	key := func(n int) photoKey { return photoKey{fmt.Sprint("portal ", n), "a"} }
	put := func(n int) {
		one := photo{meet.Photo{Data: make([]byte, size)}, time.Now()}
		p.cache.put(key(n), one, one.weight(), one.read)
	}
	fits := photoCacheSize / portalPhotoCacheSize
	for n := range fits {
		put(n)
	}
	if _, kept := p.cached(key(0)); !kept {
		t.Fatal("the first has gone too early")
	}
	put(fits)
	_, first := p.cached(key(0))
	_, second := p.cached(key(1))
	if !first || second || p.cache.weight > photoCacheSize {
		t.Errorf("first %v, second %v, %d bytes", first, second, p.cache.weight)
	}
}

// A portal with many photos drops its own, not those of others.
func TestPhotosOfOnePortalAreBounded(t *testing.T) {
	t.Parallel()
	p := newGallery(photoAddress, nil).photos()
	one := photo{meet.Photo{Data: make([]byte, 3<<10)}, time.Now()}
	other := photoKey{"other", "a"}
	p.cache.put(other, one, one.weight(), one.read)
	for n := range 2 * photoCacheSize / one.weight() {
		p.cache.put(photoKey{"portal", fmt.Sprint(n)}, one, one.weight(), one.read)
	}
	if _, kept := p.cached(other); !kept || p.cache.weights["portal"] > portalPhotoCacheSize {
		t.Errorf("the other portal's photo is kept: %v; %d bytes are of the one with many", kept, p.cache.weights["portal"])
	}
	p.cache.removeIf(func(photoKey) bool { return true })
	if p.cache.weight != 0 || len(p.cache.weights) != 0 {
		t.Errorf("%d bytes, by owner %v: something is counted that is gone", p.cache.weight, p.cache.weights)
	}
}

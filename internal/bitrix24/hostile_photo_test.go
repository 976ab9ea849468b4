package bitrix24

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"io"
	"math/rand/v2"
	"net/http"
	"os"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"slotfinder/internal/meet"
)

// scans is a progressive JPEG of one colour that goes over its pixels so many times,
// which takes 13 bytes each time.
func scans(width, height, n int) string {
	var b bytes.Buffer
	b.WriteString("\xff\xd8\xff\xdb\x00\x43\x00" + strings.Repeat("\x01", 64))
	fmt.Fprintf(&b, "\xff\xc2\x00\x0b\x08%c%c%c%c\x01\x01\x11\x00", 0, 0, 0, 0)
	binary.BigEndian.PutUint16(b.Bytes()[b.Len()-8:], uint16(height))
	binary.BigEndian.PutUint16(b.Bytes()[b.Len()-6:], uint16(width))
	// One code, a zero, for a run of 32,767 blocks in which nothing changes.
	b.WriteString("\xff\xc4\x00\x14\x10\x01" + strings.Repeat("\x00", 15) + "\xe0")
	for range n {
		b.WriteString("\xff\xda\x00\x08\x01\x01\x00\x01\x3f\x00\x7f\xff\x00")
	}
	b.WriteString("\xff\xd9")
	return b.String()
}

// noise is a picture that compresses badly.
func noise(t *testing.T, width, height int) string {
	t.Helper()
	all := image.NewRGBA(image.Rect(0, 0, width, height))
	random := rand.New(rand.NewPCG(1, 2))
	for i := range all.Pix {
		all.Pix[i] = byte(random.Uint32())
	}
	return encoded(t, func(w io.Writer, _ image.Image) error { return jpeg.Encode(w, all, &jpeg.Options{Quality: 10}) })
}

// bomb is a PNG of one pixel with a compressed text of so many bytes.
func bomb(t *testing.T, size int) string {
	t.Helper()
	var text bytes.Buffer
	text.WriteString("Comment\x00\x00")
	z := zlib.NewWriter(&text)
	if _, err := z.Write(make([]byte, size)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	small := aPNG(t)
	head := small[:8+25] // signature and header
	return head + chunk("zTXt", text.String()) + small[len(head):]
}

func chunk(kind, data string) string {
	sum := crc32.ChecksumIEEE([]byte(kind + data))
	return string(binary.BigEndian.AppendUint32(nil, uint32(len(data)))) + kind + data + string(binary.BigEndian.AppendUint32(nil, sum))
}

// wide is a PNG's header that claims a size, and that it is interlaced or not.
func claimed(width, height uint32, interlaced byte) string {
	size := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	return "\x89PNG\r\n\x1a\n" + chunk("IHDR", string(size)+"\x10\x06\x00\x00"+string(interlaced)) + chunk("IDAT", "") + chunk("IEND", "")
}

// animated is a GIF of so many pictures.
func animated(t *testing.T, pictures int) string {
	t.Helper()
	var all gif.GIF
	for range pictures {
		all.Image = append(all.Image, image.NewPaletted(image.Rect(0, 0, 8, 8), color.Palette{color.Black, color.White}))
		all.Delay = append(all.Delay, 1)
	}
	return encoded(t, func(w io.Writer, _ image.Image) error { return gif.EncodeAll(w, &all) })
}

// Photos that would take long or much memory to decode are not decoded. Those that only look like
// it are.
func TestExpensivePhotosAreNotDecoded(t *testing.T) {
	t.Parallel()
	thumbnail := scans(8, 8, 3)
	dear := func(width, height int) string { return scans(width, height, 1) }
	var all atomic.Int64
	photos := []struct {
		name, body string
		decoded    bool
	}{
		{"progressive, 10 scans", scans(1024, 1024, 10), true},
		{"as many scans as may be", scans(64, 64, maxPhotoScans), true},
		{"one scan more", scans(64, 64, maxPhotoScans+1), false},
		{"43,000 scans", scans(2048, 1024, 40_000), false},
		{"a thumbnail inside", "\xff\xd8\xff\xe1" + string(binary.BigEndian.AppendUint16(nil, uint16(2+len(thumbnail)))) + thumbnail + scans(64, 64, 10)[2:], true},
		{"many pixels", dear(2048, 1016), true},
		{"more pixels", dear(2048, 1025), false},
		{"all that a JPEG can claim", dear(65535, 65535), false},
		{"a line of pixels", dear(65535, 1), false},
		{"a column of pixels", dear(1, 65535), false},
		{"a PNG that claims a gigapixel", claimed(1<<15, 1<<15, 0), false},
		{"interlaced", claimed(1<<15, 1<<15, 1), false},
		{"a line of a PNG", claimed(1<<20, 1, 1), false},
		{"more than an integer holds", claimed(1<<31-1, 1<<31-1, 1), false},
		{"a text of 64 MB in a PNG", bomb(t, 64<<20), true},
		{"1,000 pictures in a GIF", animated(t, 1000), true},
		{"a GIF that claims 4 gigapixels", "GIF89a\xff\xff\xff\xff\x80\x00\x00\x00\x00\x00\xff\xff\xff,\x00\x00\x00\x00\xff\xff\xff\xff\x00\x08\x00;", false},
		{"a WebP that claims 268 megapixels", "RIFF\x1a\x00\x00\x00WEBPVP8L\x0d\x00\x00\x00\x2f\xff\xff\xff\x0f\x07\x10\x11\x11\x88\x88\xfe\x07\x00", false},
	}
	t.Cleanup(func() {
		t.Logf("figure: of %d photos that are dear or seem so, up to 43,000 scans and 4 gigapixels, the %d within the bounds are decoded", len(photos), all.Load())
	})
	for _, c := range photos {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			if len(c.body) > photoLimit+8<<10 {
				t.Fatalf("%d bytes are refused for their number", len(c.body))
			}
			p := newGallery(photoAddress, picture(http.StatusOK, c.body)).photos()
			var decoded atomic.Int64
			p.decode = func(photo []byte) (image.Image, error) {
				decoded.Add(1)
				return decodePhoto(photo)
			}
			_, err := p.Photo(t.Context(), anna, 8)
			all.Add(decoded.Load())
			if (err == nil) != c.decoded || (decoded.Load() > 0) != c.decoded {
				t.Errorf("decoded %d times, %v", decoded.Load(), err)
			}
		})
	}
}

// crowd is a portal of so many people who all have photos, each at its own address.
func crowd(people int, reply func(*http.Request) (*http.Response, error)) *gallery {
	var rows []string
	for id := range people {
		rows = append(rows, fmt.Sprintf(`{"ID":"%d","ACTIVE":true,"PERSONAL_PHOTO":"https://portal.example/%d.jpg"}`, id+1, id+1))
	}
	g := newGallery("", reply)
	g.answers["batch"] = ok(fmt.Sprintf(`{"result":{"result":{"c0":[%s]},"result_error":[],"result_total":{"c0":%d},"result_next":[]}}`, strings.Join(rows, ","), people))
	return g
}

// A portal's photos wait for each other; those of others don't wait for them.
func TestPhotosOfAPortalAreDecodedOneByOne(t *testing.T) {
	t.Parallel()
	body := aPNG(t)
	synctest.Test(t, func(t *testing.T) {
		p := crowd(40, picture(http.StatusOK, body)).photos()
		var inside, most, all atomic.Int64
		p.decode = func(photo []byte) (image.Image, error) {
			all.Add(1)
			if n := inside.Add(1); n > most.Load() {
				most.Store(n)
			}
			defer inside.Add(-1)
			time.Sleep(time.Minute)
			return decodePhoto(photo)
		}
		ctx, stop := context.WithCancel(t.Context())
		for id := range int64(40) {
			go func() { _, _ = p.Photo(ctx, anna, id+1) }()
		}
		synctest.Wait()
		if most.Load() != 1 {
			t.Errorf("%d photos of one portal are decoded at once", most.Load())
		}
		other, began := meet.Member{Portal: "other", User: 1}, time.Now()
		if _, err := p.Photo(t.Context(), other, 1); err != nil || time.Since(began) != time.Minute {
			t.Errorf("the other portal's photo took %v: %v", time.Since(began), err)
		}
		synctest.Wait() // the next one begins in the instant in which the other portal's ends
		before := all.Load()
		stop()
		time.Sleep(time.Hour)
		synctest.Wait()
		if all.Load() > before || len(p.fetches.underWay)+p.fetching.Portals()+p.decoding.Portals() > 0 {
			t.Errorf("%d photos were decoded for nobody; left over: %v %v %v", all.Load()-before, p.fetches.underWay, p.fetching.Portals(), p.decoding.Portals())
		}
	})
}

// Nothing is decoded when the request is over by the time the photo has come, and nothing is
// cached then. Callers that still wait get the photo.
func TestPhotoNobodyWaitsFor(t *testing.T) {
	t.Parallel()
	body := aPNG(t)
	synctest.Test(t, func(t *testing.T) {
		g := newGallery(photoAddress, func(r *http.Request) (*http.Response, error) {
			time.Sleep(time.Second) // and ends with no request
			return picture(http.StatusOK, body)(r)
		})
		p := g.photos()
		var decoded int
		p.decode = func(photo []byte) (image.Image, error) { decoded++; return decodePhoto(photo) }
		hasty, cancel := context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		if _, err := p.Photo(hasty, anna, 8); meet.KindOf(err) != meet.NotFound {
			t.Error(err)
		}
		time.Sleep(time.Minute)
		if decoded > 0 {
			t.Errorf("decoded %d times for nobody", decoded)
		}
		var all sync.WaitGroup
		hasty, cancel = context.WithTimeout(t.Context(), time.Second/2)
		defer cancel()
		all.Go(func() { _, _ = p.Photo(hasty, anna, 8) })
		all.Go(func() {
			if _, err := p.Photo(t.Context(), anna, 8); err != nil {
				t.Error("with somebody who left: ", err)
			}
		})
		all.Wait()
		if decoded != 1 || g.requests() != 2 {
			t.Errorf("decoded %d times, fetched %d times", decoded, g.requests())
		}
	})
}

// The number of photos that are fetched at once is bounded, for a portal and for all.
func TestPhotosFetchedAtOnceAreBounded(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		var inside atomic.Int64
		g := crowd(100, func(r *http.Request) (*http.Response, error) {
			inside.Add(1)
			defer inside.Add(-1)
			<-r.Context().Done()
			return nil, r.Context().Err()
		})
		p := g.photos()
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		for portal := range int64(20) {
			for id := range int64(100) {
				go func() { _, _ = p.Photo(ctx, meet.Member{Portal: fmt.Sprint(portal), User: 1}, id+1) }()
			}
			synctest.Wait()
			if want := min(maxPortalFetches*(portal+1), maxFetches); inside.Load() != want {
				t.Fatalf("%d photos are fetched for %d portals, want %d", inside.Load(), portal+1, want)
			}
		}
	})
}

// A panic in shared work is an error for those who wait, and doesn't end the program.
func TestSharedPanicIsAnError(t *testing.T) {
	t.Parallel()
	var s sharedWork[string, int]
	if _, err := s.do(t.Context(), "key", func(context.Context) (int, error) { panic("on purpose") }); err == nil {
		t.Error("no error")
	}
	if n, err := s.do(t.Context(), "key", func(context.Context) (int, error) { return 7, nil }); n != 7 || err != nil {
		t.Error(n, err)
	}
}

// TestAttackByPhotos measures how long another portal's photo takes while one portal
// has 100 photos that are as expensive as they may be, and 100 that are too expensive.
func TestAttackByPhotos(t *testing.T) {
	if os.Getenv("SLOTFINDER_ATTACK") == "" {
		t.Skip("set SLOTFINDER_ATTACK=1")
	}
	allowed, refused, small := noise(t, 1448, 1448), scans(2048, 1024, 40_000), aPNG(t)
	if len(allowed) > photoLimit {
		t.Fatalf("%d bytes", len(allowed))
	}
	p := crowd(200, func(r *http.Request) (*http.Response, error) {
		switch {
		case r.Context().Value(victim{}) != nil:
			return picture(http.StatusOK, small)(r)
		case strings.HasSuffix(r.URL.Path, "1.jpg"), strings.HasSuffix(r.URL.Path, "3.jpg"):
			return picture(http.StatusOK, refused)(r)
		}
		return picture(http.StatusOK, allowed)(r)
	}).photos()
	ctx, stop := context.WithCancel(t.Context())
	defer stop()
	var hostile sync.WaitGroup
	for id := range int64(200) {
		hostile.Go(func() { _, _ = p.Photo(ctx, anna, id+1) })
	}
	time.Sleep(50 * time.Millisecond) // the attack is under way
	began := time.Now()
	if _, err := p.Photo(context.WithValue(t.Context(), victim{}, true), meet.Member{Portal: "other", User: 1}, 1); err != nil {
		t.Error(err)
	}
	took := time.Since(began)
	hostile.Wait()
	t.Logf("figure: beside 200 hostile photos, which took %[2]v, another portal's took %[1]v", took.Round(time.Millisecond), time.Since(began).Round(time.Millisecond))
	if took > time.Second {
		t.Errorf("another portal's photo took %v", took)
	}
}

// victim marks the requests of somebody else during an attack.
type victim struct{}

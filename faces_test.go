package main

import (
	"context"
	"encoding/base64"
	"image"
	"image/jpeg"
	"maps"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/portalsim"
)

// withPhotos is a company in which everybody but 7 has a photo, and that of one is
// no picture.
func withPhotos(hostile int) *portalsim.Portal {
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	var some []byte
	for _, u := range company.Users {
		switch {
		case u.ID == hostile:
			u.Photo = []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
		case u.Photo != nil:
			some = u.Photo
		case u.ID != 7:
			u.Photo = some
		}
	}
	return company
}

// isFace fails unless the body is a small square JPEG.
func isFace(t *testing.T, body string) {
	t.Helper()
	face, err := jpeg.Decode(strings.NewReader(body))
	if err != nil || face.Bounds() != image.Rect(0, 0, 56, 56) {
		t.Errorf("%d bytes are no face: %v", len(body), err)
	}
}

func TestPhotos(t *testing.T) {
	t.Parallel()
	p := startWith(t, withPhotos(3))
	client := p.signIn(1)
	_, list := p.get(client, "/people?q="+strings.Fields(p.colleagues(2)[0])[0], "")
	photo := between(list, `src="/photo/2?`, `"`)
	if photo == "" {
		t.Fatal("the picker shows no photo")
	}
	response, body := p.get(client, "/photo/2?"+photo, "image/*")
	isFace(t, body)
	for name, want := range map[string]string{
		"Content-Type": "image/jpeg", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400",
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
	} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	for _, path := range []string{"/photo/3", "/photo/7", "/photo/999999", "/photo/-2", "/photo/x", "/photo/2/../3"} {
		if response, body := p.get(client, path, "image/*"); response.StatusCode != http.StatusNotFound || strings.Contains(body, "<svg") {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	if response, _ := p.get(p.browser(), "/photo/2", asJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger gets %s", response.Status)
	}
}

// A page names one sheet with the photos of all who have one; those who haven't, or
// whose photo can't be had, leave a hole.
func TestSheetOfFaces(t *testing.T) {
	t.Parallel()
	p := startWith(t, withPhotos(3))
	client := p.signIn(1)
	_, page := p.get(client, "/find?me=0&who=7,5,2,3", "")
	sheet := "/faces/2.3.5?v=" + between(page, `src="/faces/2.3.5?v=`, `#p`)
	for _, id := range []string{"2", "3", "5"} {
		if !strings.Contains(page, `src="`+sheet+`#p`+id+`"`) {
			t.Errorf("the page doesn't show %s on %s", id, sheet)
		}
	}
	if strings.Contains(page, "#p7") || strings.Contains(page, `src="/photo/`) {
		t.Error("the page has a photo for 7, who has none, or photos beside the sheet")
	}
	response, body := p.get(client, sheet, "image/*")
	for name, want := range map[string]string{
		"Content-Type": "image/svg+xml", "Cache-Control": "private, max-age=60", // 3 may come
		"Content-Security-Policy": "default-src 'none'; img-src data:; sandbox; frame-ancestors 'none'",
	} {
		if got := response.Header.Get(name); got != want {
			t.Errorf("%s is %q, want %q", name, got, want)
		}
	}
	if strings.Count(body, "<image") != 2 || strings.Count(body, "<view") != 3 || strings.Contains(body, "script") {
		t.Errorf("the sheet is %.300s", body)
	}
	face, err := base64.StdEncoding.DecodeString(between(body, `x="2" width="1" height="1" href="data:image/jpeg;base64,`, `"`))
	if err != nil {
		t.Error(err)
	}
	isFace(t, string(face))
	if response, _ := p.get(client, "/faces/2.5?v=x", "image/*"); response.Header.Get("Cache-Control") != "private, max-age=86400" {
		t.Errorf("a whole sheet is kept %s", response.Header.Get("Cache-Control"))
	}
	for path, want := range map[string]int{"/faces/": 404, "/faces/2.x": 404, "/faces/2..3": 404, "/faces/" + strings.Repeat("2.", 100) + "3": 404, "/faces/999999": 200} {
		if response, body := p.get(client, path, "image/*"); response.StatusCode != want || strings.Contains(body, "<image") {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	if response, _ := p.get(p.browser(), sheet, asJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger gets %s", response.Status)
	}
}

// A photo that can't be had leaves the initials, in the same place and size.
func TestBrowserShowsInitialsWithoutPhoto(t *testing.T) {
	t.Parallel()
	p := startWith(t, withPhotos(3))
	ctx := chromium(t)
	p.bringCookie(ctx, 1)
	scriptsOff(t, ctx)
	search(t, ctx, p.app+"/find?me=0&who=2,3,5")
	until(t, ctx, `[...document.querySelectorAll(".chip img")].length == 3 && [...document.querySelectorAll(".chip img")].every(i => i.complete)`)
	const colour = `(id => { const c = Object.assign(document.createElement("canvas"), {width: 9, height: 9}).getContext("2d")
		c.drawImage(document.querySelector("#chip-" + id + " img"), 0, 0, 9, 9); return [...c.getImageData(4, 1, 1, 1).data].join() })`
	two, three, five := ask[string](t, ctx, colour+"(2)"), ask[string](t, ctx, colour+"(3)"), ask[string](t, ctx, colour+"(5)")
	if three != "0,0,0,0" || two == three || five == three || two == five {
		t.Errorf("the photos are coloured %s, %s and %s", two, three, five)
	}
	for _, wrong := range []string{
		`document.querySelector("#chip-2 .av").getBoundingClientRect().width != document.querySelector("#chip-3 .av").getBoundingClientRect().width`,
		`document.querySelector("#chip-2 .av").getBoundingClientRect().height != document.querySelector("#chip-3 .av").getBoundingClientRect().height`,
		`document.querySelector("#chip-3 .av").innerText.trim().length == 0`,
	} {
		if ask[bool](t, ctx, wrong) {
			t.Error(wrong)
		}
	}
}

// mostRequests is how many a first visit may cost, the stream of changes among them.
const mostRequests = 8

// However many people a page is about, and though all of them have photos, it costs
// few requests, none of somebody else, and its HTML is small.
func TestBrowserRequests(t *testing.T) {
	t.Parallel()
	p := startWith(t, withPhotos(0))
	for people, most := range map[int]int{10: 12 << 10, 60: 20 << 10} {
		t.Run(strconv.Itoa(people)+" people", func(t *testing.T) {
			t.Parallel()
			ctx := chromium(t)
			p.bringCookie(ctx, 1)
			asked := requests(t, ctx)
			who := "1"
			for id := 2; id <= people; id++ {
				who += "," + strconv.Itoa(id)
			}
			search(t, ctx, p.app+"/find?me=0&who="+who)
			until(t, ctx, `document.readyState == "complete" && [...document.images].filter(i => i.checkVisibility()).every(i => i.complete && i.naturalWidth > 0)`)
			for !slices.Contains(asked(), p.app+"/live") { // browserLimit ends what never comes
				until(t, ctx, `true`)
			}
			if faces := ask[int](t, ctx, `[...document.images].filter(i => i.src.includes("/faces/")).length`); faces < people {
				t.Errorf("%d faces on the page", faces)
			}
			if size := ask[int](t, ctx, `performance.getEntriesByType("navigation")[0].encodedBodySize`); size > most {
				t.Errorf("the HTML is %d bytes, compressed", size)
			}
			if got := asked(); len(got) > mostRequests || !strings.HasPrefix(got[0], p.app) || !strings.HasPrefix(got[len(got)-1], p.app) {
				t.Errorf("%d requests, more than %d or of others: %q", len(got), mostRequests, got)
			}
		})
	}
}

// requests returns what tells the different addresses that a tab has asked for,
// sorted: what is asked for twice comes from the browser's cache.
func requests(t *testing.T, ctx context.Context) func() []string {
	t.Helper()
	var mu sync.Mutex
	asked := map[string]bool{}
	if _, err := chromedp.Call(ctx, network.Enable, network.EnableParams{}); err != nil {
		t.Fatal(err)
	}
	err := chromedp.Listen(ctx, func(event any) {
		if e, ok := event.(*network.EventRequestWillBeSent); ok && !strings.HasPrefix(e.Request.URL, "data:") {
			mu.Lock()
			asked[e.Request.URL] = true
			mu.Unlock()
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return func() []string {
		mu.Lock()
		defer mu.Unlock()
		return slices.Sorted(maps.Keys(asked))
	}
}

package main

import (
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"slotfinder/internal/portalsim"
)

// withPhotos is a company in which somebody's photo is no picture.
func withPhotos(hostile int) *portalsim.Portal {
	company := portalsim.Company(portalsim.On(time.Now().Date()))
	for _, u := range company.Users {
		if u.ID == hostile {
			u.Photo = []byte(`<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>`)
		}
	}
	return company
}

func TestPhotos(t *testing.T) {
	t.Parallel()
	p := startWith(t, withPhotos(3))
	client := p.signIn(1)
	_, page := p.get(client, "/find?who=2,3,7", "")
	photo := between(page, `src="/photo/2?`, `"`)
	if photo == "" || strings.Contains(page, `src="/photo/7`) {
		t.Fatalf("the page shows %q for 2, or a photo for 7, who has none", photo)
	}
	response, body := p.get(client, "/photo/2?"+photo, "image/*")
	header := response.Header
	if response.StatusCode != http.StatusOK || body != string(p.user(2).Photo) {
		t.Errorf("%s, %d bytes", response.Status, len(body))
	}
	for name, want := range map[string]string{
		"Content-Type": "image/png", "X-Content-Type-Options": "nosniff", "Cache-Control": "private, max-age=86400",
		"Content-Security-Policy": "default-src 'none'; sandbox; frame-ancestors 'none'",
	} {
		if header.Get(name) != want {
			t.Errorf("%s is %q, want %q", name, header.Get(name), want)
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
	_, list := p.get(client, "/people?q="+strings.Fields(p.colleagues(2)[0])[0], "")
	if !strings.Contains(list, `src="/photo/2?v=`) {
		t.Error("the picker shows no photo")
	}
}

// A photo that can't be had leaves the initials, in the same place and size.
func TestBrowserShowsInitialsWithoutPhoto(t *testing.T) {
	t.Parallel()
	p := startWith(t, withPhotos(3))
	ctx := chromium(t)
	p.signInBy(ctx, "1")
	scriptsOff(t, ctx)
	do(t, ctx, chromedp.Navigate(p.app+"/find?who=2,3"))
	until(t, ctx, `document.querySelector("#chip-2 img")?.naturalWidth > 0`)
	until(t, ctx, `document.querySelector("#chip-3 img")?.complete`)
	for _, broken := range []string{
		`document.querySelector("#chip-3 img").naturalWidth > 0`,
		`document.querySelector("#chip-2 .av").getBoundingClientRect().width != document.querySelector("#chip-3 .av").getBoundingClientRect().width`,
		`document.querySelector("#chip-2 .av").getBoundingClientRect().height != document.querySelector("#chip-3 .av").getBoundingClientRect().height`,
		`document.querySelector("#chip-3 .av").innerText.trim().length == 0`,
	} {
		value, err := chromedp.Run(ctx, chromedp.EvaluateAsDevTools[bool](broken))
		if err != nil || value {
			t.Errorf("%s: %v %v", broken, value, err)
		}
	}
}

// user returns somebody of the portal.
func (p *product) user(id int) *portalsim.User {
	for _, u := range p.company.Users {
		if u.ID == id {
			return u
		}
	}
	p.t.Fatalf("no user %s", strconv.Itoa(id))
	return nil
}

// between returns what stands between two texts, "" without them.
func between(text, before, after string) string {
	_, rest, found := strings.Cut(text, before)
	inner, _, closed := strings.Cut(rest, after)
	if !found || !closed {
		return ""
	}
	return inner
}

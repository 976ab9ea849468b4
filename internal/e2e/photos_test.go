package e2e

import (
	"encoding/base64"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
)

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
	p := harness.StartWith(t, harness.WithPhotos(3))
	client := p.SignIn(1)
	_, list := p.Get(client, "/people?q="+strings.Fields(p.Colleagues(2)[0])[0], "")
	photo := between(list, `src="/photo/2?`, `"`)
	if photo == "" {
		t.Fatal("the picker shows no photo")
	}
	response, body := p.Get(client, "/photo/2?"+photo, "image/*")
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
		if response, body := p.Get(client, path, "image/*"); response.StatusCode != http.StatusNotFound || strings.Contains(body, "<svg") {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	if response, _ := p.Get(p.Browser(), "/photo/2", harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger gets %s", response.Status)
	}
}

// A page names one sheet with the photos of all who have one; those who haven't, or
// whose photo can't be had, leave a hole.
func TestSheetOfFaces(t *testing.T) {
	t.Parallel()
	p := harness.StartWith(t, harness.WithPhotos(3))
	client := p.SignIn(1)
	_, page := p.Get(client, "/find?me=0&who=7,5,2,3", "")
	sheet := "/faces/2.3.5?v=" + between(page, `src="/faces/2.3.5?v=`, `#p`)
	for _, id := range []string{"2", "3", "5"} {
		if !strings.Contains(page, `src="`+sheet+`#p`+id+`"`) {
			t.Errorf("the page doesn't show %s on %s", id, sheet)
		}
	}
	if strings.Contains(page, "#p7") || strings.Contains(page, `src="/photo/`) {
		t.Error("the page has a photo for 7, who has none, or photos beside the sheet")
	}
	response, body := p.Get(client, sheet, "image/*")
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
	if response, _ := p.Get(client, "/faces/2.5?v=x", "image/*"); response.Header.Get("Cache-Control") != "private, max-age=86400" {
		t.Errorf("a whole sheet is kept %s", response.Header.Get("Cache-Control"))
	}
	for path, want := range map[string]int{"/faces/": 404, "/faces/2.x": 404, "/faces/2..3": 404, "/faces/" + strings.Repeat("2.", 100) + "3": 404, "/faces/999999": 200} {
		if response, body := p.Get(client, path, "image/*"); response.StatusCode != want || strings.Contains(body, "<image") {
			t.Errorf("%s: %s", path, response.Status)
		}
	}
	if response, _ := p.Get(p.Browser(), sheet, harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("a stranger gets %s", response.Status)
	}
}

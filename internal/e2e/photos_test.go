package e2e

import (
	"encoding/base64"
	"image"
	"image/jpeg"
	"net/http"
	"strings"
	"testing"

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/meet"
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

// TestPhotosWithoutCookies: in a frame that keeps no cookie the page's own address opens its
// sheet of photos, and nothing else; when the session ends, it opens nothing.
func TestPhotosWithoutCookies(t *testing.T) {
	t.Parallel()
	p := harness.StartWith(t, harness.WithPhotos(3))
	pass := pass(p, 2)
	_, page := p.GetWith(&http.Client{}, "/find?me=0&who=7,5,2,3", "X-Frame-Session", pass)
	sheet := "/faces/2.3.5?" + strings.ReplaceAll(between(page, `src="/faces/2.3.5?`, `#p`), "&amp;", "&")
	if response, body := p.Get(&http.Client{}, sheet, "image/*"); response.StatusCode != http.StatusOK || strings.Count(body, "<image") != 2 {
		t.Errorf("%s: %s, %d photos", sheet, response.Status, strings.Count(body, "<image"))
	}
	if strings.Contains(sheet, p.Company.MemberID) || strings.Contains(sheet, pass) {
		t.Errorf("%s tells whose it is", sheet)
	}
	for name, address := range map[string]string{
		"other people": strings.Replace(sheet, "2.3.5", "2.3.6", 1),
		"a page":       strings.Replace(sheet, "/faces/2.3.5", "/find", 1),
		"a single one": strings.Replace(sheet, "/faces/2.3.5", "/photo/2", 1),
		"another pass": sheet[:len(sheet)-1] + string(sheet[len(sheet)-1]^2),
		"without it":   strings.Split(sheet, "&pass=")[0],
	} {
		if response, _ := p.Get(&http.Client{}, address, harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
			t.Errorf("%s: %s", name, response.Status)
		}
	}
	db, _ := p.Database()
	if err := db.DeleteSessionsOf(t.Context(), meet.Member{Portal: p.Company.MemberID, User: 2}); err != nil {
		t.Fatal(err)
	}
	if response, _ := p.Get(&http.Client{}, sheet, harness.AsJSON); response.StatusCode != http.StatusUnauthorized {
		t.Errorf("after the session: %s", response.Status)
	}
}

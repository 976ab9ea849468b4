package main

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"slotfinder/internal/portalsim"
)

// shot is a picture of the README.
type shot struct {
	name          string // of the file in .github
	path          string // of the page
	scheme        string // light or dark
	width, height int64
}

// The pictures show a week of a company that never changes. It lies years ahead, so
// that the day on which they are made changes nothing either.
var shotsWeek = portalsim.On(2031, time.November, 24)

const weekShown = "/find?me=0&who=2,3,4,5,8,9,10,11&opt=6,7&dur=30&hours=08:00-19:00&tz=Europe/Berlin&from=2031-11-24&to=2031-12-05"

// shots are all pictures. Another one is one more line; then run make shots. In the
// portal and the shared page belong here as soon as there are such pages.
var shots = []shot{
	{"find.png", weekShown, "light", 1280, 800},
	{"find-dark.png", weekShown, "dark", 1280, 800},
	{"find-phone.png", weekShown, "light", 390, 844},
}

const (
	shotsFolder = ".github"
	shotsFile   = "shots.json" // what each picture was made from
)

// TestShots makes the README's pictures when SLOTFINDER_SHOTS is set (`make shots`).
// Otherwise it tells when the page of one is no longer what the picture shows: its
// HTML, or the style and scripts of which the HTML names the fingerprints.
func TestShots(t *testing.T) {
	t.Parallel()
	p := startWith(t, portalsim.Company(shotsWeek))
	client, made := p.signIn(1), map[string]string{}
	for _, s := range shots {
		made[s.name] = p.digest(client, s.path)
	}
	file := filepath.Join(shotsFolder, shotsFile)
	if os.Getenv("SLOTFINDER_SHOTS") != "" {
		ctx := chromiumFor(t, time.Minute)
		p.bringCookie(ctx, 1)
		for _, s := range shots {
			p.shoot(ctx, s)
		}
		list, err := json.MarshalIndent(made, "", "  ")
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, append(list, '\n'), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	body, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	var committed map[string]string
	if err := json.Unmarshal(body, &committed); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(committed, made); diff != "" {
		t.Errorf("pages have changed since their pictures were made: run `make shots`, look at %s/*.png and commit them\n%s", shotsFolder, diff)
	}
	for _, s := range shots {
		if _, err := os.Stat(filepath.Join(shotsFolder, s.name)); err != nil {
			t.Error(err)
		}
	}
}

// passing is what differs between two runs: the ports in use, also as part of the
// marks of photos.
var passing = regexp.MustCompile(`127\.0\.0\.1:\d+|\?v=[\w-]+`)

// digest tells one state of a page from another.
func (p *product) digest(client *http.Client, path string) string {
	p.t.Helper()
	response, body := p.get(client, path, "")
	if response.StatusCode != http.StatusOK || !strings.Contains(body, "/static/app.") {
		p.t.Fatalf("%s: %s", path, response.Status)
	}
	sum := sha256.Sum256([]byte(passing.ReplaceAllString(body, "")))
	return hex.EncodeToString(sum[:8])
}

// shoot saves a picture of a page.
func (p *product) shoot(ctx context.Context, s shot) {
	p.t.Helper()
	emulate(p.t, ctx, s.width, s.height, 1, s.scheme)
	do(p.t, ctx, chromedp.Navigate(p.app+s.path))
	until(p.t, ctx, `document.readyState == "complete" && !document.querySelector("#reading") && [...document.images].filter(i => i.checkVisibility()).every(i => i.complete)`)
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(shotsFolder, s.name), picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

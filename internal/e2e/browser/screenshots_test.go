package browser

import (
	"bytes"
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

	"slotfinder/internal/e2e/harness"
	"slotfinder/internal/portalsim"
)

// shot is a picture of the README.
type shot struct {
	name          string // of the file in .github
	path          string // of the page
	scheme        string // light or dark
	width, height int64
	where         string // a tab of a colleague, a guest's, or the portal
}

// The pictures show a week of a company that never changes. It lies years ahead, so
// that the day on which they are made changes nothing either.
var shotsWeek = portalsim.On(2031, time.November, 24)

const (
	inTab    = "tab"
	asGuest  = "guest"
	inPortal = "portal"
)

const weekShown = "/find?me=0&who=2,3,4,5,8,9,10,11&opt=6,7&dur=30&hours=08:00-19:00&tz=Europe/Berlin&from=2031-11-24&to=2031-12-05"

const sharedShown = "/s/TOKEN?tz=Europe/Berlin&day=2031-12-03" // of the link that linkShown makes

const linkShown = "me=0&who=2,10&dur=30&hours=08:00-19:00&tz=Europe/Berlin&from=2031-12-01&to=2031-12-19&step=30&title=Product+demo&show=names"

// shots are all pictures. Another one is one more line; then run make shots.
var shots = []shot{
	{"find.png", weekShown, "light", 1280, 800, inTab},
	{"find-dark.png", weekShown, "dark", 1280, 800, inTab},
	{"find-phone.png", weekShown, "light", 390, 844, inTab},
	{"portal.png", weekShown, "light", 1280, 800, inPortal},
	{"shared.png", sharedShown, "light", 1280, 800, asGuest},
	{"shared-phone.png", sharedShown, "light", 390, 844, asGuest},
}

const (
	shotsFolder = "../../../.github"
	shotsFile   = "shots.json" // what each picture was made from
)

// TestShots makes the README's pictures when SLOTFINDER_SHOTS is set (`make shots`).
// Otherwise it tells when the page of one is no longer what the picture shows: its
// HTML, or the style and scripts of which the HTML names the fingerprints.
func TestShots(t *testing.T) {
	t.Parallel()
	p := harness.StartWith(t, portalsim.Company(shotsWeek))
	client := p.SignIn(1)
	clients, made := map[string]*http.Client{inTab: client, asGuest: harness.Guest()}, map[string]string{}
	clients[inPortal], _ = p.Launch(1, "DEFAULT", "")
	token := p.Share(client, linkShown).Token
	for _, s := range shots {
		s.path = strings.Replace(s.path, "TOKEN", token, 1)
		made[s.name] = digest(p, clients[s.where], s)
	}
	file := filepath.Join(shotsFolder, shotsFile)
	if os.Getenv("SLOTFINDER_SHOTS") != "" {
		ctx := chromiumFor(t, 3*time.Minute)
		bringCookie(p, ctx, 1)
		stranger := tab(t, ctx, chromedp.WithNewBrowserContext())
		for _, s := range shots {
			s.path = strings.Replace(s.path, "TOKEN", token, 1)
			if s.where == asGuest {
				shoot(p, stranger, s)
			} else {
				shoot(p, ctx, s)
			}
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
// marks of photos, the link, the minute, and the weeks that are named from today on.
var passing = regexp.MustCompile(`127\.0\.0\.1:\d+|\?v=[\w-]+|/s/[\w-]{20,}|data-now="\d+"|data-today="[^"]*"|class="range-choice" href="[^"]*"`)

// digest tells one state of a page from another.
func digest(p *harness.Product, client *http.Client, s shot) string {
	p.T.Helper()
	dest := "document"
	if s.where == inPortal {
		dest = "iframe"
	}
	response, body := p.GetWith(client, s.path, harness.FrameHeader, dest)
	if response.StatusCode != http.StatusOK || !strings.Contains(body, `<link rel="stylesheet" href="/static/`) || strings.Contains(body, `class="framed"`) != (s.where == inPortal) {
		p.T.Fatalf("%s: %s", s.path, response.Status)
	}
	sum := sha256.Sum256([]byte(passing.ReplaceAllString(body, "")))
	return hex.EncodeToString(sum[:8])
}

// shoot saves a picture of a page.
func shoot(p *harness.Product, ctx context.Context, s shot) {
	p.T.Helper()
	if s.where == inPortal {
		shootPortal(p, ctx, s)
		return
	}
	emulate(p.T, ctx, s.width, s.height, 1, s.scheme)
	do(p.T, ctx, chromedp.Navigate(p.App+s.path))
	until(p.T, ctx, `document.readyState == "complete" && !document.querySelector("#reading") && [...document.images].filter(i => i.checkVisibility()).every(i => i.complete)`)
	s.save(p.T, capture(p, ctx))
}

// shootPortal saves a picture of the portal's page with a page of ours in its frame,
// of which nothing can be seen from outside but what it tells the portal.
func shootPortal(p *harness.Product, browser context.Context, s shot) {
	p.T.Helper()
	ctx, stop := chromedp.NewContext(browser) // without listen: htmx notes that the stream of the first page ends
	defer stop()
	do(p.T, ctx, chromedp.Navigate("about:blank"))
	emulate(p.T, ctx, s.width, s.height, 1, s.scheme)
	do(p.T, ctx, chromedp.Navigate("http://"+p.Company.Host+"/marketplace/app/"+harness.ClientID+"/")) // bringCookie has signed in there, too
	told := func() (n int) {
		for _, m := range p.Company.Messages() {
			if m.Command == "resizeWindow" && m.Outcome == "taken" {
				n++
			}
		}
		return n
	}
	for told() == 0 {
		until(p.T, ctx, `document.readyState == "complete"`)
	}
	before := told()
	do(p.T, ctx, script(`void document.querySelector(".app iframe").setAttribute("src", "`+p.App+s.path+`")`))
	for told() == before {
		until(p.T, ctx, `document.readyState == "complete"`)
	}
	last := capture(p, ctx)
	for still := 0; still < 5; { // photos come last
		do(p.T, ctx, script(`new Promise(done => setTimeout(done, 100))`))
		if now := capture(p, ctx); bytes.Equal(now, last) {
			still++
		} else {
			last, still = now, 0
		}
	}
	s.save(p.T, last)
}

// capture takes a picture of a tab.
func capture(p *harness.Product, ctx context.Context) []byte {
	p.T.Helper()
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.T.Fatal(err)
	}
	return picture
}

// save writes the picture beside the others.
func (s shot) save(t *testing.T, picture []byte) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(shotsFolder, s.name), picture, 0o644); err != nil {
		t.Fatal(err)
	}
}

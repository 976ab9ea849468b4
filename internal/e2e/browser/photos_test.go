package browser

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/e2e/harness"
)

// A photo that can't be had leaves the initials, in the same place and size.
func TestBrowserShowsInitialsWithoutPhoto(t *testing.T) {
	t.Parallel()
	p := harness.StartWith(t, harness.WithPhotos(3))
	ctx := chromium(t)
	bringCookie(p, ctx, 1)
	scriptsOff(t, ctx)
	search(t, ctx, p.App+"/find?me=0&who=2,3,5")
	until(t, ctx, `[...document.querySelectorAll(".chip img")].length == 3 && [...document.querySelectorAll(".chip img")].every(i => i.complete)`)
	const colour = `(id => { const c = Object.assign(document.createElement("canvas"), {width: 9, height: 9}).getContext("2d")
		c.drawImage(document.querySelector("#chip-" + id + " img"), 0, 0, 9, 9); return [...c.getImageData(4, 1, 1, 1).data].join() })`
	two, three, five := ask[string](t, ctx, colour+"(2)"), ask[string](t, ctx, colour+"(3)"), ask[string](t, ctx, colour+"(5)")
	if three != "0,0,0,0" || two == three || five == three || two == five {
		t.Errorf("the photos are coloured %s, %s and %s", two, three, five)
	}
	for _, wrong := range []string{
		`document.querySelector("#chip-2 .avatar").getBoundingClientRect().width != document.querySelector("#chip-3 .avatar").getBoundingClientRect().width`,
		`document.querySelector("#chip-2 .avatar").getBoundingClientRect().height != document.querySelector("#chip-3 .avatar").getBoundingClientRect().height`,
		`document.querySelector("#chip-3 .avatar").innerText.trim().length == 0`,
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
	p := harness.StartWith(t, harness.WithPhotos(0))
	for people, most := range map[int]int{10: 12 << 10, 60: 20 << 10} {
		t.Run(strconv.Itoa(people)+" people", func(t *testing.T) {
			t.Parallel()
			ctx := chromium(t)
			bringCookie(p, ctx, 1)
			asked := requests(t, ctx)
			who := "1"
			for id := 2; id <= people; id++ {
				who += "," + strconv.Itoa(id)
			}
			search(t, ctx, p.App+"/find?me=0&who="+who)
			until(t, ctx, `document.readyState == "complete" && [...document.images].filter(i => i.checkVisibility()).every(i => i.complete && i.naturalWidth > 0)`)
			for !slices.Contains(asked(), p.App+"/live") { // browserLimit ends what never comes
				until(t, ctx, `true`)
			}
			if faces := ask[int](t, ctx, `[...document.images].filter(i => i.src.includes("/faces/")).length`); faces < people {
				t.Errorf("%d faces on the page", faces)
			}
			if size := ask[int](t, ctx, `performance.getEntriesByType("navigation")[0].encodedBodySize`); size > most {
				t.Errorf("the HTML is %d bytes, compressed", size)
			}
			if got := asked(); len(got) > mostRequests || !strings.HasPrefix(got[0], p.App) || !strings.HasPrefix(got[len(got)-1], p.App) {
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

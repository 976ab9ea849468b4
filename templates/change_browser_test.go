package templates_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"

	"slotfinder/internal/civil"
	"slotfinder/internal/locale"
	"slotfinder/static"
	"slotfinder/templates/find"
	"slotfinder/templates/layout"
)

// changing serves the search of a day on which Berlin's clock changes. Of two people the
// first is busy half an hour before the change and from an hour after it for half an hour.
func changing(t *testing.T, day string, change time.Time) (f facts, server *httptest.Server) {
	f = sample(t, 2, 1)
	f.From, _ = time.ParseInLocation(time.DateOnly, day, f.Zone)
	f.To, f.Now, f.Hours = f.From, f.From.Add(-12*time.Hour), civil.Range{End: 24 * 60}
	f.Query = url.Values{"from": {day}, "to": {day}, "who": {"1,2"}, "me": {"0"}, "dur": {"30"}, "tz": {"Europe/Berlin"}}.Encode()
	f.People[0].Stretches = []stretch{
		{Start: change.Add(-30 * time.Minute), End: change, Kind: find.Busy},
		{Start: change.Add(time.Hour), End: change.Add(90 * time.Minute), Kind: find.Busy},
	}
	f.People[1].Stretches = nil
	f.Step = 15
	f.fill()
	mux := http.NewServeMux()
	mux.Handle(static.Prefix, static.Handler())
	mux.HandleFunc("GET /find", func(w http.ResponseWriter, r *http.Request) {
		f := f
		f.Choice = find.ReadChoice(r.URL.Query())
		page := find.Page(view(f))
		if r.Header.Get("HX-Request") != "true" {
			page = layout.Standalone(layout.Frame{Scripts: true, Me: named(1, "Anna Becker"), Next: "/find"}, page)
		}
		w.Write(render(t, locale.For("en"), page))
	})
	server = httptest.NewServer(mux)
	t.Cleanup(server.Close)
	return f, server
}

// TestPointingOverAChangeOfClocks: every time of such a day is reached, once, and called by
// its name, with who can't come then; the hour that comes twice is two hours, and the one
// that is skipped is none.
func TestPointingOverAChangeOfClocks(t *testing.T) {
	ctx := browser(t)
	for day, change := range map[string]time.Time{
		"2026-03-29": time.Date(2026, 3, 29, 1, 0, 0, 0, time.UTC), "2026-10-25": time.Date(2026, 10, 25, 1, 0, 0, 0, time.UTC),
	} {
		f, server := changing(t, day, change)
		do(t, ctx, "opening", chromedp.EmulateViewport(1280, 800), chromedp.Navigate(server.URL+"/find?"+f.Query))
		until(t, ctx, "the script", `document.readyState === 'complete' && !!window.htmx && document.querySelector('.point').tabIndex === 0`)
		do(t, ctx, "beginning", chromedp.Focus(chromedp.CSS(".point")), chromedp.KeyEvent(kb.ArrowRight), chromedp.KeyEvent(kb.Home))
		for start := f.From; start.Before(change.Add(3 * time.Hour)); start = start.Add(15 * time.Minute) {
			end := start.Add(30 * time.Minute)
			said := value[string](t, ctx, `document.getElementById('pointed').textContent`)
			_, times, _ := strings.Cut(said, locale.For("en").DayShort(f.From)+" ")
			times, who, _ := strings.Cut(times, ", ")
			want := locale.For("en").Time(start.In(f.Zone)) + "–" + locale.For("en").Time(end.In(f.Zone))
			if times != want || strings.Contains(who, "Anna") != (len(f.Missing(start, end)) > 0) {
				t.Errorf("%s: %q, want %s and %d missing", start.UTC(), said, want, len(f.Missing(start, end)))
			}
			do(t, ctx, "on", chromedp.KeyEvent(kb.ArrowRight))
		}
		spot := value[[]float64](t, ctx, at+`(1, (4 * 60 + 15) / 1440)`)
		do(t, ctx, "clicking", chromedp.MouseEvent("mouseMoved", spot[0], spot[1]), chromedp.MouseClickXY(spot[0], spot[1]))
		four := time.Date(f.From.Year(), f.From.Month(), f.From.Day(), 4, 0, 0, 0, f.Zone).UTC()
		until(t, ctx, "the choice", `location.search.includes('slot=`+four.Format("20060102T1504Z")+`')`)
		for range 8 {
			do(t, ctx, "back", chromedp.Focus(chromedp.CSS(".point")), chromedp.KeyEvent(kb.ArrowLeft))
		}
		do(t, ctx, "choosing", chromedp.KeyEvent(kb.Enter))
		until(t, ctx, "the choice", `location.search.includes('slot=`+four.Add(-2*time.Hour).Format("20060102T1504Z")+`')`)
	}
}

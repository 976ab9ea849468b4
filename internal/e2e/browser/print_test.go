package browser

import (
	"context"
	"regexp"
	"testing"
	"time"

	cdppage "github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"slotfinder/internal/browsertest"
	"slotfinder/internal/e2e/harness"
)

// TestPrint: ten people and five days fit on two sheets, with a wide font, too, and
// patterns don't make them megabytes.
func TestPrint(t *testing.T) {
	t.Parallel()
	p := harness.Start(t)
	for _, font := range []browsertest.Font{browsertest.Sans, browsertest.Wide} {
		t.Run(string(font), func(t *testing.T) { printed(p, t, chromiumIn(t, font, 3*time.Minute)) })
	}
}

func printed(p *harness.Product, t *testing.T, ctx context.Context) {
	signInBy(p, ctx, "2")
	monday := harness.NextMonday(time.Now())
	search(t, ctx, p.App+"/find?me=0&who=2,3,4,5,6&opt=7,8,9,10,11&dur=30&from="+monday.Format(time.DateOnly)+"&to="+monday.AddDate(0, 0, 4).Format(time.DateOnly))
	until(t, ctx, `document.readyState == "complete" && document.querySelectorAll(".timeline tbody tr").length == 11`)
	for name, landscape := range map[string]bool{"landscape": true, "portrait": false} {
		sheets, err := chromedp.Call(ctx, cdppage.PrintToPDF, cdppage.PrintToPDFParams{Landscape: &landscape, PaperWidth: 8.27, PaperHeight: 11.69})
		if err != nil {
			t.Fatal(err)
		}
		if n := len(regexp.MustCompile(`/Type\s*/Page\b`).FindAll(sheets.Data, -1)); n < 1 || n > 2 {
			t.Errorf("%s: %d sheets", name, n)
		}
		if size := len(sheets.Data); size > 400<<10 {
			t.Errorf("%s: %d kB", name, size>>10)
		}
	}
}

package main

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// TestShots makes the README's pictures when SLOTFINDER_SHOTS names a folder
// (`make shots`). Otherwise there is nothing to do.
func TestShots(t *testing.T) {
	folder := os.Getenv("SLOTFINDER_SHOTS")
	if folder == "" {
		t.Skip("SLOTFINDER_SHOTS is not set")
	}
	p := start(t)
	ctx := chromium(t)
	p.signInBy(ctx, "2")
	monday := nextMonday(time.Now())
	query := "/find?me=0&who=2,3,4,5&opt=6&dur=60&from=" + monday.Format(time.DateOnly) + "&to=" + monday.AddDate(0, 0, 4).Format(time.DateOnly)
	for _, shot := range []struct {
		name, path, theme string
		width, height     int64
	}{
		{"find.png", query, "light", 1280, 800},
		{"find-dark.png", query, "dark", 1280, 800},
		{"find-phone.png", query, "light", 390, 844},
	} {
		p.shoot(ctx, filepath.Join(folder, shot.name), p.app+shot.path, shot.theme, shot.width, shot.height)
	}
}

// shoot saves a picture of a page.
func (p *product) shoot(ctx context.Context, file, address, theme string, width, height int64) {
	p.t.Helper()
	_, err := chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{
		Width: width, Height: height, DeviceScaleFactor: 1, Mobile: width < 600,
	})
	if err != nil {
		p.t.Fatal(err)
	}
	_, err = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{
		Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: theme}},
	})
	if err != nil {
		p.t.Fatal(err)
	}
	do(p.t, ctx, chromedp.Navigate(address))
	until(p.t, ctx, `document.readyState == "complete"`)
	picture, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
	if err != nil {
		p.t.Fatal(err)
	}
	if err := os.WriteFile(file, picture, 0o644); err != nil {
		p.t.Fatal(err)
	}
}

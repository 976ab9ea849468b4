package main

import (
	"os"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

func TestZZShots(t *testing.T) {
	f := startFramed(t, findForm)
	for _, c := range []string{"LEFT_MENU", "CALENDAR_GRIDVIEW", "USER_PROFILE_TOOLBAR", "SONET_GROUP_DETAIL_TAB", "IM_SIDEBAR", "IM_TEXTAREA", "TASK_VIEW_TAB", "CRM_DEAL_DETAIL_TAB", "REST_APP_URI"} {
		f.bind(c)
	}
	ctx := chromiumFor(t, 100*time.Second)
	size := func(w, h int64) {
		chromedp.Call(ctx, emulation.SetDeviceMetricsOverride, emulation.SetDeviceMetricsOverrideParams{Width: w, Height: h, DeviceScaleFactor: 1, Mobile: w < 600})
	}
	shot := func(name string) {
		time.Sleep(400 * time.Millisecond)
		b, err := chromedp.Run(ctx, chromedp.CaptureScreenshot())
		if err != nil {
			t.Fatal(err)
		}
		os.WriteFile("/tmp/pshots/"+name+".png", b, 0o644)
	}
	size(1280, 800)
	do(t, ctx, chromedp.Navigate(f.portal+"/"))
	shot("login")
	for _, p := range []struct{ name, path, click string }{
		{"feed", "/", ""},
		{"app", "/marketplace/app/local.test/", ""},
		{"week", "/company/personal/user/2/calendar/", ""},
		{"month", "/company/personal/user/2/calendar/?view=month", ""},
		{"grid", "/company/personal/user/2/calendar/?view=week", `[...document.querySelectorAll(".tabs a")].at(-1).click()`},
		{"profile", "/company/personal/user/5/", ""},
		{"slider", "/company/personal/user/5/", `document.querySelector("[data-slider]").click()`},
		{"group", "/workgroups/group/31/", `[...document.querySelectorAll(".tabs a")].at(-1).click()`},
		{"chat", "/online/?IM_DIALOG=chat71", `document.querySelector(".talk form a.btn").click()`},
		{"side", "/online/?IM_DIALOG=chat71", `document.querySelector(".side p a.btn").click()`},
		{"market", "/marketplace/", ""},
		{"deep", "/marketplace/view/acme.slots/?params[link]=x", ""},
		{"tools", "/sim/", ""},
	} {
		f.visit(ctx, "2", p.path)
		if p.click != "" {
			do(t, ctx, script(p.click))
		}
		shot(p.name)
	}
	f.visit(ctx, "1", "/marketplace/app/local.test/")
	fr := f.inside(ctx)
	do(t, fr, chromedp.Click(chromedp.CSS("#choose")))
	shot("pick")
	size(390, 844)
	for name, path := range map[string]string{"n-feed": "/", "n-week": "/company/personal/user/2/calendar/", "n-month": "/company/personal/user/2/calendar/?view=month", "n-chat": "/online/?IM_DIALOG=chat71", "n-tools": "/sim/"} {
		do(t, ctx, chromedp.Navigate(f.portal+path))
		shot(name)
	}
}

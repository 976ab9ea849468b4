package browsertest

import (
	"context"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// shared is the browser of all tests of a package, which the first one starts.
var shared struct {
	once sync.Once
	ctx  context.Context
	err  error
	stop []func()
}

// Window opens a window for a test, with cookies and storage of its own, in a browser that
// all tests of the package share: to start one takes seconds. It has the focus, whatever
// other tests do. The options count for the first test only. The package's TestMain must
// call Stop.
func Window(t testing.TB, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	shared.once.Do(func() { shared.ctx, shared.err = start(t, more) })
	if shared.err != nil {
		t.Fatal(shared.err)
	}
	if shared.ctx == nil {
		LeaveOut(t, "LEFT OUT: no browser; see the first test that asked for one")
	}
	ctx, stop := chromedp.NewContext(shared.ctx, chromedp.WithNewBrowserContext())
	t.Cleanup(stop)
	err := chromedp.Do(ctx, chromedp.Navigate("about:blank"))
	if err == nil {
		_, err = chromedp.Call(ctx, emulation.SetFocusEmulationEnabled, emulation.SetFocusEmulationEnabledParams{Enabled: true})
	}
	if err != nil {
		t.Fatal(err)
	}
	return ctx
}

// Start starts a browser of its own for a test, with a font.
func Start(t testing.TB, font Font, more ...chromedp.ExecAllocatorOption) context.Context {
	t.Helper()
	options := append(Options(t, font), chromedp.UserDataDir(Profile(t)))
	ctx, stop := chromedp.NewExecAllocator(t.Context(), append(options, more...)...)
	t.Cleanup(stop)
	ctx, stop = chromedp.NewContext(ctx)
	t.Cleanup(stop)
	return ctx
}

// Profile is a folder for a browser of a test. It is removed when the test has ended.
func Profile(t testing.TB) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "slotfinder-browser-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { remove(dir) })
	return dir
}

// Stop ends the shared browser, if there is one.
func Stop() {
	for _, stop := range shared.stop {
		stop()
	}
}

func start(t testing.TB, more []chromedp.ExecAllocatorOption) (context.Context, error) {
	dir, err := os.MkdirTemp("", "slotfinder-browser-")
	if err != nil {
		return nil, err
	}
	shared.stop = append(shared.stop, func() { remove(dir) })
	options := append(OptionsIn(t, Sans, dir), chromedp.UserDataDir(filepath.Join(dir, "profile")))
	ctx, stopBrowser := chromedp.NewExecAllocator(context.Background(), append(options, more...)...)
	ctx, stopTab := chromedp.NewContext(ctx)
	shared.stop = append([]func(){stopTab, stopBrowser}, shared.stop...)
	return ctx, chromedp.Do(ctx, chromedp.Navigate("about:blank"))
}

// remove removes a browser's folder. Its processes write for a moment after their end, so
// it takes several tries, and never fails a test.
func remove(dir string) {
	for range 50 {
		if os.RemoveAll(dir) == nil {
			return
		}
		time.Sleep(50 * time.Millisecond)
	}
}

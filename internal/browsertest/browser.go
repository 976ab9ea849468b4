package browsertest

import (
	"embed"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/chromedp/chromedp"
)

// Font says which font the pages of a browser are shown in, whatever they ask for.
type Font string

// The fonts.
const (
	Sans Font = "sans"
	Wide Font = "wide"
)

//go:embed fonts/*.conf
var fontConfigs embed.FS

// fontFiles are what the configurations name. Without them Chromium takes what it finds.
var fontFiles = []string{
	"/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf",
	"/usr/share/fonts/truetype/noto/NotoSansHebrew-Regular.ttf",
	"/usr/share/fonts/truetype/liberation*/LiberationMono-Regular.ttf",
	"/usr/share/fonts/truetype/droid/DroidSansFallback*.ttf",
}

// Options are what a test starts Chromium with. A test without Chromium is left out,
// one without the fonts goes on with those of the machine; with CI=true both fail.
func Options(t testing.TB, font Font) []chromedp.ExecAllocatorOption {
	t.Helper()
	return OptionsIn(t, font, t.TempDir())
}

// OptionsIn is Options for a browser that outlives the test: dir is a folder that lasts
// as long as the browser.
func OptionsIn(t testing.TB, font Font, dir string) []chromedp.ExecAllocatorOption {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		LeaveOut(t, "LEFT OUT: no chromium on this machine; `make test` installs it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	if !fontsInstalled() {
		if os.Getenv("CI") == "true" {
			t.Fatal("the fonts of the tests are missing; `make test` installs them")
		}
		t.Log("the fonts of the tests are missing; `make test` installs them")
		return options
	}
	return append(options, chromedp.Env("FONTCONFIG_FILE="+configFile(t, font, dir)))
}

func fontsInstalled() bool {
	for _, pattern := range fontFiles {
		if found, _ := filepath.Glob(pattern); len(found) == 0 {
			return false
		}
	}
	return true
}

// configFile writes the configuration of a font where Chromium can read it.
func configFile(t testing.TB, font Font, dir string) string {
	t.Helper()
	content, err := fontConfigs.ReadFile("fonts/" + string(font) + ".conf")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "fonts.conf")
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
	return file
}

// LeaveOut skips a test for lack of something on the machine; in CI it fails it.
func LeaveOut(t testing.TB, why string) {
	t.Helper()
	if os.Getenv("CI") == "true" {
		t.Fatal(why)
	}
	t.Skip(why)
}

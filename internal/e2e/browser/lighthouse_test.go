package browser

import (
	"context"
	"encoding/json"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"slotfinder/internal/e2e/harness"
)

// The version that the figures in the front end's budget were measured with.
const lighthouse = "lighthouse@13.5.0"

// TestLighthouse measures pages as a phone on a slow line sees them (`make
// lighthouse`), and prints four scores and the largest contentful paint. It holds
// them to the budget but for the fourth: these pages are not for search engines.
func TestLighthouse(t *testing.T) {
	if os.Getenv("SLOTFINDER_LIGHTHOUSE") == "" {
		t.Skip("SLOTFINDER_LIGHTHOUSE is not set")
	}
	p := harness.StartWith(t, harness.WithPhotos(0))
	dir := t.TempDir()
	npm(t, "", dir, "install", lighthouse)
	app, err := url.Parse(p.App)
	if err != nil {
		t.Fatal(err)
	}
	cookie := p.SignIn(1).Jar.Cookies(app)[0].String()
	t.Logf("%-20s performance  accessibility  best practices  SEO    LCP", "")
	for _, s := range new(scene).sights() {
		if !slices.Contains([]string{"landing", "timeline", "heat map", "60 people", "own hours"}, s.Name) {
			continue
		}
		r := measure(t, dir, p.App+s.Path, cookie)
		score := func(category string) int { return int(100*r.Categories[category].Score + 0.5) }
		lcp := time.Duration(r.Audits["largest-contentful-paint"].NumericValue) * time.Millisecond
		t.Logf("%-20s %11d %14d %15d %4d %6v", s.Name, score("performance"), score("accessibility"), score("best-practices"), score("seo"), lcp.Round(10*time.Millisecond))
		for _, category := range []string{"performance", "accessibility", "best-practices"} {
			if score(category) < 100 {
				t.Errorf("%s: %s is %d: %s", s.Name, category, score(category), strings.Join(r.faults(category), "; "))
			}
		}
		if lcp > 1200*time.Millisecond {
			t.Errorf("%s: the largest paint comes after %v", s.Name, lcp)
		}
	}
}

// report is what is read of Lighthouse's.
type report struct {
	Categories map[string]struct {
		Score     float64
		AuditRefs []struct {
			ID     string
			Weight float64
		}
	}
	Audits map[string]struct {
		Title        string
		Score        *float64
		DisplayValue string
		NumericValue float64
	}
}

// faults are what costs a category points.
func (r report) faults(category string) (list []string) {
	for _, ref := range r.Categories[category].AuditRefs {
		if a := r.Audits[ref.ID]; a.Score != nil && *a.Score < 0.995 && ref.Weight > 0 {
			list = append(list, a.Title+" "+a.DisplayValue)
		}
	}
	return list
}

// measure runs Lighthouse on a page with a browser of its own.
func measure(t *testing.T, dir, address, cookie string) (r report) {
	t.Helper()
	headers, err := json.Marshal(map[string]string{"Cookie": cookie})
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, filepath.Join(dir, "node_modules", ".bin", "lighthouse"), address,
		"--quiet", "--output=json", "--extra-headers="+string(headers), "--chrome-flags=--headless=new --no-sandbox --disable-gpu")
	command.Dir = dir
	if path, err := exec.LookPath("chromium"); err == nil {
		command.Env = append(os.Environ(), "CHROME_PATH="+path)
	}
	var said strings.Builder
	command.Stderr = &said
	out, err := command.Output()
	if err != nil {
		t.Fatalf("%s: %v\n%s", address, err, said.String())
	}
	if err := json.Unmarshal(out, &r); err != nil {
		t.Fatal(err)
	}
	return r
}

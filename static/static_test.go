package static_test

import (
	"bytes"
	"compress/gzip"
	"io"
	"io/fs"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"

	"slotfinder/static"
)

func TestHandlerServesFingerprintedFiles(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"icons/sprite.svg", "icons/logo.svg", "vendor/htmx.min.js", "vendor/hx-sse.min.js"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			want, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			for _, encoding := range []string{"", "gzip", "br"} {
				got := get(t, static.URL(name), encoding)
				if !bytes.Equal(unpack(t, got), want) {
					t.Errorf("encoding %q: body differs from the file", encoding)
				}
				if e := got.Header().Get("Content-Encoding"); e != encoding {
					t.Errorf("asked for %q, got %q", encoding, e)
				}
				if c := got.Header().Get("Cache-Control"); !strings.Contains(c, "immutable") {
					t.Errorf("Cache-Control = %q", c)
				}
			}
		})
	}
}

func TestBundleIsItsParts(t *testing.T) {
	t.Parallel()
	var parts [][]byte
	for _, name := range []string{"vendor/htmx.min.js", "vendor/hx-sse.min.js"} {
		parts = append(parts, unpack(t, get(t, static.URL(name), "")))
	}
	want := bytes.Join(parts, []byte("\n"))
	if got := unpack(t, get(t, static.URL("htmx.js"), "br")); !bytes.Equal(got, want) {
		t.Errorf("%d bytes, want %d", len(got), len(want))
	}
}

// Our scripts are served minified, with every text of their sources.
func TestScriptsAreServedSmall(t *testing.T) {
	t.Parallel()
	for name, folder := range map[string]string{"app.js": "js/app", "session.js": "js/session", "frame.js": "js/frame", "zone.js": "js/guest"} {
		source := content(t, folder+"/*.js")
		got := string(unpack(t, get(t, static.URL(name), "br")))
		if strings.Contains(got, "\n ") || strings.Contains(got, "// ") || len(got) > len(source)*4/5 {
			t.Errorf("%s: comments or indentation are served: %d of %d bytes", name, len(got), len(source))
		}
		for _, text := range regexp.MustCompile(`'[\w:.-]{4,}'`).FindAllString(string(source), -1) {
			if !strings.Contains(got, strings.Trim(text, "'")) {
				t.Errorf("%s lacks %s", name, text)
			}
		}
	}
}

// The style is served without comments and indentation, and otherwise complete.
func TestStyleIsServedPlain(t *testing.T) {
	t.Parallel()
	source := content(t, "css/*.css")
	got := string(unpack(t, get(t, static.URL("app.css"), "br"))) + "\n" + string(unpack(t, get(t, static.URL("guest.css"), "br")))
	if strings.Contains(got, "/*") || strings.Contains(got, "\n ") {
		t.Error("comments or indentation are served")
	}
	lines := func(css string) []string {
		var b strings.Builder
		for i, part := range strings.Split(css, "/*") {
			if i > 0 {
				_, part, _ = strings.Cut(part, "*/")
			}
			b.WriteString(part)
		}
		var bare []string
		for line := range strings.Lines(b.String()) {
			if line = strings.Join(strings.Fields(line), ""); line != "" {
				bare = append(bare, line)
			}
		}
		slices.Sort(bare) // the order of the files is another one, and guests get some of them, too
		return slices.Compact(bare)
	}
	if !slices.Equal(lines(got), lines(string(source))) {
		t.Error("more than comments and whitespace is missing")
	}
}

func TestURLHoldsAFingerprint(t *testing.T) {
	t.Parallel()
	if url := static.URL("app.css"); !regexp.MustCompile(`^/static/app\.[0-9a-f]{12}\.css$`).MatchString(url) {
		t.Errorf("URL = %q", url)
	}
}

func TestHandlerRefuses(t *testing.T) {
	t.Parallel()
	cases := []struct {
		name, method, path string
		want               int
	}{
		{"the plain name", "GET", "/static/app.css", 404},
		{"an old fingerprint", "GET", "/static/app.000000000000.css", 404},
		{"the source of the package", "GET", "/static/static.go", 404},
		{"a way out of the folder", "GET", "/static/../go.mod", 404},
		{"another method", "POST", static.URL("app.css"), 405},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			w := httptest.NewRecorder()
			static.Handler().ServeHTTP(w, &http.Request{Method: c.method, URL: mustURL(t, c.path), Header: http.Header{}})
			if w.Code != c.want {
				t.Errorf("status %d, want %d", w.Code, c.want)
			}
		})
	}
}

func TestEncodingChoice(t *testing.T) {
	t.Parallel()
	cases := map[string]string{
		"gzip, deflate, br, zstd": "br",
		"gzip;q=1.0, br;q=0":      "gzip",
		"br;q=0.0, gzip;q=0":      "",
		"identity":                "",
		"GZIP":                    "gzip",
		"":                        "",
	}
	for accept, want := range cases {
		if got := get(t, static.URL("app.css"), accept).Header().Get("Content-Encoding"); got != want {
			t.Errorf("Accept-Encoding %q: got %q, want %q", accept, got, want)
		}
	}
}

func TestHeadHasNoBody(t *testing.T) {
	t.Parallel()
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, httptest.NewRequest(http.MethodHead, static.URL("app.css"), nil))
	if w.Code != 200 || w.Body.Len() != 0 || w.Header().Get("Content-Length") == "0" {
		t.Errorf("status %d, body of %d bytes, length %s", w.Code, w.Body.Len(), w.Header().Get("Content-Length"))
	}
}

// The numbers are the product's budget for a first visit.
func TestBudgets(t *testing.T) {
	t.Parallel()
	budgets := []struct {
		name  string
		files []string
		most  int
	}{
		{"script", []string{"htmx.js", "app.js", "session.js", "frame.js"}, 26 << 10}, // all of it, in the portal
		{"our script", []string{"app.js"}, 7 << 10},
		{"the session in the frame", []string{"session.js"}, 3 << 10},
		{"the bridge to the portal", []string{"frame.js"}, 2 << 10},
		{"the script of guests", []string{"zone.js"}, 1 << 10},
		{"style", []string{"app.css"}, 12 << 10},
		{"the style of guests", []string{"guest.css"}, 7 << 10},
		{"icons", []string{"icons/sprite.svg", "icons/logo.svg"}, 6 << 10},
	}
	for _, b := range budgets {
		total := 0
		for _, name := range b.files {
			total += get(t, static.URL(name), "gzip").Body.Len()
		}
		if total > b.most {
			t.Errorf("%s: %d bytes gzipped, budget %d", b.name, total, b.most)
		}
	}
}

// Nothing may ask a foreign server or need more than the strict content policy.
func TestFilesAskNobodyElse(t *testing.T) {
	t.Parallel()
	foreign := regexp.MustCompile(`(?:url\(|src=|href=|import |from |fetch\()\s*["']?(?:https?:)?//`)
	for _, name := range []string{"css/*.css", "js/*/*.js", "icons/*.svg"} {
		body := content(t, name)
		if found := foreign.FindString(string(body)); found != "" {
			t.Errorf("%s asks %q", name, found)
		}
		if bytes.Contains(body, []byte("eval(")) || bytes.Contains(body, []byte("new Function")) {
			t.Errorf("%s evaluates text", name)
		}
	}
}

// Right-to-left pages need no rules of their own as long as no rule names left or right.
func TestStyleIsLogical(t *testing.T) {
	t.Parallel()
	body := content(t, "css/*.css")
	physical := regexp.MustCompile(`(?:margin|padding|border|inset)-(?:left|right)\b|[;{ ](?:left|right|float): |text-align: (?:left|right)`)
	if found := physical.FindAllString(string(body), -1); found != nil {
		t.Errorf("physical properties: %q", found)
	}
}

// A source that is in no bundle would never reach a page.
func TestEveryFileGoesOut(t *testing.T) {
	t.Parallel()
	for folder, bundles := range map[string][]string{"css/*.css": {"app.css", "guest.css"}, "js/app/*.js": {"app.js"}, "js/frame/*.js": {"frame.js"}, "js/session/*.js": {"session.js"}, "js/guest/*.js": {"zone.js"}} {
		served := ""
		for _, bundle := range bundles {
			served += string(unpack(t, get(t, static.URL(bundle), "")))
		}
		for _, name := range matching(t, folder) {
			if word := longestWord(string(content(t, name))); !strings.Contains(served, word) {
				t.Errorf("%s lack %s of %s", bundles, word, name)
			}
		}
	}
	for _, name := range append(matching(t, "vendor/*.js"), matching(t, "icons/*.svg")...) {
		static.URL(name) // panics when it is missing
	}
}

// longestWord is something of a file that stays when it is minified.
func longestWord(text string) string {
	longest := ""
	for _, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "/") {
			continue
		}
		line, _, _ = strings.Cut(line, " // ")
		for _, word := range regexp.MustCompile(`[\w-]+`).FindAllString(line, -1) {
			if len(word) > len(longest) {
				longest = word
			}
		}
	}
	return longest
}

func matching(t *testing.T, pattern string) []string {
	t.Helper()
	names, err := fs.Glob(os.DirFS("."), pattern)
	if err != nil || len(names) == 0 {
		t.Fatalf("no files %s: %v", pattern, err)
	}
	return names
}

// content is what stands in the files whose names match.
func content(t *testing.T, pattern string) []byte {
	t.Helper()
	var all [][]byte
	for _, name := range matching(t, pattern) {
		body, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, body)
	}
	return bytes.Join(all, []byte("\n"))
}

func get(t *testing.T, url, accept string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, url, nil)
	r.Header.Set("Accept-Encoding", accept)
	w := httptest.NewRecorder()
	static.Handler().ServeHTTP(w, r)
	if w.Code != http.StatusOK {
		t.Fatalf("GET %s: status %d", url, w.Code)
	}
	return w
}

func unpack(t *testing.T, w *httptest.ResponseRecorder) []byte {
	t.Helper()
	var r io.Reader = bytes.NewReader(w.Body.Bytes())
	switch w.Header().Get("Content-Encoding") {
	case "gzip":
		zipped, err := gzip.NewReader(r)
		if err != nil {
			t.Fatal(err)
		}
		r = zipped
	case "br":
		r = brotli.NewReader(r)
	}
	body, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return body
}

func mustURL(t *testing.T, path string) *url.URL {
	t.Helper()
	u, err := url.Parse(path)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// An icon in a page is the one of the sprite.
func TestIcons(t *testing.T) {
	t.Parallel()
	sprite, err := os.ReadFile("icons/sprite.svg")
	if err != nil {
		t.Fatal(err)
	}
	ids := regexp.MustCompile(`<symbol id="([a-z]+)"`).FindAllStringSubmatch(string(sprite), -1)
	if len(ids) < 10 {
		t.Fatalf("%d icons", len(ids))
	}
	for _, id := range ids {
		symbol := `<symbol id="` + id[1] + `" viewBox="` + static.IconBox + `">` + static.Icon(id[1]) + `</symbol>`
		if !strings.HasPrefix(static.Icon(id[1]), "<path ") || !strings.Contains(string(sprite), symbol) {
			t.Errorf("%s is not the drawing of the sprite: %s", id[1], static.Icon(id[1]))
		}
	}
}
